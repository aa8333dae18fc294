"""Support norms: dated, percent and cap, which base, whose norm, what blocks."""

from __future__ import annotations

import datetime as dt
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.checks import Verdict, evaluate, first_blockers, norm_verdicts
from programs.lawbook import Basis, Norm
from programs.norm_checks import limit_of
from tests.programs.lawkit import HAND_TABLE, M, book, codes, facts, line

LAW = book()
LAW_2016 = book(dt.date(2016, 1, 1))


def only(verdicts: list[Verdict], code: str) -> Verdict:
    (found,) = [verdict for verdict in verdicts if verdict.code == code]
    return found


@pytest.mark.parametrize(
    ("activity", "cost", "year", "expected"),
    [
        ("N3.3", 1200, 2027, 300),
        ("N3.3", 380, 2027, 190),
        ("N3.5", 1500, 2027, 450),
        ("N3.1", 2500, 2027, 750),
        ("N3.1", 5000, 2027, 1000),
        ("N3.3", 900, 2016, 200),
        ("N4.5", 60, 2027, 30),
        ("N4.5", 100, 2027, 35),
        ("N7.8", 1400, 2027, 500),
    ],
)
def test_the_most_a_project_may_get_follows_the_norm_of_its_year(
    activity: str, cost: int, year: int, expected: int
) -> None:
    law = book(dt.date(year, 1, 1))
    norm = law.norm(activity)
    assert norm is not None
    assert limit_of(norm, facts(activity, cost * M, M)).vnd == expected * M
    assert codes(norm_verdicts(facts(activity, cost * M, expected * M), law)) == []
    assert codes(norm_verdicts(facts(activity, cost * M, expected * M + 1), law)) != []


@pytest.mark.parametrize(
    ("activity", "total", "asked", "expected"),
    [
        ("N3.3", 1200, 300, []),
        ("N3.3", 380, 190, []),
        ("N3.3", 500, 290, ["norm_percent"]),
        ("N3.3", 2400, 350, ["norm_cap"]),
        ("N3.3", 600, 350, ["norm_percent", "norm_cap"]),
        ("N3.5", 1500, 450, []),
        ("N3.1", 5000, 1000, []),
        ("N3.1", 2500, 900, ["norm_percent"]),
        ("N4.5", 60, 30, []),
        ("N5", 70, 35, []),
        ("N7.3", 900, 450, []),
        ("N4.2", 2000, 2000, []),
        ("N7.7", 800, 300, ["norm_percent"]),
    ],
)
def test_rows_of_a_registration_list_get_the_verdict_of_percent_and_cap(
    activity: str, total: int, asked: int, expected: list[str]
) -> None:
    assert codes(norm_verdicts(facts(activity, total * M, asked * M), LAW)) == expected


def test_an_amount_with_thousands_is_exactly_at_half() -> None:
    assert codes(norm_verdicts(facts("N3.3", 410_500_000, 205_250_000), LAW)) == []
    assert codes(norm_verdicts(facts("N3.3", 410_500_000, 205_250_001), LAW)) == ["norm_percent"]


def test_a_norm_that_was_read_warns_while_drafting_and_blocks_at_provincial_appraisal() -> None:
    verdicts = norm_verdicts(facts("N3.3", 2400 * M, 350 * M), LAW)
    verdict = only(verdicts, "norm_cap")
    assert (verdict.severity, verdict.blocks_from, verdict.confidence) == ("warning", "PASSED_PROV", "seen")
    assert first_blockers(verdicts, "SUBMITTED_PROV") == []
    assert first_blockers(verdicts, "PASSED_PROV") == [verdict] == first_blockers(verdicts, "APPROVED")


def test_an_unverified_norm_warns_and_never_blocks() -> None:
    verdicts = norm_verdicts(facts("N7.7", 800 * M, 300 * M), LAW)
    assert only(verdicts, "norm_percent").blocks_from is None
    assert only(verdicts, "unverified_norm").severity == "note"
    assert "chưa kiểm chứng" in only(verdicts, "norm_percent").message
    assert first_blockers(verdicts, "APPROVED") == []


def test_a_norm_an_administrator_verified_blocks_like_one_that_was_read() -> None:
    norm = Norm(
        "KCDP", "38", "N3.3", "establishment", 50, 100 * M, None, Basis("05/2021/QĐ-UBND", "", "verified")
    )
    asked = facts(kcqg=0, purse="KCDP", amounts={"KCDP": 150 * M, "OWN": 450 * M})
    verdict = only(norm_verdicts(asked, book(local=(norm,))), "norm_cap")
    assert verdict.blocks_from == "PASSED_PROV"


def test_the_sentence_names_amount_limit_and_document() -> None:
    message = only(norm_verdicts(facts("N3.3", 2400 * M, 350 * M), LAW), "norm_cap").message
    assert message == (
        "Khuyến công quốc gia 350 triệu đồng vượt mức tối đa 300 triệu đồng một cơ sở "
        "(Thông tư 28/2018/TT-BTC, khoản 4 Điều 8)."
    )


def test_a_percentage_of_an_imported_row_is_of_the_total_and_says_so() -> None:
    verdict = only(norm_verdicts(facts("N3.3", 500 * M, 290 * M), LAW), "norm_percent")
    assert "tính trên tổng kinh phí" in verdict.message
    assert verdict.inputs["base_vnd"] == 500 * M
    assert "tối đa 250 triệu đồng" in verdict.message


def test_a_percentage_of_an_itemised_budget_is_of_its_supported_lines() -> None:
    lines = (line(1, 500 * M, 290 * M), line(2, 500 * M, supported=False))
    project = facts("N3.3", 1000 * M, 290 * M, lines=lines, itemised=True)
    verdict = only(norm_verdicts(project, LAW), "norm_percent")
    assert verdict.severity == "warning"
    assert verdict.inputs["base_vnd"] == 500 * M
    assert "tính trên tổng kinh phí" not in verdict.message


def test_an_itemised_budget_without_a_supported_line_has_no_base() -> None:
    project = facts("N3.3", 500 * M, 1 * M, lines=(line(1, 500 * M, 1 * M, supported=False),), itemised=True)
    verdict = only(norm_verdicts(project, LAW), "norm_percent")
    assert "Chưa dòng dự toán nào" in verdict.message
    assert verdict.fix is None


def test_the_fix_lowers_to_the_lawful_amount_and_moves_the_rest_to_the_beneficiary() -> None:
    fix = only(norm_verdicts(facts("N3.3", 2400 * M, 350 * M), LAW), "norm_cap").fix
    assert fix is not None
    assert fix.label == "Sửa thành 300 triệu, chuyển 50 triệu sang đối ứng"
    assert fix.amounts == {"kcqg_vnd": 300 * M, "own_vnd": 2100 * M}


def test_both_verdicts_propose_the_same_fix_when_percent_and_cap_are_broken() -> None:
    verdicts = norm_verdicts(facts("N3.3", 500 * M, 350 * M), LAW)
    fixes = [verdict.fix for verdict in verdicts if verdict.fix]
    assert [dict(fix.amounts) for fix in fixes] == [{"kcqg_vnd": 250 * M, "own_vnd": 250 * M}] * 2


def test_a_group_project_of_unknown_size_waits_with_the_cap_but_not_with_the_percent() -> None:
    project = facts("N3.3", 1200 * M, 700 * M, kind="GROUP", unit_count=None)
    verdicts = norm_verdicts(project, LAW)
    assert codes(verdicts) == ["norm_percent"]
    assert only(verdicts, "norm_cap_waits").severity == "note"


@pytest.mark.parametrize(("asked", "expected"), [(900, []), (901, ["norm_cap"])])
def test_a_group_project_of_three_may_have_three_caps(asked: int, expected: list[str]) -> None:
    project = facts("N3.3", 2000 * M, asked * M, kind="GROUP", unit_count=3)
    assert codes(norm_verdicts(project, LAW)) == expected


def test_a_vote_of_a_group_project_still_has_one_cap() -> None:
    project = facts("N7.1-region", 1000 * M, 80 * M, kind="GROUP", unit_count=None)
    assert "norm_cap" in codes(norm_verdicts(project, LAW))


def test_local_money_without_known_provincial_norms_is_only_noted() -> None:
    project = facts(kcqg=0, purse="KCDP", amounts={"KCDP": 590 * M, "OWN": 10 * M})
    verdicts = norm_verdicts(project, book(purse="KCDP"))
    assert codes(verdicts) == []
    assert only(verdicts, "local_norm_unknown").message.startswith("Chưa có định mức của tỉnh")


def test_national_money_gets_no_note_about_provincial_norms() -> None:
    assert codes(norm_verdicts(facts(), LAW), "note") == []


def test_each_purse_is_held_against_its_own_norms() -> None:
    local = Norm(
        "KCDP", "38", "N3.3", "establishment", 50, 100 * M, None, Basis("05/2021/QĐ-UBND", "", "seen")
    )
    project = facts("N3.3", 1000 * M, 300 * M, amounts={"KCDP": 120 * M, "OWN": 580 * M})
    found = [v for v in norm_verdicts(project, book(local=(local,))) if v.severity == "warning"]
    assert [(verdict.code, verdict.field) for verdict in found] == [("norm_cap", "kcdp_vnd")]
    assert found[0].rule == "norm:KCDP:38:N3.3:0"


def test_a_code_without_a_norm_takes_its_nearest_ancestors() -> None:
    assert (LAW.norm("N7.1-region") or LAW.norm("N3.3")).activity_code == "N7.1-region"  # type: ignore[union-attr]  # both exist
    parent = Norm("KCQG", "", "N7", "CCN", 30, None, None, Basis("x", "", "seen"))
    assert book(local=()).norm("N7.1") is None
    law = book()
    law.norms[("KCQG", "N7")] = parent  # type: ignore[index]  # a plain dict underneath
    assert law.norm("N7.1") == parent


def test_no_norm_means_no_verdict() -> None:
    assert norm_verdicts(facts("N6", 100 * M, 100 * M), LAW) == []
    assert norm_verdicts(facts(None), LAW) == []


def test_where_the_decision_days_law_says_something_else_both_are_shown_and_that_one_decides() -> None:
    planned, decided = book(dt.date(2018, 1, 1)), book(dt.date(2018, 6, 15))
    project = facts("N3.3", 1000 * M, 250 * M, plan_year=2018)
    verdicts = norm_verdicts(project, planned, decided)
    warning = only([v for v in verdicts if v.severity == "warning"], "norm_cap")
    assert warning.message.startswith("Theo định mức ngày 01/01/2018:")
    assert warning.blocks_from is None
    assert any(
        v.severity == "ok" and v.message.startswith("Theo định mức ngày 15/06/2018:") for v in verdicts
    )


def test_where_a_later_law_forbids_what_the_plan_years_allowed_it_blocks() -> None:
    planned, decided = book(dt.date(2018, 6, 1)), book(dt.date(2018, 1, 1))
    verdicts = norm_verdicts(facts("N3.3", 1000 * M, 250 * M), planned, decided)
    assert [v.message[:29] for v in first_blockers(verdicts, "APPROVED")] == ["Theo định mức ngày 01/01/2018"]


def test_where_both_days_agree_the_verdict_stands_once() -> None:
    verdicts = norm_verdicts(facts("N3.3", 2400 * M, 350 * M), LAW, book(dt.date(2027, 2, 1)))
    assert codes(verdicts) == ["norm_cap"]
    assert only(verdicts, "norm_cap").blocks_from == "PASSED_PROV"


def test_a_verdict_names_rule_version_and_inputs_and_can_be_kept() -> None:
    verdict = only(norm_verdicts(facts("N3.3", 2400 * M, 350 * M), LAW), "norm_cap")
    assert verdict.rule == "norm:KCQG:N3.3:2018-05-11"
    assert verdict.inputs["amount_vnd"] == 350 * M
    assert verdict.to_json()["fix"]["amounts"]["kcqg_vnd"] == 300 * M
    assert pickle.loads(pickle.dumps((LAW, verdict))) == (LAW, verdict)


# --- an oracle of its own ----------------------------------------------------------------------------

vnd = st.integers(min_value=1, max_value=20_000 * M)


@st.composite
def asking(draw: st.DrawFn) -> tuple[str, tuple[str, int | None, int | None, str, str], int, int]:
    """A period, a row of the hand-written table, a cost, and an amount often next to a limit."""
    period = draw(st.sampled_from(["old", "new"]))
    row = draw(st.sampled_from(HAND_TABLE[period]))
    total = draw(vnd)
    _code, pct, cap, _unit, _sure = row
    edges = [edge for edge in (total * (pct or 100) // 100, (cap or 0) * M) if edge]
    asked = draw(st.one_of(vnd, st.sampled_from(edges).flatmap(lambda e: st.integers(max(1, e - 2), e + 2))))
    return period, row, total, min(asked, total)


@given(asking())
def test_percent_and_cap_agree_with_arithmetic_done_by_hand(
    case: tuple[str, tuple[str, int | None, int | None, str, str], int, int],
) -> None:
    period, (code, pct, cap, _unit, sure), total, asked = case
    law = LAW_2016 if period == "old" else LAW
    expected = []
    if pct is not None and asked * 100 > total * pct:
        expected.append("norm_percent")
    if cap is not None and asked > cap * M:
        expected.append("norm_cap")
    verdicts = norm_verdicts(facts(code, total, asked), law)
    assert codes(verdicts) == expected
    assert all((v.blocks_from is not None) == (sure == "seen") for v in verdicts if v.severity == "warning")


@given(asking())
def test_a_fix_once_taken_satisfies_the_norm_and_keeps_the_total(
    case: tuple[str, tuple[str, int | None, int | None, str, str], int, int],
) -> None:
    period, (code, *_rest), total, asked = case
    law = LAW_2016 if period == "old" else LAW
    for verdict in norm_verdicts(facts(code, total, asked), law):
        if verdict.fix:
            fixed = facts(
                code,
                total,
                verdict.fix.amounts["kcqg_vnd"],
                amounts={"OWN": verdict.fix.amounts["own_vnd"]},
            )
            assert codes(norm_verdicts(fixed, law)) == []
            assert sum(fixed.amounts.values()) == total
            more = facts(code, total, fixed.amount("KCQG") + 1)
            assert codes(norm_verdicts(more, law)) != []


@given(asking())
def test_every_error_blocks_submission_and_no_unverified_rule_blocks_anything(
    case: tuple[str, tuple[str, int | None, int | None, str, str], int, int],
) -> None:
    period, (code, *_rest), total, asked = case
    law = LAW_2016 if period == "old" else LAW
    for verdict in evaluate(facts(code, total, asked), law):
        if verdict.severity == "error":
            assert verdict.blocks_from == "SUBMITTED_PROV"
        if verdict.unverified or verdict.severity in ("ok", "note"):
            assert verdict.blocks_from is None


def test_where_the_source_stands_beside_it_a_verdict_names_its_law_once() -> None:
    over = only(evaluate(facts("N3.3", 1200 * M, 350 * M), LAW), "norm_cap")
    assert "28/2018/TT-BTC" in over.message
    assert over.source is not None
    assert "28/2018" not in over.said
    assert over.said.startswith("Khuyến công quốc gia 350 triệu đồng vượt mức tối đa")
    assert over.norm_place == "?ngay=11/05/2018#KCQG-N3.3"
