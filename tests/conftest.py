"""Plumbing for every test: roles of the database, the seed, the order, the browser.

People and offices that tests act with are in ``tests/cast.py``.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import hypothesis
import hypothesis.core
import pytest
from django.conf import settings
from django.test import TransactionTestCase
from django.test.testcases import LiveServerThread
from django.utils import translation
from pytest_django.plugin import DjangoDbBlocker

from tests import database
from tests.live_server import LiveServer

pytest_plugins = ["tests.browser", *(["tests.cast"] if find_spec("tests.cast") else [])]

BROWSER_FIXTURES = {"page", "context", "browser", "new_context"}


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "owner_role: the body runs as the database's owner (loaders, walls)")
    # Workers of pytest-xdist inherit the variable, so all sample alike.
    seed = int(os.environ.setdefault("SEED", str(random.SystemRandom().randrange(2**31))))
    hypothesis.settings.register_profile("project", deadline=None, database=None, print_blob=True)
    hypothesis.settings.load_profile("project")
    # What --hypothesis-seed sets; it knows no environment variable.
    hypothesis.core.__dict__["global_force_seed"] = seed
    TransactionTestCase._fixture_teardown = lambda self: leave_empty()  # type: ignore[attr-defined]
    LiveServerThread.server_class = LiveServer
    # Argon2 is slow on purpose; tests sign in hundreds of times.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def leave_empty() -> None:
    """The end of a test that really committed."""
    LiveServer.see_everyone_out()
    database.FLUSH()


def pytest_report_header(config: pytest.Config) -> str:
    return f"seed: {os.environ['SEED']} (SEED={os.environ['SEED']} ./run test repeats this sample)"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what drives a browser, before ``-m`` chooses by the mark, and puts it last."""
    for item in items:
        if BROWSER_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """With KC_NO_SKIPS=1 (continuous integration) a skipped test fails the run."""
    if os.environ.get("KC_NO_SKIPS") != "1" or hasattr(session.config, "workerinput"):
        return
    reporter: Any = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = len(reporter.stats.get("skipped", [])) + len(reporter.stats.get("xfailed", []))
    if skipped:
        reporter.write_line(f"{skipped} test(s) were skipped: none may be (KC_NO_SKIPS=1)", red=True)
        session.exitstatus = session.exitstatus or 1


@pytest.fixture(scope="session")
def seed() -> int:
    """The printed seed, for tests that make their own random choices."""
    return int(os.environ["SEED"])


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker, request: pytest.FixtureRequest
) -> Iterator[None]:
    """The database of this test process: see ``tests/database.py``."""
    worker: dict[str, Any] = getattr(request.config, "workerinput", {})
    run_id = os.environ.get("KC_TEST_RUN") or worker.get("testrunuid") or str(os.getpid())
    with django_db_blocker.unblock():
        database.remember_roles()
        name = database.create(worker.get("workerid", ""), run_id)
        if _ROLE["owner"]:
            database.become(database.OWNER)
    yield
    with django_db_blocker.unblock():
        database.drop(name)


_ROLE = {"owner": False}


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Vietnamese, whatever the reader before spoke. ``owner_role`` must take hold before the database fixture
    opens its transaction."""
    translation.deactivate()
    if item.get_closest_marker("owner_role"):
        _ROLE["owner"] = True
        if database.OWNER:
            database.become(database.OWNER)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    if _ROLE["owner"]:
        _ROLE["owner"] = False
        database.become(database.RUNTIME)


@pytest.fixture
def owner_sql(db: None) -> Iterator[Any]:
    """A cursor of the owner, outside the test's transaction: for controls that drop a wall."""
    with database.owner_cursor(database.FLUSH.database) as cursor:
        yield cursor
