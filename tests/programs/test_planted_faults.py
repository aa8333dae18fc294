"""Each guard taken away once: the oracle, or the database under it, must notice in a scene of its own.

The random years of ``test_properties`` may pass a fault by; these scenes may not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError

from accounts.roles import Role
from accounts.scope import scope_of
from programs import commitments, consequences, drafting, lifecycle, policy, tranches, workflow
from programs.errors import OverCeiling
from programs.lifecycle import State
from programs.models import Tranche
from records import audit
from tests import evidence
from tests.trust.scenes import play
from tests.trust.world import World

pytestmark = pytest.mark.django_db

Fault = Callable[[pytest.MonkeyPatch], None]
FAULTS: list[tuple[Fault, tuple[str, ...]]] = []

# Lines of a scene: see tests/trust/scenes.py. File 0 asks for national money, file 1 for local money.
RECEIVED = ("0 submit lap.mot", "0 receive so.mot")
PLANNED = ("1 submit lap.hai", "1 receive so.mot", "1 pass so.truong", "1 plan so.mot")
DECIDED = (*PLANNED, "decide 1 chu.tich")


def caught_by(*scene: str) -> Callable[[Fault], Fault]:
    def plant(fault: Fault) -> Fault:
        FAULTS.append((fault, scene))
        return fault

    return plant


@caught_by("0 submit lap.mot stale")
def without_version_check(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(workflow, "_refuse_stale", lambda project, version: None)


@caught_by(*PLANNED, "decide 1 chu.tich stale")
def decided_on_a_stale_list(patch: pytest.MonkeyPatch) -> None:
    lock = tranches._lock
    patch.setattr(tranches, "_lock", lambda tranche, version: lock(tranche, None))


@caught_by(*PLANNED)
def composing_leaves_the_tranches_version(patch: pytest.MonkeyPatch) -> None:
    def held(asks: Sequence[workflow.Ask]) -> dict[int, Tranche]:
        return Tranche.objects.in_bulk([ask.tranche.pk for ask in asks if ask.tranche])

    patch.setattr(workflow, "recompose", held)


@caught_by(*DECIDED, "1 stop chu.tich")
def stop_keeps_the_money(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(commitments, "release", lambda *_: None)


@caught_by(*DECIDED)
def approval_holds_no_money(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(commitments, "commit", lambda *_: None)


@caught_by(*PLANNED, "ceiling KCDP so.truong 79", "decide 1 chu.tich")
def ceiling_not_looked_at(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(tranches.SourceBalance, "left_vnd", property(lambda balance: balance.ceiling_vnd))


@caught_by("draft KCQG hai.vai 100 200", "2 submit hai.vai", "2 receive so.mot", "2 pass hai.vai")
def drafter_may_appraise(patch: pytest.MonkeyPatch) -> None:
    known = workflow._new_duties

    def only_unknown(project: Any, people: set[int | None], duty: Any, at: Any) -> Any:
        held = set(project.participations.values_list("user_id", flat=True))
        return known(project, people - held, duty, at)

    patch.setattr(policy, "_conflict", lambda *_: None)
    patch.setattr(workflow, "_new_duties", only_unknown)


@caught_by("0 submit lap.mot", "0 receive thay.so")
def a_lent_post_binds_only_its_borrower(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(policy, "_people", lambda user, post: {user.pk})
    known = workflow._new_duties
    patch.setattr(workflow, "_new_duties", lambda p, people, *rest: known(p, {max(people, key=str)}, *rest))


@caught_by("0 submit lap.hai")
def submitting_leaves_no_duty(patch: pytest.MonkeyPatch) -> None:
    changed_steps(patch, "submit", duty=None)


@caught_by(*RECEIVED, "0 pass so.truong")
def pass_leads_straight_to_the_register(patch: pytest.MonkeyPatch) -> None:
    changed_steps(patch, "pass", target=State.REGISTERED)


@caught_by(*RECEIVED, "0 recall lap.mot")
def recall_after_reception(patch: pytest.MonkeyPatch) -> None:
    changed_steps(patch, "recall", sources=frozenset({State.SUBMITTED_PROV, State.REVIEW_PROV}))


@caught_by(*RECEIVED, "0 pass so.hai")
def officers_may_pass(patch: pytest.MonkeyPatch) -> None:
    changed_steps(patch, "pass", roles=frozenset({Role.SO_OFFICER, Role.SO_LEADER}))


def changed_steps(patch: pytest.MonkeyPatch, action: str, **change: Any) -> None:
    """The map with the first arrow of this name changed, in both purses."""
    for purse, steps in lifecycle.STEPS.items():
        first = next(step for step in steps if step.action == action)
        mended = tuple(replace(step, **change) if step is first else step for step in steps)
        patch.setitem(lifecycle.STEPS, purse, mended)


@caught_by(*RECEIVED, "0 undo so.hai")
def anybody_undoes(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(policy, "_just_taken", lambda *_: True)


@caught_by(*RECEIVED, "0 return so.mot", "0 undo so.mot")
def a_return_is_taken_back(patch: pytest.MonkeyPatch) -> None:
    back = {"sources": frozenset({State.RETURNED_PROV}), "target": State.REVIEW_PROV}
    changed_steps(patch, "undo", takes_back="return", **back)


@caught_by(*PLANNED, "1 unplan so.mot", "1 undo so.mot")
def undone_unplan_stays_outside(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(consequences, "_join", lambda project, tranche: None)


@caught_by(*PLANNED, "1 unplan so.mot")
def unplan_stays_in_the_tranche(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(consequences, "LEAVING", frozenset({"withdraw"}))


@caught_by("0 submit lap.mot", "0 return so.mot no-reason")
def no_reason_asked(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(workflow, "_require_details", lambda move: None)


@caught_by(*RECEIVED, "0 reject so.truong no-criterion")
def rejected_for_no_criterion(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(workflow, "keep_marks", lambda moves: None)


@caught_by(*PLANNED, "decide 1 chu.tich no-paper")
def decision_without_a_number(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(tranches, "require_paper", lambda *_: None)


@caught_by("0 edit lap.mot 300 299", *RECEIVED, "0 pass so.truong")
def norms_not_held(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(workflow, "first_blockers", lambda *_: [])


@caught_by(*PLANNED, "decide 1 bo.truong")
def the_cuc_decides_local_money(patch: pytest.MonkeyPatch) -> None:
    posts = policy._plan_posts
    more = {Role.UBND_VIEW: [Role.UBND_VIEW, Role.MIN_APPROVER]}

    def with_minister(user: Any, plan: Any, roles: Any) -> Any:
        return posts(user, plan, [r for role in roles for r in more.get(role, [role])]) or [
            post for post in scope_of(user).posts_as({Role.MIN_APPROVER}) if Role.UBND_VIEW in roles
        ]

    patch.setattr(policy, "_plan_posts", with_minister)


@caught_by("0 edit so.mot 100 100")
def everybodys_drafts_are_mine(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(policy, "covers", lambda *_: True)


@caught_by("0 submit lap.mot", "0 edit lap.mot 100 100")
def submitted_dossiers_stay_open(patch: pytest.MonkeyPatch) -> None:
    wider = lifecycle.EDITABLE | {State.SUBMITTED_PROV}
    patch.setattr(policy, "EDITABLE", wider)
    patch.setattr(drafting, "EDITABLE", wider)


@caught_by("0 submit lap.mot")
def a_step_keeps_the_version(patch: pytest.MonkeyPatch) -> None:
    set_state = workflow._set_state

    def stay(move: Any, laws: Any) -> None:
        set_state(move, laws)
        move.project.version -= 1

    patch.setattr(workflow, "_set_state", stay)


@caught_by("0 submit lap.mot")
def nothing_in_the_audit_trail(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(audit, "record_all", lambda entries: None)


# --- the proof --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("fault", "scene"), FAULTS, ids=[fault.__name__ for fault, _scene in FAULTS])
def test_a_planted_fault_is_noticed_in_its_scene(
    monkeypatch: pytest.MonkeyPatch, fault: Fault, scene: tuple[str, ...]
) -> None:
    world = World.create()
    play(world, scene)  # without the fault all is as the oracle says
    fault(monkeypatch)
    try:
        play(world, scene)
    except (AssertionError, IntegrityError, OverCeiling):
        evidence.count("mutants", 1)
    else:
        evidence.count("mutants", 1, 1)
        pytest.fail("nobody noticed")
