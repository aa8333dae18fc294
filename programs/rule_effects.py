"""What a new version of a rule changes for projects still to be decided: said by what will then judge them,
the checks, the computing of deadlines, the skeletons of dossiers."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Q, prefetch_related_objects
from django.utils import timezone

from accounts.models import User
from programs.checks import ProjectFacts, Verdict, evaluate
from programs.deadlines import Due
from programs.facts import Laws, area_of, due_of, facts_for
from programs.filters import activity_and_below
from programs.lawbook import LawBook
from programs.lawterms import RuleCode
from programs.lifecycle import BEFORE_DECISION, EDITABLE
from programs.models import Project
from programs.programmes import replanned
from programs.querysets import ProjectQuerySet
from programs.reading import read
from programs.rule_skeletons import redrafted
from programs.rule_touched import (
    BETTER,
    DATED,
    EARLIER,
    EXPLAINED,
    LATER,
    REWORDED,
    UNDATED,
    WORSE,
    Changed,
    Effects,
    Moved,
    ordered,
)
from programs.rulekinds import Touches
from programs.rules import Wish

JUDGED = 400
"""Most projects judged for one preview."""


def effects_of(asked: Wish, user: User) -> Effects:
    """The projects this person sees, each by its own law day under both laws. Writes nothing."""
    if asked.kind.touches == Touches.NOTHING:
        return Effects(0, False)
    found = list(reached(asked, user)[: JUDGED + 1])
    day, waiting = _at_decision(asked, user)
    if not found and not waiting:
        return Effects(0, False, blind=not Project.objects.visible_to(user).exists())
    projects, more = found[:JUDGED], len(found) > JUDGED
    if asked.kind.touches == Touches.DEADLINES:
        return Effects(len(projects), more, moved=ordered(_moved(asked, projects)))
    if asked.kind.touches == Touches.SKELETONS:
        return Effects(len(projects), more, retold=tuple(redrafted(asked, projects)))
    if asked.kind.touches == Touches.PROGRAMMES:
        return Effects(len(projects), more, retold=tuple(replanned(asked, projects)))
    if asked.kind.touches == Touches.ORDER:
        return Effects(len(projects), more)
    seen = waiting[:JUDGED]
    changed = _changed(asked, [*((each, None) for each in projects), *((each, day) for each in seen)])
    now = ordered([change for change in changed if change.project in projects])
    then = ordered([change for change in changed if change.project in seen])
    later = Effects(len(seen), len(waiting) > JUDGED, then, decided_on=day) if seen else None
    return Effects(len(projects), more, changed=now, at_decision=later)


def _at_decision(asked: Wish, user: User) -> tuple[dt.date, list[Project]]:
    """Projects of plan years that began before a norm: it judges them only at a decision from that day on.

    The day, and no projects where there are none or where the version has ended by now.
    """
    day = max(asked.since, timezone.localdate())
    if asked.kind.code != RuleCode.NORM or (asked.last and asked.last < day):
        return day, []
    return day, list(_of_matter(asked, user).filter(year__lt=_first_year(asked))[: JUDGED + 1])


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
        case RuleCode.TEMPLATE:
            below = activity_and_below(rule.activity_code) if rule.activity_code else ()
            return Q(state__in=EDITABLE) & (Q(activity__code__in=below) if below else Q())
        case RuleCode.CLOCK:
            return Q(purse=rule.purse, state=rule.state)
        case RuleCode.PROGRAMME:
            return Q(purse=rule.purse) & (Q(province=rule.province_id) if rule.province_id else Q())
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


def _changed(asked: Wish, cases: Sequence[tuple[Project, dt.date | None]]) -> list[Changed]:
    """Those judged otherwise; each as if decided on a day, where one is given. Read once for all."""
    now = Laws()
    then = Laws(asked.draft, now)
    projects = [project for project, _day in cases]
    found = []
    for (project, day), facts in zip(cases, facts_for(projects, read(projects)), strict=True):
        before = evaluate(facts, *_books(now, project, day))
        after = evaluate(_as_would_be(asked, project, facts), *_books(then, project, day))
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
