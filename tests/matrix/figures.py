"""Counts and sums a page shows, added up a second time from raw rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from tests.matrix import oracle
from tests.matrix.cells import Asker
from tests.matrix.facts import Row

HELD = {"APPROVED", "ASSIGNED", "CONTRACTED"}
ENDED = {"REJECTED_PROV", "REJECTED_MIN", "STOPPED", "WITHDRAWN"}


def wrong_figures(asker: Asker) -> Iterator[str]:
    """Where the home page's counts and sums, its badge or a plan's breakdown are not this person's own."""
    answer = asker.ask("GET", "/")
    assert answer.status == 200
    seen = [row for row in asker.world.rows["project"] if oracle.sees_project(asker.world, asker.person, row)]
    ought = _home(asker, seen)
    context = answer.context
    badge = next(item.count for item in context["nav"].items if item.count is not None)
    is_ = {
        "waiting": context["counts"].all,
        "overdue": context["counts"].overdue,
        "badge": badge,
        "unread": context["nav"].unread,
        "kpis": [kpi.value for kpi in context["kpis"]],
    }
    yield from (
        f"home, {name}: {is_[name]} instead of {ought[name]}" for name in is_ if is_[name] != ought[name]
    )
    yield from _breakdown(asker, seen)


def _home(asker: Asker, seen: list[Row]) -> dict[str, Any]:
    world, person, today = asker.world, asker.person, timezone.localdate()
    waiting = [row for row in seen if oracle.waits_for(world, person, row)]
    held = [row for row in seen if row["year"] == today.year and row["state"] in HELD]
    coming = [row for row in seen if row["year"] == today.year + 1 and row["state"] not in ENDED]
    return {
        "waiting": len(waiting),
        "overdue": sum(row["due_on"] is not None and row["due_on"] < today for row in waiting),
        "badge": len(waiting),
        "unread": sum(oracle.sees_message(world, person, row) for row in world.rows["inbox"]),
        "kpis": [
            sum(row["kcqg_vnd"] for row in held),
            sum(row["kcdp_vnd"] for row in held),
            len(held),
            len(coming),
        ],
    }


def _breakdown(asker: Asker, seen: list[Row]) -> Iterator[str]:
    """The national plan's page counts for an office only the projects it sees."""
    plan = asker.world.one("plan", purse="KCQG", year=2027)
    if not oracle.sees_plan(asker.world, asker.person, plan):
        return
    answer = asker.ask("GET", f"/ke-hoach/{plan['uuid']}/")
    assert answer.status == 200
    is_ = sorted((share.count, share.state_vnd) for share in answer.context["breakdown"].by_province)
    held = [row for row in seen if row["plan_id"] == plan["id"] and row["state"] in {"IN_PLAN", *HELD}]
    apart: dict[int, list[int]] = defaultdict(list)
    for row in held:
        apart[row["province_id"]].append(row["kcqg_vnd"] + row["kcdp_vnd"])
    ought = sorted((len(amounts), sum(amounts)) for amounts in apart.values())
    if is_ != ought:
        yield f"the national plan's breakdown: {is_} instead of {ought}"
