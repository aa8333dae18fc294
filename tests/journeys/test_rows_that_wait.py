"""Establishments the register does not know: the rest of the section is kept, and the person has a way on."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.scope import act_as
from beneficiaries.models import Establishment
from programs.models import Project
from tests.factories import make_project
from tests.journeys.conftest import Seat
from tests.journeys.portal import autosaved

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NEW = "Hợp tác xã Cói Sông Hoạt"
KNOWN = "Công ty TNHH Đá Núi Nhồi"


@pytest.fixture
def draft(thanh_hoa_centre: User) -> Project:
    project = make_project(thanh_hoa_centre, beneficiaries=[])
    with act_as(thanh_hoa_centre):
        Establishment.objects.create(province=project.province, name=KNOWN)
    return project


@pytest.fixture
def page(seat: Seat, thanh_hoa_centre: User, draft: Project) -> Page:
    return seat(thanh_hoa_centre, f"/de-an/{draft.code}/sua/thu-huong/")


def _kept(draft: Project, reader: User) -> list[str]:
    with act_as(reader):
        return list(draft.beneficiaries.order_by("id").values_list("establishment__name", flat=True))


def test_an_unknown_name_waits_at_its_row_while_the_others_are_kept(
    page: Page, draft: Project, thanh_hoa_centre: User
) -> None:
    page.get_by_role("button", name="Thêm cơ sở").click()
    with autosaved(page):
        page.get_by_role("combobox", name="Tên cơ sở").nth(1).fill(KNOWN)
        page.get_by_role("combobox", name="Tên cơ sở").nth(0).fill(NEW)
    assert _kept(draft, thanh_hoa_centre) == [KNOWN]
    row = page.locator("[data-grid-rows] [data-grid-row]").first
    expect(row).to_contain_text(f"“{NEW}” chưa có trong danh bạ")
    expect(page.locator("[data-save-status]")).to_contain_text("1 cơ sở chưa lưu")
    with autosaved(page):
        row.get_by_role("button", name="Thêm cơ sở mới").press("Enter")
    expect(row).not_to_contain_text("chưa có trong danh bạ")
    expect(page.locator("[data-save-status]")).not_to_contain_text("chưa lưu")
    expect(page.get_by_role("combobox", name="Tên cơ sở").nth(0)).to_be_focused()
    assert set(_kept(draft, thanh_hoa_centre)) == {NEW, KNOWN}


def test_what_waits_is_still_there_after_another_page(page: Page, draft: Project) -> None:
    with autosaved(page):
        page.get_by_role("combobox", name="Tên cơ sở").fill(NEW)
    page.goto(f"/de-an/{draft.code}/sua/kinh-phi/")
    page.goto(f"/de-an/{draft.code}/sua/thu-huong/")
    expect(page.get_by_role("combobox", name="Tên cơ sở").first).to_have_value(NEW)


def test_a_wrong_code_is_said_at_its_field_and_goes_when_it_is_mended(
    page: Page, draft: Project, thanh_hoa_centre: User
) -> None:
    page.get_by_role("button", name="Thêm cơ sở").click()
    page.get_by_role("combobox", name="Tên cơ sở").nth(1).fill(KNOWN)
    code = page.get_by_label("Mã số thuế").nth(0)
    with autosaved(page):
        page.get_by_role("combobox", name="Tên cơ sở").nth(0).fill(NEW)
        code.fill("28")
    expect(code).to_have_attribute("aria-invalid", "true")
    assert _kept(draft, thanh_hoa_centre) == [KNOWN]
    with autosaved(page):
        code.fill("")
    expect(code).not_to_have_attribute("aria-invalid", "true")


def test_the_next_section_follows_when_the_new_ones_are_saved_with_the_button(
    page: Page, draft: Project, thanh_hoa_centre: User
) -> None:
    with autosaved(page):
        page.get_by_role("combobox", name="Tên cơ sở").fill(NEW)
    page.get_by_role("button", name="Lưu và tiếp tục").click()
    page.wait_for_url("**/kinh-phi/")
    assert _kept(draft, thanh_hoa_centre) == [NEW]
