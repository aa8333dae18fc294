import datetime as dt

import pytest
from django.template import Context, Template
from django.utils import timezone, translation


def shown(expression: str, value: object) -> str:
    return Template("{% load vn %}{{ value|" + expression + " }}").render(Context({"value": value}))


@pytest.mark.parametrize(
    ("expression", "value", "text"),
    [
        ("vnd", 1_234_567, "1.234.567"),
        ('vnd:"trieu"', 1_779_970_000, "1.779,97"),
        ("vnd", None, "–"),
        ("vnd", "", "–"),
        ("vnd_unit", 1_500_000, "1.500.000\u00a0đồng"),
        ('vnd_unit:"trieu"', 1_500_000, "1,5\u00a0triệu đồng"),
        ("in_words", 1_000_500, "Một triệu không nghìn năm trăm đồng"),
        ("in_words", None, "–"),
        ("vn_date", dt.date(2027, 3, 1), "01/03/2027"),
        ("vn_date", None, "–"),
    ],
)
def test_amounts_and_dates_are_shown_the_vietnamese_way(expression: str, value: object, text: str) -> None:
    assert shown(expression, value) == text


def test_a_moment_late_in_the_utc_day_is_already_tomorrow_in_viet_nam() -> None:
    moment = dt.datetime(2026, 12, 31, 18, 30, tzinfo=dt.UTC)
    assert shown("vn_date", moment) == "01/01/2027"
    assert shown("vn_datetime", moment) == "01/01/2027 01:30"
    assert timezone.get_current_timezone_name() == "Asia/Ho_Chi_Minh"


@pytest.mark.parametrize(
    ("expression", "value", "text"),
    [
        ("vnd", 1_234_567, "1,234,567"),
        ('vnd:"trieu"', 1_779_970_000, "1,779.97"),
        ('vnd_unit:"trieu"', 1_105_000_000, "1,105\u00a0million đồng"),
        ('vnd_unit:"trieu"', 1_105_000, "1.105\u00a0million đồng"),
        ("in_words", 1_105_000, "1,105,000\u00a0đồng"),
    ],
)
def test_amounts_are_shown_the_english_way_to_readers_of_english(
    expression: str, value: object, text: str
) -> None:
    with translation.override("en"):
        assert shown(expression, value) == text
