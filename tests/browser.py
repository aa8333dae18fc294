"""A real Chromium for tests marked ``browser``: Vietnamese, offline, and never silently skipped."""

from __future__ import annotations

import os
import shutil
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Route

# Playwright's synchronous API runs an event loop in this thread; Django would then refuse the ORM.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
OWN_HOSTS = {"localhost", "127.0.0.1", "testserver"}
BROWSERS_OWN = {"chrome", "chrome-extension"}
"""What Chromium's reader of PDF files is made of: parts of the browser, fetched from nowhere."""


def chromium_path() -> str | None:
    """The browser to start, or None to let Playwright use the one it installed itself."""
    if configured := os.environ.get("CHROMIUM_PATH"):
        return configured
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    options: dict[str, Any] = {**browser_type_launch_args, "args": ARGUMENTS}
    if path := chromium_path():
        options["executable_path"] = path
    return options


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_context_args,
        "locale": "vi-VN",
        "timezone_id": "Asia/Ho_Chi_Minh",
        "viewport": {"width": 1366, "height": 768},
    }


@pytest.fixture
def third_party_requests() -> list[str]:
    """Addresses outside the portal that a page asked for; the context refuses and records them."""
    return []


def cut_off(context: BrowserContext, refused: list[str]) -> None:
    """No page of this context reaches another host; what it asked for there is noted."""

    def gate(route: Route) -> None:
        address = urlsplit(route.request.url)
        if address.hostname in OWN_HOSTS or address.scheme in BROWSERS_OWN:
            route.continue_()
        else:
            refused.append(route.request.url)
            route.abort()

    context.route("**/*", gate)


@pytest.fixture
def context(context: BrowserContext, third_party_requests: list[str]) -> BrowserContext:
    """The usual context, cut off from every other host: proves "no CDN" in each browser test."""
    cut_off(context, third_party_requests)
    return context
