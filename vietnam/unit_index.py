"""All units in memory, to read thousands of addresses without a query for each. Pure: no database here.

Names are matched whatever their case, accents, tone placement, spacing and abbreviation of the type. What
is written wins over what is valid: a former unit is found as itself, and the reader is told what it is now.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from .text import fold, has_accents, same_text, squeeze
from .unit_names import (
    COMMUNE_TYPES,
    DISTRICT_TYPES,
    PROVINCE_TYPES,
    is_office,
    name_key,
    segments,
    split_type,
)

Problem = Literal[
    "", "unknown_province", "unknown_commune", "ambiguous_commune", "elsewhere", "spelling", "not_yet"
]


class UnitRow(NamedTuple):
    """The columns of one unit that the index needs, in the order of ``FIELDS``."""

    id: int
    level: str
    code: str
    name: str
    bare_name: str
    unit_type: str
    parent_id: int | None
    lower: dt.date | None
    upper: dt.date | None

    def exists_on(self, day: dt.date) -> bool:
        return (self.lower is None or self.lower <= day) and (self.upper is None or day < self.upper)


class SuccessionRow(NamedTuple):
    old: int
    new: int
    date: dt.date
    is_default: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What an address says, as ids; :class:`vietnam.units.Place` is the same with the units themselves."""

    raw: str
    province: int | None = None
    district: int | None = None
    commune: int | None = None
    candidates: tuple[int, ...] = ()
    problem: Problem = ""


# Short and older ways to write a province, to the key of a name in the table.
PROVINCE_ALIASES: Final = {
    "hcm": "hochiminh", "tphcm": "hochiminh", "hcmc": "hochiminh", "sg": "hochiminh", "saigon": "hochiminh",
    "brvt": "bariavungtau", "tth": "thuathienhue", "tthue": "thuathienhue", "daclac": "daklak",
    "dacnong": "daknong", "baccan": "backan", "contum": "kontum",
}  # fmt: skip


_MOST_KEPT: Final = 200


class UnitIndex:
    """Built once from rows; every question is answered from dictionaries."""

    def __init__(self, rows: Iterable[UnitRow], successions: Iterable[SuccessionRow]) -> None:
        self.rows = {row.id: row for row in rows}
        kinds = {row.unit_type: fold(row.unit_type) for row in self.rows.values()}
        self._kind = {row.id: kinds[row.unit_type] for row in self.rows.values()}
        self._next: dict[int, list[SuccessionRow]] = {}
        self._previous: dict[int, list[SuccessionRow]] = {}
        for step in sorted(successions, key=lambda step: not step.is_default):
            self._next.setdefault(step.old, []).append(step)
            self._previous.setdefault(step.new, []).append(step)
        self._names: dict[str, dict[str, list[int]]] = {"province": {}, "district": {}, "commune": {}}
        for row in self.rows.values():
            if row.level in self._names:
                self._names[row.level].setdefault(name_key(row.bare_name), []).append(row.id)
        self._province: dict[int, int | None] = {}
        for unit in self.rows:
            self._province_of(unit)
        self._keys: dict[tuple[int, dt.date], dict[str, int]] = {}
        # Provinces never split, so each has one last successor: the mark of its territory.
        self._territory = {
            unit: self._last(unit) for unit, row in self.rows.items() if row.level == "province"
        }

    def _province_of(self, unit: int) -> int | None:
        if unit not in self._province:
            row = self.rows[unit]
            above = row.parent_id
            self._province[unit] = (
                unit if row.level == "province" else self._province_of(above) if above in self.rows else None
            )
        return self._province[unit]

    def _last(self, unit: int) -> int:
        while steps := self._next.get(unit):
            unit = steps[0].new
        return unit

    def province_id(self, unit: int) -> int | None:
        """The province row a unit lies in."""
        return self._province[unit]

    def now(self, unit: int, on: dt.date) -> tuple[int, ...]:
        """What a unit is on ``on``: itself or its successors, the default first."""
        if self.rows[unit].exists_on(on):
            return (unit,)
        steps = [step for step in self._next.get(unit, []) if step.date <= on]
        return tuple(dict.fromkeys(found for step in steps for found in self.now(step.new, on)))

    def then(self, unit: int, on: dt.date) -> int | None:
        """What a unit was on an earlier day, where exactly one unit preceded it."""
        row = self.rows[unit]
        while not row.exists_on(on):
            steps = self._previous.get(row.id, [])
            if row.lower is None or row.lower <= on or len(steps) != 1:
                return None
            row = self.rows[steps[0].old]
        return row.id

    # --- provinces

    def find_province(self, text: str, on: dt.date) -> int | None:
        """The province an address, the name of an office or a plain name speaks of."""
        return self._province_in(segments(text), on) or self._province_in(segments(text, at_dashes=True), on)

    def _province_in(self, parts: list[str], on: dt.date) -> int | None:
        cities = []
        for part in reversed(parts):
            kind, bare = split_type(part)
            if name_key(part) in PROVINCE_ALIASES:
                kind, bare = "", part
            if kind and kind not in PROVINCE_TYPES:
                continue
            found = self._province_named(bare, on) or (None if kind else self._province_named(part, on))
            if found and kind == "thanh pho" and not self._ever_city(found):
                cities.append(found)  # "TP Thanh Hóa" is a town of the province, which it names all the same
            elif found or not kind and is_office(part) and (found := self._province_at_end(part, on)):
                return found
        return cities[0] if cities else None

    def _ever_city(self, province: int) -> bool:
        same = self._names["province"][name_key(self.rows[province].bare_name)]
        return any(self._kind[unit] == "thanh pho" for unit in same)

    def _province_named(self, bare: str, on: dt.date) -> int | None:
        key = name_key(bare)
        found = self._names["province"].get(PROVINCE_ALIASES.get(key, key), [])
        return self._best_in_time(found, on)

    def _best_in_time(self, found: list[int], on: dt.date) -> int | None:
        if not found:
            return None
        for unit in found:
            if self.rows[unit].exists_on(on):
                return unit
        for unit in found:  # a later name on an earlier day: the unit of that day
            if (earlier := self.then(unit, on)) is not None:
                return earlier
        return max(found, key=lambda unit: self.rows[unit].upper or dt.date.max)

    def _province_at_end(self, part: str, on: dt.date) -> int | None:
        words = fold(part).split()
        for length in range(min(6, len(words) - 1), 0, -1):
            if found := self._province_named(" ".join(words[-length:]), on):
                return found
        return None

    # --- communes

    def _ranked(
        self, text: str, province: int, on: dt.date, district: int | None
    ) -> list[tuple[tuple[bool, ...], int]]:
        kind, bare = split_type(text)
        found = self._named_in(bare, "commune", province)
        if not found and kind:  # a name that only looks as if it began with a type
            kind, found = "", self._named_in(text, "commune", province)
            bare = text
        ranked = [(self._distance(unit, text, kind, bare, province, district, on), unit) for unit in found]
        return sorted(ranked, key=lambda pair: (pair[0], self.rows[pair[1]].code))

    def _named_in(self, bare: str, level: str, province: int) -> list[int]:
        territory = self._territory[province]
        named = self._names[level].get(name_key(bare), [])
        return [unit for unit in named if self._in_territory(unit, territory)]

    def _in_territory(self, unit: int, territory: int) -> bool:
        province = self._province[unit]
        return province is not None and self._territory[province] == territory

    def _distance(
        self, unit: int, text: str, kind: str, bare: str, province: int, district: int | None, on: dt.date
    ) -> tuple[bool, ...]:
        """What speaks against a unit being the one named, the weightiest first."""
        row = self.rows[unit]
        accented = has_accents(text)  # who writes "Xã Thanh An" means no "Thạnh An"
        return (
            bool(kind) and self._kind[unit] != kind,
            district is not None and not self._grew_in(unit, district),
            has_accents(bare) and not same_text(row.bare_name, bare),
            not row.exists_on(on),
            self._province[unit] not in (province, *self.now(province, on)),
            self._province[unit] != province,
            accented and not same_text(row.bare_name, bare),
        )

    def _grew_in(self, unit: int, district: int) -> bool:
        """The unit lies in the district, or a part of it did."""
        if self.rows[unit].parent_id == district:
            return True
        return any(self._grew_in(step.old, district) for step in self._previous.get(unit, []))

    # --- addresses

    def parse(self, text: str, on: dt.date, default_province: int | None = None) -> Found:
        """Reads an address; see :func:`vietnam.units.parse_place`."""
        parts = segments(text)
        province = self._stated_province(parts, on, default_province)
        if province is None and default_province is None and len(split := segments(text, at_dashes=True)) > 1:
            parts, province = split, self._stated_province(split, on, None)
        scope = province or default_province
        if scope is None:
            return self._without_province(parts, text, on)
        district = self._district(parts, scope)
        named = self._commune_parts(parts, scope, district)
        if not named:
            return Found(text, scope, district)
        for part in named:
            ranked = self._ranked(part, scope, on, district)
            if ranked:
                return self._judged(text, scope, district, ranked, on)
        return self._not_here(text, scope, district, named[0], on)

    def _stated_province(self, parts: list[str], on: dt.date, default: int | None) -> int | None:
        # In a column of communes "Hòa Bình" is first of all a commune.
        lone = default is not None and len(parts) == 1 and not split_type(parts[0])[0]
        if lone and default is not None and self._named_in(parts[0], "commune", default):
            return None
        return self._province_in(parts, on)

    def _district(self, parts: list[str], province: int) -> int | None:
        for part in reversed(parts):
            kind, bare = split_type(part)
            if kind in DISTRICT_TYPES:
                found = self._named_in(bare, "district", province)
                exact = [unit for unit in found if self._kind[unit] == kind]
                if len(exact or found) == 1:
                    return (exact or found)[0]
        return None

    def _commune_parts(self, parts: list[str], province: int, district: int | None) -> list[str]:
        """The parts that may name the commune: typed ones, else untyped ones from the right."""
        typed = [part for part in parts if split_type(part)[0] in COMMUNE_TYPES]
        if typed:
            return typed[::-1]
        taken = {name_key(self.rows[province].bare_name)} if len(parts) > 1 or district is None else set()
        plain = [part for part in parts if not split_type(part)[0] and not is_office(part)]
        if len(plain) > 1 or (plain and squeeze(plain[0]) in taken):
            plain = [part for part in plain if self._province_key(part) not in taken]
        if district is not None and not plain:
            return []
        return plain[::-1]

    @staticmethod
    def _province_key(part: str) -> str:
        key = name_key(part)
        return PROVINCE_ALIASES.get(key, key)

    def _judged(
        self,
        text: str,
        province: int,
        district: int | None,
        ranked: list[tuple[tuple[bool, ...], int]],
        on: dt.date,
    ) -> Found:
        distance = ranked[0][0]
        equals = tuple(unit for far, unit in ranked if far == distance)
        if len(equals) > 1:
            return Found(text, province, district, None, equals, "ambiguous_commune")
        problem: Problem = "spelling" if any(distance[:3]) else ""
        lower = self.rows[equals[0]].lower
        if lower is not None and lower > on:
            problem = "not_yet"
        return Found(text, province, district, equals[0], (), problem)

    def _not_here(self, text: str, province: int, district: int | None, part: str, on: dt.date) -> Found:
        """Not a commune of the province: found in another one, or something like it here."""
        elsewhere = self._anywhere(part, on)
        if elsewhere:
            return Found(text, province, district, None, elsewhere, "elsewhere")
        keys = self._keys_of(self._territory[province], on)
        close = difflib.get_close_matches(name_key(split_type(part)[1]), keys, n=3, cutoff=0.75)
        return Found(text, province, district, None, tuple(keys[key] for key in close), "unknown_commune")

    def _keys_of(self, territory: int, on: dt.date) -> dict[str, int]:
        """The names of a territory's communes on a day; kept, for a list of misspelt places asks often."""
        if (territory, on) not in self._keys:
            if len(self._keys) >= _MOST_KEPT:
                self._keys.clear()
            self._keys[territory, on] = {
                key: unit
                for key, units in self._names["commune"].items()
                for unit in units
                if self.rows[unit].exists_on(on) and self._in_territory(unit, territory)
            }
        return self._keys[territory, on]

    def _anywhere(self, part: str, on: dt.date) -> tuple[int, ...]:
        kind, bare = split_type(part)
        found = self._names["commune"].get(name_key(bare), [])
        fitting = [unit for unit in found if self._kind[unit] == kind or not kind] or found
        fitting = [u for u in fitting if same_text(self.rows[u].bare_name, bare)] or fitting
        return tuple([unit for unit in fitting if self.rows[unit].exists_on(on)] or fitting)

    def _without_province(self, parts: list[str], text: str, on: dt.date) -> Found:
        for part in [p for p in reversed(parts) if split_type(p)[0] in COMMUNE_TYPES] or parts[::-1]:
            if candidates := self._anywhere(part, on):
                return Found(text, None, None, None, candidates, "unknown_province")
        return Found(text, problem="unknown_province")
