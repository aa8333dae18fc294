"""An office opens its register; the next receipt has its number, on paper and in the list, by phone too."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Organisation, User
from accounts.roles import Role
from programs.lifecycle import State
from tests.cast import person, so_of
from tests.factories import advance_to, make_project
from tests.journeys.conftest import Seat
from tests.journeys.portal import DESK, PHONE, fits, says, take_step

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_register_is_opened_and_its_first_number_stands_on_a_receipt(
    seat: Seat, thanh_hoa_centre: User, thanh_hoa_officer: User
) -> None:
    office = so_of("Thanh Hóa")
    Organisation.objects.filter(pk=office.pk).update(head_symbol="SCT")
    project = make_project(thanh_hoa_centre)
    advance_to(project, State.SUBMITTED_PROV, drafter=thanh_hoa_centre)
    _open(seat(person("so.quantri.thu", "Vũ Thị Quản", Role.OFFICE_ADMIN, office)), office)
    officer = seat(thanh_hoa_officer)
    take_step(officer, project.code, "Tiếp nhận, bắt đầu thẩm định")
    officer.goto(f"/de-an/{project.code}/giay-tiep-nhan/")
    expect(officer.locator(".paper__head")).to_contain_text("Số: 118/GTN-SCT")
    fits(officer, PHONE, DESK)
    officer.goto(f"/co-quan/{office.uuid}/so-va-con-dau/")
    fits(officer, PHONE, DESK)
    officer.get_by_role("link", name="Sổ tiếp nhận hồ sơ").click()
    row = officer.locator("[data-row]")
    expect(row).to_contain_text("118/GTN-SCT")
    fits(officer, PHONE, DESK)
    row.get_by_role("link", name="Hủy số").click()
    officer.get_by_label("Lý do hủy số").fill("In hỏng")
    officer.get_by_role("button", name="Hủy số").click()
    says(officer, "Đã hủy số 118/GTN-SCT")
    officer.goto(f"/de-an/{project.code}/giay-tiep-nhan/")
    officer.get_by_role("button", name="Cấp số").click()
    expect(officer.locator(".paper__head")).to_contain_text("Số: 119/GTN-SCT")
    expect(officer.get_by_role("button", name="Cấp số")).to_have_count(0)


def _open(page: Page, office: Organisation) -> None:
    page.goto(f"/co-quan/{office.uuid}/")
    page.get_by_role("link", name="Sổ và con dấu").click()
    page.get_by_role("link", name="Mở sổ").click()
    page.get_by_label("Số đầu tiên").fill("118")
    fits(page, PHONE, DESK)
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_role("row", name="Sổ tiếp nhận hồ sơ")).to_contain_text("chưa cấp số nào")
    page.get_by_role("link", name="Ghi con dấu, chứng thư").click()
    page.get_by_label("Số đăng ký hoặc số chứng thư").fill("0123")
    page.get_by_label("Văn bản").fill("Giấy chứng nhận thử")
    page.get_by_label("Từ ngày").fill("01/07/2025")
    fits(page, PHONE, DESK)
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_role("row", name="Con dấu cơ quan")).to_contain_text("đang có giá trị")
