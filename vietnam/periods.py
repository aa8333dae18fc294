"""Periods of validity: date ranges that include the first day and exclude the last bound."""

from __future__ import annotations

import datetime as dt

from django.db.backends.postgresql.psycopg_any import DateRange


def period(first: dt.date | None, no_longer: dt.date | None) -> DateRange:
    """The range from ``first`` to the day before ``no_longer``, equal to what PostgreSQL gives back."""
    return DateRange(first, no_longer, "[)" if first else "()")
