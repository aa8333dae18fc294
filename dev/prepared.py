"""Calls ``dev/prepare.py`` with the project's own Python, as the owner of the database."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Mapping

from dev.places import PYTHON, ROOT
from dev.say import STARTED, Refusal


def prepare(environment: Mapping[str, str], *parts: str) -> None:
    """Raises ``Refusal`` with the program's last line when it fails."""
    started = time.time() - (time.monotonic() - STARTED)
    done = subprocess.run(
        [PYTHON, ROOT / "dev" / "prepare.py", *parts],
        env={**environment, "KC_DB_ROLE": "owner", "KC_STARTED": str(started), "KC_PROCESS": "command"},
        cwd=ROOT,
        check=False,
    )
    if done.returncode:
        raise Refusal("The database could not be made ready (see above).")
