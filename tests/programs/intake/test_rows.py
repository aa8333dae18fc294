"""Which rows are projects, what their cells mean, and what is wrong with them."""

from __future__ import annotations

import datetime as dt

import pytest

from programs.intake import limits
from programs.intake.model import Workbook
from programs.intake.refusals import Refused
from tests.programs.intake.books import Entry, Page, flat_page, form_page, machine, xls, xlsx
from tests.programs.intake.conftest import Reader, codes, sheet_codes

MILLION = 1_000_000


def one(workbook: Workbook) -> object:
    (row,) = workbook.rows
    return row


# --- groups, subtotals, totals


def test_letters_over_roman_numbers_nest(read: Reader) -> None:
    page = Page().put(1, ["KẾ HOẠCH KCQG NĂM 2027 TỈNH THANH HÓA (ĐVT: triệu đồng)"])
    page.put(2, ["STT", "Tên đề án", "Đơn vị thụ hưởng", "Địa điểm", "Tổng kinh phí", "KCQG", "Đối ứng"])
    rows: list[list[object]] = [
        [None, "TỔNG CỘNG (A+B)", None, None, 100, 40, 60],
        ["A", "Hoạt động quốc gia", None, None, 60, 24, 36],
        ["I", "Máy móc", None, None, 30, 12, 18],
        [1, machine("a").title, "HTX A", "Xã Thọ Xuân", 30, 12, 18],
        ["II", "Dây chuyền", None, None, 30, 12, 18],
        [1, machine("b").title, "HTX B", "Xã Thọ Xuân", 10, 4, 6],
        [2, machine("c").title, "HTX C", "Xã Thọ Xuân", 20, 8, 12],
        ["B", "Khác", None, None, 40, 16, 24],
        [1, machine("d").title, "HTX D", "Xã Thọ Xuân", 40, 16, 24],
    ]
    for number, values in enumerate(rows, start=3):
        page.put(number, values)
    workbook = read(xlsx(page))
    assert [row.beneficiary for row in workbook.rows] == ["HTX A", "HTX B", "HTX C", "HTX D"]
    assert not workbook.sheet_problems
    assert workbook.rows[1].headings == ("Dây chuyền", "Hoạt động quốc gia")


def test_a_group_with_money_and_no_number_is_no_project(read: Reader) -> None:
    page = flat_page([])
    page.put(2, [None, "Nhóm máy móc", *[None] * 5, 980, 440, 0, 540])
    page.put(3, machine("ghế").values(1))
    page.put(4, machine("bàn", tax_code="9928000217", total=380, kcqg=190, own=190).values(2))
    workbook = read(xlsx(page))
    assert [row.row for row in workbook.rows] == [3, 4]
    assert not workbook.sheet_problems


def test_arabic_groups_over_dotted_rows(read: Reader) -> None:
    page = flat_page([])
    page.put(2, [1, "Máy móc", *[None] * 5, 600, 250, 0, 350])
    page.put(3, machine("ghế").values("1.1"))
    page.put(4, [2, "Dây chuyền", *[None] * 5, 600, 250, 0, 350])
    page.put(5, machine("bàn", tax_code="9928000217").values("2.1"))
    workbook = read(xlsx(page))
    assert [row.row for row in workbook.rows] == [3, 5]
    assert not workbook.sheet_problems


def test_subtotals_below_their_groups_are_held_against_them(read: Reader) -> None:
    page = flat_page([])
    page.put(2, ["I", "Máy móc"]).put(3, machine("ghế").values(1))
    page.put(4, [None, "Cộng nhóm I", *[None] * 5, 600, 251, 0, 350])
    page.put(5, ["II", "Dây chuyền"]).put(6, machine("bàn", tax_code="9928000217").values(1))
    page.put(7, [None, "Cộng", *[None] * 5, 600, 250, 0, 350])
    page.put(8, [None, "Tổng cộng", *[None] * 5, 1200, 500, 0, 700])
    (problem,) = read(xlsx(page)).sheet_problems
    assert (problem.code, problem.severity, problem.row) == ("sum_mismatch", "warning", 4)
    assert "251.000.000" in problem.message
    assert "250.000.000" in problem.message


def test_a_wrong_subtotal_and_a_wrong_total_are_named_once_each(read: Reader) -> None:
    page = form_page(
        [("I", "Máy móc", [machine("ghế")]), ("II", "Bàn", [machine("bàn", tax_code="9928000217")])]
    )
    page.cells[10, 9] = 999
    page.cells[14, 8] = 1
    workbook = read(xlsx(page))
    assert [(p.row, p.code) for p in workbook.sheet_problems] == [(10, "sum_mismatch"), (14, "sum_mismatch")]
    assert all(not row.problems for row in workbook.rows)


def test_rows_of_detail_below_a_project_are_not_counted_again(read: Reader) -> None:
    page = flat_page([])
    page.put(2, machine("ghế").values(1))
    page.put(3, ["-", "Máy cưa", *[None] * 5, 400, 150, 0, 250])
    page.put(4, ["-", "Máy bào", *[None] * 5, 200, 100, 0, 100])
    page.put(5, machine("bàn", tax_code="9928000217").values(2))
    assert [row.row for row in read(xlsx(page)).rows] == [2, 5]


def test_signatures_and_notes_below_are_no_projects(read: Reader) -> None:
    page = form_page([("I", "Máy móc", [machine("ghế")])])
    page.put(page.last + 1, [None, "Ghi chú: số liệu đã làm tròn"])
    page.put(page.last + 1, [None, "Nơi nhận: như trên"])
    assert len(read(xlsx(page)).rows) == 1
    flat = flat_page([machine("ghế")])
    flat.put(4, [None, "Thanh Hóa, ngày 12 tháng 6 năm 2026"]).put(5, [None, "NGƯỜI LẬP", None, "GIÁM ĐỐC"])
    flat.put(7, [None, "Nguyễn Văn A", None, "Trần Văn B"])
    assert len(read(xlsx(flat)).rows) == 1


def test_a_title_that_begins_like_a_total_is_a_project(read: Reader) -> None:
    titles = ["Tổng kết công tác khuyến công", "Công nghệ sấy mới", "Cộng đồng nghề cói: truyền nghề"]
    page = flat_page([Entry(title, tax_code=None, beneficiary=f"HTX {n}") for n, title in enumerate(titles)])
    assert [row.title for row in read(xlsx(page)).rows] == titles


# --- money


@pytest.mark.parametrize(
    ("written", "unit", "vnd"),
    [
        ("1.230.500.000", "đồng", 1_230_500_000),
        ("820.000.000 đ", "triệu đồng", 820_000_000),
        (1230.5, "triệu đồng", 1_230_500_000),
        (0.1 + 0.2, "triệu đồng", 300_000),
        ("1.250,5", "triệu đồng", 1_250_500_000),
        ("1 250", "triệu đồng", 1_250_000_000),
        ("1,2 tỷ", "đồng", 1_200_000_000),
        (1.25, "tỷ đồng", 1_250_000_000),
        ("1.250", "nghìn đồng", 1_250_000),
        (820000000.0, "đồng", 820_000_000),
    ],
)
def test_amounts_are_read_to_the_dong(read: Reader, written: object, unit: str, vnd: int) -> None:
    page = form_page([("I", "Máy móc", [machine(total=written, kcqg=0, own=written)])], unit=unit)
    (row,) = read(xlsx(page)).rows
    assert (row.money.total, row.money.own) == (vnd, vnd)


@pytest.mark.parametrize(
    "written", ["một tỷ", 0.0000005, "-5", -5, "1.2", "12.34.5", dt.date(2027, 1, 1), True]
)
def test_what_is_no_certain_amount_is_named_with_its_cell(read: Reader, written: object) -> None:
    page = form_page([("I", "Máy móc", [machine(), machine("bàn", tax_code="9928000217", kcqg=written)])])
    good, bad = read(xlsx(page)).rows
    assert codes(good) == set()
    assert codes(bad) == {"unreadable_cell"}
    assert "I12" in bad.problems[0].message


@pytest.mark.parametrize("nothing", ["-", " – ", "", "0", "0,0", None, 0])
def test_dashes_and_blanks_are_nothing(read: Reader, nothing: object) -> None:
    page = form_page([("I", "Máy móc", [machine(kcdp=nothing, other=nothing)])])
    (row,) = read(xlsx(page)).rows
    assert (row.money.kcdp, row.money.other, codes(row)) == (0, 0, set())


def test_a_formula_without_a_stored_value_is_named(read: Reader) -> None:
    page = form_page(
        [("I", "Máy móc", [machine(total="=SUM(I11:L11)"), machine("bàn", tax_code="9928000217")])]
    )
    for data in (xlsx(page), xls(page)):
        workbook = read(data)
        first, second = workbook.rows
        assert codes(first) == {"unreadable_cell"}
        assert "H11" in first.problems[0].message
        assert codes(second) == set()


def test_what_to_write_instead_of_a_formula_is_a_figure_or_words(read: Reader) -> None:
    page = form_page([("I", "Máy móc", [machine(total="=SUM(I11:L11)")])])
    page.cells[11, 2] = '="Hỗ trợ máy "&A1'
    (row,) = read(xlsx(page)).rows
    advice = {problem.field: problem.message.rpartition("hoặc ")[2] for problem in row.problems}
    assert advice == {"total_vnd": "ghi thẳng số.", "title": "gõ thẳng chữ."}


def test_an_uncomputed_total_is_named_on_the_sheet_and_harms_no_row(read: Reader) -> None:
    page = form_page([("I", "Máy móc", [machine()])])
    page.cells[12, 8] = "=H11"
    workbook = read(xlsx(page))
    assert [(p.code, p.severity, p.row) for p in workbook.sheet_problems] == [
        ("unreadable_cell", "error", 12)
    ]
    assert codes(workbook.rows[0]) == set()


def test_uncomputed_numbers_in_the_first_column_harm_nobody(read: Reader) -> None:
    page = form_page([("I", "Máy móc", [machine(), machine("bàn", tax_code="9928000217")])])
    page.cells[12, 1] = "=A11+1"
    assert [codes(row) for row in read(xlsx(page)).rows] == [set(), set()]


def test_sources_that_do_not_add_up_are_an_error(read: Reader) -> None:
    page = form_page([("I", "Máy móc", [machine(own=300)])])
    (row,) = read(xlsx(page)).rows
    assert (codes(row), row.severity, row.storable) == ({"sum_mismatch"}, "error", False)


def test_a_figure_in_another_unit_than_the_sheets_is_an_error(read: Reader) -> None:
    page = form_page([("I", "Máy", [machine(total=600_000_000, kcqg=250_000_000, own=350_000_000)])])
    (row,) = read(xlsx(page)).rows
    assert "unknown_money_unit" in codes(row)


def test_a_list_without_a_counterpart_column_says_what_it_took_for_it(read: Reader) -> None:
    page = Page().put(1, ["Danh mục đề án khuyến công quốc gia năm 2027, tỉnh Thanh Hóa (ĐVT: triệu đồng)"])
    page.put(2, ["STT", "Tên đề án", "Đơn vị thụ hưởng", "Địa điểm", "Tổng kinh phí", "Kinh phí hỗ trợ"])
    page.put(3, [1, machine().title, "HTX A", "Xã Thọ Xuân", 600, 250])
    workbook = read(xlsx(page))
    assert workbook.rows[0].money.to_json() == {
        "total": 600 * MILLION, "kcqg": 250 * MILLION, "kcdp": 0, "own": 350 * MILLION, "other": 0,
    }  # fmt: skip
    assert sheet_codes(workbook) == ["no_own_column"]
    assert workbook.to_json()["sheet_problems"] == []


# --- tax codes, beneficiaries, doubles


@pytest.mark.parametrize(
    ("written", "read_as", "doubtful"),
    [
        (99000207, "0099000207", False),
        ("9928 000 104", "9928000104", False),
        ("9928000104-001", "9928000104-001", False),
        (38099001234, "038099001234", False),
        ("038099001234", "038099001234", False),
        (9928000104.0, "9928000104", False),
        ("9928000105", "9928000105", True),
        ("12345", "12345", True),
        ("-", None, False),
        (None, None, False),
    ],
)
def test_tax_codes_get_their_zeros_back_and_doubtful_ones_a_warning(
    read: Reader, written: object, read_as: str | None, doubtful: bool
) -> None:
    (row,) = read(xlsx(form_page([("I", "Máy", [machine(tax_code=written)])]))).rows
    assert row.tax_code == read_as
    assert codes(row) == ({"bad_tax_code"} if doubtful else set())


def test_a_code_written_inside_the_name_is_taken_out(read: Reader) -> None:
    entry = machine(beneficiary="Hộ kinh doanh A (CCCD: 038099001234)", tax_code=None)
    (row,) = read(xlsx(form_page([("I", "Máy", [entry])]))).rows
    assert (row.beneficiary, row.tax_code, row.tax_personal) == ("Hộ kinh doanh A", "038099001234", True)


def test_a_missing_beneficiary_is_an_error_unless_the_so_chooses_later(read: Reader) -> None:
    page = form_page(
        [
            ("I", "Máy", [
                machine("a", beneficiary="", tax_code=None),
                machine("b", beneficiary="Sở lựa chọn sau", tax_code=None),
                machine("c", beneficiary="", tax_code=None, note="Cơ sở do Sở Công Thương lựa chọn sau"),
                machine("d", beneficiary="-", tax_code=None),
            ])
        ]
    )  # fmt: skip
    rows = read(xlsx(page)).rows
    assert [codes(row) for row in rows] == [{"missing_beneficiary"}, set(), set(), {"missing_beneficiary"}]
    assert [row.group_project for row in rows] == [False, True, True, False]


def test_a_project_listed_twice_is_an_error_on_the_later_row_even_on_another_sheet(read: Reader) -> None:
    first = form_page([("I", "Máy", [machine("ghế"), machine("bàn", tax_code="9928000217")])], name="A")
    again = machine("ghế", beneficiary="Tên khác")
    again.title = again.title.upper()
    second = form_page([("I", "Máy", [again, machine("ghế", tax_code="9928000305")])], name="B")
    rows = read(xlsx(first, second)).rows
    assert [codes(row) for row in rows] == [set(), set(), {"duplicate_row"}, set()]
    assert rows[2].severity == "error"


def test_two_firms_without_codes_may_share_a_title(read: Reader) -> None:
    entries = [machine(beneficiary=name, tax_code=None) for name in ("HTX A", "HTX B", "HTX A")]
    rows = read(xlsx(form_page([("I", "Máy", entries)]))).rows
    assert [codes(row) for row in rows] == [set(), set(), {"duplicate_row"}]


# --- places


@pytest.mark.parametrize(
    ("place", "commune", "found"),
    [
        ("Xã Thọ Xuân, Tỉnh Thanh Hóa", "Xã Thọ Xuân", set()),
        ("xa tho xuan", "Xã Thọ Xuân", set()),
        ("Thôn 3, X. Thọ Xuân, huyện Thọ Xuân, Thanh Hoá", "Xã Thọ Xuân", set()),
        ("Xã Lục Ngạn, Tỉnh Bắc Ninh", "Xã Lục Ngạn", {"wrong_province"}),
        ("Xã Lục Ngạn", "Xã Lục Ngạn", {"wrong_province"}),
        ("Xã Bịa Đặt, Tỉnh Thanh Hóa", "Xã Bịa Đặt, Tỉnh Thanh Hóa", {"unknown_unit"}),
        ("Trên địa bàn tỉnh Thanh Hóa", "Trên địa bàn tỉnh Thanh Hóa", set()),
        ("", "", set()),
    ],
)
def test_places_are_given_their_official_names(
    read: Reader, place: str, commune: str, found: set[str]
) -> None:
    (row,) = read(xlsx(form_page([("I", "Máy", [machine(place=place)])]))).rows
    assert (row.commune, codes(row)) == (commune, found)


def test_the_province_of_the_title_wins_over_the_places(read: Reader) -> None:
    page = form_page([("I", "Máy", [machine(place="Xã Thọ Xuân, Tỉnh Thanh Hóa")])], province="TỈNH AN GIANG")
    workbook = read(xlsx(page))
    assert workbook.province == "Tỉnh An Giang"
    assert codes(workbook.rows[0]) == {"wrong_province"}


def test_a_merged_province_is_called_by_its_name_in_the_plan_year(read: Reader) -> None:
    page = form_page([("I", "Máy", [machine(place="")])], province="TỈNH BÌNH ĐỊNH")
    assert read(xlsx(page)).province == "Tỉnh Gia Lai"
    past = form_page([("I", "Máy", [machine(place="")])], province="TỈNH BÌNH ĐỊNH", year=2024)
    assert read(xlsx(past)).province == "Tỉnh Bình Định"


# --- the law


def test_norms_are_checked_in_the_plan_year_with_their_source(read: Reader) -> None:
    over = machine("ván", total=2400, kcqg=350, own=2050)
    percent = machine("chiếu", tax_code="9928000217", total=500, kcqg=290, own=210)
    rows = read(xlsx(form_page([("I", "Máy", [over, percent])]))).rows
    assert [codes(row) for row in rows] == [{"norm_cap"}, {"norm_percent"}]
    assert all("28/2018/TT-BTC" in str(row.problems[0].source) for row in rows)
    assert all(row.storable for row in rows)


def test_both_purses_on_one_project_are_warned_about(read: Reader) -> None:
    (row,) = read(xlsx(form_page([("I", "Máy", [machine(kcqg=200, kcdp=50)])]))).rows
    assert codes(row) == {"mixed_state_sources"}


def test_unverified_norms_are_only_noted(read: Reader) -> None:
    entry = Entry("Xây dựng nhãn hiệu tập thể nem chua", total=60, kcqg=30, own=30)
    (row,) = read(xlsx(form_page([("I", "Thương hiệu", [entry])]))).rows
    assert [(p.code, p.severity) for p in row.problems] == [("unverified_norm", "note")]
    assert row.severity == "ready"


def test_local_money_has_no_national_norm(read: Reader) -> None:
    entry = machine(kcqg=0, kcdp=500, own=100)
    (row,) = read(xlsx(form_page([("I", "Máy", [entry])], purse="ĐỊA PHƯƠNG"))).rows
    assert (row.purse, row.problems) == ("KCDP", [])


# --- words around the rows


@pytest.mark.parametrize(
    "label",
    [
        "Tiểu cộng",
        "Cộng (I)",
        "Cộng mục I: Máy móc",
        "Tổng kinh phí KCQG đề nghị hỗ trợ",
        "Tổng cộng 01 đề án",
    ],
)
def test_a_sum_is_a_sum_in_any_words(read: Reader, label: str) -> None:
    page = flat_page([])
    page.put(2, ["I", "Máy móc"]).put(3, machine("ghế").values(1))
    page.put(4, [None, label, *[None] * 5, 600, 250, 0, 350])
    page.put(5, ["II", "Khác"]).put(6, machine("bàn", tax_code="9928000217").values(1))
    workbook = read(xlsx(page))
    assert [row.row for row in workbook.rows] == [3, 6]


@pytest.mark.parametrize("money", [[None] * 4, [0, 0, 0, 0]])
def test_a_group_in_which_nobody_has_a_project_is_no_project(read: Reader, money: list[object]) -> None:
    dotted = flat_page([])
    dotted.put(2, [1, "Máy móc"]).put(3, machine("ghế").values("1.1"))
    dotted.put(4, [2, "Dây chuyền", *[None] * 5, *money])
    bare = flat_page([])
    bare.put(2, [None, "Máy móc"]).put(3, machine("ghế").values(1)).put(4, [None, "Dây chuyền"])
    for page in (dotted, bare):
        (row,) = read(xlsx(page)).rows
        assert (row.row, row.title) == (3, machine("ghế").title)


def test_a_total_is_found_behind_its_figures(read: Reader) -> None:
    page = Page().put(1, ["KẾ HOẠCH KCQG NĂM 2027 TỈNH THANH HÓA (ĐVT: triệu đồng)"])
    page.put(2, ["Tổng kinh phí", "KCQG", "KCĐP", "Đối ứng", "Đơn vị thụ hưởng", "Tên đề án"])
    page.put(3, [600, 250, 0, 350, "HTX A", machine().title])
    page.put(4, [600, 250, 0, 350, None, "TỔNG CỘNG"])
    assert [row.row for row in read(xlsx(page)).rows] == [3]


def test_numbered_notes_below_the_list_are_no_projects(read: Reader) -> None:
    page = flat_page([machine("ghế")])
    page.put(4, ["Ghi chú: kinh phí là dự kiến"]).put(5, ["1. Đề án số 1 đã có mặt bằng"]).put(
        6, [2, "Đề án chưa được hỗ trợ từ nguồn khác"]
    )
    assert [row.row for row in read(xlsx(page)).rows] == [2]


@pytest.mark.parametrize(
    ("beneficiary", "group", "found"),
    [
        ("Xét chọn sau khi được phê duyệt", True, set()),
        ("Sẽ xác định sau", True, set()),
        ("n/a", False, {"missing_beneficiary"}),
        ("Chưa có", False, {"missing_beneficiary"}),
        ("…", False, {"missing_beneficiary"}),
    ],
)
def test_words_for_nobody_yet_are_told_from_a_choice_made_later(
    read: Reader, beneficiary: str, group: bool, found: set[str]
) -> None:
    (row,) = read(xlsx(flat_page([machine(beneficiary=beneficiary, tax_code=None)]))).rows
    assert (row.group_project, codes(row)) == (group, found)


def test_a_full_stop_does_not_make_a_second_project(read: Reader) -> None:
    rows = read(xlsx(flat_page([machine("ghế"), machine("ghế.")]))).rows
    assert [codes(row) for row in rows] == [set(), {"duplicate_row"}]


def test_a_list_of_nothing_but_sums_is_refused(read: Reader) -> None:
    page = flat_page([machine("ghế")])
    for number in range(limits.MAX_SUMS + 1):
        page.put(number + 3, [None, "Tổng cộng", *[None] * 5, 600, 250, 0, 350])
    with pytest.raises(Refused) as caught:
        read(xlsx(page))
    assert caught.value.refusal.code == "too_complex"


def test_two_tax_codes_in_a_cell_are_two_establishments_to_the_cap(read: Reader) -> None:
    two = machine(
        beneficiary="Hai cơ sở gỗ Giả Định", tax_code="9928000104; 9928000305", total=1300, kcqg=560, own=740
    )
    one = machine("chiếu cói", total=1300, kcqg=560, own=740)
    rows = read(xlsx(form_page([("I", "Máy", [two, one])]))).rows
    assert ["norm_cap" in codes(row) for row in rows] == [False, True]
