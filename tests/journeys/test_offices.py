"""An office among itself: a newcomer, a proposal returned and made again, authority lent for a decision."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Organisation, User
from accounts.roles import Role
from programs.lifecycle import State
from tests.cast import person, so_of
from tests.factories import advance_to, make_project
from tests.journeys.conftest import FreshPage, Seat
from tests.journeys.portal import CRITERIA, says, take_step

pytestmark = pytest.mark.django_db(transaction=True)
OWN_PASSWORD = "mat khau rieng cua nguoi moi"


def test_a_newcomer_proposes_and_signs_for_the_leader_who_lent_the_authority(
    seat: Seat, fresh_page: FreshPage, thanh_hoa_centre: User, thanh_hoa_leader: User
) -> None:
    office = so_of("Thanh Hóa")
    admin = person("so.quantri.thu", "Vũ Thị Quản", Role.OFFICE_ADMIN, office)
    project = make_project(thanh_hoa_centre)
    advance_to(project, State.SUBMITTED_PROV, drafter=thanh_hoa_centre)
    code = project.code
    newcomer = _first_sign_in(fresh_page(), _join(seat(admin), office))
    take_step(newcomer, code, "Tiếp nhận, bắt đầu thẩm định")
    leader = seat(thanh_hoa_leader)
    _propose(newcomer, code, "Hồ sơ đủ, giá hợp lý.")
    leader.goto(f"/de-an/{code}/tham-dinh/")
    expect(leader.get_by_role("blockquote")).to_contain_text("Hồ sơ đủ, giá hợp lý.")
    leader.get_by_label("Lý do trả lại").fill("Thêm so sánh ba báo giá.")
    leader.get_by_role("button", name="Trả lại đề xuất").click()
    says(leader, "trả lại")
    _propose(newcomer, code, "Đã thêm so sánh ba báo giá.")
    _lend(leader, office, User.objects.get(username="hoang.moi"))
    newcomer.goto(f"/de-an/{code}/tham-dinh/")
    steps = newcomer.locator("section", has=newcomer.get_by_role("heading", name="Bước tiếp theo của bạn"))
    for criterion in CRITERIA:
        newcomer.get_by_role("group", name=criterion).get_by_label("Đạt", exact=True).check()
    steps.get_by_role("radio", name=re.compile("^Đạt thẩm định")).check()
    steps.get_by_role("button", name=re.compile("^Xác nhận")).click()
    says(newcomer, code)
    newcomer.goto(f"/de-an/{code}/")
    expect(newcomer.locator(".timeline").first).to_contain_text(
        f"(ký KT., thay {thanh_hoa_leader.full_name})"
    )


def _join(page: Page, office: Organisation) -> str:
    """The office's administrator adds somebody; the password shown once."""
    page.goto(f"/co-quan/{office.uuid}/")
    page.get_by_role("link", name="Thêm người").click()
    page.get_by_label("Họ và tên").fill("Hoàng Văn Mới")
    page.get_by_label("Tên đăng nhập").fill("hoang.moi")
    page.get_by_label("Điện thoại").fill("0900000000")
    page.get_by_label("Vai trò").select_option("SO_OFFICER")
    page.get_by_role("button", name="Thêm và tạo mật khẩu tạm").click()
    expect(page.get_by_role("heading", name="Mật khẩu tạm của Hoàng Văn Mới")).to_be_visible()
    return page.locator("dd code").inner_text()


def _first_sign_in(page: Page, password: str) -> Page:
    """No page before one's own password."""
    page.goto("/")
    page.get_by_label("Tên đăng nhập").fill("hoang.moi")
    page.get_by_label("Mật khẩu", exact=True).fill(password)
    page.get_by_role("button", name="Đăng nhập").click()
    heading = page.get_by_role("heading", name="Đặt mật khẩu của bạn")
    expect(heading).to_be_visible()
    page.goto("/de-an/")
    expect(heading).to_be_visible()
    page.locator("[name=old_password]").fill(password)
    page.locator("[name=new_password1]").fill(OWN_PASSWORD)
    page.locator("[name=new_password2]").fill(OWN_PASSWORD)
    page.get_by_role("button", name="Đặt mật khẩu và vào cổng").click()
    expect(page.locator(".account__who")).to_contain_text("Hoàng Văn Mới")
    page.wait_for_load_state("load")
    return page


def _propose(page: Page, code: str, note: str) -> None:
    page.goto(f"/de-an/{code}/tham-dinh/")
    card = page.locator("form", has=page.get_by_role("heading", name="Trình lãnh đạo"))
    card.get_by_role("radio", name=re.compile("^Đạt thẩm định")).check()
    card.get_by_label(re.compile("^Ý kiến trình")).fill(note)
    card.get_by_role("button", name="Trình lãnh đạo").click()
    expect(page.get_by_text(note).last).to_be_visible()


def _lend(page: Page, office: Organisation, delegate: User) -> None:
    today = timezone.localdate()
    page.goto(f"/co-quan/{office.uuid}/uy-quyen/")
    page.get_by_role("link", name=re.compile("^Ủy quyền")).last.click()
    page.get_by_label("Người được ủy quyền").select_option(str(delegate.pk))
    page.locator("[name=form]").select_option("KT")
    page.locator("[name=number]").fill("05/QĐ-THỬ")
    for name, day in (("decided_on", today), ("first", today), ("last", today + dt.timedelta(days=7))):
        page.locator(f"[name={name}]").fill(f"{day:%d/%m/%Y}")
    page.get_by_role("button", name="Ủy quyền", exact=True).click()
    expect(page.get_by_role("row").filter(has_text="05/QĐ-THỬ")).to_contain_text("đang hiệu lực")
