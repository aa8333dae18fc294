"""What the pages that show a whole dossier have in common."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise

from accounts.models import User
from accounts.policy import decide
from programs.carrying import told_of
from programs.carryterms import CARRY_OVER
from programs.changes import Version, versions_of
from programs.desk_policy import proposable
from programs.dossierterms import TEXT_SECTIONS
from programs.facts import verdicts_for
from programs.forms import AssignForm, TransitionForm
from programs.handing import candidates
from programs.judging import claim_list
from programs.lifecycle import COMMITTED, State, Step
from programs.models import (
    CheckOverride,
    Project,
    Tranche,
    TrancheState,
    Transition,
)
from programs.pauses import standing
from programs.proposals import standing_proposals
from programs.reading import Reading, read
from programs.remarks import Thread
from programs.selectors import OpenStep, open_steps, taken_label
from programs.stages import STAGES
from programs.territory import units_today

HISTORY_LENGTH = 50
EVENT_TONES = {
    "return": "warning",
    "reject": "bad",
    "stop": "bad",
    "withdraw": "warning",
    "pass": "good",
    "approve": "good",
    "assign": "good",
}


@dataclass(frozen=True, slots=True)
class Stage:
    label: str | Promise
    state: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """A step as the timeline tells it."""

    title: str | Promise
    actor: str
    at: dt.datetime
    note: str
    tone: str
    paper_url: str
    compare_url: str = ""
    """Where a submission is compared with the one before it."""


def dossier_context(
    user: User,
    project: Project,
    form: TransitionForm | None = None,
    threads: Sequence[Thread] | None = None,
) -> dict[str, Any]:
    """``form`` is the step form as sent when it was refused; what was typed is shown again. ``threads`` are
    the remarks, where the page reads them anyway."""
    [reading] = read([project])
    [verdicts] = verdicts_for([project], readings=[reading])
    steps = [each for each in open_steps(user, project) if each.step.action != "contract"]  # has its page
    allowed = [open_step for open_step in steps if open_step.allowed]
    versions = versions_of(project)
    latest = _latest_steps(project)
    proposals = standing_proposals(user, project, threads)
    return {
        "project": project,
        "units_today": units_today(project),
        "problems": [verdict for verdict in verdicts if verdict.severity in {"error", "warning"}],
        "blocking_count": sum(1 for verdict in verdicts if verdict.blocks),
        "warning_count": sum(1 for v in verdicts if v.severity == "warning" and not v.blocks),
        "notes": [verdict for verdict in verdicts if verdict.severity == "note"],
        "passed": [verdict for verdict in verdicts if verdict.severity == "ok"],
        "exceptions": _exceptions(project),
        "steps": steps,
        "may_act": bool(allowed),
        "ticked": _chosen_action(allowed, form, [thread.root.proposes for thread in proposals]),
        "asks_paper": any(open_step.step.paper_required for open_step in allowed),
        "paper_for": _labels(step.step for step in allowed if step.step.paper_required),
        "note_needed": all(open_step.step.note_required for open_step in allowed),
        "scan_for": _labels(step.step for step in allowed if step.step.dossier_on_paper),
        "tranches": _open_tranches(user, project, allowed),
        "stages": stages_of(project),
        "history": _events(project, versions, latest),
        "versions": versions,
        **_desk_context(user, project, latest, proposals),
        **_written(project, reading),
        **told_of(project),
        "form": form or TransitionForm(initial={"version": project.version}),
    }


def _written(project: Project, reading: Reading) -> dict[str, Any]:
    """What stands in the dossier."""
    return {
        "reading": reading,
        "claims": claim_list(project, reading) if reading.claims else [],
        "lines": reading.lines,
        "beneficiaries": reading.beneficiaries,
        "attachments": reading.papers,
        "results": reading.results,
        "texts": _texts(project),
    }


def _texts(project: Project) -> list[tuple[str, int, str | Promise, str]]:
    return [
        (name, number, label, getattr(project, name))
        for name, number, label in TEXT_SECTIONS
        if getattr(project, name)
    ]


def _desk_context(
    user: User, project: Project, latest: list[Transition], proposals: list[Thread]
) -> dict[str, Any]:
    """What goes on about the dossier besides its steps."""
    return {
        "paused": standing(project) if project.due_why and not project.due_on else None,
        "corrections": project.corrections.select_related("corrected_by"),  # read by the page that shows them
        "may_correct": decide(user, "programs.correct_project", project).allowed,
        "may_stop_clock": decide(user, "programs.stop_clock", project).allowed,
        "received": _has_receipt(project, latest),
        "money_states": COMMITTED | {State.STOPPED},
        "may_contract": decide(user, "programs.contract_project", project).allowed,
        "proposals": [
            (thread, decide(user, "programs.return_proposal", thread.root).allowed) for thread in proposals
        ],
        "proposable": proposable(user, project),
    }


def _labels(steps: Iterable[Step]) -> str:
    return ", ".join(str(step.label) for step in steps)


def _exceptions(project: Project) -> dict[str, list[CheckOverride]]:
    """The exceptions given for the dossier as it stands, by the objection they were given from."""
    found: dict[str, list[CheckOverride]] = {}
    for given in project.overrides.standing().select_related("actor").order_by("at"):
        found.setdefault(given.fingerprint, []).append(given)
    return found


def _chosen_action(allowed: list[OpenStep], form: TransitionForm | None, proposed: list[str]) -> str:
    """The step ticked at first: the one just tried or proposed, else the first that needs no reason.

    A verdict on a dossier is nobody's default: passing one takes a choice of its own.
    """
    steps = [open_step.step for open_step in allowed]
    tried = form.data.get("action", "") if form else ""
    for action in (tried, *proposed):
        if action in {step.action for step in steps}:
            return action
    return next((step.action for step in steps if not step.note_required and step.action != "pass"), "")


def assign_form(user: User, project: Project) -> AssignForm | None:
    if not decide(user, "programs.assign_file", project).allowed:
        return None
    return AssignForm(people=candidates(user, project), auto_id="assign_%s")


def _has_receipt(project: Project, steps: list[Transition]) -> bool:
    """An office received it, and the portal kept which."""
    receptions = {step.recorded_at for step in steps if step.action == "receive"}
    return any(row.at in receptions for row in project.holdings.all())


def _latest_steps(project: Project) -> list[Transition]:
    """Newest first."""
    steps = project.transitions.select_related("actor", "on_behalf_of").defer("content", "verdicts")
    return list(steps.order_by("-version")[:HISTORY_LENGTH])


def _events(project: Project, versions: list[Version], steps: list[Transition]) -> list[Event]:
    page = reverse("programs:project_compare", args=[project.code])
    links = {
        newer.step: f"{page}?tu={older.key}&den={newer.key}"
        for older, newer in itertools.pairwise(versions)
        if newer.step is not None
    }
    return [event_of(step, project.code, project.purse, links.get(step.version, "")) for step in steps]


def _open_tranches(user: User, project: Project, allowed: list[OpenStep]) -> list[Tranche]:
    if not any(open_step.step.action == "plan" for open_step in allowed):
        return []
    drafts = Tranche.objects.visible_to(user).filter(plan=project.plan_id, state=TrancheState.DRAFT)
    return list(drafts.select_related("plan"))


def event_of(step: Transition, code: str, purse: str, compare_url: str = "") -> Event:
    paper = f" {step.paper_number}" if step.paper_number else ""
    title = f"{taken_label(step, purse)}{paper}"
    tone = EVENT_TONES.get(step.action, "")
    paper_url = _paper_url(code, step)
    return Event(title, step.acted_by, step.recorded_at, step.note, tone, paper_url, compare_url)


def _paper_url(code: str, step: Transition) -> str:
    """Where the scan of the step's paper is opened; empty where it has none."""
    return reverse("programs:step_paper", args=[code, step.version]) if step.paper_file_id else ""


def stages_of(project: Project) -> list[Stage]:
    """The stepper: each stage done, current or still to come; a closed file shows where it ended."""
    stages = STAGES[project.purse]
    here = next((n for n, (_label, states) in enumerate(stages) if project.state in states), None)
    if here is None:
        last = project.transitions.order_by("-version").first()
        here = next((n for n, (_label, states) in enumerate(stages) if last and last.source in states), 0)
        if project.carried_as_of and last and last.action == CARRY_OVER:
            here = len(stages) - 1  # stopped on paper, after its approval
    bad = project.state in {State.STOPPED, State.WITHDRAWN, State.REJECTED_PROV, State.REJECTED_MIN}
    final = project.state == State.ASSIGNED
    return [
        Stage(label, _stage_state(n, here, bad=bad, final=final)) for n, (label, _states) in enumerate(stages)
    ]


def _stage_state(number: int, here: int, *, bad: bool, final: bool) -> str:
    if number < here or (final and number == here):
        return "done"
    if number == here:
        return "bad" if bad else "current"
    return ""
