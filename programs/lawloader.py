"""Reads a day's law from the catalogue tables into a :class:`programs.lawbook.LawBook`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeVar

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q, QuerySet

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
    from programs.models import Project

Rule = TypeVar("Rule", bound=DatedRule)


def load(on: dt.date, purse: str, province: AdminUnit | None) -> LawBook:
    """The book of ``on``; a fixed number of queries however many rules there are."""
    return LawBook(
        on=on,
        purse=purse,
        province_code=province.code if province else "",
        activities=_activities(_with_source(ActivityKind.objects.filter(valid__contains=on))),
        norms=_norms(_with_source(SupportNorm.objects.filter(_norms_of(province), valid__contains=on))),
        papers=_papers(_with_source(RequiredPaper.objects.filter(purse=purse, valid__contains=on))),
        clocks=_clocks(on, purse),
        milestones=_milestones(on, purse, province),
        exclusions=_exclusions(on),
        sectors=_sectors(on),
    )


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


def provinces_with_rules(on: dt.date) -> frozenset[int]:
    """Ids of the provinces whose own norms or dates hold on a day; elsewhere the common book applies."""
    rules = (SupportNorm.objects, PlanMilestone.objects)
    norms, dates = (
        rows.filter(valid__contains=on, province__isnull=False).order_by().values_list("province_id")
        for rows in rules
    )
    return frozenset(pk for (pk,) in norms.union(dates))


def _basis(row: DatedRule) -> Basis:
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
            basis=_basis(row),
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
            basis=_basis(row),
            note=row.note,
        )
        for row in rows
    }


def _papers(rows: Iterable[RequiredPaper]) -> tuple[tuple[str, Paper], ...]:
    return tuple(
        (row.activity_code, Paper(row.code, row.name, row.required_from_state, _basis(row), row.note))
        for row in rows
    )


def _clocks(on: dt.date, purse: str) -> dict[str, Clock]:
    rows = StageClock.objects.filter(purse=purse, valid__contains=on).select_related("source_document")
    return {row.state: Clock(row.state, row.working_days, row.basis, _basis(row)) for row in rows}


def _milestones(on: dt.date, purse: str, province: AdminUnit | None) -> tuple[Milestone, ...]:
    rows = PlanMilestone.objects.filter(
        Q(province__isnull=True) | Q(province=province), purse=purse, valid__contains=on
    ).select_related("source_document")
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
            basis=_basis(row),
            own_province=row.province_id is not None,
            days_after=row.days_after,
            days=row.days,
        )
        for row in rows.order_by("milestone", "id")
    )


def _exclusions(on: dt.date) -> tuple[Exclusion, ...]:
    rows = ExclusionRule.objects.filter(valid__contains=on).select_related("source_document")
    return tuple(
        Exclusion(
            code=row.code,
            message=row.message,
            sector_code=row.sector_code,
            title_words=tuple(row.title_words),
            lifting_paper=row.lifting_paper,
            lifting_paper_name=row.lifting_paper_name,
            basis=_basis(row),
        )
        for row in rows.order_by("code")
    )


def _sectors(on: dt.date) -> dict[str, SectorEntry]:
    rows = Sector.objects.filter(valid__contains=on).select_related("source_document")
    return {
        row.code: SectorEntry(
            row.code, row.name, row.short_name, row.name_en, tuple(row.vsic_divisions), _basis(row)
        )
        for row in rows.order_by("position")
    }
