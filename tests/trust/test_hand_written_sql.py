"""What the database itself refuses to the runtime role, whoever writes the SQL: money, states, history."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import User
from accounts.scope import act_as
from programs import tranches
from programs.lifecycle import Source, State
from programs.models import Ceiling, Project, Tranche
from tests.factories import MILLION, PAPER, advance_to, make_project, open_tranche, take

pytestmark = pytest.mark.django_db

COMMIT = (
    "INSERT INTO programs_commitment (ceiling_id, project_id, tranche_id, source, kind, amount_vnd, at)"
    " VALUES (%(ceiling)s, %(project)s, %(tranche)s, 'KCQG', %(kind)s, %(amount)s, now())"
)
STEP = (
    "INSERT INTO programs_transition (project_id, version, action, source, target, actor_id, note, data,"
    " paper_number, paper_signer, effective_on, recorded_at, content, verdicts)"
    " VALUES (%(project)s, {version}, 'x', '{source}', '{target}', %(actor)s, '', '{{}}', '', '',"
    " '2026-11-02', now(), '{{}}', '[]')"
)


def step(version: str, source: str, target: str) -> str:
    return STEP.format(version=version, source=source, target=target)


def move(target: str) -> str:
    return f"UPDATE programs_project SET state = '{target}', version = version + 1 WHERE id = %(project)s"


@pytest.fixture
def planned(thanh_hoa_centre: User) -> tuple[Project, Tranche]:
    """A national project of 250 million in a tranche under a ceiling of 400 million."""
    project = make_project(thanh_hoa_centre)
    tranche = open_tranche(project, ceiling_vnd=400 * MILLION)
    advance_to(project, State.IN_PLAN, drafter=thanh_hoa_centre, tranche=tranche)
    return project, tranche


@pytest.fixture
def approved(planned: tuple[Project, Tranche], min_approver: User) -> tuple[Project, Tranche]:
    project, tranche = planned
    with act_as(min_approver):
        tranches.decide(tranche, actor=min_approver, paper=PAPER)
        project.refresh_from_db()
    return project, tranche


def refusal(actor: User, project: Project, tranche: Tranche, *statements: str, **values: Any) -> str:
    """What the database says to these statements at the end of their transaction; "" when it lets them."""
    with act_as(actor):
        settle()
        ceiling = Ceiling.objects.get(plan=project.plan_id)
        names: dict[str, Any] = {
            "project": project.pk,
            "tranche": tranche.pk,
            "ceiling": ceiling.pk,
            "actor": actor.pk,
            "amount": project.kcqg_vnd,
            "kind": "COMMIT",
        }
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement, names | values)
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except DatabaseError as error:
            return str(error)
    return ""


def settle() -> None:
    """Check what was done so far, as the end of its own transaction would have."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_a_commitment_past_the_ceiling_is_refused(
    planned: tuple[Project, Tranche], min_approver: User
) -> None:
    assert "committed_within_ceiling" in refusal(min_approver, *planned, COMMIT, amount=401 * MILLION)


def test_money_is_held_once_a_project(approved: tuple[Project, Tranche], min_approver: User) -> None:
    assert "committed_once" in refusal(min_approver, *approved, COMMIT)
    assert "committed_once" in refusal(min_approver, *approved, COMMIT, amount=1)


def test_money_is_held_for_approved_projects_alone(
    planned: tuple[Project, Tranche], min_approver: User
) -> None:
    """Else anybody could use up a ceiling with money nobody decided."""
    assert "money_held_differs" in refusal(min_approver, *planned, COMMIT, amount=MILLION)


def test_an_approved_projects_money_cannot_be_released_and_spent_again(
    approved: tuple[Project, Tranche], min_approver: User
) -> None:
    assert "money_held_differs" in refusal(min_approver, *approved, COMMIT, kind="RELEASE")
    assert "release_differs" in refusal(min_approver, *approved, COMMIT, kind="RELEASE", amount=1)


def test_a_stopped_project_cannot_be_brought_back_by_its_old_step(
    approved: tuple[Project, Tranche], min_approver: User
) -> None:
    """Its money went back to the ceiling: approved again, it would be paid from nothing."""
    project, tranche = approved
    take("stop", project, min_approver, note="Cơ sở ngừng hoạt động.", paper=PAPER)
    assert "money_held_differs" in refusal(min_approver, project, tranche, move("APPROVED"))
    forged = step("(SELECT version FROM programs_project WHERE id = %(project)s)", "STOPPED", "APPROVED")
    assert "money_held_differs" in refusal(min_approver, project, tranche, move("APPROVED"), forged)


def test_a_project_cannot_go_back_to_a_state_it_once_had(
    thanh_hoa_centre: User, thanh_hoa_officer: User
) -> None:
    project = make_project(thanh_hoa_centre)
    tranche = open_tranche(project)
    take("submit", project, thanh_hoa_centre)
    take("return", project, thanh_hoa_officer, note="Thiếu báo giá.")
    assert "state_needs_step" in refusal(thanh_hoa_centre, project, tranche, move("SUBMITTED_PROV"))
    assert "state_needs_step" in refusal(thanh_hoa_centre, project, tranche, move("DRAFT"))
    assert "state_needs_version" in refusal(
        thanh_hoa_centre,
        project,
        tranche,
        "UPDATE programs_project SET state = 'DRAFT' WHERE id = %(project)s",
    )


@pytest.mark.parametrize(
    ("version", "source", "target"),
    [
        ("999", "SUBMITTED_PROV", "REVIEW_PROV"),
        ("1", "DRAFT", "SUBMITTED_PROV"),
        ("2", "SUBMITTED_PROV", "SUBMITTED_PROV"),
        ("2", "REVIEW_PROV", "SUBMITTED_PROV"),
    ],
)
def test_history_has_no_room_for_an_invented_step(
    thanh_hoa_centre: User, version: str, source: str, target: str
) -> None:
    project = make_project(thanh_hoa_centre)
    tranche = open_tranche(project)
    with act_as(thanh_hoa_centre):
        Project.objects.filter(pk=project.pk).update(version=2)
        project.refresh_from_db()
    take("submit", project, thanh_hoa_centre)
    assert project.version == 3
    invented = step(version, source, target)
    assert "step_out_of_line" in refusal(thanh_hoa_centre, project, tranche, invented)


def test_a_ceiling_keeps_its_plan_its_source_and_its_commitments(
    approved: tuple[Project, Tranche], min_approver: User
) -> None:
    for change, word in {
        "amount_vnd = 249000000": "committed_within_ceiling",
        "committed_vnd = 0": "balance_by_rows",
        "committed_vnd = committed_vnd + 1": "balance_by_rows",
        "source = 'OTHER'": "ceiling_identity_fixed",
    }.items():
        assert word in refusal(min_approver, *approved, f"UPDATE programs_ceiling SET {change}"), change
    assert "programs_commitment" in refusal(min_approver, *approved, "DELETE FROM programs_ceiling")


SMUGGLER = (
    "CREATE TEMP TABLE smuggler (id int)",
    "CREATE FUNCTION pg_temp.smuggle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {change}; RETURN NULL;"
    " END $$",
    "CREATE TRIGGER smuggle AFTER INSERT ON smuggler FOR EACH ROW EXECUTE FUNCTION pg_temp.smuggle()",
    "INSERT INTO smuggler VALUES (1)",
)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ("UPDATE programs_ceiling SET committed_vnd = 0", "balance_by_rows"),
        ("UPDATE programs_project SET kcqg_vnd = 1 WHERE state = 'DRAFT'", "budget_locked"),
    ],
)
def test_a_trigger_of_ones_own_does_not_count_as_the_databases(
    approved: tuple[Project, Tranche], thanh_hoa_centre: User, min_approver: User, change: str, word: str
) -> None:
    make_project(thanh_hoa_centre)
    statements = [statement.replace("{change}", change) for statement in SMUGGLER]
    assert word in refusal(min_approver, *approved, *statements)


def test_a_temporary_table_cannot_stand_in_for_the_budget(
    thanh_hoa_centre: User, planned: tuple[Project, Tranche]
) -> None:
    draft = make_project(thanh_hoa_centre)
    with act_as(thanh_hoa_centre), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE programs_budgetline ON COMMIT DROP AS SELECT * FROM programs_budgetline"
        )
        cursor.execute("UPDATE pg_temp.programs_budgetline SET total_vnd = 1")
        cursor.execute(
            "UPDATE public.programs_budgetamount a SET amount_vnd = amount_vnd + 1"
            " FROM public.programs_budgetline l"
            " WHERE l.id = a.line_id AND l.project_id = %s AND source = %s",
            [draft.pk, Source.KCQG],
        )
        cursor.execute("SELECT kcqg_vnd, total_vnd FROM programs_project WHERE id = %s", [draft.pk])
        assert cursor.fetchone() == (250 * MILLION + 1, 600 * MILLION)
