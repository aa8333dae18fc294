"""A paper shown beside its dossier: which files a browser may show, and under which headers."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from accounts.scope import act_as
from programs.dossier import attach
from programs.models import Attachment, Project
from records.files import FileRefused, path_of
from records.models import StoredFile
from records.sniff import DOCX
from records.sniff import PDF as PDF_TYPE
from tests.factories import make_project
from tests.pages import signed_in

pytestmark = pytest.mark.django_db


def _png(width: int = 40, height: int = 30) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\x24\x37\x8a" * width for _row in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def _docx() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", "<document/>")
    return out.getvalue()


PNG = _png()
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 400]/Contents 4 0 R>>endobj\n"
    b"4 0 obj<</Length 31>>stream\n1 0 0 rg 50 50 200 300 re f     \nendstream endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)


@pytest.fixture
def project(thanh_hoa_centre: User) -> Project:
    return make_project(thanh_hoa_centre)


def paper(project: Project, actor: User, name: str, content: bytes) -> Attachment:
    with act_as(actor):
        return attach(project, SimpleUploadedFile(name, content), paper_code="", actor=actor)


def address(project: Project, item: Attachment) -> str:
    return f"/de-an/{project.code}/tai-lieu/{item.uuid}/"


@pytest.mark.parametrize(
    ("name", "content"), [("a.pdf", PDF), ("a.png", PNG), ("a.jpg", b"\xff\xd8\xff\xe0 anh")]
)
def test_pdf_and_pictures_are_framed_by_this_portal_alone_and_run_nothing(
    name: str, content: bytes, project: Project, thanh_hoa_centre: User
) -> None:
    item = paper(project, thanh_hoa_centre, name, content)
    answer: Any = signed_in(thanh_hoa_centre).get(address(project, item))
    policy = answer["Content-Security-Policy"]
    assert answer["Content-Disposition"].startswith("inline")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in policy and "default-src 'none'" in policy
    assert "script-src" not in policy, "so default-src forbids every script"
    assert ("sandbox" in policy) == (name != "a.pdf"), "the browser's own reader does not start in a sandbox"


def test_office_files_are_saved_and_never_framed(project: Project, thanh_hoa_centre: User) -> None:
    item = paper(project, thanh_hoa_centre, "a.docx", _docx())
    assert item.file.media_type == DOCX
    answer: Any = signed_in(thanh_hoa_centre).get(address(project, item))
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Frame-Options"] == "DENY"
    page = signed_in(thanh_hoa_centre).get(f"/de-an/{project.code}/tham-dinh/").content.decode()
    assert f"?giay-to={item.uuid}" not in page
    beside = signed_in(thanh_hoa_centre).get(f"/de-an/{project.code}/tham-dinh/?giay-to={item.uuid}")
    assert beside.status_code == 404


@pytest.mark.parametrize("name", ["a.html", "a.svg", "a.pdf", "a.png"])
def test_a_page_or_a_drawing_is_not_even_kept_whatever_it_is_called(
    name: str, project: Project, thanh_hoa_centre: User
) -> None:
    for content in (b"<html><script>alert(1)</script>", b"<svg xmlns='http://www.w3.org/2000/svg'/>"):
        with pytest.raises(FileRefused):
            paper(project, thanh_hoa_centre, name, content)


def test_a_file_that_is_not_what_its_row_says_is_saved_and_not_shown(
    project: Project, thanh_hoa_centre: User
) -> None:
    item = paper(project, thanh_hoa_centre, "a.pdf", PDF)
    stored = StoredFile.objects.get(pk=item.file_id)
    assert stored.media_type == PDF_TYPE
    path_of(stored).chmod(0o600)
    path_of(stored).write_bytes(b"<html><script>alert(1)</script>")
    answer: Any = signed_in(thanh_hoa_centre).get(address(project, item))
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_the_part_for_a_paper_is_for_those_who_see_the_project(
    project: Project, thanh_hoa_centre: User, nghe_an_officer: User
) -> None:
    item = paper(project, thanh_hoa_centre, "a.png", PNG)
    address = f"/de-an/{project.code}/tham-dinh/?giay-to={item.uuid}"
    part = signed_in(thanh_hoa_centre).get(address, headers={"HX-Request": "true"}).content.decode()
    assert f"/tai-lieu/{item.uuid}/" in part and "<html" not in part
    assert signed_in(nghe_an_officer).get(address, headers={"HX-Request": "true"}).status_code == 404
    unknown = f"/de-an/{project.code}/tham-dinh/?giay-to=khong-co"
    assert signed_in(thanh_hoa_centre).get(unknown).status_code == 404
