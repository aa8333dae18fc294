"""What an office does all day: rows from Excel, news at the bell, a session that ends, the look one needs."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from records import inbox
from records.context import whole_country
from tests.factories import make_project
from tests.journeys.conftest import Seat
from tests.journeys.portal import PASSWORD, autosaved, stored
from tests.reports.conftest import TRIEU

pytestmark = pytest.mark.django_db(transaction=True)

PASTE = """([element, text]) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const paste = { clipboardData: data, bubbles: true, cancelable: true };
  element.dispatchEvent(new ClipboardEvent("paste", paste));
}"""


def _cell(page: Page, label: str) -> Locator:
    return page.get_by_label(label, exact=True)


def _paste(page: Page, label: str, text: str) -> None:
    cell = _cell(page, label)
    cell.focus()
    page.evaluate(PASTE, [cell.element_handle(), text])


def test_twenty_rows_come_from_excel_at_once_and_unclear_numbers_are_asked_about(
    seat: Seat, thanh_hoa_centre: User
) -> None:
    project = make_project(thanh_hoa_centre, title="Hỗ trợ máy móc thử, dán từ Excel")
    page = seat(thanh_hoa_centre, f"/de-an/{project.code}/sua/kinh-phi/")
    page.wait_for_load_state()
    rows = [f"Máy số {n}\t{n + 10},5\t{n}\t" for n in range(1, 21)]
    rows[4] = "Máy số 5\t1,234.5\t5\t"
    with autosaved(page):
        _paste(page, "Nội dung chi dòng 1", "\n".join(rows))
    for number in (1, 20):
        expect(_cell(page, f"Nội dung chi dòng {number}")).to_have_value(f"Máy số {number}")
    expect(_cell(page, "Tổng chi phí dòng 20")).to_have_value("30,5")
    expect(_cell(page, "Tổng chi phí dòng 5")).to_have_value("1.234,5")
    whole = sum(n * TRIEU + 10 * TRIEU + TRIEU // 2 for n in range(1, 21)) - 15_500_000 + 1_234_500_000
    assert stored(project.code, thanh_hoa_centre).total_vnd == whole
    _paste(page, "Tổng chi phí dòng 2", "1,234\t2")
    expect(_cell(page, "Tổng chi phí dòng 2")).to_have_attribute("aria-invalid", "true")
    with autosaved(page):
        _cell(page, "Tổng chi phí dòng 2").press("Control+z")
        expect(_cell(page, "Tổng chi phí dòng 2")).to_have_value("12,5")


def test_the_bell_tells_of_news_while_the_page_stays_open_and_opening_it_reads_it(
    seat: Seat, thanh_hoa_centre: User
) -> None:
    code = make_project(thanh_hoa_centre, title="Hỗ trợ máy móc thử, có tin").code
    page = seat(thanh_hoa_centre)
    page.clock.install()
    page.goto("/de-an/")
    expect(page.get_by_role("link", name="Thông báo, 0 chưa đọc")).to_be_visible()
    with whole_country():  # as the outbox's task writes it
        inbox.notify([thanh_hoa_centre], "project.moved", "Đề án đã được tiếp nhận", "", f"/de-an/{code}/")
    page.clock.fast_forward(61_000)
    page.get_by_role("link", name="Thông báo, 1 chưa đọc").click()
    page.get_by_role("button", name="Đề án đã được tiếp nhận").click()
    expect(page.get_by_role("heading", name="Hỗ trợ máy móc thử, có tin")).to_be_visible()
    expect(page.get_by_role("link", name="Thông báo, 0 chưa đọc")).to_be_visible()


def test_a_session_that_ends_while_typing_loses_nothing(seat: Seat, thanh_hoa_centre: User) -> None:
    code = make_project(thanh_hoa_centre, title="Hỗ trợ máy móc thử, hết phiên").code
    page = seat(thanh_hoa_centre, f"/de-an/{code}/sua/thong-tin/")
    page.wait_for_load_state()
    Session.objects.all().delete()
    page.get_by_label("Tên đề án").fill("Hỗ trợ máy móc thử, gõ lúc hết phiên")
    expect(page.locator("[data-save-status]")).to_contain_text("Phiên làm việc đã hết")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"/de-an/{code}/sua/thong-tin/")
    page.get_by_label("Tên đăng nhập").fill(thanh_hoa_centre.username)
    page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    with autosaved(page):
        page.get_by_role("button", name="Đăng nhập").click()
        expect(page.get_by_label("Tên đề án")).to_have_value("Hỗ trợ máy móc thử, gõ lúc hết phiên")
    assert stored(code, thanh_hoa_centre).title == "Hỗ trợ máy móc thử, gõ lúc hết phiên"


def test_contrast_and_letters_are_chosen_once_and_stay(seat: Seat, thanh_hoa_centre: User) -> None:
    page = seat(thanh_hoa_centre)
    look = (
        "getComputedStyle(document.body).fontSize + getComputedStyle(document.querySelector('.muted')).color"
    )
    usual = page.evaluate(look)
    page.get_by_label("Trợ giúp và hiển thị").click()
    page.get_by_role("button", name="Cao", exact=True).click()
    page.get_by_role("button", name="Chữ lớn").click()
    chosen = page.evaluate(look)
    page.goto("/de-an/")
    page.goto("/")
    assert page.evaluate(look) == chosen != usual


def test_calm_motion_and_forced_colours_are_heeded(seat: Seat, thanh_hoa_centre: User) -> None:
    page = seat(thanh_hoa_centre)
    page.wait_for_load_state()
    moves = "getComputedStyle(document.querySelector('.button')).transitionDuration"
    border = "getComputedStyle(document.querySelector('.card')).borderTopWidth"
    assert (page.evaluate(moves), page.evaluate(border)) != ("0s", "1px")
    page.emulate_media(reduced_motion="reduce", forced_colors="active")
    assert (page.evaluate(moves), page.evaluate(border)) == ("0s", "1px")
