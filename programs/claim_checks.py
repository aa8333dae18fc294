"""Checks of the claimed grounds of priority: without evidence they count for nothing, and say so.

Pure; see :mod:`programs.checks`. None of them ever blocks: who goes first is no condition of support.
"""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext as _

from programs.lawbook import LawBook
from programs.verdicts import ClaimFacts, ProjectFacts, Verdict, finding


def claim_verdicts(facts: ProjectFacts, law: LawBook) -> list[Verdict]:
    """One verdict a claim. Nghị định 45/2012/NĐ-CP, Điều 6."""
    return [_verdict(claim, law) for claim in facts.claims]


def _verdict(claim: ClaimFacts, law: LawBook) -> Verdict:
    said = {"name": claim.name, "said": claim.said, "law": claim.basis.name}
    if not claim.name:
        message = _("Diện ưu tiên này chưa có hoặc đã hết hiệu lực vào ngày %(day)s nên không được tính.")
        message %= {"day": law.on.strftime("%d/%m/%Y")}
        return _finding("claim_not_in_law", message, claim)
    match claim.status:
        case "accepted":
            message = _("“%(name)s” được công nhận: %(said)s.") % said
            return replace(_finding("claim_accepted", message, claim), severity="ok")
        case "known":
            message = _("“%(name)s” do hệ thống xét theo dữ liệu: %(said)s.") % said
            return replace(_finding("claim_known", message, claim), severity="note")
        case "waiting":
            message = _("“%(name)s” chưa được tính: chờ người thẩm định xem xét minh chứng.") % said
            return replace(_finding("claim_waiting", message, claim), severity="note")
        case "refused":
            message = _("“%(name)s” không được tính: %(said)s.") % said
            return _finding("claim_refused", message, claim)
    message = _(
        "“%(name)s” chưa có minh chứng nên không được tính khi xếp thứ tự ưu tiên (%(law)s). Hãy ghi văn bản"
        " (số, ngày, nơi ban hành) hoặc chọn tệp trong hồ sơ."
    )
    return _finding("claim_without_evidence", message % said, claim)


def _finding(code: str, message: str, claim: ClaimFacts) -> Verdict:
    return finding(
        code, message, claim.field, claim.basis, rule=claim.rule, inputs={"predicate": claim.predicate}
    )
