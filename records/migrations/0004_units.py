"""Which part of a split unit records lie in, and lists of changes of units that wait to be applied."""

import uuid

import django.core.serializers.json
import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import vietnam.fields


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0003_notice_choice"),
        ("vietnam", "0002_sql"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Placement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("object_id", models.BigIntegerField()),
                ("reason", vietnam.fields.CleanCharField(max_length=255, verbose_name="căn cứ xác định")),
                (
                    "document",
                    vietnam.fields.CleanCharField(blank=True, max_length=120, verbose_name="văn bản"),
                ),
                (
                    "placed_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="xác định lúc"),
                ),
                (
                    "old",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="vietnam.adminunit",
                        verbose_name="đơn vị đã chia",
                    ),
                ),
                (
                    "placed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người xác định",
                    ),
                ),
                (
                    "province",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="vietnam.adminunit",
                        verbose_name="tỉnh",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="vietnam.adminunit",
                        verbose_name="nay thuộc",
                    ),
                ),
            ],
            options={
                "verbose_name": "xác định đơn vị sau chia tách",
                "verbose_name_plural": "xác định đơn vị sau chia tách",
            },
        ),
        migrations.CreateModel(
            name="PlacementEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_actor_id",
                    models.BigIntegerField(
                        db_default=django.db.models.functions.comparison.Cast(
                            django.db.models.functions.comparison.NullIf(
                                models.Func(
                                    models.Value("kc.actor"),
                                    models.Value(True),
                                    function="current_setting",
                                    output_field=models.TextField(),
                                ),
                                models.Value(""),
                            ),
                            models.BigIntegerField(),
                        ),
                        null=True,
                    ),
                ),
                (
                    "pgh_request",
                    models.TextField(
                        db_default=models.Func(
                            models.Value("kc.request"),
                            models.Value(True),
                            function="current_setting",
                            output_field=models.TextField(),
                        ),
                        null=True,
                    ),
                ),
                ("id", models.BigIntegerField()),
                ("kind", models.CharField(max_length=40)),
                ("object_id", models.BigIntegerField()),
                ("reason", vietnam.fields.CleanCharField(max_length=255, verbose_name="căn cứ xác định")),
                (
                    "document",
                    vietnam.fields.CleanCharField(blank=True, max_length=120, verbose_name="văn bản"),
                ),
                (
                    "placed_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="xác định lúc"),
                ),
                (
                    "old",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="vietnam.adminunit",
                        verbose_name="đơn vị đã chia",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="records.placement",
                    ),
                ),
                (
                    "placed_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người xác định",
                    ),
                ),
                (
                    "province",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="vietnam.adminunit",
                        verbose_name="tỉnh",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="vietnam.adminunit",
                        verbose_name="nay thuộc",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="UnitReform",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=150, verbose_name="tên tệp")),
                (
                    "rows",
                    models.JSONField(
                        default=list,
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                        verbose_name="dòng",
                    ),
                ),
                (
                    "plan",
                    models.JSONField(
                        default=dict,
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                        verbose_name="thay đổi",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("preview", "Chờ xem xét"), ("applied", "Đã ghi"), ("discarded", "Đã bỏ")],
                        default="preview",
                        max_length=10,
                        verbose_name="tình trạng",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="tải lên lúc"),
                ),
                ("applied_at", models.DateTimeField(blank=True, null=True, verbose_name="áp dụng lúc")),
                (
                    "applied_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người áp dụng",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.storedfile",
                        verbose_name="tệp gốc",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người tải lên",
                    ),
                ),
            ],
            options={
                "verbose_name": "tệp thay đổi địa giới",
                "verbose_name_plural": "tệp thay đổi địa giới",
                "ordering": ["-id"],
            },
        ),
        migrations.AddIndex(
            model_name="placement",
            index=models.Index(fields=["unit", "kind"], name="records_placement_unit"),
        ),
        migrations.AddConstraint(
            model_name="placement",
            constraint=models.UniqueConstraint(
                fields=("kind", "object_id", "old"), name="records_placement_once"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="placement",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "records_placementevent" ("document", "id", "kind", "object_id", "old_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "placed_at", "placed_by_id", "province_id", "reason", "unit_id") VALUES (NEW."document", NEW."id", NEW."kind", NEW."object_id", NEW."old_id", NOW(), \'insert\', NEW."id", NEW."placed_at", NEW."placed_by_id", NEW."province_id", NEW."reason", NEW."unit_id"); RETURN NULL;',
                    hash="5eab5ddf5a80f68f9b40c0250a81a52257b6ddbc",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_564ce",
                    table="records_placement",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="placement",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "records_placementevent" ("document", "id", "kind", "object_id", "old_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "placed_at", "placed_by_id", "province_id", "reason", "unit_id") VALUES (NEW."document", NEW."id", NEW."kind", NEW."object_id", NEW."old_id", NOW(), \'update\', NEW."id", NEW."placed_at", NEW."placed_by_id", NEW."province_id", NEW."reason", NEW."unit_id"); RETURN NULL;',
                    hash="e4aff9a3aaaf1767ca834ad2257c82bf3c82987b",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_ae8b6",
                    table="records_placement",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="placement",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "records_placementevent" ("document", "id", "kind", "object_id", "old_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "placed_at", "placed_by_id", "province_id", "reason", "unit_id") VALUES (OLD."document", OLD."id", OLD."kind", OLD."object_id", OLD."old_id", NOW(), \'delete\', OLD."id", OLD."placed_at", OLD."placed_by_id", OLD."province_id", OLD."reason", OLD."unit_id"); RETURN NULL;',
                    hash="493e538dd0f5392c6ae7b0cadb3b2310a9f2c5ba",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_d2de6",
                    table="records_placement",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="placementevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="fc8df870fee79c0cca63e216643d92b1c9856419",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_c4fdc",
                    table="records_placementevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="unitreform",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "discarded"), _negated=True),
                fields=("file",),
                name="records_unitreform_once_a_file",
            ),
        ),
        migrations.AddConstraint(
            model_name="unitreform",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("applied_at__isnull", False), ("applied_by__isnull", False), ("status", "applied")
                    ),
                    models.Q(
                        models.Q(("status", "applied"), _negated=True),
                        ("applied_at__isnull", True),
                        ("applied_by__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="records_unitreform_applied_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="unitreform",
            constraint=models.CheckConstraint(
                condition=models.Q(("applied_by", models.F("uploaded_by")), _negated=True),
                name="records_unitreform_by_two_people",
                violation_error_message="Người tải tệp lên không tự áp dụng; cần người thứ hai.",
            ),
        ),
    ]
