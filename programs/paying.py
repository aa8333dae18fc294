"""Requests for a project's money on their way from hand to hand, and the ledger lines they end in. VND.

Căn cứ: Thông tư 36/2013/TT-BCT, Điều 13–16. The portal records, it pays nobody.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import policy as door
from accounts.models import User
from accounts.policy import Decision
from programs.advances import limit_of, objections
from programs.contracting import lock_fund, lock_project, refusing, touch
from programs.errors import MissingDetail, MoneyConflict
from programs.models import FundEntry, PaymentRequest, Project, ProjectFund
from programs.money_policy import needs_so
from programs.moneyterms import EntryKind, RequestKind, RequestState
from records import audit, outbox
from records.models import StoredFile
from vietnam.money import format_vnd
from vietnam.text import clean, clean_lines


@dataclass(frozen=True, slots=True)
class RequestValues:
    """What an implementer asks for, VND; ``done_percent`` of the work, where that is what it rests on."""

    kind: RequestKind
    amount_vnd: int
    reason: str
    done_percent: int | None = None
    file: StoredFile | None = None


@dataclass(frozen=True, slots=True)
class Voucher:
    """What the treasury gave for money that moved."""

    number: str
    on: dt.date
    treasury: str = ""
    note: str = ""


def request_payment(project: Project, values: RequestValues, *, actor: User) -> PaymentRequest:
    """Ask for money within the contract. Raises ``PermissionRefused``, ``MissingDetail`` or
    ``MoneyConflict``."""
    with transaction.atomic():
        locked = lock_project(project)
        permission = door.require(actor, "programs.request_payment", locked)
        fund = lock_fund(locked)
        _require_room(values.amount_vnd, fund)
        if not clean_lines(values.reason):
            raise MissingDetail("reason", _("Hãy ghi nội dung đề nghị."))
        last = fund.requests.aggregate(last=Max("number"))["last"] or 0
        made = PaymentRequest.objects.create(
            fund=fund, number=last + 1, kind=values.kind, amount_vnd=values.amount_vnd,
            reason=clean_lines(values.reason), done_percent=values.done_percent, file=values.file,
            needs_so=needs_so(locked), requested_by=actor, requested_for_id=permission.on_behalf_of_id,
        )  # fmt: skip
        _tell(made, "programs.request_payment", actor, permission)
    return made


def _require_room(amount: int, fund: ProjectFund) -> None:
    waiting = fund.requests.filter(state__in=[RequestState.REQUESTED, RequestState.CONFIRMED])
    free = fund.free_vnd - sum(row.amount_vnd for row in waiting)
    if amount <= 0:
        raise MissingDetail("amount_vnd", _("Hãy ghi số tiền đề nghị."))
    if amount > free:
        told = _("Theo hợp đồng chỉ còn đề nghị được %(amount)s đồng, kể cả các đề nghị đang chờ.")
        raise MissingDetail("amount_vnd", told % {"amount": format_vnd(max(free, 0))})


def confirm(request: PaymentRequest, *, actor: User) -> PaymentRequest:
    """The Sở's word that the work is done as told."""
    return _sign(request, "confirm_payment", RequestState.CONFIRMED, "confirmed", actor)


def approve(request: PaymentRequest, note: str = "", *, actor: User) -> PaymentRequest:
    """The purse's leader lets it be paid; the money is set aside. ``MoneyConflict`` past the contract.

    An advance beyond its rate needs ``note``: what allows it. Thông tư 36/2013/TT-BCT, khoản 2 Điều 16.
    """
    allowance = clean_lines(note)

    def keeps_to_the_rate(locked: PaymentRequest) -> None:
        if not allowance and objections(locked, limit_of(locked.fund)):
            raise MissingDetail("note", _("Ngoài mức quy định: hãy ghi số văn bản và lý do cho phép."))

    state = RequestState.APPROVED
    return _sign(
        request, "approve_payment", state, "approved", actor, check=keeps_to_the_rate, allowance=allowance
    )


def give_back(request: PaymentRequest, note: str, *, actor: User) -> PaymentRequest:
    """Refused, with its reason; another request may follow."""
    if not clean_lines(note):
        raise MissingDetail("note", _("Hãy ghi lý do trả lại."))
    return _sign(request, "return_payment", RequestState.RETURNED, "closed", actor, answer=clean_lines(note))


def withdraw(request: PaymentRequest, *, actor: User) -> PaymentRequest:
    return _sign(request, "withdraw_payment", RequestState.WITHDRAWN, "closed", actor)


def pay(request: PaymentRequest, voucher: Voucher, *, actor: User) -> FundEntry:
    """Record that the treasury has paid it: request and ledger line in one transaction."""
    with transaction.atomic():
        told = {"voucher": clean(voucher.number)}
        paid = _sign(
            request, "pay_request", RequestState.PAID, "closed", actor,
            check=lambda locked: _require_voucher(voucher, locked.fund), told=told,
        )  # fmt: skip
        kind, lender = EntryKind(paid.kind), paid.closed_for_id
        return _enter(paid.fund, kind, paid.amount_vnd, voucher, actor, lender, paid)


def refund(project: Project, amount_vnd: int, voucher: Voucher, *, actor: User) -> FundEntry:
    """Record money that came back. Raises ``PermissionRefused``, ``MissingDetail`` or ``MoneyConflict``."""
    with transaction.atomic():
        fund = lock_fund(lock_project(project))
        permission = door.require(actor, "programs.record_refund", fund)
        _require_voucher(voucher, fund)
        if not 0 < amount_vnd <= fund.held_vnd:
            told = _("Đơn vị đang giữ %(amount)s đồng; hãy ghi số thu hồi trong phạm vi đó.")
            raise MissingDetail("amount_vnd", told % {"amount": format_vnd(fund.held_vnd)})
        made = _enter(fund, EntryKind.REFUND, amount_vnd, voucher, actor, permission.on_behalf_of_id)
        audit.record(
            "programs.record_refund", fund.project, actor=actor, on_behalf_of=permission.lender,
            before={"refunded_vnd": fund.refunded_vnd},
            after={"refunded_vnd": fund.refunded_vnd + amount_vnd, "voucher": made.voucher_number},
        )  # fmt: skip
        touch(fund.project)
    return made


def _sign(
    request: PaymentRequest,
    action: str,
    state: RequestState,
    hand: str,
    actor: User,
    *,
    check: Callable[[PaymentRequest], None] | None = None,
    told: dict[str, Any] | None = None,
    **fields: Any,
) -> PaymentRequest:
    """One hand's signature on the locked request, whose fund is locked too; ``check`` may still refuse it."""
    with transaction.atomic():
        locked = _locked(request)
        permission = door.require(actor, f"programs.{action}", locked)
        if check is not None:
            check(locked)
        signed = {"by": actor, "for_id": permission.on_behalf_of_id, "at": timezone.now()}
        fields |= {"state": state} | {f"{hand}_{end}": value for end, value in signed.items()}
        for name, value in fields.items():
            setattr(locked, name, value)
        with refusing():
            locked.save()
        _tell(locked, f"programs.{action}", actor, permission, before=request.state, told=told)
    return locked


def _locked(request: PaymentRequest) -> PaymentRequest:
    fund = lock_fund(lock_project(request.project))
    locked = PaymentRequest.objects.select_for_update().get(pk=request.pk)
    locked.fund = fund
    if locked.state != request.state:
        raise MoneyConflict(_("Đề nghị này vừa được người khác xử lý; hãy xem lại."))
    return locked


def _require_voucher(voucher: Voucher, fund: ProjectFund) -> None:
    """Money moves between the contract and today."""
    if not clean(voucher.number):
        raise MissingDetail("voucher_number", _("Hãy ghi số chứng từ kho bạc."))
    if voucher.on > timezone.localdate():
        raise MissingDetail("voucher_on", _("Ngày chứng từ không được ở tương lai."))
    signed = fund.contracts.earliest("id").signed_on
    if voucher.on < signed:
        told = _("Chứng từ không lập trước hợp đồng (%(day)s).")
        raise MissingDetail("voucher_on", told % {"day": f"{signed:%d/%m/%Y}"})


def _enter(
    fund: ProjectFund,
    kind: EntryKind,
    amount_vnd: int,
    voucher: Voucher,
    actor: User,
    lender_id: int | None,
    request: PaymentRequest | None = None,
) -> FundEntry:
    with refusing():
        return FundEntry.objects.create(
            fund=fund, kind=kind, amount_vnd=amount_vnd, request=request,
            voucher_number=clean(voucher.number), voucher_on=voucher.on, treasury=clean(voucher.treasury),
            note=clean(voucher.note), actor=actor, on_behalf_of_id=lender_id,
        )  # fmt: skip


def _tell(
    request: PaymentRequest,
    action: str,
    actor: User,
    permission: Decision,
    before: str | None = None,
    told: dict[str, Any] | None = None,
) -> None:
    audit.record(
        action, request, actor=actor, reason=request.answer or request.allowance,
        on_behalf_of=permission.lender, before={"state": before} if before else None,
        after={
            "state": request.state, "project": request.project.code, "number": request.number,
            "kind": request.kind, "amount_vnd": request.amount_vnd, **(told or {}),
        },
    )  # fmt: skip
    outbox.post("payment.moved", {"request": request.pk, "state": request.state})
    touch(request.project)
