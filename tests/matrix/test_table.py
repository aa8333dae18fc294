"""The table covers the URLconf: whoever adds a route says here whom it lets do what."""

from __future__ import annotations

from collections import Counter

from tests.matrix.routes import all_routes
from tests.matrix.table import ROUTES


def test_every_route_has_its_line_and_every_line_its_route() -> None:
    names = {route.name for route in all_routes()}
    missing = sorted(f"{route.name} ({route.pattern})" for route in all_routes() if route.name not in ROUTES)
    assert not missing, "routes without a policy; add a line in tests/matrix/table.py:\n  " + "\n  ".join(
        missing
    )
    assert sorted(set(ROUTES) - names) == [], "lines in tests/matrix/table.py of routes that are gone"


def test_no_two_addresses_share_a_name() -> None:
    """Else only one of them would be tried (a format suffix makes such twins)."""
    names = Counter(route.name for route in all_routes())
    assert [name for name, count in names.items() if count > 1] == []


def test_the_api_binds_exactly_the_methods_of_its_line() -> None:
    bound = {route.name: route.methods for route in all_routes() if route.methods}
    lines = {name: frozenset(ROUTES[name].acts) for name in bound if name in ROUTES}
    assert lines == {name: methods for name, methods in bound.items() if name in ROUTES}
