"""The rest of the country: six years of local plans, to the size of a portal at work.

It takes minutes, so that ``./run`` does it beside the open portal: a few plans at a time, each kept or not as
a whole. Plans that are there already are left alone, so that it may be stopped and begun again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from random import Random

from django.utils import timezone

from programs.demo.dossier import Writer
from programs.demo.lives import Planner
from programs.demo.offices import Offices
from programs.demo.papers import Papers
from programs.demo.registers import Registers, Sizes
from programs.demo.running import Runner
from programs.demo.wishes import Recipe, Wish
from programs.demo.years import FIRST, LAST, LOCAL_ENDS, units_of
from programs.lifecycle import Purse
from programs.models import Project, YearPlan
from records import context
from vietnam.models import AdminUnit

SIZES = Sizes(19, 30, 10, 230, codes_after=1_000, second_names=("Thử Nghiệm", "Ví Dụ", "Làm Mẫu"))
PROJECTS_A_PLAN = 11
PLANS_AT_ONCE = 4


def grow(tell: Callable[[str], None]) -> None:
    """Every local plan that the demonstration has not got; the same ones however often it was stopped."""
    today = timezone.localdate()
    with context.bind("load-demo"):
        with context.whole_country():
            missing = list(_missing())
            if not missing:
                return
            registers = Registers(Random("country"), SIZES).fill()  # noqa: S311 – nothing secret is drawn
            offices, papers = Offices(Random(0)).known(), Papers()  # noqa: S311
        for plans in missing:
            with context.whole_country():
                _fill(plans, registers, offices, papers, today)
                tell(f"{Project.objects.count()} projects")


def _missing() -> Iterator[list[tuple[int, AdminUnit]]]:
    """Years and provinces without a local plan, a few of one year at a time."""
    for year in range(LAST, FIRST - 1, -1):
        there = set(YearPlan.objects.filter(purse=Purse.KCDP, year=year).values_list("province", flat=True))
        units = [(year, unit) for unit in units_of(year) if unit.pk not in there]
        for start in range(0, len(units), PLANS_AT_ONCE):
            yield units[start : start + PLANS_AT_ONCE]


def _fill(
    plans: list[tuple[int, AdminUnit]],
    registers: Registers,
    offices: Offices,
    papers: Papers,
    today: dt.date,
) -> None:
    random = Random(f"{plans[0][0]} {plans[0][1].code}")  # noqa: S311 – nothing secret is drawn
    recipe = Recipe(random)
    planner = Planner(random, offices, papers, today)
    lives = [planner.life(wish) for plan in plans for wish in _wishes(recipe, registers, *plan)]
    Runner(offices, Writer(random, papers), papers, today).run(lives, {})


def _wishes(recipe: Recipe, registers: Registers, year: int, unit: AdminUnit) -> Iterator[Wish]:
    pool = registers.firms(unit)
    for _number in range(PROJECTS_A_PLAN):
        wish = recipe.wish(Purse.KCDP, year, unit, pool, recipe.random.choice(LOCAL_ENDS))
        wish.tranche = recipe.random.choice((1, 1, 2))
        yield wish
