"""A day of the calendar becomes a dated rule: versions that never overlap, each with its document."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models

import vietnam.fields

WHOLE_YEAR = """
UPDATE vietnam_calendarday
   SET valid = daterange(date_trunc('year', date)::date, (date_trunc('year', date) + interval '1 year')::date)
"""


class Migration(migrations.Migration):
    dependencies = [("vietnam", "0002_sql")]

    operations = [
        migrations.AlterField(
            model_name="calendarday", name="date", field=models.DateField(verbose_name="Ngày")
        ),
        migrations.AlterField(
            model_name="calendarday",
            name="kind",
            field=models.CharField(
                choices=[("holiday", "Ngày nghỉ"), ("makeup", "Ngày làm bù")],
                max_length=8,
                verbose_name="Nghỉ hay làm bù",
            ),
        ),
        migrations.AlterField(
            model_name="calendarday",
            name="name",
            field=vietnam.fields.CleanCharField(max_length=120, verbose_name="Tên ngày"),
        ),
        migrations.AlterField(
            model_name="calendarday",
            name="confidence",
            field=models.CharField(
                choices=[
                    ("seen", "Đã đối chiếu nguồn"),
                    ("single source", "Chưa kiểm chứng (một nguồn)"),
                    ("memory", "Chưa kiểm chứng"),
                    ("weak memory", "Chưa kiểm chứng, độ tin cậy thấp"),
                    ("verified", "Đã kiểm chứng"),
                ],
                default="memory",
                max_length=16,
                verbose_name="Độ tin cậy",
            ),
        ),
        migrations.RenameField(model_name="calendarday", old_name="source", new_name="clause"),
        migrations.AlterField(
            model_name="calendarday",
            name="clause",
            field=vietnam.fields.CleanCharField(blank=True, max_length=200, verbose_name="Điều khoản"),
        ),
        migrations.AddField(
            model_name="calendarday",
            name="source_document",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="vietnam.legaldocument",
                verbose_name="Văn bản",
            ),
        ),
        migrations.AddField(
            model_name="calendarday",
            name="note",
            field=vietnam.fields.CleanTextField(blank=True, default="", verbose_name="Ghi chú"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="calendarday",
            name="valid",
            field=django.contrib.postgres.fields.ranges.DateRangeField(null=True, verbose_name="Hiệu lực"),
        ),
        migrations.RunSQL(WHOLE_YEAR, migrations.RunSQL.noop),
        # The rows just written have their foreign keys to be checked before the table may change again.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="calendarday",
            name="valid",
            field=django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="Hiệu lực"),
        ),
        migrations.AddConstraint(
            model_name="calendarday",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("date", "="), ("valid", "&&")],
                name="calendar_versions_apart",
                violation_error_message="Thời gian hiệu lực trùng với một dòng khác.",
            ),
        ),
        migrations.AddConstraint(
            model_name="calendarday",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid__startswith__lte", models.F("date"))),
                name="calendar_day_known_by_its_date",
            ),
        ),
    ]
