"""Who asks, from where, and what the database may show: ambient facts of the running request or job."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

_request_id: ContextVar[str] = ContextVar("kc_request_id", default="")
_ip: ContextVar[str] = ContextVar("kc_ip", default="")


def request_id() -> str:
    """Id of the running request, job or command; empty outside of any."""
    return _request_id.get()


def ip() -> str:
    """Address of the client as the proxy gave it; empty outside a request."""
    return _ip.get()


@contextmanager
def bind(request_id: str, ip: str = "") -> Iterator[None]:
    """Remember both for the block; used by the request-id middleware and by tasks (job id)."""
    tokens = _request_id.set(request_id), _ip.set(ip)
    try:
        yield
    finally:
        _request_id.reset(tokens[0])
        _ip.reset(tokens[1])


@contextmanager
def whole_country() -> Iterator[None]:
    """System work that belongs to no person: one transaction that sees the rows of all provinces.

    For queues, sweeps and invariants only; what a person asked for runs under that person's scope.
    0 stands for rows without a province. The scope found is put back at the end.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('kc.scope', true)")
        (before,) = cursor.fetchone()
        cursor.execute(
            "SELECT set_config('kc.scope', '{0' || coalesce(string_agg(',' || id, ''), '') || '}', true)"
            " FROM vietnam_adminunit WHERE level IN ('nation', 'province')"
        )
        yield
        if connection.connection is not None and not connection.needs_rollback:
            cursor.execute("SELECT set_config('kc.scope', %s, true)", [before or ""])
