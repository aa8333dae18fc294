"""Offices as the system's administrator runs them: founded, renamed, ended, succeeded; heads of papers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import ROLES_OF_KIND, Membership, Organisation, User
from accounts.policy import require
from accounts.roles import Role
from accounts.scope import organisation_family
from records import audit
from vietnam.models import AdminUnit
from vietnam.periods import period

HEAD = ("head_parent", "head_name", "head_symbol", "head_place")
NAMES = ("name", "short_name", *HEAD)


@dataclass(frozen=True, slots=True)
class Time:
    """``last`` is the last day of the office; without one it goes on."""

    first: dt.date
    last: dt.date | None = None

    @property
    def no_longer(self) -> dt.date | None:
        return self.last + dt.timedelta(days=1) if self.last else None


@dataclass(frozen=True, slots=True)
class Carried:
    """How many posts went over to a successor; ``own_stays``: not the acting administrator's, whose posts are
    another administrator's to give."""

    posts: int = 0
    own_stays: bool = False


@transaction.atomic
def found_office(
    *, actor: User, kind: str, province: AdminUnit, time: Time, names: Mapping[str, str]
) -> Organisation:
    require(actor, "accounts.run_offices")
    office = Organisation(kind=kind, province=province)
    _write(office, time, names)
    audit.record("accounts.found_office", office, actor=actor, after=_said(office))
    return office


@transaction.atomic
def change_office(
    office: Organisation,
    *,
    actor: User,
    time: Time,
    names: Mapping[str, str],
    successor: Organisation | None = None,
    carry_people: bool = False,
) -> Carried:
    """Names, dates and successor; which posts went over to the successor with their holders."""
    require(actor, "accounts.run_offices")
    before = _said(office)
    office.successor = successor
    if successor is not None:
        _require_heir(office, successor, time)
    _write(office, time, names)
    carried = _carry(office, successor, time, actor) if successor and carry_people else Carried()
    after = _said(office) | {"posts_carried": carried.posts}
    audit.record("accounts.change_office", office, actor=actor, before=before, after=after)
    return carried


@transaction.atomic
def set_head(office: Organisation, head: Mapping[str, str], *, actor: User) -> None:
    """The lines above the office's papers."""
    require(actor, "accounts.run_people", office)
    before = {name: getattr(office, name) for name in HEAD}
    for name in HEAD:
        setattr(office, name, head[name])
    office.save(update_fields=HEAD)
    after = {name: getattr(office, name) for name in HEAD}
    audit.record("accounts.set_head", office, actor=actor, before=before, after=after)


def _write(office: Organisation, time: Time, names: Mapping[str, str]) -> None:
    for name in NAMES:
        setattr(office, name, names.get(name, ""))
    office.valid = period(time.first, time.no_longer)
    twins = Organisation.objects.filter(name=office.name, province=office.province).exclude(pk=office.pk)
    if twins.filter(valid__overlap=office.valid).exists():
        raise ValidationError({"name": _("Tỉnh này đã có cơ quan cùng tên trong thời gian đó.")})
    office.save()


def _require_heir(office: Organisation, heir: Organisation, time: Time) -> None:
    if heir.pk in organisation_family(office.pk):
        raise ValidationError({"successor": _("Cơ quan này chính nó, hoặc đã được nó kế thừa trước đây.")})
    if time.no_longer is None:
        raise ValidationError({"last": _("Cơ quan được kế thừa thì phải có ngày cuối.")})
    if time.no_longer not in heir.valid:
        said = _("Cơ quan kế thừa phải hoạt động từ ngày liền sau ngày cuối.")
        raise ValidationError({"successor": said})


def _carry(office: Organisation, heir: Organisation, time: Time, actor: User) -> Carried:
    """Who held a post on the last day holds the same one in the successor from the next."""
    suits = ROLES_OF_KIND.get(heir.kind, frozenset()) | {Role.OFFICE_ADMIN}
    held = Membership.objects.on(time.last or time.first).filter(organisation=office, role__in=suits)
    made = []
    for post in held.exclude(user=actor):
        valid = period(time.no_longer, post.valid.upper)
        there = Membership.objects.filter(user=post.user_id, organisation=heir, role=post.role)
        if not valid.isempty and not there.filter(valid__overlap=valid).exists():
            made.append(
                Membership(
                    user_id=post.user_id, organisation=heir, role=post.role, title=post.title, valid=valid
                )
            )
    own_stays = held.filter(user=actor).exists()
    return Carried(len(Membership.objects.bulk_create(made)), own_stays)


def _said(office: Organisation) -> dict[str, Any]:
    successor = office.successor.name if office.successor else ""
    names = {name: getattr(office, name) for name in NAMES}
    return names | {"kind": office.kind, "valid": str(office.valid), "successor": successor}
