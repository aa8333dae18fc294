"""A new circular, from the register to the checks: two people of the Cục, on real pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from accounts.models import User
from programs.lifecycle import Source
from tests import database
from tests.factories import MILLION, make_project
from tests.journeys.conftest import Seat
from tests.journeys.portal import DESK, PHONE, fits

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def law_as_loaded() -> Iterator[None]:
    """The norms as they were: what a test adds is taken away after it, what it changes is not."""
    with database.owner_cursor(database.FLUSH.database) as cursor:
        cursor.execute("SELECT id, valid::text FROM programs_supportnorm")
        held = cursor.fetchall()
    yield
    with database.owner_cursor(database.FLUSH.database) as cursor:
        cursor.execute("DELETE FROM programs_supportnorm WHERE id <> ALL(%s)", [[pk for pk, _days in held]])
        cursor.executemany(
            "UPDATE programs_supportnorm SET valid = %s::daterange WHERE id = %s AND valid <> %s::daterange",
            [(days, pk, days) for pk, days in held],
        )


def test_a_cap_is_raised_by_two_people(
    law_as_loaded: None, seat: Seat, thanh_hoa_centre: User, cuc_officer: User, cuc_leader: User
) -> None:
    make_project(
        thanh_hoa_centre,
        title="Hỗ trợ máy cưa thử, xin quá mức",
        amounts={Source.KCQG: 350 * MILLION, Source.OWN: 400 * MILLION},
    )
    page = seat(cuc_officer, "/quy-dinh/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Luật áp dụng ngày")
    fits(page, PHONE, DESK)
    page.locator("#KCQG-N3\\.3").get_by_role("link").first.click()
    fits(page, PHONE, DESK)
    page.get_by_role("link", name="Đề xuất bản mới").click()
    page.get_by_label("Hiệu lực từ ngày").fill("1/12/2026")
    page.get_by_label("Mức tối đa (đồng)").fill("400000000")
    page.get_by_label("Điều khoản").fill("Điều 3 (thử)")
    page.get_by_label("Lý do sửa").fill("Thông tư thử nâng mức.")
    fits(page, PHONE, DESK)
    page.get_by_role("button", name="Xem tác động").click()
    expect(page.get_by_text("Hỗ trợ máy cưa thử, xin quá mức")).to_be_visible()
    expect(page.get_by_text("1 bớt vướng mắc")).to_be_visible()
    fits(page, PHONE, DESK)
    page.get_by_role("button", name="Gửi đề xuất").click()
    expect(page.get_by_text("cần người thứ hai")).to_be_visible()
    fits(page, PHONE, DESK)
    other = seat(cuc_leader, "/quy-dinh/de-xuat/")
    fits(other, PHONE, DESK)
    other.get_by_role("link", name="máy móc").first.click()
    fits(other, PHONE, DESK)
    other.get_by_role("button", name="Xác nhận").press("Enter")
    expect(other.get_by_text("Đã ghi nhận.")).to_be_visible()
    other.get_by_role("link", name="Mọi bản của quy định này").click()
    expect(other.get_by_text("Từ 01/12/2026")).to_be_visible()
    fits(other, PHONE, DESK)


def test_the_register_of_documents_on_desk_and_phone(seat: Seat, cuc_officer: User) -> None:
    page = seat(cuc_officer, "/quy-dinh/van-ban/")
    fits(page, PHONE, DESK)
    page.get_by_label("Số hoặc trích yếu").fill("28/2018")
    page.get_by_role("button", name="Lọc").click()
    page.get_by_role("link", name="Thông tư 28/2018/TT-BTC").click()
    expect(page.get_by_role("heading", name="Quy định dựa vào văn bản này")).to_be_visible()
    fits(page, PHONE, DESK)
    page.goto("/quy-dinh/van-ban/moi/")
    fits(page, PHONE, DESK)
    phone = seat(cuc_officer, "/quy-dinh/", size=PHONE)
    fits(phone)
    for path in (
        "/quy-dinh/van-ban/",
        "/quy-dinh/van-ban/moi/",
        "/quy-dinh/?loai=moc-ke-hoach&tinh=38",
        "/quy-dinh/dinh-muc/moi/",
        "/quy-dinh/dia-ban/moi/",
    ):
        phone.goto(path)
        fits(phone)
    phone.get_by_role("combobox", name="Xã, phường").fill("tho xuan")
    phone.get_by_role("option").first.click()
    expect(phone.get_by_role("combobox", name="Xã, phường")).not_to_have_value("tho xuan")
