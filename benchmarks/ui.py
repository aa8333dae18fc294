"""``./run bench ui``: what a person on a slow line with an old PC waits for.

Each page is opened with an empty cache under two profiles of Chromium's own throttling, and a list's filter
is used at a quarter of the processor's speed. Prints milliseconds and their ratio to the budget: below 1 it
is kept.
"""

from __future__ import annotations

import os
import statistics
import sys

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from dev.pictures import PASSWORD

ROUNDS = 3
PAGES = {
    "sign-in": ("", "/dang-nhap/"),
    "work queue": ("so.thanhhoa", "/"),
    "project list": ("so.thanhhoa", "/de-an/"),
    "plans": ("cuc.chuyenvien", "/ke-hoach/"),
    "reports": ("cuc.chuyenvien", "/bao-cao/"),
}
# bytes a second, latency in ms, budget of the largest contentful paint in ms
PROFILES = {"Slow 3G": (400_000 / 8, 2000, 5000), "faster line": (1_600_000 / 8, 150, 1200)}
CPU_SLOWDOWN = 4
FILTER_BUDGET_MS = 200
LARGEST_PAINT = """() => new Promise((done) => {
  let last = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => { last = entry.startTime; }))
    .observe({ type: "largest-contentful-paint", buffered: true });
  setTimeout(() => done(last), 300);
})"""
FILTER = """() => new Promise((done) => {
  const select = document.querySelector("form.filters select[name=purse]");
  const began = performance.now();
  const painted = () => requestAnimationFrame(() => done(performance.now() - began));
  document.body.addEventListener("htmx:afterSettle", painted, { once: true });
  select.value = "KCQG";
  select.dispatchEvent(new Event("change", { bubbles: true }));
})"""


def signed_in(browser: Browser, address: str, account: str) -> BrowserContext:
    context = browser.new_context(base_url=address, viewport={"width": 1366, "height": 768})
    if account:
        page = context.new_page()
        page.goto("/dang-nhap/")
        page.fill("[name=username]", account)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_load_state("networkidle")
        page.close()
    return context


def slow_page(context: BrowserContext, bytes_a_second: float, latency_ms: int) -> Page:
    """A page with an empty cache, a slow line (0: the machine's own) and a slow processor."""
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")
    session.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})
    if bytes_a_second:
        session.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False, "latency": latency_ms,
                "downloadThroughput": bytes_a_second, "uploadThroughput": bytes_a_second,
            },
        )  # fmt: skip
    return page


def largest_paint_ms(context: BrowserContext, path: str, profile: tuple[float, int, int]) -> float:
    page = slow_page(context, profile[0], profile[1])
    page.goto(path, wait_until="load", timeout=60_000)
    found = float(page.evaluate(LARGEST_PAINT))
    page.close()
    return found


def filter_ms(context: BrowserContext) -> float:
    page = slow_page(context, 0, 0)
    page.goto("/de-an/", wait_until="load")  # a quiet line alone can come before a slow processor is ready
    page.wait_for_load_state("networkidle")
    found = float(page.evaluate(FILTER))
    page.close()
    return found


def show(name: str, measured: list[float], budget: float) -> None:
    middle = statistics.median(measured)
    print(f"{name:36} {middle:7.0f} ms of {budget:5.0f} ms   ratio {middle / budget:4.2f}", flush=True)


def main(address: str) -> int:
    with sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM_PATH") or None
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for name, (account, url) in PAGES.items():
            context = signed_in(browser, address, account)
            for label, profile in PROFILES.items():
                times = [largest_paint_ms(context, url, profile) for _round in range(ROUNDS)]
                show(f"{name}, {label}, largest paint", times, profile[2])
            context.close()
        context = signed_in(browser, address, "cuc.chuyenvien")
        times = [filter_ms(context) for _round in range(ROUNDS)]
        show(f"filter a list, CPU ÷ {CPU_SLOWDOWN}", times, FILTER_BUDGET_MS)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
