"""Reading names and addresses of administrative units: the in-memory index with the database behind it.

A loop over many rows takes ``index = get_index()`` once and asks the index; the functions below ask the
database once per call whether their index is still fresh.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from .models import AdminUnit, Level, UnitSuccession, province_family, successor_province, successors_on
from .periods import period
from .unit_index import Found, Problem, SuccessionRow, UnitIndex, UnitRow

__all__ = [
    "LiveUnitIndex",
    "Place",
    "UnitHit",
    "find_commune",
    "find_province",
    "forget_index",
    "get_index",
    "parse_place",
    "province_family",
    "search_hits",
    "successor_province",
]


@dataclass(frozen=True, slots=True)
class Place:
    """What a text says about a place on a date.

    ``province`` and ``commune`` are the units named, which may be former ones; ``province_now`` and
    ``commune_now`` are what they are on the date (``commune_now`` is None for a commune that was split: its
    parts are then the ``candidates`` and an officer must choose). ``problem`` is "" when all is certain:
    unknown_province, unknown_commune (candidates: similar names here), ambiguous_commune (candidates: the
    equals), elsewhere (candidates: communes of that name in other provinces), spelling (found, but the type,
    the district or the accents differ), not_yet (found, but it begins only after the date).
    """

    raw: str
    province: AdminUnit | None = None
    commune: AdminUnit | None = None
    candidates: tuple[AdminUnit, ...] = ()
    district: AdminUnit | None = None
    province_now: AdminUnit | None = None
    commune_now: AdminUnit | None = None
    problem: Problem = ""

    @property
    def elsewhere(self) -> bool:
        return self.problem == "elsewhere"


class LiveUnitIndex(UnitIndex):
    """A :class:`UnitIndex` that answers with units. They are shared: read them, do not change them."""

    def __init__(self, rows: Iterable[UnitRow], successions: Iterable[SuccessionRow], version: Any) -> None:
        super().__init__(rows, successions)
        self.version = version
        self._units: dict[int, AdminUnit] = {}

    @classmethod
    def from_database(cls, version: Any) -> LiveUnitIndex:
        columns = ("id", "level", "code", "name", "bare_name", "unit_type", "parent_id", "valid")
        rows = (
            UnitRow._make((*head, valid.lower, valid.upper))
            for *head, valid in AdminUnit.objects.order_by().values_list(*columns).iterator(5000)
        )
        steps = UnitSuccession.objects.order_by("id").values_list("old", "new", "date", "is_default")
        return cls(rows, map(SuccessionRow._make, steps), version)

    def unit(self, number: int) -> AdminUnit:
        """The unit with this id, with the units it lies in at hand."""
        if number not in self._units:
            row = self.rows[number]
            unit = AdminUnit(
                id=row.id,
                level=row.level,
                code=row.code,
                name=row.name,
                bare_name=row.bare_name,
                unit_type=row.unit_type,
                valid=period(row.lower, row.upper),
            )
            unit.parent = self.unit(row.parent_id) if row.parent_id is not None else None
            unit._state.adding, unit._state.db = False, "default"
            self._units[number] = unit
        return self._units[number]

    def place(self, text: str, on: dt.date | None = None, default_province: AdminUnit | None = None) -> Place:
        """As :func:`parse_place`, without asking the database."""
        day = on or timezone.localdate()
        found = self.parse(text, day, default_province.pk if default_province else None)
        return self._place(found, day)

    def _place(self, found: Found, day: dt.date) -> Place:
        def one(numbers: tuple[int, ...]) -> AdminUnit | None:
            return self.unit(numbers[0]) if len(numbers) == 1 else None

        def get(number: int | None) -> AdminUnit | None:
            return None if number is None else self.unit(number)

        communes = () if found.commune is None else self.now(found.commune, day)
        split = communes if len(communes) > 1 else ()
        return Place(
            raw=found.raw,
            province=get(found.province),
            commune=get(found.commune),
            candidates=tuple(self.unit(number) for number in found.candidates or split),
            district=get(found.district),
            province_now=None if found.province is None else one(self.now(found.province, day)),
            commune_now=one(communes),
            problem=found.problem,
        )


_lock = threading.Lock()
_current: LiveUnitIndex | None = None


def _version() -> tuple[Any, ...]:
    units = AdminUnit.objects.aggregate(n=Count("id"), last=Max("id"), at=Max("updated_at"))
    steps = UnitSuccession.objects.aggregate(n=Count("id"), last=Max("id"))
    return (*units.values(), *steps.values())


def get_index() -> LiveUnitIndex:
    """The index of this process, rebuilt when the tables have changed (two small queries to know)."""
    global _current
    version = _version()
    with _lock:
        if _current is None or _current.version != version:
            _current = LiveUnitIndex.from_database(version)
        return _current


def forget_index() -> None:
    """Drop the index of this process, for code that changed the tables."""
    global _current
    with _lock:
        _current = None


def find_province(text: str, on: dt.date | None = None) -> AdminUnit | None:
    """The province named: "thanh hoa", "TP.HCM", "Sở Công Thương tỉnh Thanh Hóa"; the unit valid on ``on``.

    A province that has ended is found as itself; :func:`successor_province` tells what it is now.
    """
    index = get_index()
    number = index.find_province(text, on or timezone.localdate())
    return None if number is None else index.unit(number)


def find_commune(text: str, province: AdminUnit, on: dt.date | None = None) -> list[AdminUnit]:
    """Communes of the province (and of what it was or became) that ``text`` may name, best first."""
    index = get_index()
    place = index.parse(text, on or timezone.localdate(), province.pk)
    if place.commune is not None:
        return [index.unit(place.commune)]
    return [index.unit(number) for number in place.candidates] if place.problem == "ambiguous_commune" else []


def parse_place(text: str, on: dt.date | None = None, default_province: AdminUnit | None = None) -> Place:
    """Reads "Xã Thọ Xuân, tỉnh Thanh Hóa" or less; ``default_province`` where no province is written.

    Prefers units valid on ``on`` (default today). Never guesses between equals and never takes a commune of
    another province: see :class:`Place`.
    """
    return get_index().place(text, on, default_province)


@dataclass(frozen=True, slots=True)
class UnitHit:
    """A unit found by a search, and what it is on the day searched for (empty while it exists)."""

    unit: AdminUnit
    now: tuple[AdminUnit, ...] = ()

    @property
    def label(self) -> str:
        """ "Tỉnh Yên Bái (nay thuộc tỉnh Lào Cai)"; what it lies in is always shown, for names repeat."""
        if not self.now:
            return self.unit.full_name
        names = _(" hoặc ").join(unit.name_in_text for unit in self.now)
        return _("%(old)s (nay thuộc %(now)s)") % {"old": self.unit.full_name, "now": names}

    def is_shadow_of(self, present: set[int]) -> bool:
        """True for the earlier self of a unit that is shown anyway under the same name."""
        return any(
            unit.pk in present and unit.level == self.unit.level and unit.bare_name == self.unit.bare_name
            for unit in self.now
        )


def search_hits(text: str, on: dt.date | None = None, level: str = "", limit: int = 20) -> list[UnitHit]:
    """What a picker shows for ``text``: see :mod:`vietnam.search`; former units say what they are now."""
    day = on or timezone.localdate()
    found = AdminUnit.objects.select_related("parent__parent__parent").search(text, day, level, 2 * limit)
    ended = {unit.pk: unit for unit in found if not unit.exists_on(day)}
    abolished = [unit for unit in ended.values() if unit.level == Level.DISTRICT]
    asked = [*ended.values(), *(unit.parent for unit in abolished if unit.parent)]
    now = successors_on({unit.pk: unit for unit in asked}.values(), day)
    hits = []
    for unit in found:
        successors = tuple(now.get(unit.pk, ())) if unit.pk in ended else ()
        if not successors and unit.pk in ended and unit.level == Level.DISTRICT and unit.parent:
            successors = tuple(now.get(unit.parent.pk, ()))
        hits.append(UnitHit(unit, successors))
    present = {unit.pk for unit in found if unit.pk not in ended}
    return [hit for hit in hits if not hit.is_shadow_of(present)][:limit]
