"""Units of a day side by side with those of today: what an explorer of the country's units shows."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.functional import Promise

from .models import AdminUnit, Level, SuccessionKind, UnitSuccession, successors_on
from .units import UnitHit, search_hits

LEVEL_OF_CODE = {2: Level.PROVINCE, 3: Level.DISTRICT, 5: Level.COMMUNE}
"""The level by the length of an official code."""


@dataclass(frozen=True, slots=True)
class ProvinceRow:
    """A province of the day; ``other``: what it is today where it has ended, else what it grew from."""

    unit: AdminUnit
    communes: int
    other: tuple[AdminUnit, ...] = ()


def unit_with_code(code: str, day: dt.date) -> AdminUnit | None:
    """The unit that bore the code on the day; else the last that did before it, else the first after."""
    level = LEVEL_OF_CODE.get(len(code))
    bore = AdminUnit.objects.filter(level=level, code=code).select_related(
        "parent__parent", "source_document"
    )
    rows = list(bore.order_by("valid"))
    on_day = next((unit for unit in rows if unit.exists_on(day)), None)
    before = [unit for unit in rows if unit.valid.upper is not None and unit.valid.upper <= day]
    return on_day or next(iter(before[-1:] or rows), None)


def provinces_on(day: dt.date) -> list[ProvinceRow]:
    """The provinces of a day in their alphabetical order."""
    provinces = list(AdminUnit.objects.provinces().on(day).order_by("sort_key"))
    above = AdminUnit.objects.communes().on(day).values_list("parent__level", "parent", "parent__parent")
    counts = Counter(upper if level == Level.DISTRICT else parent for level, parent, upper in above)
    today = timezone.localdate()
    ended = [unit for unit in provinces if not unit.exists_on(today)]
    now = successors_on(ended)
    grew: dict[int, list[AdminUnit]] = {}
    steps = UnitSuccession.objects.filter(new__level=Level.PROVINCE).select_related("old")
    for step in steps.order_by("old__sort_key"):
        grew.setdefault(step.new_id, []).append(step.old)
    return [
        ProvinceRow(unit, counts[unit.pk], tuple(now.get(unit.pk) or _origins(unit, grew)))
        for unit in provinces
    ]


def _origins(unit: AdminUnit, grew: dict[int, list[AdminUnit]]) -> list[AdminUnit]:
    """The units it was put together from: a mere change of name or kind on the way is passed over."""
    olds = grew.get(unit.pk, [])
    while len(olds) == 1 and (older := grew.get(olds[0].pk)):
        olds = older
    return olds


def search_then_and_now(text: str, day: dt.date, limit: int) -> list[UnitHit]:
    """As a picker finds them on the day, former ones with what they are today, not what they were then."""
    hits, today = search_hits(text, day, limit=limit), timezone.localdate()
    now = successors_on([hit.unit for hit in hits if not hit.unit.exists_on(today)], today)
    return [UnitHit(hit.unit, tuple(now.get(hit.unit.pk, ())) or hit.now) for hit in hits]


@dataclass(frozen=True, slots=True)
class Change:
    """One step of a unit's life: the other unit, when, how, and the document that made the new one."""

    unit: AdminUnit
    date: dt.date
    kind: str | Promise
    document: str = ""
    document_id: int | None = None
    is_main: bool = True


@dataclass(slots=True)
class UnitPage:
    unit: AdminUnit
    before: list[Change] = field(default_factory=list)
    after: list[Change] = field(default_factory=list)
    now: list[AdminUnit] = field(default_factory=list)
    """What it is today; itself while it exists, several where it was split."""
    children: list[AdminUnit] = field(default_factory=list)

    @property
    def is_split(self) -> bool:
        return len(self.now) > 1


def page_of(unit: AdminUnit, day: dt.date) -> UnitPage:
    """A unit with its neighbours in time, and what lay in it on the day (its last, where it ended before)."""
    last = unit.ended_on
    moment = day if unit.exists_on(day) else last or unit.valid.lower or day
    related = ("parent__parent", "source_document")
    steps = UnitSuccession.objects.order_by("-is_default", "old__sort_key", "id")
    olds = steps.filter(new=unit).select_related("old__parent__parent", "new__source_document")
    news = steps.filter(old=unit).select_related(*(f"new__{name}" for name in related))
    now = [found.pk for found in successors_on([unit]).get(unit.pk, [])]
    rows = AdminUnit.objects.select_related("parent__parent").in_bulk(now)
    return UnitPage(
        unit,
        [_change(step, step.old) for step in olds],
        [_change(step, step.new) for step in news],
        [rows[pk] for pk in now],
        list(unit.children.on(moment).order_by("sort_key", "code")),
    )


def _change(step: UnitSuccession, other: AdminUnit) -> Change:
    document = step.new.source_document
    return Change(
        other,
        step.date,
        SuccessionKind(step.kind).label,
        document.number if document else "",
        document.pk if document else None,
        step.is_default,
    )
