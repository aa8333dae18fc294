"""Wards that were communes: whether the law of the plan year still counts them as places to be supported.

Căn cứ: Thông tư 46/2012/TT-BCT, điểm đ khoản 1 Điều 3. What became what, and when, is read from the dated
successions of units, never from the word "phường".
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable

from programs.lawloader import basis_of
from programs.models import Project, WardRule
from programs.verdicts import Conversion, WardTest
from vietnam.models import UnitSuccession

WARD, COMMUNE = "Phường", "Xã"
MOST_STEPS = 5


def conversions(wards: Collection[int]) -> dict[int, Conversion]:
    """Of the units with these ids, the wards that came of communes; a query for each step of their history,
    one where none of them is such a ward."""
    parts: dict[int, dict[str, list[tuple[str, dt.date]]]] = defaultdict(lambda: defaultdict(list))
    names: dict[int, str] = {}
    front: dict[int, set[int]] = {pk: {pk} for pk in wards}
    for _step in range(MOST_STEPS):
        if not front:
            break
        rows = UnitSuccession.objects.filter(
            new__in=front, new__unit_type=WARD, new__level="commune", old__level="commune"
        ).order_by("old__code", "id")
        columns = ("new", "new__name", "old", "old__name", "old__unit_type", "date")
        before: dict[int, set[int]] = defaultdict(set)
        for new, name, old, old_name, kind, day in rows.values_list(*columns):
            for asked in front[new]:
                names.setdefault(asked, name)
                parts[asked][kind].append((old_name, day))
                if kind == WARD:
                    before[old].add(asked)
        front = before
    return {pk: _conversion(names[pk], found) for pk, found in parts.items() if found[COMMUNE]}


def _conversion(ward: str, parts: dict[str, list[tuple[str, dt.date]]]) -> Conversion:
    """Of several days the latest: the rule counts for the part that became a ward then."""
    others = [name for kind, found in parts.items() if kind != COMMUNE for name, _day in found]
    communes = parts[COMMUNE]
    return Conversion(
        ward, tuple(name for name, _day in communes), tuple(others), max(day for _name, day in communes)
    )


def may_be_ward(project: Project) -> bool:
    """No query is spent on a commune that is at hand."""
    known = Project._meta.get_field("commune").is_cached(project)
    return not known or (project.commune is not None and project.commune.unit_type == WARD)


def ward_tests(places: Iterable[tuple[int, int]]) -> dict[tuple[int, int], WardTest]:
    """The rule of 1 January of the plan year held against each (commune, plan year) that is such a ward."""
    wanted = set(places)
    found = conversions({commune for commune, _year in wanted}) if wanted else {}
    if not found:
        return {}
    rules = list(WardRule.objects.select_related("source_document"))
    tests = {}
    for commune, year in wanted:
        rule = next((each for each in rules if dt.date(year, 1, 1) in each.valid), None)
        if rule is not None and commune in found:
            tests[commune, year] = WardTest(
                found[commune], _counted_to(rule, year), rule.years, basis_of(rule), rule.code
            )
    return tests


def _counted_to(rule: WardRule, plan_year: int) -> dt.date:
    """The day of the rule, or the month's last where that year's month is shorter."""
    year = plan_year + rule.year_offset
    return dt.date(year, rule.month, min(rule.day, calendar.monthrange(year, rule.month)[1]))
