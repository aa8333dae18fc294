from __future__ import annotations

import datetime as dt
import hashlib
import io
import os
import threading
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwt
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.utils import timezone

from accounts.roles import Role
from accounts.scope import act_as
from programs.dossier import attach, detach
from records import files, sniff, tasks
from records.context import whole_country
from records.files import FileRefused
from records.models import StagedImport, StoredFile
from tests import cast
from tests.factories import make_project
from tests.records.conftest import at_once, person, province

PDF = b"%PDF-1.7\n%...\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 40


def package(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return made.getvalue()


def xlsx() -> bytes:
    made = io.BytesIO()
    openpyxl.Workbook().save(made)
    return made.getvalue()


def xls() -> bytes:
    book, made = xlwt.Workbook(), io.BytesIO()
    book.add_sheet("Bảng")
    book.save(made)
    return made.getvalue()


def ole(*streams: str) -> bytes:
    """A compound file's first bytes and a directory of these streams."""
    directory = b"".join((name + "\0").encode("utf-16-le").ljust(128, b"\0") for name in streams)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + directory


DOCX = package("[Content_Types].xml", "word/document.xml")


def kept(content: bytes, name: str, **options: Any) -> StoredFile:
    return files.store(io.BytesIO(content), name, **options)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (PDF, "Tờ trình.pdf", sniff.PDF),
        (PNG, "anh.PNG", sniff.PNG),
        (JPEG, "anh.jpeg", sniff.JPEG),
        (JPEG, "anh.jpg", sniff.JPEG),
        (xlsx(), "Biểu số 2.xlsx", sniff.XLSX),
        (xls(), "Biểu cũ.xls", sniff.XLS),
        (DOCX, "Công văn.docx", sniff.DOCX),
    ],
)
def test_what_offices_send_is_kept_by_its_digest(
    content: bytes, name: str, media_type: str, own_files: Path
) -> None:
    stored = kept(content, name)
    digest = hashlib.sha256(content).hexdigest()
    assert (stored.sha256, stored.size, stored.media_type, stored.name) == (
        digest,
        len(content),
        media_type,
        name,
    )
    assert files.path_of(stored) == own_files / "files" / digest[:2] / digest[2:4] / digest
    with files.open_file(stored) as content_again:
        assert content_again.read() == content
    assert os.stat(files.path_of(stored)).st_mode & 0o777 == 0o640
    assert not list((own_files / "incoming").iterdir())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.pdf", "empty"),
        (b"<html><script>alert(1)</script>", "a.pdf", "type"),
        (b"MZ\x90\0", "a.pdf", "type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.png", "type"),
        (PDF, "a.png", "mismatch"),
        (PNG, "a.jpg", "mismatch"),
        (xlsx(), "a.xls", "mismatch"),
        (xls(), "a.xlsx", "mismatch"),
        (PDF, "khong-duoi", "mismatch"),
        (xlsx(), "a.xlsm", "macro"),
        (package("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"), "a.xlsx", "macro"),
        (package("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "a.docx", "macro"),
        (package("[Content_Types].xml", "xl/workbook.xml", "xl/macrosheets/sheet1.xml"), "a.xlsx", "macro"),
        (ole("Root Entry", "Workbook", "_VBA_PROJECT"), "a.xls", "macro"),
        (ole("Root Entry", "EncryptedPackage", "EncryptionInfo"), "a.xlsx", "encrypted"),
        (ole("Root Entry", "WordDocument"), "a.xls", "type"),
        (package("a.txt"), "a.xlsx", "type"),
        (package("[Content_Types].xml", "ppt/presentation.xml"), "a.xlsx", "type"),
        (xlsx()[:400], "a.xlsx", "corrupt"),
        (b"PK\x03\x04" + b"\0" * 100, "a.xlsx", "corrupt"),
        (package("[Content_Types].xml", *(f"x{n}" for n in range(5_001))), "a.xlsx", "corrupt"),
    ],
)
def test_everything_else_is_refused_with_advice_and_leaves_nothing(
    content: bytes, name: str, code: str, own_files: Path
) -> None:
    with pytest.raises(FileRefused) as refused:
        kept(content, name)
    assert refused.value.code == code
    assert str(refused.value.message).endswith(".")
    assert not StoredFile.objects.exists()
    assert not [path for path in own_files.rglob("*") if path.is_file()]


@pytest.mark.django_db
def test_a_file_over_the_limit_is_refused_while_it_is_read() -> None:
    class Endless(io.RawIOBase):
        given = 0

        def seek(self, *args: Any) -> int:
            return 0

        def read(self, size: int = -1) -> bytes:
            self.given += size
            assert self.given < 2_000_000, "read far past the limit"
            return b"\0" * size

    with pytest.raises(FileRefused) as refused:
        files.store(Endless(), "a.pdf", limit=1_000_000)  # type: ignore[arg-type]  # the stream's least form
    assert refused.value.code == "too_large"


@pytest.mark.django_db
def test_a_place_may_take_fewer_kinds() -> None:
    with pytest.raises(FileRefused) as refused:
        kept(PDF, "a.pdf", allowed={sniff.XLSX, sniff.XLS})
    assert refused.value.code == "type" and ".xls, .xlsx" in str(refused.value.message)


@pytest.mark.django_db
def test_equal_content_is_kept_once() -> None:
    first = kept(PDF, "một.pdf")
    assert kept(PDF, "hai.pdf") == first
    assert StoredFile.objects.get().name == "một.pdf"


@pytest.mark.django_db(transaction=True)
def test_equal_content_sent_at_the_same_time_is_kept_once() -> None:
    results = at_once([lambda: kept(PDF, "a.pdf").pk] * 6)
    assert len(set(results)) == 1, results
    assert list(files.verify_files()) == []


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\Lan\\Tờ trình.pdf", "Tờ trình.pdf"),
        ("a\0b\r\n.pdf", "ab.pdf"),
        ("anh\u202egpj.exe.pdf", "anhgpj.exe.pdf"),
        (".htaccess", "htaccess"),
        ('a<b>"c".pdf', "a_b__c_.pdf"),
        ("", "tep"),
        ("...", "tep"),
        ("x" * 300 + ".xlsx", "x" * 145 + ".xlsx"),
        ("To\u031b\u0300 tri\u0300nh.pdf", "Tờ trình.pdf"),
    ],
)
def test_names_become_harmless_and_keep_their_words(raw: str, name: str) -> None:
    assert files.clean_name(raw) == name


@pytest.mark.django_db
def test_a_lost_or_damaged_file_is_reported() -> None:
    lost, cut = kept(PDF, "a.pdf"), kept(PNG, "b.png")
    files.path_of(lost).unlink()
    os.chmod(files.path_of(cut), 0o600)
    files.path_of(cut).write_bytes(b"x")
    first, second = files.verify_files()
    assert "not on the disk" in first and "another size" in second


# --- what nothing refers to


def grow_old(*stored: StoredFile, days: int = 2) -> None:
    then = timezone.now() - dt.timedelta(days=days)
    StoredFile.objects.filter(pk__in=[file.pk for file in stored]).update(created_at=then)
    for file in stored:
        os.utime(files.path_of(file), (then.timestamp(),) * 2)


def refused(content: bytes, name: str) -> Path:
    """Stored by a request that was then refused as a whole."""
    with transaction.atomic():
        path = files.path_of(kept(content, name))
        grow_old(StoredFile.objects.latest("id"))
        transaction.set_rollback(True)
    return path


@pytest.mark.django_db(transaction=True)
def test_refused_uploads_are_swept_after_a_day_and_what_is_used_stays(own_files: Path) -> None:
    with whole_country():
        used = kept(PDF, "used.pdf")
        StagedImport.objects.create(
            kind="registration", province=province("38"), uploaded_by=person(), file=used
        )
    gone, unused, fresh = refused(PNG, "a.png"), kept(JPEG, "b.jpg"), kept(DOCX, "c.docx")
    grow_old(used, unused)
    left = own_files / "incoming" / "tmp-killed"
    left.write_bytes(b"x")
    os.utime(left, (0, 0))
    assert gone.exists()
    assert tasks.purge_records() == 2
    assert not gone.exists() and not files.path_of(unused).exists() and not left.exists()
    assert set(StoredFile.objects.all()) == {used, fresh}
    assert list(files.verify_files()) == []
    assert files.path_of(kept(PNG, "a.png")).exists(), "sent again, it is kept again"


@pytest.mark.django_db(transaction=True)
def test_what_only_history_names_is_kept(own_files: Path) -> None:
    """A paper taken out of a dossier is still part of what was once handed in."""
    centre = cast.person("th.centre", "Lê Văn Lập", Role.IMPL, cast.centre_of("Thanh Hóa"))
    project = make_project(centre)
    with act_as(centre):
        item = attach(project, SimpleUploadedFile("a.pdf", PDF), paper_code="", actor=centre)
        detach(project, item, actor=centre)
    grow_old(item.file)
    files.sweep()
    assert files.path_of(item.file).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("known", [True, False])
def test_content_being_sent_again_is_not_swept_under_its_sender(known: bool) -> None:
    if known:
        grow_old(kept(PDF, "a.pdf"))
    else:
        refused(PDF, "a.pdf")
    sent, swept = threading.Event(), threading.Event()

    def send() -> None:
        with transaction.atomic():
            stored = kept(PDF, "a.pdf")
            os.utime(files.path_of(stored), (0, 0))
            sent.set()
            assert swept.wait(20)
        connection.close()

    sender = threading.Thread(target=send)
    sender.start()
    assert sent.wait(20)
    assert files.sweep() == 0
    swept.set()
    sender.join(20)
    assert StoredFile.objects.count() == 1
    assert list(files.verify_files()) == []
