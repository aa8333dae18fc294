"""A notice in the portal when a dossier has three working days left, once a dossier and deadline."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.scope import act_as
from programs.notices import DUE_SOON
from programs.selectors import waiting_for
from records import inbox, outbox
from records.context import whole_country
from records.models import OutboxMessage
from vietnam.workdays import add_working_days, load_calendar

TOPIC: Final = "work.due_soon"
DAYS: Final = 3
MOST: Final = 20


def post_due() -> int:
    """Ask once a working day, for everybody with an account; returns for how many. Safe to repeat."""
    today = timezone.localdate()
    if not load_calendar().is_working_day(today):
        return 0
    with whole_country():
        people = User.objects.filter(is_active=True).order_by("pk").values_list("pk", flat=True)
        day = today.isoformat()
        return len(outbox.post_all(TOPIC, [{"user": pk, "day": day} for pk in people], once=True))


def remind(message: OutboxMessage) -> None:
    """Outbox handler of ``work.due_soon``: name what has come to its last three working days."""
    user = User.objects.filter(pk=message.payload["user"], is_active=True).first()
    if user is None:
        return
    first, last = _span(dt.date.fromisoformat(message.payload["day"]))
    with act_as(user):
        rows = waiting_for(user).filter(due_on__gt=first, due_on__lte=last).order_by("due_on", "pk")
        codes = list(rows.values_list("code", flat=True)[: MOST + 1])
    if not codes:
        return
    with translation.override(user.language):
        told = ngettext(
            "%(count)s hồ sơ còn 3 ngày làm việc", "%(count)s hồ sơ còn 3 ngày làm việc", len(codes)
        )
        title = told % {"count": f"{MOST}+" if len(codes) > MOST else len(codes)}
        body = _("Hạn muộn nhất %(day)s: %(codes)s") % {
            "day": f"{last:%d/%m/%Y}", "codes": ", ".join(codes[:MOST]),
        }  # fmt: skip
        inbox.notify([user], DUE_SOON, title, body, f"{reverse('programs:work_queue')}?loc=sap-han")


def _span(today: dt.date) -> tuple[dt.date, dt.date]:
    """After the day two working days ahead, to the one three ahead: days off between fall to the earlier."""
    calendar = load_calendar()
    return add_working_days(today, DAYS - 1, calendar), add_working_days(today, DAYS, calendar)
