"""Tables are found by what they say, whatever their shape."""

from __future__ import annotations

import unicodedata

import pytest

from tests.programs.intake.books import (
    FLAT_HEAD,
    HEAD,
    SOURCES,
    Cell,
    Entry,
    Page,
    flat_page,
    form_page,
    machine,
    xls,
    xlsx,
)
from tests.programs.intake.conftest import Reader, codes, sheet_codes

MILLION = 1_000_000
TWO = [machine("ghế"), machine("bàn", tax_code="9928000217", total=380, kcqg=190, own=190)]


def test_the_ministrys_form_gives_its_rows_year_province_and_totals(read: Reader) -> None:
    workbook = read(xlsx(form_page([("I", "Ứng dụng máy móc", TWO)])))
    assert (workbook.year, workbook.province, len(workbook.rows)) == (2027, "Tỉnh Thanh Hóa", 2)
    assert workbook.totals.to_json() == {
        "total": 980 * MILLION, "kcqg": 440 * MILLION, "kcdp": 0, "own": 540 * MILLION, "other": 0,
    }  # fmt: skip
    first = workbook.rows[0]
    assert (first.sheet, first.row, first.activity, first.commune) == ("Mẫu 2", 11, "N3.3", "Xã Thọ Xuân")
    assert not first.problems
    assert not workbook.sheet_problems


def test_an_old_xls_reads_like_an_xlsx(read: Reader) -> None:
    page = form_page([("I", "Ứng dụng máy móc", TWO)])
    assert read(xls(page)).to_json() == read(xlsx(page)).to_json()


def test_a_flat_list_takes_its_year_from_the_schedule_and_its_province_from_the_places(read: Reader) -> None:
    page = flat_page([machine(time="Tháng 11/2028 - 03/2029"), machine("bàn", time="Quý IV/2028")])
    workbook = read(xlsx(page))
    assert (workbook.year, workbook.province) == (2028, "Tỉnh Thanh Hóa")
    assert [row.row for row in workbook.rows] == [2, 3]


def test_columns_may_stand_in_any_order_with_others_between(read: Reader) -> None:
    order = [12, 5, 3, 9, 1, 0, 8, 7, 4, 10, 11, 6, 2]
    entry = machine().values(7)
    page = Page("Lộn xộn").put(1, ["Danh sách đề án KCQG năm 2027 (ĐVT: triệu đồng)"])
    page.put(3, [None, "Ngành nghề", *(FLAT_HEAD[n] for n in order)])
    page.put(4, [None, "gỗ", *(entry[n] for n in order)])
    (row,) = read(xlsx(page)).rows
    assert (row.title, row.money.total, row.money.kcqg, row.tax_code) == (
        machine().title, 600 * MILLION, 250 * MILLION, "9928000104",
    )  # fmt: skip


def test_other_words_for_the_same_columns_are_understood(read: Reader) -> None:
    page = Page("DS").put(1, ["ĐĂNG KÝ KHUYẾN CÔNG NĂM 2027 - TỈNH THANH HOÁ"])
    page.put(2, ["TT", "Nội dung đề án", "Cơ sở CNNT thụ hưởng", "MST/CCCD", "Địa chỉ", "Tiến độ",
                 "Tổng mức đầu tư", "Nguồn vốn (tr.đ)"])  # fmt: skip
    page.put(3, ["NSTW", "NS tỉnh", "Vốn tự có của DN", "Nguồn vốn khác"], 8)
    page.put(4, [1, machine().title, "HTX A", "9928000217", "xã Thọ Xuân", "2027", 600, 250, 0, 340, 10])
    page.cells[2, 7] = "Tổng mức đầu tư\n(triệu đồng)"
    (row,) = read(xlsx(page)).rows
    assert row.money.to_json() == {
        "total": 600 * MILLION, "kcqg": 250 * MILLION, "kcdp": 0, "own": 340 * MILLION, "other": 10 * MILLION,
    }  # fmt: skip
    assert row.commune == "Xã Thọ Xuân"


def test_each_sheet_has_its_own_unit(read: Reader) -> None:
    in_dong = machine(
        "bàn", tax_code="9928000217", total="380.000.000", kcqg="190.000.000", own="190.000.000 đ"
    )
    in_thousands = machine("tủ", tax_code="9928000305", total=600_000, kcqg=250_000, own=350_000)
    workbook = read(
        xlsx(
            form_page([("I", "Ứng dụng máy móc", TWO[:1])], name="triệu"),
            form_page([("I", "Ứng dụng máy móc", [in_dong])], name="đồng", unit="đồng"),
            form_page([("I", "Ứng dụng máy móc", [in_thousands])], name="nghìn", unit="1.000 đồng"),
        )
    )
    assert [row.money.total for row in workbook.rows] == [600 * MILLION, 380 * MILLION, 600 * MILLION]
    assert [row.sheet for row in workbook.rows] == ["triệu", "đồng", "nghìn"]
    assert not workbook.sheet_problems


def test_a_unit_stated_in_one_sheet_is_not_lent_to_another(read: Reader) -> None:
    pages = [
        form_page([("I", "Máy móc", TWO[:1])], name="A"),
        form_page([("I", "Máy", TWO[1:])], name="B", unit=""),
    ]
    first, second = read(xlsx(*pages)).rows
    assert codes(first) == set()
    assert codes(second) == {"unknown_money_unit"}
    assert second.money.total == 0


def test_two_units_above_one_table_are_none(read: Reader) -> None:
    page = form_page([("I", "Máy móc", TWO[:1])])
    page.cells[2, 7] = "Đơn vị tính: đồng"
    (row,) = read(xlsx(page)).rows
    assert codes(row) == {"unknown_money_unit"}


def test_hidden_rows_count(read: Reader) -> None:
    page = form_page([("I", "Máy móc", TWO)])
    page.hidden_rows.append(11)
    for data in (xlsx(page), xls(page)):
        assert len(read(data).rows) == 2


def test_a_hidden_sheet_is_read_and_named(read: Reader) -> None:
    hidden = form_page([("I", "Máy móc", TWO[1:])], name="Ẩn")
    hidden.hidden = True
    workbook = read(xlsx(form_page([("I", "Máy móc", TWO[:1])]), hidden))
    assert len(workbook.rows) == 2
    assert sheet_codes(workbook) == ["hidden_sheet"]


def test_a_sheet_of_notes_is_passed_over_and_one_of_figures_reported(read: Reader) -> None:
    notes = Page("Hướng dẫn").put(1, ["Cách ghi biểu"]).put(2, ["Ghi đúng đơn vị tính", "đồng"])
    figures = Page("Phụ lục")
    for number in range(1, 6):
        figures.put(number, ["Máy cưa", number, number * 10])
    workbook = read(xlsx(notes, form_page([("I", "Máy móc", TWO)]), figures))
    assert [(p.sheet, p.code) for p in workbook.sheet_problems] == [("Phụ lục", "unread_sheet")]


def test_a_cost_estimate_is_not_a_list_of_projects(read: Reader) -> None:
    estimate = Page("Dự toán").put(
        1, ["STT", "Nội dung chi", "Đơn vị tính", "Số lượng", "Đơn giá", "Thành tiền", "KCQG hỗ trợ"]
    )
    estimate.put(2, [1, "Máy cưa", "cái", 1, 100, 100, 50])
    workbook = read(xlsx(form_page([("I", "Máy móc", TWO)]), estimate))
    assert len(workbook.rows) == 2


def test_decomposed_double_and_unbreakable_spaces_come_out_clean(read: Reader) -> None:
    title = unicodedata.normalize(
        "NFD", " Hỗ trợ  ứng dụng\u00a0máy móc\nthiết bị tiên tiến trong sản xuất  mắm "
    )
    place = unicodedata.normalize("NFD", "Xã\u00a0Thọ  Xuân, Tỉnh Thanh Hóa")
    page = flat_page([Entry(title, beneficiary=" HTX\u00a0 Mắm\u200b A ", place=place)])
    for (row, column), value in list(page.cells.items()):
        if row == 1:
            page.cells[row, column] = unicodedata.normalize("NFD", value.replace(" ", "\u00a0"))
    (row_,) = read(xlsx(page)).rows
    assert row_.title == f"{machine().title.removesuffix(' đồ gỗ')} mắm"
    assert (row_.beneficiary, row_.commune) == ("HTX Mắm A", "Xã Thọ Xuân")
    assert unicodedata.is_normalized("NFC", row_.title)


def test_cells_merged_over_several_rows_speak_for_each_of_them(read: Reader) -> None:
    page = flat_page([*TWO, machine("tủ", tax_code="9928000305")])
    for row in (3, 4):
        del page.cells[row, 3], page.cells[row, 6]
    page.merge(2, 3, 4, 3).merge(2, 6, 4, 6)
    rows = read(xlsx(page)).rows
    assert [row.commune for row in rows] == ["Xã Thọ Xuân"] * 3
    assert {row.implementer for row in rows} == {"Trung tâm Khuyến công"}


def test_one_project_over_several_rows_is_one_project(read: Reader) -> None:
    page = flat_page([machine("ghế"), machine("bàn", tax_code="9928000217")])
    words = machine("ghế").title.split(" sản xuất ")
    page.cells[2, 2] = words[0]
    shifted = {(row + 1 if row > 2 else row, column): value for (row, column), value in page.cells.items()}
    page.cells = shifted
    page.put(3, [None, f"sản xuất {words[1]}", None, "(cơ sở 2)"])
    first, second = read(xlsx(page)).rows
    assert first.title == machine("ghế").title
    assert first.beneficiary == "Công ty TNHH Thử Giả Định (cơ sở 2)"
    assert (second.row, second.title) == (4, machine("bàn").title)


def test_a_heading_repeated_on_each_printed_page_is_no_row(read: Reader) -> None:
    page = flat_page(TWO)
    page.put(4, [page.cells[1, column] for column in range(1, 14)])
    page.put(5, machine("tủ", tax_code="9928000305").values(3))
    page.put(6, [None, "Tổng cộng", *[None] * 5, 1580, 690, 0, 890])
    workbook = read(xlsx(page))
    assert [row.row for row in workbook.rows] == [2, 3, 5]
    assert not workbook.sheet_problems


def test_two_tables_on_one_sheet_are_both_read_with_their_own_purse(read: Reader) -> None:
    page = form_page([("I", "Máy móc", TWO)], signature=False)
    local = form_page(
        [("I", "Máy móc", [machine("tủ", tax_code="9928000305", kcqg=0, kcdp=100, own=500)])],
        purse="ĐỊA PHƯƠNG",
    )
    start = page.last + 2
    page.cells |= {(row + start, column): v for (row, column), v in local.cells.items() if row >= 4}
    workbook = read(xlsx(page))
    assert [row.purse for row in workbook.rows] == ["KCQG", "KCQG", "KCDP"]
    assert not workbook.sheet_problems


def test_a_heading_without_merged_cells_is_read_level_by_level(read: Reader) -> None:
    page = Page().put(1, ["KẾ HOẠCH KHUYẾN CÔNG NĂM 2027 TỈNH THANH HÓA"])
    page.put(2, ["Kinh phí (triệu đồng)"], 8)
    page.put(3, [*HEAD, "Tổng số", "Trong đó"]).put(4, SOURCES, 9)
    page.put(5, machine().values(1))
    (row,) = read(xlsx(page)).rows
    assert row.money.to_json()["kcqg"] == 250 * MILLION
    assert codes(row) == set()


TITLE = "DANH MỤC ĐỀ ÁN KHUYẾN CÔNG QUỐC GIA NĂM 2027 TỈNH THANH HÓA"
SHORT = ["STT", "Tên đề án", "Đơn vị thụ hưởng", "Địa điểm"]


def listed(head: list[Cell], *rows: list[Cell], above: tuple[str, ...] = (TITLE, "ĐVT: triệu đồng")) -> Page:
    """A list under its title lines."""
    page = Page("DS")
    for number, values in enumerate([*([line] for line in above), head, *rows], start=1):
        page.put(number, values)
    return page


def test_a_groups_name_merged_across_the_table_right_below_the_heading_is_no_heading(read: Reader) -> None:
    page = listed(
        list(FLAT_HEAD),
        ["I. Ứng dụng máy móc"],
        TWO[0].values(1),
        ["II. Dây chuyền"],
        TWO[1].values(1),
    )
    page.merge(4, 1, 4, 13).merge(6, 1, 6, 13)
    workbook = read(xlsx(page))
    assert [(row.row, row.headings) for row in workbook.rows] == [
        (5, ("Ứng dụng máy móc",)),
        (7, ("Dây chuyền",)),
    ]


def test_the_ministrys_columns_state_the_unit_at_the_total_alone(read: Reader) -> None:
    page = listed([*SHORT, "Tổng kinh phí (triệu đồng)", "Trong đó"], above=(TITLE,))
    page.put(3, ["KCQG", "KCĐP", "Đối ứng", "Khác"], 6).merge(2, 6, 2, 9)
    page.put(4, [1, machine().title, "HTX A", "Xã Thọ Xuân", 600, 250, 0, 350, 0])
    (row,) = read(xlsx(page)).rows
    assert (row.money.total, row.money.kcqg, codes(row)) == (600 * MILLION, 250 * MILLION, set())


def test_a_row_of_units_may_stand_between_the_heading_and_the_rows(read: Reader) -> None:
    page = listed([*SHORT, "Tổng kinh phí", "KCQG", "Đối ứng"], above=(TITLE,))
    page.put(3, ["đồng", "đồng", "đồng"], 5).put(4, ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"])
    page.put(5, [1, machine().title, "HTX A", "Xã Thọ Xuân", 600e6, 250e6, 350e6])
    (row,) = read(xlsx(page)).rows
    assert (row.row, row.money.total, codes(row)) == (5, 600 * MILLION, set())


def test_a_unit_noted_below_the_table_or_in_the_sheets_name_counts_where_none_stands_above(
    read: Reader,
) -> None:
    head: list[Cell] = [*SHORT, "Tổng kinh phí", "KCQG", "Đối ứng"]
    values: list[Cell] = [1, machine().title, "HTX A", "Xã Thọ Xuân", 600, 250, 350]
    below = listed(head, values, [], ["Ghi chú: Đơn vị tính: triệu đồng"], above=(TITLE,))
    named = listed(head, values, above=(TITLE,))
    named.name = "KCQG (triệu đồng)"
    for page in (below, named):
        (row,) = read(xlsx(page)).rows
        assert (row.money.total, codes(row)) == (600 * MILLION, set())


@pytest.mark.parametrize(
    "head",
    [
        ["TT", "Nội dung đề án", "Tên đơn vị thụ hưởng", "Địa chỉ", "Tổng vốn đầu tư", "NSNN hỗ trợ (KCQG)",
         "NSĐP", "Vốn của doanh nghiệp"],
        ["TT", "Đề án", "Doanh nghiệp, HTX, hộ kinh doanh", "Nơi thực hiện", "Tổng số", "Hỗ trợ từ KCQG",
         "Hỗ trợ từ KCĐP", "Doanh nghiệp đầu tư"],
        ["STT", "Tên dự án", "Tên DN", "Địa điểm SX", "Tổng KP", "KC QG", "KC ĐP", "Đ/ứ"],
        ["No.", "Tên đề án", "Tên tổ chức, cá nhân thụ hưởng", "Địa điểm", "Tổng cộng kinh phí", "Nguồn KCQG",
         "Nguồn KCĐP", "Nguồn đối ứng"],
        ["STT", "Tên đề án", "Đơn vị được hỗ trợ", "Xã, phường", "Tổng kinh phí", "KPKCQG", "KPKCĐP",
         "Vốn tự có, vốn vay"],
        ["STT", "Tên đề án", "Tên và địa chỉ đơn vị thụ hưởng", "Địa điểm", "Tổng dự toán", "NSTW",
         "Ngân sách tỉnh", "Kinh phí của đơn vị thụ hưởng"],
        ["STT", "Tên đề án", "Đơn vị thực hiện, thụ hưởng", "Địa bàn", "Tổng", "Khuyến công quốc gia",
         "Khuyến công địa phương", "Đơn vị thụ hưởng đóng góp"],
    ],
    ids=lambda head: head[2],
)  # fmt: skip
def test_offices_have_many_words_for_one_column(read: Reader, head: list[Cell]) -> None:
    (row,) = read(xlsx(listed(head, [1, machine().title, "HTX A", "Xã Thọ Xuân", 600, 250, 0, 350]))).rows
    assert (row.beneficiary, row.commune, row.money.kcqg, row.money.own, codes(row)) == (
        "HTX A", "Xã Thọ Xuân", 250 * MILLION, 350 * MILLION, set(),
    )  # fmt: skip


def test_a_column_may_name_the_purse_of_each_row(read: Reader) -> None:
    page = listed(
        [*SHORT, "Nguồn vốn", "Tổng kinh phí", "Kinh phí khuyến công hỗ trợ", "KP DN đối ứng"],
        [1, machine("ghế").title, "HTX A", "Xã Thọ Xuân", "Trung ương", 600, 250, 350],
        [2, machine("bàn").title, "HTX B", "Xã Thọ Xuân", "Địa phương", 600, 200, 400],
        above=("DANH MỤC ĐỀ ÁN KHUYẾN CÔNG NĂM 2027 TỈNH THANH HÓA", "ĐVT: triệu đồng"),
    )
    rows = read(xlsx(page)).rows
    assert [(row.purse, row.money.kcqg, row.money.kcdp) for row in rows] == [
        ("KCQG", 250 * MILLION, 0),
        ("KCDP", 0, 200 * MILLION),
    ]


def test_column_numbers_that_the_spreadsheet_made_negative_are_no_row(read: Reader) -> None:
    page = listed(list(FLAT_HEAD), [-n for n in range(1, 14)], TWO[0].values(1))
    assert [row.row for row in read(xlsx(page)).rows] == [5]


def test_column_numbers_are_no_row_wherever_the_title_stands(read: Reader) -> None:
    head = [*FLAT_HEAD[2:], FLAT_HEAD[1]]
    values = TWO[0].values(1)
    page = listed(list(head), [f"({n})" for n in range(1, 13)], [*values[2:], values[1]])
    assert [row.row for row in read(xlsx(page)).rows] == [5]


def test_the_name_of_a_sheet_tells_the_year_and_province_that_nothing_else_tells(read: Reader) -> None:
    page = flat_page([machine(time="12 tháng", place="")], name="KCQG Thanh Hóa 2028")
    page.name = "Thanh Hóa - năm 2028"
    workbook = read(xlsx(page))
    assert (workbook.year, workbook.province) == (2028, "Tỉnh Thanh Hóa")
    dated = flat_page([machine(time="2027")], name="Năm 2028")
    assert read(xlsx(dated)).year == 2027


def test_how_a_sheet_was_read_is_told_to_people_and_not_in_the_json(read: Reader) -> None:
    hidden = form_page([("I", "Máy móc", TWO)], name="Ẩn")
    hidden.hidden = True
    workbook = read(xlsx(hidden))
    assert sheet_codes(workbook) == ["hidden_sheet"]
    assert workbook.to_json()["sheet_problems"] == []
