import csv
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vietnam.loaders.files import DATA
from vietnam.workdays import Calendar, add_working_days, load_calendar, working_days_between

days = st.dates(dt.date(2023, 1, 1), dt.date(2028, 12, 31))
calendars = st.builds(Calendar, st.frozensets(days, max_size=40), st.frozensets(days, max_size=10))
HUNG_KINGS_2026 = Calendar(
    holidays=frozenset({dt.date(2026, 4, 27), dt.date(2026, 4, 30), dt.date(2026, 5, 1)})
)


def test_the_first_day_is_not_counted_and_weekends_and_holidays_are_left_out() -> None:
    friday = dt.date(2026, 4, 24)
    assert add_working_days(friday, 1, HUNG_KINGS_2026) == dt.date(2026, 4, 28)
    assert add_working_days(friday, 3, HUNG_KINGS_2026) == dt.date(2026, 5, 4)
    assert working_days_between(friday, dt.date(2026, 5, 4), HUNG_KINGS_2026) == 3


def test_a_make_up_saturday_counts() -> None:
    calendar = Calendar(holidays=frozenset({dt.date(2026, 1, 2)}), makeup=frozenset({dt.date(2026, 1, 10)}))
    assert add_working_days(dt.date(2026, 1, 9), 1, calendar) == dt.date(2026, 1, 10)


def test_days_can_be_counted_back_from_a_deadline() -> None:
    assert add_working_days(dt.date(2026, 5, 4), -2, HUNG_KINGS_2026) == dt.date(2026, 4, 28)


@given(days, st.integers(0, 60), calendars)
def test_counting_the_days_of_a_period_gives_its_length_back(
    start: dt.date, n: int, calendar: Calendar
) -> None:
    assert working_days_between(start, add_working_days(start, n, calendar), calendar) == n


@given(days, days, days, calendars)
def test_periods_add_up(a: dt.date, b: dt.date, c: dt.date, calendar: Calendar) -> None:
    whole = working_days_between(a, c, calendar)
    assert working_days_between(a, b, calendar) + working_days_between(b, c, calendar) == whole


def test_an_absurd_period_is_refused() -> None:
    with pytest.raises(ValueError, match="legal period"):
        add_working_days(dt.date(2026, 1, 1), 10**9, Calendar())


@pytest.mark.django_db
def test_the_stored_calendar_knows_tet_and_says_what_is_unverified() -> None:
    calendar = load_calendar()
    assert not calendar.is_working_day(dt.date(2026, 2, 17))
    assert not calendar.is_working_day(dt.date(2027, 5, 3))
    assert calendar.is_working_day(dt.date(2026, 1, 10))
    assert dt.date(2026, 2, 17) in calendar.unverified
    assert dt.date(2026, 9, 2) not in calendar.unverified
    assert {2024, 2025, 2026, 2027} <= calendar.years


def test_fixed_holidays_are_listed_every_year_and_make_up_days_are_weekend_days() -> None:
    with (DATA / "calendar_days.csv").open(encoding="utf-8") as handle:
        listed = {dt.date.fromisoformat(row["date"]): row for row in csv.DictReader(handle)}
    for year in range(2024, 2028):
        for month, day in ((1, 1), (4, 30), (5, 1), (9, 2)):
            row = listed[dt.date(year, month, day)]
            assert (row["kind"], row["confidence"]) == ("holiday", "seen")
    assert all(day.weekday() >= 5 for day, row in listed.items() if row["kind"] == "makeup")
    lunar = [row for row in listed.values() if "Tết Nguyên" in row["name"] or "Giỗ Tổ" in row["name"]]
    assert lunar and all(row["confidence"] != "seen" for row in lunar)
