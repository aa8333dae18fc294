"""Composing and deciding tranches: all of a tranche's projects move together or none does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import policy as door
from accounts.models import User
from programs import commitments
from programs.checks import Verdict, first_blockers
from programs.desks import PLANNED
from programs.errors import IllegalMove, OverCeiling, PlanBlocked, StaleCeiling, StaleTranche
from programs.facts import Laws, verdicts_for
from programs.lifecycle import STEPS, Purse, State, Step
from programs.models import Ceiling, Project, Tranche, TrancheState, YearPlan
from programs.priority import Kept, Ranked, kept_places, ranked
from programs.reading import Reading, read
from programs.workflow import Move, Paper, move_all, require_paper
from records import audit
from vietnam.money import format_vnd
from vietnam.templatetags.vn import vnd_unit


@dataclass(frozen=True, slots=True)
class SourceBalance:
    """One source of a plan, VND: ceiling, already committed, asked by this tranche, left after it."""

    source: str
    label: str
    ceiling_vnd: int
    committed_vnd: int
    asked_vnd: int

    @property
    def left_vnd(self) -> int:
        return self.ceiling_vnd - self.used_vnd

    @property
    def used_vnd(self) -> int:
        return self.committed_vnd + self.asked_vnd

    @property
    def over_vnd(self) -> int:
        """By how much the ceiling would be passed; 0 when it would not."""
        return max(0, -self.left_vnd)

    @property
    def tone(self) -> str:
        return "bad" if self.over_vnd else "good" if 10 * self.left_vnd > self.ceiling_vnd else "warning"


def balances(tranche: Tranche, projects: list[Project]) -> list[SourceBalance]:
    """What remains by source if these projects were approved now (the simulator)."""
    asked = commitments.demand(projects) if tranche.state == TrancheState.DRAFT else {}
    return [
        SourceBalance(
            ceiling.source,
            str(ceiling.get_source_display()),
            ceiling.amount_vnd,
            ceiling.committed_vnd,
            asked.get(ceiling.source, 0),
        )
        for ceiling in Ceiling.objects.filter(plan=tranche.plan).order_by("source")
    ]


def open_tranche(plan: YearPlan, *, actor: User) -> Tranche:
    """The next tranche of a plan, empty."""
    door.require(actor, "programs.compose_plan", plan)
    with transaction.atomic():
        YearPlan.objects.select_for_update().get(pk=plan.pk)
        last = Tranche.objects.filter(plan=plan).aggregate(last=Max("number"))["last"] or 0
        tranche = Tranche.objects.create(plan=plan, number=last + 1)
        audit.record("programs.open_tranche", tranche, actor=actor, after={"number": tranche.number})
    return tranche


def set_ceiling(
    plan: YearPlan,
    source: str,
    amount_vnd: int,
    *,
    actor: User,
    document_number: str = "",
    expected_vnd: int | None = None,
) -> Ceiling:
    """Set the limit of one source, VND; ``expected_vnd`` is the one the actor saw, 0 for none yet.

    Raises ``PermissionRefused``, ``StaleCeiling``, or ``OverCeiling`` below what is committed.
    """
    door.require(actor, "programs.set_ceiling", plan)
    values = {"amount_vnd": amount_vnd, "document_number": document_number}
    with transaction.atomic():
        ceiling, created = Ceiling.objects.select_for_update().get_or_create(
            plan=plan, source=source, defaults=values
        )
        present = 0 if created else ceiling.amount_vnd
        if expected_vnd is not None and expected_vnd != present:
            raise StaleCeiling(present)
        if amount_vnd < ceiling.committed_vnd:
            raise OverCeiling(
                _("Trần không được thấp hơn số đã cam kết %(amount)s đồng.")
                % {"amount": format_vnd(ceiling.committed_vnd)}
            )
        before = None if created else {name: getattr(ceiling, name) for name in values}
        if not created:
            ceiling.amount_vnd, ceiling.document_number = amount_vnd, document_number
            ceiling.save(update_fields=list(values))
        audit.record("programs.set_ceiling", ceiling, actor=actor, before=before, after=values)
    return ceiling


def blockers(
    tranche: Tranche,
    projects: list[Project],
    judged: list[list[Verdict]],
    sums: list[SourceBalance],
    unit: str = "dong",
) -> list[str]:
    """Why this tranche cannot be decided now; empty when it can. ``judged`` are the projects' verdicts,
    ``sums`` what would remain."""
    found: list[str] = []
    if tranche.state != TrancheState.DRAFT:
        found.append(_("Đợt này đã có quyết định."))
    if not projects:
        found.append(_("Đợt chưa có đề án nào."))
    for balance in sums:
        if balance.left_vnd < 0:
            found.append(
                _("%(source)s vượt trần %(amount)s.")
                % {"source": balance.label, "amount": vnd_unit(-balance.left_vnd, unit)}
            )
    if all(balance.source != tranche.plan.purse for balance in sums):
        found.append(_("Kế hoạch chưa được giao trần kinh phí."))
    for project, verdicts in zip(projects, judged, strict=True):
        for verdict in first_blockers(verdicts, State.APPROVED):
            found.append(f"{project.code}: {verdict.message}")
    return found


def members(tranche: Tranche, *, lock: bool = False) -> list[Project]:
    """The tranche's projects in annex order (locked in id order, so that no two tranches deadlock)."""
    rows = Project.objects.filter(tranche=tranche, state__in=PLANNED)
    if lock:
        list(rows.select_for_update(of=("self",)).order_by("id").values_list("pk"))
    chosen = rows.select_related("province", "activity", "sector", "plan")
    return in_annex_order(list(chosen.prefetch_related("participations")))


def in_annex_order(
    projects: list[Project], known: Mapping[int, Ranked | Kept] | None = None
) -> list[Project]:
    """The places people have given, then by priority (Nghị định 45/2012/NĐ-CP, Điều 6); ``known`` are the
    places by priority, where they have been worked out."""
    rows = {row.project.pk: row for row in ranked(projects)} if known is None else known
    place = {pk: row.place for pk, row in rows.items()}
    return sorted(projects, key=lambda p: (p.annex_order is None, p.annex_order or 0, place.get(p.pk, 0)))


def places(tranche: Tranche, projects: list[Project], readings: list[Reading]) -> dict[int, Ranked | Kept]:
    """The place by priority of each project of a tranche, with its grounds, by id: now, or as decided."""
    if tranche.state == TrancheState.DRAFT:
        return {row.project.pk: row for row in ranked(projects, readings)}
    return {**kept_places(projects)}


def order_annex(
    tranche: Tranche,
    places: Mapping[str, int | None],
    *,
    actor: User,
    expected_version: int | None = None,
) -> Tranche:
    """Give projects their places in the annex, by code; one without a place follows by priority.

    Raises ``StaleTranche``, ``PermissionRefused`` or ``IllegalMove``.
    """
    with transaction.atomic():
        locked = _lock(tranche, expected_version)
        door.require(actor, "programs.order_annex", locked)
        if locked.state != TrancheState.DRAFT:
            raise IllegalMove(_("Đợt này đã có quyết định."))
        projects = members(locked, lock=True)
        for project in projects:
            project.annex_order = places.get(project.code, project.annex_order)
        Project.objects.bulk_update(projects, ["annex_order"])
        order = {project.code: project.annex_order for project in in_annex_order(projects)}
        _save(locked, "programs.order_annex", actor, {"places": order})
    tranche.refresh_from_db()
    return tranche


def decide(
    tranche: Tranche,
    *,
    actor: User,
    paper: Paper,
    expected_version: int | None = None,
    at: dt.datetime | None = None,
    laws: Laws | None = None,
) -> Tranche:
    """Record the decision on a tranche: every project approved and its money held, or nothing at all.

    ``at`` as in ``workflow.Ask``. Raises ``PermissionRefused``, ``MissingDetail``, ``StaleTranche``,
    ``PlanBlocked`` or ``OverCeiling``.
    """
    at, laws = at or timezone.now(), laws or Laws()
    with transaction.atomic():
        locked = _lock(tranche, expected_version)
        permission = door.require(actor, "programs.approve_tranche", locked)
        require_paper(paper, timezone.localdate(at))
        projects = members(locked, lock=True)
        readings = read(projects)
        with translation.override("vi"):  # what is kept for the record is Vietnamese, whoever acts
            judged = verdicts_for(projects, paper.signed_on, laws, readings)
        if stops := blockers(locked, projects, judged, balances(locked, projects)):
            raise PlanBlocked(stops)
        step = _tranche_step("approve", locked.plan.purse)
        for order, project in enumerate(projects, start=1):
            project.annex_order = order
        moves = [
            Move(project, step, actor, permission, data=data, paper=paper, verdicts=verdicts, at=at)
            for project, verdicts, data in zip(projects, judged, _ranks(projects, readings), strict=True)
        ]
        move_all(moves, laws, readings)
        _note_decision(locked, paper, at)
        done = {"decision": paper.number, "projects": len(projects)}
        _save(locked, "programs.approve_tranche", actor, done)
        # The hot row of the ceiling is taken last, so that tranches queue as briefly as possible.
        commitments.commit(projects, locked, at)
    tranche.refresh_from_db()
    return tranche


def _ranks(projects: list[Project], readings: list[Reading]) -> list[dict[str, Any]]:
    """What the decision keeps of each project's place by priority, so that it can be worked out again."""
    with translation.override("vi"):
        kept = {row.project.pk: {"rank": row.to_json()} for row in ranked(projects, readings)}
    return [kept[project.pk] for project in projects]


def _note_decision(tranche: Tranche, paper: Paper, at: dt.datetime) -> None:
    tranche.state = TrancheState.DECIDED
    tranche.decision_number, tranche.decision_signer = paper.number, paper.signer
    tranche.decision_date, tranche.decision_file = paper.signed_on, paper.file
    tranche.decided_at = at


def assign(
    tranche: Tranche,
    *,
    actor: User,
    paper: Paper,
    expected_version: int | None = None,
    at: dt.datetime | None = None,
    laws: Laws | None = None,
) -> Tranche:
    """Record the Cục's notice that hands a decided tranche to its implementers."""
    at = at or timezone.now()
    with transaction.atomic():
        locked = _lock(tranche, expected_version)
        permission = door.require(actor, "programs.assign_tranche", locked)
        if locked.state != TrancheState.DECIDED:
            raise IllegalMove(_("Chỉ giao được đợt đã có quyết định và chưa giao."))
        require_paper(paper, timezone.localdate(at))
        step = _tranche_step("assign", locked.plan.purse)
        moves = [
            Move(project, step, actor, permission, paper=paper, at=at)
            for project in members(locked, lock=True)
            if project.state == State.APPROVED
        ]
        move_all(moves, laws or Laws(), read([move.project for move in moves]))
        locked.state = TrancheState.ASSIGNED
        locked.notice_number, locked.notice_date = paper.number, paper.signed_on
        locked.notice_file = paper.file
        _save(locked, "programs.assign_tranche", actor, {"notice": paper.number})
    tranche.refresh_from_db()
    return tranche


def _lock(tranche: Tranche, expected_version: int | None) -> Tranche:
    rows = Tranche.objects.select_for_update(of=("self",)).select_related("plan")
    locked = rows.filter(pk=tranche.pk).first()
    if locked is None:  # read by all, but the wall lets nobody else lock it
        raise door.PermissionRefused(_("Kế hoạch này do cơ quan khác lập."))
    if expected_version is not None and locked.version != expected_version:
        raise StaleTranche(locked.version)
    return locked


def _tranche_step(action: str, purse: str) -> Step:
    return next(step for step in STEPS[Purse(purse)] if step.action == action)


def _save(tranche: Tranche, action: str, actor: User, after: dict[str, object]) -> None:
    tranche.version += 1
    tranche.save()
    audit.record(action, tranche, actor=actor, after=after)
