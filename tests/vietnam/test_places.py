import datetime as dt
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vietnam.models import AdminUnit
from vietnam.text import fold
from vietnam.unit_names import segments, split_type
from vietnam.units import find_commune, find_province, forget_index, get_index, parse_place, search_hits

pytestmark = pytest.mark.django_db

NOW = dt.date(2026, 11, 23)
THEN = dt.date(2024, 5, 1)


@pytest.fixture
def thanh_hoa() -> AdminUnit:
    return AdminUnit.objects.provinces().get(code="38")


def official(unit: AdminUnit | None) -> str:
    return unit.name if unit else ""


def full(unit: AdminUnit | None) -> str:
    return unit.full_name if unit else ""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("TỈNH THANH HÓA", "Tỉnh Thanh Hóa"),
        ("thanh hoa", "Tỉnh Thanh Hóa"),
        ("Thanh Hoá", "Tỉnh Thanh Hóa"),
        (unicodedata.normalize("NFD", "Thanh  Hóa "), "Tỉnh Thanh Hóa"),
        ("T. Thanh Hóa", "Tỉnh Thanh Hóa"),
        ("TP Thanh Hóa", "Tỉnh Thanh Hóa"),
        ("Tp Hồ Chí Minh", "Thành phố Hồ Chí Minh"),
        ("TP.HCM", "Thành phố Hồ Chí Minh"),
        ("daklak", "Tỉnh Đắk Lắk"),
        ("Sở Công Thương tỉnh Thanh Hóa", "Tỉnh Thanh Hóa"),
        ("Sở Công Thương Đắk Lắk", "Tỉnh Đắk Lắk"),
        ("UBND thành phố Đồng Nai", "Thành phố Đồng Nai"),
        ("Trung tâm Khuyến công Lào Cai", "Tỉnh Lào Cai"),
        ("Bà Rịa – Vũng Tàu", "Tỉnh Bà Rịa - Vũng Tàu"),
        ("Xã Thọ Xuân, Tỉnh Thanh Hóa", "Tỉnh Thanh Hóa"),
        ("Yên Bái", "Tỉnh Yên Bái"),
    ],
)
def test_a_province_is_found_however_it_is_written(text: str, name: str) -> None:
    assert official(find_province(text, NOW)) == name


@pytest.mark.parametrize(
    ("text", "day", "name"),
    [
        ("Huế", THEN, "Tỉnh Thừa Thiên Huế"),
        ("Thừa Thiên Huế", NOW, "Tỉnh Thừa Thiên Huế"),
        ("TP Đồng Nai", dt.date(2025, 8, 1), "Tỉnh Đồng Nai"),
        ("tỉnh Đồng Nai", NOW, "Thành phố Đồng Nai"),
    ],
)
def test_the_province_valid_on_the_day_is_given_with_its_official_kind(
    text: str, day: dt.date, name: str
) -> None:
    assert official(find_province(text, day)) == name


@pytest.mark.parametrize(
    "text", ["", "abc", "Sở Công Thương", "xã Thọ Xuân", "Thôn Hòa Bình, xã Quảng Ninh", "1"]
)
def test_no_province_is_read_into_a_text_that_names_none(text: str) -> None:
    assert find_province(text, NOW) is None


@pytest.mark.parametrize(
    "text",
    [
        "Xã Thọ Xuân, Tỉnh Thanh Hóa",
        "xã Thọ Xuân, huyện Thọ Xuân, tỉnh Thanh Hóa",
        "xã Thọ Xuân huyện Thọ Xuân tỉnh Thanh Hóa",
        "xa tho xuan huyen tho xuan tinh thanh hoa",
        "X. Thọ Xuân,Thanh Hoá",
        "Thôn 3, xã  Thọ Xuân, Thanh Hóa, Việt Nam",
        "Thọ Xuân - Thanh Hóa",
        unicodedata.normalize("NFD", "XÃ THỌ XUÂN, TỈNH THANH HÓA"),
    ],
)
def test_a_present_commune_is_found_however_its_address_is_written(text: str) -> None:
    place = parse_place(text, NOW)
    assert (full(place.commune), place.problem) == ("Xã Thọ Xuân, tỉnh Thanh Hóa", "")
    assert place.commune_now == place.commune


def test_the_province_of_the_file_is_used_where_the_row_names_none(thanh_hoa: AdminUnit) -> None:
    assert full(parse_place("P. Hạc Thành", NOW, thanh_hoa).commune) == "Phường Hạc Thành, tỉnh Thanh Hóa"
    assert full(parse_place("Thọ Xuân", NOW, thanh_hoa).commune) == "Xã Thọ Xuân, tỉnh Thanh Hóa"


def test_a_commune_that_is_named_like_a_province_stays_a_commune(thanh_hoa: AdminUnit) -> None:
    place = parse_place("Xã Quảng Ninh", NOW, thanh_hoa)
    assert full(place.commune) == "Xã Quảng Ninh, tỉnh Thanh Hóa"
    assert parse_place("Quảng Ninh", NOW, thanh_hoa).commune == place.commune
    assert official(parse_place("Xã Quan Sơn", NOW, thanh_hoa).commune) == "Xã Quan Sơn"


@pytest.mark.parametrize(
    ("text", "commune", "now"),
    [
        ("Thị trấn Thọ Xuân, huyện Thọ Xuân, Thanh Hóa", "Thị trấn Thọ Xuân", "Xã Thọ Xuân"),
        ("Phường Đông Vệ, TP Thanh Hóa", "Phường Đông Vệ", "Phường Hạc Thành"),
        ("P.1, Q.3, TPHCM", "Phường 1", "Phường Bàn Cờ"),
        ("P. 01, quận 3, TP HCM", "Phường 1", "Phường Bàn Cờ"),
        ("Phường Bến Nghé, Quận 1, TP. Hồ Chí Minh", "Phường Bến Nghé", "Phường Sài Gòn"),
        ("Xã Long Thành, tỉnh Đồng Nai", "Xã Long Thành", "Phường Long Thành"),
    ],
)
def test_a_former_commune_is_itself_and_says_what_it_is_now(text: str, commune: str, now: str) -> None:
    place = parse_place(text, NOW)
    assert (official(place.commune), official(place.commune_now), place.problem) == (commune, now, "")


def test_on_an_old_date_the_same_address_means_the_unit_of_that_day() -> None:
    place = parse_place("Phường Bến Nghé, Quận 1, TP.HCM", THEN)
    assert place.commune == place.commune_now
    assert full(place.commune) == "Phường Bến Nghé, quận 1, thành phố Hồ Chí Minh"


def test_a_former_province_keeps_its_name_and_tells_its_successor() -> None:
    place = parse_place("tỉnh Yên Bái", NOW)
    assert (official(place.province), official(place.province_now)) == ("Tỉnh Yên Bái", "Tỉnh Lào Cai")


def test_a_split_commune_leaves_the_choice_to_the_officer() -> None:
    place = parse_place("Thị trấn Thiệu Hóa, huyện Thiệu Hóa, tỉnh Thanh Hóa", NOW)
    assert official(place.commune) == "Thị trấn Thiệu Hóa"
    assert place.commune_now is None
    assert [unit.name for unit in place.candidates] == ["Xã Thiệu Hóa", "Xã Thiệu Quang", "Xã Thiệu Trung"]


def test_equals_are_never_guessed_between() -> None:
    place = parse_place("Phường 1, TP Hồ Chí Minh", THEN)
    assert (place.commune, place.problem) == (None, "ambiguous_commune")
    assert len(place.candidates) > 3
    assert {unit.name for unit in place.candidates} == {"Phường 1"}


def test_a_commune_of_another_province_is_shown_but_not_taken(thanh_hoa: AdminUnit) -> None:
    place = parse_place("Xã Ba Chẽ", NOW, thanh_hoa)
    assert (place.commune, place.elsewhere) == (None, True)
    assert [full(unit) for unit in place.candidates] == ["Xã Ba Chẽ, tỉnh Quảng Ninh"]


def test_without_any_province_only_candidates_are_given() -> None:
    place = parse_place("Phường Hạc Thành", NOW)
    assert (place.province, place.commune, place.problem) == (None, None, "unknown_province")
    assert [full(unit) for unit in place.candidates] == ["Phường Hạc Thành, tỉnh Thanh Hóa"]


def test_a_misspelt_commune_brings_similar_names_of_the_province(thanh_hoa: AdminUnit) -> None:
    place = parse_place("xã Thọ Xuâm", NOW, thanh_hoa)
    assert (place.commune, place.problem) == (None, "unknown_commune")
    assert "Xã Thọ Xuân" in [unit.name for unit in place.candidates]


@pytest.mark.parametrize("text", ["Xã Hạc Thành", "Phường Hác Thanh"])
def test_another_kind_or_other_accents_are_found_and_reported(text: str, thanh_hoa: AdminUnit) -> None:
    place = parse_place(text, NOW, thanh_hoa)
    assert (official(place.commune), place.problem) == ("Phường Hạc Thành", "spelling")


def test_a_unit_that_begins_after_the_date_is_reported(thanh_hoa: AdminUnit) -> None:
    assert parse_place("Phường Hạc Thành", THEN, thanh_hoa).problem == "not_yet"


@pytest.mark.parametrize(
    ("text", "district"), [("huyện Thọ Xuân", "Huyện Thọ Xuân"), ("TP Thanh Hóa", "Thành phố Thanh Hóa")]
)
def test_an_address_may_end_at_the_district(text: str, district: str, thanh_hoa: AdminUnit) -> None:
    place = parse_place(text, NOW, thanh_hoa)
    assert (official(place.district), place.commune, place.problem) == (district, None, "")


def test_find_commune_gives_the_one_or_the_equals_or_nothing(thanh_hoa: AdminUnit) -> None:
    assert [unit.name for unit in find_commune("tho xuan", thanh_hoa, NOW)] == ["Xã Thọ Xuân"]
    assert find_commune("Xã Không Có", thanh_hoa, NOW) == []
    city = AdminUnit.objects.provinces().on(THEN).get(code="79")
    assert len(find_commune("Phường 1", city, THEN)) > 3


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), day=st.sampled_from([NOW, dt.date(2025, 6, 30)]))
def test_every_official_address_is_read_back_to_its_unit(data: st.DataObject, day: dt.date) -> None:
    index = get_index()
    communes = [row.id for row in index.rows.values() if row.level == "commune" and row.exists_on(day)]
    unit = index.unit(data.draw(st.sampled_from(communes)))
    written: list[Callable[[str], str]] = [str, str.upper, fold]
    address = data.draw(st.sampled_from(written))(unit.full_name)
    place = index.place(address, day)
    assert unit == place.commune or unit in place.candidates
    if place.commune is not None:
        assert place.commune == unit and place.commune_now == unit


@settings(max_examples=200)
@given(text=st.one_of(st.text(max_size=60), st.text("xãphường.,-tỉnhquận 123 TPHCM", max_size=40)))
def test_any_text_can_be_read_as_a_place(text: str) -> None:
    place = parse_place(text, NOW)
    assert place.raw == text
    assert (place.problem != "ambiguous_commune") or len(place.candidates) > 1


def test_thousands_of_rows_are_read_without_a_query_for_each(
    django_assert_num_queries: Any, thanh_hoa: AdminUnit
) -> None:
    index = get_index()
    with django_assert_num_queries(0):
        for number in range(300):
            index.place(f"Thôn {number}, xã Thọ Xuân, huyện Thọ Xuân", NOW, thanh_hoa)
    with django_assert_num_queries(2):
        get_index()


@pytest.mark.owner_role
def test_the_index_is_rebuilt_when_a_unit_changes(thanh_hoa: AdminUnit) -> None:
    before = get_index()
    assert get_index() is before
    thanh_hoa.name = "Tỉnh Thanh"
    thanh_hoa.bare_name = "Thanh"
    thanh_hoa.save()
    assert find_province("tỉnh Thanh", NOW) == thanh_hoa
    forget_index()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("TP.Hồ Chí Minh", ("thanh pho", "Hồ Chí Minh")),
        ("P12", ("phuong", "12")),
        ("t.x Sơn Tây", ("thi xa", "Sơn Tây")),
        ("Thanh Hóa", ("", "Thanh Hóa")),
        ("xã", ("", "xã")),
    ],
)
def test_the_kind_is_told_from_the_name(text: str, expected: tuple[str, str]) -> None:
    assert split_type(text) == expected


def test_an_address_is_cut_at_commas_and_before_each_kind() -> None:
    assert segments("Số 5 Lê Lợi phường Hạc Thành, TP. Thanh Hóa tỉnh Thanh Hóa") == [
        "Số 5 Lê Lợi", "phường Hạc Thành", "TP. Thanh Hóa", "tỉnh Thanh Hóa",
    ]  # fmt: skip
    assert segments("huyen quan hoa") == ["huyen quan hoa"]


# --- the picker


def labels(query: str, level: str = "", on: dt.date = NOW) -> list[str]:
    return [hit.label for hit in search_hits(query, on, level)]


@pytest.mark.parametrize(
    "query", ["yen dinh thanh hoa", "Yên Định, Thanh Hóa", "yen dinh tinh thanh hoa", "xã yên định thanh hóa"]
)
def test_a_name_followed_by_its_province_is_found_there_first(query: str) -> None:
    assert labels(query)[0] == "Xã Yên Định, tỉnh Thanh Hóa"


@pytest.mark.parametrize(
    "query", ["thanh hoa", "thanhhoa", "TH", "38", "Thanh Hoá", "tinh thanh hoa", "thanh h"]
)
def test_the_picker_finds_a_province_by_name_initials_or_code(query: str) -> None:
    assert labels(query, "province")[0] == "Tỉnh Thanh Hóa"


def test_the_picker_finds_a_former_name_and_says_where_it_belongs_now() -> None:
    assert labels("Yên Bái", "province") == ["Tỉnh Yên Bái (nay thuộc tỉnh Lào Cai)"]
    assert "Huyện Lục Yên, tỉnh Yên Bái (nay thuộc tỉnh Lào Cai)" in labels("huyện lục yên")


def test_the_picker_shows_one_row_for_a_province_that_kept_its_name() -> None:
    assert labels("lao cai", "province") == ["Tỉnh Lào Cai"]
    assert labels("lao cai", "province", THEN) == ["Tỉnh Lào Cai"]


def test_an_accented_query_prefers_the_accented_name() -> None:
    exact = AdminUnit.objects.search("Thạnh Hòa", NOW, "commune")
    assert exact[0].bare_name == "Thạnh Hòa"
    assert AdminUnit.objects.search("Thạnh Hóa", NOW, "commune")[0].bare_name == "Thạnh Hóa"


def test_beginnings_come_before_similar_names_and_present_before_former() -> None:
    found = AdminUnit.objects.search("tho xu", NOW, "commune")
    assert found[0].name == "Xã Thọ Xuân" and found[0].exists_on(NOW)
    assert AdminUnit.objects.search("tho xuam", NOW, "commune")[0].bare_name == "Thọ Xuân"


@pytest.mark.parametrize("query", ["", " ", "!!", "%", "zzzzzz"])
def test_an_empty_or_foreign_query_finds_nothing(query: str) -> None:
    assert search_hits(query, NOW) == []
