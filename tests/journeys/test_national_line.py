"""The main job, end to end, as nine people do it on the pages, with a partner's program and a real worker.

A province's workbook becomes drafts; one of them is written out, submitted, appraised twice, put into a
tranche under its ceiling, approved by the Minister's decision and assigned; the partner reads the same
over the API; the official list is made by a Celery worker and opened as its reader would.
"""

from __future__ import annotations

import json
import re
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts import tokens
from accounts.models import ApiScope, User
from records import doorbell
from tests.factories import tax_code
from tests.journeys.conftest import Seat
from tests.journeys.portal import (
    CRITERIA,
    attach_missing_papers,
    autosaved,
    choose_by_typing,
    fill_paper,
    keep_download,
    press_on,
    put_into_tranche,
    says,
    take_step,
    upload_book,
)
from tests.programs.intake.books import form_page, machine, xlsx
from tests.reports.conftest import TRIEU, read_sheet, vnd
from tests.reports.worker import worker

pytestmark = pytest.mark.django_db(transaction=True)

MONEY = ("total", "kcqg", "kcdp", "own", "other")
TEXTS = ["Máy cũ hao gỗ.", "Đầu tư máy ghép."]
FIRM = "Công ty TNHH Gỗ Giả Định"
ENTRIES = [
    machine("ván ghép", beneficiary=FIRM, tax_code=tax_code(7_100_001), total=700, kcqg=350, own=350),
    machine(
        "gạch không nung", beneficiary="HTX Thử Gạch", tax_code=tax_code(7_100_011), own="3 trăm năm mươi"
    ),
    machine(
        "bột đá",
        beneficiary="Công ty TNHH Đá Thử",
        tax_code=tax_code(7_100_021),
        total=500,
        kcqg=200,
        own=300,
    ),
]
BOOK = form_page([("I", "Ứng dụng máy móc, thiết bị", ENTRIES)])


def test_a_workbook_becomes_an_assigned_project_that_partner_and_report_agree_on(
    seat: Seat,
    thanh_hoa_centre: User,
    thanh_hoa_officer: User,
    thanh_hoa_leader: User,
    cuc_officer: User,
    cuc_leader: User,
    min_approver: User,
    national_partner: User,
    live_server: Any,
    own_files: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    centre = seat(thanh_hoa_centre)
    _bring_in(centre)
    code = _write_out(centre)
    _appraise(code, seat(thanh_hoa_officer), seat(thanh_hoa_leader))
    officer, leader = seat(cuc_officer), seat(cuc_leader)
    _appraise_nationally(code, officer, leader)
    tranche = put_into_tranche(officer, leader, code, "Khuyến công quốc gia 2027", "1000000000")
    expect(officer.locator(".sums")).to_contain_text("700")  # million left of a thousand
    _decide(tranche, seat(min_approver))
    _assign(tranche, officer)
    _partner_agrees(code, national_partner, live_server.url)
    with worker(own_files, tmp_path) as started:
        monkeypatch.setattr(doorbell, "send", started.bell.send)
        _report_agrees(officer, tmp_path)


def _bring_in(page: Page) -> None:
    """Upload the office's workbook, mend what stands against it, record it as drafts."""
    upload_book(page, xlsx(BOOK))
    expect(page.get_by_text("1 sẵn sàng · 1 cảnh báo")).to_be_visible()
    expect(page.get_by_text("vượt mức tối đa").first).to_be_visible()
    page.get_by_label("Đối ứng").fill("350")
    page.get_by_role("button", name="Lưu sửa đổi").last.click()
    says(page, "Đã lưu 1 dòng vừa sửa")
    page.get_by_role("button", name="Sửa thành 300").click()
    says(page, "Đã lưu 1 dòng vừa sửa")
    expect(page.get_by_text("3 sẵn sàng · 0 cảnh báo")).to_be_visible()
    page.get_by_role("button", name="Tạo 3 bản nháp").click()
    expect(page.get_by_text("Đã tạo", exact=True).first).to_be_visible()


def _write_out(page: Page) -> str:
    """Write the first draft's dossier out in the form, section by section, and submit it."""
    page.goto("/")
    expect(page.get_by_role("heading", name="hôm nay có 3 việc")).to_be_visible()
    page.get_by_role("link", name=ENTRIES[0].title).click()
    code = page.url.split("/de-an/")[1].split("/")[0]
    _general(page)
    expect(page.get_by_label("Tên cơ sở").first).to_have_value(FIRM)
    press_on(page)
    _budget(page)
    for number, words in enumerate(TEXTS):
        page.locator("textarea").nth(number).fill(words)
    press_on(page)
    _schedule(page)
    assert attach_missing_papers(page) == 4
    page.get_by_role("link", name="Tiếp tục").click()
    expect(page.get_by_text("Hồ sơ đủ điều kiện nộp")).to_be_visible()
    page.get_by_role("button", name="Nộp Sở Công Thương").click()
    says(page, "Đã nộp Sở")
    return code


def _general(page: Page) -> None:
    """The trade is found by typing without diacritics and chosen with the arrow keys."""
    with autosaved(page):
        sector = choose_by_typing(page, "Ngành nghề", "che bien nong lam")
    expect(sector).to_have_value(re.compile("chế biến nông - lâm - thủy sản"))
    press_on(page)


def _budget(page: Page) -> None:
    """Two lines instead of one, 20 million too much asked; one press makes it lawful."""
    for cell, value in {
        "Nội dung chi dòng 1": "Máy ghép ván",
        "Tổng chi phí dòng 1": "500",
        "KC quốc gia dòng 1": "320",
        "Đối ứng dòng 1": "180",
        "Nội dung chi dòng 2": "Lắp đặt, chạy thử",
        "Tổng chi phí dòng 2": "200",
        "Đối ứng dòng 2": "200",
    }.items():
        page.get_by_label(cell).fill(value)
    with autosaved(page):
        page.get_by_label("Đơn vị thụ hưởng cam kết bố trí đủ vốn đối ứng").check()
        page.get_by_label("Cam kết chưa nhận vốn nhà nước khác").check()
    expect(page.get_by_text("vượt mức tối đa 300 triệu đồng").first).to_be_visible()
    with autosaved(page):
        page.get_by_role("button", name="Sửa thành 300").first.click()
    expect(page.get_by_label("KC quốc gia dòng 1")).to_have_value("300")
    expect(page.get_by_label("Đối ứng dòng 1")).to_have_value("200")
    expect(page.get_by_text("vượt mức tối đa")).to_have_count(0)
    expect(page.locator("#total-words")).to_have_text("Bảy trăm triệu đồng")
    press_on(page)


def _schedule(page: Page) -> None:
    page.get_by_label("Công việc dòng 1").fill("Mua và lắp máy")
    page.get_by_label("Từ ngày dòng 1").fill("1/3/27")
    page.get_by_label("Đến ngày dòng 1").fill("31/10/2027")
    page.get_by_label("Chỉ tiêu dòng 1").fill("Lao động có thêm việc làm")
    page.get_by_label("Giá trị dòng 1").fill("12")
    page.get_by_label("Đơn vị dòng 1").fill("người")
    press_on(page)


def _appraise(code: str, officer: Page, leader: Page) -> None:
    """The Sở receives, its leader passes with the criteria, the Sở registers with the Cục."""
    take_step(officer, code, "Tiếp nhận, bắt đầu thẩm định")
    take_step(leader, code, "Đạt thẩm định cấp cơ sở", note="Đề nghị đăng ký.", criteria=CRITERIA)
    take_step(officer, code, "Đăng ký với Cục")


def _appraise_nationally(code: str, officer: Page, leader: Page) -> None:
    take_step(officer, code, "Tiếp nhận, bắt đầu thẩm định")
    take_step(leader, code, "Đạt thẩm định cấp Bộ", criteria=CRITERIA)


def _decide(tranche: str, minister: Page) -> None:
    minister.goto(tranche)
    fill_paper(minister, "99/QĐ-THỬ", "Người Ký Thử", "2/11/2026", "quyet-dinh.pdf")
    minister.get_by_role("button", name="Phê duyệt cả đợt").click()
    says(minister, "Đã ghi quyết định phê duyệt")
    expect(minister.locator(".page-head")).to_contain_text("99/QĐ-THỬ, 02/11/2026, Người Ký Thử")


def _assign(tranche: str, officer: Page) -> None:
    officer.goto(tranche)
    fill_paper(officer, "7/TB-THỬ", "Người Giao Thử", "3/11/2026", "thong-bao.pdf")
    officer.get_by_role("button", name="Ghi thông báo giao").click()
    says(officer, "Đã ghi thông báo giao kế hoạch")


def _partner_agrees(code: str, partner: User, server: str) -> None:
    """The partner's own program reads the same state and money with its key."""
    _token, key = tokens.issue(partner, "kiểm thử", scopes=[ApiScope.READ])
    request = urllib.request.Request(
        f"{server}/api/v1/projects/{code}/", headers={"Authorization": f"Bearer {key}"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        project = json.load(answer)
    assert project["state"] == "ASSIGNED"
    assert [project[f"{name}_vnd"] // TRIEU for name in MONEY] == [700, 300, 0, 400, 0]
    assert [line["kcqg_vnd"] // TRIEU for line in project["lines"]] == [300, 0]


def _report_agrees(page: Page, folder: Path) -> None:
    """Ask for the official list, watch it being made by the worker, open the file."""
    page.goto("/bao-cao/")
    page.get_by_label("Trạng thái đề án").select_option(label="Đã phê duyệt kế hoạch")
    page.get_by_role("button", name="Lập báo cáo").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.get_by_text("Đã lập xong lúc")).to_be_visible()
    sheet = read_sheet(keep_download(page, "Tải tệp Excel", folder).read_bytes())
    (row,) = sheet.projects
    assert FIRM in row
    assert [amount // TRIEU for amount in vnd(row)] == [700, 300, 0, 400, 0]
    assert [vnd(line) for line in (*sheet.groups, sheet.total)] == [vnd(row)] * (len(sheet.groups) + 1)
