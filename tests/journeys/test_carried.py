"""A project from paper, from the leader's first day in the portal to its page: two people of a Sở."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from programs.lifecycle import Purse
from tests.carried import give_ceiling
from tests.cast import centre_of
from tests.factories import tax_code
from tests.journeys.conftest import Seat
from tests.journeys.portal import DESK, PHONE, fits

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_people_take_a_project_over_from_paper(
    seat: Seat, thanh_hoa_officer: User, thanh_hoa_leader: User
) -> None:
    centre_of("Thanh Hóa")
    give_ceiling(thanh_hoa_leader, Purse.KCDP, 2018)
    leader = seat(thanh_hoa_leader, "/ke-hoach/")
    leader.get_by_role("link", name="Đề án chuyển tiếp").click()
    leader.get_by_role("textbox", name="Ngày bắt đầu dùng cổng").fill("1/1/2026")
    leader.get_by_role("textbox", name="Số văn bản").fill("01/TB-TN")
    leader.get_by_role("button", name="Ghi ngày").click()
    expect(leader.get_by_text("Đã ghi ngày bắt đầu dùng cổng.")).to_be_visible()
    officer = seat(thanh_hoa_officer, "/chuyen-tiep/nhap/")
    _fill(officer)
    fits(officer, PHONE, DESK)
    officer.get_by_role("button", name="Gửi để xác nhận").press("Enter")
    expect(officer.get_by_text("Số dư phải là").first).to_be_visible()
    fits(officer, PHONE, DESK)
    officer.get_by_role("textbox", name="Khuyến công địa phương: Còn lại").fill("")
    officer.get_by_role("button", name="Gửi để xác nhận").press("Enter")
    expect(officer.get_by_text("Đề án có trên cổng khi người thứ hai xác nhận.")).to_be_visible()
    leader.goto("/chuyen-tiep/")
    fits(leader, PHONE, DESK)
    leader.get_by_role("link", name="Hỗ trợ máy ép thử trên giấy").click()
    fits(leader, PHONE, DESK)
    leader.get_by_role("button", name="Xác nhận").press("Enter")
    expect(leader.get_by_text("Đã ghi nhận.")).to_be_visible()
    leader.get_by_role("link", name="KCDP-2018-38-0001").click()
    expect(leader.get_by_text("chưa kiểm tra theo quy định").first).to_be_visible()
    expect(leader.get_by_text("Chuyển tiếp từ hồ sơ giấy")).to_be_visible()
    fits(leader, PHONE, DESK)
    leader.goto("/de-an/")
    expect(leader.get_by_text("số liệu chuyển tiếp").first).to_be_visible()


def _fill(page: Page) -> None:
    page.get_by_label("Năm kế hoạch").select_option("2018")
    page.get_by_role("textbox", name="Tên đề án").fill("Hỗ trợ máy ép thử trên giấy")
    page.get_by_label("Nội dung hoạt động").select_option("N3.3")
    page.get_by_label("Đơn vị thực hiện").select_option(label="Trung tâm Khuyến công Thanh Hóa")
    page.get_by_role("combobox", name="Tên cơ sở").first.fill("HTX Ép Thử Giả Định")
    page.get_by_role("textbox", name="Mã số thuế").first.fill(tax_code(4242))
    page.get_by_role("textbox", name="Số quyết định phê duyệt").fill("11/QĐ-TN")
    page.get_by_role("textbox", name="Ngày quyết định").fill("1/2/2018")
    page.get_by_role("textbox", name="Cơ quan, người ký").fill("UBND tỉnh (thử)")
    page.get_by_label("Tình trạng trên giấy").select_option("DOING")
    page.get_by_role("textbox", name="Số liệu đến hết ngày").fill("31/12/2025")
    page.get_by_role("textbox", name="Khuyến công địa phương: Được phê duyệt").fill("100")
    page.get_by_role("textbox", name="Khuyến công địa phương: Đã giải ngân").fill("60")
    page.get_by_role("textbox", name="Khuyến công địa phương: Còn lại").fill("41")
    page.get_by_role("textbox", name="Ngày tạm ứng").first.fill("4/5/2018")
    page.get_by_role("textbox", name="Số tiền tạm ứng").first.fill("40")
    page.get_by_label("Nguồn", exact=True).first.select_option("KCDP")
