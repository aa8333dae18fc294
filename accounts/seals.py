"""Seals of an office: recorded and ended by its administrator; papers say "đóng dấu" where one holds."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation, Seal, SealKind, User
from accounts.offices import Time
from accounts.policy import require
from records import audit
from vietnam.periods import period


@transaction.atomic
def record_seal(
    office: Organisation, *, kind: str, number: str, source: str, time: Time, actor: User
) -> Seal:
    """Raises ``ValidationError`` at the field where another one of the kind holds on one of these days."""
    require(actor, "accounts.run_people", office)
    seal = Seal(office=office, kind=kind, number=number, source=source)
    seal.valid = period(time.first, time.no_longer)
    _require_alone(seal, "first")
    seal.save()
    audit.record("accounts.record_seal", office, actor=actor, after=_said(seal))
    return seal


@transaction.atomic
def end_seal(seal: Seal, last: dt.date, *, actor: User) -> None:
    """Its last day, for a seal that is handed in or a certificate that is revoked."""
    require(actor, "accounts.run_people", seal.office)
    locked = Seal.objects.select_for_update(of=("self",)).get(pk=seal.pk)
    if locked.first_day and last < locked.first_day:
        raise ValidationError({"last": _("Ngày cuối không được trước ngày đầu.")})
    before = _said(locked)
    locked.valid = period(locked.valid.lower, last + dt.timedelta(days=1))
    _require_alone(locked, "last")
    locked.save(update_fields=["valid"])
    audit.record("accounts.end_seal", seal.office, actor=actor, before=before, after=_said(locked))


def hint(office: Organisation, day: dt.date, *, stamped: str, plain: str) -> str:
    """What stands above a signature of the office. An office that has recorded no stamp at all keeps
    ``stamped``: the portal does not know, and forms have that line."""
    stamps = [seal for seal in office.seals.all() if seal.kind == SealKind.STAMP]
    return stamped if not stamps or any(day in seal.valid for seal in stamps) else plain


def _require_alone(seal: Seal, field: str) -> None:
    others = Seal.objects.filter(office=seal.office, kind=seal.kind, valid__overlap=seal.valid)
    if others.exclude(pk=seal.pk).exists():
        raise ValidationError({field: _("Cơ quan đã có con dấu, chứng thư loại này trong thời gian đó.")})


def _said(seal: Seal) -> dict[str, str]:
    return {"kind": seal.kind, "number": seal.number, "source": seal.source, "valid": str(seal.valid)}
