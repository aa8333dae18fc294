"""An uploaded list between reading and drafting: kept, held against what is there, mended, put aside.

Nothing here makes a project; :mod:`programs.intake.apply` does, and :mod:`programs.intake.preview` shows.
Rows are mended by fields named ``row-<index>-<field>`` with the fields of ``MENDABLE``.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import IO, Any, Final
from urllib.parse import quote

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import policy as door
from accounts.models import Organisation, User
from programs.drafting import drafting_office, province_for_year
from programs.facts import past_support
from programs.intake import limits, reader
from programs.intake.appraise import appraise, read_workbook
from programs.intake.matching import Match, Matcher, Matches
from programs.intake.mending import mend
from programs.intake.model import Workbook
from programs.intake.packing import pack_row, pack_summary, unpack
from programs.intake.refusals import Refused
from records import audit, files, personal
from records.models import StagedImport, StagedImportStatus
from records.sniff import XLS, XLSX
from vietnam.models import AdminUnit, Level
from vietnam.units import province_family

KIND: Final = "registration"
HEADING: Final = "Lỗi"
"""Of the column with problems, in every language: a workbook sent again is known by it."""


def stage_workbook(upload: IO[bytes] | File[Any], name: str, *, actor: User) -> StagedImport:
    """Read an uploaded list and keep it for the preview, the original with it.

    Raises ``Refused``, ``records.files.FileRefused``, ``PermissionRefused`` or ``ValidationError``.
    """
    door.require(actor, "programs.import_registration")
    office = drafting_office(actor)
    upload.seek(0)
    data = upload.read(limits.MAX_FILE_BYTES + 1)
    with translation.override("vi"):  # sentences are kept as they are said now
        workbook = appraise_for(read_workbook(data), actor=actor, office=office)
    name = _kept_name(name, "xlsx" if data.startswith(b"PK") else "xls")
    kept = files.store(io.BytesIO(data), name, limit=limits.MAX_FILE_BYTES, allowed={XLSX, XLS})
    staged = StagedImport.objects.create(
        kind=KIND,
        province=office.province,
        uploaded_by=actor,
        file=kept,
        name=name,
        year=workbook.year,
        rows=[pack_row(row) for row in workbook.rows],
        summary=pack_summary(workbook),
    )
    after = {"file": kept.sha256, "name": staged.name, "year": staged.year, "rows": len(workbook.rows)}
    audit.record("programs.stage_import", staged, actor=actor, after=after)
    return staged


def _kept_name(name: str, suffix: str) -> str:
    """The file's name with the ending of its kind; a personal number in it is masked."""
    stem = name.rsplit(".", 1)[0] or "bieu"
    return files.clean_name(f"{personal.mask(stem)}.{suffix}")


def appraise_for(workbook: Workbook, *, actor: User, office: Organisation | None = None) -> Workbook:
    """The workbook appraised for a person: past support asked for, projects it already names left out of it.

    Needs the person's rows (``act_as``). Raises ``Refused`` for the list of another province.
    """
    office = office or drafting_office(actor)
    _require_own_province(workbook, office)
    own = _matcher(actor, office, workbook.year).codes(workbook.rows) if workbook.year else {}
    return appraise(workbook, past=past_support, own_codes=own)


def _require_own_province(workbook: Workbook, office: Organisation) -> None:
    if workbook.province_id is None or office.province.level == Level.NATION:
        return
    if workbook.province_id not in province_family(office.province):
        message = _("Biểu này của %(theirs)s; tài khoản của bạn lập đề án cho %(own)s.") % {
            "theirs": workbook.province,
            "own": office.province.name,
        }
        raise Refused("other_province", message=message)


def _matcher(actor: User, office: Organisation, year: int) -> Matcher:
    return Matcher(actor, _province(office, year), year)


def _province(office: Organisation, year: int) -> AdminUnit:
    try:
        return province_for_year(office.province, year)
    except ValidationError:
        return office.province  # a year of several former provinces: drafting will ask


def workbook_of(staged: StagedImport) -> Workbook:
    """What was staged, with later corrections."""
    return unpack(staged.rows, staged.summary, staged.year)


def matches_of(staged: StagedImport, workbook: Workbook, *, actor: User) -> Matches:
    """What applying would do to each row; without a plan year every row is new."""
    office = drafting_office(actor)
    year = staged.year or workbook.year
    if year is None:
        return Matches([Match("new" if row.storable else "error") for row in workbook.rows], [])
    return _matcher(actor, office, year).match(workbook.rows, office)


# --- corrections


def mend_rows(staged: StagedImport, changes: Mapping[str, Any], *, actor: User) -> int:
    """Corrections of the grid (``row-3-activity``, ``row-3-kcqg_vnd``, ``year``, ``sheet-0-unit``); how
    many rows changed.

    ``changes`` carry the ``version`` they were made upon; amounts are in ``unit`` ("dong" or "trieu").
    Every changed row is checked again. Raises ``ValidationError``: by field where entries are no good,
    plain where the list was closed or mended meanwhile. Nothing is kept then.
    """
    door.require(actor, "programs.import_registration")
    with transaction.atomic():
        locked = lock(staged, version=str(changes.get("version", "")))
        workbook = workbook_of(locked)
        with translation.override("vi"):  # sentences are kept as they are said now
            touched = mend(
                workbook,
                changes,
                past=past_support,
                own=lambda read: _own_codes(read, actor),
                again=lambda units: _read_again(locked, units),
            )
        if touched:
            locked.rows = [pack_row(row) for row in workbook.rows]
            locked.summary = pack_summary(workbook)
            locked.year = workbook.year
            locked.version += 1
            locked.save(update_fields=["rows", "summary", "year", "version"])
    staged.refresh_from_db()
    return touched


def _read_again(staged: StagedImport, units: Mapping[str, int]) -> Workbook:
    with files.open_file(staged.file) as original:
        return read_workbook(original.read(), units)


def lock(staged: StagedImport, *, version: str | None = None) -> StagedImport:
    """The row locked for this transaction. Raises ``ValidationError`` where it is no longer open, or is not
    in the ``version`` that the person saw."""
    locked = StagedImport.objects.select_for_update(of=("self",)).select_related("file").get(pk=staged.pk)
    if locked.status != StagedImportStatus.PREVIEW:
        raise ValidationError(_("Biểu này đã được ghi hoặc đã bỏ nên không sửa được nữa."), code="closed")
    if version is not None and version != str(locked.version):
        raise ValidationError(
            _("Biểu vừa được sửa ở cửa sổ khác. Hãy xem lại các ô dưới đây rồi lưu lần nữa."), code="stale"
        )
    return locked


def discard(staged: StagedImport, *, actor: User) -> None:
    """Put an uploaded list aside unused; its file stays by its hash. Raises ``ValidationError``."""
    door.require(actor, "programs.import_registration")
    with transaction.atomic():
        locked = lock(staged)
        locked.status = StagedImportStatus.DISCARDED
        locked.save(update_fields=["status"])
        audit.record("programs.discard_import", locked, actor=actor, after={"file": locked.file.sha256})
    staged.refresh_from_db()


def _own_codes(workbook: Workbook, actor: User) -> dict[int, str]:
    if workbook.year is None:
        return {}
    return _matcher(actor, drafting_office(actor), workbook.year).codes(workbook.rows)


# --- the workbook with its errors


def annotated_workbook(staged: StagedImport, *, actor: User) -> tuple[str, bytes]:
    """The original with a column "Lỗi": (percent-encoded file name, content). Always ``.xlsx``."""
    door.require(actor, "programs.import_registration")
    with files.open_file(staged.file) as original:
        content = reader.annotate(original.read(), notes_of(workbook_of(staged)))
    stem = staged.name.rsplit(".", 1)[0] or "bieu"
    return quote(f"{stem} - lỗi.xlsx"), content


def notes_of(workbook: Workbook) -> dict[str, Any]:
    """What :mod:`programs.intake.annotating` writes, sheet by sheet."""
    sheets: dict[str, dict[str, Any]] = {
        name: {"row": top, "column": column, "lines": {}, "cells": []}
        for name, (top, column) in workbook.places.items()
    }
    for row in workbook.rows:
        about = sheets[row.sheet]
        for problem in row.problems:
            _note(about, row.row, problem.severity, problem.message)
            if (column := row.columns.get(problem.field)) is not None and problem.severity != "note":
                about["cells"].append([row.row - 1, column, problem.severity])
    for sheet_problem in workbook.sheet_problems:
        if sheet_problem.sheet in sheets and sheet_problem.row is not None:
            _note(
                sheets[sheet_problem.sheet], sheet_problem.row, sheet_problem.severity, sheet_problem.message
            )
    return {"heading": HEADING, "sheets": sheets}


def _note(about: dict[str, Any], row: int, severity: str, message: str) -> None:
    if row - 1 == about["row"]:
        row += 1  # the heading's own row holds the word "Lỗi"
    about["lines"].setdefault(str(row - 1), []).append([severity, message])
