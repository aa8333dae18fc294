"""What an import finds, as plain values: rows, problems, totals, and the object ``--json`` prints."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from programs.intake.refusals import Refusal, Refused

__all__ = [
    "ERRORS",
    "NOTES",
    "SOURCES",
    "ImportRow",
    "Money",
    "Problem",
    "Refusal",
    "Refused",
    "Severity",
    "SheetProblem",
    "SheetSum",
    "Workbook",
    "row_problem",
    "total_of",
]

Severity = Literal["note", "warning", "error"]

ERRORS: Final = frozenset({"duplicate_row", "missing_beneficiary", "unreadable_cell", "unknown_money_unit"})
"""Codes that keep a row from being stored; ``sum_mismatch`` is one within a row, a warning on a sheet."""
NOTES: Final = frozenset({"unverified_norm"})
REMARKS: Final = frozenset({"hidden_sheet", "unread_sheet", "no_own_column"})
"""How a sheet was read, said to people; nothing is wrong with it, so the JSON is silent."""
SOURCES: Final = ("kcqg", "kcdp", "own", "other")


@dataclass(frozen=True, slots=True)
class Problem:
    """``source`` is the law behind it, where there is one; ``field`` names the cell it is about.

    ``fix`` are the amounts (VND by field) that a check proposes instead, ``fix_label`` says so.
    """

    code: str
    message: str
    severity: Severity
    source: str | None = None
    field: str = ""
    fix: dict[str, int] = dataclasses.field(default_factory=dict)
    fix_label: str = ""

    def to_json(self) -> dict[str, Any]:
        return {"code": self.code, "severity": self.severity, "message": self.message, "source": self.source}


def row_problem(code: str, message: str, field: str = "", source: str | None = None) -> Problem:
    """A problem of a row with the severity its code has there."""
    severity: Severity = "error" if code in ERRORS or code == "sum_mismatch" else "warning"
    return Problem(code, message, "note" if code in NOTES else severity, source, field)


@dataclass(frozen=True, slots=True)
class SheetProblem:
    """A problem of a sheet; ``row`` counts from 1, as the spreadsheet shows it, None for the whole sheet."""

    sheet: str
    row: int | None
    code: str
    message: str
    severity: Severity
    source: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "sheet": self.sheet,
            "row": self.row,
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "source": self.source,
        }


@dataclass(slots=True)
class Money:
    """Whole đồng by source. ``total`` is the sheet's own, not our sum."""

    total: int = 0
    kcqg: int = 0
    kcdp: int = 0
    own: int = 0
    other: int = 0

    @property
    def parts(self) -> int:
        return self.kcqg + self.kcdp + self.own + self.other

    def add(self, more: Money) -> None:
        for name in ("total", *SOURCES):
            setattr(self, name, getattr(self, name) + getattr(more, name))

    def to_json(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in ("total", *SOURCES)}


@dataclass(slots=True)
class ImportRow:
    """One project as the workbook has it. ``unit_id`` is the commune where it is known."""

    sheet: str
    row: int
    title: str = ""
    beneficiary: str = ""
    tax_code: str | None = None
    tax_digits: str = ""
    tax_personal: bool = False
    commune: str = ""
    unit_id: int | None = None
    place_text: str = ""
    activity: str | None = None
    group_project: bool = False
    implementer: str = ""
    partner: str = ""
    content: str = ""
    note: str = ""
    priority: str = ""
    code: str = ""
    headings: tuple[str, ...] = ()
    activity_text: str = ""
    schedule: str = ""
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    purse: str = ""
    money: Money = field(default_factory=Money)
    unread: frozenset[str] = frozenset()
    """Money columns whose cell could not be read; sums over them say nothing."""
    columns: dict[str, int] = field(default_factory=dict)
    """The column (from 0) each field was read from, to point at it in the workbook."""
    activity_chosen: bool = False
    """An officer chose the activity; it is not proposed anew."""
    problems: list[Problem] = field(default_factory=list)

    @property
    def severity(self) -> str:
        """ "error", "warning" or "ready"; a note alone is ready."""
        found = {problem.severity for problem in self.problems}
        return next((name for name in ("error", "warning") if name in found), "ready")

    @property
    def lacks_unit(self) -> bool:
        """Whether amounts of the row mean nothing, as its sheet states no unit."""
        return bool(self.unread) and any(problem.code == "unknown_money_unit" for problem in self.problems)

    @property
    def storable(self) -> bool:
        return self.severity != "error"

    def to_json(self) -> dict[str, Any]:
        return {
            "sheet": self.sheet,
            "row": self.row,
            "title": self.title,
            "beneficiary": self.beneficiary,
            "tax_code": self.tax_code,
            "commune": self.commune,
            "activity": self.activity,
            "total_vnd": self.money.total,
            **{f"{name}_vnd": getattr(self.money, name) for name in SOURCES},
            "problems": [problem.to_json() for problem in self.problems],
        }


@dataclass(frozen=True, slots=True)
class SheetSum:
    """A subtotal or total of the sheet beside ours, đồng by source; the sheet may leave some out.

    ``members`` are the rows it is the sum of; sources with an unread cell among them are not computed.
    """

    sheet: str
    row: int
    label: str
    stated: dict[str, int]
    computed: dict[str, int]
    grand: bool
    members: tuple[int, ...] = ()

    @property
    def differences(self) -> dict[str, tuple[int, int]]:
        """Source → (stated, computed) where they differ."""
        both = {name: (stated, self.computed.get(name, stated)) for name, stated in self.stated.items()}
        return {name: pair for name, pair in both.items() if pair[0] != pair[1]}

    @property
    def agrees(self) -> bool:
        return not self.differences

    @property
    def is_certain(self) -> bool:
        """Whether every stated source could be compared."""
        return self.stated.keys() <= self.computed.keys()


@dataclass(slots=True)
class Workbook:
    """All rows of a workbook with its year and province; ``notices`` are said to people, not in the JSON."""

    year: int | None = None
    province: str = ""
    province_id: int | None = None
    purse: str = ""
    rows: list[ImportRow] = field(default_factory=list)
    sheet_problems: list[SheetProblem] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    sums: list[SheetSum] = field(default_factory=list)
    units: dict[str, int] = field(default_factory=dict)
    """Sheet → đồng in one unit of its money, where the sheet does not say and an officer did."""
    places: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Sheet → the row of its first heading and its width, where a column "Lỗi" goes."""

    @property
    def unitless(self) -> list[str]:
        """Sheets that do not state their unit of money; those for which it was chosen among them."""
        lacking = {row.sheet for row in self.rows if row.lacks_unit} | self.units.keys()
        return [sheet for sheet in self.places if sheet in lacking]

    @property
    def totals(self) -> Money:
        return total_of(self.rows)

    def count(self, severity: str) -> int:
        return sum(row.severity == severity for row in self.rows)

    def to_json(self) -> dict[str, Any]:
        """The object ``import_registration --json`` prints."""
        return {
            "year": self.year,
            "province": self.province,
            "rows": [row.to_json() for row in self.rows],
            "totals_vnd": self.totals.to_json(),
            "sheet_problems": [p.to_json() for p in self.sheet_problems if p.code not in REMARKS],
        }


def computed_of(rows: Sequence[ImportRow]) -> dict[str, int]:
    """Money of these rows by source, đồng; without the sources of which a cell could not be read."""
    unread = frozenset[str]().union(*(row.unread for row in rows))
    total = total_of(rows).to_json()
    return {name: amount for name, amount in total.items() if name not in unread}


def total_of(rows: Iterable[ImportRow]) -> Money:
    total = Money()
    for row in rows:
        total.add(row.money)
    return total
