"""WCAG 2.2 AA as far as axe can tell, on every main page at both sizes.

The watch over each browser (``conftest.watch``) fails the test for a message in the console, a content policy
violated, a request that fails and a request to another host.
"""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.roles import Role
from tests import cast
from tests.journeys import world
from tests.journeys.conftest import FreshPage, Seat
from tests.journeys.portal import DESK, PHONE

pytestmark = pytest.mark.django_db(transaction=True)

AXE = Axe().axe_script
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}


def violations(page: Page, name: str) -> list[str]:
    """What axe finds on the page as it stands, at the desk's and at the phone's size."""
    found: list[str] = []
    page.evaluate(AXE)
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        for rule in page.evaluate("rules => axe.run(rules)", RULES)["violations"]:
            places = "; ".join(f"{node['target']} {node['html'][:160]}" for node in rule["nodes"][:3])
            found.append(f"{name} at {size['width']}: {rule['id']} ({rule['help']}): {places}")
    page.set_viewport_size(DESK)
    return found


def test_no_page_breaks_the_accessibility_rules(
    seat: Seat, fresh_page: FreshPage, thanh_hoa_centre: User, thanh_hoa_leader: User, cuc_leader: User
) -> None:
    found: list[str] = []
    tours = world.build(thanh_hoa_centre, thanh_hoa_leader, cuc_leader)
    for tour in tours:
        page = seat(tour.user)
        for stop in tour.stops:
            answer: Any = page.goto(stop.path)
            assert answer.status == (404 if stop.is_refusal else 200), stop.name
            found += violations(page, stop.name)
    found += _refused_forms(seat(thanh_hoa_centre), tours[0])
    found += _sign_in(fresh_page())
    found += _pieces(seat(cast.person("quan.tri", "Quản Trị Thử", Role.ADMIN, cast.cuc())))
    assert found == [], "\n".join(found)


def _pieces(page: Page) -> list[str]:
    """Every piece in every state, the dialog open at last."""
    page.goto("/kieu-dang/")
    found = violations(page, "pieces")
    page.get_by_role("button", name="Mở hộp thoại").click()
    found += violations(page, "pieces, dialog open")
    page.goto("/tinh-trang/")
    return found + violations(page, "status")


def _sign_in(page: Page) -> list[str]:
    page.goto("/dang-nhap/")
    found = violations(page, "sign-in")
    page.get_by_label("Tên đăng nhập").fill("nobody")
    page.get_by_label("Mật khẩu", exact=True).fill("sai")
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return found + violations(page, "sign-in refused")


def _refused_forms(page: Page, tour: world.Tour) -> list[str]:
    """Pages that came back with errors at their fields."""
    page.goto(tour.path("create"))
    page.get_by_role("button", name="Tạo bản nháp").click()
    expect(page.get_by_role("alert")).to_be_focused()
    found = violations(page, "create refused")
    page.goto(tour.path("section kinh-phi"))
    page.get_by_label("KC quốc gia dòng 1").fill("một ít")
    page.get_by_label("Bắt đầu").fill("31/02/2027")
    page.get_by_role("button", name="Lưu và tiếp tục").click()
    expect(page.get_by_role("alert")).to_be_focused()
    return found + violations(page, "section kinh-phi refused")
