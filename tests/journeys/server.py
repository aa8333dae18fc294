"""The web server by production's own command: hashed and compressed files by WhiteNoise, gzip pages.

Only TLS is missing; therefore the environment stays "test", whose cookies also travel over plain HTTP.
"""

from __future__ import annotations

import contextlib
import os
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


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """A server of its own on the test database; its address."""
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
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v", "0"]
    subprocess.run(collect, env=environment, cwd=production.ROOT, check=True)
    own = {"0.0.0.0": "127.0.0.1", "8000": port}  # noqa: S104  # the container's, not ours
    command = [own.get(word, word) for word in SERVICES["web"]["command"]]
    log, address = folder / "web.log", f"http://127.0.0.1:{port}"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env=environment, cwd=production.ROOT, stdout=output, stderr=output
        )
    try:
        until(lambda: _answers(f"{address}/healthz"), log.read_text)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def _answers(url: str) -> bool:
    with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2) as answer:
        return bool(answer.status == 200)
    return False
