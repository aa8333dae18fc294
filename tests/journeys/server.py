"""The web server by production's own command: hashed and compressed files by WhiteNoise, gzip pages.

Only TLS is missing; therefore the environment stays "test", whose cookies also travel over plain HTTP.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from tests import database
from tests.frame import production
from tests.frame.test_compose_file import SERVICES
from tests.reports.worker import until


class Server:
    """A server process group of its own on the test database."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = str(probe.getsockname()[1])
        environment = os.environ | {
            "DATABASE_URL": production.runtime_url(),
            "KC_RUNTIME_ROLE": database.RUNTIME["USER"],
            "KC_PROCESS": "web",
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "KC_STATIC_ROOT": str(folder / "static"),
            "KC_MEDIA_ROOT": str(folder / "media"),
        }
        environment.pop("DATABASE_OWNER_URL", None)
        if not (folder / "static").exists():
            collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v", "0"]
            subprocess.run(collect, env=environment, cwd=production.ROOT, check=True)
        own = {"0.0.0.0": "127.0.0.1", "8000": port}  # noqa: S104  # the container's, not ours
        command = [own.get(word, word) for word in SERVICES["web"]["command"]]
        self.address, self.log = f"http://127.0.0.1:{port}", folder / "web.log"
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                command, env=environment, cwd=production.ROOT, stdout=output, stderr=output,
                start_new_session=True,
            )  # fmt: skip
        until(lambda: _answers(f"{self.address}/healthz"), self.log.read_text)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)

    def kill(self) -> None:
        """SIGKILL to the server and its workers alike."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(20)


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """A server while the block runs; its address."""
    server = Server(folder)
    try:
        yield server.address
    finally:
        server.stop()


def _answers(url: str) -> bool:
    with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2) as answer:
        return bool(answer.status == 200)
    return False
