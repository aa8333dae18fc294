"""``./run bench first-use``: how many actions a new officer needs from signing in to a submitted project.

One dossier, written out below, is entered twice: from nothing, and from the project of the year before. Real
Chromium counts what the officer does on the portal; the same content in the office's own files is counted
from the columns of Mẫu số 2 that the import knows and from the rows of Mẫu số 1 and of the text file.

An action is one field or cell filled, however long its text, one click, or one key that types nothing.
Opening a file is one click, saving it under a name a click and a field, attaching it two clicks. Reading,
looking up norms and adding up by hand are not counted on either side; the portal does the last two itself.
"""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass, field

from playwright.sync_api import FilePayload, Locator, Page, sync_playwright

from dev.pictures import PASSWORD
from programs.intake.headings import Role

WAIT_MS = 30_000
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@dataclass(frozen=True)
class Firm:
    name: str
    tax_code: str
    address: str = "Cụm công nghiệp Thử"


@dataclass(frozen=True)
class Case:
    """What is to be written, the same for both ways; money in triệu đồng, made up like the firms."""

    title: str
    firm: Firm
    year: int
    activity: str = "N3.3"
    sector: str = "che bien"
    place: str = "tho xuan"
    lines: tuple[tuple[str, str, str, str], ...] = (
        ("Mua máy móc, thiết bị", "500", "250", "250"),
        ("Vận chuyển, lắp đặt, chạy thử", "80", "", "80"),
        ("Đào tạo, hướng dẫn vận hành", "20", "", "20"),
    )
    """Cost, total, national money, own money."""
    texts: tuple[str, ...] = (
        "Máy cũ.",
        "Tăng năng suất.",
        "Một máy.",
        "Mua, lắp.",
        "Trung tâm.",
        "Việc làm.",
    )
    works: tuple[tuple[str, str], ...] = (("1/3", "31/3"), ("1/4", "30/6"), ("1/7", "31/7"), ("1/8", "31/8"))
    """Days of the four usual works."""
    results: tuple[str, ...] = ("500", "300", "5")
    papers: int = 4

    def day(self, text: str) -> str:
        return f"{text}/{self.year}"


FIRST = Case("Hỗ trợ máy móc tiên tiến thử", Firm("Công ty TNHH Lần Đầu Giả Định", "9900000052"), 2027)
NEXT = Case(
    "Hỗ trợ máy móc tiên tiến thử, lần hai", Firm("Công ty TNHH Lần Hai Giả Định", "9900000060"), 2028
)


@dataclass
class Tally:
    """Actions by kind, and the pages or files they went through."""

    fields: int = 0
    clicks: int = 0
    keys: int = 0
    pages: int = 0

    @property
    def actions(self) -> int:
        return self.fields + self.clicks + self.keys


@dataclass
class Desk:
    """A person before the portal, whose every action is counted."""

    page: Page
    tally: Tally = field(default_factory=Tally)

    def __post_init__(self) -> None:
        self.page.on("load", lambda _page: self._turn())

    def _turn(self) -> None:
        self.tally.pages += 1

    def click(self, target: str | Locator) -> None:
        self._found(target).click()
        self.tally.clicks += 1

    def go_on(self, target: str | Locator) -> None:
        """A click that leads to another page."""
        with self.page.expect_navigation(wait_until="load"):
            self.click(target)

    def fill(self, target: str | Locator, text: str) -> None:
        self._found(target).fill(text)
        self.tally.fields += 1

    def choose(self, label: str, words: str) -> None:
        """A few letters, the first of what is found: a field and two keys."""
        box = self.page.locator("input[role=combobox]").and_(self.page.get_by_label(label))
        box.fill("")
        box.press_sequentially(words)
        self.page.get_by_role("listbox").get_by_role("option").first.wait_for()
        self.tally.fields += 1
        for key in ("ArrowDown", "Enter"):
            self.page.keyboard.press(key)
            self.tally.keys += 1

    def upload(self, target: Locator, name: str) -> None:
        """Opening the file dialog and picking the file."""
        target.set_input_files(FilePayload(name=name, mimeType="application/pdf", buffer=PDF))
        self.tally.clicks += 2

    def _found(self, target: str | Locator) -> Locator:
        return self.page.locator(target).first if isinstance(target, str) else target


CREATE = "a[href='/de-an/tao/']:visible"
SAVE = "#section-form .save-bar button[type=submit]"
SKELETON = "button[name=skeleton]"


def sign_in(desk: Desk, account: str, password: str) -> None:
    desk.page.goto("/dang-nhap/")
    desk.fill("[name=username]", account)
    desk.fill("[name=password]", password)
    desk.go_on(".signin__form button[type=submit]")


def enter_new(desk: Desk, case: Case) -> str:
    """The whole dossier from nothing, with the templates where a section is empty; its code."""
    desk.go_on(CREATE)
    desk.fill("[name=title]", case.title)
    desk.choose("Nội dung hoạt động", case.activity)
    desk.go_on(desk.page.get_by_role("button", name="Tạo bản nháp"))
    code = desk.page.url.split("/de-an/")[1].split("/")[0]
    desk.choose("Ngành nghề", case.sector)
    desk.choose("Địa điểm thực hiện", case.place)
    desk.go_on(SAVE)
    _firm(desk, case.firm)
    desk.go_on(SAVE)
    desk.go_on(SKELETON)
    for number, line in enumerate(case.lines):
        for name, amount in zip(("total", "kcqg", "own"), line[1:], strict=True):
            if amount:
                desk.fill(f"[name=lines-{number}-{name}]", amount)
    _dates(desk, case)
    desk.go_on(SAVE)
    desk.go_on(SKELETON)
    for number, text in enumerate(case.texts):
        desk.fill(desk.page.locator("#section-form textarea").nth(number), text)
    desk.go_on(SAVE)
    desk.go_on(SKELETON)
    _works(desk, case)
    for number, value in enumerate(case.results):
        desk.fill(f"[name=results-{number}-value]", value)
    desk.go_on(SAVE)
    _hand_in(desk)
    return code


def enter_copy(desk: Desk, source: str, case: Case) -> str:
    """The next year's dossier from last year's: another firm, new dates, pledges and papers; its code."""
    desk.go_on("nav a[href='/']:visible")
    desk.go_on(CREATE)
    desk.choose("Đề án trước đây của đơn vị", source)
    desk.go_on(desk.page.get_by_role("button", name="Sao chép đề án này"))
    desk.go_on(desk.page.get_by_role("button", name="Sao chép", exact=True))
    code = desk.page.url.split("/de-an/")[1].split("/")[0]
    desk.fill("#section-form [name=title]", case.title)
    desk.go_on(SAVE)
    _firm(desk, case.firm)
    desk.go_on(SAVE)
    _dates(desk, case)
    desk.go_on(SAVE)
    desk.go_on(SAVE)  # the texts stay
    _works(desk, case)
    desk.go_on(SAVE)
    _hand_in(desk)
    return code


def _firm(desk: Desk, firm: Firm) -> None:
    for name, text in (("name", firm.name), ("tax_code", firm.tax_code), ("address", firm.address)):
        desk.fill(f"[name=beneficiaries-0-{name}]", text)


def _dates(desk: Desk, case: Case) -> None:
    desk.fill("#section-form [name=starts_on]", case.day(case.works[0][0]))
    desk.fill("#section-form [name=ends_on]", case.day(case.works[-1][1]))
    desk.click("[name=counterpart_committed]")
    desk.click("[name=no_other_state_money]")


def _works(desk: Desk, case: Case) -> None:
    for number, days in enumerate(case.works):
        for name, day in zip(("starts_on", "ends_on"), days, strict=True):
            desk.fill(f"[name=schedule-{number}-{name}]", case.day(day))


def _hand_in(desk: Desk) -> None:
    missing = desk.page.locator("section.panel").filter(has=desk.page.get_by_text("Còn thiếu", exact=True))
    for left in range(missing.count() - 1, -1, -1):
        desk.upload(missing.first.locator("input[type=file]:not([data-camera])"), "giay-to.pdf")
        missing.nth(left).wait_for(state="detached")
    desk.go_on(desk.page.get_by_role("link", name="Tiếp tục"))
    desk.go_on(desk.page.get_by_role("button", name=re.compile("^Nộp")))


# --- the office's own files

FORM_2 = (
    Role.NUMBER, Role.TITLE, Role.IMPLEMENTER, Role.BENEFICIARY, Role.TAX_CODE, Role.PLACE,
    Role.TIME, Role.CONTENT, Role.ACTIVITY, Role.TOTAL, Role.KCQG, Role.OWN,
)  # fmt: skip
"""Columns of the registration list that this project fills: the import knows each of them by its heading."""
SUMS = (Role.TOTAL, Role.KCQG, Role.OWN)
"""Summed up for the group and at the foot."""
FILES = 3
"""Mẫu số 2, Mẫu số 1 and the text of the dossier."""
PARTIES = ("title", "implementer", "beneficiary", "tax code", "address", "place", "time")
"""Part 1 of the text file says them once more, for it is another file."""


def count_files_new(case: Case) -> Tally:
    """The same dossier in the three files, sent by mail."""
    costs = sum(1 for line in case.lines for cell in line if cell) + len(case.lines)  # and its number
    works = len(case.works) * (1 + 2)  # what, from, to
    results = len(case.results) * 3  # indicator, value, unit
    cells = (
        len(FORM_2) + 2 * len(SUMS) + costs + len(SUMS) + 1 + len(PARTIES) + len(case.texts) + works + results
    )
    return _sent(cells, case)


def count_files_copied(case: Case) -> Tally:
    """Last year's three files saved under new names; only what differs is typed."""
    firm = (Role.BENEFICIARY, Role.TAX_CODE, Role.PLACE)
    in_list = len((Role.TITLE, Role.TIME, *firm))
    in_text = len(("title", "time", *firm)) + 2 * len(case.works)
    return _sent(in_list + 1 + in_text, case)  # 1: the title of Mẫu số 1


def _sent(cells: int, case: Case) -> Tally:
    """Each file opened and saved under a name; a mail with address, subject and words; all attached; sent."""
    attached = FILES + case.papers
    return Tally(fields=cells + FILES + 3, clicks=2 * FILES + 1 + 2 * attached + 1, pages=FILES + 1)


def show(name: str, portal: Tally, files: Tally) -> None:
    print(f"\n{name}")
    for label, tally in (("portal, to submitted", portal), ("own files, to sent", files)):
        parts = f"{tally.fields} fields, {tally.clicks} clicks, {tally.keys} keys, {tally.pages} pages"
        print(f"  {label:22} {tally.actions:4} actions  ({parts})")
    print(f"  ratio portal / files   {portal.actions / files.actions:4.2f}", flush=True)


def measure(page: Page, account: str, password: str, first: Case, following: Case) -> tuple[Tally, Tally]:
    """Both ways at one desk; signing in counts with the first."""
    page.set_default_timeout(WAIT_MS)
    desk = Desk(page)
    sign_in(desk, account, password)
    code = enter_new(desk, first)
    new, desk.tally = desk.tally, Tally()
    enter_copy(desk, code, following)
    return new, desk.tally


def main(address: str) -> int:
    with sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM_PATH") or None
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        context = browser.new_context(
            base_url=address, viewport={"width": 1366, "height": 768}, locale="vi-VN"
        )
        new, copied = measure(context.new_page(), "ttkc.thanhhoa", PASSWORD, FIRST, NEXT)
        browser.close()
    show("A project from nothing", new, count_files_new(FIRST))
    show("The next year's, from last year's", copied, count_files_copied(NEXT))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
