"""Contracts of the last two plan years, and requests to be paid at every hand they pass."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from accounts.models import User
from accounts.scope import act_as
from programs import paying
from programs.contracting import granted_vnd
from programs.demo.offices import Offices
from programs.demo.papers import Papers
from programs.demo.registers import HOME
from programs.demo.wishes import MILLION
from programs.demo.years import LAST
from programs.lifecycle import Purse, State
from programs.models import PaymentRequest, Project
from programs.moneyterms import RequestKind
from programs.paying import RequestValues, Voucher
from programs.workflow import Ask, Paper, take_all

NATIONAL, LOCAL = 30, 8
"""How many projects of the nation, and of the home province, come under contract."""
HANDS = (4, 1, 3, 2, 0, 5)
"""In turn: how far a project's first request has come; 4 is paid, 5 is paid and followed by two more."""


def fund_projects(offices: Offices, papers: Papers, today: dt.date) -> None:
    for number, project in enumerate(_contracted(offices, papers, today)):
        _ask(project, HANDS[number % len(HANDS)], offices, today)


def _contracted(offices: Offices, papers: Papers, today: dt.date) -> list[Project]:
    """The contracts, recorded the day the office signed them: in spring, or a fortnight ago."""
    asks = []
    for number, project in enumerate(_chosen()):
        day = min(dt.date(project.year, 4, 10), today - dt.timedelta(days=14))
        last = project.state_since.date() + dt.timedelta(days=2)
        paper = Paper(
            f"{number + 1:02d}-TN/HĐ", max(day, min(last, today)), "Người Ký Thử", papers.file("CONTRACT")
        )
        asks.append(Ask("contract", project, _clerk(project, offices), paper=paper))
    for ask in asks:  # each in its own name: the database keeps who entered what
        with act_as(ask.actor):
            take_all([ask])
    return list(Project.objects.filter(pk__in=[ask.project.pk for ask in asks]).order_by("id"))


def _chosen() -> Iterator[Project]:
    """The home province's first, as its accounts are on the sign-in page."""
    rows = Project.objects.filter(year__gte=LAST - 1, carried_as_of=None).select_related("province", "plan")
    for purse, state, most in (
        (Purse.KCQG, State.ASSIGNED, NATIONAL),
        (Purse.KCDP, State.APPROVED, LOCAL),
    ):
        found = sorted(rows.filter(purse=purse, state=state), key=lambda p: (p.province.code != HOME, p.code))
        yield from found[:most]


def _clerk(project: Project, offices: Offices) -> User:
    if project.purse == Purse.KCQG:
        return offices.user("cuc.chuyenvien")
    return offices.staff(project.province).officer


def _ask(project: Project, hands: int, offices: Offices, today: dt.date) -> None:
    first = granted_vnd(project) * 3 // 10 // MILLION * MILLION
    if not hands or not first:
        return
    request = _requested(project, RequestKind.ADVANCE, first, 75, "Đã ký hợp đồng, bắt đầu thực hiện (thử).")
    staff = offices.staff(project.province)
    national = project.purse == Purse.KCQG
    leader = offices.user("cuc.lanhdao") if national else staff.leader
    if hands >= 2 and request.needs_so:
        with act_as(staff.leader):
            request = paying.confirm(request, actor=staff.leader)
    if hands >= 3:
        with act_as(leader):
            request = paying.approve(request, actor=leader)
    if hands >= 4:
        day = max(today - dt.timedelta(days=3), request.fund.contracts.earliest("id").signed_on)
        voucher = Voucher(f"UNC-TN {project.pk}", day, "Kho bạc Nhà nước (thử)")
        clerk = _clerk(project, offices)
        with act_as(clerk):
            paying.pay(request, voucher, actor=clerk)
    if hands == 5:
        refused = _requested(project, RequestKind.PAYMENT, first, 90, "Đã thực hiện phần lớn (thử).")
        answering = staff.leader if refused.needs_so else leader
        with act_as(answering):
            paying.give_back(refused, "Thiếu biên bản nghiệm thu cơ sở (thử).", actor=answering)
        _requested(project, RequestKind.PAYMENT, first, 100, "Đã nghiệm thu, gửi lại đủ hồ sơ (thử).")


def _requested(project: Project, kind: RequestKind, amount: int, done: int, reason: str) -> PaymentRequest:
    drafter = project.created_by
    with act_as(drafter):
        return paying.request_payment(project, RequestValues(kind, amount, reason, done), actor=drafter)
