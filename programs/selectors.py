"""Questions the screens ask: what waits for this person, what a step would need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Q, Sum
from django.utils.functional import Promise

from accounts.models import User
from accounts.roles import NATIONAL_ROLES, OWN_WORK_ROLES, Role
from accounts.scope import Post, scope_of
from programs.carryterms import CARRIED_LABEL, CARRY_OVER
from programs.lifecycle import CUC, Purse, State, Step, find_steps, steps_from
from programs.models import Participation, Project, Tranche, TrancheState, Transition
from programs.policy import choose_step
from programs.querysets import ProjectQuerySet

WORK_COUNT_LIMIT = 100
"""The badge says "99+" beyond this: nobody's next step depends on the exact figure."""

WAITING: dict[str, tuple[State, ...]] = {
    Role.IMPL: (State.DRAFT, State.RETURNED_PROV, State.RETURNED_MIN),
    Role.REGION: (State.DRAFT, State.RETURNED_MIN),
    Role.SO_OFFICER: (State.SUBMITTED_PROV, State.PASSED_PROV),
    Role.SO_LEADER: (State.REVIEW_PROV,),
    Role.UBND_VIEW: (State.IN_PLAN,),
    Role.CUC_OFFICER: (State.REGISTERED, State.PASSED_MIN),
    Role.CUC_LEADER: (State.REVIEW_MIN,),
    Role.MIN_APPROVER: (State.IN_PLAN,),
}
"""Which states wait for which role: the source of "why do I see this?"."""


def waiting_for(user: User) -> ProjectQuerySet:
    """Projects whose next step is this person's to take (local money never reaches the Cục)."""
    wanted = Q(pk__in=[])
    for post in scope_of(user).posts:
        wanted |= _waits_for_post(post)
    return Project.objects.visible_to(user).filter(wanted)


def _waits_for_post(post: Post) -> Q:
    states = WAITING.get(post.role, ())
    if not states:
        return Q(pk__in=[])
    waits = Q(state__in=states)
    if post.role in OWN_WORK_ROLES:
        return waits & Q(owner__in=post.organisation_ids)
    if post.role in NATIONAL_ROLES:
        return waits & Q(purse=Purse.KCQG)
    if post.role == Role.UBND_VIEW:
        return waits & Q(purse=Purse.KCDP, province__in=post.province_ids)
    mine = waits & Q(province__in=post.province_ids)
    if post.role == Role.SO_OFFICER:
        own_drafts = Q(state__in=WAITING[Role.IMPL], owner__in=post.organisation_ids)
        return mine | own_drafts
    return mine


def waiting_tranches(user: User) -> list[Tranche]:
    """Tranches whose decision this person may record, or which they may assign; with their sums."""
    to_decide = Q(state=TrancheState.DRAFT, projects__state=State.IN_PLAN)
    to_assign = Q(state=TrancheState.DECIDED, projects__state=State.APPROVED)
    wanted = Q(pk__in=[])
    for post in scope_of(user).posts:
        if post.role in (Role.CUC_LEADER, Role.MIN_APPROVER):
            wanted |= to_decide & Q(plan__purse=Purse.KCQG)
        elif post.role == Role.UBND_VIEW:
            wanted |= to_decide & Q(plan__purse=Purse.KCDP, plan__province__in=post.province_ids)
        if post.role in CUC:
            wanted |= to_assign & Q(plan__purse=Purse.KCQG)
    rows = Tranche.objects.visible_to(user).filter(wanted).select_related("plan__province")
    sums = {"count": Count("projects"), "kcqg": Sum("projects__kcqg_vnd"), "kcdp": Sum("projects__kcdp_vnd")}
    return list(rows.annotate(**sums).order_by("plan__year", "plan__province__sort_key", "number")[:20])


def has_worked(user: User) -> bool:
    """Whether this person has ever been anything for a project: drafted, appraised, approved."""
    return Participation.objects.filter(user=user).exists()


def work_count(user: User) -> int:
    """How many projects wait, counted no further than ``WORK_COUNT_LIMIT``."""
    return waiting_for(user)[:WORK_COUNT_LIMIT].count()


@dataclass(frozen=True, slots=True)
class OpenStep:
    """A step this person may take now, or why not (shown disabled with its reason)."""

    step: Step
    allowed: bool
    reason: str | Promise


def open_steps(user: User, project: Project) -> list[OpenStep]:
    """The project's next steps that concern this person, in the order of the map."""
    roles = scope_of(user).roles
    found: dict[str, OpenStep] = {}
    for step in steps_from(project.purse, project.state):
        if step.by_tranche or step.takes_back or step.action in found or not (step.roles & roles):
            continue
        chosen, decision = choose_step(user, project, step.action)
        found[step.action] = OpenStep(chosen or step, decision.allowed, decision.reason)
    return list(found.values())


def neighbours(user: User, project: Project) -> tuple[str, str, int, int]:
    """Codes before and after this project in the person's queue, its place there and the queue's length.

    The place is 0 when the project does not wait for this person.
    """
    codes = list(
        waiting_for(user)
        .order_by(F("due_on").asc(nulls_last=True), "id")
        .values_list("code", flat=True)[:200]
    )
    if project.code not in codes:
        return "", codes[0] if codes else "", 0, len(codes)
    index = codes.index(project.code)
    before = codes[index - 1] if index else ""
    after = codes[index + 1] if index + 1 < len(codes) else ""
    return before, after, index + 1, len(codes)


@dataclass(frozen=True, slots=True)
class BulkAction:
    value: str
    label: str
    tone: str
    icon: str


BULK: dict[str, tuple[str, ...]] = {
    Role.IMPL: ("submit",),
    Role.SO_OFFICER: ("receive", "register"),
    Role.SO_LEADER: ("pass",),
    Role.CUC_OFFICER: ("receive",),
    Role.CUC_LEADER: ("pass",),
}
"""Steps that make sense for several files at once: those that need neither reason nor paper."""


def bulk_actions(user: User, projects: Sequence[Project]) -> list[BulkAction]:
    """What this person may do to several of these files in one go."""
    roles = scope_of(user).roles
    actions = dict.fromkeys(action for role in Role for action in BULK.get(role, ()) if role in roles)
    return [
        BulkAction(action, label, "approve" if action == "pass" else "", "check")
        for action in actions
        if (label := step_label(user, action, projects))
    ]


def last_reception(project: Project) -> Transition | None:
    """The step by which an office last received the dossier."""
    steps = project.transitions.filter(action="receive").select_related("actor", "on_behalf_of")
    return steps.defer("content", "verdicts").order_by("-version").first()


def taken_label(step: Transition, purse: str) -> str:
    """What the arrow of a recorded step is called."""
    if step.action == CARRY_OVER:
        return str(CARRIED_LABEL)
    known = find_steps(purse, step.source, step.action)
    return next((str(arrow.label) for arrow in known if arrow.target == step.target), step.action)


def step_label(user: User, action: str, projects: Sequence[Project]) -> str:
    """The arrows of this name that leave these projects for this person: "Nộp Sở / Gửi lại Cục"."""
    roles = scope_of(user).roles
    steps = (step for project in projects for step in find_steps(project.purse, project.state, action))
    return " / ".join(dict.fromkeys(str(step.label) for step in steps if step.roles & roles))
