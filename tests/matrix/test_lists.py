"""What the lists and figures hold, against a count of one's own over raw rows."""

from __future__ import annotations

import pytest

from tests.matrix.cells import Asker
from tests.matrix.figures import wrong_figures
from tests.matrix.listings import differences
from tests.matrix.people import NAMES
from tests.matrix.world import World

SIGNED_IN = [name for name in NAMES if name != "anonymous"]


@pytest.mark.parametrize("name", SIGNED_IN)
def test_each_list_shows_exactly_what_this_person_may_see(world: World, name: str) -> None:
    asker = Asker(world, world.people[name])
    wrong = [*differences(asker), *(f"{name}: {text}" for text in wrong_figures(asker))]
    assert not wrong, "\n".join(wrong)
