"""A contract and its first advance in a browser: the Cục, the centre, the Sở, the Cục's leader and clerk."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from accounts.models import User
from programs.lifecycle import State
from tests.journeys.conftest import Seat
from tests.journeys.portal import DESK, PHONE, fits, says, stored
from tests.money import decided

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_advance_goes_from_hand_to_hand_until_it_stands_in_the_ledger(
    seat: Seat, thanh_hoa_centre: User, thanh_hoa_leader: User, cuc_officer: User, cuc_leader: User
) -> None:
    project = decided(thanh_hoa_centre)
    clerk = seat(cuc_officer, f"/de-an/{project.code}/")
    clerk.get_by_role("link", name="Hợp đồng, kinh phí").click()
    clerk.get_by_label("Số hợp đồng").fill("15/HĐ-THỬ")
    clerk.get_by_label("Ngày ký").fill("20/11/2026")
    clerk.get_by_label("Người ký").fill("Cục trưởng (thử)")
    amount = clerk.get_by_role("textbox", name="Kinh phí hỗ trợ theo hợp đồng")
    amount.fill("251 triệu")
    clerk.get_by_role("button", name="Ghi hợp đồng").click()
    expect(clerk.get_by_role("alert")).to_contain_text("không vượt số được phê duyệt")
    expect(clerk.get_by_label("Số hợp đồng")).to_have_value("15/HĐ-THỬ")
    amount.fill("240 triệu")
    clerk.get_by_role("button", name="Ghi hợp đồng").click()
    says(clerk, "Đã ghi hợp đồng")
    assert stored(project.code, cuc_officer).state == State.CONTRACTED

    page = seat(thanh_hoa_centre, f"/de-an/{project.code}/kinh-phi/")
    page.get_by_role("textbox", name="Số tiền đề nghị").fill("72 triệu")
    page.get_by_label("Khối lượng đã hoàn thành").fill("55")
    page.get_by_label("Nội dung đề nghị").fill("Đã đặt cọc máy.")
    page.get_by_role("button", name="Gửi đề nghị").click()
    says(page, "Đã gửi đề nghị")
    fits(page, PHONE, DESK)

    for user, button in ((thanh_hoa_leader, "Xác nhận"), (cuc_leader, "Duyệt chi")):
        signer = seat(user, "/tam-ung-thanh-toan/?mine=true")
        signer.get_by_role("link", name=project.title).click()
        if user == cuc_leader:  # 55 % of the work is not yet what an advance asks for
            expect(signer.get_by_text("Chỉ tạm ứng khi khối lượng đã quá 70 %")).to_be_visible()
            signer.get_by_role("button", name=button).press("Enter")
            expect(signer.get_by_label("Văn bản, lý do cho phép")).to_have_attribute("aria-invalid", "true")
            signer.get_by_label("Văn bản, lý do cho phép").fill("Công văn thử 12: cho tạm ứng sớm.")
        signer.get_by_role("button", name=button).press("Enter")
        says(signer, "Đã ghi nhận")
        expect(signer.get_by_role("button", name=button)).to_have_count(0)

    clerk.goto("/tam-ung-thanh-toan/?mine=true")
    clerk.get_by_role("link", name=project.title).click()
    clerk.get_by_role("button", name="Ghi đã chi").click()
    expect(clerk.get_by_label("Số chứng từ")).to_have_attribute("aria-invalid", "true")
    clerk.get_by_label("Số chứng từ").fill("UNC 0012")
    clerk.get_by_role("button", name="Ghi đã chi").click()
    says(clerk, "Đã ghi nhận")
    fits(clerk, PHONE, DESK)

    page.goto(f"/de-an/{project.code}/kinh-phi/")
    expect(page.locator("section").filter(has_text="Sổ kinh phí")).to_contain_text("UNC 0012")
    left = page.locator("section").filter(has_text="Còn đề nghị được").locator("tbody td").last
    expect(left).to_have_text("168")
