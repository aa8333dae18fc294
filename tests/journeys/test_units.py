"""Units that change: a reform comes in through two people, old addresses and split communes are settled."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from accounts.models import OrganisationKind, User
from accounts.roles import Role
from tests import cast
from tests.factories import make_project
from tests.journeys.conftest import Seat
from tests.journeys.portal import PHONE, says
from tests.journeys.test_accessibility import violations
from tests.programs.test_reforms import book, change, communes
from vietnam.models import AdminUnit, split_units

pytestmark = pytest.mark.django_db(transaction=True)


def administrator(name: str) -> User:
    office = cast.office(OrganisationKind.OTHER, "Quản trị", AdminUnit.nation())
    return cast.person(name, f"Quản Trị {name}", Role.ADMIN, office)


def test_a_reform_is_uploaded_by_one_administrator_and_applied_by_another(seat: Seat) -> None:
    a, b, c = communes(3)
    changes = book(
        change(a, "99001", "Phường Thử Nhập"),
        change(b, "99001", "Phường Thử Nhập"),
        change(c, "99002", "Xã Thử Chính", part="một phần", main="x"),
        change(c, "99003", "Xã Thử Phụ", part="một phần"),
    )
    first = seat(administrator("mot"), "/dia-gioi/")
    first.get_by_role("link", name="Nhập thay đổi").click()
    wrong = book(change("99999", a, "Xã Thử"))
    first.get_by_label("Tệp thay đổi").set_input_files(
        {"name": "Có lỗi.xlsx", "mimeType": "application/octet-stream", "buffer": wrong}
    )
    first.get_by_role("button", name="Tải lên và xem trước").click()
    expect(first.get_by_role("alert")).to_contain_text("C2: Hiện không có đơn vị nào mang mã 99999.")
    first.get_by_label("Tệp thay đổi").set_input_files(
        {"name": "Sắp xếp 2027.xlsx", "mimeType": "application/octet-stream", "buffer": changes}
    )
    first.get_by_role("button", name="Tải lên và xem trước").click()
    expect(first.get_by_role("heading", name="Sắp xếp 2027.xlsx")).to_be_visible()
    expect(first.get_by_role("button", name="Áp dụng")).to_have_count(0)
    assert violations(first, "preview of a reform") == []

    second = seat(administrator("hai"), "/dia-gioi/nhap/")
    second.get_by_role("link", name="Sắp xếp 2027.xlsx").click()
    expect(second.get_by_role("row").filter(has_text="Xã Thử Phụ (99003)")).to_contain_text("chia tách")
    second.get_by_role("button", name="Áp dụng").click()
    says(second, "Đã áp dụng tệp “Sắp xếp 2027.xlsx”.")
    second.goto("/dia-gioi/?q=thu nhap&ngay=01/07/2027")
    second.get_by_role("link", name="Phường Thử Nhập, tỉnh Thanh Hóa").click()
    expect(second.get_by_role("region", name="Trước đó")).to_contain_text("nhập · từ 01/07/2027")


def test_an_old_address_is_converted_with_the_keys_alone(seat: Seat, thanh_hoa_officer: User) -> None:
    page = seat(thanh_hoa_officer, "/dia-gioi/doi-dia-chi/")
    page.get_by_label("Địa chỉ, mỗi dòng một địa chỉ").focus()
    page.keyboard.type("thon 2, xa thieu nguyen, h. thieu hoa, thanh hoa")
    page.keyboard.press("Enter")
    page.keyboard.type("Thị trấn Thiệu Hóa, huyện Thiệu Hóa, Thanh Hóa")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="2 địa chỉ")).to_be_visible()
    expect(page.get_by_text("1 chưa xác định")).to_be_visible()
    expect(page.get_by_role("link", name="Xã Thiệu Trung")).to_be_visible()
    assert violations(page, "converted addresses") == []


def test_a_project_of_a_split_commune_is_placed_on_a_phone(
    seat: Seat, thanh_hoa_centre: User, thanh_hoa_officer: User
) -> None:
    old = AdminUnit.objects.communes().filter(pk__in=split_units(), parent__parent__code="38").first()
    project = make_project(thanh_hoa_centre, title="Hỗ trợ máy dệt chiếu cói thử", year=2025, commune=old)
    page = seat(thanh_hoa_officer, "/dia-gioi/chua-xac-dinh/", size=PHONE)
    page.get_by_role("link", name=re.compile(f"Xác định.*{project.title}")).click()
    page.get_by_role("radio").nth(1).check()
    page.get_by_label("Căn cứ xác định").fill("Thôn Thử thuộc phần nhập sau")
    page.get_by_role("button", name="Xác định").click()
    says(page, "Đã xác định")
    expect(page.get_by_role("heading", name="Không có hồ sơ nào chưa xác định")).to_be_visible()
