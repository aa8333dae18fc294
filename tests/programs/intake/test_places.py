"""Communes and provinces, whatever their spelling and whichever map they stand on."""

from __future__ import annotations

import datetime as dt
import unicodedata

import pytest
from django.utils import translation

from programs.intake.places import Places
from vietnam.units import get_index

PLAN_YEAR, BEFORE_THE_MERGER = dt.date(2027, 1, 1), dt.date(2024, 1, 1)


def places(on: dt.date = PLAN_YEAR) -> Places:
    return Places(get_index(), on)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("written", "name", "problem"),
    [
        ("XÃ THỌ XUÂN", "Xã Thọ Xuân", None),
        ("Thọ Xuân - Thanh Hóa", "Xã Thọ Xuân", None),
        ("Xã Thọ Xuân – Thanh Hoá", "Xã Thọ Xuân", None),
        ("P.Hạc Thành, TP Thanh Hóa", "Phường Hạc Thành", None),
        (unicodedata.normalize("NFD", "Xã\u00a0Thọ  Xuân, Tỉnh Thanh Hoá"), "Xã Thọ Xuân", None),
        ("Xã Thiệu Hoá", "Xã Thiệu Hóa", None),
        ("xã Xuân Hồng, huyện Thọ Xuân", "Xã Thọ Xuân", None),
        ("TT. Nga Sơn, H. Nga Sơn", "Xã Nga Sơn", None),
        ("Xã Xuân Hồng (nay là xã Thọ Xuân)", "Xã Thọ Xuân", None),
        ("Xã Thọ Xuân và xã Nga Sơn", "Xã Thọ Xuân, Xã Nga Sơn", None),
        ("Số 12 đường Lê Lợi, phường Hạc Thành, tỉnh Thanh Hóa.", "Phường Hạc Thành", None),
        ("Các xã trên địa bàn tỉnh", "Các xã trên địa bàn tỉnh", None),
        ("Ngoài tỉnh", "Ngoài tỉnh", None),
        ("Nước ngoài", "Nước ngoài", None),
        ("-", "", None),
        ("Phường Thọ Xuân", "Xã Thọ Xuân", "unknown_unit"),
        ("Xã Thọ Xuâm", "Xã Thọ Xuâm", "unknown_unit"),
        ("Xã Bịa Đặt - Thanh Hóa", "Xã Bịa Đặt - Thanh Hóa", "unknown_unit"),
        ("Xã Lục Ngạn - Bắc Ninh", "Xã Lục Ngạn", "wrong_province"),
    ],
)
def test_a_place_gets_its_official_name(written: str, name: str, problem: str | None) -> None:
    here = places()
    with translation.override("vi"):
        found = here.read(written, here.province_of_title(["TỈNH THANH HÓA"]))
    assert (found.name, [code for code, _sentence in found.problems]) == (name, [problem] if problem else [])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("UBND TP. HỒ CHÍ MINH", "Thành phố Hồ Chí Minh"),
        ("ỦY BAN NHÂN DÂN THÀNH PHỐ HUẾ", "Thành phố Huế"),
        ("SỞ CÔNG THƯƠNG THÀNH PHỐ ĐÀ NẴNG", "Thành phố Đà Nẵng"),
        ("SỞ CÔNG THƯƠNG THANH HÓA", "Tỉnh Thanh Hóa"),
        ("Danh mục đề án KCQG năm 2027 của Sở Công Thương Khánh Hoà", "Tỉnh Khánh Hòa"),
        ("TỔNG HỢP ĐỀ ÁN KCQG THANH HOÁ NĂM 2027", "Tỉnh Thanh Hóa"),
        ("KCQG Quảng Ninh", "Tỉnh Quảng Ninh"),
        ("TRUNG TÂM KHUYẾN CÔNG VÀ TƯ VẤN PHÁT TRIỂN CÔNG NGHIỆP AN GIANG", "Tỉnh An Giang"),
        ("UBND TỈNH ĐĂK LĂK", "Tỉnh Đắk Lắk"),
        ("TỈNH YÊN BÁI", "Tỉnh Lào Cai"),
        ("TỈNH BÀ RỊA - VŨNG TÀU", "Thành phố Hồ Chí Minh"),
    ],
)
def test_a_letterhead_names_the_province_of_the_plan_year(line: str, name: str) -> None:
    province = places().province_of_title([line])
    assert province is not None
    assert province.name == name


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("TỈNH YÊN BÁI", "Tỉnh Yên Bái"),
        ("TỈNH BÀ RỊA VŨNG TÀU", "Tỉnh Bà Rịa - Vũng Tàu"),
        ("TỈNH THỪA THIÊN HUẾ", "Tỉnh Thừa Thiên Huế"),
        ("TỈNH ĐẮK NÔNG", "Tỉnh Đắk Nông"),
    ],
)
def test_lists_of_older_years_keep_the_63_provinces(line: str, name: str) -> None:
    province = places(BEFORE_THE_MERGER).province_of_title([line])
    assert province is not None
    assert province.name == name


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["Xã Thanh An", "Xã Thạnh An"])
def test_names_that_differ_by_an_accent_are_two_communes_for_who_writes_accents(name: str) -> None:
    here = places()
    city = here.province_of_title(["THÀNH PHỐ HỒ CHÍ MINH"])
    assert (here.read(name, city).name, here.read(name, city).problems) == (name, ())
    assert [code for code, _sentence in here.read("xa thanh an", city).problems] == ["unknown_unit"]


@pytest.mark.django_db
def test_a_commune_of_a_province_that_later_became_a_city_lies_in_that_province() -> None:
    before = places(dt.date(2026, 1, 1))
    province = before.province_of_title(["SỞ CÔNG THƯƠNG THÀNH PHỐ ĐỒNG NAI"])
    assert province is not None
    assert province.name == "Tỉnh Đồng Nai"
    assert not before.read("Phường Lộc Ninh, Thành phố Đồng Nai", province).problems


@pytest.mark.django_db
def test_nobody_is_named_by_the_republic_or_an_office_without_a_province() -> None:
    lines = [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "SỞ CÔNG THƯƠNG",
        "Độc lập - Tự do - Hạnh phúc",
        "Kính gửi: Cục Đổi mới sáng tạo, Chuyển đổi xanh và Khuyến công, Hà Nội",
        "Đề án xây dựng hai phòng trưng bày",
    ]
    assert places().province_of_title(lines) is None
