"""The plan years that are over: what each province asked for and what became of it."""

from __future__ import annotations

import datetime as dt

from programs.demo.registers import HOME, Registers
from programs.demo.wishes import Recipe, Wish
from programs.lifecycle import Kind, Purse, State
from vietnam.models import AdminUnit

FIRST, LAST = 2021, 2026
S = State

NATIONAL_ENDS = (S.ASSIGNED,) * 21 + (S.STOPPED, S.REJECTED_PROV, S.REJECTED_MIN, S.WITHDRAWN)
"""What became of national wishes, in turn: most are assigned."""

LOCAL_ENDS = (S.APPROVED,) * 18 + (S.STOPPED, S.REJECTED_PROV, S.WITHDRAWN)
NATIONAL_A_YEAR, LOCAL_PLANS_A_YEAR, LOCAL_A_PLAN = 27, 6, 4
LAST_YEAR = 36
"""National projects of the last closed year: one or two a province."""


class PastYears:
    def __init__(self, recipe: Recipe, registers: Registers) -> None:
        self.recipe, self.registers = recipe, registers
        self._turn = {Purse.KCQG: 0, Purse.KCDP: 0}

    def wishes(self) -> list[Wish]:
        found: list[Wish] = []
        for year in range(FIRST, LAST + 1):
            units = units_of(year)
            home = next(unit for unit in units if unit.code == HOME)
            others = [unit for unit in units if unit.code != HOME]
            found += self._national(year, others, LAST_YEAR if year == LAST else NATIONAL_A_YEAR)
            found += self._local(year, others, year == LAST)
            found += self._home(year, home)
        return found

    def _national(self, year: int, units: list[AdminUnit], count: int) -> list[Wish]:
        """Every province has its turn; the second half of the year comes in the second tranche."""
        start = (year - FIRST) * count
        chosen = [units[(start + number) % len(units)] for number in range(count)]
        found = []
        for number, unit in enumerate(chosen):
            wish = self._wish(Purse.KCQG, year, unit)
            wish.tranche = 1 if number % 5 < 3 else 2
            wish.on_paper = number % 11 == 0 and wish.end in {S.ASSIGNED, S.STOPPED}
            wish.returned_once = number % 8 == 3 and not wish.on_paper and wish.end != S.REJECTED_PROV
            found.append(wish)
        if year == LAST:
            for wish in [wish for wish in found if wish.end == S.ASSIGNED][-6:]:
                wish.end, wish.tranche = S.APPROVED, 3
        return found

    def _local(self, year: int, units: list[AdminUnit], last: bool) -> list[Wish]:
        plans = 8 if last else LOCAL_PLANS_A_YEAR
        start = (year - FIRST) * plans
        chosen = [units[(start + number) % len(units)] for number in range(plans)]
        return [self._wish(Purse.KCDP, year, unit) for unit in chosen for _number in range(LOCAL_A_PLAN)]

    def _home(self, year: int, unit: AdminUnit) -> list[Wish]:
        """Thanh Hóa, whose accounts the demonstration offers, has a longer past."""
        national = [self._wish(Purse.KCQG, year, unit, S.ASSIGNED) for _number in range(3)]
        national[-1].tranche = 2
        local = [self._wish(Purse.KCDP, year, unit, S.APPROVED) for _number in range(4)]
        local[-1].tranche = 2
        if year == LAST - 1:
            national[0].end, local[0].end = S.STOPPED, S.STOPPED
        if year == LAST:
            national[0].kind = Kind.FLAGSHIP
            national[0].title = (
                "Đề án điểm: ứng dụng máy móc thiết bị, xây dựng thương hiệu và mở rộng thị trường "
                f"cho ngành {national[0].firms[0].product.name} giai đoạn {year}–{year + 2}"
            )
        return [*national, *local]

    def _wish(self, purse: Purse, year: int, unit: AdminUnit, end: State | None = None) -> Wish:
        pool = self.registers.firms(unit)
        if end is None:
            ends = NATIONAL_ENDS if purse == Purse.KCQG else LOCAL_ENDS
            self._turn[purse] += 1
            end = ends[self._turn[purse] * 8 % len(ends)]
        return self.recipe.wish(purse, year, unit, pool, end)


def units_of(year: int) -> list[AdminUnit]:
    """The provinces as they were on 1 January of a plan year."""
    return list(AdminUnit.objects.provinces().on(dt.date(year, 1, 1)).order_by("code"))
