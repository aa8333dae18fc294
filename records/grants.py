"""Rights of the runtime role, brought to what the tables' marks say after every ``migrate``.

Why not in each migration: Django's own apps (sessions, auth) have migrations we do not write, and a new
table whose grant was forgotten fails only in production. Why not ALTER DEFAULT PRIVILEGES: it cannot
reach tables made before it and gives UPDATE and DELETE on append-only tables until someone revokes them.
The reconciliation reads the catalogue once and changes only what differs, so a second run does nothing:

- append-only (trigger ``kc_append_only``) and history tables: SELECT, INSERT
- reference tables (``walls.READ_ONLY_APPS``, ``walls.READ_ONLY``): SELECT
- every other table of the schema: SELECT, INSERT, UPDATE, DELETE; sequences: USAGE
- TRUNCATE, REFERENCES, TRIGGER: never
"""

from __future__ import annotations

from typing import Any

import pghistory.models
from django.apps import apps
from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from records import walls

ORDINARY = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})
ADD_ONLY = frozenset({"SELECT", "INSERT"})
READ = frozenset({"SELECT"})

_TABLES = """
SELECT c.relname,
       EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = %(trigger)s),
       (SELECT coalesce(array_agg(a.privilege_type), '{}') FROM aclexplode(c.relacl) a
         WHERE a.grantee = %(role)s::regrole)
  FROM pg_class c
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v')
   AND pg_has_role(current_user, c.relowner, 'MEMBER')
   AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
 ORDER BY c.relname
"""
# CASE keeps PostgreSQL from asking about the privilege on what is no sequence.
_SEQUENCES = """
SELECT c.relname FROM pg_class c
 WHERE c.relnamespace = 'public'::regnamespace AND pg_has_role(current_user, c.relowner, 'MEMBER')
   AND CASE WHEN c.relkind = 'S' THEN NOT has_sequence_privilege(%(role)s, c.oid, 'USAGE') ELSE false END
"""


def reconcile(connection: BaseDatabaseWrapper) -> list[str]:
    """Bring the runtime role's rights in line; returns the statements run (none when all was right)."""
    role: str = settings.RUNTIME_ROLE
    quote = connection.ops.quote_name
    statements: list[str] = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, EXISTS (SELECT 1 FROM pg_roles WHERE rolname = %s)", [role])
        me, exists = cursor.fetchone()
        if me == role or not exists:
            return []
        history = history_tables()
        cursor.execute(_TABLES, {"trigger": walls.APPEND_ONLY_TRIGGER, "role": quote(role)})
        for table, append_only, has in cursor.fetchall():
            statements += _change(quote(table), quote(role), set(has), _wanted(table, append_only, history))
        cursor.execute(_SEQUENCES, {"role": role})
        for (name,) in cursor.fetchall():
            statements.append(f"GRANT USAGE ON SEQUENCE {quote(name)} TO {quote(role)}")
        for statement in statements:
            cursor.execute(statement)
    return statements


def history_tables() -> set[str]:
    return {model._meta.db_table for model in apps.get_models() if issubclass(model, pghistory.models.Event)}


def _wanted(table: str, append_only: bool, history: set[str]) -> frozenset[str]:
    if append_only or table in history:
        return ADD_ONLY
    if table in walls.READ_ONLY or table.split("_", 1)[0] in walls.READ_ONLY_APPS:
        return READ
    return ORDINARY


def _change(table: str, role: str, has: set[str], wanted: frozenset[str]) -> list[str]:
    changes = []
    if extra := has - wanted:
        changes.append(f"REVOKE {', '.join(sorted(extra))} ON TABLE {table} FROM {role}")
    if missing := wanted - has:
        changes.append(f"GRANT {', '.join(sorted(missing))} ON TABLE {table} TO {role}")
    return changes


def after_migrate(using: str, **_: Any) -> None:
    """``post_migrate`` handler. A connection that does not own the tables changes nothing."""
    reconcile(connections[using])
