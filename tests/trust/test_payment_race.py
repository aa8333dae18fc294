"""Many hands at one contract at the same moment: no đồng is promised or paid twice, none after a stop."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from accounts.models import User
from accounts.policy import PermissionRefused
from accounts.roles import Role
from accounts.scope import act_as
from programs import contracting, paying
from programs.errors import IllegalMove, MoneyConflict, StaleVersion
from programs.lifecycle import Purse, Source
from programs.models import FundEntry, PaymentRequest, Project, ProjectFund
from programs.workflow import take
from records import audit, context
from tests import cast
from tests.factories import MILLION
from tests.money import CONTRACT, ask, contracted, voucher
from tests.records.conftest import at_once
from tests.trust.conftest import who

HANDS = 8
LATE = (MoneyConflict, PermissionRefused, IllegalMove, StaleVersion)
"""What whoever comes second is told."""


def begin(contract_vnd: int = 100 * MILLION) -> Project:
    """A local project under contract, and so many leaders and officers of its Sở."""
    for place in range(HANDS):
        cast.person(f"hand.leader.{place}", f"Lãnh Đạo {place}", Role.SO_LEADER, cast.so_of("Thanh Hóa"))
        cast.person(f"hand.officer.{place}", f"Chuyên Viên {place}", Role.SO_OFFICER, cast.so_of("Thanh Hóa"))
    amounts = {Source.KCDP: contract_vnd, Source.OWN: 2 * contract_vnd}
    return contracted(who("centre"), purse=Purse.KCDP, amounts=amounts, title="Đề án thử chi")


def fresh(request_id: int) -> PaymentRequest:
    return PaymentRequest.objects.told().get(pk=request_id)


def approve(person: User, request_id: int) -> str:
    with act_as(person):
        return paying.approve(fresh(request_id), actor=person).state


def pay(person: User, request_id: int) -> str:
    with act_as(person):
        return paying.pay(fresh(request_id), voucher(), actor=person).kind


def stop(person: User, code: str) -> str:
    with act_as(person):
        project = Project.objects.get(code=code)
        return take("stop", project, actor=person, note="Không triển khai.", paper=CONTRACT).target


def leader(place: int) -> User:
    return who(f"hand.leader.{place}")


def officer(place: int) -> User:
    return who(f"hand.officer.{place}")


def agrees(project: Project) -> ProjectFund:
    """The ledger adds up to the balance, within the contract; the audit chain holds."""
    with context.whole_country():
        fund = ProjectFund.objects.get(project=project)
        out = sum(e.amount_vnd for e in FundEntry.objects.filter(fund=fund, kind__in=["ADVANCE", "PAYMENT"]))
        assert fund.paid_vnd == out
        assert fund.held_vnd + fund.due_vnd <= fund.contract_vnd <= fund.granted_vnd
        assert audit.verify() == []
        return fund


def all_paid_at_once() -> tuple[Project, list[Any]]:
    project = begin()
    request = ask(project, who("centre"), 60 * MILLION)
    approve(leader(0), request.pk)
    return project, at_once([partial(pay, officer(place), request.pk) for place in range(HANDS)])


def paid_once(project: Project, results: list[Any]) -> None:
    assert sum(result == "ADVANCE" for result in results) == 1, results
    assert all(isinstance(result, LATE) for result in results if result != "ADVANCE"), results
    assert agrees(project).paid_vnd == 60 * MILLION


def test_of_many_who_pay_one_request_one_does(arena: str) -> None:
    paid_once(*all_paid_at_once())


def test_without_the_locks_the_database_still_pays_once(arena: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def unlocked(project: Project) -> ProjectFund:
        fund = ProjectFund.objects.get(project=project)
        fund.project = project
        return fund

    monkeypatch.setattr(paying, "lock_project", lambda project: project)
    monkeypatch.setattr(paying, "lock_fund", unlocked)
    monkeypatch.setattr(PaymentRequest.objects, "select_for_update", PaymentRequest.objects.all)
    paid_once(*all_paid_at_once())


def test_approvals_at_once_never_promise_more_than_the_contract(arena: str) -> None:
    project = begin(100 * MILLION)
    requests = [ask(project, who("centre"), 12 * MILLION) for _number in range(HANDS)]  # 96 of 100
    officer_ = officer(0)
    values = contracting.AnnexValues("A1", CONTRACT.signed_on, "Người Ký Thử", 50 * MILLION, "Giảm.")  # type: ignore[arg-type]
    with act_as(officer_):
        contracting.amend(project, values, actor=officer_)
    results = at_once([partial(approve, leader(place), each.pk) for place, each in enumerate(requests)])
    assert sum(result == "APPROVED" for result in results) == 4, results  # 48 of 50
    assert all(isinstance(result, MoneyConflict) for result in results if result != "APPROVED"), results
    assert agrees(project).due_vnd == 48 * MILLION


def test_a_stop_and_payments_at_once_leave_no_money_out_of_a_stopped_project(arena: str) -> None:
    project = begin()
    request = ask(project, who("centre"), 60 * MILLION)
    results = at_once(
        [
            partial(stop, who("chair.0"), project.code),
            *(partial(approve, leader(place), request.pk) for place in range(HANDS - 1)),
        ]
    )
    assert sum(isinstance(result, str) for result in results) == 1, results
    assert all(isinstance(result, LATE) for result in results if not isinstance(result, str)), results
    fund = agrees(project)
    with context.whole_country():
        project.refresh_from_db()
        assert (project.state, fund.due_vnd) in {("STOPPED", 0), ("CONTRACTED", 60 * MILLION)}
