"""What a page costs the line: bytes and requests as Chromium counts them, and that nothing jumps about.

Bytes are headers and compressed bodies (CDP ``Network.loadingFinished.encodedDataLength``) as the web server
sends them by production's command, over HTTP/1.1; what the sign-in page fetches ahead for the next counts as
well. Of the six requests one is the icon's, which is not counted: Chromium fetches it when it likes.
"First" is with an empty cache, "again" with a warm one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import CDPSession, Page

from accounts.models import User
from tests.journeys import world
from tests.journeys.portal import DESK, PHONE, Watch
from tests.journeys.server import served
from tests.pages import signed_in

pytestmark = pytest.mark.django_db(transaction=True)

FIRST_BYTES, FIRST_REQUESTS = 60_000, 6 - 1
AGAIN_BYTES, AGAIN_REQUESTS = 15_000, 1
MOST_SHIFT = 0.01
FETCHES_AHEAD = ("/dang-nhap/",)
LANDING = ("sign-in", "queue", "queue of the Sở", "queue of the Cục", "list", "inbox")
"""Where people arrive by a link or bookmark; the form's pages load its scripts once besides."""
SHIFTS = """() => {
  window.shifted = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
    if (!entry.hadRecentInput) window.shifted += entry.value;
  })).observe({ type: "layout-shift", buffered: true });
}"""
DRAWN = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
SETTLED = (
    "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(window.shifted))))"
)


@dataclass
class Meter:
    """Counts what really came over the line; what the cache gave has no length."""

    page: Page
    session: CDPSession
    icons: set[str] = field(default_factory=set)
    sizes: list[int] = field(default_factory=list)

    @classmethod
    def on(cls, page: Page) -> Meter:
        meter = cls(page, page.context.new_cdp_session(page))
        meter.session.send("Network.enable")
        meter.session.on("Network.requestWillBeSent", meter._asked)
        meter.session.on("Network.loadingFinished", meter._came)
        return meter

    def _asked(self, event: Any) -> None:
        if "favicon" in event["request"]["url"]:
            self.icons.add(event["requestId"])

    def _came(self, event: Any) -> None:
        if event["encodedDataLength"] and event["requestId"] not in self.icons:
            self.sizes.append(int(event["encodedDataLength"]))

    def visit(self, path: str, size: Any) -> tuple[int, int, float]:
        """Bytes, requests and layout shift of a visit."""
        self.page.set_viewport_size(size)
        self.page.evaluate(DRAWN)  # in the new size: a page must not be drawn in the old one first
        self.sizes.clear()
        self.page.goto(path, wait_until="networkidle" if path in FETCHES_AHEAD else "load")
        shift = float(self.page.evaluate(SETTLED))
        return sum(self.sizes), len(self.sizes), shift

    def forget(self) -> None:
        """An empty page and an empty cache: nothing of the last visit comes into the next."""
        self.page.goto("about:blank")
        self.session.send("Network.clearBrowserCache")


@pytest.fixture
def portal(tmp_path: Path, transactional_db: None) -> Iterator[str]:
    with served(tmp_path) as address:
        yield address


def test_pages_keep_to_their_budgets_of_bytes_requests_and_layout_shift(
    portal: str,
    new_context: Any,
    watch: Watch,
    third_party_requests: list[str],
    thanh_hoa_centre: User,
    thanh_hoa_leader: User,
    cuc_leader: User,
) -> None:
    over: list[str] = []
    stops: list[tuple[User | None, world.Stop]] = [(None, world.Stop("sign-in", "/dang-nhap/"))]
    for tour in world.build(thanh_hoa_centre, thanh_hoa_leader, cuc_leader):
        stops += [(tour.user, stop) for stop in tour.stops]
    meters: dict[User | None, Meter] = {}
    for user, stop in stops:
        if user not in meters:
            meters[user] = _meter(user, portal, new_context, watch, third_party_requests)
        over += _judge(meters[user], stop)
    assert over == [], "\n".join(over)


def _meter(user: User | None, portal: str, new_context: Any, watch: Watch, elsewhere: list[str]) -> Meter:
    """A browser whose cache works: Playwright's gate would switch it off, so requests are only noted."""
    context = new_context(base_url=portal)
    watch.over(context)
    context.on("request", lambda r: None if r.url.startswith((portal, "data:")) else elsewhere.append(r.url))
    if user:
        name = settings.SESSION_COOKIE_NAME
        value = signed_in(user).cookies[name].value
        context.add_cookies([{"name": name, "value": value, "url": portal}])
    context.add_init_script(f"({SHIFTS})()")
    return Meter.on(context.new_page())


def _judge(meter: Meter, stop: world.Stop) -> list[str]:
    meter.forget()
    first, first_count, first_shift = meter.visit(stop.path, PHONE)
    again, again_count, again_shift = meter.visit(stop.path, DESK)
    judged = {
        f"{first} bytes at first": first <= FIRST_BYTES,
        f"{first_count} requests at first": first_count <= FIRST_REQUESTS or stop.name not in LANDING,
        f"{again} bytes again": again <= AGAIN_BYTES,
        f"{again_count} requests again": again_count <= AGAIN_REQUESTS,
        f"shift {first_shift:.3f} on the phone": first_shift <= MOST_SHIFT,
        f"shift {again_shift:.3f} at the desk": again_shift <= MOST_SHIFT,
    }
    return [f"{stop.name}: {words}" for words, kept in judged.items() if not kept]
