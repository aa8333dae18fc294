"""What a new version of a rule changes for projects still to be decided: said by what will then judge them,
the checks and the computing of deadlines."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from django.db.models import Q, prefetch_related_objects
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from programs.checks import ProjectFacts, Verdict, evaluate
from programs.deadlines import Due
from programs.facts import Laws, area_of, due_of, facts_for
from programs.filters import activity_and_below
from programs.lawbook import LawBook
from programs.lawterms import RuleCode
from programs.lifecycle import BEFORE_DECISION
from programs.models import Project
from programs.querysets import ProjectQuerySet
from programs.reading import read
from programs.rulekinds import Touches
from programs.rules import Wish

JUDGED = 400
"""Most projects judged for one preview."""
LISTED = 50
"""Most projects named; the counts are of all that were judged."""

WORSE, BETTER, REWORDED = "worse", "better", "reworded"
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
}
_ORDER = tuple(LABELS)


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
    blind: bool = False
    decided_on: dt.date | None = None
    at_decision: Effects | None = None

    @property
    def touched(self) -> tuple[Changed | Moved, ...]:
        return *self.changed, *self.moved

    @property
    def listed(self) -> tuple[Changed | Moved, ...]:
        return self.touched[:LISTED]

    @property
    def counts(self) -> list[tuple[str | Promise, str, int]]:
        ways = Counter(each.way for each in self.touched)
        return [(*LABELS[way], ways[way]) for way in _ORDER if ways[way]]

    @property
    def unchanged(self) -> int:
        return self.judged - len(self.touched)


def effects_of(asked: Wish, user: User) -> Effects:
    """The projects this person sees, each by its own law day under both laws. Writes nothing."""
    found = list(reached(asked, user)[: JUDGED + 1])
    later = _at_decision(asked, user)
    if not found:
        blind = later is None and not Project.objects.visible_to(user).exists()
        return Effects(0, False, blind=blind, at_decision=later)
    projects, more = found[:JUDGED], len(found) > JUDGED
    if asked.kind.touches == Touches.DEADLINES:
        return Effects(len(projects), more, moved=_ordered(_moved(asked, projects)))
    return Effects(len(projects), more, changed=_ordered(_changed(asked, projects)), at_decision=later)


def _at_decision(asked: Wish, user: User) -> Effects | None:
    """Projects of plan years that began before a norm: it judges them only at a decision from its day on.

    None where there are none, or where the version has ended by now.
    """
    day = max(asked.since, timezone.localdate())
    if asked.kind.code != RuleCode.NORM or (asked.last and asked.last < day):
        return None
    found = list(_of_matter(asked, user).filter(year__lt=_first_year(asked))[: JUDGED + 1])
    if not found:
        return None
    projects = found[:JUDGED]
    changed = _ordered(_changed(asked, projects, day))
    return Effects(len(projects), len(found) > JUDGED, changed, decided_on=day)


Some = TypeVar("Some", bound=Touched)


def _ordered(some: Iterable[Some]) -> tuple[Some, ...]:
    return tuple(sorted(some, key=_weighty))


def _weighty(each: Touched) -> int:
    return _ORDER.index(each.way)


def reached(asked: Wish, user: User) -> ProjectQuerySet:
    """The undecided projects the change can touch at all: of the years in question, of the rule's matter."""
    rows = _of_matter(asked, user)
    if asked.kind.day:
        return rows
    ends = [each.valid.upper for each in (asked.row, asked.old) if each is not None]
    rows = rows.filter(year__gte=_first_year(asked))
    if None not in ends:
        last = max(ends) - dt.timedelta(days=1)
        rows = rows.filter(year__lte=last.year)
    return rows


def _first_year(asked: Wish) -> int:
    """The first plan year on whose 1 January the version holds."""
    return asked.since.year + (asked.since > dt.date(asked.since.year, 1, 1))


def _of_matter(asked: Wish, user: User) -> ProjectQuerySet:
    rule = asked.row if asked.row is not None else asked.old
    rows = Project.objects.visible_to(user).filter(_matter(asked.kind.code, rule), state__in=BEFORE_DECISION)
    return rows.select_related("province", "owner", "activity", "sector").order_by("-updated_at", "-id")


def _matter(code: RuleCode, rule: Any) -> Q:
    match code:
        case RuleCode.NORM:
            home = Q(province=rule.province_id) if rule.province_id else Q()
            paid = Q(**{f"{rule.purse.lower()}_vnd__gt": 0})
            return home & paid & Q(activity__code__in=activity_and_below(rule.activity_code))
        case RuleCode.PAPER if rule.activity_code:
            return Q(purse=rule.purse, activity__code__in=activity_and_below(rule.activity_code))
        case RuleCode.PAPER:
            return Q(purse=rule.purse)
        case RuleCode.AREA:
            return Q(commune=rule.commune_id)
        case RuleCode.CLOCK:
            return Q(purse=rule.purse, state=rule.state)
        case RuleCode.MILESTONE:
            home = Q(province=rule.province_id) if rule.province_id else Q()
            return home & Q(purse=rule.purse) & (Q(year=rule.plan_year) if rule.plan_year else Q())
        case RuleCode.CALENDAR:
            # A day counts from the one after a state was entered, up to the last.
            return Q(due_on__gte=rule.date, state_since__date__lt=rule.date)
    return Q()


def _moved(asked: Wish, projects: Sequence[Project]) -> list[Moved]:
    now = Laws()
    then = Laws(asked.draft, now)
    prefetch_related_objects(list(projects), "pauses")
    pairs = [(project, due_of(project, now), due_of(project, then)) for project in projects]
    return [
        Moved(project, _way(old, new), old, new) for project, old, new in pairs if _told(old) != _told(new)
    ]


def _told(due: Due | None) -> tuple[dt.date | None, str]:
    return (due.due_on, due.why) if due else (None, "")


def _way(old: Due | None, new: Due | None) -> str:
    before, after = _told(old)[0], _told(new)[0]
    if before == after:
        return EXPLAINED
    if before is None or after is None:
        return DATED if before is None else UNDATED
    return EARLIER if after < before else LATER


def _changed(asked: Wish, projects: Sequence[Project], decided_on: dt.date | None = None) -> list[Changed]:
    """Those judged otherwise; as if decided on a day, if one is given."""
    now = Laws()
    then = Laws(asked.draft, now)
    found = []
    for project, facts in zip(projects, facts_for(projects, read(projects)), strict=True):
        before = evaluate(facts, *_books(now, project, decided_on))
        after = evaluate(_as_would_be(asked, project, facts), *_books(then, project, decided_on))
        if change := _compare(project, before, after):
            found.append(change)
    return found


def _books(laws: Laws, project: Project, decided_on: dt.date | None) -> list[LawBook]:
    books = [laws.of(project)]
    return [*books, laws.of(project, decided_on)] if decided_on else books


def _as_would_be(asked: Wish, project: Project, facts: ProjectFacts) -> ProjectFacts:
    """Whether a commune is eligible is a fact of the project, not a page of the law book."""
    if asked.kind.code != RuleCode.AREA or dt.date(project.year, 1, 1) < asked.since:
        return facts
    held = asked.row is not None and dt.date(project.year, 1, 1) in asked.row.valid
    return replace(facts, area=area_of(asked.row) if held else None)


def _compare(project: Project, before: Iterable[Verdict], after: Iterable[Verdict]) -> Changed | None:
    old, new = list(before), list(after)
    gone = _without(old, new)
    come = _without(new, old)
    if not gone and not come:
        return None
    rise = [_weight(new)[each] - _weight(old)[each] for each in (0, 1)]
    decisive = rise[0] or rise[1]
    way = WORSE if decisive > 0 else BETTER if decisive < 0 else REWORDED
    return Changed(project, way, gone, come)


def _without(some: list[Verdict], others: list[Verdict]) -> tuple[Verdict, ...]:
    left = Counter(map(_essence, others))
    kept = []
    for verdict in some:
        if left[_essence(verdict)]:
            left[_essence(verdict)] -= 1
        else:
            kept.append(verdict)
    return tuple(kept)


def _essence(verdict: Verdict) -> tuple[object, ...]:
    """What a person would notice; the version in the rule's name alone is no change."""
    return verdict.code, verdict.field, verdict.severity, verdict.blocks_from, verdict.message


def _weight(verdicts: Iterable[Verdict]) -> tuple[int, int]:
    """How many stop a step, and how many object at all."""
    told = [verdict for verdict in verdicts if verdict.severity in ("warning", "error")]
    return sum(verdict.blocks for verdict in told), len(told)
