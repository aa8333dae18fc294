"""Registration workbooks as offices send them, built anew for each test. All firms and codes are invented.

A :class:`Page` is a grid that can be written as ``.xlsx`` or ``.xls``; ``form_page`` lays projects out as
Mẫu số 2 and ``flat_page`` as a plain list.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import openpyxl
import xlwt

Cell = Any
SHEET_PART = "xl/worksheets/sheet1.xml"
MACHINE = "Hỗ trợ ứng dụng máy móc thiết bị tiên tiến trong sản xuất"


@dataclass
class Page:
    """Cells by (row, column) from 1, as a spreadsheet counts."""

    name: str = "Mẫu 2"
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden: bool = False

    def put(self, row: int, values: Iterable[Cell], column: int = 1) -> Page:
        for offset, value in enumerate(values):
            if value is not None:
                self.cells[row, column + offset] = value
        return self

    def merge(self, top: int, left: int, bottom: int, right: int) -> Page:
        self.merges.append((top, left, bottom, right))
        return self

    @property
    def last(self) -> int:
        return max((row for row, _column in self.cells), default=0)


def xlsx(*pages: Page) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for page in pages:
        sheet = book.create_sheet(page.name)
        for (row, column), value in page.cells.items():
            sheet.cell(row, column, value)
        for top, left, bottom, right in page.merges:
            sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
        for row in page.hidden_rows:
            sheet.row_dimensions[row].hidden = True
        if page.hidden:
            sheet.sheet_state = "hidden"
    if all(page.hidden for page in pages):
        book.create_sheet("Bìa")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xls(*pages: Page) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    for page in pages:
        sheet = book.add_sheet(page.name, cell_overwrite_ok=True)
        for (row, column), value in page.cells.items():
            if isinstance(value, str) and value.startswith("="):
                value = xlwt.Formula(value[1:])
            sheet.write(row - 1, column - 1, value)
        for top, left, bottom, right in page.merges:
            sheet.merge(top - 1, bottom - 1, left - 1, right - 1)
        for row in page.hidden_rows:
            sheet.row(row - 1).hidden = True
        sheet.visibility = int(page.hidden)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@dataclass
class Entry:
    """One project of a list, money in the list's own unit."""

    title: str
    beneficiary: str = "Công ty TNHH Thử Giả Định"
    tax_code: Cell = "9928000104"
    place: str = "Xã Thọ Xuân, Tỉnh Thanh Hóa"
    time: Cell = "Tháng 03/2027 - 10/2027"
    total: Cell = 600
    kcqg: Cell = 250
    kcdp: Cell = 0
    own: Cell = 350
    other: Cell = None
    note: Cell = None

    def values(self, number: Cell) -> list[Cell]:
        return [
            number,
            self.title,
            "Trung tâm Khuyến công",
            self.beneficiary,
            self.tax_code,
            self.place,
            self.time,
            self.total,
            self.kcqg,
            self.kcdp,
            self.own,
            self.other,
            self.note,
        ]


def machine(goods: str = "đồ gỗ", **changes: Any) -> Entry:
    return Entry(f"{MACHINE} {goods}", **changes)


HEAD = [
    "STT",
    "Tên đề án, nhiệm vụ",
    "Đơn vị thực hiện",
    "Đơn vị thụ hưởng",
    "Mã số thuế",
    "Địa điểm thực hiện",
    "Thời gian thực hiện",
]
SOURCES = ["KCQG", "KCĐP", "Đối ứng", "Khác"]
Group = tuple[str, str, Sequence[Entry]]


def form_page(
    groups: Sequence[Group],
    *,
    name: str = "Mẫu 2",
    province: str = "TỈNH THANH HÓA",
    purse: str = "QUỐC GIA",
    year: int | None = 2027,
    unit: str = "triệu đồng",
    signature: bool = True,
) -> Page:
    """Mẫu số 2: title block, heading of two merged levels, numbered columns, groups with subtotals."""
    page = Page(name)
    page.put(1, [f"ỦY BAN NHÂN DÂN {province}"]).merge(1, 1, 1, 4)
    page.put(1, ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"], 7).merge(1, 7, 1, 13)
    ending = f" ĐĂNG KÝ KẾ HOẠCH NĂM {year}" if year else ""
    page.put(4, [f"BIỂU TỔNG HỢP ĐỀ ÁN KHUYẾN CÔNG {purse}{ending}"]).merge(4, 1, 4, 13)
    page.put(5, ["(Kèm theo Báo cáo số:      /BC-SCT ngày     tháng 6 năm 2026)"]).merge(5, 1, 5, 13)
    if unit:
        page.put(6, [f"ĐVT: {unit}"], 13)
    page.put(7, [*HEAD, "Tổng kinh phí", "Trong đó"]).put(7, ["Ghi chú"], 13).put(8, SOURCES, 9)
    for column in (*range(1, 9), 13):
        page.merge(7, column, 8, column)
    page.merge(7, 9, 7, 12)
    page.put(9, [f"({n})" for n in range(1, 14)])
    for number, title, entries in groups:
        page.put(page.last + 1, [number, title]).put(page.last, _sums(entries), 8)
        for n, entry in enumerate(entries, start=1):
            page.put(page.last + 1, entry.values(n))
    everything = [entry for _number, _title, entries in groups for entry in entries]
    page.put(page.last + 1, [None, "TỔNG CỘNG"]).put(page.last, _sums(everything), 8)
    if signature:
        row = page.last
        page.put(row + 2, ["Người lập biểu"], 2).put(row + 2, ["GIÁM ĐỐC"], 10)
        page.put(row + 3, ["(Ký, ghi rõ họ tên)"], 2).put(row + 3, ["(Ký, ghi rõ họ tên, đóng dấu)"], 10)
        page.put(row + 5, ["Nguyễn Văn Lập"], 2).put(row + 5, ["Trần Văn Ký"], 4)
    return page


def _sums(entries: Sequence[Entry]) -> list[Cell]:
    def add(name: str) -> Cell:
        values = [getattr(entry, name) for entry in entries]
        numbers = [value for value in values if isinstance(value, int | float)]
        return sum(numbers) if len(numbers) == len([v for v in values if v is not None]) else None

    return [add(name) for name in ("total", "kcqg", "kcdp", "own", "other")]


FLAT_HEAD = [*HEAD, "Tổng kinh phí", "KCQG", "KCĐP", "Đối ứng", "Khác", "Ghi chú"]


def flat_page(entries: Sequence[Entry], *, name: str = "Sheet1", unit: str = "triệu đồng") -> Page:
    """A plain list: the heading in the first row, the unit in each money column."""
    head = [f"{text} ({unit})" if unit and 7 <= n <= 11 else text for n, text in enumerate(FLAT_HEAD)]
    page = Page(name).put(1, head)
    for number, entry in enumerate(entries, start=1):
        page.put(number + 1, entry.values(number))
    return page


def rezip(
    data: bytes,
    edit: Callable[[str, bytes], bytes] = lambda _name, part: part,
    *,
    drop: Collection[str] = (),
    add: Mapping[str, bytes] | None = None,
) -> bytes:
    """The archive with its parts edited, dropped or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in drop:
                new.writestr(name, edit(name, old.read(name)))
        for name, part in (add or {}).items():
            new.writestr(name, part)
    return out.getvalue()


def in_sheet(data: bytes, old: bytes, new: bytes) -> bytes:
    """The workbook with ``old`` replaced by ``new`` in the XML of its first sheet."""

    def edit(name: str, part: bytes) -> bytes:
        return part.replace(old, new) if name == SHEET_PART else part

    return rezip(data, edit)


def renamed_stream(data: bytes, name: str) -> bytes:
    """An ``.xls`` whose stream "Workbook" is called otherwise, as in other files of the same container."""
    old, new = "Workbook".encode("utf-16-le"), name.encode("utf-16-le")
    at = data.index(old + b"\0\0")
    entry = (new + b"\0\0").ljust(64, b"\0") + struct.pack("<H", len(new) + 2)
    return data[:at] + entry + data[at + len(entry) :]
