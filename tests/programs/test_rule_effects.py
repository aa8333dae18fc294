"""The preview of a change of the law says what the checks say once it is law, for each kind of rule."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.scope import act_as
from programs import rules
from programs.facts import verdicts_for, verdicts_of
from programs.lifecycle import Source
from programs.models import (
    ActivityKind,
    AreaEligibility,
    ExclusionRule,
    Project,
    RequiredPaper,
    RuleProposal,
    Sector,
    StageClock,
)
from programs.rule_effects import effects_of
from tests.factories import MILLION, make_project
from tests.pages import signed_in
from tests.programs.rulekit import M, norm, proposed, verified

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 12, 1)
Said = Counter[tuple[str, str, str]]


def said(projects: list[Project]) -> Said:
    return Counter(
        (project.code, verdict.code, verdict.message)
        for project, verdicts in zip(projects, verdicts_for(projects), strict=True)
        for verdict in verdicts
    )


def lower_cap(actor: User, project: Project) -> RuleProposal:
    return proposed(actor, DAY, cap_vnd=200 * M)


def end_norm(actor: User, project: Project) -> RuleProposal:
    return proposed(actor, DAY, ends=True)


def end_paper(actor: User, project: Project) -> RuleProposal:
    return proposed(actor, DAY, of=RequiredPaper.objects.get(purse="KCQG", code="PROPOSAL"), ends=True)


def new_paper(actor: User, project: Project) -> RuleProposal:
    paper = RequiredPaper(
        code="THU", purse="KCQG", activity_code="N3", name="Giấy tờ thử", clause="Điều 1", note="",
        required_from_state="SUBMITTED_PROV",
    )  # fmt: skip
    return proposed(actor, DAY, of=paper)


def open_to_all_places(actor: User, project: Project) -> RuleProposal:
    kind = ActivityKind.objects.filter(code="N3.3").latest("id")
    return proposed(actor, DAY, of=kind, needs_sector=True, needs_place=False, area_bound=False)


def exclude_by_title(actor: User, project: Project) -> RuleProposal:
    case = ExclusionRule(
        code="thu", name="Trường hợp thử", message="Máy móc thử không được hỗ trợ", clause="Điều 2", note="",
        title_words=["máy móc thiết bị"],
    )  # fmt: skip
    return proposed(actor, DAY, of=case)


def not_eligible(actor: User, project: Project) -> RuleProposal:
    row = AreaEligibility(commune=project.commune, eligible=False, basis="Điều 3 (thử)")
    row.source_document = norm().source_document
    return proposed(actor, DAY, of=row)


def rename_sector(actor: User, project: Project) -> RuleProposal:
    return proposed(actor, DAY, of=Sector.objects.get(code="b"), short_name="Hàng tiêu dùng (thử)")


@pytest.mark.parametrize(
    ("change", "touches"),
    [
        (lower_cap, True), (end_norm, True), (end_paper, False), (new_paper, True),
        (open_to_all_places, True),
        (exclude_by_title, True), (not_eligible, True), (rename_sector, False),
    ],
)  # fmt: skip
def test_what_was_foreseen_is_what_then_holds(
    thanh_hoa_centre: User,
    cuc_officer: User,
    cuc_leader: User,
    change: Callable[[User, Project], RuleProposal],
    touches: bool,
) -> None:
    projects = [make_project(thanh_hoa_centre), make_project(thanh_hoa_centre, year=2026, starts_on=None)]
    proposal = change(cuc_officer, projects[0])
    with act_as(cuc_officer):
        before = said(projects)
        effects = effects_of(rules.wish_of(proposal), cuc_officer)
    verified(proposal, cuc_leader)
    with act_as(cuc_officer):
        after = said([Project.objects.get(pk=project.pk) for project in projects])

    def told(side: str) -> Said:
        return Counter((c.project.code, v.code, v.message) for c in effects.changed for v in getattr(c, side))

    assert (before - after, after - before) == (told("gone"), told("come"))
    assert bool(effects.changed) is touches
    assert all(each.project.year == 2027 for each in effects.changed)


def test_a_norm_of_the_middle_of_a_year_shows_what_a_decision_from_its_day_on_would_say(
    thanh_hoa_centre: User, cuc_officer: User, cuc_leader: User
) -> None:
    amounts = {Source.KCQG: 290 * MILLION, Source.OWN: 400 * MILLION}
    old = make_project(thanh_hoa_centre, year=2026, starts_on=None, ends_on=None, amounts=amounts)
    proposal = proposed(cuc_officer, DAY, dt.date(2026, 12, 31), cap_vnd=250 * M)
    with act_as(cuc_officer):
        effects = effects_of(rules.wish_of(proposal), cuc_officer)
        page = signed_in(cuc_officer).get(f"/quy-dinh/de-xuat/{proposal.uuid}/").content.decode()
    assert effects.judged == 0 and effects.at_decision
    assert (effects.at_decision.judged, effects.at_decision.decided_on) == (1, DAY)
    [changed] = effects.at_decision.changed
    assert (changed.project.code, changed.way) == (old.code, "worse")
    assert "Nếu được quyết định từ ngày 01/12/2026" in page and old.code in page
    verified(proposal, cuc_leader)
    with act_as(cuc_officer):
        project = Project.objects.get(pk=old.pk)
        [then] = [verdict.message for verdict in verdicts_of(project, DAY) if verdict.blocks]
        assert not [verdict for verdict in verdicts_of(project, DAY - dt.timedelta(days=1)) if verdict.blocks]
    assert then in [verdict.message for verdict in changed.come]


def test_dates_and_clocks_change_no_verdict(thanh_hoa_centre: User, cuc_officer: User) -> None:
    make_project(thanh_hoa_centre)
    proposal = proposed(cuc_officer, DAY, of=StageClock.objects.filter(purse="KCQG")[0], working_days=3)
    with act_as(cuc_officer):
        assert effects_of(rules.wish_of(proposal), cuc_officer).changed == ()


def test_a_hundred_projects_cost_as_many_queries_as_one(
    thanh_hoa_centre: User, cuc_officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_project(thanh_hoa_centre)
    proposal = proposed(cuc_officer, DAY, cap_vnd=200 * M)

    first = _queries(cuc_officer, proposal)
    for _more in range(4):
        make_project(thanh_hoa_centre)
    assert _queries(cuc_officer, proposal) == first
    monkeypatch.setattr("programs.rule_effects.JUDGED", 3)
    with act_as(cuc_officer):
        effects = effects_of(rules.wish_of(proposal), cuc_officer)
    assert (effects.judged, effects.more) == (3, True)


def _queries(actor: User, proposal: RuleProposal) -> int:
    with act_as(actor), CaptureQueriesContext(connection) as asked:
        effects_of(rules.wish_of(proposal), actor)
    return len(asked)
