"""Makes a database ready: roles, extensions, tables, reference data, demo. Runs in the project's environment.

What was loaded is noted on the database itself (its comment), so that the note can never outlive it.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg2
from psycopg2 import sql

ROOT = Path(__file__).resolve().parent.parent
EXTENSIONS = ("unaccent", "pg_trgm", "btree_gist")
LOADERS = ("load_units", "load_documents", "load_law")
APPS = ("vietnam", "records", "accounts", "beneficiaries", "clusters", "programs", "reports", "khuyencong")
STARTED = float(os.environ.get("KC_STARTED") or time.time())


class Account:
    """Role, password and database of one address."""

    def __init__(self, variable: str) -> None:
        self.url = os.environ[variable]
        parts = urlsplit(self.url)
        self.role, self.password = unquote(parts.username or ""), unquote(parts.password or "")
        self.database = unquote(parts.path.lstrip("/"))


def main(arguments: list[str]) -> None:
    owner, runtime = Account("DATABASE_OWNER_URL"), Account("DATABASE_URL")
    if owner.role == runtime.role:
        raise SystemExit(
            f"DATABASE_OWNER_URL and DATABASE_URL both name {owner.role}: "
            "give each a role of its own, or the row policies would not hold the portal."
        )
    if "roles" in arguments and os.environ.get("DATABASE_ADMIN_URL"):
        make_roles(os.environ["DATABASE_ADMIN_URL"], owner, runtime, may_create="tests" in arguments)
    if "tables" in arguments:
        make_tables(owner, demo="demo" in arguments)
    if "drop-tests" in arguments:
        drop_test_databases(owner)
    if "static" in arguments:
        collect_static()


def connect(url: str) -> Any:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    return connection


def make_roles(admin_url: str, owner: Account, runtime: Account, *, may_create: bool) -> None:
    """Both roles and the database, safely repeatable. Neither role is a superuser."""
    connection = connect(admin_url)
    with connection.cursor() as cursor:
        refuse_privileged_roles(cursor, owner, runtime)
        for account, rights in (
            (owner, "BYPASSRLS " + ("CREATEDB" if may_create else "NOCREATEDB")),
            (runtime, "NOBYPASSRLS NOCREATEDB"),
        ):
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [account.role])
            verb = "ALTER" if cursor.fetchone() else "CREATE"
            cursor.execute(
                sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOCREATEROLE {} PASSWORD %s").format(
                    sql.SQL(verb), sql.Identifier(account.role), sql.SQL(rights)
                ),
                [account.password],
            )
        # The owner may end the runtime role's connections, for instance to drop a test database.
        cursor.execute(
            sql.SQL("GRANT {} TO {}").format(sql.Identifier(runtime.role), sql.Identifier(owner.role))
        )
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [owner.database])
        if cursor.fetchone() is None:
            cursor.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'").format(
                    sql.Identifier(owner.database), sql.Identifier(owner.role)
                )
            )
        cursor.execute(
            sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(owner.database))
        )
        cursor.execute(
            sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(
                sql.Identifier(owner.database), sql.Identifier(runtime.role)
            )
        )
    connection.close()


def refuse_privileged_roles(cursor: Any, owner: Account, runtime: Account) -> None:
    """Altering the administrator's own role, or another superuser, would leave the server without one."""
    for variable, account in (("DATABASE_OWNER_URL", owner), ("DATABASE_URL", runtime)):
        cursor.execute(
            "SELECT 1 FROM pg_roles WHERE rolname = %s AND (rolsuper OR rolname = session_user)",
            [account.role],
        )
        if cursor.fetchone():
            raise SystemExit(
                f"{variable} names {account.role}, who administers this server: give it an ordinary role."
            )


def make_tables(owner: Account, *, demo: bool) -> None:
    connection = connect(owner.url)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
        )
        known = cursor.fetchone()[0] or ""
        wanted = fingerprint(demo=demo)
        if known == wanted:
            return
        for extension in EXTENSIONS:
            cursor.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
        had_demo = " demo" in known
        run_django(demo=demo and not had_demo)
        cursor.execute(
            sql.SQL("COMMENT ON DATABASE {} IS %s").format(sql.Identifier(owner.database)),
            [wanted if not had_demo or demo else wanted + " demo"],
        )
    connection.close()


def drop_test_databases(owner: Account) -> None:
    """What a run of the tests left on a server that outlives it: its database and those named after it."""
    base = os.environ["KC_TEST_DB"]
    connection = connect(owner.url)
    with connection.cursor() as cursor:
        # Not every name that begins so: the run of process 1234 is none of process 123's.
        cursor.execute(
            "SELECT datname FROM pg_database WHERE datname = %s OR starts_with(datname, %s)",
            [base, f"{base}_"],
        )
        for (name,) in cursor.fetchall():
            cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    connection.close()


def run_django(*, demo: bool) -> None:
    import django
    from django.core.management import call_command, get_commands

    django.setup()
    say("applying migrations")
    call_command("migrate", verbosity=0, interactive=False)
    known = get_commands()
    for name in (*LOADERS, *(["load_demo"] if demo else [])):
        if name in known:
            say(name.replace("load_", "loading "))
            with open(os.devnull, "w") as quiet:
                call_command(name, stdout=quiet)

    if demo:
        list_accounts()


def list_accounts() -> None:
    """Leaves the demo's accounts where ``./run`` prints them from."""
    file = os.environ.get("KC_ACCOUNTS_FILE")
    if not file:
        return
    from accounts.demo import DEMO_PASSWORD, demo_accounts

    found = demo_accounts()
    if found:
        width = max(len(account.username) for account in found)
        rows = [f"  {account.username:{width}}  {account.label}" for account in found]
        Path(file).write_text("\n".join([f"Demo accounts, password {DEMO_PASSWORD}:", *rows]) + "\n")


def fingerprint(*, demo: bool) -> str:
    """Changes when a migration, a loader or its data does."""
    digest = hashlib.sha256()
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*")):
            parts = set(path.relative_to(ROOT).parts)
            if (
                parts & {"migrations", "data", "management", "loaders"}
                and path.is_file()
                and path.suffix != ".pyc"
            ):
                digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return f"khuyencong {digest.hexdigest()[:24]}" + (" demo" if demo else "")


def collect_static() -> None:
    """Gathers and compresses static files when any changed."""
    target = Path(os.environ["KC_STATIC_ROOT"])
    digest = hashlib.sha256()
    for path in sorted((ROOT / "static").rglob("*")) + [ROOT / "requirements" / "runtime.txt"]:
        if path.is_file():
            digest.update(str(path).encode() + path.read_bytes())
    stamp = target / ".stamp"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    import django
    from django.core.management import call_command

    django.setup()
    say("collecting static files")
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(digest.hexdigest())


def say(text: str) -> None:
    print(f"[{time.time() - STARTED:5.1f} s] {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    try:
        main(sys.argv[1:])
    except psycopg2.OperationalError as error:
        raise SystemExit(f"The database cannot be used: {str(error).strip().splitlines()[0]}") from None
