"""Second walls in the database, as migration operations: row policies, append-only tables, narrow rights.

Used in each app's walls migration, which depends on ("records", "0001_initial") for ``kc_scope()``:

    operations = [*province_wall("programs_project"), *history_wall("programs_projectevent", by_province())]

Ordinary rights are not given here one by one: ``grants.reconcile`` runs after every migrate and gives
the runtime role exactly what the tables' marks say (see there).
"""

from __future__ import annotations

import re
from typing import Final

from django.conf import settings
from django.db.migrations.operations import RunSQL
from django.db.migrations.operations.base import Operation

READ_ONLY_APPS: set[str] = {"vietnam"}
"""Apps whose tables the runtime role only reads: reference data, loaded by the owner."""
READ_ONLY: set[str] = {
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "pghistory_context",
    # Moved by the audit trigger alone, with its owner's rights.
    "records_audithead",
}
"""Further tables it only reads. An app adds its own in ``AppConfig.ready``: ``walls.READ_ONLY |= {…}``."""

_IDENTIFIER: Final = re.compile(r"[a-z_][a-z0-9_]{0,62}")
NO_PII: Final = "_no_pii"
"""How the names of ``no_personal_numbers``'s constraints end."""
APPEND_ONLY_TRIGGER: Final = "kc_append_only"

FUNCTIONS_UP: Final = """
CREATE FUNCTION kc_scope() RETURNS int[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(nullif(current_setting('kc.scope', true), ''), '{}')::int[] $$;
CREATE FUNCTION kc_actor() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('kc.actor', true), '')::bigint $$;
CREATE FUNCTION kc_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Only the owner holds TRUNCATE, and only the tests' set-up uses it.
    IF TG_OP = 'TRUNCATE' AND EXISTS (
        SELECT 1 FROM pg_class WHERE oid = TG_RELID AND pg_has_role(current_user, relowner, 'MEMBER'))
    THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'append_only: rows of % are never changed or removed', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
"""
FUNCTIONS_DOWN: Final = (
    "DROP FUNCTION kc_refuse_change(); DROP FUNCTION kc_actor(); DROP FUNCTION kc_scope();"
)


def by_province(column: str = "province_id") -> str:
    """Condition: the row's province is in the caller's scope.

    The sub-select makes PostgreSQL compute the scope once a statement (an InitPlan); the bare function
    call was measured at fifteen times the cost, once a row.
    """
    return f"{_name(column)} = ANY((SELECT kc_scope())::int[])"


def by_parent(table: str, column: str, parent: str, where: str = "true") -> str:
    """Condition: the row of ``parent`` that ``table.column`` names is visible (its own policy decides) and
    meets ``where``, a condition on ``parent``."""
    outer = f"{_name(table)}.{_name(column)}"
    return f"EXISTS (SELECT 1 FROM {_name(parent)} seen WHERE seen.id = {outer} AND {where})"  # noqa: S608 – names are checked


def read_and_write(table: str, read_sql: str, write_sql: str, add_sql: str = "") -> list[Operation]:
    """Rows that more people read than may write: a policy for each command, none of them widening another.

    ``add_sql`` is what a row must be to be added, where other people may add than change.
    """
    add_sql = add_sql or write_sql
    return [
        *_forced(table),
        _policy(table, "kc_read", f"FOR SELECT USING ({read_sql})"),
        _policy(table, "kc_add", f"FOR INSERT WITH CHECK ({add_sql})"),
        _policy(
            table, "kc_change", f"FOR UPDATE USING ({write_sql}) WITH CHECK (({write_sql}) AND ({add_sql}))"
        ),
        _policy(table, "kc_remove", f"FOR DELETE USING ({write_sql})"),
    ]


def begun_and_ended(
    table: str, seen_sql: str, begun_by: str, ended_by: str, ended_at: str
) -> list[Operation]:
    """Rows that one person begins and one ends, each in their own name; then they stay as they are."""
    actor = "(SELECT kc_actor())"
    begun, ended, at = _name(begun_by), _name(ended_by), _name(ended_at)
    begins = f"{seen_sql} AND {begun} = {actor} AND {at} IS NULL AND {ended} IS NULL"
    ends = f"{seen_sql} AND {ended} = {actor} AND {at} IS NOT NULL"
    return [
        *_forced(table),
        _policy(table, "kc_read", f"FOR SELECT USING ({seen_sql})"),
        _policy(table, "kc_add", f"FOR INSERT WITH CHECK ({begins})"),
        _policy(table, "kc_change", f"FOR UPDATE USING ({seen_sql} AND {at} IS NULL) WITH CHECK ({ends})"),
    ]


def fixed_columns(table: str, *columns: str) -> list[Operation]:
    """What a row says in these columns is never said otherwise."""
    name, names = _name(table), [_name(column) for column in columns]
    old, new = (", ".join(f"{side}.{column}" for column in names) for side in ("OLD", "NEW"))
    up = (
        f"CREATE TRIGGER kc_fixed_columns BEFORE UPDATE ON {name} FOR EACH ROW"
        f" WHEN (({old}) IS DISTINCT FROM ({new})) EXECUTE FUNCTION kc_refuse_change()"
    )
    return [RunSQL(up, f"DROP TRIGGER kc_fixed_columns ON {name}")]


def row_security(table: str, using_sql: str, check_sql: str | None = None) -> list[Operation]:
    """One policy for all commands: rows seen by ``using_sql``, rows written by ``check_sql`` (the same)."""
    body = f"USING ({using_sql}) WITH CHECK ({check_sql or using_sql})"
    return [*_forced(table), _policy(table, "kc_scope", body)]


def province_wall(table: str, column: str = "province_id") -> list[Operation]:
    return row_security(table, by_province(column))


def child_wall(table: str, column: str, parent: str) -> list[Operation]:
    """Rows of a walled row: ``child_wall("programs_budgetline", "project_id", "programs_project")``."""
    return row_security(table, by_parent(table, column, parent))


SYSTEM: Final = "0 = ANY((SELECT kc_scope())::int[])"
"""Condition: work for nobody. 0 is in the scope of ``context.whole_country`` alone."""


def own_or_system(table: str, column: str) -> list[Operation]:
    """Rows of one person, named by ``column``; workers and sweeps see everybody's."""
    return row_security(table, f"{_name(column)} IS NOT DISTINCT FROM (SELECT kc_actor()) OR {SYSTEM}")


def system_only(table: str) -> list[Operation]:
    """A queue: anybody adds to it, only workers and sweeps see what waits there."""
    return [
        *_forced(table),
        _policy(table, "kc_add", "FOR INSERT WITH CHECK (true)"),
        _policy(table, "kc_system", f"USING ({SYSTEM})"),
    ]


def history_wall(table: str, using_sql: str = "true") -> list[Operation]:
    """An event table: read where ``using_sql`` holds, written by triggers alone.

    Inside a trigger function ``pg_trigger_depth()`` is at least 1, in a client's own INSERT it is 0; so
    nobody but the owner can invent history. Updates and deletes are refused by pghistory's own trigger.
    """
    return [
        *_forced(table),
        _policy(table, "kc_read", f"FOR SELECT USING ({using_sql})"),
        _policy(table, "kc_by_trigger", "FOR INSERT WITH CHECK (pg_trigger_depth() > 0)"),
    ]


def append_only(table: str) -> list[Operation]:
    """Rows are added and read, never changed: no right for the runtime role, and a trigger for everyone.

    The trigger is also the mark by which ``grants.reconcile`` knows the table.
    """
    role = f'"{_name(settings.RUNTIME_ROLE)}"'
    name = _name(table)
    up = f"""
        CREATE TRIGGER {APPEND_ONLY_TRIGGER} BEFORE UPDATE OR DELETE ON {name}
            FOR EACH ROW EXECUTE FUNCTION kc_refuse_change();
        CREATE TRIGGER {APPEND_ONLY_TRIGGER}_truncate BEFORE TRUNCATE ON {name}
            FOR EACH STATEMENT EXECUTE FUNCTION kc_refuse_change();
        REVOKE UPDATE, DELETE, TRUNCATE ON {name} FROM {role};
        GRANT SELECT, INSERT ON {name} TO {role};
    """
    down = f"""
        DROP TRIGGER {APPEND_ONLY_TRIGGER} ON {name};
        DROP TRIGGER {APPEND_ONLY_TRIGGER}_truncate ON {name};
    """
    return [RunSQL(up, down)]


def no_personal_numbers(table: str, *columns: str) -> list[Operation]:
    """CHECK that no bare 12-digit personal number stands in these text or JSON columns."""
    text = " || ' ' || ".join(f"coalesce({_name(column)}::text, '')" for column in columns)
    constraint = f"{_name(table)}{NO_PII}"
    up = (
        f"ALTER TABLE {_name(table)} ADD CONSTRAINT {constraint} CHECK"
        f" (({text}) !~ '(^|[^[:alnum:]_-])0[0-9]{{11}}([^[:alnum:]_-]|$)')"
    )
    return [RunSQL(up, f"ALTER TABLE {_name(table)} DROP CONSTRAINT {constraint}")]


def grant_execute(signature: str) -> list[Operation]:
    """Take a function from everyone and give it to the runtime role: for SECURITY DEFINER functions."""
    role = f'"{_name(settings.RUNTIME_ROLE)}"'
    return [
        RunSQL(
            f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC;"
            f" GRANT EXECUTE ON FUNCTION {signature} TO {role}",
            f"REVOKE ALL ON FUNCTION {signature} FROM {role}",
        )
    ]


def _forced(table: str) -> list[Operation]:
    name = _name(table)
    return [
        RunSQL(
            f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY; ALTER TABLE {name} FORCE ROW LEVEL SECURITY",
            f"ALTER TABLE {name} NO FORCE ROW LEVEL SECURITY; ALTER TABLE {name} DISABLE ROW LEVEL SECURITY",
        )
    ]


def _policy(table: str, policy: str, body: str) -> Operation:
    name = _name(table)
    return RunSQL(f"CREATE POLICY {policy} ON {name} {body}", f"DROP POLICY {policy} ON {name}")


def _name(identifier: str) -> str:
    """A plain lower-case identifier, so that nothing else can be smuggled into the SQL."""
    if not _IDENTIFIER.fullmatch(identifier):
        raise ValueError(f"not a plain SQL identifier: {identifier!r}")
    return identifier
