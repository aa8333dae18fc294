"""WCAG 2.2 AA as far as axe can tell, on every main page at both sizes.

The watch over each browser (``conftest.watch``) fails the test for a message in the console, a content policy
violated, a request that fails and a request to another host.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import resolve
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.roles import Role
from programs.lifecycle import State
from tests import cast
from tests.factories import advance_to, make_project
from tests.journeys import world
from tests.journeys.conftest import FreshPage, Seat
from tests.journeys.portal import DESK, PHONE
from tests.matrix.table import ROUTES

pytestmark = pytest.mark.django_db(transaction=True)

AXE = Axe().axe_script
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
    # To read style sheets axe writes styles, which the content policy refuses; test_minified looks for what
    # css-orientation-lock would find.
    "preload": False,
}


def violations(page: Page, name: str) -> list[str]:
    """What axe finds on the page as it stands, at the desk's and at the phone's size."""
    found: list[str] = []
    page.wait_for_load_state()  # with its style
    page.evaluate(AXE)
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        for rule in page.evaluate("rules => axe.run(rules)", RULES)["violations"]:
            places = "; ".join(f"{node['target']} {node['html'][:160]}" for node in rule["nodes"][:3])
            found.append(f"{name} at {size['width']}: {rule['id']} ({rule['help']}): {places}")
    page.set_viewport_size(DESK)
    return found


NO_PAGES = {
    "healthz", "readyz", "accounts:inbox_bell",
    "programs:lookup_units", "programs:lookup_establishments",  # rows for a type-ahead
    "programs:attachment_download", "programs:step_paper", "programs:import_errors",
    "programs:tranche_decision_file", "programs:tranche_notice_file", "reports:report_download",
    "programs:document_file", "programs:proposal_file", "programs:carried_file",
    "programs:contract_file", "programs:payment_file",
    "programs:remark_thread",  # leads on to another page
    "programs:feed",  # a file for calendar programs
    "programs:import_mend", "programs:import_apply",  # likewise
}  # fmt: skip
"""What is asked for by GET and answers with something else than a page of its own."""


def test_no_page_breaks_the_accessibility_rules(
    seat: Seat, fresh_page: FreshPage, thanh_hoa_centre: User, thanh_hoa_leader: User, cuc_leader: User
) -> None:
    found: list[str] = []
    tours = world.build(thanh_hoa_centre, thanh_hoa_leader, cuc_leader)
    for tour in tours:
        found += _walked(seat(tour.user), tour)
    found += _walked(seat(world.administrator()), world.desk(thanh_hoa_leader))
    found += _sign_in(fresh_page())
    found += _pieces(seat(cast.person("quan.tri", "Quản Trị Thử", Role.ADMIN, cast.cuc())))
    assert found == [], "\n".join(found)


def _walked(page: Page, tour: world.Tour) -> list[str]:
    found: list[str] = []
    for stop in tour.stops:
        answer: Any = page.goto(stop.path)
        assert answer.status == (404 if stop.is_refusal else 200), stop.name
        found += violations(page, stop.name)
        found += _wide_when_enlarged(page, stop.name)
    return found


def test_the_tour_visits_every_page(thanh_hoa_centre: User, thanh_hoa_leader: User, cuc_leader: User) -> None:
    tours = [*world.build(thanh_hoa_centre, thanh_hoa_leader, cuc_leader), world.desk(thanh_hoa_leader)]
    paths = [urlsplit(stop.path).path for tour in tours for stop in tour.stops if not stop.is_refusal]
    visited = {resolve(path).view_name for path in (*paths, "/dang-nhap/", "/kieu-dang/", "/tinh-trang/")}
    pages = {name for name, line in ROUTES.items() if "GET" in line.acts and not name.startswith("api:")}
    assert pages - visited == NO_PAGES


def test_no_state_of_a_page_breaks_the_accessibility_rules(
    seat: Seat, thanh_hoa_centre: User, thanh_hoa_leader: User, cuc_leader: User
) -> None:
    """Errors at their fields, lists of choices and windows that stand open, notices, many rows at once."""
    tours = world.build(thanh_hoa_centre, thanh_hoa_leader, cuc_leader)
    sent = make_project(thanh_hoa_centre, title="Hỗ trợ máy móc thử, vừa nộp")
    advance_to(sent, State.SUBMITTED_PROV, drafter=thanh_hoa_centre)
    desk = seat(thanh_hoa_centre)
    found = _refused_forms(desk, tours[0]) + _open_parts(desk, tours[0])
    found += _chosen_looks(desk, tours[0])
    found += _steps(seat(thanh_hoa_leader), tours[1], sent.code)
    assert found == [], "\n".join(found)


def _wide_when_enlarged(page: Page, name: str) -> list[str]:
    """At 200 % on 1366 px, on a phone and at the 320 px of WCAG 1.4.10, nothing is scrolled sideways.

    Fingers get larger buttons, therefore it is measured with a touch screen.
    """
    found = []
    _touch(page, on=True)
    for width in (683, PHONE["width"], 320):
        page.set_viewport_size({"width": width, "height": 384})
        seen = page.evaluate("document.documentElement.scrollWidth")
        if seen > width:
            found.append(f"{name}: {seen} px wide on {width}")
    _touch(page, on=False)
    page.set_viewport_size(DESK)
    return found


def _touch(page: Page, *, on: bool) -> None:
    line = page.context.new_cdp_session(page)
    line.send("Emulation.setTouchEmulationEnabled", {"enabled": on})
    assert page.evaluate("matchMedia('(pointer: coarse)').matches") is on
    line.detach()


def _open_parts(page: Page, tour: world.Tour) -> list[str]:
    """What opens on a page: choices of a type-ahead, the calendar, menus, the keys' help, filters."""
    page.goto(tour.path("section thong-tin"))
    box = page.locator("input[role=combobox]").and_(page.get_by_label("Ngành nghề"))
    box.fill("hang tieu dung")
    expect(page.locator("[role=option]:visible").first).to_be_visible()
    found = violations(page, "choices open")
    page.goto(tour.path("section kinh-phi"))
    page.get_by_role("button", name="Lịch").first.click()
    found += violations(page, "calendar open")
    page.goto(tour.path("list"))
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    found += violations(page, "keys' help open")
    page.keyboard.press("Escape")
    page.evaluate("document.querySelectorAll('details').forEach((part) => (part.open = true))")
    found += violations(page, "menus open")
    page.goto(tour.path("queue"))
    page.keyboard.press("/")
    page.keyboard.type("thu")
    expect(page.locator(".search [role=option]").first).to_be_visible()
    return found + violations(page, "search hits open")


def _chosen_looks(page: Page, tour: world.Tour) -> list[str]:
    """More contrast and larger letters, as the reader may choose them."""
    page.goto(tour.path("section kinh-phi"))
    page.evaluate("document.documentElement.dataset.contrast = 'high'")
    page.evaluate("document.documentElement.dataset.text = 'large'")
    return violations(page, "more contrast, larger letters")


def _steps(page: Page, tour: world.Tour, received: str) -> list[str]:
    """A refused step; the notice after a step with its way back."""
    page.goto(tour.path("review"))
    page.get_by_role("radio", name=re.compile("^Yêu cầu bổ sung")).check()
    page.get_by_role("button", name="Xác nhận").click()
    expect(page.get_by_role("alert")).to_be_visible()
    found = violations(page, "step refused")
    page.goto(f"/de-an/{received}/tham-dinh/")
    page.get_by_role("radio", name=re.compile("^Tiếp nhận")).check()
    page.get_by_role("button", name="Xác nhận").click()
    expect(page.get_by_role("button", name="Hoàn tác")).to_be_visible()
    return found + violations(page, "notice with its way back")


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
