"""Every person at every route: foreign 404, not allowed 403, not signed in to the door, never a 500."""

from __future__ import annotations

import pytest

from tests import evidence
from tests.matrix import facts
from tests.matrix.cells import PERCENT, Asker, Cell, faults, route_cells, run, step_cells, visible_tokens
from tests.matrix.people import NAMES
from tests.matrix.world import World

FEWEST_CELLS = 5_000
ALIKE = {"finance", "impl_there", "so_officer_merged"}
"""Whose cells another's repeat; their lists are compared in ``test_lists.py``."""
ASKED = [name for name in NAMES if name not in ALIKE]


def cells_of(world: World, name: str) -> list[Cell]:
    person = world.people[name]
    return [*route_cells(world, person), *step_cells(world, person)]


@pytest.mark.parametrize("name", ASKED)
def test_each_answer_is_what_the_table_says(world: World, name: str, seed: int) -> None:
    person = world.people[name]
    asker, visible, before = Asker(world, person), visible_tokens(world, person), facts.fingerprint()
    cells = evidence.sample(cells_of(world, name), PERCENT, seed, name)
    wrong = [
        f"{name}: {cell.method} {cell.url} ({cell.route}, {cell.about}): {fault}"
        for cell in cells
        for fault in faults(asker, cell, run(asker, cell), visible)
    ]
    after = facts.fingerprint()
    wrong += [f"{name}: refused, yet {table} changed" for table in before if before[table] != after[table]]
    evidence.count("permission_cells", len(cells), len(wrong))
    assert not wrong, f"{len(wrong)} unexpected:\n" + "\n".join(wrong)


def test_the_matrix_is_large_and_names_everybody(world: World) -> None:
    assert tuple(world.people) == NAMES
    assert sum(len(cells_of(world, name)) for name in ASKED) >= FEWEST_CELLS
