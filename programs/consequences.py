"""What a step changes besides the state: tranches, money held, exceptions, clocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.db.models import F
from django.utils.translation import gettext as _

from programs import commitments, contracting
from programs.errors import IllegalMove, MissingDetail, StaleVersion
from programs.lifecycle import COMMITTED
from programs.models import CheckOverride, Project, Tranche, TrancheState, Transition

if TYPE_CHECKING:
    from programs.workflow import Ask, Move

LEAVING = frozenset({"unplan", "withdraw"})
"""Steps that take a project out of its tranche."""
GOING_BACK = frozenset({"recall", "unplan", "undo"})
"""Steps that nothing in the dossier can forbid, and that are no news to its drafters."""


def recompose(asks: Sequence[Ask]) -> dict[int, Tranche]:
    """The tranches these steps put projects into or take them out of, by id.

    Locked before the projects, as a decision does, so that composing and deciding wait for each other
    instead of deadlocking; each gets a new version, for a decision holds for the list its signer saw.
    By a function of the database, for a province may touch nothing else of a national tranche.
    """
    joined = {ask.tranche.pk for ask in asks if ask.action == "plan" and ask.tranche is not None}
    undone = [ask.project.pk for ask in asks if ask.action == "undo"]
    leaving = [*undone, *(ask.project.pk for ask in asks if ask.action in LEAVING)]
    if undone:
        last = Transition.objects.filter(project__in=undone, version=F("project__version"), action="unplan")
        joined |= {pk for pk in last.values_list("data__tranche", flat=True) if pk}
    if not joined and not leaving:
        return {}
    left = Project.objects.filter(pk__in=leaving, tranche__isnull=False).values_list("tranche_id", flat=True)
    ids = [sorted(joined | set(left))]
    rows = Tranche.objects.raw("SELECT * FROM kc_recompose(%s::bigint[])", ids)
    return {row.pk: row for row in rows}


def apply(move: Move, tranche: Tranche | None, composed: Mapping[int, Tranche]) -> None:
    """Everything but the state itself; raises ``MissingDetail``, ``IllegalMove`` or ``StaleVersion``."""
    project, action = move.project, move.step.action
    if action == "plan":
        if tranche is None:
            raise MissingDetail("tranche", _("Hãy chọn đợt kế hoạch."))
        _join(project, composed.get(tranche.pk))
    elif action in LEAVING:
        _leave(move, composed)
    elif action == "undo":
        _undo(move, composed)
    elif action == "stop" and project.state in COMMITTED:
        contracting.require_nothing_out(project)
        commitments.release(project, move.at)
    elif action == "contract":
        contracting.open_fund(move)
    for verdict in move.seen_on_paper:
        CheckOverride.objects.create(
            project=project,
            version=project.version,
            state=project.state,
            code=verdict.code,
            fingerprint=verdict.fingerprint,
            reason="Hồ sơ giấy đã được thẩm định.",  # kept for the record, so Vietnamese whoever acts
            document_number=move.paper.number,
            actor=move.actor,
        )


def _join(project: Project, tranche: Tranche | None) -> None:
    if tranche is None or tranche.plan_id != project.plan_id or tranche.state != TrancheState.DRAFT:
        raise IllegalMove(_("Đợt này không thuộc kế hoạch của đề án hoặc đã có quyết định."))
    project.tranche = tranche


def _leave(move: Move, composed: Mapping[int, Tranche]) -> None:
    project = move.project
    if project.tranche_id is not None and project.tranche_id not in composed:
        raise StaleVersion(project.version)  # it changed tranches while this step waited for it
    if project.tranche_id is not None:  # kept, so that the step can be taken back
        move.data = {**move.data, "tranche": project.tranche_id, "place": project.annex_order}
    project.tranche = None
    project.annex_order = None


def _undo(move: Move, composed: Mapping[int, Tranche]) -> None:
    """Where the project was before its last step, and since when."""
    project = move.project
    steps = project.transitions.defer("content", "verdicts").order_by("-version")
    last, *before = steps[:2]
    move.since = before[0].recorded_at if before else project.created_at
    if last.action == "plan":
        _leave(move, composed)
    elif last.action == "unplan":
        _join(project, composed.get(last.data["tranche"]))
        project.annex_order = last.data["place"]
