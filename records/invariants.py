"""What this floor promises about its own rows; higher apps add theirs in ``settings.INVARIANTS``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.db import connection

from records import anchors, audit, files, walls
from records.models import OutboxMessage

OWN: Final = (
    "records.invariants.audit_chains",
    "records.invariants.audit_anchors",
    "records.invariants.files_on_disk",
    "records.invariants.outbox_flows",
    "records.invariants.rows_are_walled",
)

_STUCK_ATTEMPTS: Final = 10
_UNWALLED = """
SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'province_id'
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT a.attisdropped
   AND c.relname NOT LIKE 'vietnam!_%%' ESCAPE '!' AND c.relname <> ALL(%s)
   AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
 ORDER BY 1
"""
# Offices carry a province that says where they are, not who may see them; so does reference data.
OPEN_TABLES: set[str] = {"accounts_organisation", "accounts_organisationevent"}


def audit_chains() -> Iterable[object]:
    return audit.verify()


def audit_anchors() -> Iterable[object]:
    return anchors.verify_anchors()


def files_on_disk() -> Iterable[object]:
    return files.verify_files()


def outbox_flows() -> Iterable[object]:
    """No message fails for ever unseen."""
    stuck = OutboxMessage.objects.filter(dispatched_at__isnull=True, attempts__gte=_STUCK_ATTEMPTS)
    for message in stuck.order_by("id")[:100]:
        name = f"message {message.uuid} ({message.topic})"
        yield f"{name} failed {message.attempts} times: {message.last_error}"


def rows_are_walled() -> Iterable[object]:
    """Every table with a province is behind the row policies."""
    with connection.cursor() as cursor:
        cursor.execute(_UNWALLED, [sorted(OPEN_TABLES | walls.READ_ONLY)])
        for (table,) in cursor.fetchall():
            yield f"table {table} has a province but no forced row security"
