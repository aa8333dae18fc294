"""How much the law lets be paid in advance, when, and who may allow more."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import User
from accounts.roles import Role
from accounts.scope import act_as
from programs import paying
from programs.advances import advance_limit, limit_of, objections
from programs.errors import MissingDetail
from programs.lifecycle import Purse
from programs.models import ActivityKind, AdvanceRate, Project
from programs.moneyterms import RequestKind
from tests.factories import MILLION, helper_person
from tests.money import ask, contracted, fund_of, office_of, paid
from tests.pages import text_of
from tests.programs.rulekit import proposed, verified

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 27)
ORDERED = dt.date(2014, 2, 10)
"""Circular 36/2013 came into force."""


def most_and_work(
    project: Project, reader: User, code: str = "N3.3", day: dt.date = TODAY
) -> tuple[int, int | None] | None:
    """Most (million VND) and the work that must be done, for this activity."""
    with act_as(reader):
        project.activity = ActivityKind.objects.filter(code=code).latest("id")
        found = advance_limit(project, fund_of(project, reader), day)
        return (found.most_vnd // MILLION, found.rule.work_over_pct) if found else None


@pytest.mark.parametrize(
    ("code", "most", "work"),
    [
        ("N3.3", 175, 70), ("N3.6", 175, None), ("N7.4", 75, 50), ("N7.1-region", 175, None),
        ("N2.3", 250, None), ("N1", 175, None),
    ],
)  # fmt: skip
def test_each_activity_has_its_rate(thanh_hoa_centre: User, code: str, most: int, work: int | None) -> None:
    assert most_and_work(contracted(thanh_hoa_centre), thanh_hoa_centre, code) == (most, work)


def test_no_rate_is_known_before_the_circular_for_other_activities_and_for_local_money(
    thanh_hoa_centre: User,
) -> None:
    project = contracted(thanh_hoa_centre)
    assert most_and_work(project, thanh_hoa_centre, day=ORDERED - dt.timedelta(days=1)) is None
    assert most_and_work(project, thanh_hoa_centre, day=ORDERED) == (175, 70)
    assert most_and_work(project, thanh_hoa_centre, "N8") is None
    assert most_and_work(contracted(thanh_hoa_centre, purse=Purse.KCDP), thanh_hoa_centre) is None


def test_an_advance_beyond_its_rate_or_before_its_time_needs_a_paper_that_allows_it(
    thanh_hoa_centre: User,
) -> None:
    project = contracted(thanh_hoa_centre)
    paid(ask(project, thanh_hoa_centre, 100 * MILLION))
    early = ask(project, thanh_hoa_centre, 76 * MILLION, done_percent=70)
    so, leader = helper_person(Role.SO_LEADER, "Thanh Hóa"), office_of(project, leader=True)
    with act_as(so):
        early = paying.confirm(early, actor=so)
    with act_as(leader):
        limit = advance_limit(project, early.fund, TODAY)
        assert objections(early, limit) == [
            "Các khoản tạm ứng cộng lại 176.000.000 đồng, vượt mức 175.000.000 đồng (70 % hợp đồng).",
            "Chỉ tạm ứng khi khối lượng đã quá 70 %; đề nghị này ghi 70 %.",
        ]
        with pytest.raises(MissingDetail, match="số văn bản và lý do cho phép") as refusal:
            paying.approve(early, " ", actor=leader)
        assert refusal.value.field == "note"
        assert paying.approve(early, "Công văn thử 12.", actor=leader).allowance == "Công văn thử 12."
    page = f"/de-an/{project.code}/de-nghi/{early.uuid}/"
    assert "Thông tư 36/2013/TT-BCT, Điều 13" in text_of(leader, page)


@pytest.mark.parametrize(("done", "early"), [(100, False), (99, True), (None, True)])
def test_the_rest_is_paid_once_all_is_done(thanh_hoa_centre: User, done: int | None, early: bool) -> None:
    project = contracted(thanh_hoa_centre)
    request = ask(project, thanh_hoa_centre, 250 * MILLION, kind=RequestKind.PAYMENT, done_percent=done)
    with act_as(thanh_hoa_centre):
        assert bool(objections(request, limit_of(request.fund))) is early


def test_the_rate_is_that_of_the_day_the_contract_was_signed(
    thanh_hoa_centre: User, cuc_officer: User, cuc_leader: User
) -> None:
    project = contracted(thanh_hoa_centre)
    row = AdvanceRate.objects.get(activity_code="N3.3")
    verified(
        proposed(cuc_officer, dt.date(2026, 11, 10) + dt.timedelta(days=1), of=row, rate_pct=50), cuc_leader
    )
    with act_as(thanh_hoa_centre):
        found = limit_of(fund_of(project, thanh_hoa_centre))
    assert found is not None and found.rule.rate_pct == 70


def test_a_new_rate_holds_from_its_day_and_old_approvals_stay(
    thanh_hoa_centre: User, cuc_officer: User, cuc_leader: User
) -> None:
    project = contracted(thanh_hoa_centre)
    row = AdvanceRate.objects.get(activity_code="N3.3")
    verified(proposed(cuc_officer, TODAY - dt.timedelta(days=5), of=row, rate_pct=50), cuc_leader)
    assert most_and_work(project, thanh_hoa_centre) == (125, 70)
    assert most_and_work(project, thanh_hoa_centre, day=TODAY - dt.timedelta(days=6)) == (175, 70)
