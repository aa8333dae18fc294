"""The plan year being composed: work for every account of the demonstration, some late, some due soon."""

from __future__ import annotations

import datetime as dt
from itertools import cycle

from programs.demo.registers import HOME, Registers
from programs.demo.wishes import Recipe, Wish
from programs.demo.years import units_of
from programs.lifecycle import Purse, State
from programs.models import PlanMilestone
from vietnam.models import AdminUnit

OPEN_YEAR = 2027
S = State

AGES = (14, 9, 3, 11, 8, 5, 1, 17, 10, 6)
"""Working days since the last step, in turn. With ten to act in, 11 and more are late, 8 to 10 urgent."""

NATIONAL = {
    S.IN_PLAN: 26, S.PASSED_MIN: 12, S.REVIEW_MIN: 13, S.REGISTERED: 13, S.RETURNED_MIN: 6, S.REJECTED_MIN: 3,
    S.PASSED_PROV: 12, S.REVIEW_PROV: 10, S.SUBMITTED_PROV: 10, S.RETURNED_PROV: 7, S.REJECTED_PROV: 3,
    S.WITHDRAWN: 3, S.DRAFT: 10,
}  # fmt: skip
"""National wishes of all other provinces, by the state they are in today."""

LOCAL = {
    S.IN_PLAN: 12, S.PASSED_PROV: 8, S.REVIEW_PROV: 6, S.SUBMITTED_PROV: 6, S.RETURNED_PROV: 3, S.DRAFT: 4,
    S.REJECTED_PROV: 1, S.WITHDRAWN: 1,
}  # fmt: skip
HOME_NATIONAL = {
    S.IN_PLAN: 5, S.PASSED_MIN: 2, S.REVIEW_MIN: 3, S.REGISTERED: 3, S.RETURNED_MIN: 2, S.REJECTED_MIN: 1,
    S.PASSED_PROV: 4, S.REVIEW_PROV: 4, S.SUBMITTED_PROV: 4, S.RETURNED_PROV: 3, S.REJECTED_PROV: 1,
    S.WITHDRAWN: 1, S.DRAFT: 4,
}  # fmt: skip
HOME_LOCAL = {
    S.IN_PLAN: 8, S.PASSED_PROV: 3, S.REVIEW_PROV: 2, S.SUBMITTED_PROV: 2, S.RETURNED_PROV: 1, S.DRAFT: 2,
    S.REJECTED_PROV: 1, S.WITHDRAWN: 1,
}  # fmt: skip


class OpenYear:
    def __init__(self, recipe: Recipe, registers: Registers) -> None:
        self.recipe, self.registers = recipe, registers
        self._ages = cycle(AGES)

    def wishes(self) -> list[Wish]:
        units = units_of(OPEN_YEAR)
        home = [unit for unit in units if unit.code == HOME]
        others = [unit for unit in units if unit.code != HOME]
        return [
            *self._spread(Purse.KCQG, NATIONAL, others),
            *self._spread(Purse.KCDP, LOCAL, others[::3]),
            *self._spread(Purse.KCQG, HOME_NATIONAL, home),
            *self._spread(Purse.KCDP, HOME_LOCAL, home),
        ]

    def _spread(self, purse: Purse, counts: dict[State, int], units: list[AdminUnit]) -> list[Wish]:
        turn = cycle(units)
        states = [state for state, count in counts.items() for _number in range(count)]
        return [self.wish(purse, next(turn), state) for state in states]

    def wish(self, purse: Purse, unit: AdminUnit, end: State, code: str = "", **changes: object) -> Wish:
        pool = self.registers.firms(unit)
        wish = self.recipe.wish(purse, OPEN_YEAR, unit, pool, end, code, age=next(self._ages), **changes)
        wish.bare = end == S.DRAFT and (wish.age or 0) > 10
        return wish


def open_registration(today: dt.date) -> None:
    """The Cục and the Sở have set later days for the open year, as the circular lets them."""
    defaults = PlanMilestone.objects.filter(purse=Purse.KCQG, plan_year=None, province=None)
    days = {S.DRAFT: today + dt.timedelta(days=16), S.PASSED_PROV: today + dt.timedelta(days=27)}
    for state, day in days.items():
        rule = defaults.filter(state=state).latest("id")
        rule.pk = None
        rule._state.adding = True
        rule.plan_year, rule.month, rule.day = OPEN_YEAR, day.month, day.day
        rule.year_offset = day.year - OPEN_YEAR
        rule.note = "Hướng dẫn đăng ký bổ sung (thử nghiệm)."
        rule.save()
