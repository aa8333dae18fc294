"""The e-mail of half past seven on working days: what waits for one person, overdue first, and what is new.

Exactly one a person and day: the outbox takes a person's message for a day once, whoever posts it. It is
composed when it is sent, under the receiver's own scope, and holds codes, titles, states and dates only.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db.models import F
from django.urls import Resolver404, resolve
from django.utils import timezone, translation

from accounts.models import User
from accounts.scope import act_as
from programs import digest_text as wording
from programs.digest_text import MOST, Digest, Waiting
from programs.models import Project, Tranche, Transition
from programs.notices import WORK
from programs.selectors import waiting_for, waiting_tranches
from records import inbox, mail, outbox
from records.context import whole_country
from records.models import InboxItem, OutboxMessage
from vietnam.workdays import add_working_days, load_calendar

TOPIC: Final = "mail.digest"
AT: Final = dt.time(7, 30)


def post_due() -> int:
    """Put in today's messages, those not in yet; returns for how many people it asked. Safe to repeat."""
    now = timezone.localtime()
    if not mail.is_ready() or now.time() < AT or not load_calendar().is_working_day(now.date()):
        return 0
    with whole_country():
        people = (
            User.objects.filter(is_active=True).exclude(email="").order_by("pk").values_list("pk", flat=True)
        )
        day = now.date().isoformat()
        return len(outbox.post_all(TOPIC, [{"user": pk, "day": day} for pk in people], once=True))


def send(message: OutboxMessage) -> None:
    """Outbox handler of ``mail.digest``. Nothing to tell, or no longer that day: nothing is sent."""
    user = User.objects.filter(pk=message.payload["user"], is_active=True).exclude(email="").first()
    today = timezone.localdate()
    if user is None or message.payload["day"] != today.isoformat():
        return
    with translation.override(user.language), act_as(user):
        digest = compose(user, today)
        if digest:
            mail.send(user.email, wording.subject(digest), wording.body(user, digest), message.uuid)


def compose(user: User, today: dt.date) -> Digest:
    """What a person who reads it on the morning of ``today`` is told; run it under their scope."""
    wanted = {name for name, ways in inbox.ways_of(user).items() if ways.digest}
    since, until = _span(today)
    waiting: list[Project] = []
    tranches: list[Tranche] = []
    if WORK in wanted:
        in_order = waiting_for(user).for_list().order_by(F("due_on").asc(nulls_last=True), "id")
        waiting, tranches = list(in_order[: MOST + 1]), waiting_tranches(user)
    new = set(
        Transition.objects.filter(project__in=waiting, recorded_at__gte=since).values_list(
            "project", flat=True
        )
    )
    news = _news(user, wanted, since, until)
    return Digest(
        [_waiting(project, today, project.pk in new) for project in waiting[:MOST]],
        tranches,
        news[:MOST],
        len(waiting) > MOST,
        len(news) > MOST,
    )


def _waiting(project: Project, today: dt.date, is_new: bool) -> Waiting:
    return Waiting(project, (project.due_on - today).days if project.due_on else None, is_new)


def _span(today: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """From the last working day's e-mail to today's: no notice falls between, none comes twice."""
    before = add_working_days(today, -1, load_calendar())
    zone = timezone.get_current_timezone()
    return dt.datetime.combine(before, AT, zone), dt.datetime.combine(today, AT, zone)


def _news(user: User, kinds: set[str], since: dt.datetime, until: dt.datetime) -> list[InboxItem]:
    """Notices not opened yet, less those of projects that have left what the person may see."""
    items = list(
        InboxItem.objects.visible_to(user)
        .not_opened()
        .filter(kind__in=kinds, created_at__gte=since, created_at__lt=until)
        .order_by("-id")[: 2 * MOST]
    )
    codes = {item.pk: _code(item) for item in items}
    seen = set(
        Project.objects.visible_to(user).filter(code__in=set(codes.values())).values_list("code", flat=True)
    )
    return [item for item in items if not codes[item.pk] or codes[item.pk] in seen]


def _code(item: InboxItem) -> str:
    """The code of the project whose page an item leads to, or ""."""
    try:
        return str(resolve(item.url).kwargs.get("code", "")) if item.url else ""
    except Resolver404:
        return ""
