"""Sums, places, papers, promises, other support, excluded cases, and what an override does."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.checks import (
    LineFacts,
    PastSupport,
    Verdict,
    counterpart_verdicts,
    double_funding_verdicts,
    evaluate,
    exclusion_verdicts,
    first_blockers,
    mixed_source_verdicts,
    paper_verdicts,
    place_verdicts,
    schedule_verdicts,
    sum_verdicts,
    text_verdicts,
)
from programs.lawbook import Basis
from programs.lifecycle import State
from programs.verdicts import Area
from tests.programs.lawkit import ALL_PAPERS, M, book, codes, facts, line, papers

LAW = book()
OUTSIDE = Area(False, Basis("05/2025/QĐ-TN", "Điều 1", "verified"))
BRICK = "Hỗ trợ máy móc sản xuất {}"


def test_a_sound_project_has_nothing_amiss() -> None:
    assert codes(evaluate(facts(), LAW), "note", "warning", "error") == []


def test_an_empty_dossier_says_everything_that_keeps_it_from_being_submitted() -> None:
    empty = facts(
        None, 0, 0, sector=None, title="", unit_count=None, commune_known=False, papers=frozenset(),
        counterpart_commitment=False, starts_on=None, ends_on=None,
    )  # fmt: skip
    blockers = codes(first_blockers(evaluate(empty, LAW), "SUBMITTED_PROV"))
    assert blockers == ["missing_activity", "missing_beneficiary", "unknown_place", "missing_amount"]


def test_returning_or_withdrawing_is_never_blocked() -> None:
    broken = evaluate(facts(None, 0, 0), LAW)
    for state in ("RETURNED_PROV", "REJECTED_PROV", "RETURNED_MIN", "WITHDRAWN", "STOPPED", "DRAFT"):
        assert first_blockers(broken, state) == []


# --- content -----------------------------------------------------------------------------------------


def test_an_activity_the_law_does_not_know_that_day_is_refused() -> None:
    (verdict,) = [v for v in evaluate(facts("N99"), LAW) if v.code == "missing_activity"]
    assert "N99" in verdict.message and "01/01/2027" in verdict.message


def test_a_sector_is_asked_only_where_the_activity_needs_one() -> None:
    assert "missing_sector" in codes(evaluate(facts("N3.3", sector=None), LAW))
    assert "missing_sector" not in codes(evaluate(facts("N6", sector=None), LAW))


def test_only_a_group_project_may_leave_its_beneficiaries_open() -> None:
    assert "missing_beneficiary" in codes(evaluate(facts(unit_count=None), LAW))
    group = evaluate(facts(kind="GROUP", unit_count=None, commune_known=False), LAW)
    assert not {"missing_beneficiary", "unknown_place"} & set(codes(group))


# --- place -------------------------------------------------------------------------------------------


def test_a_place_is_asked_where_production_is_supported() -> None:
    assert codes(place_verdicts(facts(commune_known=False), LAW)) == ["unknown_place"]
    assert place_verdicts(facts("N6", commune_known=False), LAW) == []


def test_a_commune_nobody_has_listed_is_noted_and_never_blocks() -> None:
    (verdict,) = place_verdicts(facts(area=None), LAW)
    assert (verdict.code, verdict.severity, verdict.blocks_from) == ("area_unknown", "note", None)


def test_a_commune_listed_as_ineligible_blocks_at_appraisal() -> None:
    (verdict,) = place_verdicts(facts(area=OUTSIDE), LAW)
    assert (verdict.code, verdict.blocks_from) == ("area_not_eligible", "PASSED_PROV")
    assert (verdict.source, verdict.unverified) == ("05/2025/QĐ-TN, Điều 1", False)


def test_a_list_of_places_without_its_document_warns_and_never_blocks() -> None:
    (verdict,) = place_verdicts(facts(area=Area(False, Basis("", "danh sách tỉnh gửi", "memory"))), LAW)
    assert (verdict.severity, verdict.blocks_from) == ("warning", None)


def test_cleaner_production_has_no_area_limit() -> None:
    assert place_verdicts(facts("N3.6", sector="g", area=OUTSIDE), LAW) == []
    assert place_verdicts(facts("N3.3", sector="g", area=OUTSIDE), LAW) == []


# --- money -------------------------------------------------------------------------------------------


def test_sources_that_miss_the_total_are_an_error_with_a_fix() -> None:
    (verdict,) = sum_verdicts(facts(total=600 * M, kcqg=300 * M, amounts={"OWN": 290 * M}))
    assert (verdict.code, verdict.severity) == ("sum_mismatch", "error")
    assert "lệch 10 triệu" in verdict.message
    assert verdict.fix is not None and verdict.fix.amounts == {"own_vnd": 300 * M}


def test_a_fix_never_proposes_a_negative_counterpart() -> None:
    verdicts = sum_verdicts(facts(total=200 * M, kcqg=300 * M, amounts={"OWN": 0}))
    assert codes(verdicts) == ["sum_mismatch", "state_over_total"]
    assert all(verdict.fix is None for verdict in verdicts)


def test_a_negative_counterpart_means_the_state_pays_too_much() -> None:
    verdicts = sum_verdicts(facts(total=200 * M, kcqg=300 * M))
    assert codes(verdicts) == ["sum_mismatch", "state_over_total"]
    assert verdicts[0].field == "own_vnd"


def test_the_state_may_pay_all_but_not_more() -> None:
    assert sum_verdicts(facts("N4.2", 2000 * M, 2000 * M)) == []


def test_each_line_must_add_up_and_all_lines_make_the_total() -> None:
    wrong = line(2, 100 * M, 50 * M)
    wrong = type(wrong)(2, "Máy 2", 100 * M, {"KCQG": 50 * M, "OWN": 40 * M})
    project = facts(total=600 * M, kcqg=300 * M, lines=(line(1, 400 * M, 250 * M), wrong), itemised=True)
    found = [(verdict.code, verdict.field) for verdict in sum_verdicts(project)]
    assert found == [("sum_mismatch", "total_vnd"), ("sum_mismatch", "lines-2")]


def test_without_a_declared_total_the_sources_are_the_total() -> None:
    assert sum_verdicts(facts(declared_total_vnd=None)) == []


def test_a_project_asks_money_of_its_own_purse() -> None:
    verdicts = sum_verdicts(facts(kcqg=0, amounts={"KCDP": 100 * M, "OWN": 500 * M}))
    assert codes(verdicts) == ["missing_amount"]


@given(st.lists(st.integers(0, 10**12), min_size=4, max_size=4), st.integers(-(10**6), 10**6))
def test_sums_are_judged_as_arithmetic_says(parts: list[int], gap: int) -> None:
    amounts = dict(zip(("KCQG", "KCDP", "OWN", "OTHER"), parts, strict=True))
    total = sum(parts) + gap
    verdicts = codes(sum_verdicts(facts(total=total, amounts=amounts)))
    assert ("sum_mismatch" in verdicts) == (gap != 0)
    assert ("state_over_total" in verdicts) == (parts[0] + parts[1] > total)


def test_both_purses_on_one_line_warn_and_never_block() -> None:
    (verdict,) = mixed_source_verdicts(facts(amounts={"KCDP": 50 * M, "OWN": 250 * M}))
    assert (verdict.code, verdict.severity, verdict.blocks_from) == ("mixed_state_sources", "warning", None)


def test_both_purses_on_different_lines_are_not_mixed() -> None:
    apart = (line(1, 400 * M, kcqg=200 * M), line(2, 200 * M, kcdp=100 * M))
    both = (line(1, 400 * M, kcqg=100 * M, kcdp=50 * M), line(2, 200 * M))
    money = {"KCQG": 200 * M, "KCDP": 100 * M, "OWN": 300 * M}
    assert mixed_source_verdicts(facts(amounts=money, lines=apart, itemised=True)) == []
    (verdict,) = mixed_source_verdicts(facts(amounts=money, lines=both, itemised=True))
    assert verdict.field == "lines-1"


# --- papers and promises -----------------------------------------------------------------------------


def test_missing_papers_are_named_one_by_one_and_only_warn_while_unverified() -> None:
    verdicts = paper_verdicts(facts(papers=frozenset({"PROPOSAL"})), LAW)
    assert [verdict.inputs["paper"] for verdict in verdicts] == [
        "OFFICIAL_LETTER", "COUNTERPART_COMMITMENT", "NO_OTHER_STATE_MONEY",
    ]  # fmt: skip
    assert all(verdict.blocks_from is None and "chưa kiểm chứng" in verdict.message for verdict in verdicts)


def test_a_verified_paper_list_blocks_submission() -> None:
    verdicts = paper_verdicts(facts(papers=frozenset()), book(papers=papers("verified")))
    assert {verdict.blocks_from for verdict in verdicts} == {"SUBMITTED_PROV"}


def test_the_counterpart_commitment_is_missed_once_not_twice() -> None:
    project = facts(counterpart_commitment=False, papers=ALL_PAPERS - {"COUNTERPART_COMMITMENT"})
    verdicts = [*counterpart_verdicts(project, LAW), *paper_verdicts(project, LAW)]
    assert codes(verdicts) == ["missing_counterpart_commitment"]
    assert "300 triệu đồng" in verdicts[0].message


def test_an_attached_commitment_counts_without_the_tick() -> None:
    assert counterpart_verdicts(facts(counterpart_commitment=False), LAW) == []


def test_a_project_the_state_pays_in_full_needs_no_counterpart() -> None:
    project = facts("N4.2", 2000 * M, 2000 * M, counterpart_commitment=False, papers=frozenset())
    found = [*counterpart_verdicts(project, LAW), *paper_verdicts(project, LAW)]
    assert "COUNTERPART_COMMITMENT" not in [verdict.inputs["paper"] for verdict in found]


def test_a_group_project_has_no_beneficiary_to_promise_yet() -> None:
    project = facts(kind="GROUP", unit_count=None, counterpart_commitment=False, papers=frozenset())
    found = [*counterpart_verdicts(project, LAW), *paper_verdicts(project, LAW)]
    assert [verdict.inputs["paper"] for verdict in found] == ["OFFICIAL_LETTER", "PROPOSAL"]


# --- double funding ----------------------------------------------------------------------------------


def past(**changes: Any) -> PastSupport:
    given: dict[str, Any] = {
        "code": "KCDP-2025-38-0007", "title": "Hỗ trợ máy cưa lọng", "year": 2025, "purse": "KCDP",
        "activity_code": "N3.3", "province_name": "Tỉnh Thanh Hóa", "state_vnd": 150 * M, "tax_lookup": "x",
    }  # fmt: skip
    return PastSupport(**(given | changes))


def test_earlier_support_of_the_same_content_is_named_with_purse_year_and_place() -> None:
    (verdict,) = double_funding_verdicts(facts(double_funding=(past(),)), LAW)
    assert (verdict.code, verdict.severity, verdict.blocks_from) == ("double_funding", "warning", None)
    for part in ("KCDP-2025-38-0007", "khuyến công địa phương năm 2025", "Tỉnh Thanh Hóa", "150 triệu đồng"):
        assert part in verdict.message


def test_support_for_another_activity_is_no_double_funding() -> None:
    other = past(activity_code="N4.5", title="Xây dựng nhãn hiệu")
    assert double_funding_verdicts(facts(double_funding=(other,)), LAW) == []


def test_the_same_title_counts_whatever_the_activity_and_its_spelling() -> None:
    twin = past(
        activity_code=None, title="  HỖ TRỢ ứng dụng máy móc  thiết bị tiên tiến trong sản xuất đồ gỗ"
    )
    assert codes(double_funding_verdicts(facts(double_funding=(twin,)), LAW)) == ["double_funding"]


def test_a_parent_activity_covers_its_children() -> None:
    broad = past(activity_code="N3")
    assert codes(double_funding_verdicts(facts(double_funding=(broad,)), LAW)) == ["double_funding"]


def test_latest_support_comes_first() -> None:
    both = (past(code="A", year=2024), past(code="B", year=2026))
    assert [v.inputs["project"] for v in double_funding_verdicts(facts(double_funding=both), LAW)] == [
        "B",
        "A",
    ]


# --- excluded cases ----------------------------------------------------------------------------------


@pytest.mark.parametrize("title", ["gạch nung", "GẠCH ĐẤT SÉT NUNG", "gach nung"])
def test_fired_bricks_are_recognised_in_the_title(title: str) -> None:
    text = BRICK.format(title) if title != "gach nung" else "Ho tro san xuat gach nung"
    (verdict,) = exclusion_verdicts(facts(title=text), LAW)
    assert (verdict.code, verdict.severity, verdict.blocks_from) == ("excluded_case", "warning", None)
    assert verdict.source == "46/2012/TT-BCT, Điều 4, Điều 5"


@pytest.mark.parametrize(
    "title", ["gạch không nung từ bột đá thải", "khai thác đa dạng nguyên liệu", "khai thác đáy"]
)
def test_similar_words_are_not_taken_for_an_excluded_case(title: str) -> None:
    assert exclusion_verdicts(facts(title=BRICK.format(title)), LAW) == []


def test_a_mineral_project_needs_proof_of_a_difficult_area() -> None:
    (verdict,) = exclusion_verdicts(facts(sector="e"), LAW)
    assert (verdict.field, verdict.blocks_from) == ("sector", "PASSED_PROV")
    assert "Giấy tờ địa bàn" in verdict.message
    assert exclusion_verdicts(facts(sector="e", papers=ALL_PAPERS | {"DIFFICULT_AREA"}), LAW) == []


# --- schedule ----------------------------------------------------------------------------------------


def test_work_outside_the_plan_year_is_named_with_its_field() -> None:
    verdicts = schedule_verdicts(facts(starts_on=dt.date(2026, 12, 1), ends_on=dt.date(2028, 1, 31)))
    assert [verdict.field for verdict in verdicts] == ["starts_on", "ends_on"]
    assert set(codes(verdicts)) == {"schedule_outside_year"}


def test_a_flagship_project_may_run_on() -> None:
    assert schedule_verdicts(facts(kind="FLAGSHIP", ends_on=dt.date(2029, 12, 31))) == []


def test_an_unknown_schedule_is_asked_for() -> None:
    assert codes(schedule_verdicts(facts(starts_on=None, ends_on=None))) == ["missing_schedule"]


def test_each_part_nobody_has_written_is_said_and_blocks_nothing() -> None:
    bare = facts(unwritten=(("necessity", "2. Sự cần thiết và căn cứ"), ("schedule", "5. Bảng tiến độ")))
    verdicts = text_verdicts(bare)
    assert [(verdict.field, verdict.severity) for verdict in verdicts] == [
        ("necessity", "warning"),
        ("schedule", "warning"),
    ]
    assert first_blockers(verdicts, State.APPROVED) == []


def test_a_line_whose_sources_do_not_add_up_is_said_once_at_the_line() -> None:
    amounts = {"KCQG": 250 * M, "KCDP": 0, "OWN": 300 * M, "OTHER": 0}
    one = facts(amounts=amounts, declared_total_vnd=600 * M, lines=(LineFacts(1, "Máy", 600 * M, amounts),))
    [fault] = sum_verdicts(one)
    assert fault.field == "lines-1"
    assert fault.fix is not None
    assert fault.fix.amounts == {"own_vnd": 350 * M}


# --- overrides ---------------------------------------------------------------------------------------


def test_an_override_turns_a_warning_into_a_note_that_no_longer_blocks() -> None:
    (before,) = [v for v in evaluate(facts("N3.3", 2400 * M, 350 * M), LAW) if v.code == "norm_cap"]
    given = {before.fingerprint: frozenset({"REVIEW_PROV", "REVIEW_MIN"})}
    verdicts = evaluate(facts("N3.3", 2400 * M, 350 * M, overrides=given), LAW)
    (verdict,) = [v for v in verdicts if v.code == "norm_cap"]
    assert (verdict.severity, verdict.blocks_from, verdict.fix) == ("note", None, None)
    assert "chấp thuận ngoại lệ" in verdict.message
    assert first_blockers(verdicts, "APPROVED") == []


def test_arithmetic_cannot_be_overridden() -> None:
    wrong = evaluate(facts(total=200 * M, kcqg=300 * M), LAW)
    given = {verdict.fingerprint: frozenset({"REVIEW_MIN"}) for verdict in wrong}
    project = facts(total=200 * M, kcqg=300 * M, overrides=given)
    assert {"sum_mismatch", "state_over_total"} <= set(codes(evaluate(project, LAW), "error"))


def test_blockers_of_a_state_are_blockers_of_every_later_one() -> None:
    order = ["SUBMITTED_PROV", "REVIEW_PROV", "PASSED_PROV", "REGISTERED", "IN_PLAN", "APPROVED", "ASSIGNED"]
    verdicts: list[Verdict] = evaluate(facts("N3.3", 2400 * M, 350 * M, commune_known=False), LAW)
    counts = [len(first_blockers(verdicts, state)) for state in order]
    assert counts == sorted(counts) == [1, 1, 2, 2, 2, 2, 2]
