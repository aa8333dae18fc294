"""What a new version of a rule changes for projects still to be decided: judged by the checks themselves."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from programs.checks import ProjectFacts, Verdict, evaluate
from programs.facts import Laws, area_of, facts_for
from programs.filters import activity_and_below
from programs.lawterms import RuleCode
from programs.lifecycle import BEFORE_DECISION
from programs.models import Project
from programs.querysets import ProjectQuerySet
from programs.reading import read
from programs.rules import Wish

JUDGED = 400
"""Most projects judged for one preview."""
LISTED = 50
"""Most projects named; the counts are of all that were judged."""

WORSE, BETTER, REWORDED = "worse", "better", "reworded"
_ORDER = (WORSE, BETTER, REWORDED)
LABELS: dict[str, tuple[str | Promise, str]] = {
    WORSE: (_("thêm vướng mắc"), "bad"),
    BETTER: (_("bớt vướng mắc"), "good"),
    REWORDED: (_("đổi mức, giữ kết quả"), "neutral"),
}


@dataclass(frozen=True, slots=True)
class Changed:
    """A project judged otherwise: the verdicts that go and those that come."""

    project: Project
    way: str
    gone: tuple[Verdict, ...]
    come: tuple[Verdict, ...]

    @property
    def label(self) -> str | Promise:
        return LABELS[self.way][0]

    @property
    def tone(self) -> str:
        return LABELS[self.way][1]


@dataclass(frozen=True, slots=True)
class Effects:
    """``judged`` projects the rule may reach; ``more``: there are others, beyond ``JUDGED``."""

    judged: int
    more: bool
    changed: tuple[Changed, ...]

    @property
    def listed(self) -> tuple[Changed, ...]:
        return self.changed[:LISTED]

    @property
    def counts(self) -> list[tuple[str | Promise, str, int]]:
        ways = Counter(each.way for each in self.changed)
        return [(*LABELS[way], ways[way]) for way in _ORDER if ways[way]]

    @property
    def unchanged(self) -> int:
        return self.judged - len(self.changed)


def effects_of(asked: Wish, user: User) -> Effects:
    """The projects this person sees, each by its own law day under both laws. Writes nothing."""
    if not asked.kind.judges:
        return Effects(0, False, ())
    found = list(reached(asked, user)[: JUDGED + 1])
    projects = found[:JUDGED]
    return Effects(len(projects), len(found) > JUDGED, tuple(_changed(asked, projects)))


def reached(asked: Wish, user: User) -> ProjectQuerySet:
    """The undecided projects the change can touch at all: of the years in question, of the rule's matter."""
    rule = asked.row if asked.row is not None else asked.old
    ends = [each.valid.upper for each in (asked.row, asked.old) if each is not None]
    rows = Project.objects.visible_to(user).filter(_matter(asked.kind.code, rule), state__in=BEFORE_DECISION)
    first = asked.since.year + (asked.since > dt.date(asked.since.year, 1, 1))
    rows = rows.filter(year__gte=first)
    if None not in ends:
        last = max(ends) - dt.timedelta(days=1)
        rows = rows.filter(year__lte=last.year)
    return rows.select_related("province", "activity", "sector").order_by("-updated_at", "-id")


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
    return Q()


def _changed(asked: Wish, projects: Sequence[Project]) -> list[Changed]:
    if not projects:
        return []
    now = Laws()
    then = Laws(asked.draft, now)
    found = []
    for project, facts in zip(projects, facts_for(projects, read(projects)), strict=True):
        before = evaluate(facts, now.of(project))
        after = evaluate(_as_would_be(asked, project, facts), then.of(project))
        if change := _compare(project, before, after):
            found.append(change)
    return sorted(found, key=lambda each: _ORDER.index(each.way))


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
