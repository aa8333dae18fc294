"""The database and the broker: given by the environment, or embedded and started here."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from dev.broker import Broker
from dev.places import ROOT, data_folder, secret_values
from dev.postgres import Cluster
from dev.processes import Child, exclusive
from dev.say import Refusal, line, step

DATABASE = "khuyencong"
OWNER, RUNTIME = "kc_owner", "kc_app"


@dataclass
class Services:
    """Addresses as environment variables, and what we started ourselves."""

    environment: dict[str, str]
    children: list[Child] = field(default_factory=list)
    embedded_database: bool = False
    guest: bool = False


def database_is_external() -> bool:
    """Refuses half a configuration in one line."""
    given = {
        name for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_ADMIN_URL") if os.environ.get(name)
    }
    if "DATABASE_URL" in given and "DATABASE_OWNER_URL" not in given:
        raise Refusal(
            "DATABASE_URL is set without DATABASE_OWNER_URL: the schema's owner must be another role."
        )
    if "DATABASE_OWNER_URL" in given and "DATABASE_URL" not in given:
        raise Refusal("DATABASE_OWNER_URL is set without DATABASE_URL: the portal runs as a role of its own.")
    return bool(given)


def needs_wheels() -> bool:
    """Whether anything embedded is wanted; with both addresses given, the runtime set is enough."""
    return not (database_is_external() and os.environ.get("REDIS_URL"))


def external_database(passwords: dict[str, str]) -> dict[str, str]:
    """The given addresses; from an administrator's alone, names and passwords of this clone's own."""
    given = {
        name: os.environ[name]
        for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_ADMIN_URL")
        if os.environ.get(name)
    }
    if "DATABASE_URL" not in given:
        mark = hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:8]
        parts = urlsplit(given["DATABASE_ADMIN_URL"])
        place = parts.netloc.rpartition("@")[2]
        for name, role, word in (
            ("DATABASE_URL", RUNTIME, passwords["app"]),
            ("DATABASE_OWNER_URL", OWNER, passwords["owner"]),
        ):
            netloc = f"{role}_{mark}:{quote(word, safe='')}@{place}"
            given[name] = urlunsplit(("postgres", netloc, f"/{DATABASE}_{mark}", parts.query, ""))
    return given


def embedded_database(cluster: Cluster, passwords: dict[str, str]) -> dict[str, str]:
    return {
        "DATABASE_URL": cluster.url(RUNTIME, passwords["app"], DATABASE),
        "DATABASE_OWNER_URL": cluster.url(OWNER, passwords["owner"], DATABASE),
        "DATABASE_ADMIN_URL": cluster.admin_url,
    }


def common_environment(data: Path, passwords: dict[str, str]) -> dict[str, str]:
    environment = {
        **os.environ,
        "KC_ENV": os.environ.get("KC_ENV") or "local",
        "KC_MEDIA_ROOT": os.environ.get("KC_MEDIA_ROOT") or str(data / "media"),
        "DJANGO_SETTINGS_MODULE": "khuyencong.settings",
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONPYCACHEPREFIX": str(data / "pycache"),
        "PYTHONUTF8": "1",
    }
    for name in ("SECRET_KEY", "KC_PII_KEY", "KC_PII_HMAC_KEY", "KC_AUDIT_KEY"):
        environment[name] = os.environ.get(name) or passwords[name]
    environment.pop("PYTHONDONTWRITEBYTECODE")
    return environment


@contextlib.contextmanager
def running(
    purpose: str, *, broker: bool = True, tests: bool = False, lasting: bool = False
) -> Iterator[Services]:
    """Database and broker for ``purpose``; what this starts, this stops.

    A second command of the same folder uses what the first one started. ``lasting`` (the portal
    itself) waits for a passing command to finish instead, because it must own what it runs on.
    """
    data = data_folder()
    passwords = secret_values(data)
    environment = common_environment(data, passwords)
    if tests:
        environment["KC_ENV"] = "test"
    found = Services(environment)
    if database_is_external():
        environment |= external_database(passwords)
    if database_is_external() and (os.environ.get("REDIS_URL") or not broker):
        yield found
        return
    suffix = "-test" if tests else ""
    lock = data / "run" / f"services{suffix}.lock"
    guests = data / "run" / f"guests{suffix}.lock"
    if not tests and not lasting and _attach(found, data, passwords):
        with guests.open("a") as handle:
            fcntl.flock(handle, fcntl.LOCK_SH)
            yield found
        return
    busy = "{holder} is using this folder's database: waiting for it to finish"
    with exclusive(lock, purpose, when_busy=busy, wait=True), contextlib.ExitStack() as stop:
        _start(found, data, passwords, stop, suffix=suffix, broker=broker, tests=tests)
        yield found
        if not lasting:
            _wait_for_guests(guests)


def _start(
    found: Services,
    data: Path,
    passwords: dict[str, str],
    stop: contextlib.ExitStack,
    *,
    suffix: str,
    broker: bool,
    tests: bool,
) -> None:
    if not database_is_external():
        first = not (data / f"postgres{suffix}" / "complete").exists()
        step("creating an embedded PostgreSQL" if first else "starting the embedded PostgreSQL")
        cluster = Cluster(data, f"postgres{suffix}", password=passwords["superuser"], reckless=tests)
        stop.callback(cluster.stop)
        cluster.start()
        found.embedded_database = True
        found.environment |= embedded_database(cluster, passwords)
        if cluster.child:
            found.children.append(cluster.child)
    if broker and not os.environ.get("REDIS_URL"):
        server = Broker(data, f"broker{suffix}", password=passwords["broker"])
        stop.callback(server.stop)
        server.start()
        found.environment["REDIS_URL"] = server.url
        if server.child:
            found.children.append(server.child)


def _attach(found: Services, data: Path, passwords: dict[str, str]) -> bool:
    """Uses the servers a live command of this folder started, once they are up."""
    lock = data / "run" / "services.lock"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with lock.open("a+") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return False
            except OSError:
                pass
        database, broker = _port(data, "postgres"), _port(data, "broker")
        if (database or database_is_external()) and (broker or os.environ.get("REDIS_URL")):
            if not database_is_external():
                cluster = Cluster(data, "postgres", password=passwords["superuser"])
                cluster.port = database
                found.environment |= embedded_database(cluster, passwords)
                found.embedded_database = True
            if not os.environ.get("REDIS_URL"):
                server = Broker(data, "broker", password=passwords["broker"])
                server.port = broker
                found.environment["REDIS_URL"] = server.url
            found.guest = True
            return True
        time.sleep(0.1)
    raise Refusal("Another command of this folder holds the database but has not started it: try again.")


def _port(data: Path, name: str) -> int:
    try:
        return int((data / "run" / f"{name}.port").read_text())
    except (OSError, ValueError):
        return 0


def _wait_for_guests(guests: Path) -> None:
    with guests.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            line("another command still uses the database: waiting for it to finish")
            fcntl.flock(handle, fcntl.LOCK_EX)
