"""Programmes become dated rules, a province may have its own; a year plan's programme follows from its year."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.comparison
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import vietnam.fields
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
    ("template", "Khung mẫu hồ sơ"),
    ("programme", "Chương trình khuyến công"),
    ("document", "Văn bản pháp luật"),
]
BEFORE = rules_sql.FIRST_TABLES | {
    "calendar": "vietnam_calendarday",
    "template": "programs_dossiertemplate",
}
TABLES = BEFORE | {"programme": "programs_programme"}


class Migration(migrations.Migration):
    dependencies = [
        ("programs", "0018_template_rules"),
        ("vietnam", "0003_calendar_versions"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="programme",
            options={
                "ordering": ["purse", "province", "valid"],
                "verbose_name": "chương trình khuyến công",
                "verbose_name_plural": "chương trình khuyến công",
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="programme",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="programme",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="programme",
            name="delete_delete",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="yearplan",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="yearplan",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="yearplan",
            name="delete_delete",
        ),
        migrations.RemoveField(
            model_name="yearplan",
            name="programme",
        ),
        migrations.RemoveField(
            model_name="yearplanevent",
            name="programme",
        ),
        migrations.AddField(
            model_name="programme",
            name="clause",
            field=vietnam.fields.CleanCharField(blank=True, max_length=120, verbose_name="Điều khoản"),
        ),
        migrations.AddField(
            model_name="programme",
            name="confidence",
            field=models.CharField(
                choices=[
                    ("seen", "Đã đọc trong văn bản"),
                    ("verified", "Đã kiểm chứng"),
                    ("memory", "Chưa kiểm chứng"),
                    ("weak memory", "Chưa kiểm chứng, độ tin cậy thấp"),
                    ("single source", "Chưa kiểm chứng, chỉ có một nguồn"),
                    ("proposal", "Mặc định của hệ thống, chưa kiểm chứng"),
                ],
                default="memory",
                max_length=20,
                verbose_name="Độ tin cậy",
            ),
        ),
        migrations.AddField(
            model_name="programme",
            name="note",
            field=vietnam.fields.CleanTextField(blank=True, verbose_name="Ghi chú"),
        ),
        migrations.AddField(
            model_name="programme",
            name="province",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="vietnam.adminunit",
                verbose_name="Riêng tỉnh",
            ),
        ),
        migrations.AddField(
            model_name="programmeevent",
            name="clause",
            field=vietnam.fields.CleanCharField(blank=True, max_length=120, verbose_name="Điều khoản"),
        ),
        migrations.AddField(
            model_name="programmeevent",
            name="confidence",
            field=models.CharField(
                choices=[
                    ("seen", "Đã đọc trong văn bản"),
                    ("verified", "Đã kiểm chứng"),
                    ("memory", "Chưa kiểm chứng"),
                    ("weak memory", "Chưa kiểm chứng, độ tin cậy thấp"),
                    ("single source", "Chưa kiểm chứng, chỉ có một nguồn"),
                    ("proposal", "Mặc định của hệ thống, chưa kiểm chứng"),
                ],
                default="memory",
                max_length=20,
                verbose_name="Độ tin cậy",
            ),
        ),
        migrations.AddField(
            model_name="programmeevent",
            name="note",
            field=vietnam.fields.CleanTextField(blank=True, verbose_name="Ghi chú"),
        ),
        migrations.AddField(
            model_name="programmeevent",
            name="province",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="vietnam.adminunit",
                verbose_name="Riêng tỉnh",
            ),
        ),
        migrations.AlterField(
            model_name="programme",
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
        migrations.AlterField(
            model_name="programme",
            name="valid",
            field=django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="Hiệu lực"),
        ),
        migrations.AlterField(
            model_name="programmeevent",
            name="source_document",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="vietnam.legaldocument",
                verbose_name="Văn bản",
            ),
        ),
        migrations.AlterField(
            model_name="programmeevent",
            name="valid",
            field=django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="Hiệu lực"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="programme",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "programs_programmeevent" ("clause", "code", "confidence", "id", "name", "note", "pgh_created_at", "pgh_label", "pgh_obj_id", "province_id", "purse", "source_document_id", "valid") VALUES (NEW."clause", NEW."code", NEW."confidence", NEW."id", NEW."name", NEW."note", NOW(), \'insert\', NEW."id", NEW."province_id", NEW."purse", NEW."source_document_id", NEW."valid"); RETURN NULL;',
                    hash="92ea3ef9562733eea6a6ca3268ca2af2c1f6bdcd",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_6cb97",
                    table="programs_programme",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="programme",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "programs_programmeevent" ("clause", "code", "confidence", "id", "name", "note", "pgh_created_at", "pgh_label", "pgh_obj_id", "province_id", "purse", "source_document_id", "valid") VALUES (NEW."clause", NEW."code", NEW."confidence", NEW."id", NEW."name", NEW."note", NOW(), \'update\', NEW."id", NEW."province_id", NEW."purse", NEW."source_document_id", NEW."valid"); RETURN NULL;',
                    hash="4ab5abb26fb97d61a60f492daa42397d9726fefd",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_58373",
                    table="programs_programme",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="programme",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "programs_programmeevent" ("clause", "code", "confidence", "id", "name", "note", "pgh_created_at", "pgh_label", "pgh_obj_id", "province_id", "purse", "source_document_id", "valid") VALUES (OLD."clause", OLD."code", OLD."confidence", OLD."id", OLD."name", OLD."note", NOW(), \'delete\', OLD."id", OLD."province_id", OLD."purse", OLD."source_document_id", OLD."valid"); RETURN NULL;',
                    hash="003e6abf5400a30e13ffce1d5fbe59288a44546b",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_34d0f",
                    table="programs_programme",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="yearplan",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "programs_yearplanevent" ("id", "pgh_created_at", "pgh_label", "pgh_obj_id", "province_id", "purse", "uuid", "year") VALUES (NEW."id", NOW(), \'insert\', NEW."id", NEW."province_id", NEW."purse", NEW."uuid", NEW."year"); RETURN NULL;',
                    hash="008d85eb2389cafda74ab2310722775ed847a437",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_d7b38",
                    table="programs_yearplan",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="yearplan",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "programs_yearplanevent" ("id", "pgh_created_at", "pgh_label", "pgh_obj_id", "province_id", "purse", "uuid", "year") VALUES (NEW."id", NOW(), \'update\', NEW."id", NEW."province_id", NEW."purse", NEW."uuid", NEW."year"); RETURN NULL;',
                    hash="a38beb7192689582d12ac4ed9ebcd441f98367a9",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_dfcca",
                    table="programs_yearplan",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="yearplan",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "programs_yearplanevent" ("id", "pgh_created_at", "pgh_label", "pgh_obj_id", "province_id", "purse", "uuid", "year") VALUES (OLD."id", NOW(), \'delete\', OLD."id", OLD."province_id", OLD."purse", OLD."uuid", OLD."year"); RETURN NULL;',
                    hash="d04e9cff4d048b5c073944e6a34401435e1b0a49",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_7695f",
                    table="programs_yearplan",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="programme",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("purse", "="),
                    (
                        django.db.models.functions.comparison.Coalesce(
                            "province", models.Value(0), output_field=models.BigIntegerField()
                        ),
                        "=",
                    ),
                    ("valid", "&&"),
                ],
                name="programme_versions_apart",
                violation_error_message="Thời gian hiệu lực trùng với một dòng khác.",
            ),
        ),
        migrations.AddConstraint(
            model_name="programme",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("province__isnull", True), ("purse", "KCQG")),
                    models.Q(("province__isnull", False), ("purse", "KCDP")),
                    _connector="OR",
                ),
                name="programme_of_nation_or_province",
            ),
        ),
        *(
            migrations.AlterField(
                model_name=name,
                name="kind",
                field=models.CharField(choices=KINDS, max_length=10, verbose_name="Loại quy định"),
            )
            for name in ("ruleproposal", "ruleproposalevent")
        ),
        migrations.RunSQL(rules_sql.rule_tables(TABLES), rules_sql.rule_tables(BEFORE)),
    ]
