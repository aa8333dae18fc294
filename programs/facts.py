"""From rows to facts: what the checks and the deadline rules need to know about projects.

Everything that asks the database on behalf of the pure rules is here. A hundred projects cost
as many queries as one.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from uuid import UUID

from django.db import connection
from django.db.models import prefetch_related_objects
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import OrganisationKind
from programs.checks import LineFacts, PastSupport, ProjectFacts, Verdict, evaluate
from programs.claim_facts import claim_facts
from programs.deadlines import Due, Intake, Pause, due_for
from programs.dossierterms import TEXT_SECTIONS
from programs.lawbook import Basis, LawBook
from programs.lawdraft import Draft
from programs.lawloader import OwnRules, kept_book, kept_lawgivers, kept_own_rules, own_rules
from programs.lifecycle import Source, State
from programs.models import AreaEligibility, Gate, LawStamp, Project
from programs.reading import Line, Reading, read
from programs.skeleton import is_written
from programs.verdicts import Area, Asking, ClaimFacts, WardTest
from programs.wards import may_be_ward, ward_tests
from programs.windows import WAITS_AT, Windows, load_windows, window_that_counts, windows_at
from vietnam.models import CalendarDay
from vietnam.workdays import Calendar, calendar_of, days_in_force, load_calendar


class Laws:
    """Law books already opened, and the calendar: one reading for a day and purse, however many projects ask.

    The rules of their own of all provinces are one reading more, where there are any. With ``draft`` the law
    is read as it would be; ``base`` are then the books as they are.
    """

    def __init__(self, draft: Draft | None = None, base: Laws | None = None) -> None:
        self._draft, self._base = draft, base
        self._books: dict[tuple[dt.date, str], LawBook] = {}
        self._own: dict[tuple[dt.date, str], dict[int, OwnRules]] = {}
        self._lawgivers: dict[dt.date, dict[int, bool]] = {}

    def of(self, project: Project, on: dt.date | None = None) -> LawBook:
        """The law of the project's own date: 1 January of its plan year unless a day is given."""
        day = on or dt.date(project.year, 1, 1)
        if day not in self._lawgivers:
            self._lawgivers[day] = dict(kept_lawgivers(self._mark, day))
            if self._draft and self._draft.province_id:
                self._lawgivers[day][self._draft.province_id] = True
        common = self._book(day, project.purse)
        if project.province_id not in self._lawgivers[day]:
            return replace(common, province_code=project.province.code)
        norms, dates = self._own_rules(day, project.purse).get(project.province_id, ({}, ()))
        return replace(
            common,
            province_code=project.province.code,
            norms={**common.norms, **norms},
            milestones=tuple(sorted((*common.milestones, *dates), key=lambda date: date.milestone)),
        )

    def _book(self, day: dt.date, purse: str) -> LawBook:
        if (day, purse) not in self._books:
            book = kept_book(self._mark, day, purse)
            if self._draft and not self._draft.province_id:  # a province's own rule is in no common book
                book = LawBook.load(day, purse, None, self._draft, book)
            self._books[day, purse] = book
        return self._books[day, purse]

    @cached_property
    def _mark(self) -> UUID:
        return self._base._mark if self._base else LawStamp.objects.values_list("mark", flat=True).get()

    def _own_rules(self, day: dt.date, purse: str) -> dict[int, OwnRules]:
        if (day, purse) not in self._own:
            dates = any(self._lawgivers[day].values())
            own = kept_own_rules(self._mark, day, purse, dates=dates)
            if self._draft:
                own = own_rules(day, purse, self._draft, own, dates=dates)
            self._own[day, purse] = own
        return self._own[day, purse]

    @cached_property
    def calendar(self) -> Calendar:
        if self._draft and self._draft.model is CalendarDay:
            return calendar_of(self._draft.each_on(days_in_force(), lambda row: row.date))
        return self._base.calendar if self._base else load_calendar()

    @cached_property
    def windows(self) -> Windows:
        return self._base.windows if self._base else load_windows()


def law_for(project: Project, on: dt.date | None = None) -> LawBook:
    return Laws().of(project, on)


def past_support(lookups: Iterable[str], *, excluding: int | None = None) -> tuple[PastSupport, ...]:
    """Support already given or asked anywhere in the country to holders of these tax codes.

    Goes through the one audited database function that looks across provinces.
    """
    codes = sorted({lookup for lookup in lookups if lookup})
    if not codes:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT code, title, year, purse, activity_code, province_name, state_vnd, tax_lookup"
            " FROM kc_past_support(%s, %s)",
            [codes, excluding],
        )
        return tuple(PastSupport(*row) for row in cursor.fetchall())


def facts_for(projects: Sequence[Project], readings: Sequence[Reading]) -> list[ProjectFacts]:
    """The facts of these projects as they were read, in the same order; a fixed number of queries."""
    prefetch_related_objects(list(projects), "activity", "sector", "province")
    lookups = {
        project.pk: {named.tax_lookup for named in reading.beneficiaries if named.tax_lookup}
        for project, reading in zip(projects, readings, strict=True)
    }
    only = projects[0].pk if len(projects) == 1 else None
    support = defaultdict(list)
    for past in past_support((code for codes in lookups.values() for code in codes), excluding=only):
        support[past.tax_lookup].append(past)
    areas = _areas(projects)
    wards = ward_tests(
        (project.commune_id, project.year)
        for project in projects
        if project.commune_id and (project.commune_id, project.year) not in areas and may_be_ward(project)
    )
    claims = claim_facts(projects, readings)
    return [
        _facts(
            project,
            reading,
            tuple(
                past
                for code in sorted(lookups[project.pk])
                for past in support[code]
                if past.code != project.code
            ),
            areas.get((project.commune_id, project.year)),
            wards.get((project.commune_id or 0, project.year)),
            claims[project.pk],
        )
        for project, reading in zip(projects, readings, strict=True)
    ]


def _areas(projects: Sequence[Project]) -> dict[tuple[int | None, int], Area]:
    """What the list of eligible areas says of each place in its plan year; absent where no row says."""
    communes = {project.commune_id for project in projects if project.commune_id}
    listed = AreaEligibility.objects.filter(commune__in=communes).select_related("source_document")
    rows = list(listed) if communes else []
    return {
        (row.commune_id, year): area_of(row)
        for year in {project.year for project in projects}
        for row in rows
        if dt.date(year, 1, 1) in row.valid
    }


def area_of(row: AreaEligibility) -> Area:
    """A row that names its document may block; one that names none is somebody's memory."""
    document = row.source_document
    basis = Basis(document.number if document else "", row.basis, "verified" if document else "memory")
    return Area(row.eligible, basis)


def _facts(
    project: Project,
    reading: Reading,
    support: tuple[PastSupport, ...],
    area: Area | None,
    ward: WardTest | None,
    claims: tuple[ClaimFacts, ...],
) -> ProjectFacts:
    return ProjectFacts(
        purse=project.purse,
        plan_year=project.year,
        kind=project.kind,
        activity=project.activity.code if project.activity else None,
        sector=project.sector.code if project.sector else None,
        title=project.title,
        amounts={str(source): amount for source, amount in project.amounts().items()},
        lines=tuple(_line(line) for line in reading.lines),
        itemised=any(line.itemised for line in reading.lines),
        declared_total_vnd=project.total_vnd,
        unit_count=len(reading.beneficiaries) or None,
        commune_known=project.commune_id is not None,
        area=area,
        ward=ward,
        counterpart_commitment=project.counterpart_committed,
        papers=frozenset(paper.paper_code for paper in reading.papers if paper.paper_code),
        starts_on=project.starts_on,
        ends_on=project.ends_on,
        double_funding=support,
        overrides={mark: frozenset(states) for mark, states in reading.overrides.items()},
        asking=tuple(Asking(each.name, each.legal_form, each.workers) for each in reading.beneficiaries),
        claims=claims,
        unwritten=tuple(_unwritten(project, reading)),
    )


def _unwritten(project: Project, reading: Reading) -> Iterator[tuple[str, str]]:
    for name, number, label in TEXT_SECTIONS:
        if not is_written(getattr(project, name)):
            yield name, f"{number}. {label}"
    if not reading.schedule:
        yield "schedule", _("5. Bảng tiến độ: ai làm gì, khi nào")
    if any(not result.value for result in reading.results):
        yield "results", _("8. Kết quả dự kiến: còn chỉ tiêu chưa có giá trị")


def _line(line: Line) -> LineFacts:
    amounts = {str(source): 0 for source in Source} | line.amounts
    return LineFacts(line.position, line.description, line.total_vnd, amounts, line.supported)


def verdicts_for(
    projects: Sequence[Project],
    decision_on: dt.date | None = None,
    laws: Laws | None = None,
    readings: Sequence[Reading] | None = None,
) -> list[list[Verdict]]:
    """Every check's verdicts for each project, by its plan year's law and, if given, the decision day's.
    None of a project that was carried over from paper: nobody asked then, and nothing is made up now.

    ``laws`` and ``readings`` are given by those who have them already.
    """
    if not projects:
        return []
    laws, readings = laws or Laws(), readings or read(projects)
    return [
        []
        if project.carried_as_of
        else evaluate(facts, laws.of(project), laws.of(project, decision_on) if decision_on else None)
        for project, facts in zip(projects, facts_for(projects, readings), strict=True)
    ]


def verdicts_of(project: Project, decision_on: dt.date | None = None) -> list[Verdict]:
    return verdicts_for([project], decision_on)[0]


def due_of(project: Project, laws: Laws) -> Due | None:
    """By when the holder of this project must act, and why; None where nobody has to."""
    law = laws.of(project)
    return due_for(
        project.state,
        timezone.localdate(project.state_since),
        project.purse,
        project.year,
        law.milestones,
        clock := law.clock(project.state),
        laws.calendar,
        _intake_of(project, laws),
        _pauses_of(project) if clock else (),
    )


def _intake_of(project: Project, laws: Laws) -> Intake | None:
    """The window whose last day ends the waiting of this dossier."""
    gate = WAITS_AT.get(State(project.state))
    if gate == Gate.SO and laws.windows and project.owner.kind == OrganisationKind.REGION:
        gate = Gate.CUC
    rows = windows_at(gate, project, laws.windows) if gate else []
    window = window_that_counts(rows, timezone.localdate())
    if window is None:
        return None
    return Intake(
        window.opens_on, window.closes_on, str(window.office), window.document_number, window.reason
    )


def _pauses_of(project: Project) -> list[Pause]:
    """Those of the state it is in, from the project's own rows, which lists bring along."""
    if project.pk is None:
        return []
    return [
        Pause(
            timezone.localdate(pause.started_at),
            timezone.localdate(pause.ended_at) if pause.ended_at else None,
            pause.reason,
        )
        for pause in project.pauses.all()
        if pause.started_at >= project.state_since
    ]


DUE = ("due_on", "due_why", "due_why_en")
"""The columns of a project that ``set_due`` fills."""


def set_due(project: Project, laws: Laws) -> None:
    """Put the deadline of the state the project is in onto the row, its reason in both languages."""
    with translation.override("vi"):
        due = due_of(project, laws)
    with translation.override("en"):
        in_english = due_of(project, laws)
    project.due_on, project.due_why = (due.due_on, due.why) if due else (None, "")
    project.due_why_en = in_english.why if in_english else ""
