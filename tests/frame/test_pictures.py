"""Pictures of numbers: what is drawn is what was given."""

from __future__ import annotations

from khuyencong.pictures import COLUMN_HEIGHT, columns

MILLIARD = 10**9


def test_the_highest_year_fills_the_picture_and_the_others_stand_in_proportion() -> None:
    chart = columns(
        [("2025", {"KCQG": 3 * MILLIARD, "KCDP": MILLIARD}), ("2026", {"KCQG": 2 * MILLIARD})],
        ["KCQG", "KCDP"],
    )
    first, second = chart.columns
    assert (first.top, second.top) == (0, COLUMN_HEIGHT // 2)
    assert [(part.tone, part.y, part.height) for part in first.stretches] == [
        ("kcqg", 30, 90),
        ("kcdp", 0, 30),
    ]
    assert second.amounts == [2 * MILLIARD, 0], "the table says nothing as nothing"


def test_a_columns_words_are_rounded_milliards_and_its_table_keeps_the_dong() -> None:
    column = columns([("2026", {"KCQG": 8_949_999_999})], ["KCQG"]).columns[0]
    assert (column.milliards, column.total) == ("8,9", 8_949_999_999)
    assert columns([("2026", {"KCQG": 8_950_000_000})], ["KCQG"]).columns[0].milliards == "9,0"


def test_years_without_money_have_a_label_and_no_column() -> None:
    column = columns([("2026", {})], ["KCQG", "KCDP"]).columns[0]
    assert (column.stretches, column.total, column.milliards) == ([], 0, "0,0")
