"""From bytes to cells. What may cost much or go wrong happens in a child process (:mod:`.child`)."""

from __future__ import annotations

import json
import re
import signal
import struct
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from programs.intake import limits
from programs.intake.child import ANNOTATE, READ
from programs.intake.grid import Sheet
from programs.intake.legacy import is_legacy
from programs.intake.refusals import Refused

_ROOT: Final = Path(__file__).resolve().parents[2]
_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP: Final = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<", re.DOTALL)
_OUT_OF_TIME: Final = {-signal.SIGXCPU, -signal.SIGKILL}


def read_sheets(data: bytes) -> list[Sheet]:
    """The sheets of a workbook in tab order. Raises :class:`Refused`, whose sentence says what to do."""
    check_kind(data)
    try:
        answer: dict[str, Any] = json.loads(_run(READ, data))
    except ValueError as error:
        raise Refused("corrupt") from error
    if code := answer.get("refused"):
        raise Refused(code, answer.get("detail", ""))
    sheets = [Sheet.from_json(sheet) for sheet in answer["sheets"]]
    if is_legacy(sheets):
        raise Refused("legacy_encoding")
    return sheets


def check_kind(data: bytes) -> None:
    """Size and first bytes; raises :class:`Refused`. The name of the file counts for nothing."""
    if not data.strip(b"\0"):
        raise Refused("empty")
    if len(data) > limits.MAX_FILE_BYTES:
        raise Refused("too_large", "bytes")
    if data.startswith((_ZIP, _OLE)):
        return
    if data.startswith(b"%PDF"):
        raise Refused("unsupported_format", "pdf")
    if _MARKUP.match(data[:64]):
        raise Refused("unsupported_format", "html")
    head = data[:4096]
    binary = sum(byte < 9 or 13 < byte < 32 for byte in head) > len(head) // 50
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if binary and not wide:
        raise Refused("corrupt")
    raise Refused(
        "unsupported_format", "csv" if wide or any(mark in head for mark in (b",", b";", b"\t")) else ""
    )


def annotate(data: bytes, notes: dict[str, Any]) -> bytes:
    """The workbook with a column of ``notes`` (see :mod:`.annotating`), as ``.xlsx``."""
    words = json.dumps(notes).encode()
    answer = _run(ANNOTATE, struct.pack("<I", len(words)) + words + data)
    if not answer.startswith(_ZIP):
        raise Refused("corrupt")
    return answer


def _run(job: str, source: bytes) -> bytes:
    """One child, without our environment: it needs no keys and no database."""
    command: Sequence[str] = [sys.executable, "-s", "-m", "programs.intake.child", job]
    environment = {"PYTHONUTF8": "1", "MALLOC_ARENA_MAX": "2", "LC_ALL": "C.UTF-8"}
    try:
        done = subprocess.run(  # noqa: S603  # our own interpreter and module, no word from outside
            command,
            input=source,
            capture_output=True,
            timeout=limits.WALL_SECONDS,
            cwd=_ROOT,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Refused("too_complex") from error
    if done.returncode in _OUT_OF_TIME:
        raise Refused("too_complex")
    if done.returncode:
        # A parser that ran out of memory aborts; anything else it dies of is the file's doing as well.
        raise Refused("too_complex" if done.returncode == -signal.SIGABRT else "corrupt")
    return done.stdout
