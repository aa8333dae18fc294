"""Each service's own command from docker-compose.yml, run once as it stands, in a production environment."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import redis

from dev import serve
from dev.postgres import Cluster
from dev.processes import Child, free_port
from tests import database
from tests.frame import production
from tests.frame.conftest import Environment, started, until
from tests.frame.test_compose_file import SERVICES

Broker = tuple[subprocess.Popen[bytes], str]
OWNER_PASSWORD, APP_PASSWORD = "owner's password", "app's password"


def _environment(service: str, broker: Broker, **changes: str) -> Environment:
    return production.environment(
        DATABASE_URL=production.runtime_url(),
        REDIS_URL=broker[1],
        KC_PROCESS=SERVICES[service]["environment"]["KC_PROCESS"],
        **changes,
    )


def _collect_static(environment: Environment) -> None:
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v", "0"]
    subprocess.run(collect, env=environment, cwd=production.ROOT, check=True)


@pytest.mark.django_db(transaction=True)
def test_web_starts_and_its_health_check_passes(tmp_path: Path, compose_broker: Broker) -> None:
    port = str(free_port())
    service = SERVICES["web"]
    command = [
        "127.0.0.1" if word == "0.0.0.0" else port if word == "8000" else word for word in service["command"]
    ]
    environment = _environment(
        "web", compose_broker, KC_STATIC_ROOT=str(tmp_path / "static"), ALLOWED_HOSTS="portal.kc.test"
    )
    _collect_static(environment)
    check = [word.replace(":8000", f":{port}") for word in service["healthcheck"]["test"][1:]]

    def healthy() -> bool:
        return subprocess.run(check, env=environment, cwd=production.ROOT, check=False).returncode == 0

    with started(command, environment, tmp_path / "log") as process:
        until(healthy, process, tmp_path / "log")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("allowed", ["", "portal.kc.test", "*"])
def test_a_laptop_open_to_its_network_is_found_ready(
    tmp_path: Path, compose_broker: Broker, monkeypatch: pytest.MonkeyPatch, allowed: str
) -> None:
    """``KC_BIND=0.0.0.0``: nobody can be called 0.0.0.0, so the portal is asked by a name it answers to."""
    monkeypatch.setenv("ALLOWED_HOSTS", allowed)
    port, bind = free_port(), "0.0.0.0"
    hosts = serve.allowed_hosts(bind)
    environment = _environment("web", compose_broker, KC_ENV="local", ALLOWED_HOSTS=hosts)
    (tmp_path / "run").mkdir()
    child = Child(
        "web",
        serve.commands(bind, port)["web"],
        run=tmp_path / "run",
        log=tmp_path / "log",
        environment=environment,
        cwd=production.ROOT,
    )
    try:
        serve.wait_until_ready([child], f"http://{serve.reachable_host(bind)}:{port}", hosts)
    finally:
        child.stop(10)


@pytest.mark.parametrize(
    ("bind", "address"),
    [("0.0.0.0", "127.0.0.1"), ("::", "[::1]"), ("192.0.2.7", "192.0.2.7"), ("localhost", "localhost")],
)
def test_the_address_told_is_one_the_portal_answers_to(
    bind: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ALLOWED_HOSTS", raising=False)
    assert serve.reachable_host(bind) == address
    assert address in serve.allowed_hosts(bind).split(",")
    monkeypatch.setenv("ALLOWED_HOSTS", "portal.kc.test")
    assert serve.allowed_hosts(bind) == "portal.kc.test"


@pytest.mark.django_db(transaction=True)
def test_worker_starts_and_answers_its_health_check(tmp_path: Path, compose_broker: Broker) -> None:
    service = SERVICES["worker"]
    environment = _environment("worker", compose_broker, KC_BROKER_PREFIX="worker-of-this-test:")

    def ping() -> bool:
        done = subprocess.run(
            service["healthcheck"]["test"][1:],
            env=environment,
            cwd=production.ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode == 0 and "pong" in done.stdout

    with started(service["command"], environment, tmp_path / "log") as process:
        until(ping, process, tmp_path / "log")


@pytest.mark.django_db(transaction=True)
def test_beat_starts_and_rings_for_both_schedules(tmp_path: Path, compose_broker: Broker) -> None:
    schedule = str(tmp_path / "beat")
    command = [schedule if word == "/tmp/beat-schedule" else word for word in SERVICES["beat"]["command"]]
    environment = _environment("beat", compose_broker, KC_BROKER_PREFIX="beat-of-this-test:")
    broker: Any = redis.Redis.from_url(compose_broker[1])
    with started(command, environment, tmp_path / "log") as process:
        until(lambda: broker.llen("beat-of-this-test:celery") >= 2, process, tmp_path / "log")
    broker.close()


def test_redis_wants_its_password_which_is_not_on_its_command_line(compose_broker: Broker) -> None:
    process, url = compose_broker
    open_url = f"redis://{url.rpartition('@')[2]}"
    with pytest.raises(redis.AuthenticationError):
        redis.Redis.from_url(open_url).ping()
    word = url.split(":")[2].split("@")[0]
    assert word not in Path(f"/proc/{process.pid}/cmdline").read_text()


@pytest.fixture(scope="module")
def with_roles(compose_database: Cluster) -> Cluster:
    """The server after deploy/postgres-init.sh, run as the postgres image runs it on first start."""
    environment = {
        "PATH": f"{compose_database.programs()}:{os.environ['PATH']}",
        "PGHOST": "127.0.0.1",
        "PGPORT": str(compose_database.port),
        "PGPASSWORD": compose_database.password,
        "KC_OWNER_PASSWORD": OWNER_PASSWORD,
        "KC_APP_PASSWORD": APP_PASSWORD,
    }
    subprocess.run(["sh", production.ROOT / "deploy" / "postgres-init.sh"], env=environment, check=True)
    return compose_database


def _ask(cluster: Cluster, role: str, password: str, name: str, question: str) -> tuple[Any, ...]:
    connection = psycopg2.connect(
        host="127.0.0.1", port=cluster.port, user=role, password=password, dbname=name
    )
    try:
        with connection.cursor() as cursor:
            cursor.execute(question)
            row = cursor.fetchone()
            assert row is not None
            return row
    finally:
        connection.close()


def test_the_database_runs_with_the_flags_it_is_given(compose_database: Cluster) -> None:
    flags = [word for word in SERVICES["db"]["command"] if "=" in word]
    assert len(flags) == 3
    for name, value in (flag.split("=") for flag in flags):
        found = _ask(compose_database, "postgres", compose_database.password, "postgres", f"SHOW {name}")
        assert found == (value,), name


def test_the_database_script_makes_two_ordinary_roles(with_roles: Cluster) -> None:
    rights = "SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user"
    names = ", ".join(f"'{name}'" for name in database.EXTENSIONS)
    for role, password, bypass in (("kc_owner", OWNER_PASSWORD, True), ("kc_app", APP_PASSWORD, False)):
        assert _ask(with_roles, role, password, "khuyencong", rights) == (False, bypass, False)
        found = _ask(
            with_roles,
            role,
            password,
            "khuyencong",
            f"SELECT count(*) FROM pg_extension WHERE extname IN ({names})",
        )
        assert found == (len(database.EXTENSIONS),)


def test_migrate_fills_that_database_for_the_portal_to_read(with_roles: Cluster) -> None:
    environment = production.environment(
        DATABASE_URL=with_roles.url("kc_app", APP_PASSWORD, "khuyencong"),
        DATABASE_OWNER_URL=with_roles.url("kc_owner", OWNER_PASSWORD, "khuyencong"),
        KC_DB_ROLE=SERVICES["migrate"]["environment"]["KC_DB_ROLE"],
    )
    done = subprocess.run(
        SERVICES["migrate"]["command"],
        env=environment,
        cwd=production.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    seen = "SELECT (SELECT count(*) FROM programs_supportnorm) > 0, (SELECT count(*) FROM programs_project)"
    assert _ask(with_roles, "kc_app", APP_PASSWORD, "khuyencong", seen) == (True, 0)
