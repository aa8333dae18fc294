"""What an appraisal found goes with the step that ends it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from programs.errors import MissingDetail
from programs.models import Council, CriterionMark, Project
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
    found = _found([move.project for move in ending])
    for move in ending:
        own = [{"by": str(move.actor), "note": "", **mark} for mark in move.data.get("criteria", [])]
        marks = [*map(_kept, found[move.project.pk]), *own]
        if move.step.action == "reject" and not any(mark["grade"] == Grade.FAIL for mark in marks):
            raise MissingDetail(
                "criteria", _("Hãy đánh dấu ít nhất một tiêu chí không đạt trong phiếu thẩm định (Điều 9).")
            )
        move.data = {**move.data, "criteria": marks}


def _found(projects: Sequence[Project]) -> dict[int, list[CriterionMark]]:
    """What the sheets say, by project; of a council those of its people alone."""
    versions = {project.pk: project.version for project in projects}
    rows = Council.objects.filter(project__in=versions)
    councils = {each.project_id: each for each in rows if each.version == versions[each.project_id]}
    if any(council.is_open for council in councils.values()):
        raise MissingDetail("criteria", _("Hội đồng thẩm định chưa đóng phiếu nên chưa kết luận được."))
    found: dict[int, list[CriterionMark]] = {pk: [] for pk in versions}
    sheets = CriterionMark.objects.standing(projects).exclude(grade="", note="")
    for mark in sheets.select_related("appraiser"):
        council = councils.get(mark.project_id)
        if council is None or mark.appraiser_id in council.people_ids:
            found[mark.project_id].append(mark)
    return found


def _kept(row: CriterionMark) -> dict[str, Any]:
    return {"by": str(row.appraiser), "criterion": row.criterion, "grade": row.grade, "note": row.note}
