"""Pages of the country's units: then and now side by side, and old addresses read as today's."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from accounts.models import OrganisationKind, User
from accounts.roles import Role
from tests import cast
from tests.pages import signed_in
from vietnam.models import AdminUnit, split_units

pytestmark = pytest.mark.django_db


def page(user: User, address: str) -> str:
    answer = signed_in(user).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_explorer_shows_34_today_and_63_before(thanh_hoa_officer: User) -> None:
    today = page(thanh_hoa_officer, "/dia-gioi/")
    assert "34 tỉnh, thành phố ngày" in today
    assert "Tỉnh Bình Phước · Tỉnh Đồng Nai" in today, "what Đồng Nai grew from, before it became a city"
    before = page(thanh_hoa_officer, "/dia-gioi/?ngay=30/06/2025")
    assert "63 tỉnh, thành phố ngày 30/06/2025" in before
    assert "nay thuộc tỉnh Lào Cai" in before


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("thanh hoa", "Tỉnh Thanh Hóa"),
        ("thanhhoa", "Tỉnh Thanh Hóa"),
        ("TH", "Tỉnh Thanh Hóa"),
        ("38", "Tỉnh Thanh Hóa"),
        ("Yên Bái", "Tỉnh Yên Bái (nay thuộc tỉnh Lào Cai)"),
        ("huyện Thiệu Hóa", "Huyện Thiệu Hóa, tỉnh Thanh Hóa"),
    ],
)
def test_a_unit_is_found_by_any_short_form(text: str, found: str, thanh_hoa_officer: User) -> None:
    assert found in page(thanh_hoa_officer, f"/dia-gioi/?q={text}")


def test_on_an_old_day_the_unit_of_then_says_what_it_is_now(thanh_hoa_officer: User) -> None:
    shown = page(thanh_hoa_officer, "/dia-gioi/?q=yen bai&ngay=01/01/2023")
    assert "Tỉnh Yên Bái (nay thuộc tỉnh Lào Cai)" in shown


def test_a_day_nobody_understands_is_told(thanh_hoa_officer: User) -> None:
    assert "Không hiểu ngày “hôm kia”" in page(thanh_hoa_officer, "/dia-gioi/?ngay=hôm kia")


def test_a_province_tells_what_it_grew_from_and_by_which_document(thanh_hoa_officer: User) -> None:
    today = page(thanh_hoa_officer, "/dia-gioi/15/")
    assert "Tỉnh Yên Bái" in today
    assert "202/2025/QH15" in today
    assert "99 đơn vị trực thuộc" in today
    before = page(thanh_hoa_officer, "/dia-gioi/15/?ngay=01/01/2023")
    assert "Đơn vị cũ, đến hết ngày 30/06/2025" in before
    assert "Tỉnh Yên Bái" in before
    assert "Huyện Văn Chấn" in before


def test_a_split_commune_shows_all_its_parts(thanh_hoa_officer: User) -> None:
    old = AdminUnit.objects.communes().filter(pk__in=split_units(), parent__parent__code="38").first()
    assert old is not None
    shown = page(thanh_hoa_officer, f"/dia-gioi/{old.code}/?ngay=30/06/2025")
    assert "Đơn vị này đã chia cho" in shown
    assert "đơn vị kế thừa chính" in shown
    for step in old.successions.all():
        assert step.new.name in shown


def test_a_code_nobody_bears_is_not_there(thanh_hoa_officer: User) -> None:
    for code in ("99", "999", "99999", "3838"):
        assert signed_in(thanh_hoa_officer).get(f"/dia-gioi/{code}/").status_code == 404


LINES = "\n".join(
    [
        "Thôn 2, xã Thiệu Nguyên, huyện Thiệu Hóa, tỉnh Thanh Hóa",
        "Thị trấn Thiệu Hóa, huyện Thiệu Hóa, tỉnh Thanh Hóa",
        "không rõ ở đâu",
    ]
)


def test_several_addresses_are_read_at_once_and_doubt_is_shown(thanh_hoa_officer: User) -> None:
    answer = signed_in(thanh_hoa_officer).post("/dia-gioi/doi-dia-chi/", {"lines": LINES})
    shown = answer.content.decode()
    assert "3 địa chỉ" in shown
    assert "2 chưa xác định" in shown
    assert "Xã Thiệu Hóa, tỉnh Thanh Hóa" in shown
    assert "đã chia cho 3 đơn vị" in shown
    assert "Xã Thiệu Trung" in shown
    assert "Không đọc được tỉnh, thành phố nào trong địa chỉ." in shown


def test_one_address_may_stand_in_the_address_bar(thanh_hoa_officer: User) -> None:
    assert "Xã Thiệu Hóa" in page(
        thanh_hoa_officer, "/dia-gioi/doi-dia-chi/?q=xã Thiệu Nguyên, h. Thiệu Hóa, Thanh Hóa"
    )


def test_the_same_comes_as_a_file(thanh_hoa_officer: User) -> None:
    client = signed_in(thanh_hoa_officer)
    answer: Any = client.post("/dia-gioi/doi-dia-chi/", {"lines": LINES, "xuat": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer))).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[1][1] == "Xã Thiệu Hóa, tỉnh Thanh Hóa"
    assert not rows[2][1], "no part of a split commune is chosen"
    assert "Xã Thiệu Trung" in str(rows[2][3])
    text: Any = client.post("/dia-gioi/doi-dia-chi/", {"lines": "=cmd, Thanh Hóa", "xuat": "csv"})
    assert "'=cmd" in b"".join(text).decode()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"lines": ""}, "Hãy ghi ít nhất một địa chỉ."),
        ({"lines": "Thanh Hóa\n" * 1001}, "Mỗi lần tối đa 1000 dòng; ở đây có 1001."),
        ({"lines": "Thanh Hóa\n" + "x" * 301}, "Dòng 2 dài hơn 300 ký tự."),
        ({"lines": "Thanh Hóa", "on": "32/1/2027"}, "Ngày không hợp lệ"),
    ],
)
def test_what_cannot_be_read_is_told_and_stays_typed(
    data: dict[str, str], words: str, thanh_hoa_officer: User
) -> None:
    answer = signed_in(thanh_hoa_officer).post("/dia-gioi/doi-dia-chi/", data)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert data["lines"][:9] in answer.content.decode()


def test_the_administrator_alone_is_led_to_the_import(thanh_hoa_officer: User) -> None:
    assert "/dia-gioi/nhap/" not in page(thanh_hoa_officer, "/dia-gioi/")
    assert signed_in(thanh_hoa_officer).get("/dia-gioi/nhap/").status_code == 403
    office = cast.office(OrganisationKind.OTHER, "Quản trị", AdminUnit.nation())
    admin = cast.person("unit.admin", "Quản Trị", Role.ADMIN, office)
    assert "/dia-gioi/nhap/" in page(admin, "/dia-gioi/")
