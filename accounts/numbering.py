"""Registers of numbers: opened and begun by the office's administrator, drawn from by whoever works there.

The number itself is given by the database (``draw_number``): one after another, none twice, none left out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import (
    IssuedNumber,
    Organisation,
    PaperKind,
    PaperRegister,
    RegisterKind,
    User,
    today,
)
from accounts.policy import require
from records import audit

REGISTER_OF: dict[str, RegisterKind] = {
    PaperKind.RECEIPT: RegisterKind.RECEPTION,
    PaperKind.SHEET: RegisterKind.OUTGOING,
    PaperKind.MINUTES: RegisterKind.OUTGOING,
}
LETTERS: dict[str, str] = {PaperKind.RECEIPT: "GTN", PaperKind.SHEET: "PTĐ", PaperKind.MINUTES: "BB"}
"""The paper's part of the number. "BB" from memory of Nghị định 30/2020/NĐ-CP, Phụ lục III; the others are
the portal's proposal (docs/unverified.md)."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A paper that is to have a number."""

    office_id: int
    paper: PaperKind
    project_code: str
    about: str


@transaction.atomic
def open_register(
    office: Organisation, *, kind: str, year: int, begins_at: int = 1, actor: User
) -> PaperRegister:
    """Raises ``ValidationError`` at the field, or ``PermissionRefused``."""
    require(actor, "accounts.run_people", office)
    if not office.head_symbol:
        raise ValidationError(_("Hãy ghi ký hiệu văn bản của cơ quan ở “Phần đầu văn bản” trước khi mở sổ."))
    if PaperRegister.objects.filter(office=office, kind=kind, year=year).exists():
        raise ValidationError({"year": _("Cơ quan đã có sổ này của năm đó.")})
    made = PaperRegister.objects.create(office=office, kind=kind, year=year, begins_at=begins_at)
    audit.record("accounts.open_register", office, actor=actor, after=_said(made))
    return made


@transaction.atomic
def begin_register(register: PaperRegister, begins_at: int, *, actor: User) -> None:
    """Another first number, while none has been issued."""
    require(actor, "accounts.run_people", register.office)
    locked = PaperRegister.objects.select_for_update(of=("self",)).get(pk=register.pk)
    if PaperRegister.objects.begun().filter(pk=register.pk).exists():
        raise ValidationError({"begins_at": _("Sổ đã cấp số nên không đổi số đầu tiên được nữa.")})
    before = _said(locked)
    locked.begins_at = begins_at
    locked.save(update_fields=["begins_at"])
    audit.record("accounts.begin_register", locked.office, actor=actor, before=before, after=_said(locked))


def draw_all(wishes: Sequence[Wish], *, actor: User, on: dt.date | None = None) -> list[IssuedNumber | None]:
    """The next number for each, in this order; None where the office keeps no such register.

    Who may is for the caller to have asked; the database's wall asks whether the drawer is of the office.
    """
    day = on or today()
    registers = _registers(wishes, day.year)
    drawn: list[IssuedNumber | None] = []
    for wish in wishes:
        register = registers.get((wish.office_id, REGISTER_OF[wish.paper]))
        drawn.append(_draw(register, wish, actor, day) if register else None)
    return drawn


def _draw(register: PaperRegister, wish: Wish, actor: User, day: dt.date) -> IssuedNumber:
    letters = [LETTERS[wish.paper], register.office.head_symbol]
    entry = IssuedNumber.objects.create(
        register=register,
        suffix="-".join(filter(None, letters)),
        paper=wish.paper,
        project_code=wish.project_code,
        about=wish.about,
        issued_on=day,
        issued_by=actor,
    )
    entry.refresh_from_db(fields=["number"])
    return entry


def _registers(wishes: Sequence[Wish], year: int) -> dict[tuple[int, str], PaperRegister]:
    """The year's registers. An office that kept one last year goes on with the next from 01."""
    offices = {wish.office_id for wish in wishes}
    kinds = {REGISTER_OF[wish.paper] for wish in wishes}
    rows = PaperRegister.objects.filter(office__in=offices, kind__in=kinds, year__in=[year - 1, year])
    kept = {(row.office_id, row.kind): row for row in rows.select_related("office").order_by("year")}
    for key, row in kept.items():
        if row.year < year:
            made, _new = PaperRegister.objects.get_or_create(office=row.office, kind=row.kind, year=year)
            kept[key] = made
    return kept


@transaction.atomic
def void_number(entry: IssuedNumber, reason: str, *, actor: User) -> None:
    """Declare a number spoilt: it stays in the register with its reason and is never given again."""
    require(actor, "accounts.void_number", entry)
    # The database's wall lets nobody lock a line that is void already.
    locked = IssuedNumber.objects.select_for_update(of=("self",)).filter(pk=entry.pk).first()
    if locked is None or locked.is_void:
        raise ValidationError({"reason": _("Số này đã hủy rồi.")})
    locked.voided_by, locked.voided_at, locked.void_reason = actor, timezone.now(), reason
    locked.save(update_fields=["voided_by", "voided_at", "void_reason"])
    office = entry.register.office
    audit.record("accounts.void_number", office, actor=actor, after={"number": entry.sign}, reason=reason)


def _said(register: PaperRegister) -> dict[str, str | int]:
    return {"kind": register.kind, "year": register.year, "begins_at": register.begins_at}
