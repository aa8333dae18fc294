"""What is typed is never lost: without a line, with a closed tab, with two tabs, with an impatient finger."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from accounts.scope import act_as
from programs.models import Project
from tests.factories import make_project
from tests.journeys.conftest import Seat
from tests.journeys.portal import autosaved, choose_by_typing, says, stored

pytestmark = pytest.mark.django_db(transaction=True)

KEPT = "() => Object.keys(localStorage).filter((key) => key.startsWith('kc.draft.'))"


def _draft(user: User, section: str = "thong-tin") -> tuple[str, str]:
    code = make_project(user, title="Hỗ trợ máy móc thử, đường truyền").code
    return code, f"/de-an/{code}/sua/{section}/"


def _title(page: Page) -> Locator:
    return page.get_by_label("Tên đề án")


def _status(page: Page) -> Locator:
    return page.locator("[data-save-status]")


def _type_without_line(page: Page, words: str) -> None:
    page.context.set_offline(True)
    _title(page).fill(words)
    expect(_status(page)).to_contain_text("Mất kết nối")


def test_what_is_typed_without_a_line_is_sent_when_it_returns(seat: Seat, thanh_hoa_centre: User) -> None:
    code, path = _draft(thanh_hoa_centre)
    page = seat(thanh_hoa_centre, path)
    _type_without_line(page, "Hỗ trợ máy móc thử, gõ khi mất mạng")
    assert stored(code, thanh_hoa_centre).title == "Hỗ trợ máy móc thử, đường truyền"
    with autosaved(page):
        page.context.set_offline(False)
    assert stored(code, thanh_hoa_centre).title == "Hỗ trợ máy móc thử, gõ khi mất mạng"
    assert page.evaluate(KEPT) == []


def test_pressing_save_without_a_line_keeps_the_page_and_goes_on_later(
    seat: Seat, thanh_hoa_centre: User
) -> None:
    code, path = _draft(thanh_hoa_centre)
    page = seat(thanh_hoa_centre, path)
    _type_without_line(page, "Hỗ trợ máy móc thử, bấm khi mất mạng")
    page.get_by_role("button", name="Lưu và tiếp tục").click()
    says(page, "tự gửi khi có mạng")
    expect(_title(page)).to_have_value("Hỗ trợ máy móc thử, bấm khi mất mạng")
    with autosaved(page):
        page.context.set_offline(False)
    page.get_by_role("button", name="Lưu và tiếp tục").click()
    expect(page.get_by_role("heading", name="2. Cơ sở thụ hưởng")).to_be_visible()
    assert stored(code, thanh_hoa_centre).title == "Hỗ trợ máy móc thử, bấm khi mất mạng"


def test_a_closed_tab_leaves_its_text_which_the_queue_offers_and_the_page_sends(
    seat: Seat, thanh_hoa_centre: User
) -> None:
    code, path = _draft(thanh_hoa_centre)
    page = seat(thanh_hoa_centre, path)
    context = page.context
    _type_without_line(page, "Hỗ trợ máy móc thử, tab đã đóng")
    # What a closing tab still sends is lost too.
    page.evaluate("() => { window.fetch = () => Promise.reject(); }")
    page.close(run_before_unload=False)
    context.set_offline(False)
    later = context.new_page()
    later.goto("/")
    says(later, f"còn nội dung chưa gửi được của {code}")
    with autosaved(later):
        later.get_by_role("link", name="Mở để gửi").click()
        expect(_title(later)).to_have_value("Hỗ trợ máy móc thử, tab đã đóng")
    assert stored(code, thanh_hoa_centre).title == "Hỗ trợ máy móc thử, tab đã đóng"
    later.goto("/")
    expect(later.locator("#notices")).not_to_contain_text("chưa gửi được")


def test_a_draft_that_its_button_saved_leaves_no_copy(seat: Seat, thanh_hoa_centre: User) -> None:
    _code, path = _draft(thanh_hoa_centre)
    page = seat(thanh_hoa_centre, path)
    _title(page).fill("Hỗ trợ máy móc thử, lưu bằng nút")
    page.get_by_role("button", name="Lưu và tiếp tục").click()
    expect(page.get_by_role("heading", name="2. Cơ sở thụ hưởng")).to_be_visible()
    page.wait_for_load_state()
    assert page.evaluate(KEPT) == []


def test_the_second_tab_compares_before_anything_is_overwritten(seat: Seat, thanh_hoa_centre: User) -> None:
    code, path = _draft(thanh_hoa_centre)
    first = seat(thanh_hoa_centre, path)
    second = first.context.new_page()
    second.goto(path)
    with autosaved(first):
        _title(first).fill("Hỗ trợ máy móc thử, tab thứ nhất")
    _title(second).fill("Hỗ trợ máy móc thử, tab thứ hai")
    dialog = second.get_by_role("dialog", name="Có người khác đã lưu")
    expect(dialog).to_contain_text("tab thứ nhất")
    expect(dialog).to_contain_text("tab thứ hai")
    assert stored(code, thanh_hoa_centre).title == "Hỗ trợ máy móc thử, tab thứ nhất"
    with autosaved(second):
        dialog.get_by_role("button", name="Giữ nội dung của tôi").click()
    assert stored(code, thanh_hoa_centre).title == "Hỗ trợ máy móc thử, tab thứ hai"


def test_signing_out_wipes_the_copy_and_no_personal_number_is_ever_in_it(
    seat: Seat, thanh_hoa_centre: User
) -> None:
    _code, path = _draft(thanh_hoa_centre, "noi-dung")
    page = seat(thanh_hoa_centre, path)
    page.context.set_offline(True)
    boxes = page.locator("main textarea")
    boxes.nth(0).fill("Căn cước 001 090 000 001 của người đại diện")
    boxes.nth(1).fill("Xưởng đã có mặt bằng")
    expect(_status(page)).to_contain_text("Mất kết nối")
    kept = page.evaluate("() => JSON.stringify(localStorage)")
    assert "Xưởng đã có mặt bằng" in kept
    assert "001 090" not in kept
    page.context.set_offline(False)  # the number is refused, and the copy stays
    expect(_status(page)).to_contain_text("12 chữ số")
    assert page.evaluate(KEPT)
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Đăng xuất").first.click()
    expect(page.get_by_role("heading", name="Đăng nhập")).to_be_visible()
    assert page.evaluate(KEPT) == []


def test_what_is_not_kept_without_a_line_is_said_at_its_field(seat: Seat, thanh_hoa_centre: User) -> None:
    _code, path = _draft(thanh_hoa_centre, "noi-dung")
    page = seat(thanh_hoa_centre, path)
    page.context.set_offline(True)
    box = page.get_by_label("Quy mô")
    box.fill("Hộ của ông A, số 012345678901, một máy.")
    expect(_status(page)).to_contain_text("trừ ô có số định danh 12 chữ số")
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("nên không được giữ trên máy")).to_be_visible()
    box.fill("Một máy.")
    expect(_status(page)).to_contain_text("nội dung được giữ trên máy này")


def test_a_section_that_was_refused_is_there_again_after_another_page(
    seat: Seat, thanh_hoa_centre: User
) -> None:
    code, path = _draft(thanh_hoa_centre, "kinh-phi")
    page = seat(thanh_hoa_centre, path)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_label("Nội dung chi dòng 2").fill("Máy mài giả định")
    page.get_by_label("Tổng chi phí dòng 2").fill("100 tr?x")
    page.get_by_role("button", name="Lưu và tiếp tục").click()
    expect(page.locator(".error-summary")).to_be_visible()
    page.get_by_role("link", name="Trang đề án").click()
    expect(page).to_have_url(re.compile(f"/de-an/{code}/$"))
    page.goto(path)
    expect(page.get_by_label("Nội dung chi dòng 2")).to_have_value("Máy mài giả định")
    expect(page.get_by_label("Tổng chi phí dòng 2")).to_have_value("100 tr?x")


def test_what_waits_here_is_put_beside_what_was_saved_since_without_a_question(
    seat: Seat, thanh_hoa_centre: User
) -> None:
    """A refused section, then another section saved: nobody else has touched anything."""
    code, path = _draft(thanh_hoa_centre, "kinh-phi")
    page = seat(thanh_hoa_centre, path)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_label("Tổng chi phí dòng 2").fill("100 tr?x")
    page.get_by_role("button", name="Lưu và tiếp tục").click()
    expect(page.locator(".error-summary")).to_be_visible()
    page.goto(f"/de-an/{code}/sua/thong-tin/")
    with autosaved(page):
        _title(page).fill("Hỗ trợ máy móc thử, đã đổi ở mục khác")
    page.goto(path)
    expect(page.get_by_label("Tổng chi phí dòng 2")).to_have_value("100 tr?x")
    expect(page.locator("#compare")).to_have_count(0)


def test_amounts_typed_in_another_unit_are_the_same_amounts_after_the_switch(
    seat: Seat, thanh_hoa_centre: User
) -> None:
    code, path = _draft(thanh_hoa_centre, "kinh-phi")
    page = seat(thanh_hoa_centre, path)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_label("Nội dung chi dòng 2").fill("Máy mài giả định")
    page.get_by_label("Tổng chi phí dòng 2").fill("10")
    page.get_by_label("Đối ứng dòng 2").fill("abc")
    expect(_status(page)).to_contain_text("chưa lưu")
    page.get_by_role("group", name="Đơn vị tiền").get_by_role("button", name="đồng", exact=True).click()
    expect(page.get_by_label("Tổng chi phí dòng 2")).to_have_value("10.000.000")
    expect(page.get_by_label("Đối ứng dòng 2")).to_have_value("abc")
    expect(page.locator("[data-grid-total]").first).to_have_text("610.000.000")
    with autosaved(page):
        page.get_by_label("Đối ứng dòng 2").fill("10.000.000")
    assert stored(code, thanh_hoa_centre).total_vnd == 610_000_000


def test_a_decision_is_not_sent_into_a_dead_line_and_stays_on_the_page(
    seat: Seat, thanh_hoa_centre: User
) -> None:
    page = seat(thanh_hoa_centre, "/de-an/tao/")
    _title(page).fill("Hỗ trợ máy móc thử, chưa có mạng")
    page.context.set_offline(True)
    page.get_by_role("button", name="Tạo bản nháp").click()
    says(page, "đang mất kết nối")
    expect(_title(page)).to_have_value("Hỗ trợ máy móc thử, chưa có mạng")


def test_a_double_press_creates_one_project(seat: Seat, thanh_hoa_centre: User) -> None:
    page = seat(thanh_hoa_centre, "/de-an/tao/")
    _title(page).fill("Hỗ trợ máy móc thử, bấm hai lần")
    choose_by_typing(page, "Nội dung hoạt động", "may moc thiet bi")
    page.get_by_role("button", name="Tạo bản nháp").dblclick()
    expect(page.get_by_role("heading", name="1. Thông tin chung")).to_be_visible()
    with act_as(thanh_hoa_centre):
        assert Project.objects.filter(title="Hỗ trợ máy móc thử, bấm hai lần").count() == 1


def test_a_section_left_at_once_is_saved_first_and_the_next_begins_with_it(
    seat: Seat, thanh_hoa_centre: User
) -> None:
    code, path = _draft(thanh_hoa_centre)
    page = seat(thanh_hoa_centre, path)
    _title(page).fill("Hỗ trợ máy móc thử, đi ngay sang phần khác")
    page.get_by_role("link", name=re.compile("Thuyết minh")).click()
    expect(page.get_by_role("heading", name=re.compile("Thuyết minh"))).to_be_visible()
    page.wait_for_load_state("load")
    with autosaved(page):
        page.get_by_role("textbox", name="Sự cần thiết").fill("Gõ tiếp ở phần sau.")
    expect(page.get_by_role("dialog")).to_have_count(0)
    project = stored(code, thanh_hoa_centre)
    assert project.title == "Hỗ trợ máy móc thử, đi ngay sang phần khác"
    assert project.necessity == "Gõ tiếp ở phần sau."
