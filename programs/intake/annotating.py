"""The workbook again with a column "Lỗi" and coloured cells. Runs in the child process.

An ``.xlsx`` keeps its sheets, merges and widths; stored results of formulas are put back, which openpyxl
leaves out. An ``.xls`` becomes an ``.xlsx`` with its values, merges and widths. What we write is text,
whatever it begins with, so no cell can turn into a formula.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import struct
import zipfile
from typing import Any, Final
from xml.sax.saxutils import escape

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from programs.intake.cfb import Container

_ZIP: Final = b"PK\x03\x04"
_COLUMN_WIDTH: Final = 60
_FILLS: Final = {"error": "FFFBE3E1", "warning": "FFFFF1D6", "note": "FFE8F0F9"}
_OURS: Final = frozenset(_FILLS.values())
_INK: Final = {"error": "FFA61B1B", "warning": "FF7A4B00", "note": "FF33526E"}
_EMPTY_RESULT: Final = re.compile(
    rb'<c r="([A-Z]+[0-9]+)"([^>]*)>(<f[^>]*>[^<]*</f>|<f[^>]*/>)(?:<v ?/>|<v></v>)'
)


def annotated(data: bytes, notes: dict[str, Any]) -> bytes:
    """``notes``: heading, and by sheet ``{"row", "column", "lines": {row: [[severity, text], …]},
    "cells": [[row, column, severity], …]}`` with positions from 0."""
    results: dict[str, dict[str, Any]] = {}
    if data.startswith(_ZIP):
        workbook = load_workbook(io.BytesIO(data), keep_links=False)
        results = _stored_results(data)
    else:
        workbook = _converted(data)
    for sheet in workbook.worksheets:
        if about := notes["sheets"].get(sheet.title):
            _annotate(sheet, about, notes["heading"])
    out = io.BytesIO()
    workbook.save(out)
    return _with_results(out.getvalue(), [results.get(sheet.title, {}) for sheet in workbook.worksheets])


def _annotate(sheet: Worksheet, about: dict[str, Any], heading: str) -> None:
    column = _forget_earlier(sheet, about, heading) or about["column"] + 1
    _write(sheet, about["row"] + 1, column, heading, "error", bold=True)
    for row, lines in about["lines"].items():
        worst = next((s for s in ("error", "warning", "note") if any(line[0] == s for line in lines)), "note")
        _write(sheet, int(row) + 1, column, "\n".join(text for _severity, text in lines), worst)
    for row, place, severity in about["cells"]:
        cell = sheet.cell(row + 1, place + 1)
        if isinstance(cell, Cell):
            cell.fill = PatternFill("solid", fgColor=_FILLS[severity])
    sheet.column_dimensions[get_column_letter(column)].width = _COLUMN_WIDTH
    sheet.column_dimensions[get_column_letter(column)].hidden = False


def _forget_earlier(sheet: Worksheet, about: dict[str, Any], heading: str) -> int | None:
    """Takes out what an earlier annotation left in the workbook; the column it stood in."""
    for cells in sheet.iter_rows():
        for cell in cells:
            if isinstance(cell, Cell) and cell.fill.fill_type == "solid" and cell.fill.fgColor.rgb in _OURS:
                cell.fill = PatternFill()
    place = about["column"]
    if place < 1 or sheet.cell(about["row"] + 1, place).value != heading:
        return None
    for row in range(about["row"] + 1, sheet.max_row + 1):
        if isinstance(cell := sheet.cell(row, place), Cell):
            cell.value, cell.style = None, "Normal"
    return int(place)


def _write(sheet: Worksheet, row: int, column: int, text: str, severity: str, *, bold: bool = False) -> None:
    cell = sheet.cell(row, column)
    if not isinstance(cell, Cell):
        return
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell.data_type = "s"  # text even where it begins with "="
    cell.fill = PatternFill("solid", fgColor=_FILLS[severity])
    cell.font = Font(color=_INK[severity], bold=bold)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    line = Side("thin", color="FFBFC7D1")
    cell.border = Border(left=line, right=line, top=line, bottom=line)


def _stored_results(data: bytes) -> dict[str, dict[str, Any]]:
    """Sheet → cell → the result its formula had stored."""
    formulas = load_workbook(io.BytesIO(data), keep_links=False)
    values = load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
    found: dict[str, dict[str, Any]] = {}
    for sheet in formulas.worksheets:
        stored = values[sheet.title]
        cells = (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f")
        found[sheet.title] = {
            cell.coordinate: value for cell in cells if (value := stored[cell.coordinate].value) is not None
        }
    return found


def _with_results(data: bytes, results: list[dict[str, Any]]) -> bytes:
    """The saved workbook with the stored results of its formulas put back."""
    if not any(results):
        return data
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            content = old.read(item)
            number = re.fullmatch(r"xl/worksheets/sheet([0-9]+)\.xml", item.filename)
            stored = results[int(number[1]) - 1] if number and int(number[1]) <= len(results) else {}
            new.writestr(item, _fill_in(content, stored) if stored else content)
    return out.getvalue()


def _fill_in(sheet: bytes, stored: dict[str, Any]) -> bytes:
    def fill(found: re.Match[bytes]) -> bytes:
        if (value := stored.get(found[1].decode())) is None:
            return found[0]
        kind, text = _as_xml(value)
        return b'<c r="%s"%s%s>%s<v>%s</v>' % (found[1], found[2], kind, found[3], text)

    return _EMPTY_RESULT.sub(fill, sheet)


def _as_xml(value: Any) -> tuple[bytes, bytes]:
    if isinstance(value, bool):
        return b' t="b"', b"1" if value else b"0"
    if isinstance(value, int | float):
        return b"", repr(value).encode()
    if isinstance(value, dt.datetime | dt.date):
        day = value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time())
        return b"", repr((day - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)).encode()
    kind = b' t="e"' if str(value).startswith("#") else b' t="str"'
    return kind, escape(str(value)).encode()


# --- .xls


def _converted(data: bytes) -> Workbook:
    """The values of an ``.xls`` in a new workbook, with its merges and widths."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    widths = _widths(data)
    for number, about in enumerate(book.sheets_metadata):
        if about.typ != SheetTypeEnum.WorkSheet:
            continue
        source = book.get_sheet_by_index(number)
        sheet = workbook.create_sheet(about.name)
        if about.visible != SheetVisibleEnum.Visible:
            sheet.sheet_state = "hidden"
        for row, values in enumerate(source.to_python(skip_empty_area=False), start=1):
            for column, value in enumerate(values, start=1):
                _copy(sheet, row, column, value)
        for (top, left), (bottom, right) in source.merged_cell_ranges or []:
            sheet.merge_cells(
                start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1
            )
        for column, width in (widths[number] if number < len(widths) else {}).items():
            sheet.column_dimensions[get_column_letter(column + 1)].width = width
    return workbook


def _copy(sheet: Worksheet, row: int, column: int, value: Any) -> None:
    if value == "":
        return
    cell = sheet.cell(row, column)
    if not isinstance(cell, Cell):
        return
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.data_type = "s"
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        return
    cell.value = value
    if isinstance(value, dt.date):
        cell.number_format = "dd/mm/yyyy"


def _widths(data: bytes) -> list[dict[int, float]]:
    """Widths of columns in characters, sheet by sheet: the COLINFO records."""
    container = Container(data)
    stream = container.read("Workbook") or container.read("Book") or b""
    sheets: list[dict[int, float]] = []
    at, depth = 0, 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        body = stream[at + 4 : at + 4 + length]
        if kind == 0x0809:
            depth += 1
            if depth == 1:
                sheets.append({})
        elif kind == 0x0A:
            depth = max(depth - 1, 0)
        elif kind == 0x7D and len(body) >= 6 and sheets:
            first, last, width = struct.unpack_from("<HHH", body)
            for column in range(first, min(last, 255) + 1):
                sheets[-1][column] = round(width / 256, 2)
        at += 4 + length
    return sheets[1:]
