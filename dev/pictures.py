"""Takes the pictures of ``./run screens``: run inside the environment, with the portal's address."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from dev.places import ROOT

FOLDER = ROOT / "docs" / "screens"
PASSWORD = "khuyen-cong-thu-nghiem"  # noqa: S105  # of the demo accounts, printed by ./run
SIZES: dict[str, ViewportSize] = {
    "desk": {"width": 1366, "height": 768},
    "phone": {"width": 390, "height": 844},
}
LANGUAGES = ("vi", "en")
QUALITY = 72
CODE = r"/de-an/[A-Z0-9-]+/"
OFFICE = r"/co-quan/[0-9a-f-]{36}/"


def at(path: str) -> Callable[[Page], None]:
    def go(page: Page) -> None:
        page.goto(path)

    return go


def first(path: str, pattern: str, behind: str = "") -> Callable[[Page], None]:
    """The first link on a page whose address fits; ``behind`` is put to its end."""

    def go(page: Page) -> None:
        page.goto(path)
        links = page.eval_on_selector_all("main a[href]", "all => all.map(a => a.getAttribute('href'))")
        found = next(link for link in links if re.fullmatch(pattern, link.partition("?")[0]))
        page.goto(found + behind)

    return go


def beside(page: Page) -> None:
    """A dossier in review with its first paper open beside it."""
    first("/de-an/?state=REVIEW_MIN", CODE, "tham-dinh/")(page)
    link = page.locator("[data-beside]").first
    page.goto(page.url + str(link.get_attribute("href")))


@dataclass(frozen=True)
class Screen:
    name: str
    account: str
    go: Callable[[Page], None]


SCREENS = (
    Screen("work-queue", "cuc.chuyenvien", at("/")),
    Screen("work-queue-centre", "ttkc.thanhhoa", at("/")),
    Screen("project-list", "so.thanhhoa", at("/de-an/")),
    Screen("project-page", "so.thanhhoa", first("/de-an/", CODE)),
    Screen("project-form", "ttkc.thanhhoa", first("/de-an/?state=DRAFT", CODE, "sua/kinh-phi/")),
    Screen("project-check", "ttkc.thanhhoa", first("/de-an/?state=DRAFT", CODE, "sua/kiem-tra/")),
    Screen("review", "cuc.lanhdao", first("/de-an/?state=REVIEW_MIN", CODE, "tham-dinh/")),
    Screen("review-with-paper", "cuc.lanhdao", beside),
    Screen("printed-form", "cuc.lanhdao", first("/de-an/?state=REVIEW_MIN", CODE, "mau-in/")),
    Screen("copy", "ttkc.thanhhoa", first("/de-an/", CODE, "sao-chep/")),
    Screen("account", "ttkc.thanhhoa", at("/tai-khoan/")),
    Screen("status", "quantri", at("/tinh-trang/")),
    Screen("plans", "cuc.chuyenvien", at("/ke-hoach/")),
    Screen("plan", "cuc.chuyenvien", first("/ke-hoach/", r"/ke-hoach/[0-9a-f-]{36}/")),
    Screen("tranche", "cuc.chuyenvien", first("/ke-hoach/", r"/dot/[0-9a-f-]{36}/")),
    Screen("contract", "cuc.chuyenvien", first("/de-an/?state=CONTRACTED", CODE, "kinh-phi/")),
    Screen("payments", "cuc.chuyenvien", at("/tam-ung-thanh-toan/")),
    Screen(
        "payment", "cuc.lanhdao", first("/tam-ung-thanh-toan/?mine=true", rf"{CODE}de-nghi/[0-9a-f-]{{36}}/")
    ),
    Screen("import", "ttkc.thanhhoa", at("/nhap-bieu/")),
    Screen("establishments", "so.thanhhoa", at("/co-so/")),
    Screen("establishment", "so.thanhhoa", first("/co-so/", r"/co-so/[0-9a-f-]{36}/")),
    Screen("clusters", "so.thanhhoa", at("/cum-cong-nghiep/")),
    Screen("reports", "cuc.chuyenvien", at("/bao-cao/")),
    Screen("law", "so.thanhhoa", at("/quy-dinh/")),
    Screen("search", "so.thanhhoa", at("/tim/?q=may+moc+go")),
    Screen("guide", "so.thanhhoa", at("/huong-dan/")),
    Screen("pieces", "quantri", at("/kieu-dang/")),
    Screen("inbox", "ttkc.thanhhoa", at("/thong-bao/")),
    Screen("windows", "so.thanhhoa", at("/ke-hoach/dot-dang-ky/")),
    Screen("agenda", "so.thanhhoa", at("/lich/")),
    Screen("hand-over", "lanhdao.thanhhoa", at("/ban-giao/")),
    Screen("numbers", "so.thanhhoa", at("/so-van-ban/")),
    Screen("law-rule", "so.thanhhoa", first("/quy-dinh/", r"/quy-dinh/[a-z-]+/[0-9]+/")),
    Screen("law-documents", "so.thanhhoa", at("/quy-dinh/van-ban/")),
    Screen("law-proposals", "quantri", at("/quy-dinh/de-xuat/")),
    Screen("units", "so.thanhhoa", at("/dia-gioi/")),
    Screen("unit", "so.thanhhoa", at("/dia-gioi/15/")),
    Screen("old-address", "so.thanhhoa", at("/dia-gioi/doi-dia-chi/")),
    Screen("unit-reform", "quantri", at("/dia-gioi/nhap/")),
    Screen("offices", "quantri", at("/co-quan/")),
    Screen("office", "quantri", first("/co-quan/", OFFICE)),
)


def take(browser: Browser, address: str, folder: Path) -> None:
    """Every screen; one session for each account, size and language."""
    for account in dict.fromkeys(screen.account for screen in SCREENS):
        for size, viewport in SIZES.items():
            context = browser.new_context(base_url=address, viewport=viewport, locale="vi-VN")
            page = context.new_page()
            page.goto("/dang-nhap/")
            page.fill("[name=username]", account)
            page.fill("[name=password]", PASSWORD)
            page.press("[name=password]", "Enter")
            for language in LANGUAGES:
                page.goto("/")
                _speak(page, language)
                for screen in SCREENS:
                    if screen.account == account:
                        screen.go(page)
                        page.wait_for_load_state("networkidle")
                        name = f"{screen.name}-{size}-{language}.jpg"
                        page.screenshot(path=folder / name, type="jpeg", quality=QUALITY)
            _speak(page, "vi")
            context.close()


def _speak(page: Page, language: str) -> None:
    page.eval_on_selector_all(
        f"button[name=language][value={language}]", "found => found.length && found[0].click()"
    )
    page.wait_for_load_state("networkidle")


def main(address: str) -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.jpg"):
        old.unlink()
    with sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM_PATH") or None
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        take(browser, address, FOLDER)
        browser.close()
    print(f"{len(list(FOLDER.glob('*.jpg')))} pictures in {FOLDER.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
