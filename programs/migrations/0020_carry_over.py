"""Projects already under way come in from paper, confirmed by a second person."""

import uuid

import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import vietnam.fields
from programs import carry_sql
from records.walls import SYSTEM, append_only, by_province, child_wall, no_personal_numbers, read_and_write

DAY, ENTRY = "programs_carryday", "programs_carryover"
ROWS = ("programs_carriedmoney", "programs_carriedadvance", "programs_carriedfirm")
ANY_OFFICE = "(SELECT cardinality(kc_scope())) > 0"
OF_OFFICE = f"(programs_of_office(office_id) OR {SYSTEM})"
STAYS = """CREATE TRIGGER stays BEFORE DELETE ON programs_carryover
    FOR EACH ROW EXECUTE FUNCTION kc_refuse_change()"""
STAYS_DOWN = "DROP TRIGGER stays ON programs_carryover"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_post_guard"),
        ("beneficiaries", "0002_walls"),
        ("programs", "0019_programmes"),
        ("records", "0005_units_walls"),
        ("vietnam", "0003_calendar_versions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CarriedAdvance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("KCQG", "Khuyến công quốc gia"),
                            ("KCDP", "Khuyến công địa phương"),
                            ("OWN", "Đối ứng của đơn vị thụ hưởng"),
                            ("OTHER", "Nguồn khác"),
                        ],
                        max_length=5,
                        verbose_name="Nguồn",
                    ),
                ),
                ("paid_on", models.DateField(verbose_name="Ngày tạm ứng")),
                ("amount_vnd", vietnam.fields.VndField(verbose_name="Số tiền tạm ứng (đồng)")),
            ],
            options={
                "verbose_name": "khoản tạm ứng chuyển tiếp",
                "verbose_name_plural": "khoản tạm ứng chuyển tiếp",
                "ordering": ["paid_on", "id"],
            },
        ),
        migrations.CreateModel(
            name="CarriedFirm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
            options={
                "verbose_name": "cơ sở của đề án chuyển tiếp",
                "verbose_name_plural": "cơ sở của đề án chuyển tiếp",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="CarriedMoney",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("KCQG", "Khuyến công quốc gia"),
                            ("KCDP", "Khuyến công địa phương"),
                            ("OWN", "Đối ứng của đơn vị thụ hưởng"),
                            ("OTHER", "Nguồn khác"),
                        ],
                        max_length=5,
                        verbose_name="Nguồn",
                    ),
                ),
                ("approved_vnd", vietnam.fields.VndField(verbose_name="Được phê duyệt (đồng)")),
                ("disbursed_vnd", vietnam.fields.VndField(verbose_name="Đã giải ngân, gồm tạm ứng (đồng)")),
                ("refunded_vnd", vietnam.fields.VndField(verbose_name="Đã thu hồi, hoàn trả (đồng)")),
                ("settled_vnd", vietnam.fields.VndField(verbose_name="Đã quyết toán (đồng)")),
                ("balance_vnd", vietnam.fields.VndField(verbose_name="Còn lại (đồng)")),
            ],
            options={
                "verbose_name": "số dư chuyển tiếp",
                "verbose_name_plural": "số dư chuyển tiếp",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="CarryDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="Lần")),
                ("day", models.DateField(verbose_name="Ngày bắt đầu dùng cổng")),
                ("document_number", vietnam.fields.CleanCharField(max_length=60, verbose_name="Số văn bản")),
                (
                    "reason",
                    vietnam.fields.CleanCharField(blank=True, max_length=300, verbose_name="Lý do thay đổi"),
                ),
                ("set_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "verbose_name": "ngày chốt chuyển tiếp",
                "verbose_name_plural": "ngày chốt chuyển tiếp",
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="CarryOver",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("title", vietnam.fields.CleanCharField(max_length=500, verbose_name="Tên đề án")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("SINGLE", "Đề án đơn lẻ"),
                            ("GROUP", "Đề án nhóm"),
                            ("FLAGSHIP", "Đề án điểm"),
                        ],
                        default="SINGLE",
                        max_length=10,
                        verbose_name="Loại đề án",
                    ),
                ),
                (
                    "place_text",
                    vietnam.fields.CleanCharField(
                        blank=True, max_length=255, verbose_name="Địa điểm thực hiện"
                    ),
                ),
                ("starts_on", models.DateField(null=True, verbose_name="Bắt đầu")),
                ("ends_on", models.DateField(null=True, verbose_name="Kết thúc")),
                (
                    "progress",
                    models.CharField(
                        choices=[
                            ("APPROVED", "Đã phê duyệt, chưa triển khai"),
                            ("DOING", "Đang thực hiện"),
                            ("ACCEPTED", "Đã nghiệm thu"),
                            ("SETTLED", "Đã quyết toán"),
                            ("STOPPED", "Đã ngừng triển khai"),
                        ],
                        max_length=10,
                        verbose_name="Tình trạng trên giấy",
                    ),
                ),
                ("as_of", models.DateField(verbose_name="Số liệu đến hết ngày")),
                (
                    "decision_number",
                    vietnam.fields.CleanCharField(max_length=60, verbose_name="Số quyết định phê duyệt"),
                ),
                ("decision_on", models.DateField(verbose_name="Ngày quyết định")),
                (
                    "decision_signer",
                    vietnam.fields.CleanCharField(max_length=150, verbose_name="Cơ quan, người ký"),
                ),
                (
                    "contract_number",
                    vietnam.fields.CleanCharField(blank=True, max_length=60, verbose_name="Số hợp đồng"),
                ),
                ("contract_on", models.DateField(null=True, verbose_name="Ngày hợp đồng")),
                (
                    "contract_vnd",
                    vietnam.fields.VndField(null=True, verbose_name="Kinh phí hỗ trợ theo hợp đồng (đồng)"),
                ),
                (
                    "stop_number",
                    vietnam.fields.CleanCharField(blank=True, max_length=60, verbose_name="Số văn bản ngừng"),
                ),
                ("stop_on", models.DateField(null=True, verbose_name="Ngày văn bản ngừng")),
                ("note", vietnam.fields.CleanTextField(blank=True, verbose_name="Ghi chú")),
                (
                    "entered_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="Nhập lúc"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("VERIFIED", "Đã xác nhận"),
                            ("REFUSED", "Không đồng ý"),
                            ("WITHDRAWN", "Đã rút"),
                        ],
                        max_length=10,
                        verbose_name="Kết quả",
                    ),
                ),
                ("decided_at", models.DateTimeField(editable=False, null=True, verbose_name="Xử lý lúc")),
                ("answer", vietnam.fields.CleanTextField(blank=True, verbose_name="Ý kiến")),
            ],
            options={
                "verbose_name": "đề án chuyển tiếp",
                "verbose_name_plural": "đề án chuyển tiếp",
                "ordering": ["-id"],
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="project",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="project",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="project",
            name="delete_delete",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="tranche",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="tranche",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="tranche",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="project",
            name="carried_as_of",
            field=models.DateField(
                blank=True, editable=False, null=True, verbose_name="Số liệu chuyển tiếp đến ngày"
            ),
        ),
        migrations.AddField(
            model_name="projectevent",
            name="carried_as_of",
            field=models.DateField(
                blank=True, editable=False, null=True, verbose_name="Số liệu chuyển tiếp đến ngày"
            ),
        ),
        migrations.AddField(
            model_name="tranche",
            name="carried",
            field=models.BooleanField(default=False, editable=False, verbose_name="Số liệu chuyển tiếp"),
        ),
        migrations.AddField(
            model_name="trancheevent",
            name="carried",
            field=models.BooleanField(default=False, editable=False, verbose_name="Số liệu chuyển tiếp"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="project",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "programs_projectevent" ("activity_id", "annex_order", "carried_as_of", "code", "commune_id", "content", "copied_from_id", "counterpart_committed", "created_at", "created_by_id", "due_on", "due_why", "due_why_en", "effectiveness", "ends_on", "id", "implementer_id", "implementer_name", "kcdp_vnd", "kcqg_vnd", "kind", "necessity", "new_rural", "no_other_state_money", "objectives", "organisation", "other_vnd", "own_vnd", "owner_id", "partner_name", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_text", "plan_id", "priority_areas", "province_id", "purse", "scale", "sector_id", "starts_on", "state", "state_since", "title", "title_folded", "total_vnd", "tranche_id", "updated_at", "uuid", "version", "year") VALUES (NEW."activity_id", NEW."annex_order", NEW."carried_as_of", NEW."code", NEW."commune_id", NEW."content", NEW."copied_from_id", NEW."counterpart_committed", NEW."created_at", NEW."created_by_id", NEW."due_on", NEW."due_why", NEW."due_why_en", NEW."effectiveness", NEW."ends_on", NEW."id", NEW."implementer_id", NEW."implementer_name", NEW."kcdp_vnd", NEW."kcqg_vnd", NEW."kind", NEW."necessity", NEW."new_rural", NEW."no_other_state_money", NEW."objectives", NEW."organisation", NEW."other_vnd", NEW."own_vnd", NEW."owner_id", NEW."partner_name", NOW(), \'insert\', NEW."id", NEW."place_text", NEW."plan_id", NEW."priority_areas", NEW."province_id", NEW."purse", NEW."scale", NEW."sector_id", NEW."starts_on", NEW."state", NEW."state_since", NEW."title", NEW."title_folded", NEW."total_vnd", NEW."tranche_id", NEW."updated_at", NEW."uuid", NEW."version", NEW."year"); RETURN NULL;',
                    hash="13249d9fcb2c170d29f782765232645f47e05215",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_1c677",
                    table="programs_project",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="project",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "programs_projectevent" ("activity_id", "annex_order", "carried_as_of", "code", "commune_id", "content", "copied_from_id", "counterpart_committed", "created_at", "created_by_id", "due_on", "due_why", "due_why_en", "effectiveness", "ends_on", "id", "implementer_id", "implementer_name", "kcdp_vnd", "kcqg_vnd", "kind", "necessity", "new_rural", "no_other_state_money", "objectives", "organisation", "other_vnd", "own_vnd", "owner_id", "partner_name", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_text", "plan_id", "priority_areas", "province_id", "purse", "scale", "sector_id", "starts_on", "state", "state_since", "title", "title_folded", "total_vnd", "tranche_id", "updated_at", "uuid", "version", "year") VALUES (NEW."activity_id", NEW."annex_order", NEW."carried_as_of", NEW."code", NEW."commune_id", NEW."content", NEW."copied_from_id", NEW."counterpart_committed", NEW."created_at", NEW."created_by_id", NEW."due_on", NEW."due_why", NEW."due_why_en", NEW."effectiveness", NEW."ends_on", NEW."id", NEW."implementer_id", NEW."implementer_name", NEW."kcdp_vnd", NEW."kcqg_vnd", NEW."kind", NEW."necessity", NEW."new_rural", NEW."no_other_state_money", NEW."objectives", NEW."organisation", NEW."other_vnd", NEW."own_vnd", NEW."owner_id", NEW."partner_name", NOW(), \'update\', NEW."id", NEW."place_text", NEW."plan_id", NEW."priority_areas", NEW."province_id", NEW."purse", NEW."scale", NEW."sector_id", NEW."starts_on", NEW."state", NEW."state_since", NEW."title", NEW."title_folded", NEW."total_vnd", NEW."tranche_id", NEW."updated_at", NEW."uuid", NEW."version", NEW."year"); RETURN NULL;',
                    hash="080300e3705c68259dc5c8a4981c99f1305ff824",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_ff662",
                    table="programs_project",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="project",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "programs_projectevent" ("activity_id", "annex_order", "carried_as_of", "code", "commune_id", "content", "copied_from_id", "counterpart_committed", "created_at", "created_by_id", "due_on", "due_why", "due_why_en", "effectiveness", "ends_on", "id", "implementer_id", "implementer_name", "kcdp_vnd", "kcqg_vnd", "kind", "necessity", "new_rural", "no_other_state_money", "objectives", "organisation", "other_vnd", "own_vnd", "owner_id", "partner_name", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_text", "plan_id", "priority_areas", "province_id", "purse", "scale", "sector_id", "starts_on", "state", "state_since", "title", "title_folded", "total_vnd", "tranche_id", "updated_at", "uuid", "version", "year") VALUES (OLD."activity_id", OLD."annex_order", OLD."carried_as_of", OLD."code", OLD."commune_id", OLD."content", OLD."copied_from_id", OLD."counterpart_committed", OLD."created_at", OLD."created_by_id", OLD."due_on", OLD."due_why", OLD."due_why_en", OLD."effectiveness", OLD."ends_on", OLD."id", OLD."implementer_id", OLD."implementer_name", OLD."kcdp_vnd", OLD."kcqg_vnd", OLD."kind", OLD."necessity", OLD."new_rural", OLD."no_other_state_money", OLD."objectives", OLD."organisation", OLD."other_vnd", OLD."own_vnd", OLD."owner_id", OLD."partner_name", NOW(), \'delete\', OLD."id", OLD."place_text", OLD."plan_id", OLD."priority_areas", OLD."province_id", OLD."purse", OLD."scale", OLD."sector_id", OLD."starts_on", OLD."state", OLD."state_since", OLD."title", OLD."title_folded", OLD."total_vnd", OLD."tranche_id", OLD."updated_at", OLD."uuid", OLD."version", OLD."year"); RETURN NULL;',
                    hash="de8b4a715a67597b59254f046ca55a567b8b5fa3",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_98319",
                    table="programs_project",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tranche",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "programs_trancheevent" ("carried", "decided_at", "decision_date", "decision_file_id", "decision_number", "decision_signer", "id", "notice_date", "notice_file_id", "notice_number", "number", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "state", "uuid", "version") VALUES (NEW."carried", NEW."decided_at", NEW."decision_date", NEW."decision_file_id", NEW."decision_number", NEW."decision_signer", NEW."id", NEW."notice_date", NEW."notice_file_id", NEW."notice_number", NEW."number", NOW(), \'insert\', NEW."id", NEW."plan_id", NEW."state", NEW."uuid", NEW."version"); RETURN NULL;',
                    hash="4287178287c1f4023849a8574cbea19685d04319",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_a82c6",
                    table="programs_tranche",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tranche",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "programs_trancheevent" ("carried", "decided_at", "decision_date", "decision_file_id", "decision_number", "decision_signer", "id", "notice_date", "notice_file_id", "notice_number", "number", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "state", "uuid", "version") VALUES (NEW."carried", NEW."decided_at", NEW."decision_date", NEW."decision_file_id", NEW."decision_number", NEW."decision_signer", NEW."id", NEW."notice_date", NEW."notice_file_id", NEW."notice_number", NEW."number", NOW(), \'update\', NEW."id", NEW."plan_id", NEW."state", NEW."uuid", NEW."version"); RETURN NULL;',
                    hash="8c5642aa1e7b8f83161effed2cddb500a694b5d5",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_298e4",
                    table="programs_tranche",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tranche",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "programs_trancheevent" ("carried", "decided_at", "decision_date", "decision_file_id", "decision_number", "decision_signer", "id", "notice_date", "notice_file_id", "notice_number", "number", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "state", "uuid", "version") VALUES (OLD."carried", OLD."decided_at", OLD."decision_date", OLD."decision_file_id", OLD."decision_number", OLD."decision_signer", OLD."id", OLD."notice_date", OLD."notice_file_id", OLD."notice_number", OLD."number", NOW(), \'delete\', OLD."id", OLD."plan_id", OLD."state", OLD."uuid", OLD."version"); RETURN NULL;',
                    hash="526aba44a459d574de3ff9fec67b4390ffcd3525",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_43653",
                    table="programs_tranche",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="carriedfirm",
            name="establishment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="beneficiaries.establishment",
            ),
        ),
        migrations.AddField(
            model_name="carryday",
            name="office",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="carry_days",
                to="accounts.organisation",
                verbose_name="Cơ quan",
            ),
        ),
        migrations.AddField(
            model_name="carryday",
            name="set_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="Người ghi",
            ),
        ),
        migrations.AddField(
            model_name="carryover",
            name="activity",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="programs.activitykind",
                verbose_name="Nội dung hoạt động",
            ),
        ),
        migrations.AddField(
            model_name="carryover",
            name="commune",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="vietnam.adminunit",
                verbose_name="Xã, phường khi đó",
            ),
        ),
        migrations.AddField(
            model_name="carryover",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="Người xác nhận",
            ),
        ),
        migrations.AddField(
            model_name="carryover",
            name="decided_for",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="Thay mặt",
            ),
        ),
        migrations.AddField(
            model_name="carryover",
            name="decision_file",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.storedfile",
                verbose_name="Bản chụp quyết định",
            ),
        ),
        migrations.AddField(
            model_name="carryover",
            name="entered_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="Người nhập",
            ),
        ),
        migrations.AddField(
            model_name="carryover",
            name="entered_for",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="Thay mặt",
            ),
        ),
        migrations.AddField(
            model_name="carryover",
            name="implementer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organisation",
                verbose_name="Đơn vị thực hiện",
            ),
        ),
        migrations.AddField(
            model_name="carryover",
            name="office",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organisation",
                verbose_name="Cơ quan nhập",
            ),
        ),
        migrations.AddField(
            model_name="carryover",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="carried_over",
                to="programs.yearplan",
                verbose_name="Kế hoạch",
            ),
        ),
        migrations.AddField(
            model_name="carryover",
            name="project",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="carried_over",
                to="programs.project",
            ),
        ),
        migrations.AddField(
            model_name="carryover",
            name="province",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="vietnam.adminunit",
                verbose_name="Tỉnh, thành phố khi đó",
            ),
        ),
        migrations.AddField(
            model_name="carryover",
            name="sector",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="programs.sector",
                verbose_name="Ngành nghề",
            ),
        ),
        migrations.AddField(
            model_name="carriedmoney",
            name="entry",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="money", to="programs.carryover"
            ),
        ),
        migrations.AddField(
            model_name="carriedfirm",
            name="entry",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="firms", to="programs.carryover"
            ),
        ),
        migrations.AddField(
            model_name="carriedadvance",
            name="entry",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="advances", to="programs.carryover"
            ),
        ),
        migrations.AddConstraint(
            model_name="carryday",
            constraint=models.UniqueConstraint(fields=("office", "number"), name="carry_day_numbered_once"),
        ),
        migrations.AddConstraint(
            model_name="carryday",
            constraint=models.CheckConstraint(
                condition=models.Q(("document_number", ""), _negated=True),
                name="carry_day_names_its_document",
            ),
        ),
        migrations.AddConstraint(
            model_name="carryday",
            constraint=models.CheckConstraint(
                condition=models.Q(("number", 1), models.Q(("reason", ""), _negated=True), _connector="OR"),
                name="carry_day_changed_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="carryover",
            constraint=models.CheckConstraint(
                condition=models.Q(("contract_vnd__gte", 0), ("contract_vnd__lte", 9007199254740992)),
                name="carry_over_vnd",
                violation_error_message="Số tiền phải từ 0 đồng và là số nguyên đồng.",
            ),
        ),
        migrations.AddConstraint(
            model_name="carryover",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outcome__in", ["", "VERIFIED"])),
                fields=("plan", "decision_number", "title"),
                name="carried_over_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="carryover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decision_number", ""), _negated=True),
                    models.Q(("decision_signer", ""), _negated=True),
                ),
                name="carry_over_names_its_decision",
            ),
        ),
        migrations.AddConstraint(
            model_name="carryover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decision_on__gte", "2012-07-05"),
                    ("decision_on__lte", models.F("as_of")),
                    models.Q(
                        ("contract_on__isnull", True),
                        ("contract_on__lte", models.F("as_of")),
                        _connector="OR",
                    ),
                    models.Q(
                        ("stop_on__isnull", True),
                        models.Q(
                            ("stop_on__gte", models.F("decision_on")), ("stop_on__lte", models.F("as_of"))
                        ),
                        _connector="OR",
                    ),
                ),
                name="carry_over_days_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="carryover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_on__isnull", True),
                    ("starts_on__isnull", True),
                    ("ends_on__gte", models.F("starts_on")),
                    _connector="OR",
                ),
                name="carry_over_ends_after_start",
                violation_error_message="Ngày kết thúc phải sau ngày bắt đầu.",
            ),
        ),
        migrations.AddConstraint(
            model_name="carryover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("contract_number", ""), ("contract_on__isnull", True), ("contract_vnd__isnull", True)
                    ),
                    models.Q(
                        models.Q(("contract_number", ""), _negated=True),
                        ("contract_on__isnull", False),
                        ("contract_vnd__gt", 0),
                        ("contract_vnd__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="carried_contract_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="carryover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(("progress", "STOPPED"), _negated=True),
                        ("stop_number", ""),
                        ("stop_on__isnull", True),
                    ),
                    models.Q(
                        ("progress", "STOPPED"),
                        models.Q(("stop_number", ""), _negated=True),
                        ("stop_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="carried_stop_names_its_paper",
            ),
        ),
        migrations.AddConstraint(
            model_name="carryover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_by__isnull", True), ("outcome", ""), ("project__isnull", True)),
                    models.Q(
                        ("decided_by__isnull", False), ("outcome", "VERIFIED"), ("project__isnull", False)
                    ),
                    models.Q(
                        ("decided_by__isnull", False),
                        ("outcome__in", ["REFUSED", "WITHDRAWN"]),
                        ("project__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="carry_over_decided_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="carriedmoney",
            constraint=models.UniqueConstraint(
                fields=("entry", "source"), name="carried_money_once_a_source"
            ),
        ),
        migrations.AddConstraint(
            model_name="carriedmoney",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_vnd__gte", 0),
                    ("approved_vnd__lte", 9007199254740992),
                    ("disbursed_vnd__gte", 0),
                    ("disbursed_vnd__lte", 9007199254740992),
                    ("refunded_vnd__gte", 0),
                    ("refunded_vnd__lte", 9007199254740992),
                    ("settled_vnd__gte", 0),
                    ("settled_vnd__lte", 9007199254740992),
                    ("balance_vnd__gte", 0),
                    ("balance_vnd__lte", 9007199254740992),
                ),
                name="carried_money_vnd",
                violation_error_message="Số tiền phải từ 0 đồng và là số nguyên đồng.",
            ),
        ),
        migrations.AddConstraint(
            model_name="carriedmoney",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("disbursed_vnd__lte", models.F("approved_vnd")),
                    ("settled_vnd__lte", models.F("approved_vnd")),
                    ("refunded_vnd__lte", models.F("disbursed_vnd")),
                    ("approved_vnd__gt", 0),
                ),
                name="carried_money_within_approved",
            ),
        ),
        migrations.AddConstraint(
            model_name="carriedmoney",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "balance_vnd",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                models.F("approved_vnd"), "-", models.F("disbursed_vnd")
                            ),
                            "+",
                            models.F("refunded_vnd"),
                        ),
                    )
                ),
                name="carried_balance_adds_up",
            ),
        ),
        migrations.AddConstraint(
            model_name="carriedfirm",
            constraint=models.UniqueConstraint(fields=("entry", "establishment"), name="carried_firm_once"),
        ),
        migrations.AddConstraint(
            model_name="carriedadvance",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_vnd__gte", 0), ("amount_vnd__lte", 9007199254740992)),
                name="carried_advance_vnd",
                violation_error_message="Số tiền phải từ 0 đồng và là số nguyên đồng.",
            ),
        ),
        migrations.AddConstraint(
            model_name="carriedadvance",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_vnd__gt", 0)), name="carried_advance_is_something"
            ),
        ),
        migrations.RunSQL(carry_sql.CARRY, carry_sql.CARRY_DOWN),
        *read_and_write(DAY, ANY_OFFICE, OF_OFFICE, f"({OF_OFFICE}) AND set_by_id = (SELECT kc_actor())"),
        *append_only(DAY),
        *no_personal_numbers(DAY, "document_number", "reason"),
        *read_and_write(ENTRY, by_province(), f"{by_province()} AND {OF_OFFICE}"),
        migrations.RunSQL(STAYS, STAYS_DOWN),
        *no_personal_numbers(
            ENTRY,
            "title",
            "place_text",
            "decision_number",
            "decision_signer",
            "contract_number",
            "stop_number",
            "note",
            "answer",
        ),
        *(step for table in ROWS for step in child_wall(table, "entry_id", ENTRY)),
        *(step for table in ROWS for step in append_only(table)),
    ]
