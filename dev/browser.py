"""Finds a Chromium that really starts; where there is none, gets one."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from dev.places import IS_ROOT, PYTHON
from dev.say import Refusal, step

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLAYWRIGHTS_OWN = ""


def find() -> str:
    """The path for CHROMIUM_PATH, or "" when Playwright's own browser is to be used."""
    if configured := os.environ.get("CHROMIUM_PATH"):
        if starts(configured):
            return configured
        raise Refusal(f"CHROMIUM_PATH names a browser that does not start: {configured}")
    if found := _on_path():
        return found
    if _playwright_works():
        return PLAYWRIGHTS_OWN
    if IS_ROOT and shutil.which("apt-get"):
        step("installing Chromium with apt for the browser tests")
        for arguments in (["update", "-q"], ["install", "-qy", "--no-install-recommends", "chromium"]):
            subprocess.run(
                ["apt-get", *arguments],
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=False,
            )
        if found := _on_path():
            return found
    step("fetching Playwright's Chromium for the browser tests")
    subprocess.run([PYTHON, "-m", "playwright", "install", "chromium"], capture_output=True, check=False)
    if _playwright_works():
        return PLAYWRIGHTS_OWN
    raise Refusal(
        "No Chromium for the browser tests: install one (sudo apt install chromium) or set CHROMIUM_PATH."
    )


def _on_path() -> str | None:
    return next((found for name in NAMES if (found := shutil.which(name)) and starts(found)), None)


def starts(program: str) -> bool:
    """Ubuntu's chromium package is only a pointer to a snap, so being there is not enough."""
    with tempfile.TemporaryDirectory() as profile:
        try:
            done = subprocess.run(
                [
                    program,
                    "--headless",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--no-first-run",
                    "--disable-dev-shm-usage",
                    f"--user-data-dir={profile}",
                    "--dump-dom",
                    "about:blank",
                ],  # fmt: skip
                capture_output=True,
                timeout=60,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return False
    return done.returncode == 0 and b"<html" in done.stdout


def _playwright_works() -> bool:
    ask = (
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as found: print(found.chromium.executable_path)"
    )
    done = subprocess.run([PYTHON, "-c", ask], capture_output=True, text=True, check=False)
    path = done.stdout.strip()
    return bool(path) and Path(path).exists() and starts(path)
