"""Rows held against the law: activity proposed, norms checked, double funding asked for.

Reads the database (units, law, past support) and writes nothing to it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _

from programs.checks import (
    PastSupport,
    ProjectFacts,
    Verdict,
    double_funding_verdicts,
    mixed_source_verdicts,
    norm_verdicts,
)
from programs.intake.classify import propose
from programs.intake.model import ImportRow, Problem, Severity, Workbook
from programs.intake.parse import parse
from programs.intake.places import Places
from programs.intake.reader import read_sheets
from programs.lawbook import LawBook
from programs.lifecycle import Kind, Purse, Source
from records import personal
from vietnam import taxcode
from vietnam.models import AdminUnit
from vietnam.units import get_index

SHOWN_CODES = frozenset(
    {"norm_cap", "norm_percent", "unverified_norm", "mixed_state_sources", "double_funding"}
)
"""Verdicts a list is judged by; the rest (papers, sector, commitments) comes when the dossier is written."""

PastFinder = Callable[[Iterable[str]], tuple[PastSupport, ...]]


@dataclass(slots=True)
class Law:
    """The law of the plan year's first day, one book a purse, read when first needed."""

    on: dt.date
    province: AdminUnit | None
    _books: dict[str, LawBook] = field(default_factory=dict)

    @classmethod
    def of(cls, year: int | None, province_id: int | None) -> Law:
        province = AdminUnit.objects.filter(pk=province_id).first() if province_id else None
        return cls(dt.date(year or timezone.localdate().year, 1, 1), province)

    def book(self, purse: str) -> LawBook:
        if purse not in self._books:
            self._books[purse] = LawBook.load(self.on, purse, self.province)
        return self._books[purse]


def read_workbook(data: bytes, units: Mapping[str, int] | None = None) -> Workbook:
    """What the file itself says, places recognised; ``units`` as :func:`parse` takes them.

    Raises :class:`programs.intake.refusals.Refused`.
    """
    sheets = read_sheets(data)
    index = get_index()
    return parse(sheets, lambda on: Places(index, on), units)


def appraise(
    workbook: Workbook, *, past: PastFinder | None = None, own_codes: Mapping[int, str] | None = None
) -> Workbook:
    """The workbook with activities and the law's problems added.

    ``past`` finds earlier support by look-up digests; without it double funding is not checked, and a notice
    says so. ``own_codes`` names, by a row's place in the list, the project it is already known as.
    """
    law = Law.of(workbook.year, workbook.province_id)
    support = support_by_lookup(workbook.rows, past) if past else {}
    if past is None:
        workbook.notices.append(_("Chưa kiểm tra trùng hỗ trợ: cần nêu người dùng."))
    for number, row in enumerate(workbook.rows):
        own = (own_codes or {}).get(number, "")
        appraise_row(row, workbook.year, law, past_of(row, support, own))
    return workbook


def appraise_row(row: ImportRow, year: int | None, law: Law, past: tuple[PastSupport, ...] = ()) -> None:
    """Proposes the activity where none is chosen and adds the law's problems to one row."""
    book = law.book(row.purse or Purse.KCQG)
    if row.activity is None:
        groups = [text for text in (row.activity_text, *row.headings) if text]
        row.activity = propose(row.title, groups, known=lambda code: book.activity(code) is not None)
    row.problems += [as_problem(verdict) for verdict in verdicts_of(row, year, book, past)]


def verdicts_of(
    row: ImportRow, year: int | None, book: LawBook, past: tuple[PastSupport, ...]
) -> list[Verdict]:
    """The verdicts that concern a listed row; none on money that could not be read."""
    facts = facts_of(row, year or book.on.year, past)
    found = double_funding_verdicts(facts, book)
    if not row.unread:
        found = [*norm_verdicts(facts, book), *mixed_source_verdicts(facts), *found]
    return [verdict for verdict in found if verdict.code in SHOWN_CODES and verdict.severity != "ok"]


def facts_of(row: ImportRow, year: int, past: tuple[PastSupport, ...] = ()) -> ProjectFacts:
    """The row as the checks want it: money by source, no lines, so percentages count on the total."""
    money = row.money
    names = [name for name in row.beneficiary.split(";") if name.strip()]
    codes = {code for code in row.tax_digits.split(";") if code}
    return ProjectFacts(
        purse=row.purse,
        plan_year=year,
        kind=Kind.GROUP if row.group_project else Kind.SINGLE,
        activity=row.activity,
        sector=None,
        title=row.title,
        amounts={
            Source.KCQG.value: money.kcqg,
            Source.KCDP.value: money.kcdp,
            Source.OWN.value: money.own,
            Source.OTHER.value: money.other,
        },
        declared_total_vnd=money.total,
        unit_count=None if row.group_project else max(1, len(names), len(codes)),
        commune_known=row.unit_id is not None,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        double_funding=past,
    )


def as_problem(verdict: Verdict) -> Problem:
    severity: Severity = "note" if verdict.severity == "ok" else verdict.severity
    fix, label = (dict(verdict.fix.amounts), str(verdict.fix.label)) if verdict.fix else ({}, "")
    return Problem(verdict.code, verdict.message, severity, verdict.source, verdict.field, fix, label)


def lookups_of(row: ImportRow) -> list[str]:
    """The keyed digests of a row's tax codes, of those that are codes at all."""
    codes = [digits for digits in row.tax_digits.split(";") if digits]
    return [personal.lookup(digits) for digits in codes if taxcode.normalise(digits).kind != "unknown"]


def support_by_lookup(rows: Iterable[ImportRow], past: PastFinder) -> dict[str, list[PastSupport]]:
    """Earlier support of all these rows' holders, by the digest of their codes."""
    # Asked once: the limit of the function behind it is for each code, and one question is one audit entry.
    found: dict[str, list[PastSupport]] = {}
    for support in past(sorted({lookup for row in rows for lookup in lookups_of(row)})):
        found.setdefault(support.tax_lookup, []).append(support)
    return found


def past_of(
    row: ImportRow, support: Mapping[str, Iterable[PastSupport]], own: str
) -> tuple[PastSupport, ...]:
    """What a row's holders had before; the project that the row itself is (``own``) does not count."""
    return tuple(past for lookup in lookups_of(row) for past in support.get(lookup, ()) if past.code != own)
