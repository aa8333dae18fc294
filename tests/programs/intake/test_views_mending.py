"""Corrections in the grid are kept or stay typed; nothing an officer wrote is lost."""

from __future__ import annotations

import re

import pytest

from accounts.models import User
from programs.intake.stage import workbook_of
from tests.pages import signed_in
from tests.programs.intake.books import machine
from tests.programs.intake.desk import BAD, HOUSEHOLD, address, fresh, post_corrections, text_of, upload

pytestmark = pytest.mark.django_db


def test_a_kept_correction_returns_to_the_same_filter_and_page(thanh_hoa_centre: User) -> None:
    staged = upload(thanh_hoa_centre, machine(), BAD)
    answer = post_corrections(thanh_hoa_centre, staged, "?loc=loi&cursor=1", row_1_own_vnd="350.000.000")
    assert answer["Location"] == address(staged) + "?loc=loi&cursor=1"
    page = text_of(signed_in(thanh_hoa_centre).get(address(staged)))
    assert "Tạo 2 bản nháp" in page
    assert workbook_of(fresh(staged, thanh_hoa_centre)).rows[1].money.own == 350_000_000


def test_the_activity_is_corrected_in_the_grid(thanh_hoa_centre: User) -> None:
    staged = upload(thanh_hoa_centre, machine())
    post_corrections(thanh_hoa_centre, staged, row_0_activity="N3.5")
    assert '<option value="N3.5" selected>' in text_of(signed_in(thanh_hoa_centre).get(address(staged)))


def test_what_cannot_be_kept_stays_typed_with_the_reason_at_its_field(thanh_hoa_centre: User) -> None:
    staged = upload(thanh_hoa_centre, machine(), BAD)
    answer = post_corrections(
        thanh_hoa_centre,
        staged,
        row_0_activity="N6",
        row_0_title="Tên đang gõ dở",
        row_1_own_vnd="ba trăm",
        row_1_tax_code=HOUSEHOLD,
    )
    page = text_of(answer)
    assert answer.status_code == 422
    assert ">Tên đang gõ dở</textarea>" in page
    assert 'value="ba trăm"' in page
    assert f'value="{HOUSEHOLD}"' in page
    assert '<option value="N6" selected>' in page
    assert re.search(r'id="row-1-own_vnd_error".*Không đọc được số tiền “ba trăm”', page)
    assert re.search(r'<a href="#row-1-own_vnd">Dòng 12 – Đối ứng: Không đọc', page)
    assert fresh(staged, thanh_hoa_centre).version == 1


def test_a_correction_upon_an_older_page_overwrites_nothing_and_loses_nothing(thanh_hoa_centre: User) -> None:
    staged = upload(thanh_hoa_centre, machine(), BAD)
    post_corrections(thanh_hoa_centre, staged, row_0_title="Tên của cửa sổ kia")
    answer = post_corrections(
        thanh_hoa_centre, staged, row_0_title="Tên của cửa sổ này", row_1_own_vnd="350000000"
    )
    page = text_of(answer)
    assert answer.status_code == 422
    assert "sửa ở cửa sổ khác" in page
    assert ">Tên của cửa sổ này</textarea>" in page
    assert "Biểu đang giữ: Tên của cửa sổ kia" in page
    assert 'value="350000000"' in page
    assert 'name="version" value="2"' in page
    kept = workbook_of(fresh(staged, thanh_hoa_centre)).rows
    assert (kept[0].title, kept[1].money.own) == ("Tên của cửa sổ kia", 300_000_000)
    again = fresh(staged, thanh_hoa_centre)
    post_corrections(thanh_hoa_centre, again, row_0_title="Tên của cửa sổ này")
    assert workbook_of(fresh(staged, thanh_hoa_centre)).rows[0].title == "Tên của cửa sổ này"


def test_a_row_is_opened_without_losing_what_was_typed(thanh_hoa_centre: User) -> None:
    staged = upload(thanh_hoa_centre, machine(), machine("bàn", tax_code="9928000217"))
    answer = post_corrections(thanh_hoa_centre, staged, "?loc=san-sang", row_0_activity="N6", sua="1")
    assert answer["Location"] == address(staged) + "?loc=san-sang&sua=1#row-1"
    page = text_of(signed_in(thanh_hoa_centre).get(answer["Location"]))
    assert 'id="row-1-title"' in page
    assert '<option value="N6" selected>' in page
    unsaved = signed_in(thanh_hoa_centre).get(address(staged), {"sua": "1", "row-1-activity": "N3.5"})
    assert '<option value="N3.5" selected>' in text_of(unsaved)


def test_the_proposed_amounts_are_one_press(thanh_hoa_centre: User) -> None:
    staged = upload(thanh_hoa_centre, machine(total=2400, kcqg=350, own=2050))
    post_corrections(thanh_hoa_centre, staged, row_0_fix="norm_cap")
    page = text_of(signed_in(thanh_hoa_centre).get(address(staged)))
    assert "Sửa thành" not in page
    assert "2.100" in page


def test_the_unit_is_asked_for_when_a_sheet_does_not_say(thanh_hoa_centre: User) -> None:
    staged = upload(thanh_hoa_centre, machine(), unit="")
    client = signed_in(thanh_hoa_centre)
    page = text_of(client.get(address(staged)))
    assert "không ghi đơn vị tính" in page
    assert 'name="sheet-0-unit"' in page
    assert "ap-dung" not in page
    assert post_corrections(thanh_hoa_centre, staged, sheet_0_unit="xu").status_code == 422
    answer = post_corrections(thanh_hoa_centre, staged, sheet_0_unit="trieu")
    assert answer["Location"] == address(staged)
    page = text_of(client.get(address(staged)))
    assert '<option value="trieu" selected>' in page
    assert "Tạo 1 bản nháp" in page


def test_the_year_is_asked_for_when_the_list_does_not_say(thanh_hoa_centre: User) -> None:
    staged = upload(thanh_hoa_centre, machine(time="Quý II"), year=None)
    client = signed_in(thanh_hoa_centre)
    page = text_of(client.get(address(staged)))
    assert 'id="year"' in page
    assert "ap-dung" not in page
    answer = post_corrections(thanh_hoa_centre, staged, year="1999")
    assert answer.status_code == 422
    assert 'value="1999"' in text_of(answer)
    post_corrections(thanh_hoa_centre, staged, year="2027")
    page = text_of(client.get(address(staged)))
    assert 'id="year"' not in page
    assert "Tạo 1 bản nháp" in page


def test_a_year_no_plan_can_have_is_asked_for_again(thanh_hoa_centre: User) -> None:
    staged = upload(thanh_hoa_centre, machine(time="Năm 2011"), year=2011)
    page = text_of(signed_in(thanh_hoa_centre).get(address(staged)))
    assert "Năm 2011 của biểu không phải năm kế hoạch" in page
    assert 'id="year"' in page
    assert "ap-dung" not in page


def test_amounts_follow_the_persons_unit(thanh_hoa_centre: User) -> None:
    staged = upload(thanh_hoa_centre, BAD)
    client = signed_in(thanh_hoa_centre)
    client.post("/tuy-chon/", {"money_unit": "dong", "next": "/"})
    assert 'value="300.000.000"' in text_of(client.get(address(staged)))
    client.post("/tuy-chon/", {"money_unit": "trieu", "next": "/"})
    assert re.search(r'name="row-0-own_vnd" value="300"', text_of(client.get(address(staged))))
