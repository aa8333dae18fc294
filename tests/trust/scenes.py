"""Scenes: a few moves of a plan year, written out, each checked against the oracle.

Lines: ``0 submit lap.mot stale`` (file, action, person, what was forgotten), ``0 edit lap.mot 100 200``,
``draft KCQG hai.vai 100 200`` (asked and own money, million đồng), ``ceiling KCDP so.truong 79``,
``decide 1 chu.tich no-paper`` (tranche, counted from 0). The books open with file 0 and tranche 0 for
national money and file 1 and tranche 1 for local money, drafted by ``lap.mot`` and ``lap.hai``.
"""

from __future__ import annotations

from collections.abc import Iterable

from programs.workflow import Paper
from tests.trust.oracle import M, Person
from tests.trust.play import Year
from tests.trust.world import PEOPLE, World

NAMED: dict[str, Person] = {person.name: person for person in PEOPLE}


def play(world: World, lines: Iterable[str]) -> None:
    """All lines, then everything is undone. AssertionError where the portal and the oracle part."""
    books = Scene()
    books.world = world
    try:
        books.open_books(NAMED["lap.mot"], NAMED["lap.hai"])
        books.agree()
        for line in lines:
            books.act(line.split())
            books.agree()
    finally:
        books.teardown()


class Scene(Year):
    """The year's books and verbs, moved by lines instead of luck."""

    def act(self, words: list[str]) -> None:
        match words:
            case ["draft", purse, name, asked, own]:
                self.begin(NAMED[name], purse, int(asked) * M, int(own) * M)
            case ["ceiling", purse, name, amount]:
                self.set_ceiling(NAMED[name], purse, int(amount) * M)
            case ["decide", slip, name, *lapse]:
                careless = {"no-paper": "paper", "stale": "stale", "": ""}["".join(lapse)]
                self.decide_on(self.slips[int(slip)][0], NAMED[name], careless)
            case [place, "edit", name, asked, own]:
                self.edit(int(place), NAMED[name], int(asked) * M, int(own) * M)
            case [place, action, name, *lapse]:
                self.step(int(place), action, NAMED[name], "".join(lapse))
            case _:
                raise ValueError(words)

    def step(self, place: int, action: str, person: Person, lapse: str) -> None:
        slips = {slip.purse: slip for slip, _row in self.slips}
        slip = slips[self.files[place][0].purse] if action == "plan" else None
        note = "" if lapse == "no-reason" else "Vì vậy."
        paper = Paper() if lapse == "no-paper" else None
        self.take(
            place, action, person, slip, note=note, paper=paper, stale=lapse == "stale",
            criteria=lapse != "no-criterion",
        )  # fmt: skip
