"""What an appraisal found goes with the step that ends it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from programs.errors import MissingDetail
from programs.models import Council, CriterionMark
from programs.reviewterms import Grade

if TYPE_CHECKING:
    from programs.workflow import Move

ENDS_REVIEW = frozenset({"pass", "reject"})


def keep_marks(moves: Sequence[Move]) -> None:
    """Put the verdicts on the criteria into the steps that end a review: those on the sheets of the office
    and those the actor sends along. Raises ``MissingDetail`` where a rejection names no failed criterion, or
    a council still sits."""
    ending = [move for move in moves if move.step.action in ENDS_REVIEW]
    if not ending:
        return
    open_councils = Council.objects.filter(closed_at=None, project__in=[move.project for move in ending])
    standing = {(each.project_id, each.version) for each in open_councils}
    if any((move.project.pk, move.project.version) in standing for move in ending):
        raise MissingDetail("criteria", _("Hội đồng thẩm định chưa đóng phiếu nên chưa kết luận được."))
    sheets = CriterionMark.objects.standing([move.project for move in ending]).exclude(grade="", note="")
    rows = list(sheets.select_related("appraiser"))
    for move in ending:
        own = [{"by": str(move.actor), "note": "", **mark} for mark in move.data.get("criteria", [])]
        marks = [*(_kept(row) for row in rows if row.project_id == move.project.pk), *own]
        if move.step.action == "reject" and not any(mark["grade"] == Grade.FAIL for mark in marks):
            raise MissingDetail(
                "criteria", _("Hãy đánh dấu ít nhất một tiêu chí không đạt trong phiếu thẩm định (Điều 9).")
            )
        move.data = {**move.data, "criteria": marks}


def _kept(row: CriterionMark) -> dict[str, Any]:
    return {"by": str(row.appraiser), "criterion": row.criterion, "grade": row.grade, "note": row.note}
