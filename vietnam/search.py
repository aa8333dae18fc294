"""Finding units by what people type: "thanh hoa", "thanhhoa", "TH", "38", "huyện Thiệu Hóa", "Yên Bái".

Hits are ranked: code or initials of a province, accented name, unaccented name, beginning of the name,
similar name. Former units are found too, after present ones of the same rank.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Final

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Case, IntegerField, Q, Value, When
from django.utils import timezone

from .text import clean, fold, reading_key
from .unit_index import PROVINCE_ALIASES
from .unit_names import initials, name_key, split_type

if TYPE_CHECKING:
    from .models import AdminUnit
    from .querysets import AdminUnitQuerySet

SHORT, ACCENTED, PLAIN, ACCENTED_START, START, SIMILAR = range(6)
_LEVELS: Final = {"province": 0, "district": 1, "commune": 2}
_MOST_BY_PREFIX: Final = 100
_FEW: Final = 5
_SHORTEST_SIMILAR: Final = 3


class _Query:
    """What was typed, in the shapes it is compared in."""

    def __init__(self, text: str) -> None:
        self.text = clean(text)
        kind, self.bare = split_type(self.text)
        # "tp thanh hoa" is looked for as "thanh pho thanh hoa", "P. Hạc Thành" as "phuong hac thanh".
        self.folded = f"{kind} {fold(self.bare)}" if kind else fold(self.text)
        self.kind = kind
        self.key = name_key(self.text)
        self.key = PROVINCE_ALIASES.get(self.key, self.key)
        self.reading = reading_key(self.bare)

    def rank(self, unit: AdminUnit) -> int:
        if unit.level == "province" and self.key in (unit.code, initials(unit.bare_name)):
            return SHORT
        fits_kind = not self.kind or unit.folded.startswith(self.kind + " ")
        for name in (unit.bare_name, unit.name):
            reading = reading_key(name)
            if fits_kind and reading == self.reading:
                return ACCENTED
        if unit.folded in (self.folded, fold(self.text)) or unit.folded_bare == fold(self.text):
            return PLAIN
        if self.key == name_key(unit.bare_name):
            return PLAIN
        if fits_kind and reading_key(unit.bare_name).startswith(self.reading):
            return ACCENTED_START
        start = fold(self.bare) if self.kind and fits_kind else fold(self.text)
        if unit.folded_bare.startswith(start):
            return START
        return SIMILAR


def search_units(
    units: AdminUnitQuerySet, text: str, on: dt.date | None, level: str, limit: int
) -> list[AdminUnit]:
    """Units of ``units`` that ``text`` may mean, best first, at most ``limit``."""
    query = _Query(text)
    if not query.key:
        return []
    day = on or timezone.localdate()
    within = [] if level == "province" else _within_named(units, query, on, level, limit)
    # A unit that begins later than the day asked about is no answer; one that has ended is.
    units = units.filter(Q(valid__startswith__isnull=True) | Q(valid__startswith__lte=day))
    found: dict[int, AdminUnit] = {}
    if level in ("", "province"):
        found |= {unit.pk: unit for unit in units.provinces() if _is_province_hit(query, unit)}
    if level != "province":
        found |= {
            unit.pk: unit for unit in _candidates(units, query, day, level, limit) if unit.pk not in found
        }
    ranked = sorted(
        found.values(),
        key=lambda unit: (
            query.rank(unit),
            not unit.exists_on(day),
            _LEVELS.get(unit.level, 0),
            -getattr(unit, "likeness", 0),
            unit.sort_key,
            unit.pk,
        ),
    )
    return list({unit.pk: unit for unit in [*within, *ranked]}.values())[:limit]


def _within_named(
    units: AdminUnitQuerySet, query: _Query, on: dt.date | None, level: str, limit: int
) -> list[AdminUnit]:
    """ "yen dinh thanh hoa": units of the first words in the province, former or present, of the last."""
    words = clean(query.text).replace(",", " ").split()
    provinces = {unit.pk: unit.folded_bare for unit in units.provinces()} if len(words) > 1 else {}
    for cut in range(1, len(words)):
        _kind, tail = split_type(" ".join(words[cut:]))
        named = [pk for pk, name in provinces.items() if name == fold(tail)]
        if named:
            inside = units.filter(Q(parent__in=named) | Q(parent__parent__in=named))
            found = search_units(inside, " ".join(words[:cut]), on, level, limit)
            return [unit for unit in found if _Query(" ".join(words[:cut])).rank(unit) != SIMILAR]
    return []


def _is_province_hit(query: _Query, unit: AdminUnit) -> bool:
    if query.rank(unit) != SIMILAR:
        return True
    words = re.findall(r"[a-z0-9]+", unit.folded_bare)
    return len(query.key) > 1 and (name_key(unit.bare_name).startswith(query.key) or query.key in words)


def _candidates(
    units: AdminUnitQuerySet, query: _Query, day: dt.date, level: str, limit: int
) -> list[AdminUnit]:
    """Communes and districts, roughly chosen; the fine order is made in Python.

    Names that begin like the query come from a btree index in a millisecond. Similar names cost twenty, so
    they are asked for only when hardly anything begins like it: a slip of the finger, or a middle word.
    """
    below = units.filter(level__in=[level] if level else ["district", "commune"])
    plain, most = fold(query.text), max(_MOST_BY_PREFIX, 3 * limit)
    past = Case(When(valid__contains=day, then=Value(0)), default=Value(1), output_field=IntegerField())
    exact = Case(
        When(folded_bare__in={plain, fold(query.bare)}, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    start = Q(folded_bare__startswith=plain)
    if query.kind:
        start |= Q(folded_bare__startswith=fold(query.bare), folded__startswith=f"{query.kind} ")
    found = list(
        below.filter(start).annotate(exact=exact, past=past).order_by("exact", "past", "sort_key")[:most]
    )
    named = any(unit.folded_bare == fold(query.bare) for unit in found)
    if not named and len(found) < _FEW and len(plain) >= _SHORTEST_SIMILAR:
        likeness = TrigramSimilarity("folded", query.folded)
        similar = below.filter(folded__trigram_similar=query.folded).annotate(likeness=likeness)
        found += similar.order_by("-likeness", "sort_key")[:limit]
    return found
