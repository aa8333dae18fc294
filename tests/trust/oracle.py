"""What ought to happen, written down a second time from the law and the minutes of its reading.

Nothing here comes from ``programs.lifecycle`` or ``programs.policy``: a mistake there must not be repeated
here. Căn cứ: Thông tư 36/2013/TT-BCT, Điều 6, 8–11; the local purse in its common shorter form.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

M = 1_000_000
CENTRE, SO, UBND, CUC, ABROAD = "centre", "so", "ubnd", "cuc", "abroad"
"""Offices: of the one province, of the ministry, and of another province."""

# purse, from, action, to, who
MAP = """
*    DRAFT           submit            SUBMITTED_PROV  IMPL SO_OFFICER
*    RETURNED_PROV   submit            SUBMITTED_PROV  IMPL SO_OFFICER
*    SUBMITTED_PROV  recall            DRAFT           IMPL SO_OFFICER
*    SUBMITTED_PROV  receive           REVIEW_PROV     SO_OFFICER SO_LEADER
*    SUBMITTED_PROV  return            RETURNED_PROV   SO_OFFICER SO_LEADER
*    REVIEW_PROV     return            RETURNED_PROV   SO_OFFICER SO_LEADER
*    REVIEW_PROV     pass              PASSED_PROV     SO_LEADER
*    REVIEW_PROV     reject            REJECTED_PROV   SO_LEADER
*    DRAFT           record_appraisal  PASSED_PROV     SO_OFFICER SO_LEADER
KCQG PASSED_PROV     register          REGISTERED      SO_OFFICER SO_LEADER
KCQG REGISTERED      recall            PASSED_PROV     SO_OFFICER SO_LEADER
KCQG REGISTERED      receive           REVIEW_MIN      CUC_OFFICER CUC_LEADER
KCQG REGISTERED      return            RETURNED_MIN    CUC_OFFICER CUC_LEADER
KCQG REVIEW_MIN      return            RETURNED_MIN    CUC_OFFICER CUC_LEADER
KCQG REVIEW_MIN      pass              PASSED_MIN      CUC_LEADER
KCQG REVIEW_MIN      reject            REJECTED_MIN    CUC_LEADER
KCQG RETURNED_MIN    submit            REGISTERED      IMPL SO_OFFICER
KCQG PASSED_MIN      plan              IN_PLAN         CUC_OFFICER CUC_LEADER
KCQG IN_PLAN         unplan            PASSED_MIN      CUC_OFFICER CUC_LEADER
KCQG APPROVED        stop              STOPPED         CUC_LEADER MIN_APPROVER
KCQG ASSIGNED        contract          CONTRACTED      CUC_OFFICER CUC_LEADER
KCQG ASSIGNED        stop              STOPPED         CUC_LEADER MIN_APPROVER
KCQG CONTRACTED      stop              STOPPED         CUC_LEADER MIN_APPROVER
KCDP PASSED_PROV     plan              IN_PLAN         SO_OFFICER SO_LEADER
KCDP IN_PLAN         unplan            PASSED_PROV     SO_OFFICER SO_LEADER
KCDP APPROVED        contract          CONTRACTED      SO_OFFICER SO_LEADER
KCDP APPROVED        stop              STOPPED         UBND_VIEW
KCDP CONTRACTED      stop              STOPPED         UBND_VIEW
"""
BEFORE_DECISION = [
    *("DRAFT", "SUBMITTED_PROV", "RETURNED_PROV", "REVIEW_PROV", "PASSED_PROV"),
    *("REGISTERED", "RETURNED_MIN", "REVIEW_MIN", "PASSED_MIN", "IN_PLAN"),
]
FINAL = {"REJECTED_PROV", "REJECTED_MIN", "STOPPED", "WITHDRAWN"}
OPEN_TO_EDIT = {"DRAFT", "RETURNED_PROV", "RETURNED_MIN"}
SPENT = {"APPROVED", "ASSIGNED", "CONTRACTED"}
DUTIES = {
    "submit": "DRAFT",
    **dict.fromkeys(("receive", "return", "pass", "reject", "record_appraisal"), "APPRAISE"),
}
SAYS_WHY = {"return", "reject", "withdraw", "stop"}
NAMES_A_FAILURE = {"reject"}
"""Steps that say which criterion of Điều 9 was not met."""
ON_PAPER = {"record_appraisal", "contract", "stop"}
TAKEN_BACK = {"receive", "recall", "plan", "unplan"}
"""Steps that nobody outside has heard of: who took one may undo it within half a minute."""
LAWFUL_ONLY = {"PASSED_PROV", "REGISTERED", "PASSED_MIN", "IN_PLAN"}
"""States a dossier above the norms may not enter, except on the way back."""

ARROWS: dict[tuple[str, str, str], tuple[str, frozenset[str]]] = {}
for _purse, _source, _action, _target, *_roles in map(str.split, MAP.strip().splitlines()):
    for _each in ("KCQG", "KCDP") if _purse == "*" else (_purse,):
        ARROWS[(_each, _source, _action)] = _target, frozenset(_roles)
for _each in ("KCQG", "KCDP"):
    for _source in BEFORE_DECISION:
        ARROWS[(_each, _source, "withdraw")] = "WITHDRAWN", frozenset({"IMPL", "SO_OFFICER", "SO_LEADER"})
ACTIONS = sorted({action for _purse, _source, action in ARROWS} | {"undo"})
DECIDERS = {"KCQG": {"CUC_LEADER", "MIN_APPROVER"}, "KCDP": {"UBND_VIEW"}}
LEADERS = {"KCQG": {"CUC_LEADER"}, "KCDP": {"SO_LEADER"}}
COMPOSERS = {"KCQG": {"CUC_OFFICER", "CUC_LEADER"}, "KCDP": {"SO_OFFICER", "SO_LEADER"}}


@dataclass(frozen=True)
class Capacity:
    """A post: role, office, and who lent it."""

    role: str
    office: str
    lender: str = ""


@dataclass(frozen=True)
class Person:
    name: str
    posts: tuple[Capacity, ...]


@dataclass
class Ledger:
    """One plan: its ceiling and what is held against it, VND."""

    purse: str
    ceiling: int | None = None
    tranches: list[Slip] = field(default_factory=list)


@dataclass
class Slip:
    """A tranche: DRAFT, DECIDED, ASSIGNED."""

    purse: str
    number: int
    state: str = "DRAFT"
    version: int = 1


@dataclass
class File:
    """A project as it ought to be."""

    purse: str
    office: str
    asked: int
    own: int
    state: str = "DRAFT"
    version: int = 1
    steps: list[tuple[str, str, str]] = field(default_factory=list)
    duties: dict[str, str] = field(default_factory=dict)
    edits: int = 0
    slip: Slip | None = None
    last: tuple[str, str, int, float, Slip | None] | None = None
    """Of the last step: action, who, the version it made, when, and the slip it stood in before."""

    @property
    def over_norm(self) -> bool:
        """Machinery: at most half of the cost and 300 million an establishment (28/2018/TT-BTC, Điều 8.4).
        No province of these tests has local norms."""
        return self.purse == "KCQG" and (self.asked > 300 * M or 2 * self.asked > self.asked + self.own)

    def begin(self, person: Person, post: Capacity) -> None:
        self._bind(person, post, "DRAFT")

    def edit(self, person: Person, post: Capacity, asked: int, own: int) -> None:
        self.asked, self.own, self.version, self.edits = asked, own, self.version + 1, self.edits + 1
        self._bind(person, post, "DRAFT")

    def move(self, action: str, target: str, person: Person, post: Capacity, duty: str | None) -> None:
        self.steps.append((action, self.state, target))
        self.state, self.version = target, self.version + 1
        self.last = action, person.name, self.version, time.monotonic(), self.slip
        if duty:
            self._bind(person, post, duty)

    def _bind(self, person: Person, post: Capacity, duty: str) -> None:
        for name in {person.name, post.lender} - {""}:
            self.duties[name] = duty


def free(person: Person, post: Capacity, file: File, duty: str | None) -> bool:
    """Drafter ≠ appraiser ≠ approver, for who acts and for whom."""
    if duty is None:
        return True
    return all(file.duties.get(name, duty) == duty for name in {person.name, post.lender} - {""})


def reaches(post: Capacity, file: File, action: str) -> bool:
    """Does the post's office have anything to do with the project?"""
    if post.office == ABROAD:
        return False
    if post.role == "IMPL":
        return file.office == CENTRE
    if post.office == CUC:
        return file.purse == "KCQG"
    if action in ("submit", "recall", "edit") and file.state != "REGISTERED":
        return file.office == post.office  # what the other side of the table sends in, it sends in itself
    return True


def fitting(person: Person, file: File, action: str) -> list[Capacity]:
    """The posts whose role and office have this step to take now."""
    if action == "undo":
        return undoing(person, file)
    arrow = ARROWS.get((file.purse, file.state, action))
    if arrow is None:
        return []
    return [post for post in person.posts if post.role in arrow[1] and reaches(post, file, action)]


def undoing(person: Person, file: File) -> list[Capacity]:
    """The posts by which this person may take back what was just done: their own step, nothing since."""
    if file.last is None:
        return []
    action, who, version, at, slip = file.last
    fresh = version == file.version and time.monotonic() - at < 30
    if who != person.name or not fresh or action not in TAKEN_BACK:
        return []
    if action == "unplan" and slip is not None and slip.state != "DRAFT":
        return []
    _action, source, _target = file.steps[-1]
    roles = ARROWS[(file.purse, source, action)][1]
    return [post for post in person.posts if post.role in roles and reaches(post, file, "undo")]


def target_of(file: File, action: str) -> str:
    """Where a step leads; undoing leads back."""
    return file.steps[-1][1] if action == "undo" else ARROWS[(file.purse, file.state, action)][0]


def through(person: Person, file: File, action: str) -> Capacity | None:
    """The post by which this person may take this step of this project now; None when by none."""
    duty = DUTIES.get(action)
    return next((post for post in fitting(person, file, action) if free(person, post, file, duty)), None)


def torn(person: Person, file: File, action: str) -> bool:
    """Only what they have been for the project before keeps them from this step."""
    return bool(fitting(person, file, action)) and through(person, file, action) is None


def may_edit(person: Person, file: File) -> Capacity | None:
    if file.state not in OPEN_TO_EDIT:
        return None
    posts = (post for post in person.posts if post.role in ("IMPL", "SO_OFFICER"))
    return next(
        (post for post in posts if reaches(post, file, "edit") and free(person, post, file, "DRAFT")), None
    )


def blocked(file: File, action: str) -> bool:
    if action in ("recall", "unplan", "undo"):
        return False  # going back
    target, _roles = ARROWS[(file.purse, file.state, action)]
    return file.over_norm and target in LAWFUL_ONLY


def of_office(person: Person, roles: set[str]) -> Iterator[Capacity]:
    return (post for post in person.posts if post.role in roles and post.office != ABROAD)


def decider(person: Person, purse: str, members: list[File]) -> Capacity | None:
    """The post by which this person may record the decision on these projects."""
    posts = of_office(person, DECIDERS[purse])
    return next((p for p in posts if all(free(person, p, file, "APPROVE") for file in members)), None)
