"""The staged list as its page shows it: rows beside what is there, filters, pages, controls."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from programs.intake.matching import Match
from programs.intake.mending import AMOUNTS, NAME, UNITS
from programs.intake.model import SOURCES, ImportRow, Problem, SheetProblem, SheetSum, Workbook
from programs.intake.stage import matches_of, workbook_of
from programs.models import Project
from programs.years import plan_years
from records.models import StagedImport
from vietnam import taxcode
from vietnam.money import Unit, typed_vnd

PAGE_ROWS: Final = 25
LABELS: Final[dict[str, str | Promise]] = {
    "title": _("Tên đề án"),
    "beneficiary": _("Đơn vị thụ hưởng"),
    "tax_code": _("Mã số thuế"),
    "place": _("Địa điểm thực hiện"),
    "schedule": _("Thời gian thực hiện"),
    "total_vnd": _("Tổng kinh phí"),
    "kcqg_vnd": _("KC quốc gia"),
    "kcdp_vnd": _("KC địa phương"),
    "own_vnd": _("Đối ứng"),
    "other_vnd": _("Nguồn khác"),
}
COLUMNS: Final[dict[str, str | Promise]] = {
    "total": _("Tổng"),
    "kcqg": _("KCQG"),
    "kcdp": _("KCĐP"),
    "own": _("Đối ứng"),
    "other": _("Khác"),
}
_FIELD_OF: Final = {
    "commune": "place",
    "time": "schedule",
    "start": "schedule",
    "end": "schedule",
    "state_vnd": "kcqg_vnd",
    "beneficiaries": "tax_code",
}
"""The field that answers a problem, where it is not called as the problem's place."""
FILTERS: Final[tuple[tuple[str, str | Promise, str], ...]] = (
    ("loi", _("Lỗi"), "error"),
    ("canh-bao", _("Cảnh báo"), "warning"),
    ("san-sang", _("Sẵn sàng"), "ready"),
    ("tao-moi", _("Tạo mới"), "new"),
    ("cap-nhat", _("Cập nhật"), "changed"),
    ("khong-doi", _("Không đổi"), "same"),
    ("khong-sua-duoc", _("Không sửa được"), "locked"),
)
"""Word in the address, label, severity or status."""
_RANK: Final = {"error": 0, "warning": 1, "ready": 2}
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class GridField:
    """One control of an open row. ``stored`` is what the list holds where something else was typed."""

    name: str
    label: str | Promise
    value: str
    is_amount: bool = False
    errors: Sequence[str] = ()
    is_wrong: bool = False
    stored: str = ""

    @property
    def is_long(self) -> bool:
        return self.name.endswith("-title")

    @property
    def is_short(self) -> bool:
        return self.name.endswith(("-tax_code", "-schedule"))


@dataclass(frozen=True, slots=True)
class Cell:
    """An amount of a row, đồng; None where the cell could not be read."""

    label: str | Promise
    amount: int | None
    is_wrong: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """Where the sheet states another amount than its rows add up to, đồng."""

    label: str | Promise
    stated: int
    computed: int

    @property
    def size(self) -> int:
        return abs(self.stated - self.computed)


@dataclass(frozen=True, slots=True)
class SumCheck:
    """One sum of the sheet beside ours."""

    stated: SheetSum

    @property
    def gaps(self) -> list[Gap]:
        pairs = self.stated.differences.items()
        return [Gap(COLUMNS[name], theirs, ours) for name, (theirs, ours) in pairs]

    @property
    def total_stated(self) -> int | None:
        return self.stated.stated.get("total")

    @property
    def total_computed(self) -> int | None:
        return self.stated.computed.get("total")


@dataclass(frozen=True, slots=True)
class SheetUnit:
    """A choice of "dong" or "trieu" for a sheet that states no unit: the one it is read in, the one shown."""

    name: str
    sheet: str
    chosen: str
    shown: str


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row as the grid shows it. ``status``: new, changed, same, locked, error."""

    index: int
    row: ImportRow
    match: Match
    activity: str = ""
    activity_errors: Sequence[str] = ()
    cells: Sequence[Cell] = ()
    fields: Sequence[GridField] = ()
    """The controls of an open row; empty for a closed one."""

    @property
    def severity(self) -> str:
        return self.row.severity

    @property
    def status(self) -> str:
        return self.match.status

    @property
    def project(self) -> Project | None:
        return self.match.project

    @property
    def problems(self) -> list[Problem]:
        return sorted(self.row.problems, key=lambda problem: _SEVERITIES.index(problem.severity))

    @property
    def shown_tax_code(self) -> str:
        """As lists show it: a household's number only masked."""
        return taxcode.mask(self.row.tax_code) if self.row.tax_code else ""

    @property
    def facts(self) -> list[str]:
        """Who, where and when, after the beneficiary's name."""
        place = self.row.commune or self.row.place_text
        return [text for text in (self.shown_tax_code, place, self.row.schedule) if text]

    def amount(self, source: str) -> int | None:
        """Đồng; None where the cell could not be read."""
        return None if source in self.row.unread else getattr(self.row.money, source)

    def is_wrong(self, name: str) -> bool:
        """Whether an error stands at this field."""
        places = (_FIELD_OF.get(p.field, p.field) for p in self.row.problems if p.severity == "error")
        return name in places


_SEVERITIES: Final = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Preview:
    """Everything the preview page shows of a list; ``sums`` are the sheet's own totals beside ours."""

    workbook: Workbook
    rows: list[PreviewRow]
    absent: list[Project]

    @property
    def sums(self) -> list[SumCheck]:
        """The grand totals, and of the subtotals those that differ."""
        return [SumCheck(stated) for stated in self.workbook.sums if stated.grand or not stated.agrees]

    @property
    def sums_agree(self) -> bool | None:
        """Whether every sum of the sheets is ours too; None where they state none that can be compared."""
        if not all(stated.agrees for stated in self.workbook.sums):
            return False
        return True if any(stated.grand and stated.is_certain for stated in self.workbook.sums) else None

    @property
    def sheet_problems(self) -> list[SheetProblem]:
        """What concerns a sheet besides its sums, which stand in a table of their own."""
        summed = {(check.stated.sheet, check.stated.row) for check in self.sums}
        return [
            problem
            for problem in self.workbook.sheet_problems
            if problem.code != "sum_mismatch" or (problem.sheet, problem.row) not in summed
        ]

    @property
    def counts(self) -> dict[str, int]:
        """Rows by severity and by status, and the projects that the list does not name."""
        counts = dict.fromkeys((key for _word, _label, key in FILTERS), 0)
        for row in self.rows:
            counts[row.severity] += 1
            if row.status != "error":
                counts[row.status] += 1
        return counts | {"all": len(self.rows), "absent": len(self.absent)}

    @property
    def columns(self) -> list[str | Promise]:
        return [COLUMNS[name] for name in self.sources]

    @property
    def sources(self) -> list[str]:
        """The columns of money that this list uses."""
        used = [name for name in SOURCES if any(row.amount(name) != 0 for row in self.rows)]
        return ["total", *used]

    @property
    def needs_year(self) -> bool:
        """Whether the list names no plan year, or one that no plan can have."""
        return self.workbook.year not in plan_years()

    @property
    def can_apply(self) -> bool:
        """Whether applying would do anything at all."""
        return not self.needs_year and any(row.status in ("new", "changed") for row in self.rows)


def preview_of(staged: StagedImport, *, actor: User) -> Preview:
    """The staged list beside the projects that are there now."""
    workbook = workbook_of(staged)
    matches = matches_of(staged, workbook, actor=actor)
    rows = [
        PreviewRow(number, row, match, activity=row.activity or "")
        for number, (row, match) in enumerate(zip(workbook.rows, matches.rows, strict=True))
    ]
    return Preview(workbook, rows, matches.absent)


# --- the grid: chosen rows, one page of them


@dataclass(frozen=True, slots=True)
class Numbered(Generic[Row]):
    """One page of a list held in memory; ``next`` and ``previous`` are page numbers, 0 for none."""

    rows: list[Row]
    number: int
    first: int
    last: int
    total: int
    next: int
    previous: int


def page_of(rows: Sequence[Row], number: str | None, size: int = PAGE_ROWS) -> Numbered[Row]:
    """The page of this number; the nearest there is for any other word."""
    pages = max(1, -(-len(rows) // size))
    wanted = int(number) if number and number.isascii() and number.isdigit() and len(number) < 7 else 1
    at = min(max(wanted, 1), pages)
    shown = list(rows[(at - 1) * size : at * size])
    first = (at - 1) * size + 1 if shown else 0
    return Numbered(
        shown,
        at,
        first,
        first + len(shown) - 1 if shown else 0,
        len(rows),
        at + 1 if at < pages else 0,
        at - 1,
    )


def chosen_rows(preview: Preview, word: str) -> list[PreviewRow]:
    """The rows a filter names, in the sheet's order; all of them where it names none.

    A list of several pages begins with what has to be looked at.
    """
    wanted = next((key for name, _label, key in FILTERS if name == word), None)
    if wanted:
        return [row for row in preview.rows if wanted in (row.severity, row.status)]
    if len(preview.rows) <= PAGE_ROWS:
        return preview.rows
    return sorted(preview.rows, key=lambda row: _RANK[row.severity])


@dataclass(slots=True)
class Entries:
    """What a person typed and has not kept: values by field, why they are no good, rows to be open."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)
    opened: Collection[int] = ()
    unit: Unit = "dong"

    @property
    def rows(self) -> set[int]:
        """The rows that something was typed in."""
        return {int(found[1]) for name in self.values if (found := NAME.fullmatch(name))}


def sheet_units(workbook: Workbook, entries: Entries) -> list[SheetUnit]:
    """The choices of unit this list needs."""
    words = {worth: word for word, worth in UNITS.items()}
    found = []
    for number, sheet in enumerate(workbook.places):
        if sheet in workbook.unitless:
            name, chosen = f"sheet-{number}-unit", words.get(workbook.units.get(sheet, 0), "")
            found.append(SheetUnit(name, sheet, chosen, entries.values.get(name) or chosen))
    return found


def with_fields(rows: Iterable[PreviewRow], sources: list[str], entries: Entries) -> list[PreviewRow]:
    """The rows with their amounts and controls; those in error, asked for or typed in are open."""
    return [_with_fields(row, sources, entries) for row in rows]


def _with_fields(row: PreviewRow, sources: list[str], entries: Entries) -> PreviewRow:
    def typed(name: str) -> str | None:
        return entries.values.get(f"row-{row.index}-{name}")

    is_open = row.severity == "error" or row.index in entries.opened or any(map(typed, LABELS))
    return PreviewRow(
        row.index,
        row.row,
        row.match,
        activity=row.activity if (activity := typed("activity")) is None else activity,
        cells=[Cell(COLUMNS[name], row.amount(name), row.is_wrong(f"{name}_vnd")) for name in sources],
        activity_errors=entries.errors.get(f"row-{row.index}-activity", ()),
        fields=[_field(row, name, typed(name), entries) for name in LABELS] if is_open else (),
    )


def _field(row: PreviewRow, name: str, typed: str | None, entries: Entries) -> GridField:
    full = f"row-{row.index}-{name}"
    stored = _stored(row, name, entries.unit)
    errors = entries.errors.get(full, ())
    return GridField(
        name=full,
        label=LABELS[name],
        value=stored if typed is None else typed,
        is_amount=name in AMOUNTS,
        errors=errors,
        is_wrong=bool(errors) or (row.is_wrong(name) and typed in (None, stored)),
        stored=stored if typed not in (None, stored) else "",
    )


def _stored(row: PreviewRow, name: str, unit: Unit) -> str:
    if name in AMOUNTS:
        amount = row.amount(name.removesuffix("_vnd"))
        return "" if amount is None else typed_vnd(amount, unit)
    if name == "tax_code":
        return row.shown_tax_code
    column = {"place": "place_text"}.get(name, name)
    value: Any = getattr(row.row, column)
    return str(value)
