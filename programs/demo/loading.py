"""Loads the demonstration: offices, people, registers and six hundred projects with their lives."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from django.utils import timezone

from accounts.models import User
from programs.demo import carried, cases, money, numbering, openyear, running
from programs.demo.dossier import Writer
from programs.demo.lives import Planner
from programs.demo.offices import Offices
from programs.demo.papers import Papers
from programs.demo.registers import Registers
from programs.demo.wishes import Recipe
from programs.demo.years import PastYears
from programs.models import Project
from records import context

SEED = 2026


def is_loaded() -> bool:
    return User.objects.filter(username="ttkc.thanhhoa").exists()


def load(tell: Callable[[str], None]) -> None:
    """All or nothing, in one transaction; the same seed gives the same demonstration on the same day."""
    random, today = Random(SEED), timezone.localdate()  # noqa: S311 – nothing secret is drawn
    with context.whole_country(), context.bind("load-demo"):
        tell("offices and people")
        offices, papers = Offices(random).open(), Papers()
        registers = Registers(random).fill()
        openyear.open_registration(today)
        tell("projects")
        recipe = Recipe(random)
        coming = openyear.OpenYear(recipe, registers)
        past, grown = cases.grown_household(coming)
        wishes = [
            *PastYears(recipe, registers).wishes(),
            past,
            *coming.wishes(),
            *cases.hard_cases(coming),
            grown,
        ]
        planner = Planner(random, offices, papers, today)
        lives = [planner.life(wish) for wish in wishes]
        runner = running.Runner(offices, Writer(random, papers), papers, today)
        runner.run(lives, {openyear.OPEN_YEAR: lambda: cases.grow(grown, registers.codes.enterprise())})
        carried.take_over(offices, registers, papers)
        money.fund_projects(offices, papers, today)
        numbering.keep_registers(offices, today)
        tell(f"{Project.objects.count()} projects")
