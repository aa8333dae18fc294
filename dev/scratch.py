"""A portal of its own with fresh demo data, for pictures and measurements: nobody's data are touched."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from dev.places import IS_ROOT, PERSISTENT_TEMPORARY, ROOT
from dev.say import Refusal, step

PATIENCE_S = 240


@contextlib.contextmanager
def portal() -> Iterator[str]:
    """Its address; ended and deleted afterwards. Raises ``Refusal`` when it does not start."""
    place = PERSISTENT_TEMPORARY if IS_ROOT else None
    with tempfile.TemporaryDirectory(prefix="khuyencong-scratch-", dir=place) as folder:
        port = _free_port()
        environment = os.environ | {"KC_DATA_DIR": folder, "PORT": str(port), "KC_DEMO_COUNTRY": "0"}
        log = Path(folder) / "portal.log"
        step("starting a portal of its own with fresh demo data")
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-B", "-s", "-m", "dev"],
                cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT,
            )  # fmt: skip
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(process, address, log)
            yield address
        finally:
            process.terminate()
            process.wait(30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/readyz", timeout=5):  # noqa: S310
            return
        time.sleep(0.3)
    raise Refusal(f"The portal did not start:\n{log.read_text()[-2000:]}")
