"""The life of projects, tranches and ceilings against an oracle of its own: see ``tests/trust``."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests import evidence
from tests.trust.play import Year
from tests.trust.world import World

pytestmark = pytest.mark.django_db

SAMPLE = settings(
    max_examples=evidence.size("lifecycle_examples", 10),
    stateful_step_count=evidence.size("lifecycle_length", 20),
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def year() -> type[Year]:
    Year.world = World.create()
    return Year


def test_whatever_people_try_the_project_is_where_the_oracle_says(year: type[Year]) -> None:
    before = year.attempts
    try:
        run_state_machine_as_test(year, settings=SAMPLE)
    except BaseException:
        evidence.count("lifecycle_steps", year.attempts - before, 1)
        raise
    evidence.count("lifecycle_steps", year.attempts - before)
