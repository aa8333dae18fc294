"""The grid in a real browser: rows open in place, unsaved choices stay, a phone scrolls one way only."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Dialog, FilePayload, Page, expect

from accounts.models import User
from programs.intake.stage import workbook_of
from records.models import StagedImportStatus
from tests.pages import signed_in
from tests.programs.intake.books import machine, xlsx
from tests.programs.intake.desk import BAD, UPLOAD, address, fresh, page_of, project, upload

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def at_desk(page: Page, live_server: Any, user: User) -> Page:
    """The page with this person signed in."""
    key = signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
    return page


def chosen(data: bytes) -> FilePayload:
    return {"name": "Biểu.xlsx", "mimeType": "application/octet-stream", "buffer": data}


def test_a_chosen_file_leads_through_the_preview_to_a_draft(
    page: Page, live_server: Any, thanh_hoa_centre: User
) -> None:
    at_desk(page, live_server, thanh_hoa_centre).goto(live_server.url + UPLOAD)
    page.set_input_files("input[type=file]", chosen(b"PK\x03\x04 broken"))
    expect(page.locator(".files .field__error")).to_contain_text("Tệp hỏng")
    page.set_input_files("input[type=file]", chosen(xlsx(page_of(machine()))))
    expect(page.get_by_role("heading", level=1)).to_have_text("Biểu.xlsx")
    page.get_by_role("button", name="Tạo 1 bản nháp").click()
    expect(page.get_by_role("link", name=machine().title)).to_be_visible()
    assert page.get_by_text(project(thanh_hoa_centre).code).is_visible()


def test_a_row_opens_in_place_and_unsaved_choices_stay(
    page: Page, live_server: Any, thanh_hoa_centre: User
) -> None:
    staged = upload(thanh_hoa_centre, machine(), BAD)
    at_desk(page, live_server, thanh_hoa_centre).goto(live_server.url + address(staged))
    page.locator("#row-0-activity").select_option("N6")
    page.locator("#row-1-own_vnd").fill("350")
    expect(page.get_by_text("Có ô vừa sửa chưa lưu")).to_be_visible()
    page.get_by_role("button", name="Sửa dòng 11").click()
    expect(page.locator("#row-0-title")).to_be_focused()
    expect(page.locator("#row-0-activity")).to_have_value("N6")
    expect(page.locator("#row-1-own_vnd")).to_have_value("350")
    page.locator("#row-0-title").fill("Bản tin khuyến công")
    page.get_by_role("button", name="Lưu sửa đổi").last.click()
    expect(page.get_by_role("button", name="Tạo 2 bản nháp")).to_be_visible()
    first, second = workbook_of(fresh(staged, thanh_hoa_centre)).rows
    assert (first.title, first.activity, second.money.own) == ("Bản tin khuyến công", "N6", 350_000_000)


def test_leaving_with_unsaved_corrections_is_asked_about(
    page: Page, live_server: Any, thanh_hoa_centre: User
) -> None:
    staged = upload(thanh_hoa_centre, machine())
    at_desk(page, live_server, thanh_hoa_centre).goto(live_server.url + address(staged))
    page.locator("#row-0-activity").select_option("N6")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.get_by_role("link", name="Lỗi 0").click()
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    assert page.locator("#row-0-activity").input_value() == "N6"


def test_putting_a_list_aside_asks_first(page: Page, live_server: Any, thanh_hoa_centre: User) -> None:
    staged = upload(thanh_hoa_centre, machine())
    at_desk(page, live_server, thanh_hoa_centre).goto(live_server.url + address(staged))
    page.get_by_role("button", name="Bỏ biểu này").click()
    page.get_by_role("dialog").get_by_role("button", name="Hủy").click()
    assert fresh(staged, thanh_hoa_centre).status == StagedImportStatus.PREVIEW
    page.get_by_role("button", name="Bỏ biểu này").click()
    page.get_by_role("dialog").get_by_role("button", name="Bỏ biểu").click()
    expect(page.get_by_text("không có gì được ghi")).to_be_visible()
    assert fresh(staged, thanh_hoa_centre).status == StagedImportStatus.DISCARDED


@pytest.mark.parametrize("query", ["", "?sua=0"])
def test_on_a_phone_rows_are_cards_and_nothing_scrolls_sideways(
    page: Page, live_server: Any, thanh_hoa_centre: User, query: str
) -> None:
    staged = upload(thanh_hoa_centre, machine("x" * 120), BAD)
    page.set_viewport_size({"width": 390, "height": 844})
    at_desk(page, live_server, thanh_hoa_centre)
    for url in (UPLOAD, address(staged) + query):
        page.goto(live_server.url + url)
        assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert not page.locator(".import-table thead").is_visible()
    small = page.evaluate(
        "[...document.querySelectorAll('main .button, main .input, main .chip')]"
        ".filter(e => e.getClientRects().length && e.getBoundingClientRect().height < 24).length"
    )
    assert small == 0
