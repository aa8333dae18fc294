"""The preview: what was read, what is wrong, what it would do; masked, filtered, paged."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from programs.intake.preview import PAGE_ROWS
from tests.factories import make_project
from tests.pages import cost_of, signed_in
from tests.programs.intake.books import Entry, machine, xlsx
from tests.programs.intake.desk import (
    BAD,
    HOUSEHOLD,
    MASKED,
    UPLOAD,
    address,
    notes_in,
    page_of,
    post_corrections,
    projects,
    send,
    send_file,
    text_of,
    upload,
)
from tests.programs.intake.test_matching import submitted

pytestmark = pytest.mark.django_db


def test_a_row_shows_what_was_read_and_what_is_wrong(thanh_hoa_centre: User) -> None:
    over = machine("ván", total=2400, kcqg=350, own=2050, tax_code="9928000217")
    staged = upload(thanh_hoa_centre, machine(), over, machine("tủ", tax_code="9928000305", own=300))
    page = text_of(signed_in(thanh_hoa_centre).get(address(staged)))
    assert machine().title in page
    assert "Công ty TNHH Thử Giả Định" in page
    assert "Xã Thọ Xuân" in page
    assert '<option value="N3.3" selected>' in page
    assert "28/2018/TT-BTC" in page
    assert "Sửa thành 300 triệu" in page
    assert "2.400" in page
    for word in ("Sẵn sàng", "Cảnh báo", "Lỗi", "Tạo mới", "Không ghi", "Mẫu 2"):
        assert word in page
    assert 'id="row-2-total_vnd"' in page
    assert 'id="row-0-total_vnd"' not in page


def test_nothing_is_stored_before_applying(thanh_hoa_centre: User) -> None:
    signed_in(thanh_hoa_centre).get(address(upload(thanh_hoa_centre)))
    assert projects(thanh_hoa_centre) == []


def test_the_sheets_own_total_stands_beside_ours(thanh_hoa_centre: User) -> None:
    page = page_of(machine())
    agrees = text_of(send_file(thanh_hoa_centre, xlsx(page), follow=True))
    assert "Khớp mọi nguồn" in agrees
    page.cells[12, 9] = 300
    differs = text_of(send_file(thanh_hoa_centre, xlsx(page), follow=True))
    assert "KCQG: biểu ghi 300, cộng được 250, lệch 50" in differs


def test_the_page_says_what_the_list_does_to_what_is_there(thanh_hoa_centre: User) -> None:
    send(thanh_hoa_centre, machine(), machine("bàn", tax_code="9928000217"))
    absent = make_project(thanh_hoa_centre)
    staged = upload(
        thanh_hoa_centre,
        machine(total=700, own=450),
        machine("bàn", tax_code="9928000217"),
        machine("tủ", tax_code="9928000305"),
    )
    page = text_of(signed_in(thanh_hoa_centre).get(address(staged)))
    assert "1 cập nhật · 1 không đổi · 1 vắng trong biểu" in page
    assert "Tạo 1 bản nháp, cập nhật 1" in page
    assert re.search(r"<del>.*350</del> → <ins>.*450</ins>", page)
    assert absent.code in page
    assert "Đề án đã có nhưng vắng trong biểu" in page


def test_a_locked_dossier_says_why(thanh_hoa_centre: User) -> None:
    send(thanh_hoa_centre, machine())
    submitted(thanh_hoa_centre)
    staged = upload(thanh_hoa_centre, machine(total=700, own=450))
    page = text_of(signed_in(thanh_hoa_centre).get(address(staged)))
    assert "Không sửa được" in page
    assert "Hồ sơ đã nộp" in page
    assert "Không có gì mới để ghi." in page
    assert "ap-dung" not in page


@pytest.mark.parametrize("where", ["preview", "open", "refused", "result", "recent", "errors"])
def test_a_households_number_is_masked_everywhere(thanh_hoa_centre: User, where: str) -> None:
    entries = [
        machine("gốm", tax_code=HOUSEHOLD, beneficiary="Hộ kinh doanh Gốm Giả Định"),
        machine(f"lụa {HOUSEHOLD}", tax_code=HOUSEHOLD, own=300),
    ]
    staged = upload(thanh_hoa_centre, *entries, name=f"Hộ {HOUSEHOLD}.xlsx")
    client = signed_in(thanh_hoa_centre)
    if where == "result":
        client.post(address(staged, "ap-dung/"), {"version": 1})
    pages: dict[str, Callable[[], Any]] = {
        "preview": lambda: client.get(address(staged)),
        "open": lambda: client.get(address(staged) + "?sua=0"),
        "refused": lambda: post_corrections(
            thanh_hoa_centre, staged, row_0_tax_code=MASKED, row_0_own_vnd="x"
        ),
        "result": lambda: client.get(address(staged)),
        "recent": lambda: client.get(UPLOAD),
        "errors": lambda: client.get(address(staged, "tai-loi/")),
    }
    page = text_of(pages[where]()) if where != "errors" else notes_in(pages[where]().content)
    assert HOUSEHOLD not in page
    assert where in ("recent", "result", "errors") or MASKED in page


def test_filters_stand_in_the_address(thanh_hoa_centre: User) -> None:
    over = machine("ván", total=2400, kcqg=350, own=2050, tax_code="9928000305")
    staged = upload(thanh_hoa_centre, machine(), BAD, over)
    client = signed_in(thanh_hoa_centre)

    def shown(word: str) -> list[int]:
        return [row.index for row in client.get(address(staged), {"loc": word}).context["rows"]]

    assert [shown(word) for word in ("", "loi", "canh-bao", "san-sang", "tao-moi", "rác")] == [
        [0, 1, 2], [1], [2], [0], [0, 2], [0, 1, 2],
    ]  # fmt: skip
    page = text_of(client.get(address(staged) + "?loc=canh-bao"))
    assert 'href="?loc=canh-bao" aria-current="true"' in page


def many(count: int, *more: Entry) -> list[Entry]:
    return [machine(f"món {n}", beneficiary=f"HTX Số {n}", tax_code=None) for n in range(count)] + list(more)


def test_a_long_list_comes_in_pages_and_begins_with_what_is_wrong(thanh_hoa_centre: User) -> None:
    staged = upload(thanh_hoa_centre, *many(PAGE_ROWS + 5, BAD))
    client = signed_in(thanh_hoa_centre)
    first = client.get(address(staged))
    assert [row.index for row in first.context["rows"]][:2] == [PAGE_ROWS + 5, 0]
    assert f"Dòng 1–{PAGE_ROWS} trong {PAGE_ROWS + 6}" in text_of(first)
    second = client.get(address(staged) + "?cursor=2")
    assert len(second.context["rows"]) == 6
    for odd in ("99", "0", "-1", "x", "²"):
        assert client.get(address(staged), {"cursor": odd}).status_code == 200


def test_the_pages_cost_the_same_queries_for_ten_and_for_forty_rows(thanh_hoa_centre: User) -> None:
    def cost(count: int) -> list[int]:
        send(thanh_hoa_centre, *many(count))
        changed = [
            machine(f"món {n}", beneficiary=f"HTX Số {n}", tax_code=None, total=700, own=450)
            for n in range(count)
        ]
        staged = upload(thanh_hoa_centre, *changed, BAD)
        urls = (address(staged), address(staged) + "?loc=cap-nhat", UPLOAD)
        return [cost_of(thanh_hoa_centre, url) for url in urls]

    assert cost(10) == cost(40)
