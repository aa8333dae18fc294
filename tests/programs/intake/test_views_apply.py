"""Applying, putting aside, and the file handed back, as an officer meets them."""

from __future__ import annotations

from urllib.parse import unquote

import pytest

from accounts.models import User
from records.models import StagedImportStatus
from tests.pages import signed_in
from tests.programs.intake.books import machine, xls
from tests.programs.intake.desk import (
    BAD,
    UPLOAD,
    address,
    fresh,
    notes_in,
    page_of,
    post_corrections,
    project,
    projects,
    send_file,
    text_of,
    upload,
)

pytestmark = pytest.mark.django_db


def test_applying_makes_drafts_and_says_what_became_of_each_row(thanh_hoa_centre: User) -> None:
    staged = upload(thanh_hoa_centre, machine(), BAD)
    client = signed_in(thanh_hoa_centre)
    answer = client.post(address(staged, "ap-dung/"), {"version": 1}, follow=True)
    page = text_of(answer)
    draft = project(thanh_hoa_centre)
    assert f'href="/de-an/{draft.code}/"' in page
    assert "khác tổng kinh phí" in page
    assert "Đã tạo 1 bản nháp" in page
    for word, rows in (("tao-moi", [11]), ("chua-ghi", [12]), ("", [12, 11])):
        shown = client.get(address(staged), {"loc": word}).context["page"].rows
        assert [done.row for done in shown] == rows
    assert client.get(f"/de-an/{draft.code}/").status_code == 200


def test_pressing_twice_changes_nothing_and_says_so(thanh_hoa_centre: User) -> None:
    staged = upload(thanh_hoa_centre)
    client = signed_in(thanh_hoa_centre)
    client.post(address(staged, "ap-dung/"), {"version": 1})
    page = text_of(client.post(address(staged, "ap-dung/"), {"version": 1}, follow=True))
    assert "không có gì thay đổi" in page
    assert len(projects(thanh_hoa_centre)) == 1


def test_corrections_sent_with_apply_are_kept_and_looked_at_first(thanh_hoa_centre: User) -> None:
    staged = upload(thanh_hoa_centre, machine(), BAD)
    client = signed_in(thanh_hoa_centre)
    data = {"version": 1, "unit": "dong", "row-1-own_vnd": "350000000"}
    page = text_of(client.post(address(staged, "ap-dung/"), data, follow=True))
    assert "Đã lưu các ô vừa sửa" in page
    assert projects(thanh_hoa_centre) == []
    client.post(address(staged, "ap-dung/"), data | {"version": 2})
    assert len(projects(thanh_hoa_centre)) == 2


def test_a_bad_entry_sent_with_apply_keeps_everything_typed(thanh_hoa_centre: User) -> None:
    staged = upload(thanh_hoa_centre, machine(), BAD)
    data = {"version": 1, "unit": "dong", "row-1-own_vnd": "x"}
    answer = signed_in(thanh_hoa_centre).post(address(staged, "ap-dung/"), data)
    assert answer.status_code == 422
    assert 'value="x"' in text_of(answer)
    assert projects(thanh_hoa_centre) == []


def test_a_preview_that_is_out_of_date_is_not_applied(thanh_hoa_centre: User) -> None:
    staged = upload(thanh_hoa_centre)
    post_corrections(thanh_hoa_centre, staged, row_0_beneficiary="HTX Khác")
    answer = signed_in(thanh_hoa_centre).post(address(staged, "ap-dung/"), {"version": 1})
    assert (answer.status_code, "cửa sổ khác" in text_of(answer)) == (422, True)
    assert projects(thanh_hoa_centre) == []


def test_a_list_put_aside_is_shown_as_such_and_changes_no_more(thanh_hoa_centre: User) -> None:
    staged = upload(thanh_hoa_centre)
    client = signed_in(thanh_hoa_centre)
    assert client.post(address(staged, "bo/"))["Location"] == UPLOAD
    assert fresh(staged, thanh_hoa_centre).status == StagedImportStatus.DISCARDED
    assert "Biểu này đã bỏ" in text_of(client.get(address(staged)))
    for verb in ("sua/", "ap-dung/", "bo/"):
        page = text_of(client.post(address(staged, verb), {"version": 1}, follow=True))
        assert "đã ghi hoặc đã bỏ" in page or "đã được ghi hoặc đã bỏ" in page
    assert projects(thanh_hoa_centre) == []


def test_the_file_with_errors_comes_as_xlsx_under_its_own_name(thanh_hoa_centre: User) -> None:
    answer = send_file(thanh_hoa_centre, xls(page_of(BAD)), "Biểu của Sở.xls")
    content = signed_in(thanh_hoa_centre).get(answer["Location"] + "tai-loi/")
    assert content["Content-Type"].endswith("spreadsheetml.sheet")
    assert unquote(content["Content-Disposition"]).endswith("Biểu của Sở - lỗi.xlsx")
    assert "khác tổng kinh phí" in notes_in(content.content)
