"""Rows as a table file, CSV or XLSX, in constant memory, however many.

Text is always text: what a spreadsheet would take for a formula is marked as text in both.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _

Cell = str | int | Decimal | dt.date | dt.datetime | None
CSV, XLSX = "csv", "xlsx"
MEDIA_TYPES: Final = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
BOM: Final = "\ufeff"
"""By it Excel knows that a CSV is UTF-8."""
ROWS_A_PIECE: Final = 500
ROWS_A_SHEET: Final = 1_000_000
PIECE_BYTES: Final = 65_536
LONGEST_CELL: Final = 32_767
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Column:
    """``value`` takes the cell from a row; ``money`` marks whole đồng."""

    label: str
    value: Callable[[Any], Cell]
    width: int = 14
    money: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """``rows`` is read once. Amounts are đồng and look it, whatever unit the reader's screens show."""

    name: str
    columns: list[Column]
    rows: Iterable[Any]
    last_line: str


def pieces(table: Table, kind: str) -> Iterator[bytes]:
    """The file's bytes in order. Raises ``KeyError`` for an unknown kind."""
    return {CSV: _csv, XLSX: _xlsx}[kind](table)


# --- CSV: days as dd/mm/yyyy


def _csv(table: Table) -> Iterator[bytes]:
    out = io.StringIO()
    out.write(BOM)
    writer = csv.writer(out)
    writer.writerow(_plain(_heading(column)) for column in table.columns)
    for number, row in enumerate(table.rows, start=1):
        writer.writerow(_plain(column.value(row)) for column in table.columns)
        if number % ROWS_A_PIECE == 0:
            yield _taken(out)
    writer.writerow([_plain(table.last_line)])
    yield _taken(out)


def _taken(out: io.StringIO) -> bytes:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text.encode()


def _plain(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.date):
        return f"{_day(value):%d/%m/%Y}"
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA) else text


def _day(value: dt.date) -> dt.date:
    return timezone.localtime(value).date() if isinstance(value, dt.datetime) else value


def _heading(column: Column) -> str:
    return f"{column.label} ({_('đồng')})" if column.money else column.label


# --- XLSX: made in a temporary file, a row in memory at a time


def _xlsx(table: Table) -> Iterator[bytes]:
    with tempfile.TemporaryFile() as file:
        with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
            _Writer(book, table).write()
        file.seek(0)
        while piece := file.read(PIECE_BYTES):
            yield piece


class _Writer:
    """One list's sheets: more than one only where the rows are more than a sheet holds."""

    def __init__(self, book: Any, table: Table) -> None:
        self.book, self.table = book, table
        self.text = book.add_format({"num_format": "@", "quote_prefix": True})
        self.title = book.add_format({"num_format": "@", "quote_prefix": True, "bold": True})
        self.money = book.add_format({"num_format": "#,##0"})
        self.day = book.add_format({"num_format": "dd/mm/yyyy"})
        self.fraction = book.add_format({"num_format": "#,##0.00"})

    def write(self) -> None:
        sheet, line = self._sheet(), 1
        for row in self.table.rows:
            if line > ROWS_A_SHEET:
                sheet, line = self._sheet(), 1
            for place, column in enumerate(self.table.columns):
                self._cell(sheet, line, place, column.value(row), column)
            line += 1
        self._text(sheet, line, 0, self.table.last_line, self.text)

    def _sheet(self) -> Any:
        number = len(self.book.worksheets()) + 1
        sheet = self.book.add_worksheet(
            self.table.name[:31] if number == 1 else f"{self.table.name[:25]} {number}"
        )
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(self.table.columns):
            sheet.set_column(place, place, column.width)
            self._text(sheet, 0, place, _heading(column), self.title)
        return sheet

    def _cell(self, sheet: Any, line: int, place: int, value: Cell, column: Column) -> None:
        if isinstance(value, str):
            self._text(sheet, line, place, value, self.text)
        elif isinstance(value, dt.date):
            sheet.write_datetime(line, place, dt.datetime.combine(_day(value), dt.time()), self.day)
        elif value is not None:
            number = self.fraction if isinstance(value, Decimal) else None
            sheet.write_number(line, place, value, self.money if column.money else number)

    def _text(self, sheet: Any, line: int, place: int, text: str, style: Any) -> None:
        if text:
            sheet.write_string(line, place, NOT_XML.sub("", text)[:LONGEST_CELL], style)
