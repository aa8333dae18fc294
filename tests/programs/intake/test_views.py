"""The pages of the intake at the door: upload, refusals with advice, whose list it is."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from accounts.roles import Role
from accounts.scope import act_as
from programs.intake import limits
from records.models import StagedImport, StagedImportStatus
from tests import cast
from tests.pages import signed_in
from tests.programs.intake.books import Page, machine, renamed_stream, xls, xlsx
from tests.programs.intake.desk import BAD, UPLOAD, address, fresh, page_of, send, send_file, text_of, upload

pytestmark = pytest.mark.django_db


def test_the_upload_page_says_what_is_taken_and_works_as_a_plain_form(thanh_hoa_centre: User) -> None:
    page = text_of(signed_in(thanh_hoa_centre).get(UPLOAD))
    assert 'accept=".xlsx, .xls"' in page
    assert "tối đa 10 MB" in page
    assert "data-dropzone" in page
    assert 'enctype="multipart/form-data"' in page
    assert "Chưa có biểu nào" in page


def test_a_taken_file_leads_to_its_preview(thanh_hoa_centre: User) -> None:
    answer = send_file(thanh_hoa_centre, xlsx(page_of(machine())))
    with act_as(thanh_hoa_centre):
        staged = StagedImport.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, address(staged))


def test_a_scripts_upload_is_told_where_to_go(thanh_hoa_centre: User) -> None:
    by_script = {"X-Requested-With": "XMLHttpRequest"}
    answer = send_file(thanh_hoa_centre, xlsx(page_of(machine())), headers=by_script)
    assert answer.status_code == 201
    assert signed_in(thanh_hoa_centre).get(answer.json()["next"]).status_code == 200
    refused = send_file(thanh_hoa_centre, b"%PDF-1.7 x", headers=by_script)
    assert (refused.status_code, list(refused.json())) == (422, ["error"])


def macro() -> bytes:
    out = io.BytesIO(xlsx(page_of(machine())))
    with zipfile.ZipFile(out, "a") as book:
        book.writestr("xl/vbaProject.bin", b"x")
    return out.getvalue()


def bomb() -> bytes:
    out = io.BytesIO(xlsx(page_of(machine())))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/media/image1.png", b"\0" * (40 * limits.MEBI))
    return out.getvalue()


def old_letters() -> bytes:
    """Words as TCVN3 fonts have them."""
    page = page_of(machine())
    for place, value in page.cells.items():
        if isinstance(value, str):
            page.cells[place] = value.translate(str.maketrans("ăâđêôơưếộịảấụáàệ", "¨©®ª«¬­ÕéÞ¶Êô¸µÖ"))
    page.cells[4, 1] = "BiÓu tæng hîp ®Ò ¸n khuyÕn c«ng quèc gia ®¨ng ký kÕ ho¹ch n¨m 2027"
    page.cells[11, 2] = "Hç trî øng dông m¸y mãc thiÕt bÞ tiªn tiÕn trong s¶n xuÊt ®å gç"
    page.cells[11, 4] = "C«ng ty TNHH Mét thµnh viªn ThÞnh V­îng"
    return xls(page)


@pytest.mark.parametrize(
    ("data", "advice"),
    [
        (lambda: b"", "Tệp rỗng"),
        (lambda: b"PK\x03\x04 broken", "hỏng"),
        (lambda: b"STT,T\xc3\xaan \xc4\x91\xe1\xbb\x81 \xc3\xa1n\n1,M\xc3\xa1y", "CSV"),
        (lambda: b"PK\x03\x04" + b"x" * limits.MAX_FILE_BYTES, "lớn hơn 10 MB"),
        (macro, "macro"),
        (bomb, "lớn bất thường"),
        (old_letters, "TCVN3"),
        (lambda: renamed_stream(xls(page_of(machine())), "EncryptedPackage"), "mật khẩu"),
        (lambda: xlsx(Page().put(1, ["Ghi chú"])), "bảng đề án"),
    ],
    ids=["empty", "corrupt", "csv", "too large", "macro", "bomb", "old letters", "encrypted", "no table"],
)
def test_a_refused_file_is_answered_with_advice_and_nothing_kept(
    thanh_hoa_centre: User, data: Callable[[], bytes], advice: str
) -> None:
    answer = send_file(thanh_hoa_centre, data(), "Biểu lạ.xlsx")
    page = text_of(answer)
    assert answer.status_code == 422
    assert advice in page
    assert "Biểu lạ.xlsx" in page
    assert 'href="#upload"' in page
    with act_as(thanh_hoa_centre):
        assert not StagedImport.objects.exists()


def test_no_file_and_another_provinces_file_are_told_apart(
    thanh_hoa_centre: User, nghe_an_centre: User
) -> None:
    answer = signed_in(thanh_hoa_centre).post(UPLOAD, {})
    assert (answer.status_code, "Hãy chọn tệp" in text_of(answer)) == (422, True)
    answer = send_file(nghe_an_centre, xlsx(page_of(machine())))
    assert answer.status_code == 422
    assert "Biểu này của Tỉnh Thanh Hóa; tài khoản của bạn lập đề án cho Tỉnh Nghệ An." in text_of(answer)


def test_earlier_uploads_are_listed_with_what_became_of_them(thanh_hoa_centre: User) -> None:
    upload(thanh_hoa_centre, machine(), BAD, name="Chờ.xlsx")
    send(thanh_hoa_centre, machine(), name="Ghi.xlsx")
    signed_in(thanh_hoa_centre).post(address(upload(thanh_hoa_centre, name="Bỏ.xlsx"), "bo/"))
    page = text_of(signed_in(thanh_hoa_centre).get(UPLOAD))
    assert re.search(
        r"Bỏ\.xlsx.*Đã bỏ.*Ghi\.xlsx.*Đã ghi, 1 bản nháp.*Chờ\.xlsx.*Chờ xem xét", page, re.DOTALL
    )


def test_upload_needs_the_right_to_draft(cuc_officer: User) -> None:
    assert signed_in(cuc_officer).get(UPLOAD).status_code == 403
    assert send_file(cuc_officer, xlsx(page_of(machine()))).status_code == 403
    assert Client().get(UPLOAD).status_code == 302


VERBS = ("", "sua/", "ap-dung/", "bo/", "tai-loi/")


@pytest.mark.parametrize("verb", VERBS)
def test_somebody_elses_list_is_not_there(thanh_hoa_centre: User, nghe_an_centre: User, verb: str) -> None:
    staged = upload(thanh_hoa_centre)
    colleague = cast.person("th.colleague", "Vũ Thị Bạn", Role.IMPL, cast.centre_of("Thanh Hóa"))
    method = "get" if verb in ("", "tai-loi/") else "post"
    for other in (colleague, nghe_an_centre):
        assert getattr(signed_in(other), method)(address(staged, verb), {"version": 1}).status_code == 404
    assert fresh(staged, thanh_hoa_centre).status == StagedImportStatus.PREVIEW


@pytest.mark.parametrize("verb", VERBS)
def test_every_address_needs_the_right(thanh_hoa_centre: User, cuc_officer: User, verb: str) -> None:
    staged = upload(thanh_hoa_centre)
    method = "get" if verb in ("", "tai-loi/") else "post"
    assert getattr(signed_in(cuc_officer), method)(address(staged, verb)).status_code == 403
    assert getattr(Client(), method)(address(staged, verb)).status_code == 302


@pytest.mark.parametrize("verb", ["sua/", "ap-dung/", "bo/"])
def test_changes_need_the_forms_token(thanh_hoa_centre: User, verb: str) -> None:
    staged = upload(thanh_hoa_centre)
    client = Client(enforce_csrf_checks=True)
    client.force_login(thanh_hoa_centre)
    assert client.post(address(staged, verb), {"version": 1}).status_code == 403


def test_the_address_of_a_refused_entry_opened_anew_shows_the_preview(thanh_hoa_centre: User) -> None:
    staged = upload(thanh_hoa_centre)
    for verb in ("sua/", "ap-dung/"):
        assert signed_in(thanh_hoa_centre).get(address(staged, verb))["Location"] == address(staged)
