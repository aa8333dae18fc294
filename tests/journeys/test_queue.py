"""The first page of the day: what waits and why; where nothing is, what to do; on a lost page, a way back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from accounts.models import User
from programs.lifecycle import State
from tests.factories import advance_to, make_project
from tests.journeys.conftest import Seat

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_queue_counts_once_and_says_of_each_row_why_it_is_there(
    seat: Seat, thanh_hoa_centre: User, thanh_hoa_officer: User
) -> None:
    for number in (1, 2, 3):
        waiting = make_project(thanh_hoa_centre, title=f"Hỗ trợ máy móc thử, hàng việc {number}")
        advance_to(waiting, State.SUBMITTED_PROV, drafter=thanh_hoa_centre)
    make_project(thanh_hoa_centre, title="Hỗ trợ máy móc thử, còn là bản nháp")
    page = seat(thanh_hoa_officer)
    rows = page.locator("main tbody tr")
    expect(rows).to_have_count(3)
    expect(page.get_by_role("link", name="Việc của tôi 3 việc")).to_be_visible()
    expect(page.locator(".chips [aria-current]")).to_have_text(re.compile(r"Cần tôi xử lý\s*3"))
    page.set_viewport_size({"width": 683, "height": 384})
    page.reload()
    assert page.evaluate("window.scrollY") == 0, "a page begins at its heading"
    why = rows.first.locator("details.why")
    why.locator("summary").click()
    expect(why).to_contain_text("Đơn vị đã nộp, chờ Sở tiếp nhận")
    expect(why).to_contain_text("chưa kiểm chứng")  # no document sets this term


def test_an_empty_list_says_why_and_leads_on(seat: Seat, thanh_hoa_centre: User) -> None:
    make_project(thanh_hoa_centre, title="Hỗ trợ máy móc thử, có một")
    page = seat(thanh_hoa_centre, "/de-an/?q=khong+co+gi")
    expect(page.get_by_role("heading", name="Không có đề án nào khớp")).to_be_visible()
    page.locator(".empty").get_by_role("link", name="Bỏ lọc").click()
    expect(page.get_by_role("link", name="Hỗ trợ máy móc thử, có một")).to_be_visible()


def test_a_page_that_is_not_there_says_so_and_leads_back(seat: Seat, thanh_hoa_centre: User) -> None:
    page = seat(thanh_hoa_centre)
    answer = page.goto("/de-an/KCQG-2027-38-9999/")
    assert answer is not None and answer.status == 404
    expect(page.get_by_text(re.compile("Mã sự cố"))).to_be_visible()
    page.locator("main").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="hôm nay có 0 việc")).to_be_visible()
