"""An officer's desk: lists uploaded, looked at, mended and applied in the officer's own rows."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from html import unescape
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from accounts.scope import act_as
from programs.intake.apply import Outcome, apply_import
from programs.intake.matching import Match
from programs.intake.model import Workbook
from programs.intake.preview import Preview, preview_of
from programs.intake.stage import mend_rows, stage_workbook, workbook_of
from programs.models import Project
from records.models import StagedImport
from tests.pages import signed_in
from tests.programs.intake.books import Entry, Page, form_page, machine, xlsx

HOUSEHOLD = "038099001234"
MASKED = "038******234"


def page_of(*entries: Entry, **more: Any) -> Page:
    """A list of one group of these projects."""
    return form_page([("I", "Ứng dụng máy móc, thiết bị", entries)], **more)


def upload(actor: User, *entries: Entry, name: str = "Biểu.xlsx", **more: Any) -> StagedImport:
    return stage(actor, xlsx(page_of(*(entries or [machine()]), **more)), name)


def stage(actor: User, data: bytes, name: str = "Biểu.xlsx") -> StagedImport:
    with act_as(actor):
        return stage_workbook(io.BytesIO(data), name, actor=actor)


def apply(staged: StagedImport, actor: User, **more: Any) -> Outcome:
    with act_as(actor):
        return apply_import(staged, actor, **more)


def send(actor: User, *entries: Entry, **more: Any) -> Outcome:
    """A list uploaded and applied at once."""
    return apply(upload(actor, *entries, **more), actor)


def mend(staged: StagedImport, actor: User, **changes: Any) -> Workbook:
    """Corrections as the page sends them (``row_0_title="…"``); the list as it then is."""
    with act_as(actor):
        mend_rows(staged, {"version": staged.version, **_fields(changes)}, actor=actor)
    return workbook_of(staged)


def _fields(changes: dict[str, Any]) -> dict[str, Any]:
    return {re.sub(r"^(row|sheet)_([0-9]+)_", r"\1-\2-", name): value for name, value in changes.items()}


def look(staged: StagedImport, actor: User) -> Preview:
    with act_as(actor):
        return preview_of(staged, actor=actor)


def matches(actor: User, *entries: Entry, **more: Any) -> list[Match]:
    """What applying such a list would do to each row."""
    return [row.match for row in look(upload(actor, *entries, **more), actor).rows]


def statuses(actor: User, *entries: Entry, **more: Any) -> list[str]:
    return [match.status for match in matches(actor, *entries, **more)]


def projects(actor: User) -> Sequence[Project]:
    with act_as(actor):
        return list(Project.objects.visible_to(actor).order_by("id"))


def project(actor: User) -> Project:
    """The only one there is."""
    (only,) = projects(actor)
    return only


# --- through the pages

UPLOAD = "/nhap-bieu/"
BAD = machine("bàn", tax_code="9928000217", own=300)
"""A project whose sources do not add up."""


def address(staged: StagedImport, verb: str = "") -> str:
    return f"{UPLOAD}{staged.uuid}/{verb}"


def text_of(answer: Any) -> str:
    return unescape(answer.content.decode())


def send_file(user: User, data: bytes, name: str = "Biểu.xlsx", **more: Any) -> Any:
    return signed_in(user).post(UPLOAD, {"file": SimpleUploadedFile(name, data)}, **more)


def fresh(staged: StagedImport, user: User) -> StagedImport:
    """The list as it is now."""
    with act_as(user):
        return StagedImport.objects.get(pk=staged.pk)


def post_corrections(user: User, staged: StagedImport, query: str = "", **changes: str) -> Any:
    """The grid's form as the page sends it: ``row_0_title`` stands for ``row-0-title``."""
    data = {"version": staged.version, "unit": "dong", **_fields(changes)}
    return signed_in(user).post(address(staged, "sua/") + query, data)


def notes_in(content: bytes) -> str:
    """The column "Lỗi" of a workbook that was handed back."""
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    return "\n".join(str(cell.value) for cell in sheet["N"] if cell.value)
