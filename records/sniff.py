"""What a file really is, from its bytes; the name and the browser's word count for nothing."""

from __future__ import annotations

import re
import struct
import zipfile
from typing import IO, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLS: Final = "application/vnd.ms-excel"
PDF: Final = "application/pdf"
PNG: Final = "image/png"
JPEG: Final = "image/jpeg"

EXTENSIONS: Final[dict[str, tuple[str, ...]]] = {
    PDF: (".pdf",),
    PNG: (".png",),
    JPEG: (".jpg", ".jpeg"),
    XLSX: (".xlsx",),
    XLS: (".xls",),
    DOCX: (".docx",),
}

SHOWN: Final = frozenset({PDF, PNG, JPEG})
"""What a browser may show by itself. HTML, SVG and office files never are: they could run as our page."""

_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAX_MEMBERS: Final = 5_000
_MACRO_PARTS: Final = ("vbaproject.bin", "vbadata.xml")
_MACRO_EXTENSIONS: Final = (".xlsm", ".xltm", ".xlam", ".docm", ".dotm", ".xlsb")


class FileRefused(Exception):
    """The file is not kept. ``code`` is for machines, ``message`` (and ``str()``) tells people what to do."""

    def __init__(self, code: str, message: str | Promise) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


def media_type_of(content: IO[bytes], extension: str) -> str:
    """The media type, when it is one we keep and the extension (".pdf", lower case) agrees.

    Raises ``FileRefused`` with code ``empty``, ``macro``, ``encrypted``, ``corrupt``, ``mismatch``, ``type``.
    """
    if extension in _MACRO_EXTENSIONS:
        raise _macro()
    content.seek(0)
    head = content.read(1024)
    if not head:
        raise FileRefused("empty", _("Tệp rỗng. Hãy chọn lại tệp có nội dung."))
    found = _by_magic(head, content)
    if found is None:
        raise FileRefused("type", _("Chỉ nhận tệp PDF, PNG, JPEG, XLSX, XLS hoặc DOCX."))
    if extension not in EXTENSIONS[found]:
        raise FileRefused(
            "mismatch",
            _(
                "Nội dung tệp không khớp với đuôi tên tệp. "
                "Hãy mở tệp và lưu lại đúng định dạng, không chỉ đổi tên."
            ),
        )
    return found


def is_shown(content: IO[bytes], media_type: str) -> bool:
    """May a browser show this file: one of ``SHOWN`` by its bytes, and the one its row says?"""
    content.seek(0)
    found = _by_magic(content.read(1024), content) if media_type in SHOWN else None
    content.seek(0)
    return found == media_type


def _by_magic(head: bytes, content: IO[bytes]) -> str | None:
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(_ZIP):
        return _office_open(content)
    if head.startswith(_OLE):
        return _ole(content)
    return None


def _office_open(content: IO[bytes]) -> str | None:
    """XLSX or DOCX by the parts of the package; only the directory is read, nothing is unpacked."""
    if _member_count(content) > _MAX_MEMBERS:
        raise _corrupt()
    try:
        with zipfile.ZipFile(content) as package:
            names = {name.lower() for name in package.namelist()}
    except (zipfile.BadZipFile, ValueError, OSError, struct.error, NotImplementedError) as error:
        raise _corrupt() from error
    if any(name.endswith(_MACRO_PARTS) or name.startswith("xl/macrosheets/") for name in names):
        raise _macro()
    if "[content_types].xml" not in names:
        return None
    if "xl/workbook.xml" in names:
        return XLSX
    return DOCX if "word/document.xml" in names else None


def _member_count(content: IO[bytes]) -> int:
    """Entries the zip's own end record declares: read first, so that a huge directory is never parsed."""
    content.seek(0, 2)
    size = content.tell()
    content.seek(max(0, size - 65_557))
    tail = content.read()
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or len(tail) < place + 22:
        raise _corrupt()
    (count,) = struct.unpack_from("<H", tail, place + 10)
    # 0xFFFF means ZIP64, which no office document under our size limit needs.
    return int(count)


def _ole(content: IO[bytes]) -> str | None:
    """The old compound format: told apart by the stream names of its directory (UTF-16)."""
    content.seek(0)
    body = content.read()
    if _has_stream(body, "EncryptedPackage") or _has_stream(body, "EncryptionInfo"):
        raise FileRefused(
            "encrypted", _("Tệp có mật khẩu. Hãy mở tệp, lưu lại thành tệp không có mật khẩu rồi tải lên.")
        )
    if _has_stream(body, "_VBA_PROJECT") or _has_stream(body, "_VBA_PROJECT_CUR"):
        raise _macro()
    return XLS if _has_stream(body, "Workbook") or _has_stream(body, "Book") else None


def _has_stream(body: bytes, name: str) -> bool:
    # A directory entry is 128 bytes on a 128-byte boundary; its name ends with a NUL character.
    pattern = re.escape((name + "\0").encode("utf-16-le"))
    return any(found.start() % 128 == 0 for found in re.finditer(pattern, body))


def _macro() -> FileRefused:
    message = _("Tệp có macro nên không được nhận. Hãy lưu lại thành .xlsx hoặc .docx rồi tải lên.")
    return FileRefused("macro", message)


def _corrupt() -> FileRefused:
    message = _("Tệp hỏng hoặc không đọc được. Hãy mở bằng phần mềm văn phòng và lưu lại.")
    return FileRefused("corrupt", message)
