"""The workbook says what the numbers say, whatever they and the words are. No database here."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import re
import zipfile
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape
from python_calamine import CalamineWorkbook

from programs.lifecycle import Kind, State
from programs.procedures import FormInForce
from reports import render
from reports.figures import Group, ListedProject, Money, RegistrationList
from tests.reports.conftest import COLUMNS, FIRST_ROW, TRIEU, Sheet, read_sheet, vnd

LARGEST = 10**15
"""VND: a hundred times a year's money of the whole country, and still exact in a spreadsheet."""
HOSTILE = (
    "=1+1", "=HYPERLINK(\"http://x.invalid\";\"y\")", "+84", "-1", "@SUM(A1)", "{=1}", "１２", "＝1+1",
    "1.234,5", "0000123", "2027-01-01", "TRUE", "http://x.invalid/", "mailto:a@b", "<b>&amp;</b>", "_x0041_",
    "Đậu phộng 'x'", "x" * 300,
)  # fmt: skip

HEADING = render.Heading(
    office="Sở Công Thương Thử",
    purse="Khuyến công quốc gia",
    year=2027,
    area="Tỉnh Thử",
    stage="Mọi trạng thái",
    made_at=dt.datetime(2026, 11, 2, 9, 5),
    made_by="Người Thử",
    form=FormInForce("Mẫu số 2", "Quyết định 01/QĐ-THỬ"),
)
amounts = st.one_of(st.just(0), st.integers(0, 10**9).map(lambda n: n * 1000), st.integers(0, LARGEST))
money = st.builds(Money, amounts, amounts, amounts, amounts, amounts)
# What a cleaned column can hold: no control characters, no lonely halves of letters, no spaces at the ends.
words = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=40),
)
days = st.none() | st.dates(dt.date(2014, 1, 1), dt.date(2100, 12, 31))
projects = st.builds(
    ListedProject,
    title=words,
    implementer=words,
    partner=words,
    beneficiaries=st.lists(words, max_size=3).map(tuple),
    place=words,
    starts_on=days,
    ends_on=days,
    content=words,
    money=money,
    priority=st.lists(words, max_size=2).map(tuple),
    code=words,
    kind=st.sampled_from(Kind),
    state=st.sampled_from(State),
)
groups = st.builds(Group, words, words, st.integers(0, 99), st.lists(projects, max_size=4))
tables = st.builds(RegistrationList, st.lists(groups, max_size=4), st.just([]))


def written(table: RegistrationList, heading: render.Heading = HEADING) -> bytes:
    out = io.BytesIO()
    render.registration_list(table, heading, out)
    return out.getvalue()


def project(**changes: Any) -> ListedProject:
    fields: dict[str, Any] = {
        "title": "Đề án thử",
        "implementer": "",
        "partner": "",
        "beneficiaries": ("Công ty TNHH Thử Giả Định",),
        "place": "",
        "starts_on": None,
        "ends_on": None,
        "content": "",
        "money": Money(3, 1, 1, 1, 0),
        "priority": (),
        "code": "KCQG-2027-38-0001",
        "kind": Kind.SINGLE,
        "state": State.APPROVED,
    }
    return ListedProject(**(fields | changes))


def one(**changes: Any) -> Sheet:
    return read_sheet(written(RegistrationList([Group("N3", "Máy móc", 7, [project(**changes)])], [])))


def added(rows: list[list[int]]) -> list[int]:
    return [sum(column) for column in zip(*rows, strict=True)] if rows else [0] * 5


@given(tables)
@example(RegistrationList([], []))
@settings(max_examples=30)
def test_every_amount_comes_back_to_the_dong_and_every_sum_is_of_its_rows(table: RegistrationList) -> None:
    sheet = read_sheet(written(table))
    assert [vnd(row) for row in sheet.projects] == [
        list(each.money.amounts()) for group in table.groups for each in group.projects
    ]
    assert [vnd(row) for row in sheet.groups] == [
        added([list(each.money.amounts()) for each in group.projects]) for group in table.groups
    ]
    assert vnd(sheet.total) == added([vnd(row) for row in sheet.projects])


@given(tables)
@settings(max_examples=25)
def test_text_stays_the_text_it_was_and_nothing_becomes_a_formula_or_a_link(table: RegistrationList) -> None:
    content = written(table)
    sheet = read_sheet(content)
    for row, each in zip(sheet.projects, [p for g in table.groups for p in g.projects], strict=True):
        # Escapes such as _x0041_ are undone by spreadsheets, but not by this reader.
        assert [unescape(row[place]) for place in (1, 2, 3, 5, 7)] == [
            each.title, each.implementer, each.partner, each.place, each.content,
        ]  # fmt: skip
    for line in sheet.page.iter_rows():
        for cell in line:
            assert cell.data_type in ("s", "n", "inlineStr"), cell.coordinate
            assert cell.hyperlink is None
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        page = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in page and "<hyperlink" not in page


def test_another_reader_finds_the_same_numbers() -> None:
    content = written(
        RegistrationList([Group("N3", "=1+1", 7, [project(money=Money(1_500_001, 1, 0, 0, 7))])], [])
    )
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[FIRST_ROW - 1][:2] == ["I", "=1+1"]
    assert rows[FIRST_ROW][8:13] == [1.500001, 0.000001, 0.0, 0.0, 0.000007]


def test_a_cell_that_begins_like_a_formula_stays_text_even_when_it_is_edited() -> None:
    cell = one(title="=1+1").page.cell(FIRST_ROW + 1, 2)
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1", "s", True)


def test_an_amount_is_shown_with_all_its_decimals_and_no_more() -> None:
    sheet = one(money=Money(1_234_500_000, 250 * TRIEU, 7, 0, 10))
    formats = [sheet.page.cell(FIRST_ROW + 1, column).number_format for column in range(9, 14)]
    assert formats == ["#,##0.0", "#,##0", "#,##0.000000", "#,##0", "#,##0.00000"]


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (dt.date(2027, 3, 1), dt.date(2027, 10, 30), "01/03/2027\N{NO-BREAK SPACE}– 30/10/2027"),
        (dt.date(2027, 3, 1), None, "01/03/2027\N{NO-BREAK SPACE}– …"),
        (None, None, None),
    ],
)
def test_the_period_is_written_in_days(start: dt.date | None, end: dt.date | None, text: str | None) -> None:
    assert one(starts_on=start, ends_on=end).projects[0][6] == text


def test_a_group_project_without_establishments_says_who_will_choose() -> None:
    row = one(kind=Kind.GROUP, beneficiaries=()).projects[0]
    assert row[4] == "Sở lựa chọn sau"
    assert row[14] == "KCQG-2027-38-0001; Đề án nhóm"
    assert one(kind=Kind.SINGLE, beneficiaries=()).projects[0][4] is None


def test_the_note_tells_the_state_until_the_plan_is_approved() -> None:
    assert one(state=State.REVIEW_MIN).projects[0][14].endswith("; Đang thẩm định cấp Bộ")
    assert one(state=State.ASSIGNED).projects[0][14] == "KCQG-2027-38-0001"


def test_a_text_longer_than_a_cell_is_cut_where_one_sees_it() -> None:
    text = one(content="a" * 40_000).projects[0][7]
    assert len(text) == render.LONGEST_CELL and text.endswith("a…")


def test_a_list_without_projects_is_still_a_list() -> None:
    sheet = read_sheet(written(RegistrationList([], [])))
    assert sheet.projects == [] and vnd(sheet.total) == [0] * 5
    assert "0 đề án" in sheet.words


def test_the_sheet_prints_on_a4_landscape_with_its_heading_on_every_page() -> None:
    page = one().page
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
    assert page.sheet_properties.pageSetUpPr.fitToPage and page.page_setup.fitToHeight == 0
    assert page.print_title_rows == "$6:$8"
    assert page.freeze_panes == "C9"
    assert "&P" in page.oddFooter.center.text


def test_the_heading_names_the_columns_of_the_form_and_their_merges() -> None:
    sheet = one()
    upper, lower, numbers = sheet.rows[5:8]
    assert upper[:9] == [name for name, _width in render.COLUMNS][:9]
    assert upper[9:13] == ["Trong đó", None, None, None]
    assert lower[9:13] == ["KCQG", "KCĐP", "Đối ứng", "Khác"]
    assert numbers == [f"({number})" for number in range(1, COLUMNS + 1)]
    merged = {str(each) for each in sheet.page.merged_cells.ranges}
    assert {"A6:A7", "I6:I7", "J6:M6", "N6:N7", "O6:O7"} <= merged


def test_the_paper_says_whose_it_is_what_it_leaves_out_and_that_its_layout_is_unverified() -> None:
    heading = dataclasses.replace(HEADING, former=["Tỉnh Cũ"], only_of=["Trung tâm Thử"])
    words = read_sheet(written(RegistrationList([], []), heading)).words
    for text in (
        "SỞ CÔNG THƯƠNG THỬ",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "BIỂU TỔNG HỢP ĐỀ ÁN KHUYẾN CÔNG QUỐC GIA NĂM 2027",
        "Gồm đề án của: Tỉnh Cũ",
        "Chỉ gồm đề án do Trung tâm Thử lập hoặc thực hiện",
        "Đơn vị tính: triệu đồng",
        "Mẫu số 2. Bố cục do cổng dựng theo Quyết định 01/QĐ-THỬ, chưa đối chiếu với tệp mẫu chính thức",
        "trạng thái: Mọi trạng thái",
        "Lập lúc 09:05 ngày 02/11/2026, người yêu cầu: Người Thử",
        "(Ký, ghi rõ họ tên, đóng dấu)",
    ):
        assert text in words


@given(st.integers(1, 3999))
def test_roman_numerals_read_back(number: int) -> None:
    values = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
    digits = [values[letter] for letter in render.roman(number)]
    following = [*digits[1:], 0]
    assert sum(-a if a < b else a for a, b in zip(digits, following, strict=True)) == number
    assert not re.search(r"I{4}|X{4}|C{4}|M{4}|VV|LL|DD", render.roman(number))


def test_there_is_no_roman_zero() -> None:
    with pytest.raises(ValueError, match="begin with one"):
        render.roman(0)
