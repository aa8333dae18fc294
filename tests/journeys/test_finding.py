"""Finding: one search box, recent items, saved views, files of lists, lists on a phone (2, 16–18, 22)."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect

from accounts.models import User
from tests.beneficiaries.test_establishment_list import keep
from tests.factories import commune, make_project
from tests.journeys.conftest import FreshPage, Seat
from tests.journeys.portal import PASSWORD, PHONE, fits, keep_download, may_sign_in, says, sign_in
from tests.journeys.test_accessibility import violations

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_box_finds_everything_and_remembers_what_was_opened(seat: Seat, thanh_hoa_centre: User) -> None:
    place = commune("Ngọc Lặc", "Thanh Hóa")
    project = make_project(thanh_hoa_centre, title="Hỗ trợ máy móc mây tre thử", commune=place)
    make_project(thanh_hoa_centre, title="Hỗ trợ máy móc xay xát thử", commune=place)
    keep(thanh_hoa_centre, "Cơ sở Mây Tre Thử")
    page = seat(thanh_hoa_centre)
    box, options = page.get_by_role("combobox", name="Tìm kiếm"), page.get_by_role("option")

    page.keyboard.press("/")
    expect(box).to_be_focused()
    page.keyboard.type("may moc ngoc lac")
    expect(options).to_have_count(2)
    assert violations(page, "search drop-down") == []
    box.press("Enter")
    page.wait_for_url("**/tim/?q=may+moc+ngoc+lac")
    expect(page.get_by_role("heading", name="Đề án 2")).to_be_visible()

    page.keyboard.press("/")
    with page.expect_response(re.compile(r"q=may(\+|%20)tre(\+|%20)thu$")):
        page.keyboard.type("may tre thu")
    expect(page.get_by_role("group", name="Cơ sở CNNT 1")).to_be_visible()
    page.keyboard.press("ArrowDown")  # "Cơ sở Mây Tre Thử" is named so
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/de-an/{project.code}/")

    page.keyboard.press("/")
    expect(page.get_by_role("group", name="Mở gần đây").get_by_role("option")).to_contain_text(project.title)
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox", name="Tìm kiếm")).to_be_hidden()
    kept = "Object.entries(localStorage).filter(([key]) => key.startsWith('kc.recent.')).map(([, v]) => v)"
    assert page.evaluate(kept) == [f"/de-an/{project.code}/"], "addresses only, never a name"
    page.get_by_role("button", name="Đăng xuất").first.click()
    expect(page.get_by_role("heading", name="Đăng nhập")).to_be_visible()
    assert page.evaluate(kept) == []


def test_without_scripts_the_box_is_a_plain_form(fresh_page: FreshPage, thanh_hoa_centre: User) -> None:
    may_sign_in(thanh_hoa_centre)
    project = make_project(thanh_hoa_centre)
    page = fresh_page(java_script_enabled=False)
    sign_in(page, thanh_hoa_centre)
    page.get_by_role("searchbox", name="Tìm kiếm").fill(project.code)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=project.title)).to_be_visible()


def test_filters_are_kept_opened_first_shared_and_let_go(
    seat: Seat, thanh_hoa_officer: User, thanh_hoa_leader: User
) -> None:
    make_project(thanh_hoa_officer)
    page, leader = seat(thanh_hoa_officer, "/de-an/"), seat(thanh_hoa_leader, "/de-an/")
    quick = page.get_by_role("group", name="Bộ lọc nhanh")
    page.get_by_label("Nguồn").select_option("KCQG")
    chip = page.get_by_role("list", name="Đang lọc theo").get_by_role("link")
    expect(chip).to_contain_text("Nguồn: Khuyến công quốc gia")
    page.get_by_text("Lưu bộ lọc").click()
    page.get_by_label("Tên bộ lọc").fill("Tiền quốc gia")
    page.get_by_label("Mở danh sách bằng bộ lọc này").check()
    page.get_by_label("Chia sẻ với đơn vị của tôi").check()
    assert violations(page, "saving a view") == []
    page.get_by_role("button", name="Lưu", exact=True).click()
    says(page, "Đã lưu bộ lọc “Tiền quốc gia”.")
    page.goto("/de-an/")
    expect(page).to_have_url(re.compile(r"purse=KCQG$"))
    expect(quick.get_by_role("link", name="Tiền quốc gia")).to_have_attribute("aria-current", "true")
    quick.get_by_role("link", name="Tất cả").click()
    expect(chip).to_have_count(0)
    leader.reload()
    leader.get_by_role("link", name="Tiền quốc gia").click()
    expect(leader.get_by_label("Nguồn")).to_have_value("KCQG")
    leader.get_by_text("Bộ lọc này", exact=True).click()
    expect(leader.locator(".list-state")).to_contain_text("chia sẻ với")
    quick.get_by_role("link", name="Tiền quốc gia").click()
    page.get_by_text("Bộ lọc này", exact=True).click()
    page.get_by_role("button", name="Xóa bộ lọc").click()
    expect(quick.get_by_role("link", name="Tiền quốc gia")).to_have_count(0)


def test_a_list_leaves_as_the_workbook_of_what_is_seen(
    seat: Seat, thanh_hoa_centre: User, tmp_path: Path
) -> None:
    wanted = make_project(thanh_hoa_centre, title="Hỗ trợ máy dệt thử")
    make_project(thanh_hoa_centre, title="Hỗ trợ máy xay thử")
    page = seat(thanh_hoa_centre, "/de-an/")
    page.locator("#filters").get_by_label("Tìm").fill("det")
    page.keyboard.press("Enter")
    expect(page.locator("[data-row]")).to_have_count(1)
    sheet = openpyxl.load_workbook(keep_download(page, "Excel", tmp_path)).worksheets[0]
    cells = [row[0] for row in sheet.iter_rows(values_only=True)]
    assert cells[1:-1] == [wanted.code]
    assert str(cells[-1]).startswith("Điều kiện lọc: Tìm: det. Xuất lúc ")


def test_on_a_phone_filters_open_on_demand_and_back_returns_to_the_same_place(
    seat: Seat, thanh_hoa_centre: User
) -> None:
    for number in range(12):
        keep(thanh_hoa_centre, f"Hợp tác xã Thử {number}", legal_form="HTX")
    page = seat(thanh_hoa_centre, "/co-so/", size=PHONE)
    toggle, form = page.get_by_role("button", name="Lọc").first, page.locator("#filters")
    expect(form).to_be_hidden()
    toggle.click()
    form.get_by_label("Loại hình").select_option("HTX")
    expect(toggle).to_contain_text("1")
    expect(page).to_have_url(re.compile("legal_form=HTX"))
    assert violations(page, "filters on a phone") == []
    fits(page)

    last = page.locator("[data-row-link]").last
    last.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    assert before > 0
    last.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hợp tác xã Thử")
    page.go_back()
    expect(page.get_by_role("list", name="Đang lọc theo")).to_contain_text("Loại hình: Hợp tác xã")
    page.wait_for_function("before => Math.abs(scrollY - before) < 400 && scrollY > 0", arg=before)
    page.get_by_role("list", name="Đang lọc theo").get_by_role("link").click()
    expect(page.get_by_role("list", name="Đang lọc theo")).to_have_count(0)


def test_without_scripts_filters_show_and_a_view_is_saved(
    fresh_page: FreshPage, thanh_hoa_centre: User
) -> None:
    may_sign_in(thanh_hoa_centre)
    keep(thanh_hoa_centre, "Hợp tác xã Thử", legal_form="HTX")
    page = fresh_page(size=PHONE, java_script_enabled=False)
    page.goto("/co-so/?legal_form=HTX")
    page.get_by_label("Tên đăng nhập").fill(thanh_hoa_centre.username)
    page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.locator("#filters")).to_be_visible()
    page.get_by_text("Lưu bộ lọc").click()
    page.get_by_label("Tên bộ lọc").fill("Hợp tác xã")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_role("group", name="Bộ lọc nhanh")).to_contain_text("Hợp tác xã")
