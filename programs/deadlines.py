"""By when the holder of a project must act, and why. Pure: rules and calendar come in as values.

A state with a clock runs in working days from the day it was entered; a state with a milestone ends on a
date of the plan year. "Before the 20th" means that the 19th is the last day.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.lawbook import Basis, Clock, Milestone
from programs.lawterms import MilestoneRule
from programs.lifecycle import State

AddWorkingDays = Callable[[dt.date, int], dt.date]

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
class Due:
    """The last day, the sentence that explains it, and where it is written (None: nowhere)."""

    due_on: dt.date
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
    add_working_days: AddWorkingDays,
    is_doubtful: Callable[[dt.date, dt.date], bool],
) -> Due | None:
    """The deadline of a project that entered ``state`` on a day; None where nobody has to act by a date.

    ``milestones`` and ``clock`` come from the purse's law; ``add_working_days(day, n)`` knows holidays and
    ``is_doubtful(start, end)`` whether anybody has checked those of a period.
    """
    if clock is not None:
        return _by_clock(state, entered_on, clock, add_working_days, is_doubtful)
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
    state: str,
    entered_on: dt.date,
    clock: Clock,
    add_working_days: AddWorkingDays,
    is_doubtful: Callable[[dt.date, dt.date], bool],
) -> Due:
    why = _("%(days)s ngày làm việc kể từ ngày %(start)s %(event)s; %(basis)s.") % {
        "days": clock.working_days,
        "start": entered_on.strftime("%d/%m/%Y"),
        "event": _ENTERED.get(state, gettext_lazy("hồ sơ chuyển bước")),
        "basis": _stated(clock.stated_by, clock.basis),
    }
    due_on = add_working_days(entered_on, clock.working_days)
    if is_doubtful(entered_on, due_on):
        why = _("%(why)s Lịch nghỉ lễ trong thời gian này chưa kiểm chứng.") % {"why": why}
    return Due(due_on, why, clock.basis.source, clock.basis.confidence)


def _by_milestone(entry: Milestone, plan_year: int) -> Due:
    named = _named_day(entry, plan_year, entry.month or 1)
    due_on = last_day(entry, plan_year, 1)
    words = {
        "task": entry.name[:1].upper() + entry.name[1:],
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
    said = _("theo %(law)s") % {"law": basis.name} if basis.source else stated_by
    return said if basis.trusted else _("%(said)s, chưa kiểm chứng") % {"said": said}
