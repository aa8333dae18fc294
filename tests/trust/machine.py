"""A machine that plays a plan year against the oracle: many people, both purses, right and wrong moves.

Moves are guided (mostly legal, amounts next to limits), for blind ones hardly leave the drafting table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from django.db import connection, transaction
from hypothesis import currently_in_test_context, note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from accounts.models import User
from accounts.policy import PermissionRefused
from accounts.scope import act_as
from programs import tranches, workflow
from programs.drafting import DraftValues, LineValues, save_draft
from programs.errors import (
    IllegalMove,
    Incomplete,
    MissingDetail,
    NotEditable,
    OverCeiling,
    PlanBlocked,
    StaleVersion,
)
from programs.lifecycle import Source
from programs.models import Ceiling, Commitment, Participation, Project, Tranche, Transition, YearPlan
from programs.workflow import Paper
from records import audit, context
from records.models import AuditEntry, StoredFile
from tests.factories import PAPER, make_project
from tests.trust import oracle
from tests.trust.oracle import File, Ledger, M, Person, Slip
from tests.trust.world import PEOPLE, World

REFUSALS = (
    PermissionRefused,
    IllegalMove,
    Incomplete,
    MissingDetail,
    NotEditable,
    PlanBlocked,
    StaleVersion,
    Project.DoesNotExist,
    YearPlan.DoesNotExist,
    Tranche.DoesNotExist,
)
"""What a verb may answer instead of acting. A database error is not among them: no rule may lean on one."""

DRAFTERS = [person for person in PEOPLE if person.posts[0].role in ("IMPL", "SO_OFFICER")]
FORWARD = ["submit", "receive", "pass", "register", "plan"]
BUDGETS = {
    "KCQG": [(100 * M, 200 * M), (300 * M, 300 * M), (300 * M, 300 * M - 1), (300 * M + 1, 400 * M)],
    "KCDP": [(80 * M, 120 * M), (150 * M, M)],
}
"""Money asked and own money, at the norm and one đồng beyond."""


class Books(RuleBasedStateMachine):
    """``world`` is set by the test that runs it."""

    world: World
    attempts = 0
    """Steps tried by all machines of this process."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.turn = 0
        self.files: list[tuple[File, Project]] = []
        self.slips: list[tuple[Slip, Tranche]] = []
        self.ledgers = {purse: Ledger(purse) for purse in ("KCQG", "KCDP")}
        self.plans: dict[str, YearPlan] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @staticmethod
    def tell(line: str) -> None:
        """What happened, where a failure is read."""
        note(line) if currently_in_test_context() else print(line)

    # --- the verbs, each against what the oracle expects ----------------------------------------------

    def attempt(self, person: Person, what: str, expected: bool, verb: Callable[[User], Any]) -> bool:
        """Let this person try; all or nothing, and as the oracle says."""
        Books.attempts += 1
        self.tell(f"{person.name}: {what} ({'may' if expected else 'may not'})")
        user = self.world.users[person.name]
        try:
            with act_as(user):
                verb(user)
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            done = True
        except REFUSALS as refusal:
            done, why = False, refusal
        assert done == expected, f"{person.name}: {what}: {'done' if done else repr(why)}"
        return done

    def take(
        self, place: int, action: str, person: Person, slip: Slip | None = None, *,
        note: str = "Vì vậy.", paper: Paper | None = None, stale: bool = False,
        criteria: bool = True,
    ) -> None:  # fmt: skip
        file, project = self.files[place]
        post = oracle.through(person, file, action)
        paper = paper or replace(PAPER, file=self.scan)
        expected = (
            post is not None
            and not oracle.blocked(file, action)
            and not stale
            and not (action in oracle.SAYS_WHY and not note.strip())
            and not (action in oracle.ON_PAPER and not paper.number)
            and not (action in oracle.NAMES_A_FAILURE and not criteria)
            and not (action == "plan" and (slip is None or slip.purse != file.purse or slip.state != "DRAFT"))
        )
        tranche = self.row_of(slip) if slip else None

        def verb(user: User) -> None:
            row = Project.objects.get(pk=project.pk)
            seen = file.version - stale
            workflow.take(
                action,
                row,
                actor=user,
                note=note,
                data={"criteria": [{"criterion": "need", "grade": "FAIL" if criteria else "PASS"}]},
                paper=paper,
                expected_version=seen,
                tranche=tranche,
            )

        if self.attempt(person, f"{action} {place} {file.purse} {file.state}", expected, verb):
            assert post is not None
            target, before = oracle.target_of(file, action), file.last
            undone = before[0] if action == "undo" and before else ""
            left = file.slip if action in ("unplan", "withdraw") or undone == "plan" else None
            file.move(action, target, person, post, oracle.DUTIES.get(action))
            if action == "plan":
                file.slip = left = slip
            elif action in ("unplan", "withdraw") or undone == "plan":
                file.slip = None
            elif undone == "unplan" and before:
                file.slip = left = before[4]
            if left is not None:
                left.version += 1

    @initialize(first=st.sampled_from(DRAFTERS), second=st.sampled_from(DRAFTERS))
    def open_books(self, first: Person, second: Person) -> None:
        with act_as(self.world.users["lap.mot"]):
            for purse in self.ledgers:
                self.plans[purse] = make_project(self.world.users["lap.mot"], purse=purse).plan
        self.scan = StoredFile.objects.get()
        for purse, name, drafter in (("KCQG", "cuc.truong", first), ("KCDP", "so.truong", second)):
            person = next(person for person in PEOPLE if person.name == name)
            self.set_ceiling(person, purse, 400 * M)
            self.open_slip(person, purse)
            self.begin(drafter, purse, *BUDGETS[purse][0])

    def begin(self, person: Person, purse: str, asked: int, own: int) -> None:
        user, post = self.world.users[person.name], person.posts[0]
        amounts = {Source(purse): asked, Source.OWN: own}
        project = make_project(user, purse=purse, amounts=amounts)
        file = File(purse, post.office, asked, own)
        file.begin(person, post)
        self.files.append((file, project))

    def pick(self, chance: Random) -> int:
        return chance.randrange(len(self.files))

    def edit(self, place: int, person: Person, asked: int, own: int, *, stale: bool = False) -> None:
        file, project = self.files[place]
        line = LineValues("Mua máy", asked + own, {Source(file.purse): asked, Source.OWN: own})
        post = oracle.may_edit(person, file)

        def verb(user: User) -> None:
            row = Project.objects.get(pk=project.pk)
            save_draft(row, DraftValues(lines=[line]), actor=user, expected_version=file.version - stale)

        if self.attempt(person, f"edit {place} {file.state}", post is not None and not stale, verb):
            assert post is not None
            file.edit(person, post, asked, own)

    # --- plans ----------------------------------------------------------------------------------------

    def any_slip(self, chance: Random) -> Slip | None:
        return chance.choice([*(slip for slip, _row in self.slips), None])

    def row_of(self, slip: Slip) -> Tranche:
        return next(row for each, row in self.slips if each is slip)

    def pick_slip(self, chance: Random) -> tuple[Slip, Tranche]:
        return chance.choice(self.slips)

    def held(self, purse: str) -> int:
        return sum(
            file.asked for file, _row in self.files if file.purse == purse and file.state in oracle.SPENT
        )

    def members(self, slip: Slip) -> list[File]:
        return [file for file, _row in self.files if file.slip is slip]

    def set_ceiling(self, person: Person, purse: str, amount: int) -> None:
        may = any(oracle.of_office(person, oracle.LEADERS[purse]))
        enough = amount >= self.held(purse)

        def verb(user: User) -> None:
            tranches.set_ceiling(YearPlan.objects.get(pk=self.plans[purse].pk), purse, amount, actor=user)

        if may and not enough:
            self.refused_by_ceiling(person, verb)
        elif self.attempt(person, f"ceiling {purse} {amount}", may, verb):
            self.ledgers[purse].ceiling = amount

    def refused_by_ceiling(self, person: Person, verb: Callable[[User], Any]) -> None:
        user = self.world.users[person.name]
        try:
            with act_as(user):
                verb(user)
        except OverCeiling:
            return
        raise AssertionError("a ceiling sank below what is committed")

    def open_slip(self, person: Person, purse: str) -> None:
        made: list[Tranche] = []

        def verb(user: User) -> None:
            made.append(tranches.open_tranche(YearPlan.objects.get(pk=self.plans[purse].pk), actor=user))

        if self.attempt(
            person, f"tranche {purse}", any(oracle.of_office(person, oracle.COMPOSERS[purse])), verb
        ):
            number = 1 + sum(slip.purse == purse for slip, _row in self.slips)
            self.slips.append((Slip(purse, number), made[0]))

    def decide_on(self, slip: Slip, person: Person, careless: str) -> None:
        members = self.members(slip)
        post = oracle.decider(person, slip.purse, members)
        ceiling = self.ledgers[slip.purse].ceiling
        expected = (
            post is not None
            and not careless
            and slip.state == "DRAFT"
            and bool(members)
            and ceiling is not None
            and self.held(slip.purse) + sum(file.asked for file in members) <= ceiling
        )
        paper = Paper() if careless == "paper" else PAPER

        def verb(user: User) -> None:
            seen = slip.version - (careless == "stale")
            found = Tranche.objects.get(pk=self.row_of(slip).pk)
            tranches.decide(found, actor=user, paper=paper, expected_version=seen)

        if self.attempt(person, f"decide {slip}", expected, verb):
            assert post is not None
            slip.state, slip.version = "DECIDED", slip.version + 1
            for file in members:
                file.move("approve", "APPROVED", person, post, "APPROVE")

    def assign_slip(self, slip: Slip, person: Person) -> None:
        posts = list(oracle.of_office(person, oracle.COMPOSERS["KCQG"]))
        expected = bool(posts) and slip.purse == "KCQG" and slip.state == "DECIDED"
        row = self.row_of(slip)

        def verb(user: User) -> None:
            tranches.assign(Tranche.objects.get(pk=row.pk), actor=user, paper=PAPER)

        if self.attempt(person, f"assign {slip}", expected, verb):
            slip.state, slip.version = "ASSIGNED", slip.version + 1
            for file in self.members(slip):
                if file.state == "APPROVED":
                    file.move("assign", "ASSIGNED", person, posts[0], None)

    # --- what must hold at any moment -----------------------------------------------------------------

    @invariant()
    def agree(self) -> None:
        with context.whole_country():
            for file, project in self.files:
                self.agree_on(file, project)
            for slip, row in self.slips:
                row.refresh_from_db()
                assert (row.state, row.version, row.number) == (slip.state, slip.version, slip.number)
            self.agree_on_money()
            assert audit.verify() == []

    def agree_on(self, file: File, project: Project) -> None:
        project.refresh_from_db()
        assert (project.state, project.version) == (file.state, file.version)
        tranche = next((row for slip, row in self.slips if slip is file.slip), None)
        assert project.tranche_id == (tranche.pk if tranche else None)
        money = {source.value: vnd for source, vnd in project.amounts().items() if vnd}  # type: ignore[attr-defined]
        assert money == {file.purse: file.asked, "OWN": file.own}
        assert project.total_vnd == file.asked + file.own
        steps = list(Transition.objects.filter(project=project).order_by("version"))
        assert [(step.action, step.source, step.target) for step in steps] == file.steps
        duties = Participation.objects.filter(project=project).values_list("user__username", "duty")
        assert dict(duties) == file.duties
        written = AuditEntry.objects.filter(object_type="programs.project", object_id=str(project.pk))
        assert written.count() == 1 + file.edits + len(file.steps)

    def agree_on_money(self) -> None:
        for purse, ledger in self.ledgers.items():
            row = Ceiling.objects.filter(plan=self.plans[purse]).first() if purse in self.plans else None
            if row is None:
                assert ledger.ceiling is None
                continue
            net = sum(
                c.amount_vnd if c.kind == "COMMIT" else -c.amount_vnd
                for c in Commitment.objects.filter(ceiling=row)
            )
            assert (row.amount_vnd, row.committed_vnd, net) == (
                ledger.ceiling,
                self.held(purse),
                self.held(purse),
            )
            assert row.committed_vnd <= row.amount_vnd
