"""What two people do to one thing at the same moment, each with the guard taken away as a control."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from accounts.scope import act_as
from programs import drafting, tranches, workflow
from programs.drafting import DraftValues, save_draft
from programs.errors import IllegalMove, PlanBlocked, StaleVersion
from programs.lifecycle import Purse, State
from programs.models import Project, Tranche, TrancheState
from records import audit, context
from tests.api.client import Api
from tests.factories import PAPER
from tests.records.conftest import at_once
from tests.trust.conftest import EXTRA, asked_vnd, who

WRITERS = 8


def edit(place: int, project_id: int, version: int) -> str:
    """One browser's save of the title, on the version it showed."""
    person = who(("centre", "centre.two")[place % 2])
    with act_as(person):
        project = Project.objects.get(pk=project_id)
        save_draft(project, DraftValues({"title": f"Tên {place}"}), actor=person, expected_version=version)
    return f"Tên {place}"


def draft() -> Project:
    with context.whole_country():
        return Project.objects.get(title="Bản nháp")


def saved_by_all_at_once() -> tuple[list[Any], Project]:
    before = draft()
    jobs = [partial(edit, place, before.pk, before.version) for place in range(WRITERS)]
    results = at_once(jobs)
    with context.whole_country():
        before.refresh_from_db()
    return results, before


def test_of_many_editors_of_one_version_one_saves_and_the_others_are_told(arena: str) -> None:
    version = draft().version
    results, project = saved_by_all_at_once()
    written = [result for result in results if isinstance(result, str)]
    assert [project.title] == written
    assert sum(isinstance(result, StaleVersion) for result in results) == WRITERS - 1, results
    assert project.version == version + 1


def test_without_the_lock_and_the_version_edits_are_lost(arena: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: all believe they saved; one title is left."""
    monkeypatch.setattr(drafting, "lock", lambda project, _version: Project.objects.get(pk=project.pk))
    results, project = saved_by_all_at_once()
    assert sum(isinstance(result, str) for result in results) > 1
    assert project.title in results


def test_composing_and_deciding_at_once_leave_nothing_half_decided(arena: str) -> None:
    """Every tranche loses its only project, gains another, and is decided, all at the same time."""
    with context.whole_country():
        inside = list(Project.objects.filter(state=State.IN_PLAN).order_by("id")[:EXTRA])
        outside = list(Project.objects.filter(state=State.PASSED_PROV, purse=Purse.KCDP).order_by("id"))
    assert len(inside) == len(outside) == EXTRA

    def move(action: str, project: Project, tranche: Tranche | None = None) -> None:
        officer = who("officer")
        with act_as(officer):
            workflow.take(action, project, actor=officer, tranche=tranche)

    def decide(place: int, tranche: Tranche) -> None:
        chair = who(f"chair.{place}")
        with act_as(chair):
            tranches.decide(tranche, actor=chair, paper=PAPER)

    jobs: list[Callable[[], Any]] = []
    for place, (old, new) in enumerate(zip(inside, outside, strict=True)):
        with context.whole_country():
            tranche = Tranche.objects.get(projects=old)
        jobs += [
            partial(move, "unplan", old),
            partial(decide, place, tranche),
            partial(move, "plan", new, tranche),
        ]
    results = at_once(jobs)
    for result in results:
        assert result is None or isinstance(result, IllegalMove | PlanBlocked), result
    with context.whole_country():
        for tranche in Tranche.objects.filter(pk__in=[project.tranche_id for project in inside]):
            states = set(tranche.projects.values_list("state", flat=True))
            decided = tranche.state == TrancheState.DECIDED
            assert states <= ({State.APPROVED} if decided else {State.IN_PLAN}), tranche
            assert states or not decided
        assert Project.objects.filter(state=State.PASSED_PROV, tranche__isnull=False).count() == 0
        assert audit.verify() == []


def test_a_project_is_received_once_however_many_take_it_up(arena: str) -> None:
    """Double click, two officers, a repeated request: one step, one row of history."""
    with context.whole_country():
        project = Project.objects.filter(state=State.IN_PLAN).order_by("id")[0]

    def unplan() -> None:
        officer = who("officer")
        with act_as(officer):
            workflow.take("unplan", project, actor=officer, expected_version=project.version)

    results = at_once([unplan] * WRITERS)
    assert results.count(None) == 1
    assert sum(isinstance(result, StaleVersion) for result in results) == WRITERS - 1, results
    with context.whole_country():
        assert project.transitions.filter(action="unplan").count() == 1


def test_two_stops_give_the_money_back_once(arena: str) -> None:
    chair = who("chair.0")
    with context.whole_country():
        project = Project.objects.filter(state=State.IN_PLAN).order_by("id")[0]
    with act_as(chair):
        tranches.decide(Tranche.objects.get(projects=project), actor=chair, paper=PAPER)

    def stop(place: int) -> None:
        person = who(f"chair.{place}")
        with act_as(person):
            workflow.take("stop", project, actor=person, note="Giải thể.", paper=PAPER)

    results = at_once([partial(stop, place) for place in range(WRITERS)])
    assert results.count(None) == 1
    assert sum(isinstance(result, IllegalMove) for result in results) == WRITERS - 1, results
    with context.whole_country():
        kinds = sorted(project.commitments.values_list("kind", "amount_vnd"))
        assert kinds == [("COMMIT", asked_vnd(0)), ("RELEASE", asked_vnd(0))]
        assert project.plan.ceilings.get().committed_vnd == 0


def posted(key: str) -> tuple[list[Any], int]:
    """The same draft sent by eight threads at once; their answers, and how many projects there are more."""
    api = Api(who("centre"))
    body = {"purse": "KCQG", "year": 2027, "title": "Máy sấy lạnh"}

    def send() -> Any:
        return api.post("/projects/", body, **({"Idempotency_Key": key} if key else {}))

    with context.whole_country():
        before = Project.objects.count()
    answers = at_once([send] * WRITERS)
    with context.whole_country():
        return answers, Project.objects.count() - before


def test_one_request_sent_eight_times_under_one_key_makes_one_project(arena: str) -> None:
    answers, made = posted("once")
    assert made == 1
    assert {answer.status for answer in answers} <= {201, 409}
    codes = {answer.body["code"] for answer in answers if answer.status == 201}
    assert len(codes) == 1
    assert all(a.body["code"] == "idempotency_in_progress" for a in answers if a.status == 409)


def test_without_a_key_they_are_eight_projects(arena: str) -> None:
    """Control."""
    answers, made = posted("")
    assert (made, {answer.status for answer in answers}) == (WRITERS, {201})
    assert len({answer.body["code"] for answer in answers}) == WRITERS, "codes are never given twice"
