"""The law as loaded: what it says on which day, for whom, and what the database refuses."""

from __future__ import annotations

import datetime as dt
import pickle
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from programs.facts import Laws
from programs.lawbook import LawBook
from programs.models import ActivityKind, LawStamp, PlanMilestone, Project, SupportNorm
from programs.norm_checks import limit_of
from tests.programs.lawkit import HAND_TABLE, M, facts
from vietnam.models import AdminUnit, LegalDocument

pytestmark = pytest.mark.django_db


def law(year: int = 2027, purse: str = "KCQG", province: AdminUnit | None = None) -> LawBook:
    return LawBook.load(dt.date(year, 1, 1), purse, province)


def province(code: str = "38") -> AdminUnit:
    found = AdminUnit.objects.filter(level="province", code=code, valid__contains=dt.date(2027, 1, 1)).first()
    assert found is not None
    return found


@pytest.mark.parametrize(("period", "year"), [("old", 2016), ("new", 2027)])
def test_the_loaded_norms_are_those_of_the_hand_written_table(period: str, year: int) -> None:
    book = law(year)
    for code, pct, cap, unit, sure in HAND_TABLE[period]:
        norm = book.norm(code)
        assert norm is not None, code
        assert (norm.pct, norm.cap_vnd, norm.unit) == (pct, cap * M if cap else None, unit), code
        assert norm.basis.confidence == sure, code


@pytest.mark.parametrize(
    ("activity", "cost", "year", "expected"),
    [
        ("N3.3", 1200, 2027, 300), ("N3.3", 380, 2027, 190), ("N3.5", 1500, 2027, 450),
        ("N3.1", 2500, 2027, 750), ("N3.1", 5000, 2027, 1000), ("N3.3", 900, 2016, 200),
        ("N4.5", 60, 2027, 30), ("N4.5", 100, 2027, 35), ("N7.8", 1400, 2027, 500),
    ],
)  # fmt: skip
def test_the_loaded_law_gives_the_known_amounts(activity: str, cost: int, year: int, expected: int) -> None:
    norm = law(year).norm(activity)
    assert norm is not None
    assert limit_of(norm, facts(activity, cost * M, M)).vnd == expected * M


def test_a_norm_changes_on_its_day_and_names_its_document() -> None:
    before = LawBook.load(dt.date(2018, 5, 10), "KCQG", None).norm("N3.3")
    after = LawBook.load(dt.date(2018, 5, 11), "KCQG", None).norm("N3.3")
    assert before is not None and after is not None
    assert (before.cap_vnd, after.cap_vnd) == (200 * M, 300 * M)
    assert before.basis.name == "Thông tư liên tịch 26/2014/TTLT-BTC-BCT, điểm c khoản 2 Điều 6"
    assert after.basis.name == "Thông tư 28/2018/TT-BTC, khoản 4 Điều 8"
    assert after.rule == "norm:KCQG:N3.3:2018-05-11"


def test_no_norm_is_invented_where_the_text_was_not_seen() -> None:
    assert law().norm("N4.1b-region") is None
    assert law().norm("N1") is None
    assert law(2016).norm("N3.5") is None


def test_new_activities_begin_with_the_decree_that_brought_them() -> None:
    assert law(2025).activity("N10") is None
    entry = law(2026).activity("N10")
    assert entry is not None and not entry.basis.trusted


def test_the_tender_route_is_named_for_the_six_activities_of_the_circular() -> None:
    tendered = {code for code, entry in law().activities.items() if entry.selection_method == "TENDER"}
    assert tendered == {"N4.2", "N4.3", "N4.4", "N6", "N7.4", "N7.6"}


def test_codes_by_level_lie_under_their_activity() -> None:
    assert list(law().lineage("N4.1a-region")) == ["N4.1a-region", "N4.1", "N4"]
    assert list(law().lineage("N7.1-nation")) == ["N7.1-nation", "N7.1", "N7"]


def test_sectors_stand_in_vietnamese_order() -> None:
    assert list(law().sectors) == ["a", "b", "c", "d", "đ", "e", "g"]


def test_four_papers_are_asked_and_unverified() -> None:
    papers = law().required_papers("N3.3")
    assert [paper.code for paper in papers] == [
        "OFFICIAL_LETTER", "PROPOSAL", "COUNTERPART_COMMITMENT", "NO_OTHER_STATE_MONEY",
    ]  # fmt: skip
    assert not any(paper.basis.trusted for paper in papers)
    assert law(2016).paper("NO_OTHER_STATE_MONEY").basis.trusted  # type: ignore[union-attr]  # loaded


def test_stages_have_ten_working_days_by_default_and_only_where_somebody_must_act() -> None:
    clock = law().clock("REVIEW_PROV")
    assert clock is not None and (clock.working_days, clock.basis.confidence) == (10, "proposal")
    assert law().clock("PASSED_MIN") is None
    assert law(purse="KCDP").clock("REVIEW_MIN") is None


def test_milestones_of_the_national_purse_do_not_bind_the_local_one() -> None:
    assert {entry.milestone for entry in law().milestones} >= {"unit_to_so", "so_to_cuc", "liquidation"}
    assert law(purse="KCDP").milestones == ()


def test_a_book_costs_a_handful_of_queries_and_then_none(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(7):
        book = law()
    with django_assert_num_queries(0):
        again = pickle.loads(pickle.dumps(book))
        assert again == book
        assert again.norm("N3.3") and again.required_papers("N3.3") and again.lifting_papers()


@pytest.mark.owner_role
def test_a_process_reads_a_day_of_the_law_once_until_the_law_changes(django_assert_num_queries: Any) -> None:
    project = Project(purse="KCQG", year=2027, province=province())
    known = Laws().of(project)
    with django_assert_num_queries(1):  # the mark alone
        assert Laws().of(project) == known
    before = LawStamp.objects.get().mark
    norm(purse="KCQG", province=None, activity_code="N9.9")
    assert LawStamp.objects.get().mark != before
    assert Laws().of(project).norm("N9.9") is not None


# --- what the database refuses -----------------------------------------------------------------------


def norm(**changes: Any) -> SupportNorm:
    given: dict[str, Any] = {
        "purse": "KCDP", "province": province(), "activity_code": "N3.3", "unit": "establishment", "pct": 50,
        "cap_vnd": 100 * M, "valid": DateRange(dt.date(2021, 1, 1), None),
        "source_document": LegalDocument.objects.first(), "confidence": "memory",
    }  # fmt: skip
    return SupportNorm.objects.create(**(given | changes))


@pytest.mark.owner_role
def test_a_provinces_own_norm_is_for_that_province_alone() -> None:
    norm()
    own = law(purse="KCDP", province=province()).norm("N3.3")
    assert own is not None and own.rule == "norm:KCDP:38:N3.3:2021-01-01"
    assert law(purse="KCDP", province=province("01")).norm("N3.3") is None
    assert law(purse="KCDP").norm("N3.3") is None
    assert law(province=province()).norm("N3.3", "KCDP") == own


@pytest.mark.owner_role
@pytest.mark.parametrize(
    "changes",
    [
        {"purse": "KCQG", "province": None, "valid": DateRange(dt.date(2030, 1, 1), None)},
        {"purse": "KCQG", "valid": DateRange(dt.date(2000, 1, 1), dt.date(2001, 1, 1))},
        {"pct": None, "cap_vnd": None},
        {"pct": 101},
        {"pct": 0},
        {"cap_vnd": 0},
    ],
)
def test_the_database_refuses_a_norm_that_overlaps_or_limits_nothing(changes: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        norm(**changes)


@pytest.mark.owner_role
def test_two_versions_of_one_rule_never_overlap_even_without_province_or_year() -> None:
    for thing in (ActivityKind.objects.get(code="N3.3"), PlanMilestone.objects.get(milestone="liquidation")):
        thing.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            thing.save(force_insert=True)
