import unicodedata

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from vietnam.text import (
    clean,
    clean_lines,
    fold,
    has_accents,
    person_sort_key,
    same_text,
    sort_key,
)

from . import strategies as vn

# The order ICU gives for vi with natural numbers, taken from PostgreSQL 15 (COLLATE "vi-u-kn-true").
ICU_ORDER = [
    "A - B", "A B", "Ấp 2", "Ấp 10", "ba", "Ba", "bà", "Bà", "bả", "bã", "bá", "bạ", "ban", "băn",
    "bân", "Cần Thơ", "Cư M'gar", "Cư Mgar", "Dừa", "Dương", "Đà Nẵng", "Đắk Lắk", "Đồng Nai", "Hà Nội",
    "Hoà", "Hòa", "Huế", "ma ma", "ma mà", "mà ma", "mở", "Thống Nhất 2", "Thống Nhất 10", "Thơ", "Ư",
    "Yên Bái",
]  # fmt: skip


def test_clean_gives_one_tidy_composed_line() -> None:
    messy = " \ufeffPhường\u00a0\u00a0 Buôn  Ma\u200b Thuột \t"
    assert clean(messy) == "Phường Buôn Ma Thuột"
    assert clean("Cư M’gar") == "Cư M'gar"
    assert clean(unicodedata.normalize("NFD", "Đắk Lắk")) == "Đắk Lắk"
    assert clean("a\x00b\ud800c") == "abc"


def test_clean_lines_keeps_paragraphs_but_not_stray_spaces() -> None:
    assert clean_lines("  Mục tiêu \r\n\r\n\r\n\r\n nội  dung \n") == "Mục tiêu\n\nnội dung"


@given(vn.messy)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert clean_lines(clean_lines(text)) == clean_lines(text)


@given(st.text())
def test_any_text_can_be_cleaned_folded_and_ordered_and_stored_as_utf8(text: str) -> None:
    for result in (clean(text), clean_lines(text), fold(text), sort_key(text), person_sort_key(text)):
        assert "\x00" not in result.encode().decode()


@pytest.mark.parametrize(
    "written",
    ["Thanh Hóa", "Thanh Hoá", "THANH HÓA", "thanh  hoa", unicodedata.normalize("NFD", "Thanh Hóa")],
)
def test_fold_makes_all_spellings_of_a_name_equal(written: str) -> None:
    assert fold(written) == "thanh hoa"


def test_fold_reads_d_with_stroke_as_d_and_any_dash_as_hyphen() -> None:
    assert fold("Đắk Đoa – Chân Mây") == "dak doa - chan may"


@given(vn.messy)
def test_folding_ignores_unicode_form_and_capitals(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))
    assert fold(text) == fold(clean(text).upper())


def test_accents_in_a_query_are_noticed() -> None:
    assert has_accents("mã") and has_accents("đo")
    assert not has_accents("Ma 12")


@pytest.mark.parametrize(
    ("one", "other"),
    [("hóa", "hoá"), ("Thúy", "Thuý"), ("HÒA  BÌNH", "Hoà Bình"), ("khỏe", "khoẻ"), ("quý", "Quý")],
)
def test_both_ways_to_place_a_tone_are_the_same_text(one: str, other: str) -> None:
    assert same_text(one, other)


@pytest.mark.parametrize(("one", "other"), [("ma", "mã"), ("Hòa", "Hóa"), ("dao", "đao"), ("toàn", "tòan ")])
def test_other_accents_make_another_text(one: str, other: str) -> None:
    assert not same_text(one, other)


def test_names_stand_in_the_vietnamese_order() -> None:
    shuffled = sorted(ICU_ORDER, key=lambda name: name[::-1])
    assert sorted(shuffled, key=sort_key) == ICU_ORDER


def icu_order(names: list[str]) -> list[str] | None:
    """The server's own Vietnamese order, None where PostgreSQL was built without ICU."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_collation WHERE collname = 'vi-x-icu'")
        if cursor.fetchone() is None:
            return None
        cursor.execute(
            "CREATE COLLATION IF NOT EXISTS pg_temp.vi_numbers (provider = icu, locale = 'vi-u-kn-true')"
        )
        cursor.execute(
            "SELECT name FROM unnest(%s::text[]) name"
            ' ORDER BY name COLLATE pg_temp.vi_numbers, name COLLATE "C"',
            [names],
        )
        return [row[0] for row in cursor.fetchall()]


@given(st.lists(vn.names, max_size=40, unique=True))
@pytest.mark.django_db
def test_the_sort_key_orders_as_the_servers_icu_collation_does(names: list[str]) -> None:
    by_key = sorted(names, key=lambda name: (sort_key(name), name.encode()))
    assert (icu_order(names) or by_key) == by_key
    assert (icu_order(ICU_ORDER) or ICU_ORDER) == ICU_ORDER


@given(vn.names, vn.names)
def test_the_sort_key_does_not_depend_on_the_unicode_form(one: str, other: str) -> None:
    decomposed = unicodedata.normalize("NFD", one)
    assert sort_key(decomposed) == sort_key(one)
    assert (sort_key(decomposed) < sort_key(other)) == (sort_key(one) < sort_key(other))


def test_people_stand_in_the_order_of_their_given_names() -> None:
    people = ["Nguyễn Văn Ân", "Lê Thị Bình", "Trần An", "H'Hen Niê", "Y Moan Êban", "An"]
    assert sorted(people, key=person_sort_key) == [
        "An", "Trần An", "Nguyễn Văn Ân", "Lê Thị Bình", "Y Moan Êban", "H'Hen Niê",
    ]  # fmt: skip
