"""``./run screens``: pictures of the main screens, both sizes and languages, into ``docs/screens``."""

from __future__ import annotations

import os

from dev import browser, install
from dev.places import PYTHON, ROOT
from dev.processes import heed_signals, run_to_end
from dev.say import step
from dev.scratch import portal


def screens() -> int:
    return on_fresh_portal("dev.pictures", [])


def on_fresh_portal(module: str, arguments: list[str]) -> int:
    """Runs a module that drives a browser (it has the tests' packages) on a portal with fresh demo data."""
    heed_signals()
    install.ensure("test")
    environment = {**os.environ, "CHROMIUM_PATH": browser.find(), "PYTHONUTF8": "1"}
    with portal() as address:
        step(f"driving a browser on {address}")
        return run_to_end([PYTHON, "-m", module, address, *arguments], environment=environment, cwd=ROOT)
