"""Money, units, tax codes, years and schedules as offices write them."""

from __future__ import annotations

import datetime as dt

import pytest

from programs.intake.amounts import amount_of
from programs.intake.grid import Value
from programs.intake.schedule import first_year, read_schedule
from programs.intake.taxes import read_tax, take_tax_code
from programs.intake.titles import plan_year, purse_of, purse_of_source
from programs.intake.units import DONG, MILLIARD, MILLION, THOUSAND, line_unit, stated_unit


@pytest.mark.parametrize(
    ("written", "unit", "vnd"),
    [
        ("1,234.5", MILLION, 1_234_500_000),
        ("300\u00a0000\u00a0000", DONG, 300_000_000),
        ("300,000,000", DONG, 300_000_000),
        ("600tr", DONG, 600_000_000),
        ("1 tỷ 200 triệu", DONG, 1_200_000_000),
        ("'600", MILLION, 600_000_000),
        ("600.000.000.", DONG, 600_000_000),
        ("₫600.000.000", MILLION, 600_000_000),
        ("600.000.000 VNĐ", MILLION, 600_000_000),
        ("600 TRIỆU ĐỒNG", THOUSAND, 600_000_000),
        ("0,6 tỷ", MILLION, 600_000_000),
        (33.333333, MILLION, 33_333_333),
        (599999999.9999999, DONG, 600_000_000),
    ],
)
def test_an_amount_is_read_to_the_dong(written: Value, unit: int, vnd: int) -> None:
    assert amount_of(written, unit).vnd == vnd


@pytest.mark.parametrize(
    ("written", "unit"),
    [
        ("600.5", MILLION),
        ("1.2", MILLIARD),
        ("500-600", MILLION),
        ("~600", MILLION),
        ("6E+08", DONG),
        ("600 (sáu trăm)", MILLION),
        ("nan", MILLION),
        (33.3333333, MILLION),
        (600000000.4, DONG),
        (1e300, DONG),
    ],
)
def test_an_amount_that_may_be_two_things_is_none(written: Value, unit: int) -> None:
    amount = amount_of(written, unit)
    assert amount.vnd is None
    assert amount.problem


def test_a_bare_figure_without_a_unit_waits_for_one_and_a_spoken_one_does_not() -> None:
    assert amount_of(600, None).needs_unit
    assert amount_of("600.000.000", None).needs_unit
    assert amount_of("600 triệu", None).vnd == 600_000_000
    assert amount_of("0", None).vnd == 0


@pytest.mark.parametrize(
    ("line", "unit"),
    [
        ("Đơn vị tính: triệu đồng", MILLION),
        ("(ĐVT: Tr. đồng)", MILLION),
        ("ĐVT: 1.000.000 đ", MILLION),
        ("Đơn vị: Triệu đồng Việt Nam", MILLION),
        ("Đơn vị tính tiền tệ: triệu đồng", MILLION),
        ("Số tiền: triệu đồng", MILLION),
        ("(Kinh phí: triệu đồng)", MILLION),
        ("Kinh phí tính bằng triệu đồng", None),
        ("Đơn vị tính: Đồng Việt Nam", DONG),
        ("ĐVT: 1000đ", THOUSAND),
        ("Tổng kinh phí: 1.200 triệu đồng", None),
        ("Đơn vị: Sở Công Thương", None),
    ],
)
def test_a_line_above_a_table_states_a_unit(line: str, unit: int | None) -> None:
    assert line_unit([line]) == unit


@pytest.mark.parametrize(
    ("heading", "unit"),
    [("Tổng kinh phí\n(tr.đ)", MILLION), ("KCQG, triệu đồng", MILLION), ("đồng", DONG), ("Đối ứng", None)],
)
def test_a_heading_states_its_unit(heading: str, unit: int | None) -> None:
    assert stated_unit(heading) == unit


@pytest.mark.parametrize(
    ("written", "code", "doubtful"),
    [
        ("9928000104\n9928000217", "9928000104; 9928000217", False),
        ("9928000104; 99000207", "9928000104; 0099000207", False),
        ("9928000104 và 9928000217", "9928000104; 9928000217", False),
        ("9928000104 (Cục Thuế cấp)", "9928000104", False),
        ("Số ĐKKD: 9928000104", "9928000104", False),
        ("9928000104001", "9928000104-001", False),
        ("26A8012345", "26A8012345", True),
        ("999999999999", "999999999999", True),
        ("Chưa đăng ký", None, False),
        ("đang làm thủ tục", None, False),
        ("n/a", None, False),
        ("/", None, False),
    ],
)
def test_a_tax_cell_gives_its_codes_or_none(written: str, code: str | None, doubtful: bool) -> None:
    tax = read_tax(written)
    assert (tax.text, tax.doubtful) == (code, doubtful)


@pytest.mark.parametrize(
    ("written", "name", "code"),
    [
        ("HTX A - MST: 9928000104", "HTX A", "9928000104"),
        ("HTX A (9928000104)", "HTX A", "9928000104"),
        ("HTX A (0912345678)", "HTX A (0912345678)", ""),
        ("Công ty 19-5", "Công ty 19-5", ""),
    ],
)
def test_a_code_in_a_name_is_told_from_a_telephone(written: str, name: str, code: str) -> None:
    assert take_tax_code(written) == (name, code)


@pytest.mark.parametrize(
    ("lines", "year"),
    [
        (["BIỂU TỔNG HỢP ĐĂNG KÝ ĐỀ ÁN KHUYẾN CÔNG QUỐC GIA NĂM KẾ HOẠCH 2027"], 2027),
        (["KẾT QUẢ NĂM 2026 VÀ KẾ HOẠCH NĂM 2027 KHUYẾN CÔNG"], 2027),
        (["Danh mục đề án khuyến công quốc gia 2028"], 2028),
        (["Đề án đăng ký cho năm ngân sách 2028"], 2028),
        (["Đề án thuộc kế hoạch 2026 - 2030"], None),
        (["Đề án thuộc Chương trình giai đoạn 2026-2030"], None),
        (["Thanh Hóa, ngày 10 tháng 6 năm 2026"], None),
        (["(Kèm theo Công văn số 12/SCT-QLCN ngày 10/6/2026)", "ĐĂNG KÝ KCQG NĂM 2027"], 2027),
        (["Căn cứ Quyết định số 2646/QĐ-BCT ngày 23 tháng 9 năm 2025"], None),
        (["DANH SÁCH ĐỀ ÁN KCQG 2027 TỈNH THANH HÓA"], 2027),
        (["BIỂU ĐĂNG KÝ 2027 (LẦN 2)"], 2027),
        (["DANH SÁCH ĐỀ ÁN 2027", "(theo QĐ 123/2026, Thông tư 28/2018/TT-BTC)"], 2027),
        (["Đề án khuyến công theo QĐ 123/2026"], None),
        (["Đề án khuyến công theo QĐ số 2026 ngày 5 tháng 6"], None),
        (["Danh sách đề án, Thanh Hóa ngày … tháng 6 2026"], None),
        (["Danh sách đề án lập 15.6.2026 (15-6-2026, 15/6/2026)"], None),
        (["Danh sách đề án theo Nghị quyết 2026/NQ-HĐND"], None),
        (["Danh sách đề án KCQG 2027, thay danh sách 2026"], None),
        (["Danh sách đề án KCQG 2045 tỉnh Thanh Hóa"], None),
        (["Công ty 2027"], None),
    ],
)
def test_the_title_names_the_plan_year(lines: list[str], year: int | None) -> None:
    assert plan_year(lines) == year


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("3/2027 - 10/2027", dt.date(2027, 3, 1), dt.date(2027, 10, 31)),
        ("T3-T10/2027", dt.date(2027, 3, 1), dt.date(2027, 10, 31)),
        ("Quý II/2027", dt.date(2027, 4, 1), dt.date(2027, 6, 30)),
        ("Năm 2027", dt.date(2027, 1, 1), dt.date(2027, 12, 31)),
        ("từ 01/3/2027 đến 30/10/2027", dt.date(2027, 3, 1), dt.date(2027, 10, 30)),
        ("03.2027-10.2027", dt.date(2027, 3, 1), dt.date(2027, 10, 31)),
        ("12 tháng", None, None),
    ],
)
def test_a_schedule_has_a_first_and_a_last_day(
    written: str, start: dt.date | None, end: dt.date | None
) -> None:
    assert read_schedule(written) == (start, end)
    assert first_year(written) == (start.year if start else None)


def test_a_purse_is_named_by_the_title_or_by_the_rows_source() -> None:
    assert purse_of(["Đề án khuyến công tỉnh Thanh Hóa"]) == "KCDP"
    assert purse_of(["Khuyến công quốc gia và khuyến công địa phương"]) == ""
    assert (purse_of_source("Trung ương"), purse_of_source("Địa phương")) == ("KCQG", "KCDP")
    assert purse_of_source("Xã hội hóa") == ""
