"""A workbook as plain values: sheets of cells, before anybody asks what they mean. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from vietnam.text import clean

Value: TypeAlias = str | int | float | bool | dt.date | None


@dataclass(frozen=True, slots=True)
class Span:
    """A merged range; positions count from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Sheet:
    """Cells by row and column from 0. ``hidden`` sheets and rows are read like any other."""

    name: str
    rows: list[list[Value]]
    hidden: bool = False
    merged: list[Span] = field(default_factory=list)
    uncomputed: set[tuple[int, int]] = field(default_factory=set)
    """Formulas whose result was never stored."""
    placeholders: set[tuple[int, int]] = field(default_factory=set)
    """Formulas with a stored 0 in a workbook that no spreadsheet programme has computed."""
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    """Cells that show an error such as #REF!."""
    _spans: dict[tuple[int, int], Span] | None = None

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Sheet:
        return cls(
            name=clean(data["name"]),
            rows=[[_value(cell) for cell in row] for row in data["rows"]],
            hidden=data["hidden"],
            merged=[Span(*span) for span in data["merged"]],
            uncomputed={(row, column) for row, column in data["uncomputed"]},
            placeholders={(row, column) for row, column in data["placeholders"]},
            errors={(row, column): text for row, column, text in data["errors"]},
        )

    @property
    def width(self) -> int:
        return max(map(len, self.rows), default=0)

    def at(self, row: int, column: int) -> Value:
        cells = self.rows[row] if 0 <= row < len(self.rows) else []
        return cells[column] if 0 <= column < len(cells) else None

    def text(self, row: int, column: int) -> str:
        """The cell as one tidy line of text; "" for an empty one."""
        return text_of(self.at(row, column))

    def shown(self, row: int, column: int) -> str:
        """What a reader sees over the cell: its own text, or that of the merged range it lies in."""
        span = self.span(row, column)
        return self.text(span.top, span.left) if span else self.text(row, column)

    def texts(self, row: int) -> Iterator[tuple[int, str]]:
        """The cells of a row that say something, with their columns."""
        for column, value in enumerate(self.rows[row]):
            if text := text_of(value):
                yield column, text

    def unreadable(self, row: int, column: int) -> str:
        """Why the cell has no value though it should: the error shown or "formula"; "" when it is fine."""
        if (row, column) in self.uncomputed:
            return "formula"
        return self.errors.get((row, column), "")

    def span(self, row: int, column: int) -> Span | None:
        """The merged range the cell lies in."""
        if self._spans is None:
            spans: dict[tuple[int, int], Span] = {}
            for span in self.merged:
                # A merged title block may reach the last column: only the used part matters.
                for r in range(span.top, min(span.bottom, len(self.rows) - 1) + 1):
                    for c in range(span.left, min(span.right, self.width - 1) + 1):
                        spans[r, c] = span
            self._spans = spans
        return self._spans.get((row, column))


def _value(cell: Any) -> Value:
    if isinstance(cell, dict):
        return dt.date.fromisoformat(cell["date"])
    value: Value = cell
    return value


def text_of(value: Value) -> str:
    """A cell as a person reads it: whole numbers without ".0", dates as dd/mm/yyyy."""
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value).upper()
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dt.date):
        return value.strftime("%d/%m/%Y")
    return format(value, ".15g") if isinstance(value, float) else str(value)


def column_name(column: int) -> str:
    """0 → "A", 27 → "AB"."""
    name, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def cell_name(row: int, column: int) -> str:
    """As the spreadsheet shows it: (10, 7) → "H11"."""
    return f"{column_name(column)}{row + 1}"
