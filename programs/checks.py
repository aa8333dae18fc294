"""The checks of a project: pure functions from facts and law to verdicts, no database.

Sentences are in the active language; who keeps them activates Vietnamese first. Rules nobody has
verified warn and never block; norms seen in their circular warn while drafting and block from PASSED_PROV.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext as _

from programs.claim_checks import claim_verdicts
from programs.dossier_checks import (
    content_verdicts,
    counterpart_verdicts,
    double_funding_verdicts,
    exclusion_verdicts,
    paper_verdicts,
    place_verdicts,
    schedule_verdicts,
    text_verdicts,
)
from programs.lawbook import LawBook
from programs.lifecycle import Purse, State
from programs.norm_checks import norm_verdicts, source_name, source_verdicts
from programs.verdicts import (
    STATE_SOURCES,
    Fix,
    LineFacts,
    PastSupport,
    ProjectFacts,
    Severity,
    Verdict,
    incomplete,
    trieu,
)

__all__ = [
    "Fix",
    "LineFacts",
    "PastSupport",
    "ProjectFacts",
    "Severity",
    "Verdict",
    "claim_verdicts",
    "content_verdicts",
    "counterpart_verdicts",
    "double_funding_verdicts",
    "evaluate",
    "exclusion_verdicts",
    "first_blockers",
    "mixed_source_verdicts",
    "norm_verdicts",
    "paper_verdicts",
    "place_verdicts",
    "schedule_verdicts",
    "source_verdicts",
    "sum_verdicts",
    "text_verdicts",
]

ON_PAPER = frozenset({"missing_paper", "missing_counterpart_commitment", "missing_sector"})
"""Checks of what a registration list does not carry; an appraisal of the paper dossier has seen it."""

_ORDER = (
    State.DRAFT,
    State.SUBMITTED_PROV,
    State.REVIEW_PROV,
    State.PASSED_PROV,
    State.REGISTERED,
    State.REVIEW_MIN,
    State.PASSED_MIN,
    State.IN_PLAN,
    State.APPROVED,
    State.ASSIGNED,
    State.CONTRACTED,
)
_RANK = {state.value: rank for rank, state in enumerate(_ORDER)}


def evaluate(facts: ProjectFacts, law: LawBook, decision_law: LawBook | None = None) -> list[Verdict]:
    """Every check's verdicts, the satisfied norms ("ok") included.

    ``law`` is that of 1 January of the plan year, ``decision_law`` that of the decision's day, if known.
    """
    found = [
        *content_verdicts(facts, law),
        *place_verdicts(facts, law),
        *sum_verdicts(facts),
        *norm_verdicts(facts, law, decision_law),
        *mixed_source_verdicts(facts),
        *counterpart_verdicts(facts, law),
        *paper_verdicts(facts, law),
        *double_funding_verdicts(facts, law),
        *exclusion_verdicts(facts, law),
        *schedule_verdicts(facts),
        *claim_verdicts(facts, law),
        *text_verdicts(facts),
    ]
    return [_overridden(verdict, facts) for verdict in found]


def first_blockers(verdicts: Iterable[Verdict], target_state: str) -> list[Verdict]:
    """The verdicts that keep a project out of ``target_state``: they block from it or from a state before it.

    A return, a rejection or a withdrawal is never blocked.
    """
    target = _RANK.get(str(target_state))
    if target is None:
        return []
    return [
        verdict
        for verdict in verdicts
        if verdict.severity in ("warning", "error")
        and verdict.blocks_from is not None
        and _RANK[verdict.blocks_from] <= target
    ]


def _overridden(verdict: Verdict, facts: ProjectFacts) -> Verdict:
    """The verdict as the exceptions given from it leave it.

    National money is the Cục's to appraise: what the Sở lets pass blocks again at the ministry's appraisal.
    """
    given = facts.overrides.get(verdict.fingerprint)
    if not given or not verdict.may_be_lifted:
        return verdict
    if facts.purse == Purse.KCQG and State.REVIEW_MIN not in given and verdict.code not in ON_PAPER:
        there = _("Sở đã chấp thuận ngoại lệ; để đạt thẩm định cấp Bộ, lãnh đạo Cục cần tự chấp thuận.")
        again = max(State.PASSED_MIN, State(verdict.blocks_from or State.PASSED_MIN), key=_RANK.__getitem__)
        return replace(
            verdict, severity="warning", message=f"{verdict.message} {there}", blocks_from=again, fix=None
        )
    recorded = _("Đã được chấp thuận ngoại lệ.")
    return replace(
        verdict, severity="note", message=f"{verdict.message} {recorded}", blocks_from=None, fix=None
    )


def sum_verdicts(facts: ProjectFacts) -> list[Verdict]:
    """Sources add up to the total, in the project and in each line; the state pays no more than the cost."""
    wrong = [line for line in facts.lines if _is_wrong(line)]
    found = [] if _explained(facts, wrong) else _total_verdicts(facts)
    for line in wrong:
        added = sum(line.amounts.values())
        message = _("Dòng %(number)s: các nguồn cộng lại %(added)s đồng, khác thành tiền %(total)s đồng.") % {
            "number": line.number,
            "added": trieu(added),
            "total": trieu(line.total_vnd),
        }
        inputs: dict[str, int | str] = {
            "line": line.number,
            "sum_vnd": added,
            "total_vnd": line.total_vnd,
        }
        fix = _balance(facts, line.total_vnd - added) if len(wrong) == 1 else None
        found.append(incomplete("sum_mismatch", message, f"lines-{line.number}", inputs=inputs, fix=fix))
    if facts.state_vnd > facts.total_vnd:
        message = _("Vốn nhà nước %(state)s đồng lớn hơn tổng kinh phí %(total)s đồng.") % {
            "state": trieu(facts.state_vnd),
            "total": trieu(facts.total_vnd),
        }
        inputs = {"state_vnd": facts.state_vnd, "total_vnd": facts.total_vnd}
        found.append(incomplete("state_over_total", message, "total_vnd", inputs=inputs))
    if facts.amount(facts.purse) <= 0:
        message = _("Chưa ghi số tiền %(source)s đề nghị hỗ trợ.") % {
            "source": source_name(facts.purse).lower()
        }
        found.append(incomplete("missing_amount", message, f"{facts.purse.lower()}_vnd"))
    return found


def _is_wrong(line: LineFacts) -> bool:
    return sum(line.amounts.values()) != line.total_vnd or min(line.amounts.values(), default=0) < 0


def _explained(facts: ProjectFacts, wrong: list[LineFacts]) -> bool:
    """Whether the project's sources miss its total by what these lines miss theirs: said once, there."""
    if min(facts.amounts.values(), default=0) < 0:
        return False
    gap = sum(line.total_vnd - sum(line.amounts.values()) for line in wrong)
    whole = sum(line.total_vnd for line in facts.lines) == facts.total_vnd
    return bool(wrong) and whole and sum(facts.amounts.values()) + gap == facts.total_vnd


def _total_verdicts(facts: ProjectFacts) -> list[Verdict]:
    added, total = sum(facts.amounts.values()), facts.total_vnd
    inputs: dict[str, int | str] = {"sum_vnd": added, "total_vnd": total}
    negative = sorted(source for source, amount in facts.amounts.items() if amount < 0)
    if negative:
        message = _("Số tiền không được âm (đối ứng = tổng kinh phí trừ vốn nhà nước).")
        return [incomplete("sum_mismatch", message, f"{negative[0].lower()}_vnd", inputs=inputs)]
    if added != total:
        message = _(
            "Các nguồn cộng lại %(added)s đồng, khác tổng kinh phí %(total)s đồng (lệch %(gap)s)."
        ) % {
            "added": trieu(added),
            "total": trieu(total),
            "gap": trieu(abs(added - total)),
        }
        return [
            incomplete(
                "sum_mismatch", message, "total_vnd", inputs=inputs, fix=_balance(facts, total - added)
            )
        ]
    lines_total = sum(line.total_vnd for line in facts.lines)
    if facts.lines and lines_total != total:
        message = _("Các dòng dự toán cộng lại %(lines)s đồng, khác tổng kinh phí %(total)s đồng.") % {
            "lines": trieu(lines_total),
            "total": trieu(total),
        }
        return [incomplete("sum_mismatch", message, "total_vnd", inputs=inputs | {"lines_vnd": lines_total})]
    return []


def _balance(facts: ProjectFacts, gap: int) -> Fix | None:
    """The counterpart that makes the sources add up, where that is a lawful amount."""
    own = facts.amount("OWN") + gap
    if own < 0 or facts.itemised:
        return None
    return Fix(_("Sửa đối ứng thành %(own)s") % {"own": trieu(own)}, {"own_vnd": own})


def mixed_source_verdicts(facts: ProjectFacts) -> list[Verdict]:
    """National and local money on one line: the same cost may not be paid twice by the state."""
    if facts.itemised and facts.lines:
        mixed = [
            line.number for line in facts.lines if all(line.amounts.get(s, 0) > 0 for s in STATE_SOURCES)
        ]
        where = _("dòng %(numbers)s") % {"numbers": ", ".join(map(str, mixed))}
    else:
        mixed = [0] if all(facts.amount(s) > 0 for s in STATE_SOURCES) else []
        where = _("đề án này")
    if not mixed:
        return []
    message = _("Khuyến công quốc gia và địa phương cùng chi cho %(where)s; cần tách nội dung chi.") % {
        "where": where
    }
    inputs: dict[str, int | str] = {s.lower() + "_vnd": facts.amount(s) for s in STATE_SOURCES}
    field = f"lines-{mixed[0]}" if mixed[0] else "kcdp_vnd"
    return [
        Verdict("mixed_state_sources", "warning", message, field, rule="mixed_state_sources:1", inputs=inputs)
    ]
