"""The workbook handed back: the same, with a column "Lỗi" and coloured cells, and it can be sent again."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import openpyxl
import pytest
import xlsxwriter
import xlwt
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from accounts.models import User
from accounts.scope import act_as
from programs.intake.model import Workbook
from programs.intake.stage import annotated_workbook, workbook_of
from records.models import StagedImport
from tests.programs.intake.books import Page, flat_page, machine, xls, xlsx
from tests.programs.intake.desk import HOUSEHOLD, mend, page_of, stage

pytestmark = pytest.mark.django_db

GOOD = machine()
UNADDED = machine("bàn", tax_code="9928000217", own=300)
NOBODY = machine("tủ", beneficiary="", tax_code=None, place="Xã Bịa Đặt")


def returned(staged: StagedImport, actor: User) -> bytes:
    with act_as(actor):
        return annotated_workbook(staged, actor=actor)[1]


def sheets(data: bytes, *, values: bool = False) -> list[Worksheet]:
    return list(openpyxl.load_workbook(io.BytesIO(data), data_only=values).worksheets)


def column(sheet: Worksheet, number: int) -> dict[int, str]:
    """The filled cells of a column."""
    cells = ((row, sheet.cell(row, number).value) for row in range(1, sheet.max_row + 1))
    return {row: str(value) for row, value in cells if value is not None}


def coloured(sheet: Worksheet) -> set[str]:
    cells = (cell for row in sheet.iter_rows() for cell in row)
    return {cell.coordinate for cell in cells if cell.fill.fill_type == "solid"}


@pytest.fixture(params=[xlsx, xls], ids=["xlsx", "xls"])
def written(request: pytest.FixtureRequest) -> Callable[..., bytes]:
    """Both kinds of workbook."""
    made: Callable[..., bytes] = request.param
    return made


def test_each_problem_stands_in_its_row_and_its_cell_is_coloured(
    thanh_hoa_centre: User, written: Callable[..., bytes]
) -> None:
    staged = stage(thanh_hoa_centre, written(page_of(GOOD, UNADDED, NOBODY)), "Biểu của Sở.xls")
    (sheet,) = sheets(returned(staged, thanh_hoa_centre))
    notes = column(sheet, 14)
    assert set(notes) == {7, 12, 13}
    assert notes[7] == "Lỗi"
    assert "khác tổng kinh phí" in notes[12]
    assert "Chưa ghi đơn vị thụ hưởng" in notes[13]
    assert "Xã Bịa Đặt" in notes[13]
    assert coloured(sheet) == {"N7", "N12", "N13", "H12", "D13", "F13"}


def test_everything_else_is_as_it_was(thanh_hoa_centre: User, written: Callable[..., bytes]) -> None:
    data = written(page_of(GOOD, UNADDED))
    (sheet,) = sheets(returned(stage(thanh_hoa_centre, data), thanh_hoa_centre))
    (before,) = sheets(xlsx(page_of(GOOD, UNADDED)))
    cells = {
        cell.coordinate: cell.value for row in before.iter_rows() for cell in row if cell.value is not None
    }
    assert {place: sheet[place].value for place in cells} == cells
    assert {str(span) for span in sheet.merged_cells.ranges} == {
        str(span) for span in before.merged_cells.ranges
    }


def test_the_name_says_what_it_is(thanh_hoa_centre: User) -> None:
    staged = stage(thanh_hoa_centre, xls(page_of(UNADDED)), "Biểu của Sở.xls")
    with act_as(thanh_hoa_centre):
        name, _content = annotated_workbook(staged, actor=thanh_hoa_centre)
    assert unquote(name) == "Biểu của Sở - lỗi.xlsx"
    assert name.isascii()


def plain(workbook: Workbook) -> dict[str, Any]:
    return workbook.to_json()


@pytest.mark.parametrize(
    "pages",
    [
        [page_of(GOOD, UNADDED, NOBODY)],
        [flat_page([GOOD, UNADDED, NOBODY])],
        [page_of(GOOD, UNADDED, name="Quốc gia"), flat_page([NOBODY], name="Danh mục")],
        [page_of(GOOD, machine("ván", total=2400, kcqg=350, own=2050), machine("sơn", tax_code=HOUSEHOLD))],
    ],
    ids=["form", "flat", "two sheets", "warnings"],
)
def test_sent_again_it_says_the_same(
    thanh_hoa_centre: User, written: Callable[..., bytes], pages: list[Page]
) -> None:
    first = stage(thanh_hoa_centre, written(*pages))
    second = stage(thanh_hoa_centre, returned(first, thanh_hoa_centre))
    assert plain(workbook_of(second)) == plain(workbook_of(first))


def test_an_earlier_column_of_errors_is_replaced_not_doubled(thanh_hoa_centre: User) -> None:
    first = stage(thanh_hoa_centre, xlsx(page_of(GOOD, UNADDED, NOBODY)))
    data = returned(first, thanh_hoa_centre)
    book = openpyxl.load_workbook(io.BytesIO(data))
    book.worksheets[0]["K12"] = 350
    out = io.BytesIO()
    book.save(out)
    again = stage(thanh_hoa_centre, out.getvalue())
    (sheet,) = sheets(returned(again, thanh_hoa_centre))
    assert set(column(sheet, 14)) - {10, 14} == {7, 13}  # but for the sums that no longer agree
    assert column(sheet, 15) == {}
    assert "H12" not in coloured(sheet)
    assert {"D13", "F13"} <= coloured(sheet)


def test_the_offices_own_colours_and_fonts_survive(thanh_hoa_centre: User) -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx(page_of(GOOD, UNADDED))))
    book.worksheets[0]["B11"].fill = PatternFill("solid", fgColor="FF00FF00")
    book.worksheets[0]["B11"].font = Font(bold=True)
    book.worksheets[0].column_dimensions["B"].width = 44
    out = io.BytesIO()
    book.save(out)
    (sheet,) = sheets(returned(stage(thanh_hoa_centre, out.getvalue()), thanh_hoa_centre))
    assert sheet["B11"].fill.fgColor.rgb == "FF00FF00"
    assert sheet["B11"].font.bold
    assert sheet.column_dimensions["B"].width == 44


def test_formulas_stay_formulas_and_keep_their_results(thanh_hoa_centre: User) -> None:
    page = page_of(GOOD, UNADDED)
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet(page.name)
        for (row, column), value in page.cells.items():
            sheet.write(row - 1, column - 1, value)
        sheet.write_formula("H11", "=SUM(I11:L11)", None, 600)
    staged = stage(thanh_hoa_centre, out.getvalue())
    assert workbook_of(staged).rows[0].money.total == 600_000_000
    content = returned(staged, thanh_hoa_centre)
    assert sheets(content)[0]["H11"].value == "=SUM(I11:L11)"
    assert sheets(content, values=True)[0]["H11"].value == 600


def test_a_text_that_looks_like_a_formula_stays_a_text(thanh_hoa_centre: User) -> None:
    page = page_of(GOOD, UNADDED)
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet(page.name)
    for (row, column), value in page.cells.items():
        sheet.write(row - 1, column - 1, value)
    sheet.write(10, 12, '=HYPERLINK("http://xau.example")')
    out = io.BytesIO()
    book.save(out)
    (annotated,) = sheets(returned(stage(thanh_hoa_centre, out.getvalue()), thanh_hoa_centre))
    assert (annotated["M11"].data_type, annotated["M11"].value) == ("s", '=HYPERLINK("http://xau.example")')


def test_mended_rows_are_no_longer_marked(thanh_hoa_centre: User) -> None:
    staged = stage(thanh_hoa_centre, xlsx(page_of(GOOD, UNADDED)))
    mend(staged, thanh_hoa_centre, row_1_own_vnd="350000000")
    (sheet,) = sheets(returned(staged, thanh_hoa_centre))
    assert 12 not in column(sheet, 14)
    assert "H12" not in coloured(sheet)
