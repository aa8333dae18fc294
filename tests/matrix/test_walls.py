"""Each wall without the other, and none of them: only then may a row be seen, and this matrix sees it.

The ORM's scope is taken away by letting ``visible_to`` return everything. The database's wall is opened by
telling it the whole country for every request, which makes each of its policies true for every row.
What the wall does not know, the offices inside one province, is ``visible_to``'s alone (``test_lists.py``).
"""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction

from accounts import scope
from tests import evidence
from tests.matrix import facts, oracle
from tests.matrix.cells import (
    PERCENT,
    Asker,
    Cell,
    faults,
    is_foreign,
    route_cells,
    run,
    step_cells,
    visible_tokens,
)
from tests.matrix.listings import LISTINGS, Listing, differences, name_of, shown
from tests.matrix.people import Person
from tests.matrix.samples import Thing
from tests.matrix.table import ROUTES, Line
from tests.matrix.world import World

SCOPED = {
    model.__name__: type(model._default_manager.all())
    for model in apps.get_models()
    if hasattr(model._default_manager, "visible_to")
}
GUARDS = {
    "project": "Project",
    "every project": "Project",
    "received project": "Project",
    "section": "Project",
    "attachment": "Project",
    "remark": "Project Remark",
    "plan": "YearPlan",
    "tranche": "Tranche",
    "decided": "Tranche",
    "scanned step": "Project",
    "establishment": "Establishment",
    "cluster": "Cluster",
    "report": "Report",
    "number": "IssuedNumber",
    "open proposal": "RuleProposal",
    "scanned proposal": "RuleProposal",
}
"""Whose ``visible_to``, one or several, stands before the objects of each kind that have a province."""
TWINS = ("no_post", "impl", "so_officer", "so_officer_merged", "ubnd", "region", "admin", "partner")
"""Those who have another province to be kept from, one of each kind."""
PROBES = ("impl", "so_officer", "partner", "admin")


def without_scope(patch: pytest.MonkeyPatch, *models: str) -> None:
    for model in models or SCOPED:
        patch.setattr(SCOPED[model], "visible_to", lambda self, user: self)


def without_wall(patch: pytest.MonkeyPatch, world: World) -> None:
    everywhere = (0, *(row["id"] for row in world.rows["unit"]))
    before = scope._set_local
    patch.setattr(scope, "_set_local", lambda provinces, actor_id: before(everywhere, actor_id))


# --- the database's wall alone


def foreign_cells(world: World, person: Person) -> list[Cell]:
    steps = (cell for cell in step_cells(world, person) if cell.route.startswith("api:"))
    return [cell for cell in [*route_cells(world, person), *steps] if cell.foreign]


def foreign_rows(world: World, person: Person) -> tuple[frozenset[str], set[str]]:
    """Tokens and ids of what belongs to provinces the person has no part in."""
    rows = [
        (kind, row)
        for kind in oracle.SEES
        for row in world.rows[kind]
        if is_foreign(world, person, Thing(kind, "", {}, row))
    ]
    listed = {listing.kind for listing in LISTINGS}
    tokens = frozenset(row["token"] for _kind, row in rows if row["token"])
    return tokens, {name_of(kind, row) for kind, row in rows if kind in listed}


@pytest.mark.parametrize("name", TWINS)
def test_without_the_scope_the_wall_still_hides_and_protects_other_provinces(
    world: World, name: str, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    person = world.people[name]
    cells = evidence.sample(list(foreign_cells(world, person)), PERCENT, seed, f"wall {name}")
    asker, (tokens, names) = Asker(world, person), foreign_rows(world, person)
    before = facts.fingerprint()
    without_scope(monkeypatch)
    visible = visible_tokens(world, person) | (all_tokens(world) - tokens)
    wrong = [
        f"{name}: {cell.method} {cell.url}: {fault}"
        for cell in cells
        for fault in faults(asker, cell, run(asker, cell), visible)
    ]
    for listing in LISTINGS:
        if "mine" not in listing.path and (leaked := shown(asker, listing) & names):
            wrong.append(f"{name}: {listing.path} shows {sorted(leaked)}")
    evidence.count("cells_without_scope", len(cells), len(wrong))
    assert not wrong, "\n".join(wrong)
    assert facts.fingerprint() == before


def all_tokens(world: World) -> frozenset[str]:
    return frozenset(row["token"] for kind in oracle.SEES for row in world.rows[kind] if row["token"])


OPEN = """
SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relrowsecurity
   AND NOT EXISTS (SELECT 1 FROM pg_policies p
                    WHERE p.tablename = c.relname AND p.cmd = 'SELECT' AND p.qual = 'true')
"""
"""The walled tables, but for the history of what everybody reads."""


def test_a_session_without_a_scope_reaches_no_row_of_any_walled_table(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('kc.scope', '', true), set_config('kc.actor', '', true)")
        cursor.execute(OPEN)
        tables = [name for (name,) in cursor.fetchall()]
        assert {"programs_ceiling", "programs_tranche", "programs_yearplan", "programs_project"} <= set(
            tables
        )
        reached = []
        for table in tables:
            for words in (f"SELECT 1 FROM {table}", f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
                try:
                    with transaction.atomic():
                        cursor.execute(words)
                        if cursor.rowcount:
                            reached.append(words)
                        transaction.set_rollback(True)
                except ProgrammingError as error:
                    assert "permission denied" in str(error), words
    assert reached == []


# --- the scope alone


@pytest.mark.parametrize("name", PROBES)
def test_without_the_wall_the_scope_still_shows_the_same_lists(
    world: World, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_wall(monkeypatch, world)
    assert list(differences(Asker(world, world.people[name]))) == []


# --- neither: the matrix must notice


def surfaces() -> list[Any]:
    return [
        pytest.param(listing, model, id=f"{listing.path} {model}")
        for listing in LISTINGS
        for model in listing.models
    ]


@pytest.mark.parametrize(("listing", "model"), surfaces())
def test_a_list_that_forgot_its_scope_is_noticed(
    world: World, listing: Listing, model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_wall(monkeypatch, world)
    without_scope(monkeypatch, model)
    assert list(differences(Asker(world, world.people["so_officer"]), (listing,)))


def guarded() -> list[tuple[str, Line]]:
    return [(name, line) for name, line in ROUTES.items() if line.kind in GUARDS]


@pytest.mark.parametrize("route", [name for name, _line in guarded()])
def test_an_object_page_that_forgot_its_scope_is_noticed(
    world: World, route: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = world.people["so_officer"]
    cells = [cell for cell in route_cells(world, person) if cell.route == route and cell.foreign]
    assert cells, "no object of another province is tried on this route"
    without_wall(monkeypatch, world)
    without_scope(monkeypatch, *GUARDS[ROUTES[route].kind].split())
    asker, visible = Asker(world, person), visible_tokens(world, person)
    for cell in cells:
        with transaction.atomic():
            assert list(faults(asker, cell, run(asker, cell), visible)), f"{cell.method} {cell.url}"
            transaction.set_rollback(True)


def test_every_scope_of_the_product_is_taken_away_once() -> None:
    tried = {model for listing in LISTINGS for model in listing.models}
    assert set(SCOPED) - tried == set(), "add a line for these models in tests/matrix/listings.py"
