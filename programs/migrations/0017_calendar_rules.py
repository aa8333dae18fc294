"""Days off are edited by two people like the other dated rules."""

from django.db import migrations, models

from programs import rules_sql

KINDS = [
    ("norm", "Định mức hỗ trợ"),
    ("activity", "Nội dung hoạt động"),
    ("paper", "Giấy tờ phải có"),
    ("sector", "Ngành nghề"),
    ("exclusion", "Trường hợp không hỗ trợ"),
    ("area", "Địa bàn được hỗ trợ"),
    ("priority", "Diện ưu tiên"),
    ("ward", "Phường chuyển từ xã"),
    ("milestone", "Mốc kế hoạch"),
    ("clock", "Thời hạn xử lý"),
    ("calendar", "Ngày nghỉ, ngày làm bù"),
    ("document", "Văn bản pháp luật"),
]
TABLES = rules_sql.FIRST_TABLES | {"calendar": "vietnam_calendarday"}


class Migration(migrations.Migration):
    dependencies = [
        ("programs", "0016_exclusions_by_form"),
        ("vietnam", "0003_calendar_versions"),
    ]

    operations = [
        *(
            migrations.AlterField(
                model_name=name,
                name="kind",
                field=models.CharField(choices=KINDS, max_length=10, verbose_name="Loại quy định"),
            )
            for name in ("ruleproposal", "ruleproposalevent")
        ),
        migrations.RunSQL(rules_sql.rule_tables(TABLES), migrations.RunSQL.noop),
        migrations.RunSQL(rules_sql.BY_TABLE, rules_sql.BY_TABLE_DOWN),
    ]
