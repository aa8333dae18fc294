"""By when the holder of a project must act, and why. Pure: rules and calendar come in as values.

A state with a clock runs in working days from the day it was entered, those of pauses left out; a state with
a milestone ends on a date of the plan year, or on the last day of the window the receiving office has set.
"Before the 20th" means that the 19th is the last day.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from programs.lawbook import Basis, Clock, Milestone
from programs.lawterms import MilestoneRule
from programs.lifecycle import State

WORDS_OF_THE_LAW = (
    gettext_noop("đơn vị thực hiện gửi hồ sơ về Sở Công Thương"),
    gettext_noop("Sở Công Thương đăng ký kế hoạch với Cục"),
    gettext_noop("mặc định của hệ thống"),
)
"""What the law register says as first loaded, so that it has its English; words put in later stand as put."""


class WorkingDays(Protocol):
    """A calendar of the offices' days."""

    def add(self, start: dt.date, days: int) -> dt.date: ...
    def between(self, start: dt.date, end: dt.date) -> int: ...
    def is_doubtful(self, start: dt.date, end: dt.date) -> bool: ...


_ENTERED: dict[str, str | Promise] = {
    State.SUBMITTED_PROV: gettext_lazy("Sở nhận hồ sơ nộp"),
    State.RETURNED_PROV: gettext_lazy("Sở yêu cầu bổ sung"),
    State.REVIEW_PROV: gettext_lazy("Sở tiếp nhận hồ sơ"),
    State.REGISTERED: gettext_lazy("Sở đăng ký với Cục"),
    State.RETURNED_MIN: gettext_lazy("Cục yêu cầu bổ sung"),
    State.REVIEW_MIN: gettext_lazy("Cục tiếp nhận hồ sơ"),
}
"""The event that starts each clock, as the explanation names it."""


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stood still from the end of ``began`` to the end of ``ended`` (None: it stands still now)."""

    began: dt.date
    ended: dt.date | None
    reason: str


@dataclass(frozen=True, slots=True)
class Intake:
    """The days on which an office takes dossiers in, as it has set them."""

    opens_on: dt.date
    closes_on: dt.date
    office: str
    document_number: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """The last day (None while the clock stands still), the sentence that explains it, and where it is
    written (None: nowhere)."""

    due_on: dt.date | None
    why: str
    source: str | None
    confidence: str


def due_for(
    state: str,
    entered_on: dt.date,
    purse: str,
    plan_year: int,
    milestones: Iterable[Milestone],
    clock: Clock | None,
    days: WorkingDays,
    intake: Intake | None = None,
    pauses: Sequence[Pause] = (),
) -> Due | None:
    """The deadline of a project that entered ``state`` on a day; None where nobody has to act by a date.

    ``milestones`` and ``clock`` come from the purse's law, ``intake`` is the window this state ends with.
    """
    if clock is not None:
        return _by_clock(state, entered_on, clock, days, pauses)
    if intake is not None:
        return _by_intake(intake, plan_year)
    chosen = milestone_of(state, plan_year, milestones)
    return _by_milestone(chosen, plan_year) if chosen else None


def milestone_of(state: str, plan_year: int, milestones: Iterable[Milestone]) -> Milestone | None:
    """The milestone that ends a state: one of this year and province goes before the default."""
    fitting = [
        entry
        for entry in milestones
        if entry.state == state and entry.day and entry.month and entry.plan_year in (None, plan_year)
    ]
    return min(fitting, key=_generality, default=None)


def _generality(entry: Milestone) -> tuple[bool, bool, str]:
    return entry.plan_year is None, not entry.own_province, entry.milestone


def last_day(entry: Milestone, plan_year: int, month: int | None = None) -> dt.date:
    """The last day that keeps a dated milestone. ``month`` is needed where it comes every month.

    A day the month has not got (31/6) falls on the month's last. Raises ValueError without day or month.
    """
    month = entry.month or month
    if entry.day is None or month is None:
        raise ValueError(f"{entry.milestone} is not a date")
    return _named_day(entry, plan_year, month) - dt.timedelta(days=entry.rule == MilestoneRule.BEFORE)


def _named_day(entry: Milestone, plan_year: int, month: int) -> dt.date:
    year = plan_year + entry.year_offset
    return dt.date(year, month, min(entry.day or 1, calendar.monthrange(year, month)[1]))


def _by_clock(
    state: str, entered_on: dt.date, clock: Clock, days: WorkingDays, pauses: Sequence[Pause]
) -> Due:
    basis = _stated(clock.stated_by, clock.basis)
    stopped = next((pause for pause in pauses if pause.ended is None), None)
    past = sum(days.between(pause.began, pause.ended) for pause in pauses if pause.ended)
    if stopped is not None:
        used = days.between(entered_on, stopped.began) - past
        why = _("Tạm dừng tính hạn từ ngày %(day)s: %(reason)s. Khi tính tiếp còn %(left)s ngày làm việc.")
        words = {"day": stopped.began.strftime("%d/%m/%Y"), "reason": stopped.reason.rstrip(".")}
        left = clock.working_days - used
        return Due(None, why % {**words, "left": left}, clock.basis.source, clock.basis.confidence)
    why = _("%(days)s ngày làm việc kể từ ngày %(start)s %(event)s; %(basis)s.") % {
        "days": clock.working_days,
        "start": entered_on.strftime("%d/%m/%Y"),
        "event": _ENTERED.get(state, gettext_lazy("hồ sơ chuyển bước")),
        "basis": basis,
    }
    due_on = days.add(entered_on, clock.working_days + past)
    if past:
        why = _("%(why)s Đã trừ %(days)s ngày làm việc tạm dừng.") % {"why": why, "days": past}
    if days.is_doubtful(entered_on, due_on):
        why = _("%(why)s Lịch nghỉ lễ trong thời gian này chưa kiểm chứng.") % {"why": why}
    return Due(due_on, why, clock.basis.source, clock.basis.confidence)


def _by_intake(intake: Intake, plan_year: int) -> Due:
    """What an office itself has set goes before the date the circular names."""
    words = {
        "office": intake.office,
        "first": intake.opens_on.strftime("%d/%m/%Y"),
        "last": intake.closes_on.strftime("%d/%m/%Y"),
        "year": plan_year,
    }
    why = _("%(office)s nhận hồ sơ từ %(first)s đến hết %(last)s cho kế hoạch năm %(year)s.") % words
    if intake.reason:
        why = _("%(why)s Đã đổi ngày: %(reason)s.") % {"why": why, "reason": intake.reason.rstrip(".")}
    return Due(intake.closes_on, why, intake.document_number or None, "verified")


def _by_milestone(entry: Milestone, plan_year: int) -> Due:
    task = _told(entry.name)
    named = _named_day(entry, plan_year, entry.month or 1)
    due_on = last_day(entry, plan_year, 1)
    words = {
        "task": task[:1].upper() + task[1:],
        "day": named.strftime("%d/%m/%Y"),
        "last": due_on.strftime("%d/%m/%Y"),
        "year": plan_year,
        "basis": _stated("", entry.basis),
    }
    if entry.rule == MilestoneRule.BEFORE:
        why = _("%(task)s trước ngày %(day)s, tức chậm nhất %(last)s, cho kế hoạch năm %(year)s; %(basis)s.")
    else:
        why = _("%(task)s chậm nhất ngày %(day)s cho kế hoạch năm %(year)s; %(basis)s.")
    return Due(due_on, why % words, entry.basis.source, entry.basis.confidence)


def _stated(stated_by: str, basis: Basis) -> str:
    """Whose rule it is, and whether anybody has checked it."""
    said = _("theo %(law)s") % {"law": basis.name} if basis.source else _told(stated_by)
    return said if basis.trusted else _("%(said)s, chưa kiểm chứng") % {"said": said}


def _told(words: str) -> str:
    return _(words) if words else ""
