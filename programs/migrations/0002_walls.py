"""Who sees which rows, what is append-only, and the database's own guard over money and states."""

from django.db import migrations
from django.db.migrations.operations import RunSQL
from django.db.migrations.operations.base import Operation

from programs import walls_sql
from records.walls import (
    append_only,
    by_parent,
    by_province,
    child_wall,
    grant_execute,
    history_wall,
    no_personal_numbers,
    province_wall,
    row_security,
)

PROJECT = "programs_project"
PLAN_SQL = f"purse = 'KCQG' OR {by_province()}"
"""National plans carry no province's data and are read by every office; local ones only at home."""

CHILDREN = ("budgetline", "projectbeneficiary", "scheduleitem", "expectedresult", "attachment")
CATALOGUES = (
    "activitykind",
    "programgroup",
    "activitygroup",
    "supportnorm",
    "sector",
    "requiredpaper",
    "planmilestone",
    "stageclock",
    "exclusionrule",
    "areaeligibility",
)
"""The law as dated data: everybody reads it and its history."""
TEXTS = (
    "title",
    "implementer_name",
    "partner_name",
    "place_text",
    "necessity",
    "objectives",
    "scale",
    "content",
    "organisation",
    "effectiveness",
)
STEPS = ("transition", "participation", "commitment", "checkoverride")


def _children() -> list[Operation]:
    operations: list[Operation] = []
    for name in CHILDREN:
        operations += child_wall(f"programs_{name}", "project_id", PROJECT)
        operations += history_wall(
            f"programs_{name}event", by_parent(f"programs_{name}event", "project_id", PROJECT)
        )
    for name in STEPS:
        operations += child_wall(f"programs_{name}", "project_id", PROJECT)
        operations += append_only(f"programs_{name}")
    operations += child_wall("programs_budgetamount", "line_id", "programs_budgetline")
    operations += history_wall(
        "programs_budgetamountevent",
        by_parent("programs_budgetamountevent", "line_id", "programs_budgetline"),
    )
    return operations


class Migration(migrations.Migration):
    dependencies = [
        ("programs", "0001_initial"),
        ("beneficiaries", "0002_walls"),
        ("records", "0001_initial"),
    ]
    operations = [
        *province_wall(PROJECT),
        *history_wall("programs_projectevent", by_province()),
        *row_security("programs_yearplan", PLAN_SQL),
        *history_wall("programs_yearplanevent", PLAN_SQL),
        *child_wall("programs_ceiling", "plan_id", "programs_yearplan"),
        *history_wall(
            "programs_ceilingevent", by_parent("programs_ceilingevent", "plan_id", "programs_yearplan")
        ),
        *child_wall("programs_tranche", "plan_id", "programs_yearplan"),
        *history_wall(
            "programs_trancheevent", by_parent("programs_trancheevent", "plan_id", "programs_yearplan")
        ),
        *_children(),
        *history_wall("programs_programmeevent"),
        *(wall for name in CATALOGUES for wall in history_wall(f"programs_{name}event")),
        *no_personal_numbers(PROJECT, *TEXTS),
        *no_personal_numbers("programs_projectevent", *TEXTS),
        *no_personal_numbers(
            "programs_transition", "note", "data", "paper_number", "paper_signer", "content"
        ),
        RunSQL(walls_sql.TOTALS, walls_sql.TOTALS_DOWN),
        RunSQL(walls_sql.STATE_GUARD, walls_sql.STATE_GUARD_DOWN),
        RunSQL(walls_sql.MONEY_GUARD, walls_sql.MONEY_GUARD_DOWN),
        RunSQL(walls_sql.PAST_SUPPORT, walls_sql.PAST_SUPPORT_DOWN),
        *grant_execute("kc_past_support(text[], bigint)"),
    ]
