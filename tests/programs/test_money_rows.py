"""Money of a project: the sums the database keeps, whole đồng, and the most the state may pay."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from accounts.scope import act_as
from programs.drafting import DraftValues, LineValues, save_draft
from programs.facts import verdicts_of
from programs.invariants import totals_follow_rows
from programs.lawbook import LawBook
from programs.lifecycle import Source
from programs.models import ActivityKind, BudgetAmount, BudgetLine, Project
from programs.norm_checks import limit_of
from records import context
from tests.factories import MILLION, make_project
from tests.programs.lawkit import facts

pytestmark = pytest.mark.django_db
IN_ONE_DATABASE = settings(
    max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
SOURCES = [source.value for source in Source]

vnd = st.one_of(st.integers(0, 10), st.integers(0, 5_000 * MILLION))
line = st.fixed_dictionaries(dict.fromkeys(SOURCES, vnd))
edits = st.lists(
    st.one_of(
        st.tuples(st.just("add"), line),
        st.tuples(st.just("amount"), st.integers(0, 5), st.sampled_from(SOURCES), vnd),
        st.tuples(st.just("drop amount"), st.integers(0, 5), st.sampled_from(SOURCES)),
        st.tuples(st.just("drop line"), st.integers(0, 5)),
        st.tuples(st.just("move"), st.integers(0, 5)),
        st.tuples(st.just("save"), st.lists(line, max_size=3)),
    ),
    max_size=8,
)
"""Changes of a budget: row by row, whole, and a line handed to another project."""


def add_line(project: Project, amounts: dict[str, int]) -> BudgetLine:
    row = BudgetLine.objects.create(
        project=project, position=9, description="Máy", total_vnd=sum(amounts.values())
    )
    BudgetAmount.objects.bulk_create(
        BudgetAmount(line=row, source=source, amount_vnd=amount) for source, amount in amounts.items()
    )
    return row


def apply(edit: tuple[Any, ...], mine: Project, other: Project, actor: User) -> None:
    kind, *rest = edit
    if kind == "add":
        add_line(mine, rest[0])
        return
    if kind == "save":
        lines = [LineValues("Máy", sum(a.values()), dict(a)) for a in rest[0]]
        save_draft(mine, DraftValues(lines=lines), actor=actor)
        return
    rows = list(BudgetLine.objects.filter(project=mine).order_by("id"))
    if not rows:
        return
    chosen = rows[int(rest[0]) % len(rows)]
    if kind == "drop line":
        chosen.delete()
    elif kind == "move":
        BudgetLine.objects.filter(pk=chosen.pk).update(project=other)
    elif kind == "amount":
        BudgetAmount.objects.update_or_create(line=chosen, source=rest[1], defaults={"amount_vnd": rest[2]})
    else:
        BudgetAmount.objects.filter(line=chosen, source=rest[1]).delete()


def added_up(project: Project) -> dict[str, int]:
    """Every row of the project added by hand."""
    sums = dict.fromkeys([*SOURCES, "total"], 0)
    for row in BudgetLine.objects.filter(project=project).prefetch_related("amounts"):
        sums["total"] += row.total_vnd
        for amount in row.amounts.all():
            sums[amount.source] += amount.amount_vnd
    return sums


@IN_ONE_DATABASE
@given(edits)
def test_a_projects_money_is_the_sum_of_its_rows_after_any_edits(
    thanh_hoa_centre: User, changes: list[tuple[Any, ...]]
) -> None:
    with transaction.atomic():
        mine, other = make_project(thanh_hoa_centre), make_project(thanh_hoa_centre)
        with act_as(thanh_hoa_centre):
            for change in changes:
                apply(change, mine, other, thanh_hoa_centre)
                for project in (mine, other):
                    project.refresh_from_db()
                    kept = {str(source): amount for source, amount in project.amounts().items()}
                    assert kept | {"total": project.total_vnd} == added_up(project)
        with context.whole_country():
            assert totals_follow_rows() == []
        transaction.set_rollback(True)


@pytest.mark.parametrize("amount", [0.5, 1.0, Decimal("1.5"), "1.5", 2**63, -1])
def test_money_is_whole_dong_of_a_possible_size(thanh_hoa_centre: User, amount: Any) -> None:
    project = make_project(thanh_hoa_centre)
    with act_as(thanh_hoa_centre):
        row = project.lines.get()
        with pytest.raises((DatabaseError, ValidationError, ValueError, TypeError)), transaction.atomic():
            row.amounts.create(source=Source.OTHER, amount_vnd=amount)
        project.refresh_from_db()
    assert project.other_vnd == 0


@pytest.mark.parametrize("gap", [-1, 1])
def test_one_dong_of_difference_between_sources_and_total_blocks_submission(
    thanh_hoa_centre: User, gap: int
) -> None:
    project = make_project(thanh_hoa_centre)
    with act_as(thanh_hoa_centre):
        project.lines.update(total_vnd=600 * MILLION + gap)
        project.refresh_from_db()
        blocking = [v.code for v in verdicts_of(project) if v.blocks_from == "SUBMITTED_PROV"]
    assert "sum_mismatch" in blocking


# --- the most the state may pay, with the law as it is loaded ------------------------------------------

# activity, percent, cap in million, since; khuyencong.md §4 is the reading they come from
READ = [
    ("N3.3", 50, 300, 2019),
    ("N3.5", 50, 450, 2019),
    ("N3.1", 30, 1000, 2019),
    ("N3.3", 50, 200, 2016),
    ("N3.1", 30, 500, 2016),
    ("N4.5", 50, 35, 2019),
    ("N7.8", 50, 500, 2019),
]
VECTORS = [
    ("N3.3", 1200, 2027, 300),
    ("N3.3", 380, 2027, 190),
    ("N3.5", 1500, 2027, 450),
    ("N3.1", 2500, 2027, 750),
    ("N3.1", 5000, 2027, 1000),
    ("N3.3", 900, 2016, 200),
    ("N4.5", 60, 2027, 30),
    ("N4.5", 100, 2027, 35),
    ("N7.8", 1400, 2027, 500),
]


def allowed(percent: int, cap: int, cost: int) -> int:
    """The oracle: exact fractions, no product code."""
    return min(int(Fraction(percent, 100) * cost), cap * MILLION)


def law(year: int) -> LawBook:
    return LawBook.load(dt.date(year, 1, 1), "KCQG", None)


@pytest.mark.parametrize(("activity", "cost", "year", "expected"), VECTORS)
def test_the_loaded_law_gives_the_nine_known_answers(
    activity: str, cost: int, year: int, expected: int
) -> None:
    norm = law(year).norm(activity)
    assert norm is not None
    assert limit_of(norm, facts(activity, cost * MILLION, MILLION, plan_year=year)).vnd == expected * MILLION


@pytest.fixture
def books(db: None) -> dict[int, LawBook]:
    return {year: law(year) for year in {year for *_rest, year in READ}}


@IN_ONE_DATABASE
@given(st.sampled_from(READ), st.integers(1, 20_000 * MILLION), st.integers(-2, 2))
def test_the_loaded_law_agrees_with_fractions_to_the_dong(
    books: dict[int, LawBook], read: tuple[str, int, int, int], cost: int, beside: int
) -> None:
    activity, percent, cap, year = read
    norm = books[year].norm(activity)
    assert norm is not None
    most = allowed(percent, cap, cost)
    assert limit_of(norm, facts(activity, cost, 1, plan_year=year)).vnd == most
    asked = max(0, min(cost, most + beside))
    limit = limit_of(norm, facts(activity, cost, asked, plan_year=year)).vnd
    assert limit is not None
    assert (asked <= limit) == (asked <= most)


@pytest.mark.parametrize("beside", [0, 1])
def test_support_beyond_the_norm_is_named_to_the_dong(thanh_hoa_centre: User, beside: int) -> None:
    """Half of 600 million, and one đồng more; through rows, facts and law."""
    asked = 300 * MILLION + beside
    amounts = {Source.KCQG: asked, Source.OWN: 600 * MILLION - asked}
    activity = ActivityKind.objects.filter(code="N3.3").latest("id")
    project = make_project(thanh_hoa_centre, amounts=amounts, activity=activity)
    with act_as(thanh_hoa_centre):
        over = {v.code for v in verdicts_of(project) if v.blocks_from == "PASSED_PROV"}
    assert over == ({"norm_cap", "norm_percent"} if beside else set())
