"""Last days, and the sentence that explains each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.deadlines import Due, Intake, Pause, due_for, last_day
from programs.lawbook import Basis, Clock, Milestone

TT36 = "36/2013/TT-BCT"


class Weekdays:
    """A calendar without holidays, counted one day at a time; ``doubtful``: nobody has checked it."""

    def __init__(self, doubtful: bool = False) -> None:
        self.doubtful = doubtful

    def add(self, start: dt.date, days: int) -> dt.date:
        day = start
        while days:
            day += dt.timedelta(days=1)
            days -= day.weekday() < 5
        return day

    def between(self, start: dt.date, end: dt.date) -> int:
        return sum((start + dt.timedelta(days=n)).weekday() < 5 for n in range(1, (end - start).days + 1))

    def is_doubtful(self, start: dt.date, end: dt.date) -> bool:
        return self.doubtful


def milestone(**changes: Any) -> Milestone:
    given: dict[str, Any] = {
        "milestone": "unit_to_so", "name": "đơn vị thực hiện gửi hồ sơ về Sở Công Thương", "state": "DRAFT",
        "month": 5, "day": 20, "year_offset": -1, "rule": "before", "plan_year": None,
        "basis": Basis(TT36, "khoản 1 Điều 10", "seen"),
    }  # fmt: skip
    return Milestone(**(given | changes))


CLOCK = Clock("REVIEW_PROV", 10, "mặc định của hệ thống", Basis(confidence="proposal"))


def due(
    state: str,
    entered: dt.date,
    *milestones: Milestone,
    clock: Clock | None = None,
    year: int = 2027,
    intake: Intake | None = None,
    pauses: Sequence[Pause] = (),
) -> Due:
    found = due_for(state, entered, "KCQG", year, milestones, clock, Weekdays(), intake, pauses)
    assert found is not None
    return found


def test_a_clock_counts_working_days_from_the_day_after_the_event_and_says_so() -> None:
    found = due("REVIEW_PROV", dt.date(2026, 6, 5), clock=CLOCK)
    assert found.due_on == dt.date(2026, 6, 19)
    assert found.why == (
        "10 ngày làm việc kể từ ngày 05/06/2026 Sở tiếp nhận hồ sơ; mặc định của hệ thống, chưa kiểm chứng."
    )
    assert (found.source, found.confidence) == (None, "proposal")


def test_a_clock_over_days_off_that_nobody_has_checked_says_so() -> None:
    found = due_for("REVIEW_PROV", dt.date(2027, 2, 1), "KCQG", 2028, [], CLOCK, Weekdays(doubtful=True))
    assert found is not None
    assert found.why.endswith("Lịch nghỉ lễ trong thời gian này chưa kiểm chứng.")


def test_a_provinces_own_clock_names_its_document() -> None:
    own = Clock("REVIEW_PROV", 7, "", Basis("05/2021/QĐ-UBND", "Điều 12", "verified"))
    assert due("REVIEW_PROV", dt.date(2026, 6, 5), clock=own).why.endswith(
        "theo Quyết định 05/2021/QĐ-UBND, Điều 12."
    )


def test_before_the_twentieth_means_the_nineteenth() -> None:
    found = due("DRAFT", dt.date(2026, 3, 1), milestone())
    assert found.due_on == dt.date(2026, 5, 19)
    assert found.why == (
        "Đơn vị thực hiện gửi hồ sơ về Sở Công Thương trước ngày 20/05/2026, tức chậm nhất 19/05/2026, "
        "cho kế hoạch năm 2027; theo Thông tư 36/2013/TT-BCT, khoản 1 Điều 10."
    )
    assert found.source == "36/2013/TT-BCT, khoản 1 Điều 10"


def test_at_the_latest_on_a_day_means_that_day() -> None:
    assert last_day(milestone(month=1, day=22, year_offset=1, rule="on_or_before"), 2026) == dt.date(
        2027, 1, 22
    )


def test_before_the_first_of_a_month_is_the_last_of_the_one_before() -> None:
    assert last_day(milestone(month=3, day=1), 2025) == dt.date(2024, 2, 29)


def test_a_monthly_date_needs_its_month() -> None:
    monthly = milestone(month=None, day=25, year_offset=0)
    assert last_day(monthly, 2026, 4) == dt.date(2026, 4, 24)
    with pytest.raises(ValueError, match="not a date"):
        last_day(monthly, 2026)


def test_a_date_of_one_year_and_a_provinces_own_go_before_the_default() -> None:
    default, province = milestone(), milestone(day=10, own_province=True)
    this_year, other_year = milestone(day=30, plan_year=2027), milestone(day=1, plan_year=2030)
    entered = dt.date(2026, 1, 1)
    assert due("DRAFT", entered, default, province).due_on == dt.date(2026, 5, 9)
    assert due("DRAFT", entered, default, province, this_year, other_year).due_on == dt.date(2026, 5, 29)


def test_nobody_is_hurried_where_no_rule_speaks() -> None:
    assert due_for("PASSED_MIN", dt.date(2026, 1, 1), "KCQG", 2027, [milestone()], None, Weekdays()) is None
    assert due_for("DRAFT", dt.date(2026, 1, 1), "KCDP", 2027, [], None, Weekdays()) is None


@given(st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31)), st.integers(1, 40))
def test_a_clock_leaves_exactly_its_working_days(entered: dt.date, days: int) -> None:
    clock = Clock("REVIEW_MIN", days, "mặc định", Basis(confidence="proposal"))
    last = due("REVIEW_MIN", entered, clock=clock).due_on
    assert last is not None
    between = [entered + dt.timedelta(days=n) for n in range(1, (last - entered).days + 1)]
    assert sum(1 for day in between if day.weekday() < 5) == days
    assert last.weekday() < 5


def test_the_days_an_office_has_set_go_before_the_date_of_the_circular() -> None:
    intake = Intake(dt.date(2026, 4, 1), dt.date(2026, 6, 10), "Sở Thử", "12/TB-SCT", "chờ danh mục.")
    found = due("DRAFT", dt.date(2026, 3, 1), milestone(), intake=intake)
    assert found.due_on == dt.date(2026, 6, 10)
    assert found.why == (
        "Sở Thử nhận hồ sơ từ 01/04/2026 đến hết 10/06/2026 cho kế hoạch năm 2027. Đã đổi ngày: chờ danh mục."
    )
    assert (found.source, found.confidence) == ("12/TB-SCT", "verified")


def test_a_clock_that_stands_still_has_no_last_day_and_says_what_is_left() -> None:
    pause = Pause(dt.date(2026, 6, 9), None, "chờ ý kiến Sở Tài chính")
    found = due("REVIEW_PROV", dt.date(2026, 6, 5), clock=CLOCK, pauses=[pause])
    assert found.due_on is None
    assert found.why == (
        "Tạm dừng tính hạn từ ngày 09/06/2026: chờ ý kiến Sở Tài chính. Khi tính tiếp còn 8 ngày làm việc."
    )


def test_working_days_of_a_pause_are_added_and_its_weekend_is_not() -> None:
    pause = Pause(dt.date(2026, 6, 11), dt.date(2026, 6, 16), "chờ")  # Thursday to Tuesday: three days
    found = due("REVIEW_PROV", dt.date(2026, 6, 5), clock=CLOCK, pauses=[pause])
    assert found.due_on == dt.date(2026, 6, 24)
    assert "Đã trừ 3 ngày làm việc tạm dừng." in found.why


@given(
    st.dates(dt.date(2024, 1, 1), dt.date(2028, 12, 31)),
    st.integers(1, 30),
    st.lists(st.integers(0, 20), max_size=8),
)
def test_whatever_was_paused_in_time_the_office_has_its_working_days(
    entered: dt.date, days: int, steps: list[int]
) -> None:
    """Work and pauses follow each other; what counts is every working day outside the pauses."""
    clock = Clock("REVIEW_MIN", days, "mặc định", Basis(confidence="proposal"))
    edges = [entered + dt.timedelta(days=sum(steps[: n + 1])) for n in range(len(steps))]
    pauses: list[Pause] = []
    last = due("REVIEW_MIN", entered, clock=clock).due_on
    assert last is not None
    for began, ended in zip(edges[::2], edges[1::2], strict=False):
        if began <= last:
            pauses.append(Pause(began, ended, "chờ"))
            last = due("REVIEW_MIN", entered, clock=clock, pauses=pauses).due_on
            assert last is not None
    counted = [
        day
        for n in range(1, (last - entered).days + 1)
        if (day := entered + dt.timedelta(days=n)).weekday() < 5
        and not any(pause.ended and pause.began < day <= pause.ended for pause in pauses)
    ]
    assert len(counted) == days
