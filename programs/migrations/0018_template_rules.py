"""Dossier templates are edited by two people like the other dated rules."""

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
    ("template", "Khung mẫu hồ sơ"),
    ("document", "Văn bản pháp luật"),
]
BEFORE = rules_sql.FIRST_TABLES | {"calendar": "vietnam_calendarday"}
TABLES = BEFORE | {"template": "programs_dossiertemplate"}


class Migration(migrations.Migration):
    dependencies = [("programs", "0017_calendar_rules")]

    operations = [
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
