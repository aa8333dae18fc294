"""A person's days to come: deadlines of what waits for them, and windows that close."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from accounts.models import User
from accounts.scope import scope_of
from accounts.tokens import hash_of
from programs.models import CalendarFeed, Gate, RegistrationWindow
from programs.selectors import waiting_for
from records import audit, mail
from records.context import whole_country

MOST = 300
"""Entries of one agenda; a calendar program is no list of everything."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One day to keep. ``uid`` stays the same while the thing does, whatever its day."""

    day: dt.date
    title: str
    note: str
    url: str
    uid: str


def agenda_of(user: User, today: dt.date) -> list[Entry]:
    """In the order of days, what is late first; run it under the person's scope."""
    rows = waiting_for(user).filter(due_on__isnull=False).order_by("due_on", "pk")
    entries = [
        Entry(
            project.due_on or today,
            _("Hạn: %(code)s") % {"code": project.code},
            f"{project.title}\n{project.get_state_display()}. {project.due_reason}",
            reverse(
                "programs:project_edit" if project.is_editable else "programs:project_review",
                args=[project.code],
            ),
            f"project-{project.uuid}",
        )
        for project in rows[:MOST]
    ]
    entries += [_closing(window) for window in windows_closing(user, today)]
    return sorted(entries, key=lambda entry: entry.day)[:MOST]


def windows_closing(user: User, today: dt.date) -> list[RegistrationWindow]:
    """Windows still to close in which this person's provinces hand something in."""
    here = Q(gate=Gate.CUC) | Q(province__in=scope_of(user).province_ids)
    rows = RegistrationWindow.objects.in_force().select_related("province", "office")
    found = [window for window in rows.filter(here) if window.closes_on >= today]
    return sorted(found, key=lambda window: window.closes_on)


def _closing(window: RegistrationWindow) -> Entry:
    words = {"gate": window.get_gate_display(), "purse": window.get_purse_display(), "year": window.year}
    return Entry(
        window.closes_on,
        _("Hết đợt đăng ký: %(gate)s, %(purse)s %(year)s") % words,
        " · ".join(part for part in (str(window.office), window.reason) if part),
        f"{reverse('programs:window_list')}?nam={window.year}",
        f"window-{window.gate}-{window.purse}-{window.year}-{window.province_id}",
    )


# --- the same in the person's own calendar program


def renew_feed(user: User) -> str:
    """A new secret address; an earlier one stops working. Returns the secret, of which a hash is kept."""
    secret = secrets.token_urlsafe(32)
    CalendarFeed.objects.update_or_create(
        user=user, defaults={"secret_hash": hash_of(secret), "created_at": timezone.now()}
    )
    audit.record("programs.renew_feed", user, actor=user)
    return secret


def drop_feed(user: User) -> None:
    if CalendarFeed.objects.filter(user=user).delete()[0]:
        audit.record("programs.drop_feed", user, actor=user)


def reader_of(secret: str) -> User | None:
    """Whose calendar this secret opens; None for a wrong one and for a closed account."""
    with whole_country():
        rows = CalendarFeed.objects.filter(secret_hash=hash_of(secret), user__is_active=True)
        found = rows.select_related("user").first()
    return found.user if found else None


def as_calendar(entries: Sequence[Entry]) -> bytes:
    """The entries as an iCalendar file (RFC 5545), whole days."""
    calendar = Calendar()
    calendar.add("prodid", "-//Khuyến Công//VN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("Khuyến Công: hạn việc"))
    for entry in entries:
        event = Event()
        event.add("uid", f"{entry.uid}@khuyen-cong")
        event.add("dtstamp", timezone.now().astimezone(dt.UTC))
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + dt.timedelta(days=1))
        event.add("summary", entry.title)
        event.add("description", entry.note)
        event.add("url", mail.absolute(entry.url))
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
