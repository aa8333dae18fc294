"""Which plan years a project may be entered for, and which of them forms offer."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

DECREE_SINCE = dt.date(2012, 7, 5)
"""When Nghị định 45/2012/NĐ-CP came into force; no decision under it is older."""
FIRST_YEAR = 2014
"""The first year of the programme 2014–2020, whose lists may still be carried over."""
OFFERED_FROM = 2021
YEARS_AHEAD = 2


def plan_years() -> range:
    """Every year a draft or a list may name."""
    return range(FIRST_YEAR, timezone.localdate().year + YEARS_AHEAD + 1)


def offered_years() -> range:
    """The years a choice shows, newest first."""
    return range(plan_years()[-1], OFFERED_FROM - 1, -1)
