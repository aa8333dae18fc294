"""Rows as a table file that is sent while it is made: CSV or XLSX in constant memory, however many.

XLSX is written by hand here, because libraries hand over the file only when the last row is in it. Text
is always text: what a spreadsheet would take for a formula is marked as text in both.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from xml.sax.saxutils import escape

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
ROWS_A_SHEET: Final = 500_000
"""Half of what a sheet may hold: its XML then stays below 2 GB, which every reader of zip files takes."""
LONGEST_CELL: Final = 32_767
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
FIRST_DAY: Final = dt.date(1899, 12, 30)
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
    """``rows`` is read once; ``unit`` ("dong", "trieu") is how amounts show, never what they are."""

    name: str
    columns: list[Column]
    rows: Iterable[Any]
    last_line: str
    unit: str = "dong"


def pieces(table: Table, kind: str) -> Iterator[bytes]:
    """The file's bytes in order. Raises ``KeyError`` for an unknown kind."""
    return {CSV: _csv, XLSX: _xlsx}[kind](table)


# --- CSV: amounts in đồng, days as dd/mm/yyyy


def _csv(table: Table) -> Iterator[bytes]:
    out = io.StringIO()
    out.write(BOM)
    writer = csv.writer(out)
    writer.writerow(_plain(_heading(column, "dong")) for column in table.columns)
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


def _heading(column: Column, unit: str) -> str:
    if not column.money:
        return column.label
    return f"{column.label} ({_('triệu đồng') if unit == 'trieu' else _('đồng')})"


# --- XLSX: the parts of the package, the sheets first

MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
PART: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TEXT, MONEY, MILLIONS, DAY, TITLE, FRACTION = range(1, 7)
STYLES: Final = f"""{HEAD}<styleSheet xmlns="{MAIN}">\
<numFmts count="2"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/>\
<numFmt numFmtId="165" formatCode="#,##0.00,,"/></numFmts>\
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>\
<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>\
<fills count="2"><fill><patternFill patternType="none"/></fill>\
<fill><patternFill patternType="gray125"/></fill></fills>\
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>\
<cellXfs count="7"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>\
<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1"/>\
<xf numFmtId="3" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>\
<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>\
<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>\
<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyFont="1"/>\
<xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>\
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""


class _Outgoing(io.RawIOBase):
    """What the zip has written and nobody has sent yet; there is no way back in it."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.waiting.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        data, self.waiting = b"".join(self.waiting), []
        return data


def _xlsx(table: Table) -> Iterator[bytes]:
    out, rows, sheets, more = _Outgoing(), iter(table.rows), 0, True
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        while more:
            sheets += 1
            with book.open(f"xl/worksheets/sheet{sheets}.xml", "w") as sheet:
                sheet.write(_sheet_head(table))
                lines = 1
                for row in rows:
                    lines += 1
                    sheet.write(_row(lines, [_cell(column, row, table.unit) for column in table.columns]))
                    if lines % ROWS_A_PIECE == 0:
                        yield out.taken()
                    if lines > ROWS_A_SHEET:
                        break
                else:
                    more = False
                    sheet.write(_row(lines + 1, [_text(table.last_line, TEXT)]))
                sheet.write(b"</sheetData></worksheet>")
        for name, content in _package(table.name, sheets).items():
            book.writestr(name, content)
    yield out.taken()


def _sheet_head(table: Table) -> bytes:
    widths = "".join(
        f'<col min="{n}" max="{n}" width="{column.width}" customWidth="1"/>'
        for n, column in enumerate(table.columns, start=1)
    )
    frozen = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    head = (
        f'{HEAD}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0">{frozen}'
        f"</sheetView></sheetViews><cols>{widths}</cols><sheetData>"
    )
    titles = [_text(_heading(column, table.unit), TITLE) for column in table.columns]
    return head.encode() + _row(1, titles)


def _row(number: int, cells: list[str]) -> bytes:
    return f'<row r="{number}">{"".join(cells)}</row>'.encode()


def _cell(column: Column, row: Any, unit: str) -> str:
    value = column.value(row)
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, str):
        return _text(value, TEXT)
    if isinstance(value, dt.date):
        return f'<c s="{DAY}"><v>{(_day(value) - FIRST_DAY).days}</v></c>'
    style = FRACTION if isinstance(value, Decimal) else 0
    if column.money:
        style = MILLIONS if unit == "trieu" else MONEY
    return f'<c s="{style}"><v>{value}</v></c>'


def _text(text: str, style: int) -> str:
    kept = escape(NOT_XML.sub("", text)[:LONGEST_CELL])
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{kept}</t></is></c>'


def _package(name: str, sheets: int) -> dict[str, str]:
    """Everything beside the sheets themselves."""
    numbers = range(1, sheets + 1)
    titles = [f"{name[:25]} {n}" if sheets > 1 else name[:31] for n in numbers]
    styles = sheets + 1
    return {
        "xl/styles.xml": STYLES,
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        + "".join(
            f'<sheet name="{escape(title)}" sheetId="{n}" r:id="rId{n}"/>'
            for n, title in zip(numbers, titles, strict=True)
        )
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n in numbers
        )
        + f'<Relationship Id="rId{styles}" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1"'
        f' Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{PART}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{PART}.styles+xml"/>'
        + "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{PART}.worksheet+xml"/>'
            for n in numbers
        )
        + "</Types>",
    }
