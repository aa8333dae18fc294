"""What a new version of a rule changes for a project: another verdict, another deadline, another skeleton."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from programs.checks import Verdict
from programs.deadlines import Due
from programs.models import Project

LISTED = 50
"""Most projects named; the counts are of all that were judged."""

WORSE, BETTER, REWORDED = "worse", "better", "reworded"
REDRAFTED, REPLANNED = "redrafted", "replanned"
EARLIER, LATER, DATED, UNDATED, EXPLAINED = "earlier", "later", "dated", "undated", "explained"
LABELS: dict[str, tuple[str | Promise, str]] = {
    WORSE: (_("thêm vướng mắc"), "bad"),
    BETTER: (_("bớt vướng mắc"), "good"),
    REWORDED: (_("đổi mức, giữ kết quả"), "neutral"),
    EARLIER: (_("hạn sớm hơn"), "bad"),
    DATED: (_("có thêm hạn"), "bad"),
    LATER: (_("hạn muộn hơn"), "good"),
    UNDATED: (_("không còn hạn"), "good"),
    EXPLAINED: (_("giữ hạn, đổi lời giải thích"), "neutral"),
    REDRAFTED: (_("được gợi ý khác"), "neutral"),
    REPLANNED: (_("thuộc chương trình khác"), "neutral"),
}
ORDER = tuple(LABELS)


@dataclass(frozen=True, slots=True)
class Touched:
    """A project that the version changes something for."""

    project: Project
    way: str

    @property
    def label(self) -> str | Promise:
        return LABELS[self.way][0]

    @property
    def tone(self) -> str:
        return LABELS[self.way][1]


@dataclass(frozen=True, slots=True)
class Changed(Touched):
    """A project judged otherwise: the verdicts that go and those that come."""

    gone: tuple[Verdict, ...]
    come: tuple[Verdict, ...]

    @property
    def lines(self) -> list[tuple[bool, str]]:
        """What is said of it, and whether only until now."""
        return [*((True, each.message) for each in self.gone), *((False, each.message) for each in self.come)]


@dataclass(frozen=True, slots=True)
class Moved(Touched):
    """A project whose holder has to act by another day, or for another reason; None: by no day."""

    before: Due | None
    after: Due | None

    @property
    def lines(self) -> list[tuple[bool, str]]:
        sides = ((True, self.before), (False, self.after))
        return [(old, _said(due)) for old, due in sides if due is not None]


@dataclass(frozen=True, slots=True)
class Retold(Touched):
    """A project of which something else is said: what its empty parts are offered, which programme its year
    belongs to. ``lines`` as in ``Changed``."""

    lines: list[tuple[bool, str]]


def _said(due: Due) -> str:
    if due.due_on is None:
        return due.why
    return gettext("Hạn %(day)s. %(why)s") % {"day": f"{due.due_on:%d/%m/%Y}", "why": due.why}


@dataclass(frozen=True, slots=True)
class Effects:
    """``judged`` projects the rule may reach; ``more``: there are others, beyond ``JUDGED``.

    ``blind``: whoever asks sees no project at all. ``decided_on``: judged as if decided on this day; then
    ``at_decision`` of the whole holds those of plan years that began before the version.
    """

    judged: int
    more: bool
    changed: tuple[Changed, ...] = ()
    moved: tuple[Moved, ...] = ()
    retold: tuple[Retold, ...] = ()
    blind: bool = False
    decided_on: dt.date | None = None
    at_decision: Effects | None = None

    @property
    def touched(self) -> tuple[Changed | Moved | Retold, ...]:
        return *self.changed, *self.moved, *self.retold

    @property
    def listed(self) -> tuple[Changed | Moved | Retold, ...]:
        return self.touched[:LISTED]

    @property
    def counts(self) -> list[tuple[str | Promise, str, int]]:
        ways = Counter(each.way for each in self.touched)
        return [(*LABELS[way], ways[way]) for way in ORDER if ways[way]]

    @property
    def unchanged(self) -> int:
        return self.judged - len(self.touched)


Some = TypeVar("Some", bound=Touched)


def ordered(some: Iterable[Some]) -> tuple[Some, ...]:
    return tuple(sorted(some, key=_weight_of))


def _weight_of(each: Touched) -> int:
    return ORDER.index(each.way)
