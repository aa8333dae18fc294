"""The law of one day, one purse and one province, read once and then asked in memory.

Frozen, picklable values: checks, ranking and deadlines work on these and never on rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from programs.lawterms import TRUSTED, document_name

if TYPE_CHECKING:
    from programs.lawdraft import Draft
    from vietnam.models import AdminUnit


@dataclass(frozen=True, slots=True)
class Basis:
    """Where a rule is written, since when it holds and how sure we are of it."""

    document: str = ""
    clause: str = ""
    confidence: str = "memory"
    valid_from: dt.date | None = None

    @property
    def trusted(self) -> bool:
        """Whether the rule may block; an unverified one only warns."""
        return self.confidence in TRUSTED

    @property
    def source(self) -> str | None:
        """Short form for data: "28/2018/TT-BTC, khoản 4 Điều 8"; None where no document is known."""
        return ", ".join(part for part in (self.document, self.clause) if part) or None

    @property
    def name(self) -> str:
        """Full form for sentences: "Thông tư 28/2018/TT-BTC, khoản 4 Điều 8"; "" where unknown."""
        kind = document_name(self.document) if self.document else ""
        return ", ".join(part for part in (kind, self.clause) if part)

    @property
    def version(self) -> str:
        return self.valid_from.isoformat() if self.valid_from else "0"


@dataclass(frozen=True, slots=True)
class Activity:
    code: str
    name: str
    short_name: str
    name_en: str
    parent_code: str
    selection_method: str
    needs_sector: bool
    needs_place: bool
    area_bound: bool
    basis: Basis


@dataclass(frozen=True, slots=True)
class Norm:
    """``pct`` of the eligible cost and ``cap_vnd`` (VND) for one ``unit``; either may be None."""

    purse: str
    province_code: str
    activity_code: str
    unit: str
    pct: int | None
    cap_vnd: int | None
    uplift_max: Decimal | None
    basis: Basis
    note: str = ""

    @property
    def rule(self) -> str:
        """Identity and version: "norm:KCQG:N3.3:2018-05-11"; a province's own names it after the purse."""
        parts = ["norm", self.purse, self.province_code, self.activity_code, self.basis.version]
        return ":".join(part for part in parts if part)

    def percent_of(self, base_vnd: int) -> int | None:
        """The most the percent allows on ``base_vnd``, whole VND, rounded down; None without a percent."""
        return None if self.pct is None else self.pct * base_vnd // 100


@dataclass(frozen=True, slots=True)
class Paper:
    code: str
    name: str
    required_from_state: str
    basis: Basis
    note: str = ""


@dataclass(frozen=True, slots=True)
class Milestone:
    """A date of the planning year; ``month`` None is every month, ``days`` counts after ``days_after``."""

    milestone: str
    name: str
    state: str
    month: int | None
    day: int | None
    year_offset: int
    rule: str
    plan_year: int | None
    basis: Basis
    own_province: bool = False
    days_after: str = ""
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    state: str
    working_days: int
    stated_by: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class Exclusion:
    code: str
    message: str
    sector_code: str
    title_words: tuple[str, ...]
    lifting_paper: str
    lifting_paper_name: str
    basis: Basis
    legal_forms: tuple[str, ...] = ()
    workers_over: int | None = None


@dataclass(frozen=True, slots=True)
class SectorEntry:
    code: str
    name: str
    short_name: str
    name_en: str
    vsic_divisions: tuple[str, ...]
    basis: Basis


@dataclass(frozen=True, slots=True)
class LawBook:
    """All rules in force on ``on``. Norms of both purses are here: each source meets its own purse's."""

    on: dt.date
    purse: str
    province_code: str = ""
    activities: Mapping[str, Activity] = field(default_factory=dict)
    norms: Mapping[tuple[str, str], Norm] = field(default_factory=dict)
    papers: tuple[tuple[str, Paper], ...] = ()
    clocks: Mapping[str, Clock] = field(default_factory=dict)
    milestones: tuple[Milestone, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    sectors: Mapping[str, SectorEntry] = field(default_factory=dict)

    @staticmethod
    def load(
        on: dt.date,
        purse: str,
        province: AdminUnit | None,
        draft: Draft | None = None,
        base: LawBook | None = None,
    ) -> LawBook:
        """The rules in force on a day, seven queries; ``province`` brings its own norms and dates.

        With ``draft`` the law as it would be; ``base`` is then the same book as it is.
        """
        from programs.lawloader import load  # here, so that the values above need no database

        return load(on, purse, province, draft, base)

    def activity(self, code: str) -> Activity | None:
        return self.activities.get(code)

    def lineage(self, code: str) -> Iterator[str]:
        """The code and its ancestors, nearest first."""
        seen: set[str] = set()
        while code and code not in seen:
            seen.add(code)
            yield code
            entry = self.activities.get(code)
            code = entry.parent_code if entry else ""

    def norm(self, activity_code: str, purse: str | None = None) -> Norm | None:
        """The norm of the activity or of its nearest ancestor that has one, in ``purse`` (the book's own)."""
        for code in self.lineage(activity_code):
            if found := self.norms.get((purse or self.purse, code)):
                return found
        return None

    def knows_norms_of(self, purse: str) -> bool:
        """Whether any norm of the purse is known here (a province's own may all be missing)."""
        return any(key[0] == purse for key in self.norms)

    def required_papers(self, activity_code: str | None) -> tuple[Paper, ...]:
        """Papers asked of every project and of this activity or its ancestors."""
        wanted = {"", *self.lineage(activity_code or "")}
        return tuple(paper for code, paper in self.papers if code in wanted)

    def paper(self, code: str) -> Paper | None:
        return next((paper for _activity, paper in self.papers if paper.code == code), None)

    def lifting_papers(self) -> dict[str, str]:
        """Papers nobody must bring but that lift an exclusion: code → name."""
        return {rule.lifting_paper: rule.lifting_paper_name for rule in self.exclusions if rule.lifting_paper}

    def clock(self, state: str) -> Clock | None:
        return self.clocks.get(state)
