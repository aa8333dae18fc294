"""Finding: one search box, recent items. (Behaviour 2.)"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from accounts.models import User
from tests.beneficiaries.test_establishment_list import keep
from tests.factories import commune, make_project
from tests.journeys.conftest import FreshPage, Seat
from tests.journeys.portal import may_sign_in, sign_in
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
    page.keyboard.type("may tre thu")
    expect(page.get_by_role("group", name="Cơ sở CNNT 1")).to_be_visible()
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
