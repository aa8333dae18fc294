"""The one hand that moves a project from state to state.

``take`` is the only code that writes a state: lock, version, policy, completeness, duty, state,
step row, audit, outbox, all in one transaction. Pages, API, import and demo come through it.
Tranches move in ``programs.tranches``, which uses ``move_all`` below.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.policy import Decision, PermissionRefused
from programs.appraising import keep_marks
from programs.checks import ON_PAPER, Verdict, first_blockers
from programs.consequences import GOING_BACK, apply, recompose
from programs.content import contents_of
from programs.errors import IllegalMove, Incomplete, MissingDetail, ProgramError, StaleVersion
from programs.facts import DUE, Laws, set_due, verdicts_for
from programs.lifecycle import Duty, State, Step, find_steps
from programs.models import Holding, Participation, Project, Tranche, Transition
from programs.pauses import end_pauses
from programs.policy import choose_step, lent_as
from programs.reading import Reading, read
from programs.receiving import number_receptions, received
from programs.windows import refuse_closed
from programs.years import DECREE_SINCE
from records import audit, outbox
from records.models import StoredFile
from vietnam.text import clean


@dataclass(frozen=True, slots=True)
class Paper:
    """A decision, notice or appraisal on paper that a step records."""

    number: str = ""
    signed_on: dt.date | None = None
    signer: str = ""
    file: StoredFile | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """One step somebody wants to take. ``at`` is when it was taken: now, unless records of the past
    are being carried over."""

    action: str
    project: Project
    actor: User
    note: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    paper: Paper = field(default_factory=Paper)
    expected_version: int | None = None
    tranche: Tranche | None = None
    at: dt.datetime | None = None


@dataclass(slots=True)
class Move:
    """Everything one step of one locked project needs to be written."""

    project: Project
    step: Step
    actor: User
    decision: Decision
    note: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    paper: Paper = field(default_factory=Paper)
    verdicts: list[Verdict] = field(default_factory=list)
    seen_on_paper: list[Verdict] = field(default_factory=list)
    at: dt.datetime = field(default_factory=timezone.now)
    since: dt.datetime | None = None
    """From when the state counts, where not from now: an undone step stops no clock."""


def take(
    action: str,
    project: Project,
    *,
    actor: User,
    note: str = "",
    data: dict[str, Any] | None = None,
    paper: Paper | None = None,
    expected_version: int | None = None,
    tranche: Tranche | None = None,
) -> Transition:
    """Take one step. Raises ``StaleVersion``, ``IllegalMove``, ``PermissionRefused``,
    ``MissingDetail`` or ``Incomplete``; nothing is written then."""
    ask = Ask(action, project, actor, note, data or {}, paper or Paper(), expected_version, tranche)
    [result] = take_all([ask])
    project.refresh_from_db()
    if tranche is not None:
        tranche.refresh_from_db()
    return result


def take_all(asks: Sequence[Ask], laws: Laws | None = None) -> list[Transition]:
    """Take one step of each of these projects, all or none, with a number of readings that does not grow.

    Raises what ``take`` raises. The projects given stay as they were; each step's ``project`` is fresh.
    """
    laws = laws or Laws()
    with transaction.atomic():
        composed = recompose(asks)
        locked = _lock_all([ask.project for ask in asks])
        moves = [_move(ask, locked[ask.project.pk], laws) for ask in asks]
        keep_marks(moves)
        readings = read([move.project for move in moves])
        _check(moves, laws, readings)
        for move, ask in zip(moves, asks, strict=True):
            apply(move, ask.tranche, composed)
        return move_all(moves, laws, readings)


def foresee(asks: Sequence[Ask], laws: Laws | None = None) -> list[Exception | None]:
    """What would refuse each of these steps if it were taken now, None where nothing would.

    Nothing is locked or written, so the step itself may still answer otherwise.
    """
    laws = laws or Laws()
    answers: dict[int, Exception] = {}
    moves: dict[int, Move] = {}
    for place, ask in enumerate(asks):
        try:
            moves[place] = _move(ask, ask.project, laws)
        except (ProgramError, PermissionRefused) as error:
            answers[place] = error
    _judge(list(moves.values()), laws, read([move.project for move in moves.values()]))
    for place, move in moves.items():
        if blockers := _blockers(move):
            answers[place] = Incomplete(blockers)
    return [answers.get(place) for place in range(len(asks))]


def _move(ask: Ask, project: Project, laws: Laws) -> Move:
    """The step this person may take with this project now, its details complete."""
    _refuse_stale(project, ask.expected_version)
    step, decision = _step_for(ask.action, project, ask.actor)
    if step.by_tranche:
        raise IllegalMove(_("Bước này thực hiện cho cả đợt kế hoạch, không cho từng đề án."))
    move = Move(
        project,
        step,
        ask.actor,
        decision,
        ask.note.strip(),
        ask.data,
        ask.paper,
        at=ask.at or timezone.now(),
    )
    refuse_closed(step, project, timezone.localdate(move.at), laws.windows)
    _require_details(move)
    return move


def _lock_all(projects: Sequence[Project]) -> dict[int, Project]:
    """The rows by id, locked in one order by everybody, so that no two transactions wait for each other."""
    rows = Project.objects.select_for_update(of=("self",)).select_related("plan", "province")
    found = rows.filter(pk__in=[project.pk for project in projects]).order_by("pk")
    locked = {row.pk: row for row in found.prefetch_related("participations", "pauses")}
    for project in projects:
        if project.pk not in locked:
            raise Project.DoesNotExist
    return locked


def lock(project: Project, expected_version: int | None) -> Project:
    """The row, locked until the transaction ends; refuses a version somebody else has passed."""
    locked = (
        Project.objects.select_for_update(of=("self",)).select_related("plan", "province").get(pk=project.pk)
    )
    _refuse_stale(locked, expected_version)
    return locked


def _refuse_stale(project: Project, expected_version: int | None) -> None:
    if expected_version is not None and project.version != expected_version:
        raise StaleVersion(project.version)


def _step_for(action: str, project: Project, actor: User) -> tuple[Step, Decision]:
    if not find_steps(project.purse, project.state, action):
        raise IllegalMove(
            _("Đề án đang ở trạng thái “%(state)s” nên không thực hiện được bước này.")
            % {"state": project.get_state_display()}
        )
    step, decision = choose_step(actor, project, action)
    if step is None:
        raise PermissionRefused(decision.reason)
    return step, decision


def _require_details(move: Move) -> None:
    if move.step.note_required and not move.note:
        raise MissingDetail("note", _("Hãy ghi lý do để bên kia đọc được."))
    if move.step.paper_required:
        require_paper(move.paper, timezone.localdate(move.at))
    if move.step.dossier_on_paper and move.paper.file is None:
        raise MissingDetail("paper_file", _("Hãy đính kèm bản chụp phiếu thẩm định."))


def require_paper(paper: Paper, today: dt.date) -> None:
    """A decision must be named: number, date (under the Decree, none still to come), signer.

    Its date may lie before the steps it rests on were recorded: records are carried over late.
    Raises ``MissingDetail``.
    """
    if not clean(paper.number):
        raise MissingDetail("paper_number", _("Hãy ghi số văn bản."))
    if paper.signed_on is None:
        raise MissingDetail("paper_date", _("Hãy ghi ngày văn bản."))
    if paper.signed_on > today:
        raise MissingDetail("paper_date", _("Ngày văn bản không được ở tương lai."))
    if paper.signed_on < DECREE_SINCE:
        raise MissingDetail(
            "paper_date",
            _("Ngày văn bản sớm nhất là %(day)s, ngày Nghị định 45/2012/NĐ-CP về khuyến công có hiệu lực.")
            % {"day": f"{DECREE_SINCE:%d/%m/%Y}"},
        )
    if not clean(paper.signer):
        raise MissingDetail("paper_signer", _("Hãy ghi người ký."))


GUARDED = frozenset(
    {State.SUBMITTED_PROV, State.PASSED_PROV, State.REGISTERED, State.PASSED_MIN, State.IN_PLAN}
)
"""Targets that a dossier breaking a blocking rule may not reach."""


def _check(moves: list[Move], laws: Laws, readings: list[Reading]) -> None:
    """Judge each dossier by its law. Raises ``Incomplete`` where that forbids the step."""
    _judge(moves, laws, readings)
    for move in moves:
        if blockers := _blockers(move):
            raise Incomplete(blockers)


def _judge(moves: list[Move], laws: Laws, readings: list[Reading]) -> None:
    with translation.override("vi"):  # what is kept for the record is Vietnamese, whoever acts
        judged = verdicts_for([move.project for move in moves], laws=laws, readings=readings)
    for move, verdicts in zip(moves, judged, strict=True):
        move.verdicts = verdicts


def _blockers(move: Move) -> list[Verdict]:
    """What forbids the step; where the Sở saw the dossier on paper, its sheet answers for some of it."""
    going_back = move.step.action in GOING_BACK
    blockers = [] if going_back else first_blockers(move.verdicts, move.step.target)
    if move.step.dossier_on_paper:
        move.seen_on_paper = [verdict for verdict in blockers if verdict.code in ON_PAPER]
        blockers = [verdict for verdict in blockers if verdict.code not in ON_PAPER]
    return blockers if move.step.target in GUARDED else []


NEWS = dt.timedelta(days=30)
"""A step taken longer ago is a record being carried over, no news to tell anybody."""

_MOVE = """
UPDATE programs_project p
   SET state = m.state, version = m.version, state_since = m.since, updated_at = m.at, due_on = m.due_on,
       due_why = m.due_why, due_why_en = m.due_why_en, tranche_id = m.tranche_id, annex_order = m.annex_order
  FROM unnest(%s::bigint[], %s::text[], %s::int[], %s::timestamptz[], %s::timestamptz[], %s::date[],
              %s::text[], %s::text[], %s::bigint[], %s::int[])
    AS m(id, state, version, since, at, due_on, due_why, due_why_en, tranche_id, annex_order)
 WHERE p.id = m.id
"""


def move_all(moves: list[Move], laws: Laws, readings: list[Reading]) -> list[Transition]:
    """Write one step of each locked project: duty, state, step row, audit, outbox."""
    Participation.objects.bulk_create(
        row
        for move in moves
        if move.step.duty is not None
        for row in _new_duties(
            move.project, {move.actor.pk, move.decision.on_behalf_of_id}, move.step.duty, move.at
        )
    )
    sources = [move.project.state for move in moves]
    end_pauses((move.actor, move.project) for move in moves)
    for move in moves:
        _set_state(move, laws)
    projects = [move.project for move in moves]
    _store_moved(projects)
    contents = contents_of(projects, readings)
    steps = Transition.objects.bulk_create(map(_transition, moves, sources, contents))
    number_receptions(moves, Holding.objects.bulk_create(received(moves)))
    audit.record_all(map(_entry, moves, steps))
    outbox.post_all(
        "project.moved",
        [
            {"project": step.project_id, "version": step.version, "action": step.action}
            for step in steps
            if timezone.now() - step.recorded_at < NEWS
        ],
    )
    return steps


def _set_state(move: Move, laws: Laws) -> None:
    project = move.project
    project.state = move.step.target
    project.version += 1
    project.state_since, project.updated_at = move.since or move.at, move.at
    set_due(project, laws)


def _store_moved(projects: Sequence[Project]) -> None:
    moved = ("pk", "state", "version", "state_since", "updated_at")
    columns = (*moved, *DUE, "tranche_id", "annex_order")
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, [[getattr(project, name) for project in projects] for name in columns])


def _transition(move: Move, source: str, content: dict[str, Any]) -> Transition:
    return Transition(
        project=move.project,
        version=move.project.version,
        action=move.step.action,
        source=source,
        target=move.project.state,
        actor=move.actor,
        on_behalf_of_id=move.decision.on_behalf_of_id,
        lent_as=lent_as(move.actor, move.decision, move.step.roles),
        note=move.note,
        data=move.data,
        paper_number=move.paper.number,
        paper_signer=move.paper.signer,
        paper_file=move.paper.file,
        effective_on=move.paper.signed_on or timezone.localdate(move.at),
        recorded_at=move.at,
        content=content,
        verdicts=[verdict.to_json() for verdict in move.verdicts],
    )


def _entry(move: Move, step: Transition) -> audit.Entry:
    return audit.Entry(
        f"programs.{step.action}",
        move.project,
        actor=move.actor,
        before={"state": step.source},
        after={"state": step.target, "version": step.version},
        reason=move.note,
        on_behalf_of=step.on_behalf_of,
    )


def record_duty(
    project: Project, actor: User, on_behalf_of_id: int | None, duty: Duty, at: dt.datetime | None = None
) -> None:
    """Remember what these people now are for the project, whose row is locked; the database keeps
    duties apart. Raises ``PermissionRefused`` when one of them already holds another duty."""
    people = {actor.pk, on_behalf_of_id}
    Participation.objects.bulk_create(_new_duties(project, people, duty, at or timezone.now()))


def record_drafters(
    projects: Sequence[Project], actors: Sequence[User], lenders: Sequence[int | None]
) -> None:
    """Who began these new projects, and for whom."""
    Participation.objects.bulk_create(
        Participation(project=project, user_id=user_id, duty=Duty.DRAFT, since=project.created_at)
        for project, actor, lender in zip(projects, actors, lenders, strict=True)
        for user_id in dict.fromkeys([actor.pk, lender])
        if user_id is not None
    )


def _new_duties(
    project: Project, people: set[int | None], duty: Duty, at: dt.datetime
) -> Iterator[Participation]:
    known = {held.user_id: held.duty for held in project.participations.all()}
    for user_id in people:
        if user_id is None or known.get(user_id) == duty:
            continue
        if user_id in known:
            raise PermissionRefused(
                _("Một người không được vừa lập, vừa thẩm định, vừa phê duyệt một đề án.")
            )
        yield Participation(project=project, user_id=user_id, duty=duty, since=at)
