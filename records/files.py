"""Uploaded and produced files: streamed, measured, recognised, kept once under their digest.

``MEDIA_ROOT/files/ab/cd/<sha256>``: no name from outside ever becomes a path, and nothing under it is
served directly; a view checks the right to the owning row first.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import tempfile
import unicodedata
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import IO, Any, BinaryIO, Final

from django.conf import settings
from django.core.files.base import File
from django.db import connection, transaction
from django.db.models import Exists, ManyToOneRel, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records.context import whole_country
from records.models import StoredFile
from records.sniff import EXTENSIONS, FileRefused, media_type_of
from vietnam.text import clean

__all__ = [
    "DEFAULT_LIMIT",
    "FileRefused",
    "clean_name",
    "open_file",
    "path_of",
    "store",
    "sweep",
    "verify_files",
]

DEFAULT_LIMIT: Final = 20 * 1024 * 1024
_CHUNK: Final = 256 * 1024
_NAME_LENGTH: Final = 150


def store(
    content: IO[bytes] | File[Any],
    name: str,
    *,
    limit: int = DEFAULT_LIMIT,
    allowed: Collection[str] | None = None,
) -> StoredFile:
    """Keep a file and return its row; equal content is kept once.

    ``allowed`` narrows the media types of ``sniff``. Raises ``FileRefused`` with a Vietnamese sentence:
    too large, empty, of another kind than its name says, macros, password, damaged.
    """
    name = clean_name(name)
    with tempfile.NamedTemporaryFile(dir=_folder("incoming"), delete=False) as incoming:
        try:
            digest, size = _copy(content, incoming, limit)
            media_type = media_type_of(incoming, os.path.splitext(name)[1].lower())
            if allowed is not None and media_type not in allowed:
                kinds = ", ".join(sorted(extension for kind in allowed for extension in EXTENSIONS[kind]))
                raise FileRefused("type", _("Ở đây chỉ nhận tệp %(kinds)s.") % {"kinds": kinds})
            with transaction.atomic():
                _hold(digest)
                _keep(incoming, digest)
                # One statement, safe against a twin that uploads the same content now.
                row = StoredFile(sha256=digest, size=size, media_type=media_type, name=name)
                StoredFile.objects.bulk_create([row], ignore_conflicts=True)
                return StoredFile.objects.get(sha256=digest)
        finally:
            Path(incoming.name).unlink(missing_ok=True)


def open_file(stored: StoredFile) -> BinaryIO:
    """The content, read-only. Raises ``FileNotFoundError`` when the disk lost it."""
    return path_of(stored).open("rb")


def path_of(stored: StoredFile) -> Path:
    """Where the content lies, for the proxy's X-Accel-Redirect or a parser child process."""
    return _path(stored.sha256)


def clean_name(raw: str) -> str:
    """A harmless file name of at most 150 characters that keeps its extension and its Vietnamese letters."""
    base = clean(raw).replace("\\", "/").rsplit("/", 1)[-1]
    # Control characters, and bidirectional marks that make "gpj.exe" read as "exe.jpg".
    base = "".join(letter for letter in base if not unicodedata.category(letter).startswith("C"))
    base = "".join("_" if letter in '<>:"|?*%;' else letter for letter in base).strip(" .")
    stem, extension = os.path.splitext(base)
    extension = extension[:12]
    return f"{stem[: _NAME_LENGTH - len(extension)].rstrip(' .') or 'tep'}{extension}"


def verify_files() -> Iterator[str]:
    """Invariant: what the table says is kept lies on the disk, whole."""
    for stored in StoredFile.objects.order_by("id").iterator(chunk_size=2000):
        path = path_of(stored)
        if not path.is_file():
            yield f"file {stored.uuid} ({stored.sha256}) is not on the disk"
        elif path.stat().st_size != stored.size:
            yield f"file {stored.uuid} ({stored.sha256}) has another size than recorded"


def sweep(older_than: dt.timedelta = dt.timedelta(days=1)) -> int:
    """Remove contents nothing refers to or ever did, history included; returns how many.

    They were stored for something that was then refused. The row goes first, so that a crash in between
    leaves no row without its file.
    """
    before = timezone.now() - older_than
    with whole_country():
        for digest in _unused(before).values_list("sha256", flat=True):
            if _hold(digest, alone=True):
                _unused(before).filter(sha256=digest).delete()
    old = [path for path in _root().glob("files/??/??/*") if _is_older(path, before)]
    swept = sum(_drop_without_row(path) for path in old)
    for left in _folder("incoming").iterdir():  # by a process that was killed
        if _is_older(left, before):
            left.unlink(missing_ok=True)
    return swept


def _unused(before: dt.datetime) -> QuerySet[StoredFile]:
    """Rows of that age that no other row names, be it of a history table."""
    relations = [f for f in StoredFile._meta.get_fields(include_hidden=True) if isinstance(f, ManyToOneRel)]
    named = [
        Exists(relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")}))
        for relation in relations
    ]
    return StoredFile.objects.filter(*[~each for each in named], created_at__lt=before)


def _drop_without_row(path: Path) -> bool:
    with transaction.atomic():
        if not _hold(path.name, alone=True) or StoredFile.objects.filter(sha256=path.name).exists():
            return False
        path.unlink(missing_ok=True)
        return True


def _is_older(path: Path, before: dt.datetime) -> bool:
    return path.is_file() and path.stat().st_mtime < before.timestamp()


def _hold(digest: str, *, alone: bool = False) -> bool:
    """Keep the sweep off this content until the transaction ends; ``alone``: keep everybody off, if nobody
    is at it now."""
    function = "pg_try_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtextextended(%s, 0))", [f"file {digest}"])
        (held,) = cursor.fetchone()
        return held is not False  # waiting for a shared lock answers nothing


def _copy(content: Any, target: IO[bytes], limit: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    content.seek(0)
    while block := content.read(_CHUNK):
        size += len(block)
        if size > limit:
            message = _("Tệp lớn hơn %(limit)s MB. Hãy nén ảnh, tách tệp hoặc quét ở độ phân giải thấp hơn.")
            raise FileRefused("too_large", message % {"limit": limit // (1024 * 1024) or 1})
        digest.update(block)
        target.write(block)
    target.flush()
    return digest.hexdigest(), size


def _keep(incoming: Any, digest: str) -> None:
    """Into place by an atomic rename on the same file system; synced first, as the row will outlive us."""
    os.fsync(incoming.fileno())
    os.chmod(incoming.name, 0o640)
    path = _path(digest)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    os.replace(incoming.name, path)


def _path(digest: str) -> Path:
    return _root() / "files" / digest[:2] / digest[2:4] / digest


def _folder(name: str) -> Path:
    folder = _root() / name
    folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    return folder


def _root() -> Path:
    return Path(settings.MEDIA_ROOT)
