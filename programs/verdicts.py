"""What a check is told (facts) and what it answers (verdicts): plain values, no database."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from django.utils.translation import gettext as _

from programs.lawbook import Basis
from programs.lawterms import TRUSTED
from programs.lifecycle import State
from vietnam.money import format_vnd

Severity = Literal["ok", "note", "warning", "error"]

STATE_SOURCES = ("KCQG", "KCDP")

ARITHMETIC = frozenset({"sum_mismatch", "state_over_total", "missing_amount"})
"""Arithmetic is not a rule an authority can lift."""


@dataclass(frozen=True, slots=True)
class Fix:
    """A proposal one click carries out: new amounts of the project in VND, by form field."""

    label: str
    amounts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One check's answer, with everything needed to replay it.

    An error blocks from SUBMITTED_PROV; a warning blocks from ``blocks_from`` or, when that is None, never;
    notes and oks inform.
    """

    code: str
    severity: Severity
    message: str
    field: str = ""
    source: str | None = None
    confidence: str | None = None
    rule: str = ""
    inputs: Mapping[str, int | str] = dataclasses.field(default_factory=dict)
    blocks_from: str | None = None
    fix: Fix | None = None

    @property
    def may_be_lifted(self) -> bool:
        """Whether an authority can let it pass: it objects, and to more than a sum that is wrong."""
        return self.severity in ("warning", "error") and self.code not in ARITHMETIC

    @property
    def fingerprint(self) -> str:
        """The same for the same objection to the same figures; an exception is given for one of these."""
        basis = [self.code, self.rule, self.field, sorted(self.inputs.items())]
        return hashlib.sha256(json.dumps(basis, ensure_ascii=False).encode()).hexdigest()

    @property
    def unverified(self) -> bool:
        """Whether the rule behind it has not been checked against its document."""
        return self.confidence is not None and self.confidence not in TRUSTED

    @property
    def blocks(self) -> bool:
        """Whether some step will be refused because of it."""
        return self.severity == "error" or self.blocks_from is not None

    @property
    def said(self) -> str:
        """The sentence without its law in brackets, for where the source stands beside it."""
        if not self.source:
            return self.message
        return re.sub(rf"\s*\([^()]*{re.escape(self.source)}[^()]*\)", "", self.message)

    @property
    def norm_place(self) -> str:
        """Where the norms' page shows the norm it is held against: its day and place; "" for other rules."""
        if not self.rule.startswith("norm:") or not self.source:
            return ""
        _kind, *place, since = self.rule.split(":")
        day = f"{dt.date.fromisoformat(since):%d/%m/%Y}" if "-" in since else ""
        return f"?ngay={day}#{'-'.join(place)}"

    def to_json(self) -> dict[str, Any]:
        """JSON-ready copy, as a step keeps it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class LineFacts:
    """A budget line; money in VND by source code."""

    number: int
    description: str
    total_vnd: int
    amounts: Mapping[str, int]
    supported: bool = True


@dataclass(frozen=True, slots=True)
class Area:
    """Whether the list of places has the project's commune as one to be supported, and what says so."""

    eligible: bool
    basis: Basis


@dataclass(frozen=True, slots=True)
class Conversion:
    """A ward made of communes, and perhaps of ``others`` (wards, towns), on a day."""

    ward: str
    communes: tuple[str, ...]
    others: tuple[str, ...]
    on: dt.date


@dataclass(frozen=True, slots=True)
class WardTest:
    """The rule of a day held against a conversion: eligible while ``on`` + ``years`` is not before
    ``counted_to``."""

    conversion: Conversion
    counted_to: dt.date
    years: int
    basis: Basis
    code: str = "converted_ward"

    @property
    def within(self) -> bool:
        return years_after(self.conversion.on, self.years) >= self.counted_to

    @property
    def rule(self) -> str:
        return f"ward:{self.code}:{self.basis.version}"


def years_after(day: dt.date, years: int) -> dt.date:
    """The same day ``years`` later; 28 February where there is no 29th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


@dataclass(frozen=True, slots=True)
class Asking:
    """An establishment that is to receive the support: legal form, and workers where the register says."""

    name: str
    legal_form: str
    workers: int | None = None


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """A ground of priority the dossier claims, and the field it stands at. ``name`` and ``basis`` are empty
    where the law of the plan year has no such ground. ``status``: unproved, waiting, accepted, refused, or
    known: the portal judges this ground by data of its own."""

    field: str
    predicate: str
    name: str
    basis: Basis
    status: str
    said: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True)
class PastSupport:
    """Support given to, or asked by, the holder of the same tax code in another project."""

    code: str
    title: str
    year: int
    purse: str
    activity_code: str | None
    province_name: str
    state_vnd: int
    tax_lookup: str = ""


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """What the rules need to know of a project. Money in VND; sources KCQG, KCDP, OWN, OTHER.

    ``itemised`` is false where the lines are not a real estimate (an imported list): percentages are then
    held against the total. ``unit_count`` is the number of named beneficiaries, None where none is known.
    ``double_funding`` is all support of the same tax codes, whatever its activity. ``overrides`` are the
    exceptions that hold: the states in which they were given, by the fingerprint of the verdict.
    """

    purse: str
    plan_year: int
    kind: str
    activity: str | None
    sector: str | None
    title: str
    amounts: Mapping[str, int]
    lines: tuple[LineFacts, ...] = ()
    itemised: bool = False
    declared_total_vnd: int | None = None
    unit_count: int | None = None
    commune_known: bool = False
    area: Area | None = None
    ward: WardTest | None = None
    asking: tuple[Asking, ...] = ()
    counterpart_commitment: bool = False
    papers: frozenset[str] = frozenset()
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    double_funding: tuple[PastSupport, ...] = ()
    overrides: Mapping[str, frozenset[str]] = dataclasses.field(default_factory=dict)
    decision_on: dt.date | None = None
    claims: tuple[ClaimFacts, ...] = ()
    unwritten: tuple[tuple[str, str], ...] = ()
    """Obligatory written parts nobody has written: field and name."""

    def amount(self, source: str) -> int:
        return self.amounts.get(source, 0)

    @property
    def state_vnd(self) -> int:
        """National plus local support."""
        return sum(self.amount(source) for source in STATE_SOURCES)

    @property
    def counterpart_vnd(self) -> int:
        """What the beneficiary and others pay."""
        return self.amount("OWN") + self.amount("OTHER")

    @property
    def total_vnd(self) -> int:
        """The declared total; the sum of the sources where none was declared."""
        return sum(self.amounts.values()) if self.declared_total_vnd is None else self.declared_total_vnd


def finding(
    code: str,
    message: str,
    field: str,
    basis: Basis | None,
    *,
    rule: str,
    inputs: Mapping[str, int | str] | None = None,
    blocks_from: str | None = None,
    fix: Fix | None = None,
) -> Verdict:
    """A warning under a rule of the law: it blocks from ``blocks_from`` only where the rule is verified."""
    basis = basis or Basis()
    return Verdict(
        code=code,
        severity="warning",
        message=message,
        field=field,
        source=basis.source,
        confidence=basis.confidence if basis.source else None,
        rule=rule,
        inputs=inputs or {},
        blocks_from=blocks_from if basis.trusted else None,
        fix=fix,
    )


def incomplete(
    code: str,
    message: str,
    field: str,
    *,
    inputs: Mapping[str, int | str] | None = None,
    fix: Fix | None = None,
) -> Verdict:
    """An error of arithmetic or a hole in the dossier: no document is needed to refuse it."""
    return Verdict(
        code=code,
        severity="error",
        message=message,
        field=field,
        rule=f"{code}:1",
        inputs=inputs or {},
        blocks_from=State.SUBMITTED_PROV.value,
        fix=fix,
    )


def trieu(amount_vnd: int) -> str:
    """An amount inside a sentence, exact: "205,25 triệu"."""
    return _("%(amount)s triệu") % {"amount": format_vnd(amount_vnd, "trieu")}
