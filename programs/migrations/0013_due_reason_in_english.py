"""The reason of a deadline in English, kept beside the Vietnamese one."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("programs", "0012_holding"),
    ]

    operations = [
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
        migrations.AddField(
            model_name="project",
            name="due_why_en",
            field=models.TextField(blank=True, editable=False),
        ),
        migrations.AddField(
            model_name="projectevent",
            name="due_why_en",
            field=models.TextField(blank=True, editable=False),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="project",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "programs_projectevent" ("activity_id", "annex_order", "code", "commune_id", "content", "copied_from_id", "counterpart_committed", "created_at", "created_by_id", "due_on", "due_why", "due_why_en", "effectiveness", "ends_on", "id", "implementer_id", "implementer_name", "kcdp_vnd", "kcqg_vnd", "kind", "necessity", "new_rural", "no_other_state_money", "objectives", "organisation", "other_vnd", "own_vnd", "owner_id", "partner_name", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_text", "plan_id", "priority_areas", "province_id", "purse", "scale", "sector_id", "starts_on", "state", "state_since", "title", "title_folded", "total_vnd", "tranche_id", "updated_at", "uuid", "version", "year") VALUES (NEW."activity_id", NEW."annex_order", NEW."code", NEW."commune_id", NEW."content", NEW."copied_from_id", NEW."counterpart_committed", NEW."created_at", NEW."created_by_id", NEW."due_on", NEW."due_why", NEW."due_why_en", NEW."effectiveness", NEW."ends_on", NEW."id", NEW."implementer_id", NEW."implementer_name", NEW."kcdp_vnd", NEW."kcqg_vnd", NEW."kind", NEW."necessity", NEW."new_rural", NEW."no_other_state_money", NEW."objectives", NEW."organisation", NEW."other_vnd", NEW."own_vnd", NEW."owner_id", NEW."partner_name", NOW(), \'insert\', NEW."id", NEW."place_text", NEW."plan_id", NEW."priority_areas", NEW."province_id", NEW."purse", NEW."scale", NEW."sector_id", NEW."starts_on", NEW."state", NEW."state_since", NEW."title", NEW."title_folded", NEW."total_vnd", NEW."tranche_id", NEW."updated_at", NEW."uuid", NEW."version", NEW."year"); RETURN NULL;',
                    hash="8bb4d0a6bce00991db58f12c8bf0da8f70722cef",
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
                    func='INSERT INTO "programs_projectevent" ("activity_id", "annex_order", "code", "commune_id", "content", "copied_from_id", "counterpart_committed", "created_at", "created_by_id", "due_on", "due_why", "due_why_en", "effectiveness", "ends_on", "id", "implementer_id", "implementer_name", "kcdp_vnd", "kcqg_vnd", "kind", "necessity", "new_rural", "no_other_state_money", "objectives", "organisation", "other_vnd", "own_vnd", "owner_id", "partner_name", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_text", "plan_id", "priority_areas", "province_id", "purse", "scale", "sector_id", "starts_on", "state", "state_since", "title", "title_folded", "total_vnd", "tranche_id", "updated_at", "uuid", "version", "year") VALUES (NEW."activity_id", NEW."annex_order", NEW."code", NEW."commune_id", NEW."content", NEW."copied_from_id", NEW."counterpart_committed", NEW."created_at", NEW."created_by_id", NEW."due_on", NEW."due_why", NEW."due_why_en", NEW."effectiveness", NEW."ends_on", NEW."id", NEW."implementer_id", NEW."implementer_name", NEW."kcdp_vnd", NEW."kcqg_vnd", NEW."kind", NEW."necessity", NEW."new_rural", NEW."no_other_state_money", NEW."objectives", NEW."organisation", NEW."other_vnd", NEW."own_vnd", NEW."owner_id", NEW."partner_name", NOW(), \'update\', NEW."id", NEW."place_text", NEW."plan_id", NEW."priority_areas", NEW."province_id", NEW."purse", NEW."scale", NEW."sector_id", NEW."starts_on", NEW."state", NEW."state_since", NEW."title", NEW."title_folded", NEW."total_vnd", NEW."tranche_id", NEW."updated_at", NEW."uuid", NEW."version", NEW."year"); RETURN NULL;',
                    hash="519241f0a94ebd65509f90dd3ca063edd7321f93",
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
                    func='INSERT INTO "programs_projectevent" ("activity_id", "annex_order", "code", "commune_id", "content", "copied_from_id", "counterpart_committed", "created_at", "created_by_id", "due_on", "due_why", "due_why_en", "effectiveness", "ends_on", "id", "implementer_id", "implementer_name", "kcdp_vnd", "kcqg_vnd", "kind", "necessity", "new_rural", "no_other_state_money", "objectives", "organisation", "other_vnd", "own_vnd", "owner_id", "partner_name", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_text", "plan_id", "priority_areas", "province_id", "purse", "scale", "sector_id", "starts_on", "state", "state_since", "title", "title_folded", "total_vnd", "tranche_id", "updated_at", "uuid", "version", "year") VALUES (OLD."activity_id", OLD."annex_order", OLD."code", OLD."commune_id", OLD."content", OLD."copied_from_id", OLD."counterpart_committed", OLD."created_at", OLD."created_by_id", OLD."due_on", OLD."due_why", OLD."due_why_en", OLD."effectiveness", OLD."ends_on", OLD."id", OLD."implementer_id", OLD."implementer_name", OLD."kcdp_vnd", OLD."kcqg_vnd", OLD."kind", OLD."necessity", OLD."new_rural", OLD."no_other_state_money", OLD."objectives", OLD."organisation", OLD."other_vnd", OLD."own_vnd", OLD."owner_id", OLD."partner_name", NOW(), \'delete\', OLD."id", OLD."place_text", OLD."plan_id", OLD."priority_areas", OLD."province_id", OLD."purse", OLD."scale", OLD."sector_id", OLD."starts_on", OLD."state", OLD."state_since", OLD."title", OLD."title_folded", OLD."total_vnd", OLD."tranche_id", OLD."updated_at", OLD."uuid", OLD."version", OLD."year"); RETURN NULL;',
                    hash="2a6dec922f3ac5e86d210561aa6c4960bf8af437",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_98319",
                    table="programs_project",
                    when="AFTER",
                ),
            ),
        ),
    ]
