"""What calamine does not tell of an ``.xls``: formulas without a result, error cells, macros, passwords."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from programs.intake.cfb import Container
from programs.intake.marks import Marks, SheetMarks, Stop

_BOF, _EOF, _BOUNDSHEET, _FILEPASS, _FORMULA, _BOOLERR = 0x0809, 0x0A, 0x85, 0x2F, 0x06, 0x0205
_CELLS = {0x0201, 0x0203, 0x0204, 0x0205, 0x0006, 0x027E, 0x00FD, 0x00D6}
_MANY = {0x00BD}
_MACRO_SHEET, _MODULE = 1, 6
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_VALUE_IS_TEXT, _VALUE_IS_ERROR, _VALUE_IS_BLANK = 0, 2, 3


def examine(data: bytes) -> Marks:
    """The marks of an ``.xls``; raises :class:`Stop` for what may not be read."""
    container = Container(data)
    names = {name.upper() for name in container.names}
    if names & {"ENCRYPTEDPACKAGE", "ENCRYPTIONINFO"}:
        raise Stop("encrypted")
    stream = container.read("Workbook") or container.read("Book")
    if stream is None:
        raise Stop("unsupported_format", "ole")
    if any(name.startswith(("_VBA_PROJECT", "VBA")) for name in names):
        raise Stop("macro")
    return _read_stream(stream)


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, bytes]]:
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield at, kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _read_stream(stream: bytes) -> Marks:
    starts: list[int] = []
    for _at, kind, body in _records(stream, 0):
        if kind == _FILEPASS:
            raise Stop("encrypted")
        if kind == _BOUNDSHEET and len(body) >= 6:
            start, _hidden, sheet_kind = struct.unpack_from("<IBB", body)
            if sheet_kind in (_MACRO_SHEET, _MODULE):
                raise Stop("macro")
            starts.append(start)
        if kind == _EOF:
            break
    marks = Marks()
    for start in starts:
        marks.sheets.append(_read_sheet(stream, start))
        marks.check_size()
    return marks


def _read_sheet(stream: bytes, start: int) -> SheetMarks:
    sheet, depth = SheetMarks(), 0
    for _at, kind, body in _records(stream, start):
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                break
        elif depth == 1 and (kind in _CELLS or kind in _MANY) and len(body) >= 4:
            row, column = struct.unpack_from("<HH", body)
            last = column + max(len(body) - 6, 0) // 6 if kind in _MANY else column
            sheet.saw(row, last)
            _mark_value(sheet, kind, body, row, column)
    return sheet


def _mark_value(sheet: SheetMarks, kind: int, body: bytes, row: int, column: int) -> None:
    if kind == _BOOLERR and len(body) >= 8 and body[7]:
        sheet.errors[row, column] = _ERRORS.get(body[6], "#ERR!")
    if kind != _FORMULA or len(body) < 14 or body[12:14] != b"\xff\xff":
        return
    if body[6] == _VALUE_IS_ERROR:
        sheet.errors[row, column] = _ERRORS.get(body[8], "#ERR!")
    elif body[6] == _VALUE_IS_BLANK:
        sheet.uncomputed.add((row, column))
