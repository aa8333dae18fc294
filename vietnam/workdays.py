"""Counting working days for legal deadlines.

The day something happens is not counted; the period starts on the next day (Bộ luật Dân sự 2015, Điều 147).
State offices do not work on Saturdays and Sundays, on public holidays (Bộ luật Lao động 2019, Điều 112) and
on days swapped for a make-up Saturday; which days those are is data (:class:`vietnam.models.CalendarDay`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from django.db.models import F, QuerySet

from .models import CalendarDay, CalendarDayKind

_ONE_DAY: Final = dt.timedelta(days=1)
_SATURDAY: Final = 5
_FARTHEST: Final = 20_000  # far beyond any legal period: a slip of the caller, not a deadline


@dataclass(frozen=True)
class Calendar:
    """Which days offices work; ``unverified`` lists the listed days nobody has checked against a source."""

    holidays: frozenset[dt.date] = frozenset()
    makeup: frozenset[dt.date] = frozenset()
    unverified: frozenset[dt.date] = field(default=frozenset(), compare=False)

    def is_working_day(self, day: dt.date) -> bool:
        if day in self.makeup:
            return True
        return day.weekday() < _SATURDAY and day not in self.holidays

    def add(self, start: dt.date, days: int) -> dt.date:
        return add_working_days(start, days, self)

    def between(self, start: dt.date, end: dt.date) -> int:
        return working_days_between(start, end, self)

    def is_doubtful(self, start: dt.date, end: dt.date) -> bool:
        """Whether a period rests on days nobody has checked, or on a year whose days off are not known."""
        unknown = any(year not in self.years for year in range(start.year, end.year + 1))
        return unknown or any(start <= day <= end for day in self.unverified)

    @cached_property
    def years(self) -> frozenset[int]:
        """Years for which any day off is known; in other years only weekends are left out."""
        return frozenset(day.year for day in self.holidays)


def load_calendar() -> Calendar:
    """The calendar as stored; one query, some hundred rows."""
    return calendar_of(days_in_force())


def days_in_force() -> QuerySet[CalendarDay]:
    """Of each date the version that counts: the one in force on it."""
    return CalendarDay.objects.filter(valid__contains=F("date"))


def calendar_of(rows: Iterable[CalendarDay]) -> Calendar:
    """The calendar these versions make, one for each date: each in force on its date."""
    listed = list(rows)
    return Calendar(
        frozenset(row.date for row in listed if row.kind == CalendarDayKind.HOLIDAY),
        frozenset(row.date for row in listed if row.kind == CalendarDayKind.MAKEUP),
        frozenset(row.date for row in listed if row.confidence not in ("seen", "verified")),
    )


def add_working_days(start: dt.date, n: int, calendar: Calendar) -> dt.date:
    """The last day of a period of ``n`` working days that begins after ``start``; backwards when n < 0."""
    if abs(n) > _FARTHEST:
        raise ValueError("not a legal period")
    step = _ONE_DAY if n > 0 else -_ONE_DAY
    day, left = start, abs(n)
    while left:
        day += step
        left -= calendar.is_working_day(day)
    return day


def working_days_between(start: dt.date, end: dt.date, calendar: Calendar) -> int:
    """Working days after ``start`` up to and including ``end``; negative when ``end`` is the earlier."""
    if end < start:
        return -working_days_between(end, start, calendar)
    return sum(calendar.is_working_day(start + _ONE_DAY * k) for k in range(1, (end - start).days + 1))
