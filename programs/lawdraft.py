"""A version of a rule that is not yet law, put in its place while the law is read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Draft:
    """From ``since`` on, ``row`` stands where the version ``old_id`` stood; None where nothing follows."""

    model: type[Any]
    since: dt.date
    row: Any = None
    old_id: int | None = None

    def among(self, rows: Iterable[Row], on: dt.date, fits: Callable[[Any], bool]) -> list[Row]:
        """The rows in force on a day as they would be; ``fits`` is the condition they were read by."""
        kept: list[Any] = [row for row in rows if getattr(row, "pk", None) != self.old_id or on < self.since]
        if self.row is not None and on in self.row.valid and fits(self.row):
            kept.append(self.row)
        return kept

    def each_on(self, rows: Iterable[Row], day_of: Callable[[Any], dt.date]) -> list[Row]:
        """Rows that each count on a day of their own, as they would be."""
        kept: list[Any] = [
            row for row in rows if getattr(row, "pk", None) != self.old_id or day_of(row) < self.since
        ]
        if self.row is not None and day_of(self.row) in self.row.valid:
            kept.append(self.row)
        return kept

    @property
    def province_id(self) -> int | None:
        found: int | None = getattr(self.row, "province_id", None)
        return found
