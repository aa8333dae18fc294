"""The browser tests' own ground: a real Chromium, Vietnamese, cut off from other sites."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_the_browser_speaks_vietnamese_and_lives_in_vietnam(page: Page, live_server: Any) -> None:
    page.goto(f"{live_server.url}/healthz")
    assert page.evaluate("navigator.language") == "vi-VN"
    assert page.evaluate("new Date().getTimezoneOffset()") == -7 * 60
    assert page.evaluate("'khuyến công'.normalize('NFC').length") == 11


def test_a_request_to_another_site_is_refused_and_noticed(
    page: Page, live_server: Any, third_party_requests: list[str]
) -> None:
    page.goto(f"{live_server.url}/healthz")
    page.evaluate("location.href = 'http://cdn.invalid/library.js'")
    page.wait_for_timeout(300)
    assert third_party_requests == ["http://cdn.invalid/library.js"]


def test_the_live_server_runs_as_the_runtime_role(page: Page, live_server: Any) -> None:
    answer = page.goto(f"{live_server.url}/readyz")
    assert answer is not None
    assert answer.json()["database"] == "ok"
