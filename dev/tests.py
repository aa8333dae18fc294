"""``./run test``: the fast tests, then the browser tests, against servers of their own."""

from __future__ import annotations

import os
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from dev import browser, install
from dev.places import PYTHON, ROOT, data_folder
from dev.prepared import prepare
from dev.processes import heed_signals, run_to_end
from dev.say import step
from dev.services import running

NOTHING_COLLECTED = 5


def test(arguments: list[str]) -> int:
    """With arguments, one pytest run with exactly those; without, everything. Returns the exit status."""
    heed_signals()
    with _servers("./run test") as environment:
        return _run(arguments, environment)


def tested(arguments: list[str], more: Mapping[str, str]) -> int:
    """One pytest run with these arguments and, beside the servers', these variables."""
    heed_signals()
    with _servers("./run evidence") as environment:
        return _pytest(arguments, {**environment, **more})


@contextmanager
def _servers(command: str) -> Iterator[dict[str, str]]:
    """Servers and databases for tests; gives the environment that names them."""
    install.ensure("test")
    folder = data_folder() / "run"
    with running(command, tests=True) as services, tempfile.TemporaryDirectory(dir=folder) as media:
        environment = services.environment | {
            "KC_MEDIA_ROOT": media,
            "KC_TEST_FRESH": "1",
            "KC_TEST_RUN": uuid.uuid4().hex,
            # On a shared server two people may test at once.
            "KC_TEST_DB": os.environ.get("KC_TEST_DB") or f"test_kc_{os.getpid()}",
        }
        prepare(environment, "roles", "tests")
        try:
            yield environment
        finally:
            prepare(environment, "drop-tests")


def _run(arguments: list[str], environment: dict[str, str]) -> int:
    if arguments:
        environment["CHROMIUM_PATH"] = browser.find()
        return _pytest(arguments, environment)
    step("the fast tests")
    # A process that has run out of tests takes over some of the other's: the slow ones come in a row.
    both = ["-n", "2", "--dist", "worksteal", "-q"]
    fast = _pytest([*both, "-m", "not browser"], environment)
    environment["CHROMIUM_PATH"] = browser.find()
    step("the browser tests")
    slow = _pytest([*both, "-m", "browser"], environment)
    step("all tests passed" if not (fast or slow) else "SOME TESTS FAILED (see above)")
    return fast or slow


def _pytest(arguments: list[str], environment: Mapping[str, str]) -> int:
    return run_to_end([PYTHON, "-m", "pytest", *arguments], environment=environment, cwd=ROOT)
