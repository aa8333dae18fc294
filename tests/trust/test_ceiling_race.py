"""Fifty clients and one ceiling: never past it, never twice; and proof that the same race does overspend
once the guard is gone."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connection

from accounts.scope import act_as
from programs import tranches
from programs.errors import OverCeiling, PlanBlocked
from programs.lifecycle import State
from programs.models import Ceiling, Commitment, Project, Tranche
from records import audit, context
from tests import database
from tests.factories import PAPER
from tests.records.conftest import at_once
from tests.trust.conftest import CEILING, CLIENTS, asked_vnd, who

REFUSALS = (OverCeiling, PlanBlocked)
ROUNDS = 5
"""A race without its guard may by chance go well; so often by chance it never does."""


def approve(place: int, tranche_id: int, username: str = "") -> int:
    """One client's request: record the decision on one tranche. Gives its money, VND."""
    chair = who(username or f"chair.{place}")
    with act_as(chair):
        tranches.decide(Tranche.objects.get(pk=tranche_id), actor=chair, paper=PAPER)
    return asked_vnd(place)


def waiting() -> list[int]:
    """Ids of the fifty tranches, in the order of their projects."""
    with context.whole_country():
        rows = Tranche.objects.filter(projects__state=State.IN_PLAN).order_by("projects__id")
        return list(rows.values_list("pk", flat=True))


def race_of_tranches() -> list[Any]:
    return at_once([partial(approve, place, pk) for place, pk in enumerate(waiting())])


def spent() -> tuple[int, int, int]:
    """The ceiling's balance, the sum of commitments, the money of approved projects; VND."""
    with context.whole_country():
        ceiling = Ceiling.objects.get()
        approved = Project.objects.filter(state=State.APPROVED)
        return (
            ceiling.committed_vnd,
            sum(row.amount_vnd for row in Commitment.objects.all()),
            sum(project.kcdp_vnd for project in approved),
        )


def drop(arena: str, *statements: str) -> None:
    with database.owner_cursor(arena) as cursor:
        for statement in statements:
            cursor.execute(statement)


NO_CHECK = "ALTER TABLE programs_ceiling DROP CONSTRAINT committed_within_ceiling"


def test_fifty_approvals_at_once_never_pass_the_ceiling(arena: str) -> None:
    results = race_of_tranches()
    granted = [result for result in results if isinstance(result, int)]
    refused = [place for place, result in enumerate(results) if isinstance(result, REFUSALS)]
    assert len(granted) + len(refused) == CLIENTS, [r for r in results if isinstance(r, Exception)]
    assert granted and refused
    assert spent() == (sum(granted),) * 3
    left = CEILING - sum(granted)
    assert left >= 0
    assert all(asked_vnd(place) > left for place in refused), "money was there and was refused"
    with context.whole_country():
        assert Commitment.objects.count() == Project.objects.filter(state=State.APPROVED).count()
        assert audit.verify() == []


def test_the_same_race_overspends_without_the_check(ring: str, arena: str) -> None:
    """Control: what stops the money is the database's CHECK, not the order in which threads happen to run."""
    for attempt in range(ROUNDS):
        with database.scratch(f"{arena}_{attempt}", ring) as name:
            drop(name, NO_CHECK)
            race_of_tranches()
            balance, held, approved = spent()
        assert balance == held == approved
        if balance > CEILING:
            return
    pytest.fail("the race never overspent: it is no race")


def test_fifty_clients_approve_one_tranche_once(arena: str) -> None:
    first = waiting()[0]
    results = at_once([partial(approve, 0, first, f"chair.{place}") for place in range(CLIENTS)])
    assert sorted(type(result).__name__ for result in results) == ["PlanBlocked"] * (CLIENTS - 1) + ["int"]
    assert spent() == (asked_vnd(0),) * 3
    with context.whole_country():
        project = Project.objects.get(tranche=first)
        assert project.transitions.filter(action="approve").count() == 1
        assert project.participations.filter(duty="APPROVE").count() == 1


UNGUARDED = (
    "ALTER TABLE programs_commitment DROP CONSTRAINT committed_once",
    "ALTER TABLE programs_transition DROP CONSTRAINT one_step_a_version",
    "DROP TRIGGER step_continues ON programs_transition",
    "DROP TRIGGER state_has_step ON programs_project",
    "DROP TRIGGER commitment_is_due ON programs_commitment",
    "DROP TRIGGER approved_is_held ON programs_project",
)


def test_one_tranche_is_approved_twice_without_locks_and_constraints(
    arena: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control of the race above."""
    drop(arena, *UNGUARDED)
    members = tranches.members
    monkeypatch.setattr(tranches, "_lock", lambda t, _v: Tranche.objects.select_related("plan").get(pk=t.pk))
    monkeypatch.setattr(tranches, "members", lambda tranche, **_: members(tranche))
    for place, tranche_id in enumerate(waiting()[:ROUNDS]):
        before = spent()[1]
        results = at_once([partial(approve, place, tranche_id, f"chair.{n}") for n in range(8)])
        if spent()[1] - before > asked_vnd(place):
            return
        assert sum(isinstance(result, int) for result in results) <= 1
    pytest.fail("nobody approved twice: it is no race")


# --- the same with hand-written SQL as the runtime role ------------------------------------------------

APPROVE_BY_HAND = (
    "UPDATE programs_project SET state = 'APPROVED', version = version + 1 WHERE id = %(project)s",
    "INSERT INTO programs_transition (project_id, version, action, source, target, actor_id, note, data,"
    " lent_as, paper_number, paper_signer, effective_on, recorded_at, content, verdicts)"
    " SELECT id, version, 'approve', 'IN_PLAN', 'APPROVED', %(actor)s, '', '{}', '', '1/QĐ', 'Ai Đó',"
    " '2026-11-02', now(), '{}', '[]' FROM programs_project WHERE id = %(project)s",
    "INSERT INTO programs_commitment (ceiling_id, project_id, tranche_id, source, kind, amount_vnd, at)"
    " SELECT c.id, p.id, p.tranche_id, 'KCDP', 'COMMIT', p.kcdp_vnd, now()"
    " FROM programs_project p JOIN programs_ceiling c USING (plan_id) WHERE p.id = %(project)s",
)


def by_hand() -> list[Any]:
    """Fifty sessions of the runtime role, each with one transaction and none of our rules in between."""
    chair = who("chair.0")

    def session(project: int) -> int:
        with act_as(chair), connection.cursor() as cursor:
            for statement in APPROVE_BY_HAND:
                cursor.execute(statement, {"project": project, "actor": chair.pk})
        return project

    with context.whole_country():
        rows = Project.objects.filter(state=State.IN_PLAN).order_by("id")
        ids = list(rows.values_list("pk", flat=True))
    return at_once([partial(session, project) for project in ids])


def test_hand_written_sql_does_not_pass_the_ceiling_either(arena: str) -> None:
    results = by_hand()
    refused = [result for result in results if isinstance(result, IntegrityError)]
    assert 0 < len(refused) < CLIENTS
    assert len(refused) + sum(isinstance(result, int) for result in results) == CLIENTS, results
    assert all("committed_within_ceiling" in str(error) for error in refused)
    balance, held, approved = spent()
    assert balance == held == approved <= CEILING


def test_hand_written_sql_overspends_without_the_check(arena: str) -> None:
    """Control of the race above."""
    drop(arena, NO_CHECK)
    assert all(isinstance(result, int) for result in by_hand())
    assert spent() == (sum(map(asked_vnd, range(CLIENTS))),) * 3
    assert spent()[0] > CEILING
