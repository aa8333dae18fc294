"""Who sees which rows, what is append-only, and the database's own guard over money and states."""

from django.db import migrations
from django.db.migrations.operations import RunSQL
from django.db.migrations.operations.base import Operation

from programs import past_support_sql, walls_sql
from records.walls import (
    append_only,
    by_parent,
    by_province,
    child_wall,
    grant_execute,
    history_wall,
    no_personal_numbers,
    province_wall,
    read_and_write,
    row_security,
)

PROJECT = "programs_project"
PLAN_READ = f"(SELECT cardinality(kc_scope())) > 0 AND (purse = 'KCQG' OR {by_province()})"
"""National plans carry no province's data and are read by every office; local ones only at home."""
PLAN_ADD = f"""CASE purse WHEN 'KCQG' THEN (SELECT cardinality(kc_scope())) > 0
    AND province_id IN (SELECT nation.id FROM vietnam_adminunit nation WHERE nation.level = 'nation')
    ELSE {by_province()} END"""  # noqa: S608 – constants
"""The first draft of a year opens its plan, the national one too."""

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
STEPS = ("transition", "participation", "checkoverride")


def _of_plan(table: str) -> list[Operation]:
    """Read with the plan, written where the plan is at home: the nation's by the national offices alone."""
    at_home = by_parent(table, "plan_id", "programs_yearplan", by_province())
    return read_and_write(table, by_parent(table, "plan_id", "programs_yearplan"), at_home)


def _commitments() -> list[Operation]:
    """Read with the project; entered where the plan whose ceiling they use up is at home."""
    seen = by_parent("programs_commitment", "project_id", PROJECT)
    at_home = f"""{seen} AND EXISTS (SELECT 1 FROM programs_ceiling c JOIN programs_yearplan y ON y.id = c.plan_id
        WHERE c.id = programs_commitment.ceiling_id AND {by_province()})"""  # noqa: S608 – constants
    return [*row_security("programs_commitment", seen, at_home), *append_only("programs_commitment")]


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
        *read_and_write("programs_yearplan", PLAN_READ, by_province(), PLAN_ADD),
        *history_wall("programs_yearplanevent", PLAN_READ),
        *_of_plan("programs_ceiling"),
        *history_wall(
            "programs_ceilingevent", by_parent("programs_ceilingevent", "plan_id", "programs_yearplan")
        ),
        *_of_plan("programs_tranche"),
        *history_wall(
            "programs_trancheevent", by_parent("programs_trancheevent", "plan_id", "programs_yearplan")
        ),
        *_commitments(),
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
        RunSQL(walls_sql.RECOMPOSE, walls_sql.RECOMPOSE_DOWN),
        *grant_execute("kc_recompose(bigint[])"),
        RunSQL(past_support_sql.PAST_SUPPORT, past_support_sql.PAST_SUPPORT_DOWN),
        *grant_execute("kc_past_support(text[], bigint)"),
    ]
