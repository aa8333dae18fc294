"""Wards that were communes: five years, counted to the end of the year before the plan is made."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from accounts.scope import act_as
from programs.checks import evaluate
from programs.facts import verdicts_of
from programs.lawbook import Basis
from programs.models import AreaEligibility, Project, WardRule
from programs.rule_forms import form_of
from programs.rulekinds import BY_CODE
from programs.verdicts import Conversion, Verdict, WardTest, years_after
from programs.wards import conversions, ward_tests
from tests.factories import make_project
from tests.programs.lawkit import book, facts
from vietnam.models import AdminUnit, UnitSuccession

SEEN = Basis("46/2012/TT-BCT", "điểm đ khoản 1 Điều 3", "seen", dt.date(2013, 2, 10))


def held(on: dt.date, counted_to: dt.date, years: int = 5, others: tuple[str, ...] = ()) -> WardTest:
    return WardTest(Conversion("Phường Thử", ("Xã Thử",), others, on), counted_to, years, SEEN)


@pytest.mark.parametrize(
    ("on", "counted_to", "within"),
    [
        (dt.date(2015, 12, 31), dt.date(2020, 12, 31), True),
        (dt.date(2015, 12, 30), dt.date(2020, 12, 31), False),
        (dt.date(2021, 5, 1), dt.date(2020, 12, 31), True),
        (dt.date(2016, 2, 29), dt.date(2021, 2, 28), True),
        (dt.date(2016, 2, 29), dt.date(2021, 3, 1), False),
    ],
)
def test_five_years_are_counted_to_the_day(on: dt.date, counted_to: dt.date, within: bool) -> None:
    assert held(on, counted_to).within is within


@given(st.dates(dt.date(2000, 1, 1), dt.date(2040, 1, 1)), st.integers(1, 9), st.integers(0, 4000))
def test_who_is_out_one_year_is_out_ever_after(on: dt.date, years: int, later: int) -> None:
    last = years_after(on, years)
    assert held(on, last, years).within
    assert not held(on, last + dt.timedelta(days=1 + later), years).within


def place(ward: WardTest | None, **changes: Any) -> list[Verdict]:
    given = facts(ward=ward, area=None, commune_known=True, **changes)
    return [verdict for verdict in evaluate(given, book()) if verdict.code.startswith("area_")]


def test_a_ward_within_its_years_is_told_so_with_grounds() -> None:
    [said] = place(held(dt.date(2020, 1, 1), dt.date(2024, 12, 31)))
    assert (said.code, said.severity, said.blocks_from) == ("area_ward", "note", None)
    assert "Phường Thử chuyển từ Xã Thử ngày 01/01/2020" in said.message
    assert "tính đến 31/12/2024 chưa quá 5 năm" in said.message
    assert said.source == "46/2012/TT-BCT, điểm đ khoản 1 Điều 3"


def test_a_ward_beyond_its_years_warns_and_never_blocks() -> None:
    [said] = place(held(dt.date(2019, 1, 1), dt.date(2024, 12, 31), others=("Phường Khác",)))
    assert (said.code, said.severity, said.blocks_from) == ("area_ward", "warning", None)
    assert "đã quá 5 năm" in said.message
    assert "phần khác: Phường Khác" in said.message


# --- from the dated successions of units

db = pytest.mark.django_db


def mixed_ward() -> UnitSuccession:
    """A ward of Thanh Hóa that a commune went into on 1 July 2025."""
    steps = UnitSuccession.objects.filter(
        old__unit_type="Xã", new__unit_type="Phường", new__parent__bare_name="Thanh Hóa"
    )
    step = steps.select_related("old", "new").order_by("new__code").first()
    assert step is not None
    return step


@db
def test_successions_tell_which_communes_a_ward_came_of_and_when() -> None:
    step = mixed_ward()
    found = conversions({step.new_id})[step.new_id]
    assert found.ward == step.new.name
    assert step.old.name in found.communes
    assert found.on == dt.date(2025, 7, 1)
    assert not [name for name in found.others if name.startswith("Xã ")]


@db
def test_a_commune_and_a_ward_of_wards_alone_are_no_such_case() -> None:
    wards = UnitSuccession.objects.filter(new__unit_type="Phường", old__level="commune")
    of_communes = wards.filter(old__unit_type="Xã").values("new")
    never = wards.exclude(new__in=of_communes).values_list("new", flat=True)[:5]
    communes = AdminUnit.objects.filter(unit_type="Xã", valid__contains=dt.date(2027, 1, 1))
    assert conversions({*never, *communes.values_list("pk", flat=True)[:5]}) == {}


@db
@pytest.mark.owner_role
def test_a_ward_renamed_later_keeps_the_day_on_which_it_was_made() -> None:
    step = mixed_ward()
    since = dt.date(2027, 1, 1)
    AdminUnit.objects.filter(pk=step.new_id).update(valid=DateRange(dt.date(2025, 7, 1), since))
    renamed = AdminUnit.objects.create(
        level="commune", code=step.new.code, name="Phường Thử Đổi Tên", bare_name="Thử Đổi Tên",
        unit_type="Phường", parent=step.new.parent, valid=DateRange(since, None),
    )  # fmt: skip
    UnitSuccession.objects.create(old=step.new, new=renamed, date=since, kind="renamed")
    found = conversions({renamed.pk})[renamed.pk]
    assert (found.ward, found.on) == ("Phường Thử Đổi Tên", dt.date(2025, 7, 1))
    assert step.old.name in found.communes


@db
@pytest.mark.parametrize(
    ("year", "counted_to", "within"), [(2031, "2029-12-31", True), (2032, "2030-12-31", False)]
)
def test_the_count_ends_in_the_year_before_the_plan_is_made(year: int, counted_to: str, within: bool) -> None:
    ward = mixed_ward().new_id
    [found] = ward_tests([(ward, year)]).values()
    assert (found.counted_to.isoformat(), found.within) == (counted_to, within)


@db
@pytest.mark.parametrize(
    ("year", "confidence"), [(2013, None), (2014, "seen"), (2025, "seen"), (2026, "proposal")]
)
def test_the_rule_is_the_one_of_the_plan_years_beginning(year: int, confidence: str | None) -> None:
    found = ward_tests([(mixed_ward().new_id, year)])
    assert [each.basis.confidence for each in found.values()] == ([confidence] if confidence else [])


@db
@pytest.mark.owner_role
@pytest.mark.parametrize(
    ("day", "month", "year", "counted_to"),
    [(31, 4, 2027, "2025-04-30"), (29, 2, 2027, "2025-02-28"), (29, 2, 2030, "2028-02-29")],
)
def test_a_day_that_its_month_lacks_is_the_months_last(
    thanh_hoa_centre: User, day: int, month: int, year: int, counted_to: str
) -> None:
    ward = mixed_ward().new
    WardRule.objects.update(day=day, month=month)
    [found] = ward_tests([(ward.pk, year)]).values()
    assert found.counted_to.isoformat() == counted_to
    project = make_project(thanh_hoa_centre, commune=ward)
    with act_as(thanh_hoa_centre):
        assert verdicts_of(Project.objects.get(pk=project.pk))


@db
@pytest.mark.parametrize(
    ("day", "month", "said"),
    [
        ("31", "4", "Tháng 4 không có ngày 31; hãy ghi số từ 1 đến 30."),
        ("30", "2", "Tháng 2 không có ngày 30; hãy ghi số từ 1 đến 29."),
        ("29", "2", None),
        ("31", "12", None),
        ("31", "13", None),  # said at the month
    ],
)
def test_the_form_refuses_a_day_that_its_month_never_has(day: str, month: str, said: str | None) -> None:
    form = form_of(BY_CODE["ward"], {"day": day, "month": month}, old=WardRule.objects.latest("pk"))
    assert form.errors.get("day") == ([said] if said else None)
    assert ("month" in form.errors) is (month == "13")


@db
@pytest.mark.owner_role
def test_the_checks_of_a_project_show_it_until_the_commune_is_listed(thanh_hoa_centre: User) -> None:
    ward = mixed_ward().new
    project = make_project(thanh_hoa_centre, commune=ward)

    def said() -> list[tuple[str, str, bool]]:
        with act_as(thanh_hoa_centre):
            found = verdicts_of(Project.objects.get(pk=project.pk))
        return [(v.code, v.severity, v.unverified) for v in found if v.code.startswith("area_")]

    assert said() == [("area_ward", "note", True)]
    AreaEligibility.objects.create(
        commune=ward, eligible=True, basis="Danh mục thử", valid=DateRange(dt.date(2026, 1, 1), None)
    )
    assert said() == [("area_eligible", "ok", True)]
