"""Whatever people try with a contract's money, the books are where a reckoning of its own says."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import User
from accounts.policy import PermissionRefused
from accounts.roles import Role
from accounts.scope import act_as
from programs import contracting, paying
from programs.contracting import AnnexValues
from programs.errors import MissingDetail, MoneyConflict
from programs.models import FundEntry, PaymentRequest, Project
from programs.moneyterms import RequestKind
from programs.paying import RequestValues
from tests import evidence
from tests.factories import MILLION, helper_person
from tests.money import contracted, fund_of, office_of, settle, voucher

pytestmark = pytest.mark.django_db

WHO = ("centre", "so", "officer", "leader", "abroad")
MAY = {"ask": {"centre"}, "confirm": {"so"}, "approve": {"leader"}, "amend": {"officer", "leader"}}
"""Pay, refund: the purse's office too, but not whoever approved."""


@dataclass
class Asked:
    amount: int
    state: str = "REQUESTED"
    approver: str = ""


@dataclass
class Reckoning:
    """The money as it ought to be, million VND."""

    granted: int = 250
    contract: int = 250
    back: int = 0
    requests: list[Asked] = field(default_factory=list)

    def sum_of(self, *states: str) -> int:
        return sum(each.amount for each in self.requests if each.state in states)

    @property
    def held(self) -> int:
        return self.sum_of("PAID") - self.back

    def ask(self, who: str, amount: int) -> bool:
        waiting = self.sum_of("REQUESTED", "CONFIRMED", "APPROVED")
        if who not in MAY["ask"] or not 0 < amount <= self.contract - self.held - waiting:
            return False
        self.requests.append(Asked(amount))
        return True

    def sign(self, who: str, place: int, action: str) -> bool:
        asked = self.requests[place]
        before = {"confirm": "REQUESTED", "approve": "CONFIRMED"}[action]
        if who not in MAY[action] or asked.state != before:
            return False
        if action == "approve" and self.held + self.sum_of("APPROVED") + asked.amount > self.contract:
            return False
        asked.state = {"confirm": "CONFIRMED", "approve": "APPROVED"}[action]
        asked.approver = who if action == "approve" else ""
        return True

    def pay(self, who: str, place: int) -> bool:
        asked = self.requests[place]
        if asked.state != "APPROVED" or who not in {"officer", "leader"} - {asked.approver}:
            return False
        asked.state = "PAID"
        return True

    def give_back(self, who: str, place: int) -> bool:
        asked = self.requests[place]
        hand = {"REQUESTED": "so", "CONFIRMED": "leader", "APPROVED": "leader"}.get(asked.state)
        if who != hand:
            return False
        asked.state = "RETURNED"
        return True

    def refund(self, who: str, amount: int) -> bool:
        if who not in {"officer", "leader"} or not 0 < amount <= self.held:
            return False
        self.back += amount
        return True

    def amend(self, who: str, amount: int) -> bool:
        floor = self.held + self.sum_of("APPROVED")
        if who not in MAY["amend"] or not max(floor, 1) <= amount <= self.granted:
            return False
        self.contract = amount
        return True


MOVES = st.tuples(
    st.sampled_from(("ask", "ask", "confirm", "approve", "pay", "return", "refund", "amend")),
    st.sampled_from(WHO),
    st.booleans(),
    st.sampled_from((0, 1, 49, 50, 100, 125, 200, 249, 250, 251)),
    st.integers(0, 7),
)
"""What, who, whether the right person is asked instead, how much, which request."""
RIGHT = {
    "ask": "centre", "confirm": "so", "approve": "leader", "pay": "officer", "refund": "officer",
    "amend": "officer",
}  # fmt: skip


class Books:
    def __init__(self, project: Project, people: dict[str, User]) -> None:
        self.project, self.people, self.ought = project, people, Reckoning()
        self.rows: list[int] = []
        self.papers = 0

    def move(self, what: str, who: str, amount: int, place: int) -> None:
        person = self.people[who]
        if what not in {"ask", "refund", "amend"} and not self.rows:
            return
        place = place % len(self.rows) if self.rows else 0
        done = False
        try:
            with act_as(person), transaction.atomic():
                self.try_it(what, person, amount * MILLION, place)
                settle()
            done = True
        except (PermissionRefused, MissingDetail, MoneyConflict, Project.DoesNotExist):
            pass
        except PaymentRequest.DoesNotExist:
            assert who == "abroad"
        expected = {
            "ask": lambda: self.ought.ask(who, amount),
            "pay": lambda: self.ought.pay(who, place),
            "return": lambda: self.ought.give_back(who, place),
            "refund": lambda: self.ought.refund(who, amount),
            "amend": lambda: self.ought.amend(who, amount),
        }.get(what, lambda: self.ought.sign(who, place, what))()
        assert done == expected, (what, who, amount, place)

    def try_it(self, what: str, person: User, amount: int, place: int) -> None:
        if what == "ask":
            values = RequestValues(RequestKind.ADVANCE, amount, "Vì vậy.")
            self.rows.append(paying.request_payment(self.project, values, actor=person).pk)
        elif what == "refund":
            paying.refund(self.project, amount, voucher(), actor=person)
        elif what == "amend":
            self.papers += 1
            day = dt.date(2026, 11, 20)
            values_ = AnnexValues(f"PL-{self.papers}", day, "Người Ký Thử", amount, "Vì vậy.")
            contracting.amend(self.project, values_, actor=person)
        else:
            request = PaymentRequest.objects.told().get(pk=self.rows[place])
            if what == "pay":
                paying.pay(request, voucher(), actor=person)
            elif what == "return":
                paying.give_back(request, "Vì vậy.", actor=person)
            elif what == "confirm":
                paying.confirm(request, actor=person)
            else:
                paying.approve(request, "Theo văn bản thử.", actor=person)

    def agree(self) -> None:
        fund = fund_of(self.project, self.people["officer"])
        ought = self.ought
        assert (fund.contract_vnd, fund.due_vnd, fund.paid_vnd, fund.refunded_vnd) == tuple(
            vnd * MILLION
            for vnd in (ought.contract, ought.sum_of("APPROVED"), ought.sum_of("PAID"), ought.back)
        )
        with act_as(self.people["officer"]):
            states = (
                PaymentRequest.objects.filter(pk__in=self.rows).order_by("id").values_list("state", flat=True)
            )
            assert list(states) == [each.state for each in ought.requests]
            kinds = FundEntry.objects.filter(fund=fund).values_list("kind", flat=True)
            assert sum(kind == "ADVANCE" for kind in kinds) == sum(e.state == "PAID" for e in ought.requests)


@settings(
    max_examples=evidence.size("payment_examples", 12),
    phases=[Phase.generate],
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(moves=st.lists(MOVES, min_size=12, max_size=30))
def test_no_dong_is_made_lost_or_paid_twice(
    thanh_hoa_centre: User, nghe_an_leader: User, moves: list[tuple[str, str, bool, int, int]]
) -> None:
    with transaction.atomic():
        project = contracted(thanh_hoa_centre)
        people = {
            "centre": thanh_hoa_centre, "so": helper_person(Role.SO_LEADER, "Thanh Hóa"),
            "officer": office_of(project), "leader": office_of(project, leader=True),
            "abroad": nghe_an_leader,
        }  # fmt: skip
        books = Books(project, people)
        for what, who, right, amount, place in moves:
            books.move(what, RIGHT.get(what, who) if right else who, amount, place)
            books.agree()
        transaction.set_rollback(True)
