"""Claims of priority as they stand: what the dossier says, what shows it, what reviewers found of it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from programs.lawloader import basis_of
from programs.models import AreaEligibility, ClaimRuling, PriorityClaim, PriorityRule, Project
from programs.ranking import Predicate


@dataclass(frozen=True, slots=True)
class Ruled:
    """A reviewer's finding; ``by`` and ``at`` are who and when."""

    accepted: bool
    reason: str
    by: str
    office: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim with its evidence; ``ruling`` is the last one on this very evidence, None while it waits."""

    predicate: str
    statement: str
    document_number: str
    document_date: dt.date | None
    document_issuer: str
    file_name: str = ""
    sha256: str = ""
    file_uuid: UUID | None = None
    ruling: Ruled | None = None
    law: Predicate | None = None
    """The ground in the law of the plan year; None where that has no such ground."""

    @property
    def name(self) -> str:
        return self.law.name if self.law else self.predicate

    @property
    def proved(self) -> bool:
        """Whether it has evidence: a document named whole, or a paper of the dossier."""
        named = self.document_number and self.document_date and self.document_issuer
        return bool(named or self.sha256)

    @property
    def counts(self) -> bool:
        return self.proved and self.ruling is not None and self.ruling.accepted

    @property
    def fingerprint(self) -> str:
        """The same for the same evidence of the same predicate."""
        day = self.document_date.isoformat() if self.document_date else ""
        basis = [self.predicate, self.statement, self.document_number, day, self.document_issuer, self.sha256]
        return hashlib.sha256(json.dumps(basis, ensure_ascii=False).encode()).hexdigest()

    @property
    def shown(self) -> str:
        """The evidence in one line."""
        day = f"{self.document_date:%d/%m/%Y}" if self.document_date else ""
        document = ", ".join(part for part in (self.document_number, day, self.document_issuer) if part)
        return " · ".join(part for part in (self.statement, document, self.file_name) if part)

    @property
    def why_not(self) -> str:
        """Why it does not count, where it does not."""
        if not self.proved:
            return _("chưa có minh chứng")
        if self.ruling is None:
            return _("chờ người thẩm định xem xét")
        return "" if self.ruling.accepted else _("không công nhận: %(why)s") % {"why": self.ruling.reason}


def predicates_on(day: dt.date) -> tuple[Predicate, ...]:
    """The grounds of priority in force on a day, in order of weight; one query."""
    rows = PriorityRule.objects.filter(valid__contains=day).select_related("source_document")
    return tuple(
        Predicate(
            code=row.code,
            name=row.name,
            group=row.group,
            position=row.position,
            sector_code=row.sector_code,
            workers_from=row.workers_from,
            basis=basis_of(row),
        )
        for row in rows.order_by("position", "code")
    )


def predicates_of(years: Iterable[int]) -> dict[tuple[int, str], Predicate]:
    """The grounds in force on 1 January of these plan years, by year and code; a query a year."""
    return {
        (year, predicate.code): predicate
        for year in sorted(set(years))
        for predicate in predicates_on(dt.date(year, 1, 1))
    }


def listed_areas(projects: Sequence[Project]) -> dict[int, dict[str, str]]:
    """The priority areas that the list of communes names on 1 January of the plan year, with what says so;
    by project and predicate, absent where no row names one. One query."""
    listed = defaultdict(list)
    rows = AreaEligibility.objects.filter(commune__in={each.commune_id for each in projects})
    for row in rows.exclude(priority_areas=[]).select_related("source_document"):
        listed[row.commune_id].append(row)
    found = {}
    for project in projects:
        for row in listed.get(project.commune_id or 0, []):
            if dt.date(project.year, 1, 1) in row.valid:
                number = row.source_document.number if row.source_document else ""
                said = _("Danh mục địa bàn: %(basis)s") % {
                    "basis": ", ".join(part for part in (number, row.basis) if part)
                }
                found[project.pk] = {f"area_{letter}": said for letter in row.priority_areas}
    return found


COLUMNS = ("predicate", "statement", "document_number", "document_date", "document_issuer")
FILE_COLUMNS = ("attachment__name", "attachment__file__sha256", "attachment__uuid")


def read_claims(projects: Collection[int]) -> dict[int, list[Claimed]]:
    """The claims of these projects by id, those without left out; one query, and one for each plan year in
    which somebody claims something."""
    rows = PriorityClaim.objects.filter(project__in=projects).order_by("pk").annotate(rulings=_RULINGS)
    read: list[tuple[int, int, Claimed, list[dict[str, Any]]]] = []
    for pk, year, rulings, *told in rows.values_list(
        "project", "project__year", "rulings", *COLUMNS, *FILE_COLUMNS
    ):
        said: dict[str, Any] = dict(zip(COLUMNS, told, strict=False))
        name, digest, uuid = told[len(COLUMNS) :]
        claim = Claimed(**said, file_name=name or "", sha256=digest or "", file_uuid=uuid)
        read.append((pk, year, claim, rulings))
    law = predicates_of(year for _pk, year, _claim, _rulings in read)
    found: dict[int, list[Claimed]] = {}
    for pk, year, claim, rulings in read:
        whole = replace(claim, ruling=_ruling(claim, rulings), law=law.get((year, claim.predicate)))
        found.setdefault(pk, []).append(whole)
    return found


_RULINGS = ArraySubquery(
    ClaimRuling.objects.filter(project=OuterRef("project"), predicate=OuterRef("predicate"))
    .order_by("pk")
    .values(
        json=JSONObject(
            fingerprint="fingerprint", accepted="accepted", reason="reason", by="actor__full_name",
            office="office__name", at="at",
        )
    )
)  # fmt: skip
"""What was found of a claim's predicate, oldest first, on whatever evidence."""


def _ruling(claim: Claimed, rulings: list[dict[str, Any]]) -> Ruled | None:
    """The last word on this very evidence."""
    for told in reversed(rulings):
        if told["fingerprint"] == claim.fingerprint:
            at = dt.datetime.fromisoformat(told["at"])
            return Ruled(told["accepted"], told["reason"], told["by"], told["office"], at)
    return None
