"""Making roles never takes the server's administrator away, nor joins owner and portal in one role."""

from __future__ import annotations

import os
import subprocess
import sys

import psycopg2
import pytest

from dev.postgres import SUPERUSER, Cluster
from tests.frame.production import ROOT


def _prepare(
    cluster: Cluster, *words: str, owner: str, runtime: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, ROOT / "dev" / "prepare.py", *words],
        env=environment
        | {
            "PATH": os.environ["PATH"],
            "DATABASE_ADMIN_URL": cluster.admin_url,
            "DATABASE_OWNER_URL": cluster.url(owner, "owner's word", "portal"),
            "DATABASE_URL": cluster.url(runtime, "portal's word", "portal"),
        },
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def _roles(cluster: Cluster) -> dict[str, bool]:
    """Every role of ours and whether it is a superuser, asked with the administrator's first password."""
    connection = psycopg2.connect(cluster.admin_url)
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname, rolsuper FROM pg_roles WHERE rolname NOT LIKE 'pg\\_%'")
        found = dict(cursor.fetchall())
    connection.close()
    return found


@pytest.mark.parametrize(
    ("owner", "runtime", "said"),
    [
        ("portal", "portal", "DATABASE_OWNER_URL and DATABASE_URL both name portal"),
        (SUPERUSER, "portal_app", "DATABASE_OWNER_URL names postgres, who administers"),
        ("portal_owner", SUPERUSER, "DATABASE_URL names postgres, who administers"),
    ],
)
def test_roles_that_may_not_be_one_are_refused_in_one_line_before_anything_changes(
    compose_database: Cluster, owner: str, runtime: str, said: str
) -> None:
    before = _roles(compose_database)
    done = _prepare(compose_database, "roles", owner=owner, runtime=runtime)
    assert done.returncode == 1
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert _roles(compose_database) == before
    assert before[SUPERUSER] is True


def test_two_ordinary_roles_are_made_as_often_as_asked(compose_database: Cluster) -> None:
    for _ in range(2):
        done = _prepare(compose_database, "roles", owner="portal_owner", runtime="portal_app")
        assert done.returncode == 0, done.stderr
    roles = _roles(compose_database)
    assert (roles["portal_owner"], roles["portal_app"], roles[SUPERUSER]) == (False, False, True)


def test_a_run_of_the_tests_clears_away_its_own_databases_alone(compose_database: Cluster) -> None:
    done = _prepare(compose_database, "roles", "tests", owner="portal_owner", runtime="portal_app")
    assert done.returncode == 0, done.stderr
    connection = psycopg2.connect(compose_database.url("portal_owner", "owner's word", "portal"))
    connection.autocommit = True
    mine = {"test_kc_123", "test_kc_123_gw0", "test_kc_123_template"}
    others = {"test_kc_1234", "test_kc_1234_gw0", "test_kc_12"}
    with connection.cursor() as cursor:
        for name in mine | others:
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        done = _prepare(
            compose_database,
            "drop-tests",
            owner="portal_owner",
            runtime="portal_app",
            KC_TEST_DB="test_kc_123",
        )
        assert done.returncode == 0, done.stderr
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'test%'")
        assert {name for (name,) in cursor.fetchall()} == others
        for name in others:
            cursor.execute(f"DROP DATABASE {name}")
    connection.close()
