"""Two questions a supervisor asks: is the process alive, and can it do its work?"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import redis
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

log = logging.getLogger(__name__)


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers. Touches nothing else, so a sick database does not restart the web."""
    return JsonResponse({"status": "ok"})


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """503 with the failing part named until database, migrations and broker are all there.

    The answer never carries an error text: addresses and names belong in the log.
    """
    parts = {name: works(name, probe) for name, probe in PROBES.items()}
    ready = all(parts.values())
    body = {
        "status": "ok" if ready else "unavailable",
        **{name: "ok" if ok else "failed" for name, ok in parts.items()},
    }
    return JsonResponse(body, status=200 if ready else 503)


def works(name: str, probe: Callable[[], bool]) -> bool:
    try:
        return probe()
    except Exception:  # whatever failed, the answer is "not ready"
        log.exception("readiness: %s failed", name)
        return False


def database_answers() -> bool:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def migrations_applied() -> bool:
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def broker_answers() -> bool:
    client: Any = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2)
    try:
        return bool(client.ping())
    finally:
        client.close()


PROBES: dict[str, Callable[[], bool]] = {
    "database": database_answers,
    "migrations": migrations_applied,
    "broker": broker_answers,
}

for _view in (healthz, readyz):
    # Neither needs the request transaction: a health question must not fail on the scope's query.
    _view.runs_without_database = True  # type: ignore[attr-defined]  # read by ScopeMiddleware
