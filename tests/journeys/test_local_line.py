"""Local money takes the province's own short road: to the Chairman's decision, unseen by the Cục."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.factories import tax_code
from tests.journeys.conftest import Seat
from tests.journeys.portal import (
    CRITERIA,
    attach_missing_papers,
    autosaved,
    choose_by_typing,
    fill_paper,
    press_on,
    put_into_tranche,
    says,
    stored,
    take_step,
    upload_book,
)
from tests.programs.intake.books import form_page, machine, xlsx

pytestmark = pytest.mark.django_db(transaction=True)

ENTRY = machine(
    "nón lá",
    beneficiary="HTX Nón Giả Định",
    tax_code=tax_code(7_200_001),
    total=250,
    kcqg=0,
    kcdp=100,
    own=150,
)
BOOK = form_page([("I", "Ứng dụng máy móc, thiết bị", [ENTRY])], purse="ĐỊA PHƯƠNG")


def test_local_money_is_approved_by_the_chairmans_decision_and_never_shown_to_the_cuc(
    seat: Seat,
    thanh_hoa_centre: User,
    thanh_hoa_officer: User,
    thanh_hoa_leader: User,
    thanh_hoa_chair: User,
    cuc_officer: User,
    national_tranche: str,
) -> None:
    centre, officer, leader = seat(thanh_hoa_centre), seat(thanh_hoa_officer), seat(thanh_hoa_leader)
    chair, cuc = seat(thanh_hoa_chair), seat(cuc_officer)
    code = _draft(centre)
    _is_not_the_cucs(cuc, code, national_tranche)
    take_step(officer, code, "Tiếp nhận, bắt đầu thẩm định")
    take_step(leader, code, "Đạt thẩm định cấp cơ sở", criteria=CRITERIA)
    _is_not_the_cucs(cuc, code, national_tranche)
    tranche = put_into_tranche(officer, leader, code, "Khuyến công địa phương 2027", "150000000")
    _is_not_for_the_cuc_to_decide(cuc, tranche)
    chair.goto(tranche)
    fill_paper(chair, "15/QĐ-THỬ", "Chủ Tịch Thử", "5/11/2026", "quyet-dinh.pdf")
    chair.get_by_role("button", name="Phê duyệt cả đợt").click()
    says(chair, "Đã ghi quyết định phê duyệt")
    _is_not_the_cucs(cuc, code, national_tranche)
    project = stored(code, thanh_hoa_centre)
    assert (project.state, project.kcdp_vnd) == ("APPROVED", 100_000_000)
    centre.goto(f"/de-an/{code}/")
    expect(centre.locator(".page-head")).to_contain_text("Đã phê duyệt kế hoạch")


def _draft(page: Page) -> str:
    """From the province's workbook to the submitted dossier; the project's code."""
    upload_book(page, xlsx(BOOK))
    page.get_by_role("button", name="Tạo 1 bản nháp").click()
    page.get_by_role("link", name=ENTRY.title).click()
    page.get_by_role("link", name="Sửa hồ sơ").click()
    with autosaved(page):
        choose_by_typing(page, "Ngành nghề", "tieu thu cong")
    press_on(page)
    press_on(page)
    page.get_by_label("Đơn vị thụ hưởng cam kết bố trí đủ vốn đối ứng").check()
    page.get_by_label("Cam kết chưa nhận vốn nhà nước khác").check()
    press_on(page)
    page.get_by_role("link", name="Tài liệu kèm theo").click()
    assert attach_missing_papers(page) == 4
    page.get_by_role("link", name="Tiếp tục").click()
    page.get_by_role("button", name="Nộp Sở Công Thương").click()
    says(page, "Đã nộp Sở")
    return page.url.split("/de-an/")[1].split("/")[0]


def _is_not_the_cucs(cuc: Page, code: str, national_tranche: str) -> None:
    """Neither its queue nor the national plan nor its tranche names it; reading it offers no step."""
    cuc.goto("/")
    expect(cuc.get_by_role("heading", name="hôm nay có 1 việc")).to_be_visible()
    expect(cuc.locator("main")).not_to_contain_text(code)
    cuc.goto("/ke-hoach/")
    cuc.get_by_role("link", name="Khuyến công quốc gia 2027").click()
    expect(cuc.locator("main")).not_to_contain_text(ENTRY.title)
    cuc.goto(national_tranche)
    expect(cuc.get_by_role("region", name="Đề án đủ điều kiện")).to_contain_text("Không còn đề án nào")
    expect(cuc.locator("main")).not_to_contain_text(code)
    cuc.goto(f"/de-an/{code}/tham-dinh/")
    expect(cuc.get_by_role("heading", name=ENTRY.title)).to_be_visible()
    expect(cuc.get_by_role("button", name="Xác nhận")).to_have_count(0)


def _is_not_for_the_cuc_to_decide(cuc: Page, tranche: str) -> None:
    cuc.goto(tranche)
    expect(cuc.get_by_role("heading", name="Khuyến công địa phương 2027")).to_be_visible()
    for button in ("Phê duyệt cả đợt", "Đưa vào đợt", "Đưa các đề án đã chọn ra khỏi đợt"):
        expect(cuc.get_by_role("button", name=button)).to_have_count(0)
