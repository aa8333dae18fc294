"""The test database: built by the owner role, used by the runtime role.

Tests that run as the owner would prove nothing about grants and row policies. So the owner makes a
template (migrations and reference data, once), each test process copies it, and from then on the
"default" connection is the runtime role's, in the threads of the live server too.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2
from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import connections
from psycopg2 import sql

ROOT = Path(__file__).resolve().parent.parent
LOADERS = ("load_units", "load_documents", "load_law")
EXTENSIONS = ("unaccent", "pg_trgm", "btree_gist")
APPS = ("vietnam", "records", "accounts", "beneficiaries", "clusters", "programs", "reports", "khuyencong")
# Written by loaders in passing; they are traces of work, not reference data.
NEVER_REFERENCE = {"records_auditentry", "records_outboxmessage", "django_session"}

OWNER: dict[str, Any] = {}
RUNTIME: dict[str, Any] = {}
Cursor = Any


def remember_roles() -> None:
    """Keeps both roles' credentials before any switching."""
    if "owner" not in settings.DATABASES:
        raise SystemExit(
            "DATABASE_OWNER_URL is not set: the tests' set-up needs the owner role (./run test sets it)."
        )
    for store, alias in ((OWNER, "owner"), (RUNTIME, "default")):
        source = connections[alias].settings_dict
        store.update({key: source[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")})
    if OWNER["USER"] == RUNTIME["USER"]:
        raise SystemExit("DATABASE_URL and DATABASE_OWNER_URL name the same role: tests need two.")


def become(role: dict[str, Any]) -> None:
    """Reconnects "default" as ``role``; the dictionary is shared by every thread's connection."""
    default = connections["default"]
    default.close()
    default.settings_dict["USER"], default.settings_dict["PASSWORD"] = role["USER"], role["PASSWORD"]


def owner_connection(database: str) -> Any:
    connection = psycopg2.connect(
        host=OWNER["HOST"], port=OWNER["PORT"] or None, user=OWNER["USER"],
        password=OWNER["PASSWORD"], dbname=database,
    )  # fmt: skip
    connection.autocommit = True
    return connection


@contextmanager
def owner_cursor(database: str) -> Iterator[Cursor]:
    connection = owner_connection(database)
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def create(worker: str, run_id: str) -> str:
    """Makes this process's database and leaves "default" connected as the runtime role."""
    base = settings.DATABASES["default"]["TEST"]["NAME"]
    with owner_cursor("postgres") as cursor:
        cursor.execute("SELECT rolcreatedb FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone() != (True,):
            raise SystemExit(
                f"The owner role {OWNER['USER']} may not create test databases: give it CREATEDB."
            )
    name = base if worker in ("", "master") else f"{base}_{worker}"
    template = f"{base}_template"
    with _lock(base):
        if _mark_of(template) != (mark := _mark(run_id)):
            _build_template(template, mark)
        _drop(name)
        with owner_cursor("postgres") as cursor:
            cursor.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
    point_to(name)
    become(RUNTIME)
    refuse_privileged_test_role()
    FLUSH.measure(name)
    return name


@contextmanager
def scratch(name: str, source: str = "") -> Iterator[str]:
    """A database of its own, copied from the template or another: to really commit, or to take a wall down.

    "default" points to it meanwhile, as the runtime role, in new threads too.
    """
    base = settings.DATABASES["default"]["TEST"]["NAME"]
    usual = connections["default"].settings_dict["NAME"]
    _drop(name)
    with owner_cursor("postgres") as cursor:
        cursor.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(source or f"{base}_template")
            )
        )
    point_to(name)
    try:
        yield name
    finally:
        point_to(usual)
        _drop(name)


def drop(name: str) -> None:
    connections.close_all()
    _drop(name)


def refuse_privileged_test_role() -> None:
    """A superuser, or a role with BYPASSRLS, would pass every wall test for the wrong reason."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        role, superuser, bypass = cursor.fetchone()
    connections["default"].close()
    if superuser or bypass or role != RUNTIME["USER"]:
        raise SystemExit(
            f"Tests must run as the runtime role; {role} is a superuser or bypasses row security."
        )


def point_to(name: str) -> None:
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
        connections[alias].settings_dict["CONN_MAX_AGE"] = 0


def _build_template(template: str, mark: str) -> None:
    _drop(template)
    with owner_cursor("postgres") as cursor:
        cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(template)))
    with owner_cursor(template) as cursor:
        for extension in EXTENSIONS:
            cursor.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
    point_to(template)
    become(OWNER)
    call_command("migrate", verbosity=0, interactive=False)
    known = get_commands()
    for loader in LOADERS:
        if loader in known:
            with open(os.devnull, "w") as quiet:
                call_command(loader, stdout=quiet)
    connections.close_all()
    with owner_cursor("postgres") as cursor:
        cursor.execute(sql.SQL("COMMENT ON DATABASE {} IS %s").format(sql.Identifier(template)), [mark])


def _drop(name: str) -> None:
    with owner_cursor("postgres") as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _mark_of(template: str) -> str | None:
    with owner_cursor("postgres") as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [template]
        )
        row = cursor.fetchone()
    return row[0] if row else None


def _mark(run_id: str) -> str:
    """What the template was made from: this run in ``./run test``, else the schema's and data's content."""
    if os.environ.get("KC_TEST_FRESH") == "1":
        return f"run {run_id}"
    digest = hashlib.sha256()
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*")):
            parts = path.relative_to(ROOT).parts
            made_from = (
                {"migrations", "data", "management", "loaders"} & set(parts)
                or app in ("vietnam", "records")
                or path.name.endswith("_sql.py")
            )
            if made_from and path.is_file() and path.suffix != ".pyc":
                digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()


@contextmanager
def _lock(base: str) -> Iterator[None]:
    path = Path(tempfile.gettempdir()) / f"kc-test-{os.getuid()}-{base}-{OWNER['PORT']}.lock"
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


class Flush:
    """Empties the database after a test that really committed, as the owner.

    The runtime role may not TRUNCATE, and reference data must survive: tables that hold rows in the
    fresh copy keep those rows as they were, and lose only what a test added to them.
    """

    def __init__(self) -> None:
        self.database = ""
        self.truncate: list[str] = []
        self.delete_all: list[str] = []
        self.kept: dict[str, int] = {}
        self.append_only: list[str] = []
        """Those of the kept tables that refuse a DELETE even of their owner, unless the trigger is lifted."""
        self.since = 0
        """The transaction after which a kept row counts as changed by a test (a reform, a new norm)."""

    def measure(self, database: str) -> None:
        self.database = database
        with owner_cursor(database) as cursor:
            cursor.execute(
                "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                " WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname = 'public' ORDER BY 1"
            )
            tables = [row[0] for row in cursor.fetchall()]
            filled = {table for table in tables if table not in NEVER_REFERENCE and _has_rows(cursor, table)}
            referenced = _referenced_by(cursor, filled)
            self.kept = {table: _highest_id(cursor, table) for table in sorted(filled)}
            cursor.execute(
                "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger"
                " WHERE tgname LIKE 'pgtrigger\\_append\\_only%' ORDER BY 1"
            )
            refusing = {row[0] for row in cursor.fetchall()}
            self.append_only = sorted(refusing & set(self.kept))
            cursor.execute("CREATE SCHEMA kept")
            for table in self.kept:
                cursor.execute(f"CREATE TABLE kept.{table} AS TABLE {table}")
            self.since = _transaction(cursor)
        self.delete_all = sorted(referenced - filled)
        self.truncate = [table for table in tables if table not in filled | referenced]

    def __call__(self) -> None:
        for alias in ("default", "owner"):
            connections[alias].close()
        connection = owner_connection(self.database)
        connection.autocommit = False
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '15s'")
                for table in self.append_only:
                    cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
                if self.truncate:
                    cursor.execute(f"TRUNCATE {', '.join(self.truncate)}")
                for table in self.delete_all:
                    cursor.execute(f"DELETE FROM {table}")
                for table, highest in self.kept.items():
                    if highest >= 0:
                        cursor.execute(f"DELETE FROM {table} WHERE id > %s", [highest])
                # Checks that wait for the commit would keep the triggers from being put off and on again.
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                for table in self.kept.keys() - set(self.append_only):
                    if self.kept[table] >= 0:
                        _restore(cursor, table, self.since)
                self.since = _transaction(cursor)
                for table in self.append_only:
                    cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        finally:
            connection.close()


def _transaction(cursor: Cursor) -> int:
    cursor.execute("SELECT pg_current_xact_id()::xid::text::bigint")
    return int(cursor.fetchone()[0])


def _restore(cursor: Cursor, table: str, since: int) -> None:
    """What a test really changed of the reference data, as it was in the fresh copy; told to no history."""
    cursor.execute(f"SELECT id FROM {table} WHERE xmin::text::bigint > %s", [since])
    changed = [row[0] for row in cursor.fetchall()]
    if not changed:
        return
    cursor.execute(
        "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid ="
        " %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attidentity <> 'a'",
        [table],
    )
    columns = cursor.fetchone()[0]
    cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    cursor.execute(
        f"UPDATE {table} SET ({columns}) = (SELECT {columns} FROM kept.{table} k WHERE k.id = {table}.id)"
        " WHERE id = ANY(%s)",
        [changed],
    )
    cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _has_rows(cursor: Cursor, table: str) -> bool:
    cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {table})")
    return bool(cursor.fetchone()[0])


def _highest_id(cursor: Cursor, table: str) -> int:
    """The largest whole-number ``id`` of a table, or -1 where it has no such column."""
    cursor.execute(
        "SELECT 1 FROM pg_attribute WHERE attrelid = %s::regclass AND attname = 'id'"
        " AND NOT attisdropped AND atttypid IN ('int4'::regtype, 'int8'::regtype)",
        [table],
    )
    if cursor.fetchone() is None:
        return -1
    cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")
    return int(cursor.fetchone()[0])


def _referenced_by(cursor: Cursor, tables: set[str]) -> set[str]:
    """Tables a foreign key of ``tables`` points to: PostgreSQL refuses to truncate those."""
    found: set[str] = set()
    queue = list(tables)
    while queue:
        cursor.execute(
            "SELECT DISTINCT confrelid::regclass::text FROM pg_constraint"
            " WHERE contype = 'f' AND conrelid = %s::regclass",
            [queue.pop()],
        )
        for (target,) in cursor.fetchall():
            if target not in found and target not in tables:
                found.add(target)
                queue.append(target)
    return found


FLUSH = Flush()
