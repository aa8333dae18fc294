"""People at their desks: real sign-in on the real pages, and the small moves every journey repeats."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Response, ViewportSize, expect

from accounts.models import User
from accounts.scope import act_as
from programs.models import Project

PASSWORD = "mật khẩu thử rất dài"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
CRITERIA = ("Phù hợp nguyên tắc", "Sự cần thiết", "Năng lực", "Hồ sơ đầy đủ")
DESK: ViewportSize = {"width": 1366, "height": 768}
PHONE: ViewportSize = {"width": 390, "height": 844}
PATIENCE_MS = 30_000


@dataclass
class Watch:
    """What a browser complains about while people work: nothing, or the test that made it fails."""

    complaints: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        context.on("console", self._heard)
        context.on("weberror", lambda error: self.complaints.append(f"script: {error.error}"))
        context.on("response", self._answered)

    def _heard(self, message: ConsoleMessage) -> None:
        # The browser also notes each answer of 400 and more there: _answered judges those.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.complaints.append(f"console: {message.text} ({message.page.url if message.page else ''})")

    def _answered(self, response: Response) -> None:
        # A page, or an autosave, may well be refused; nothing else that is asked for may fail.
        may_refuse = response.request.resource_type == "document" or response.url.endswith("/nhap/")
        if response.status >= 400 and not may_refuse:
            self.complaints.append(f"{response.status}: {response.url}")


def may_sign_in(*people: User) -> None:
    """Give these people the tests' password."""
    for person in people:
        person.set_password(PASSWORD)
        person.save(update_fields=["password"])


def sign_in(page: Page, user: User, then: str = "/") -> None:
    """As a person does it, and arrive at ``then``."""
    page.goto(then)
    expect(page.get_by_role("heading", name="Đăng nhập")).to_be_visible()
    page.get_by_label("Tên đăng nhập").fill(user.username)
    page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.locator(".account__who")).to_contain_text(user.full_name)
    page.wait_for_load_state("load")  # with its scripts: what comes next may be a key
    assert urlsplit(page.url).path == urlsplit(then).path


def fits(page: Page, *sizes: ViewportSize) -> None:
    """At these sizes nothing is wider than the screen; with its style loaded: an unstyled page is wider."""
    page.wait_for_load_state("load")
    for size in sizes or (PHONE,):
        page.set_viewport_size(size)
        seen = page.evaluate("document.documentElement.scrollWidth")
        assert seen <= size["width"], f"{page.url} is {seen} px wide on {size['width']}"


def paper_file(name: str = "giay-to.pdf") -> Any:
    """A small scan, as ``set_input_files`` takes it."""
    return {"name": name, "mimeType": "application/pdf", "buffer": PDF}


def says(page: Page, words: str) -> None:
    """The notice after an action says this."""
    expect(page.locator("#notices")).to_contain_text(words)


def upload_book(page: Page, book: bytes, name: str = "Biểu 2027.xlsx") -> None:
    """Send a registration workbook and look at its preview."""
    page.goto("/nhap-bieu/")
    page.get_by_label("Chọn biểu Excel").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": book}
    )
    expect(page.get_by_role("heading", name=name)).to_be_visible()


@contextmanager
def autosaved(page: Page) -> Iterator[None]:
    """What is typed inside is kept by the form itself, without a button."""
    with page.expect_response(lambda answer: answer.url.endswith("/nhap/"), timeout=PATIENCE_MS) as waiting:
        yield
    assert waiting.value.status == 200, waiting.value.text()
    expect(page.locator("[data-save-status]")).to_contain_text("Đã lưu nháp lúc")


def choose_by_typing(page: Page, label: str, words: str) -> Locator:
    """Find a choice by a few letters without diacritics and take the first with the keys."""
    box = page.locator("input[role=combobox]").and_(page.get_by_label(label))
    box.focus()
    page.keyboard.type(words)
    expect(page.get_by_role("listbox", name=label).get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    return box


def press_on(page: Page) -> None:
    """Keep this section and go to the next."""
    before = page.url
    page.get_by_role("button", name="Lưu và tiếp tục").click()
    page.wait_for_url(lambda url: url != before)


def attach_missing_papers(page: Page) -> int:
    """Upload a scan for each paper that is still missing; how many there were."""
    missing = page.locator("section.panel").filter(has=page.get_by_text("Còn thiếu", exact=True))
    count = missing.count()
    for left in range(count - 1, -1, -1):
        missing.first.locator("input[type=file]:not([data-camera])").set_input_files(paper_file())
        expect(missing).to_have_count(left)
    return count


def open_work(page: Page, code: str) -> None:
    """The dossier as its row in the work queue opens it."""
    page.goto("/")
    page.get_by_role("row").filter(has_text=code).locator("[data-row-link]").click()


def take_step(page: Page, code: str, label: str, *, note: str = "", criteria: Sequence[str] = ()) -> None:
    """Open the dossier from the work queue, choose a step, confirm it; the dossier then leaves the queue."""
    open_work(page, code)
    page.get_by_role("radio", name=re.compile(f"^{label}")).check()
    for criterion in criteria:
        page.get_by_role("group", name=criterion).get_by_label("Đạt", exact=True).check()
    if note:
        page.get_by_label("Ý kiến").fill(note)
    page.get_by_role("button", name="Xác nhận").click()
    says(page, code)


def put_into_tranche(officer: Page, leader: Page, code: str, plan: str, ceiling: str) -> str:
    """The leader sets the ceiling (đồng), the officer opens a tranche and chooses; the tranche's address."""
    leader.goto("/ke-hoach/")
    leader.get_by_role("link", name=plan).click()
    leader.get_by_role("textbox", name="Trần kinh phí").fill(ceiling)
    leader.get_by_label("Văn bản giao").fill("12/QĐ-THỬ")
    leader.get_by_role("button", name="Ghi trần kinh phí").click()
    says(leader, "Đã ghi trần kinh phí")
    officer.goto(leader.url)
    officer.get_by_role("button", name="Mở đợt mới").click()
    officer.get_by_role("checkbox", name=code).check()
    expect(officer.locator("[data-bulk-count]")).to_contain_text("1")
    officer.get_by_role("button", name="Đưa vào đợt").click()
    says(officer, "Đã chuyển 1 đề án")
    return officer.url


def fill_paper(page: Page, number: str, signer: str, day: str, file: str = "") -> None:
    """Number, date and signer of a decision, with its scan where there is one."""
    page.get_by_label("Số văn bản").fill(number)
    page.get_by_label("Ngày văn bản").fill(day)
    page.get_by_label("Người ký").fill(signer)
    if file:
        page.get_by_label("Bản chụp văn bản").set_input_files(paper_file(file))


def stored(code: str, reader: User) -> Project:
    """The project as the database has it now."""
    with act_as(reader):
        return Project.objects.get(code=code)


def keep_download(page: Page, name: str, folder: Path) -> Path:
    """Press the download link of this name; where the file went."""
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name).click()
    target = folder / waiting.value.suggested_filename
    waiting.value.save_as(target)
    return target
