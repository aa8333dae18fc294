"""The good rows of a staged list become drafts; what is there already is updated or left alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import policy as door
from accounts.models import User
from accounts.policy import PermissionRefused
from programs.drafting import NewDraft, create_draft, create_drafts, drafting_office, save_draft
from programs.errors import ProgramError
from programs.intake.matching import Match
from programs.intake.model import ImportRow, Workbook
from programs.intake.stage import lock, matches_of, workbook_of
from programs.models import Project
from programs.years import plan_years
from records import audit, outbox, personal
from records.models import StagedImport, StagedImportStatus

_LOCK_CLASS: Final = 0x6B63  # "kc": one list of a province is applied at a time

Fate = Literal["created", "updated", "same", "locked", "error", "refused"]
REFUSALS: Final = (ValidationError, ProgramError, PermissionRefused)
LEFT_OUT: Final = frozenset({"locked", "error", "refused"})


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one row, and why it stayed out."""

    sheet: str
    row: int
    title: str
    fate: Fate
    code: str = ""
    reason: str = ""

    @property
    def left_out(self) -> bool:
        return self.fate in LEFT_OUT


@dataclass(slots=True)
class Outcome:
    """What applying did, row by row. ``repeated``: the list had been applied before, nothing changed now."""

    rows: list[Done] = field(default_factory=list)
    repeated: bool = False

    def count(self, *fates: str) -> int:
        return sum(done.fate in fates for done in self.rows)

    @property
    def counts(self) -> dict[str, int]:
        return {
            **{fate: self.count(fate) for fate in ("created", "updated", "same")},
            "skipped": self.count(*LEFT_OUT),
        }

    @property
    def codes(self) -> list[str]:
        return [done.code for done in self.rows if done.fate == "created"]

    def sentence(self) -> str:
        if self.repeated:
            return _("Biểu này đã được ghi trước đó; không có gì thay đổi.")
        return (
            _(
                "Đã tạo %(created)d bản nháp, cập nhật %(updated)d, giữ nguyên %(same)d; "
                "bỏ qua %(skipped)d dòng."
            )
            % self.counts
        )

    def to_json(self) -> dict[str, Any]:
        return {**self.counts, "rows": personal.mask_within([asdict(done) for done in self.rows])}


def outcome_of(staged: StagedImport) -> Outcome:
    """What applying this list did; empty where it was not applied."""
    kept = staged.summary.get("outcome", {}).get("rows", [])
    return Outcome([Done(**row) for row in kept], repeated=staged.status == StagedImportStatus.APPLIED)


def apply_import(staged: StagedImport, actor: User, *, version: str | None = None) -> Outcome:
    """Draft the rows that have no error, in the actor's name. Applying twice changes nothing.

    Needs the person's rows (``act_as`` or a request). ``version`` is the one the person saw. Raises
    ``PermissionRefused`` or ``ValidationError``; a single row that cannot be written is left out with its
    reason.
    """
    door.require(actor, "programs.import_registration")
    with transaction.atomic():
        _one_at_a_time(staged)
        staged.refresh_from_db()
        if staged.status == StagedImportStatus.APPLIED:
            return outcome_of(staged)
        locked = lock(staged, version=version)
        workbook = workbook_of(locked)
        year = _plan_year(workbook.year)
        with translation.override("vi"):  # reasons are kept as they are said now
            outcome = _draft_rows(locked, workbook, actor, year)
        _finish(locked, outcome, actor)
    staged.refresh_from_db()
    return outcome


def _plan_year(year: int | None) -> int:
    if year is None:
        raise ValidationError(
            _("Chưa rõ năm kế hoạch của biểu. Hãy ghi năm ở tiêu đề hoặc trên trang xem trước.")
        )
    if year not in plan_years():
        raise ValidationError(_("Năm kế hoạch %(year)d của biểu không hợp lệ.") % {"year": year})
    return year


def _one_at_a_time(staged: StagedImport) -> None:
    """Two copies of one list applied at once would each find the other's rows missing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK_CLASS, staged.province_id])


def _draft_rows(staged: StagedImport, workbook: Workbook, actor: User, year: int) -> Outcome:
    matches = matches_of(staged, workbook, actor=actor)
    rows = list(zip(workbook.rows, matches.rows, strict=True))
    made = _draft_together(rows, actor=actor, year=year)
    return Outcome([_apply_row(row, match, made.get(n), actor, year) for n, (row, match) in enumerate(rows)])


def _draft_together(rows: Sequence[tuple[ImportRow, Match]], *, actor: User, year: int) -> dict[int, Project]:
    """The new drafts by their rows' places, written in a few statements; none where one of them is refused,
    because then each has to answer for itself."""
    office = drafting_office(actor)
    wanted = {
        n: NewDraft(match.values, actor, row.purse, year, owner=office)
        for n, (row, match) in enumerate(rows)
        if match.project is None and match.values is not None
    }
    if not wanted:
        return {}
    try:
        return dict(zip(wanted, create_drafts(list(wanted.values())), strict=True))
    except REFUSALS:
        return {}


def _apply_row(row: ImportRow, match: Match, made: Project | None, actor: User, year: int) -> Done:
    def done(fate: Fate, code: str = "", reason: str = "") -> Done:
        return Done(row.sheet, row.row, row.title, fate, code, reason)

    known = match.project.code if match.project is not None else ""
    if match.status == "error":
        return done("error", known, " ".join(p.message for p in row.problems if p.severity == "error"))
    if match.status == "same":
        return done("same", known)
    if match.values is None:
        return done("locked", known, match.reason)
    try:
        if match.project is None:
            made = made or create_draft(match.values, actor=actor, purse=row.purse, year=year)
            return done("created", made.code)
        save_draft(match.project, match.values, actor=actor, expected_version=match.project.version)
        return done("updated", known, match.reason)
    except REFUSALS as error:
        why = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        return done("refused", known, why)


def _finish(staged: StagedImport, outcome: Outcome, actor: User) -> None:
    staged.status = StagedImportStatus.APPLIED
    staged.applied_at = timezone.now()
    staged.summary = {**staged.summary, "outcome": outcome.to_json()}
    staged.save(update_fields=["status", "applied_at", "summary"])
    after = {"file": staged.file.sha256, "year": staged.year, **outcome.counts, "codes": outcome.codes}
    audit.record("programs.import_registration", staged, actor=actor, after=after)
    if outcome.codes:
        outbox.post("list.applied", {"list": staged.pk})
