"""Projects under contract and their money, as tests bring them about; amounts in VND."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import User
from accounts.roles import Role
from accounts.scope import act_as
from programs import paying, tranches
from programs.lifecycle import Purse, State
from programs.models import PaymentRequest, Project, ProjectFund, Tranche
from programs.moneyterms import RequestKind
from programs.paying import RequestValues, Voucher
from programs.workflow import Paper
from tests.factories import MILLION, PAPER, advance_to, helper_person, make_project, open_tranche, take

CONTRACT = Paper("07/HĐ-TN", dt.date(2026, 11, 10), "Người Ký Thử")
_vouchers = itertools.count(1)


def voucher() -> Voucher:
    """One of the treasury's, never the same twice."""
    return Voucher(f"UNC {next(_vouchers):04d}", dt.date(2026, 11, 20), "Kho bạc Nhà nước (thử)")


def settle() -> None:
    """Ask the constraints that wait for the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def database_refuses(why: str, sql: str, *values: Any) -> None:
    """This statement, written by hand, fails with that name, at once or at the end of the transaction."""
    settle()
    with pytest.raises(DatabaseError, match=why), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def decided(drafter: User, *, purse: str = Purse.KCQG, **changes: Any) -> Project:
    """A project at the end of planning: assigned by the Cục, or approved by its province."""
    project = make_project(drafter, purse=purse, **changes)
    national = purse == Purse.KCQG
    tranche = open_tranche(project)
    advance_to(project, State.IN_PLAN, drafter=drafter, tranche=tranche)
    name = project.province.bare_name
    approver = helper_person(Role.MIN_APPROVER, "bo") if national else helper_person(Role.UBND_VIEW, name)
    with act_as(approver):
        tranches.decide(Tranche.objects.get(pk=tranche.pk), actor=approver, paper=PAPER)
    if national:
        officer = helper_person(Role.CUC_OFFICER, "cuc")
        with act_as(officer):
            tranches.assign(Tranche.objects.get(pk=tranche.pk), actor=officer, paper=PAPER)
    with act_as(drafter):
        project.refresh_from_db()
    return project


def office_of(project: Project, *, leader: bool = False) -> User:
    """Somebody of the office that holds the purse."""
    if project.purse == Purse.KCQG:
        return helper_person(Role.CUC_LEADER if leader else Role.CUC_OFFICER, "cuc")
    return helper_person(Role.SO_LEADER if leader else Role.SO_OFFICER, project.province.bare_name)


def contracted(drafter: User, *, contract_vnd: int | None = None, **changes: Any) -> Project:
    """A project under contract, by the office that holds the purse."""
    project = decided(drafter, **changes)
    data = {} if contract_vnd is None else {"contract_vnd": contract_vnd}
    return take("contract", project, office_of(project), paper=CONTRACT, data=data)


def ask(project: Project, drafter: User, amount_vnd: int = 50 * MILLION, **changes: Any) -> PaymentRequest:
    values = {
        "kind": RequestKind.ADVANCE,
        "amount_vnd": amount_vnd,
        "reason": "Đã đặt cọc máy.",
        "done_percent": 80,
        **changes,
    }
    with act_as(drafter):
        return paying.request_payment(project, RequestValues(**values), actor=drafter)


def approved(request: PaymentRequest) -> PaymentRequest:
    """Confirmed where it must be, and approved."""
    project = request.project
    if request.needs_so:
        so = helper_person(Role.SO_LEADER, project.province.bare_name)
        with act_as(so):
            request = paying.confirm(request, actor=so)
    leader = office_of(project, leader=True)
    with act_as(leader):
        return paying.approve(request, "Theo văn bản thử.", actor=leader)


def paid(request: PaymentRequest) -> None:
    officer = office_of(request.project)
    with act_as(officer):
        paying.pay(approved(request), voucher(), actor=officer)


def fund_of(project: Project, reader: User) -> ProjectFund:
    with act_as(reader):
        return ProjectFund.objects.get(project=project)
