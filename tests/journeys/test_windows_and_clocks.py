"""A window closes, is extended with a reason and lets a late dossier in; its clock is stopped and runs on."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from accounts.scope import act_as
from programs.lifecycle import Purse
from programs.models import Gate
from programs.windows import Dates, set_window
from tests.cast import province
from tests.factories import make_project
from tests.journeys.conftest import Seat
from tests.journeys.portal import says

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_late_dossier_waits_for_the_extension_and_the_offices_clock_can_stand_still(
    seat: Seat, thanh_hoa_centre: User, thanh_hoa_officer: User, thanh_hoa_leader: User
) -> None:
    today = timezone.localdate()
    with act_as(thanh_hoa_leader):
        dates = Dates(today - dt.timedelta(days=60), today - dt.timedelta(days=1))
        set_window(
            Gate.SO, Purse.KCQG, 2027, province("Thanh Hóa"), dates, actor=thanh_hoa_leader, seen_number=0
        )
    code = make_project(thanh_hoa_centre).code
    checks = f"/de-an/{code}/sua/kiem-tra/"
    centre = seat(thanh_hoa_centre, checks)
    expect(centre.get_by_text("hôm nay ngoài đợt")).to_be_visible()
    expect(centre.get_by_role("button", name="Nộp Sở Công Thương")).to_be_disabled()

    leader = seat(thanh_hoa_leader, "/ke-hoach/dot-dang-ky/?nam=2027")
    row = leader.get_by_role("row").filter(has_text="Đơn vị nộp Sở")
    expect(row).to_contain_text("đã đóng")
    row.get_by_role("link", name=re.compile("Gia hạn")).click()
    last = (today + dt.timedelta(days=30)).strftime("%d/%m/%Y")
    leader.get_by_label("Đến hết ngày").fill(last)
    leader.get_by_label("Lý do thay đổi").fill("chờ danh mục ngành nghề")
    leader.get_by_role("button", name="Ghi đợt đăng ký").click()
    says(leader, f"nhận đến hết {last}")
    expect(leader.get_by_role("row").filter(has_text="Đơn vị nộp Sở")).to_contain_text("đang nhận")

    centre.goto(checks)
    centre.get_by_role("button", name="Nộp Sở Công Thương").click()
    says(centre, code)
    officer = seat(thanh_hoa_officer, f"/de-an/{code}/")
    officer.get_by_text("Tạm dừng tính hạn", exact=True).click()
    officer.get_by_label("Lý do tạm dừng").fill("chờ ý kiến Sở Tài chính")
    officer.get_by_role("button", name="Tạm dừng", exact=True).click()
    says(officer, "Đã tạm dừng tính hạn")
    expect(officer.locator(".page-head")).to_contain_text("tạm dừng tính hạn")
    officer.get_by_role("button", name="Tính tiếp thời hạn").click()
    says(officer, "Đã tính tiếp thời hạn")
    expect(officer.locator(".page-head")).to_contain_text(re.compile(r"hạn \d\d/\d\d/\d{4}"))
