"""The home page says how much waits without counting for ever, and sums two plan years by an index."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.scope import act_as
from programs import dashboard, selectors
from programs.models import Project
from tests.factories import make_project
from tests.pages import cost_of, counts_without_bound, signed_in, text_of

TODAY = dt.date(2026, 9, 1)
SOON = dt.timedelta(days=3)


@pytest.mark.parametrize(("found", "shown"), [(0, "0"), (99, "99"), (100, "99+")])
def test_beyond_ninety_nine_the_exact_figure_is_nobodys_business(found: int, shown: str) -> None:
    count = dashboard.BoundedCount(found)
    assert str(count) == shown
    assert count == found


@pytest.mark.parametrize(
    ("query", "unbounded"),
    [
        ('SELECT COUNT(*) AS "__count" FROM "programs_project"', True),
        ('SELECT COUNT("programs_project"."id") FROM "programs_project"', True),
        ('SELECT COUNT(*) FROM (SELECT "id" FROM "programs_project" LIMIT 100) subquery', False),
        ('SELECT "id" FROM "programs_project"', False),
    ],
)
def test_the_cost_of_a_page_sees_every_way_to_count(query: str, unbounded: bool) -> None:
    assert counts_without_bound(query) is unbounded


@pytest.mark.django_db
def test_the_home_page_counts_nothing_without_a_bound(thanh_hoa_officer: User, cuc_officer: User) -> None:
    for user in (thanh_hoa_officer, cuc_officer):
        assert cost_of(user, "/") <= 30


@pytest.mark.django_db
def test_a_long_queue_is_counted_to_the_limit_and_shown_as_more(
    thanh_hoa_centre: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        make_project(thanh_hoa_centre)
    monkeypatch.setattr(dashboard, "WORK_COUNT_LIMIT", 2)
    with act_as(thanh_hoa_centre):
        Project.objects.update(due_on=TODAY - dt.timedelta(days=1))
    with act_as(thanh_hoa_centre), CaptureQueriesContext(connection) as queries:
        counts = dashboard.queue_counts(selectors.waiting_for(thanh_hoa_centre), TODAY, SOON)
    assert (counts.all, counts.overdue, counts.soon) == (2, 2, 0)
    assert (str(counts.all), str(counts.soon)) == ("1+", "0")
    counting = [query["sql"] for query in queries if "COUNT" in query["sql"]]
    assert len(counting) == 3
    assert all("LIMIT 2" in query for query in counting)
    text = text_of(thanh_hoa_centre, "/")
    assert "hôm nay có 1+ việc cần xử lý" in text
    assert "<b>1+</b>" in text
    assert signed_in(thanh_hoa_centre).get("/?loc=qua-han").status_code == 200


@pytest.mark.django_db
def test_a_province_sees_its_own_share_of_the_national_plan(
    thanh_hoa_centre: User, thanh_hoa_officer: User, cuc_officer: User
) -> None:
    make_project(thanh_hoa_centre, year=2027)
    for user in (thanh_hoa_officer, cuc_officer):
        with act_as(user):
            *_others, coming = dashboard.kpis(user, 2026)
        assert coming.value == 1
