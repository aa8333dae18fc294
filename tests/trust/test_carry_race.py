"""Leaders confirm projects from paper at the same moment: one of each, and never past the ceiling."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from accounts.roles import Role
from accounts.scope import act_as
from programs import carrying
from programs.carry_values import SourceFigures
from programs.errors import CarryConflict, OverCeiling
from programs.lifecycle import Purse
from programs.models import CarryOver, Ceiling, Project, Tranche
from records import audit, context
from tests import cast
from tests.carried import begin_portal, entered, give_ceiling, papers
from tests.factories import MILLION
from tests.records.conftest import at_once
from tests.trust.conftest import who

LEADERS = 8


def begin(ceiling_vnd: int) -> None:
    for place in range(LEADERS):
        cast.person(f"leader.{place}", f"Lãnh Đạo {place}", Role.SO_LEADER, cast.so_of("Thanh Hóa"))
    begin_portal(who("leader"))
    give_ceiling(who("leader"), Purse.KCDP, 2018, ceiling_vnd)


def confirm(place: int, entry_id: int) -> str:
    leader = who(f"leader.{place % LEADERS}")
    with act_as(leader):
        entry = CarryOver.objects.select_related("plan").get(pk=entry_id)
        return carrying.confirm(entry, actor=leader).code


def confirmed_by_all_at_once() -> list[Any]:
    begin(10_000 * MILLION)
    entry = entered(papers(), who("officer"))
    return at_once([partial(confirm, place, entry.pk) for place in range(LEADERS)])


def one_project(results: list[Any]) -> None:
    codes = [result for result in results if isinstance(result, str)]
    assert len(codes) == 1, results
    assert all(isinstance(result, CarryConflict) for result in results if result not in codes), results
    with context.whole_country():
        assert Project.objects.filter(carried_as_of__isnull=False).count() == 1
        assert Tranche.objects.filter(carried=True).count() == 1
        assert audit.verify() == []


def test_of_many_who_confirm_one_entry_one_makes_the_project(arena: str) -> None:
    one_project(confirmed_by_all_at_once())


def test_without_the_lock_the_database_still_lets_one_through(
    arena: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = CarryOver.objects.select_related("plan", "province", "implementer")
    monkeypatch.setattr(carrying, "_locked", lambda entry: rows.get(pk=entry.pk))
    one_project(confirmed_by_all_at_once())


def test_many_confirmed_at_once_never_pass_the_ceiling_and_share_their_decisions_tranche(arena: str) -> None:
    begin(250 * MILLION)  # room for two of 100 million
    entries = [
        entered(
            papers(title=f"Đề án giấy {place}", money=[SourceFigures("KCDP", 100 * MILLION)], advances=[]),
            who("officer"),
        )
        for place in range(LEADERS)
    ]
    results = at_once([partial(confirm, place, entry.pk) for place, entry in enumerate(entries)])
    codes = [result for result in results if isinstance(result, str)]
    assert len(codes) == 2 and len(set(codes)) == 2, results
    assert all(isinstance(result, OverCeiling) for result in results if result not in codes), results
    with context.whole_country():
        tranche = Tranche.objects.get(carried=True)
        assert tranche.projects.count() == 2
        ceiling = Ceiling.objects.get(plan=tranche.plan)
        assert ceiling.committed_vnd == 200 * MILLION
        assert CarryOver.objects.filter(outcome="").count() == LEADERS - 2
