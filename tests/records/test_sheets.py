"""Table files: what a spreadsheet reads back, and that memory does not grow."""

from __future__ import annotations

import csv
import datetime as dt
import io
import tracemalloc
import zipfile
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
import python_calamine

from records import sheets
from records.sheets import Column, Table
from tests import evidence

COLUMNS = [
    Column("Tên", lambda row: row[0]),
    Column("Ngày", lambda row: row[1]),
    Column("Tiền", lambda row: row[2], money=True),
    Column("Ha", lambda row: row[3]),
    Column("Số", lambda row: row[4]),
]
MOMENT = dt.datetime(2026, 11, 25, 18, 30, tzinfo=dt.UTC)
"""Already the 26th in Việt Nam."""
ROWS: list[tuple[Any, ...]] = [
    ("Đồ gỗ & <mây>", dt.date(2027, 3, 1), 250_000_000, Decimal("25.50"), 7),
    ("=1+1", MOMENT, 12_345_678, None, None),
]
ATTACKS = ("=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\tx", "\rx")


def made(kind: str, rows: Iterable[Any] = ROWS) -> bytes:
    return b"".join(sheets.pieces(Table("Đề án", COLUMNS, rows, "Điều kiện lọc: không lọc."), kind))


def test_excel_gets_real_numbers_real_days_and_text_that_stays_text() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(made(sheets.XLSX)))["Đề án"]
    assert [cell.value for cell in sheet[1]] == ["Tên", "Ngày", "Tiền (đồng)", "Ha", "Số"]
    assert [cell.value for cell in sheet[2]] == [
        "Đồ gỗ & <mây>", dt.datetime(2027, 3, 1), 250_000_000, 25.5, 7
    ]  # fmt: skip
    assert [cell.data_type for cell in sheet[2]] == ["s", "d", "n", "n", "n"]
    assert sheet["C2"].number_format == "#,##0"
    assert (sheet["A3"].value, sheet["A3"].data_type, sheet["A3"].quotePrefix) == ("=1+1", "s", True)
    assert sheet["B3"].value == dt.datetime(2026, 11, 26)
    assert [cell.value for cell in sheet[3]][3:] == [None, None]
    assert sheet["A4"].value == "Điều kiện lọc: không lọc."


def test_a_second_reader_agrees() -> None:
    rows = python_calamine.load_workbook(io.BytesIO(made(sheets.XLSX))).get_sheet_by_index(0).to_python()
    assert rows[1] == ["Đồ gỗ & <mây>", dt.date(2027, 3, 1), 250_000_000, 25.5, 7]


def test_amounts_are_dong_in_the_cell_on_the_sheet_and_in_the_heading() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(made(sheets.XLSX)))["Đề án"]
    assert (sheet["C1"].value, sheet["C3"].value) == ("Tiền (đồng)", 12_345_678)
    assert sheet["C3"].number_format == "#,##0"


def test_csv_begins_with_the_mark_excel_needs_and_says_dong_for_dong() -> None:
    data = made(sheets.CSV)
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows[0] == ["Tên", "Ngày", "Tiền (đồng)", "Ha", "Số"]
    assert rows[1] == ["Đồ gỗ & <mây>", "01/03/2027", "250000000", "25.50", "7"]
    assert rows[2] == ["'=1+1", "26/11/2026", "12345678", "", ""]
    assert rows[3] == ["Điều kiện lọc: không lọc."]


@pytest.mark.parametrize("text", ATTACKS)
def test_no_text_becomes_a_formula(text: str) -> None:
    row = (text, None, 0, None, None)
    line = list(csv.reader(io.StringIO(made(sheets.CSV, [row]).decode("utf-8-sig"))))[1][0]
    cell = openpyxl.load_workbook(io.BytesIO(made(sheets.XLSX, [row])))["Đề án"]["A2"]
    harmless = [line == f"'{text}", (cell.data_type, cell.quotePrefix) == ("s", True)]
    evidence.count("hostile_cells", len(harmless), harmless.count(False))
    assert all(harmless)


def test_characters_that_xml_forbids_do_not_break_the_book() -> None:
    row = ("a\x00b\x0b\ufffe", None, 0, None, None)
    assert openpyxl.load_workbook(io.BytesIO(made(sheets.XLSX, [row])))["Đề án"]["A2"].value == "ab"


def test_what_one_sheet_cannot_hold_goes_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "ROWS_A_SHEET", 10)
    rows = [(str(number), None, number, None, None) for number in range(25)]
    book = openpyxl.load_workbook(io.BytesIO(made(sheets.XLSX, rows)))
    assert book.sheetnames == ["Đề án", "Đề án 2", "Đề án 3"]
    read = [row[0] for sheet in book for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert read == [*map(str, range(25)), "Điều kiện lọc: không lọc."]


@pytest.mark.parametrize("kind", [sheets.CSV, sheets.XLSX])
def test_a_long_table_leaves_in_pieces_and_is_never_held_whole(kind: str) -> None:
    def rows() -> Iterator[Any]:
        for number in range(20_000):
            yield (f"Cơ sở {number} " + "x" * 200, MOMENT.date(), number, None, number)

    size = count = 0
    tracemalloc.start()
    for piece in sheets.pieces(Table("Đề án", COLUMNS, rows(), "Hết."), kind):
        size, count = size + len(piece), count + 1
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count > 1
    assert peak < 1_500_000


def test_the_parts_of_the_book_are_sound() -> None:
    assert zipfile.ZipFile(io.BytesIO(made(sheets.XLSX))).testzip() is None
