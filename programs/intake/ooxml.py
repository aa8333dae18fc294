"""What calamine does not tell of an ``.xlsx``: formulas without a stored value, error cells, bombs, macros.

The zip is judged by its directory before anything is unpacked; the sheets are then read as a stream.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from typing import IO, Final
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import iterparse, parse

from programs.intake import limits
from programs.intake.marks import Marks, SheetMarks, Stop

_MACROS: Final = re.compile(r"vbaproject\.bin$|/macrosheets/|activex\d*\.bin$", re.IGNORECASE)
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def examine(data: bytes) -> Marks:
    """The marks of an ``.xlsx``; raises :class:`Stop` for what may not be read."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise Stop("corrupt") from error
    with archive:
        _check_members(archive)
        names = {name.lower(): name for name in archive.namelist()}
        marks = Marks()
        fresh = _never_computed(archive)
        for path in _sheet_paths(archive):
            member = names.get(path.lower())
            marks.sheets.append(_read_sheet(archive, member, fresh) if member else SheetMarks())
            marks.check_size()
        return marks


def _check_members(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    names = [member.filename for member in members]
    if len(members) > limits.MAX_MEMBERS:
        raise Stop("bomb", "members")
    if any(member.flag_bits & 0x1 for member in members):
        raise Stop("encrypted")
    if any(_MACROS.search(name) for name in names):
        raise Stop("macro")
    if "xl/workbook.xml" not in (lowered := {name.lower() for name in names}):
        kind = "binary" if "xl/workbook.bin" in lowered else "other"
        raise Stop("unsupported_format", kind)
    if sum(member.file_size for member in members) > limits.MAX_UNPACKED_BYTES:
        raise Stop("bomb", "unpacked")
    for member in members:
        dense = member.file_size > limits.MAX_MEMBER_RATIO * max(member.compress_size, 1)
        if dense and member.file_size > limits.RATIO_FROM_BYTES:
            raise Stop("bomb", "ratio")


def _open_xml(archive: zipfile.ZipFile, name: str) -> Element:
    with archive.open(name) as stream:
        root: Element = parse(stream, forbid_dtd=True).getroot()
        return root


def _member(archive: zipfile.ZipFile, name: str) -> str:
    """The name as the archive spells it; some writers capitalise at will."""
    return next((spelt for spelt in archive.namelist() if spelt.lower() == name.lower()), name)


def _sheet_paths(archive: zipfile.ZipFile) -> list[str]:
    """The parts of the worksheets, in the order of the tabs; "" for what is not a worksheet."""
    relations = _open_xml(archive, _member(archive, "xl/_rels/workbook.xml.rels"))
    targets = {item.get("Id", ""): (item.get("Target", ""), item.get("Type", "")) for item in relations}
    paths = []
    for sheet in _open_xml(archive, _member(archive, "xl/workbook.xml")).iter():
        if _local(sheet.tag) != "sheet":
            continue
        number = next((value for key, value in sheet.attrib.items() if _local(key) == "id"), "")
        target, kind = targets.get(number, ("", ""))
        whole = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        paths.append(whole if kind.endswith("/worksheet") else "")
    return paths


def _never_computed(archive: zipfile.ZipFile) -> bool:
    """The workbook asks to be computed on opening: a program wrote it, its zeros may be placeholders."""
    for item in _open_xml(archive, _member(archive, "xl/workbook.xml")).iter():
        if _local(item.tag) == "calcPr":
            return item.get("fullCalcOnLoad", "0") in ("1", "true")
    return False


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _read_sheet(archive: zipfile.ZipFile, name: str, fresh: bool) -> SheetMarks:
    with archive.open(name) as stream:
        return _SheetScan(fresh).run(stream)


class _SheetScan:
    """One pass over a sheet's XML, keeping no more than one row of it in memory."""

    def __init__(self, fresh: bool) -> None:
        self.marks = SheetMarks()
        self.fresh = fresh
        self.row = self.column = -1

    def run(self, stream: IO[bytes]) -> SheetMarks:
        data: Element | None = None
        for event, item in iterparse(stream, events=("start", "end"), forbid_dtd=True):
            name = _local(item.tag)
            if event == "start":
                if name == "sheetData":
                    data = item
                elif name == "row":
                    self._open_row(item)
            elif name == "c":
                self._cell(item)
            elif name == "row" and data is not None:
                data.clear()
            elif name == "sheetData":
                break
        return self.marks

    def _open_row(self, item: Element) -> None:
        number = item.get("r", "")
        self.row = int(number) - 1 if number.isascii() and number.isdigit() else self.row + 1
        self.column = -1
        if self.row >= 1_048_576:
            raise Stop("corrupt")

    def _cell(self, item: Element) -> None:
        reference = _REFERENCE.fullmatch(item.get("r", ""))
        self.column = _column(reference[1]) if reference else self.column + 1
        if reference:
            self.row = int(reference[2]) - 1
        parts = {_local(part.tag): part for part in item}
        if not parts:
            return
        where = (self.row, self.column)
        self.marks.saw(*where)
        value = parts.get("v")
        text = (value.text or "") if value is not None else ""
        kind = item.get("t", "n")
        if kind == "e":
            self.marks.errors[where] = text or "#ERR!"
        if "f" not in parts:
            return
        if not text and not (kind == "str" and value is not None):
            self.marks.uncomputed.add(where)
        elif self.fresh and text == "0" and kind == "n":
            self.marks.placeholders.add(where)
