"""How a year is played: mostly sensible acts, amounts next to limits, and what people get wrong."""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st
from hypothesis.stateful import rule

from programs.workflow import Paper
from tests.trust import oracle
from tests.trust.machine import BUDGETS, DRAFTERS, FORWARD, Books
from tests.trust.oracle import M
from tests.trust.world import PEOPLE

ACTS = (
    ["season"] * 5 + ["late_step"] * 5 + ["legal_step"] * 4 + ["crossed_duty"] * 4 + ["edit_budget"] * 3
    + ["draft"] * 2 + ["march"] * 2 + ["meddle"] * 2 + ["ceiling"] * 2 + ["decide"] * 2 + ["assign"] * 2
    + ["take_back"] * 3 + ["another_slip"]
)  # fmt: skip
PURSES = ["KCQG", "KCDP"]
FORGOTTEN = ["", "", "", "", "note", "paper", "stale", "criteria"]
CARELESS = ["", "", "", "paper", "stale"]
"""What somebody forgets: the reason, the document, to load the page anew, the failed criterion."""


class Year(Books):
    """One rule, many acts; see ``ACTS``."""

    @rule(luck=st.integers(0, 2**64))
    def play(self, luck: int) -> None:
        """One act of the year. A single rule, so that every run may come to every act.

        Hypothesis likes small and repeated numbers; with the turn in it, equal luck is not the same luck.
        """
        self.turn += 1
        chance = Random(f"{luck} {self.turn}")
        getattr(self, chance.choice(ACTS))(chance)

    def draft(self, chance: Random) -> None:
        if len(self.files) >= 6:
            return
        person, purse = chance.choice(DRAFTERS), chance.choice(PURSES)
        self.begin(person, purse, *chance.choice(BUDGETS[purse]))

    def march(self, chance: Random) -> None:
        """One project some way along the ordinary road, by whoever may."""
        self.walk(chance, self.pick(chance), chance.randint(1, len(FORWARD)))

    def season(self, chance: Random) -> None:
        """One project all the way into a tranche, and the decision on that by somebody who may."""
        place = self.pick(chance)
        self.walk(chance, place, len(FORWARD) + 2)
        file, _project = self.files[place]
        if file.state == "IN_PLAN" and file.slip is not None:
            members = self.members(file.slip)
            able = [person for person in PEOPLE if oracle.decider(person, file.purse, members)]
            if chance.choice([False, False, True]):
                for person in PEOPLE:
                    if person not in able:
                        self.decide_on(file.slip, person, "")
            if able:
                self.decide_on(file.slip, chance.choice(able), chance.choice(CARELESS))

    def walk(self, chance: Random, place: int, far: int) -> None:
        file, _project = self.files[place]
        for _step in range(far):
            if meddling := chance.choice([None, None, self.wrong_hand, self.wrong_time, self.wrong_edit]):
                meddling(chance, place)
            before = file.state, file.version
            slips = [slip for slip, _row in self.slips if slip.purse == file.purse and slip.state == "DRAFT"]
            able = [
                (action, person)
                for action in FORWARD
                for person in PEOPLE
                if oracle.through(person, file, action) and (slips or action != "plan")
            ]
            if not able:
                return
            action, person = chance.choice(able)
            self.take(place, action, person, slips[-1] if slips else None)
            if (file.state, file.version) == before:
                return  # a dossier above the norms goes no further

    def legal_step(self, chance: Random) -> None:
        """Any arrow that leaves the project's state, by one who may; sometimes careless."""
        self.leave(chance, self.pick(chance))

    def late_step(self, chance: Random) -> None:
        """The same where money is near or already held."""
        late = [n for n, (file, _row) in enumerate(self.files) if file.state in ("IN_PLAN", *oracle.SPENT)]
        if late:
            self.leave(chance, chance.choice(late))

    def leave(self, chance: Random, place: int) -> None:
        file, _project = self.files[place]
        able = [(a, p) for a in oracle.ACTIONS for p in PEOPLE if oracle.through(p, file, a)]
        if not able:
            return
        action, person = chance.choice(able)
        slip, lapse = self.any_slip(chance), chance.choice(FORGOTTEN)
        paper, note = Paper() if lapse == "paper" else None, "  " if lapse == "note" else "Vì vậy."
        self.take(
            place, action, person, slip, note=note, paper=paper, stale=lapse == "stale",
            criteria=lapse != "criteria",
        )  # fmt: skip

    def take_back(self, chance: Random) -> None:
        """Everybody in turn tries to undo the last step of a project; sometimes right after taking one."""
        place = self.pick(chance)
        if chance.choice([True, False]):
            self.leave(chance, place)
        for person in chance.sample(PEOPLE, len(PEOPLE)):
            self.take(place, "undo", person)

    def meddle(self, chance: Random) -> None:
        chance.choice([self.wrong_hand, self.wrong_time])(chance, self.pick(chance))

    def wrong_hand(self, chance: Random, place: int) -> None:
        """A step the project could take, by somebody whose step it is not."""
        file, _project = self.files[place]
        here = (file.purse, file.state)
        arrows = [action for purse, state, action in oracle.ARROWS if (purse, state) == here]
        if arrows:
            action = chance.choice(arrows)
            fitting = {person: oracle.fitting(person, file, action) for person in PEOPLE}
            offices = {post.office for posts in fitting.values() for post in posts}
            others = [person for person, posts in fitting.items() if not posts]
            slip = self.any_slip(chance)
            self.take(place, action, chance.choice(others), slip)
            for person in others:
                if offices & {post.office for post in person.posts}:  # an officer in the leader's place
                    self.take(place, action, person, slip)

    def wrong_time(self, chance: Random, place: int) -> None:
        """A step of a state the project has left behind, by all who might have taken it there."""
        file, _project = self.files[place]
        behind = {source for _action, source, _target in file.steps} or set(oracle.BEFORE_DECISION)
        late = {
            action: roles
            for (purse, state, action), (_target, roles) in oracle.ARROWS.items()
            if purse == file.purse and state in behind
            if (purse, file.state, action) not in oracle.ARROWS
        }
        if late:
            action, slip = chance.choice(sorted(late)), self.any_slip(chance)
            for person in PEOPLE:
                if late[action] & {post.role for post in person.posts}:
                    self.take(place, action, person, slip)

    def crossed_duty(self, chance: Random) -> None:
        """Somebody who already has a part in a project tries another part of it."""
        able = [
            (place, action, person)
            for place, (file, _row) in enumerate(self.files)
            for action in oracle.DUTIES
            for person in PEOPLE
            if oracle.torn(person, file, action)
        ]
        if able:
            place, action, person = chance.choice(able)
            self.take(place, action, person)

    def edit_budget(self, chance: Random) -> None:
        """Money changed in an open dossier; a closed one is tried by all who draft."""
        place = self.pick(chance)
        file, _project = self.files[place]
        if file.state not in oracle.OPEN_TO_EDIT:
            self.wrong_edit(chance, place)
            return
        person = chance.choice([*DRAFTERS, *PEOPLE])
        money = chance.choice(BUDGETS[file.purse])
        self.edit(place, person, *money, stale=chance.choice(FORGOTTEN) == "stale")

    def wrong_edit(self, chance: Random, place: int) -> None:
        """A dossier that is out of its drafters' hands, changed by each of them all the same."""
        file, _project = self.files[place]
        if file.state not in oracle.OPEN_TO_EDIT:
            for person in DRAFTERS:
                self.edit(place, person, *chance.choice(BUDGETS[file.purse]))

    def ceiling(self, chance: Random) -> None:
        purse, person = chance.choice(PURSES), chance.choice(PEOPLE)
        held = self.held(purse)
        asked = sum(f.asked for f, _row in self.files if f.purse == purse and f.state == "IN_PLAN")
        leaders = [p for p in PEOPLE if any(oracle.of_office(p, oracle.LEADERS[purse]))]
        chosen = chance.choice([*leaders, person])
        edges = [held - 1, held, held + asked, held + asked - 1, held + 1000 * M]
        self.set_ceiling(chosen, purse, max(0, chance.choice(edges)))

    def another_slip(self, chance: Random) -> None:
        if len(self.slips) < 6:
            self.open_slip(chance.choice(PEOPLE), chance.choice(PURSES))

    def decide(self, chance: Random) -> None:
        slip, _row = self.pick_slip(chance)
        free = [person for person in PEOPLE if oracle.decider(person, slip.purse, self.members(slip))]
        self.decide_on(slip, chance.choice([*free, *PEOPLE]), chance.choice(CARELESS))

    def assign(self, chance: Random) -> None:
        slip, _row = self.pick_slip(chance)
        able = [p for p in PEOPLE if any(oracle.of_office(p, oracle.COMPOSERS["KCQG"]))]
        self.assign_slip(slip, chance.choice([*able, *PEOPLE]))
