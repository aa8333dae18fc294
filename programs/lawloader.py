"""Reads a day's law from the catalogue tables into a :class:`programs.lawbook.LawBook`."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import BooleanField, Q, QuerySet, Value

from programs.lawbook import (
    Activity,
    Basis,
    Clock,
    Exclusion,
    LawBook,
    Milestone,
    Norm,
    Paper,
    SectorEntry,
)
from programs.models.catalogue import (
    ActivityKind,
    DatedRule,
    ExclusionRule,
    PlanMilestone,
    RequiredPaper,
    Sector,
    StageClock,
    SupportNorm,
)
from vietnam.models import AdminUnit

if TYPE_CHECKING:
    from programs.lawdraft import Draft
    from programs.models import Project

Rule = TypeVar("Rule", bound=DatedRule)


def load(
    on: dt.date,
    purse: str,
    province: AdminUnit | None,
    draft: Draft | None = None,
    base: LawBook | None = None,
) -> LawBook:
    """The book of ``on``; a fixed number of queries however many rules there are.

    With ``draft``, a version nobody has verified yet, the book as it would be; with ``base``, the book as it
    is, only what the draft touches is read again.
    """
    home = province.pk if province else None
    ours = Q(province__isnull=True) | Q(province=province)

    def of_purse(row: Any) -> bool:
        return bool(row.purse == purse)

    def at_home(row: Any) -> bool:
        return of_purse(row) and row.province_id in (None, home)

    dates = PlanMilestone.objects.filter(ours, purse=purse).order_by("milestone", "id")
    parts: dict[str, tuple[Callable[[Any], Any], QuerySet[Any], Callable[[Any], bool]]] = {
        "activities": (_activities, ActivityKind.objects.all(), _always),
        "norms": (_norms, SupportNorm.objects.filter(_norms_of(province)), _norm_fits(home)),
        "papers": (_papers, RequiredPaper.objects.filter(purse=purse), of_purse),
        "clocks": (_clocks, StageClock.objects.filter(purse=purse), of_purse),
        "milestones": (_milestones, dates, at_home),
        "exclusions": (_exclusions, ExclusionRule.objects.order_by("code"), _always),
        "sectors": (_sectors, Sector.objects.order_by("position"), _always),
    }
    read: dict[str, Any] = {
        name: make(_in_force(rows, on, draft, fits))
        for name, (make, rows, fits) in parts.items()
        if base is None or (draft is not None and draft.model is rows.model)
    }
    if base is not None:
        return replace(base, **read)
    return LawBook(on=on, purse=purse, province_code=province.code if province else "", **read)


def _in_force(
    rows: QuerySet[Rule], on: dt.date, draft: Draft | None, fits: Callable[[Any], bool]
) -> Iterable[Rule]:
    """The rows of a day as they are, or as they would be; ``fits`` is the condition they are read by."""
    found = _with_source(rows.filter(valid__contains=on))
    return draft.among(found, on, fits) if draft and draft.model is rows.model else found


def _always(row: Any) -> bool:
    return True


OwnRules = tuple[dict[tuple[str, str], Norm], tuple[Milestone, ...]]


def own_rules(
    on: dt.date,
    purse: str,
    draft: Draft | None = None,
    base: dict[int, OwnRules] | None = None,
    *,
    dates: bool = True,
) -> dict[int, OwnRules]:
    """The norms and ``dates`` of their own that provinces have, by province id, read for all at once.

    With ``base``, these rules as they are, only what the ``draft`` touches is read again.
    """
    norms: dict[int, dict[tuple[str, str], Norm]] = {pk: own for pk, (own, _days) in (base or {}).items()}
    days: dict[int, tuple[Milestone, ...]] = {pk: own for pk, (_norms, own) in (base or {}).items()}
    touched = draft.model if draft else None
    if touched in (None, SupportNorm):
        local = SupportNorm.objects.filter(province__isnull=False, purse="KCDP")
        found = _in_force(local, on, draft, lambda row: row.province_id is not None)
        norms = {pk: _norms(rows) for pk, rows in _by_province(found).items()}
    if dates and touched in (None, PlanMilestone):
        own = PlanMilestone.objects.filter(province__isnull=False, purse=purse).order_by("milestone", "id")
        fits = _in_force(own, on, draft, lambda row: row.purse == purse and row.province_id is not None)
        days = {pk: _milestones(rows) for pk, rows in _by_province(fits).items()}
    return {pk: (norms.get(pk, {}), days.get(pk, ())) for pk in {*norms, *days}}


def _by_province(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.province_id].append(row)
    return found


def _norm_fits(home: int | None) -> Callable[[Any], bool]:
    """The condition of ``_norms_of`` for a row that is not stored."""
    return lambda row: row.province_id == (None if row.purse == "KCQG" else home or 0)


def compared(before: Project, after: Project) -> tuple[LawBook, LawBook]:
    """What may be supported, how much and with which papers, on 1 January of two projects' plan years.

    These two books hold nothing else: three queries for both.
    """
    days = [dt.date(project.year, 1, 1) for project in (before, after)]
    span = DateRange(min(days), max(days), "[]")
    homes = _norms_of(before.province) | _norms_of(after.province)
    activities = list(_with_source(ActivityKind.objects.filter(valid__overlap=span)))
    norms = list(_with_source(SupportNorm.objects.filter(homes, valid__overlap=span)))
    papers = list(_with_source(RequiredPaper.objects.filter(purse=after.purse, valid__overlap=span)))

    def book(project: Project, day: dt.date) -> LawBook:
        own = (None, project.province_id)
        return LawBook(
            on=day,
            purse=after.purse,
            province_code=project.province.code,
            activities=_activities(row for row in activities if day in row.valid),
            norms=_norms(row for row in norms if day in row.valid and row.province_id in own),
            papers=_papers(row for row in papers if day in row.valid),
        )

    return book(before, days[0]), book(after, days[1])


def _with_source(rows: QuerySet[Rule]) -> QuerySet[Rule]:
    named = ("source_document", "province") if rows.model is SupportNorm else ("source_document",)
    return rows.select_related(*named)


def provinces_with_rules(on: dt.date) -> dict[int, bool]:
    """Ids of the provinces whose own norms or dates hold on a day, and whether dates do; elsewhere the common
    book applies."""
    rules = ((SupportNorm.objects, False), (PlanMilestone.objects, True))
    norms, dates = (
        rows.filter(valid__contains=on, province__isnull=False)
        .order_by()
        .values_list("province_id", Value(dated, output_field=BooleanField()))
        for rows, dated in rules
    )
    found: dict[int, bool] = {}
    for pk, dated in norms.union(dates):
        found[pk] = found.get(pk, False) or dated
    return found


@lru_cache(maxsize=64)
def kept_book(mark: UUID, on: dt.date, purse: str) -> LawBook:
    """The country's book of a day, read once for each ``mark`` of the law (see ``LawStamp``)."""
    return load(on, purse, None)


@lru_cache(maxsize=64)
def kept_lawgivers(mark: UUID, on: dt.date) -> dict[int, bool]:
    """``provinces_with_rules``, read once for each ``mark`` of the law; to be copied, not changed."""
    return provinces_with_rules(on)


@lru_cache(maxsize=64)
def kept_own_rules(mark: UUID, on: dt.date, purse: str, *, dates: bool) -> dict[int, OwnRules]:
    """``own_rules``, read once for each ``mark`` of the law; to be looked into, not changed."""
    return own_rules(on, purse, dates=dates)


def basis_of(row: DatedRule) -> Basis:
    """Where a row of the law is written and how sure we are of it."""
    return Basis(
        document=row.source_document.number if row.source_document else "",
        clause=row.clause,
        confidence=row.confidence,
        valid_from=row.valid.lower,
    )


def _activities(rows: Iterable[ActivityKind]) -> dict[str, Activity]:
    return {
        row.code: Activity(
            code=row.code,
            name=row.name,
            short_name=row.short_name,
            name_en=row.name_en,
            parent_code=row.parent_code,
            selection_method=row.selection_method,
            needs_sector=row.needs_sector,
            needs_place=row.needs_place,
            area_bound=row.area_bound,
            basis=basis_of(row),
        )
        for row in rows
    }


def _norms_of(province: AdminUnit | None) -> Q:
    """National norms, and the local norms of this very province: a merged province's are not guessed."""
    mine = Q(province__isnull=True, purse="KCQG")
    return mine | Q(province=province, purse="KCDP") if province is not None else mine


def _norms(rows: Iterable[SupportNorm]) -> dict[tuple[str, str], Norm]:
    return {
        (row.purse, row.activity_code): Norm(
            purse=row.purse,
            province_code=row.province.code if row.province else "",
            activity_code=row.activity_code,
            unit=row.unit,
            pct=row.pct,
            cap_vnd=row.cap_vnd,
            uplift_max=row.uplift_max,
            basis=basis_of(row),
            note=row.note,
        )
        for row in rows
    }


def _papers(rows: Iterable[RequiredPaper]) -> tuple[tuple[str, Paper], ...]:
    return tuple(
        (row.activity_code, Paper(row.code, row.name, row.required_from_state, basis_of(row), row.note))
        for row in rows
    )


def _clocks(rows: Iterable[StageClock]) -> dict[str, Clock]:
    return {row.state: Clock(row.state, row.working_days, row.basis, basis_of(row)) for row in rows}


def _milestones(rows: Iterable[PlanMilestone]) -> tuple[Milestone, ...]:
    return tuple(
        Milestone(
            milestone=row.milestone,
            name=row.name,
            state=row.state,
            month=row.month,
            day=row.day,
            year_offset=row.year_offset,
            rule=row.rule,
            plan_year=row.plan_year,
            basis=basis_of(row),
            own_province=row.province_id is not None,
            days_after=row.days_after,
            days=row.days,
        )
        for row in rows
    )


def _exclusions(rows: Iterable[ExclusionRule]) -> tuple[Exclusion, ...]:
    return tuple(
        Exclusion(
            code=row.code,
            message=row.message,
            sector_code=row.sector_code,
            title_words=tuple(row.title_words),
            lifting_paper=row.lifting_paper,
            lifting_paper_name=row.lifting_paper_name,
            basis=basis_of(row),
            legal_forms=tuple(row.legal_forms),
            workers_over=row.workers_over,
        )
        for row in rows
    )


def _sectors(rows: Iterable[Sector]) -> dict[str, SectorEntry]:
    return {
        row.code: SectorEntry(
            row.code, row.name, row.short_name, row.name_en, tuple(row.vsic_divisions), basis_of(row)
        )
        for row in rows
    }
