from contextlib import suppress
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from vietnam.money import MAX_VND, MoneyError, format_vnd, in_words, parse_vnd, typed_vnd

amounts = st.one_of(
    st.integers(0, MAX_VND),
    st.integers(0, 15).flatmap(lambda zeros: st.integers(0, 9999).map(lambda n: n * 10**zeros)),
).filter(lambda n: n <= MAX_VND)
units = st.sampled_from(["dong", "trieu"])


@pytest.mark.parametrize(
    ("amount", "unit", "shown"),
    [
        (0, "dong", "0"),
        (1_234_567, "dong", "1.234.567"),
        (1_779_970_000, "trieu", "1.779,97"),
        (1, "trieu", "0,000001"),
        (5_000_000, "trieu", "5"),
        (-1_500_000, "dong", "-1.500.000"),
    ],
)
def test_amounts_are_shown_with_dots_and_a_decimal_comma(amount: int, unit: Any, shown: str) -> None:
    assert format_vnd(amount, unit) == shown


@pytest.mark.parametrize(
    ("text", "unit", "amount"),
    [
        ("1.234.567", "dong", 1_234_567),
        ("1 234 567", "dong", 1_234_567),
        ("1\u00a0234\u00a0567 đ", "dong", 1_234_567),
        ("1200000", "dong", 1_200_000),
        ("1,200,000", "dong", 1_200_000),
        ("1.234.567,00", "dong", 1_234_567),
        ("1.234.567 VNĐ", "dong", 1_234_567),
        ("１２.０００", "dong", 12_000),
        ("1,2 tỷ", "dong", 1_200_000_000),
        ("1,2 TỈ đồng", "dong", 1_200_000_000),
        ("1.250,5 triệu", "dong", 1_250_500_000),
        ("300tr", "dong", 300_000_000),
        ("1 tỷ 200 triệu", "dong", 1_200_000_000),
        ("1,5", "trieu", 1_500_000),
        ("1.250", "trieu", 1_250_000_000),
        ("1,234.5", "trieu", 1_234_500_000),
        ("1,234.567", "trieu", 1_234_567_000),
        ("1,234", "trieu", 1_234_000),
        ("300", "trieu", 300_000_000),
        ("1.500.000 đồng", "trieu", 1_500_000),
        ("9.007.199.254.740.992", "dong", MAX_VND),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, unit: Any, amount: int) -> None:
    assert parse_vnd(text, unit) == amount


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("1.5", "trieu"),
        ("1.25 tỷ", "dong"),
        ("1,200", "dong"),
        ("0.500", "trieu"),
        ("1.23.456", "dong"),
        ("1.234,5,6", "trieu"),
        ("1,234.56.7", "trieu"),
        ("12.34,5", "trieu"),
        ("5,", "trieu"),
        ("1234.0", "dong"),
    ],
)
def test_a_text_that_can_be_read_in_two_ways_is_asked_about(text: str, unit: Any) -> None:
    with pytest.raises(MoneyError, match="nhiều cách"):
        parse_vnd(text, unit)


@pytest.mark.parametrize(
    ("text", "unit", "reason"),
    [
        ("", "dong", "Chưa nhập"),
        ("  ", "dong", "Chưa nhập"),
        ("1,5", "dong", "không tròn đồng"),
        ("0,0000001", "trieu", "không tròn đồng"),
        ("-5", "dong", "không được âm"),
        ("(1.000)", "dong", "không được âm"),
        ("9.007.199.254.740.993", "dong", "lớn quá mức"),
        ("9" * 70, "trieu", "lớn quá mức"),
        ("abc", "dong", "Không đọc được"),
        ("đồng", "dong", "Không đọc được"),
        ("12 con", "dong", "Không đọc được"),
        ("1 triệu 2 tỷ", "dong", "Không đọc được"),
        ("1 tỷ 2", "dong", "Không đọc được"),
        ("1tr2", "dong", "Không đọc được"),
        ("=SUM(A1)", "dong", "Không đọc được"),
        ("1" * 500, "dong", "Không đọc được"),
    ],
)
def test_what_is_not_a_whole_amount_is_refused_with_the_reason(text: str, unit: Any, reason: str) -> None:
    with pytest.raises(MoneyError, match=reason):
        parse_vnd(text, unit)


@given(amounts, units)
def test_reading_what_is_shown_gives_the_amount_back(amount: int, unit: Any) -> None:
    assert parse_vnd(format_vnd(amount, unit), unit) == amount


@given(st.text(alphabet="0123456789., đtriệu–-(", max_size=30), units)
def test_a_read_amount_is_whole_and_within_bounds_whatever_the_text(text: str, unit: Any) -> None:
    try:
        amount = parse_vnd(text, unit)
    except MoneyError:
        return
    assert type(amount) is int
    assert 0 <= amount <= MAX_VND


@given(st.text(alphabet="0123456789.,", min_size=1, max_size=20))
def test_in_dong_no_digit_is_ever_dropped_or_scaled(text: str) -> None:
    try:
        amount = parse_vnd(text)
    except MoneyError:
        return
    typed = "".join(c for c in text if c.isdigit()).lstrip("0")
    kept = str(amount) if amount else ""
    assert typed.startswith(kept) and set(typed[len(kept) :]) <= {"0"}


# neighbours of every rule: zero groups, linh, mốt, tư, lăm
TRUTH = {
    0: "Không",
    5: "Năm",
    15: "Mười lăm",
    21: "Hai mươi mốt",
    24: "Hai mươi tư",
    25: "Hai mươi lăm",
    101: "Một trăm linh một",
    1_005: "Một nghìn không trăm linh năm",
    1_010: "Một nghìn không trăm mười",
    10_005: "Mười nghìn không trăm linh năm",
    1_000_500: "Một triệu không nghìn năm trăm",
    1_500_000: "Một triệu năm trăm nghìn",
    105_000_000: "Một trăm linh năm triệu",
    1_000_000_005: "Một tỷ không trăm linh năm",
    1_234_567_890: "Một tỷ hai trăm ba mươi tư triệu năm trăm sáu mươi bảy nghìn tám trăm chín mươi",
    10**12: "Một nghìn tỷ",
    11: "Mười một",
    14: "Mười bốn",
    1_000_500_000: "Một tỷ không triệu năm trăm nghìn",
    1_000_500_000_000_000: "Một triệu không nghìn năm trăm tỷ",
}


@pytest.mark.parametrize(("amount", "words"), TRUTH.items())
def test_amounts_are_spelled_as_on_vouchers(amount: int, words: str) -> None:
    assert in_words(amount) == f"{words} đồng"


def test_the_southern_word_for_a_zero_ten_can_be_chosen() -> None:
    assert in_words(105, zero="lẻ") == "Một trăm lẻ năm đồng"
    assert in_words(5, suffix="đồng chẵn") == "Năm đồng chẵn"


def test_a_negative_amount_is_not_spelled() -> None:
    with pytest.raises(ValueError, match="negative"):
        in_words(-5)


DIGITS = {
    "không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "sáu": 6,
    "bảy": 7, "tám": 8, "chín": 9,
}  # fmt: skip
SCALES = {"tỷ": 10**9, "triệu": 10**6, "nghìn": 10**3}


def heard(words: list[str]) -> int:
    """An independent reader: what a listener writes down on hearing the words."""
    for scale, value in SCALES.items():
        if scale in words:
            cut = len(words) - 1 - words[::-1].index(scale) if scale != "tỷ" else words.index(scale)
            return heard(words[:cut]) * value + heard(words[cut + 1 :])
    total = digit = 0
    for word in words:
        if word == "trăm":
            total, digit = digit * 100, 0
        elif word == "mươi":
            total, digit = total + digit * 10, 0
        elif word == "mười":
            total += 10
        elif word != "linh":
            digit = DIGITS[word]
    return total + digit


@given(amounts)
def test_a_listener_writes_down_the_amount_that_was_spelled(amount: int) -> None:
    words = in_words(amount, suffix="")
    assert heard(words.lower().split()) == amount
    assert words[0].isupper() and "  " not in words


@given(amounts, units)
def test_what_stands_in_a_field_is_read_back_and_never_as_another_amount(amount: int, unit: Any) -> None:
    """The language may change while a page stays open: then it is the same amount or asked about."""
    for language in ("vi", "en"):
        with translation.override(language):
            shown = typed_vnd(amount, unit)
        assert parse_vnd(shown, unit, by_english=language == "en") == amount
        with suppress(MoneyError):
            assert parse_vnd(shown, unit, by_english=language != "en") == amount


@given(amounts, units)
def test_an_amount_as_english_shows_it_is_never_read_as_another_on_an_english_page(
    amount: int, unit: Any
) -> None:
    with translation.override("en"):
        shown = format_vnd(amount, unit)
    with suppress(MoneyError):
        assert parse_vnd(shown, unit, by_english=True) == amount


@pytest.mark.parametrize("text", ["1,105", "1.105", "12,345 triệu", "1,250 tỷ"])
def test_a_mark_before_three_digits_typed_on_an_english_page_is_asked_about(text: str) -> None:
    with pytest.raises(MoneyError):
        parse_vnd(text, "trieu", by_english=True)


@pytest.mark.parametrize(
    ("text", "unit", "amount"),
    [
        ("1.5", "trieu", 1_500_000),
        ("1,5", "trieu", 1_500_000),
        ("1.1050", "trieu", 1_105_000),
        ("1105", "trieu", 1_105_000_000),
        ("1,105.5", "trieu", 1_105_500_000),
        ("1,105", "dong", 1_105),
        ("1.105", "dong", 1_105),
        ("1,234,567", "dong", 1_234_567),
        ("1.5 tỷ", "dong", 1_500_000_000),
    ],
)
def test_amounts_typed_on_an_english_page_are_read_the_english_way(text: str, unit: Any, amount: int) -> None:
    assert parse_vnd(text, unit, by_english=True) == amount
