"""The numbers of each legal table: querysets in, dataclasses out. No files, no jobs, no words of a layout."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import reduce
from itertools import islice
from operator import add

from django.contrib.postgres.expressions import ArraySubquery
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, OuterRef

from programs.lifecycle import Kind, State
from programs.models import ActivityKind, Project, ProjectBeneficiary
from programs.priority import reasons_of
from programs.querysets import ProjectQuerySet
from vietnam.models import AdminUnit, Level
from vietnam.text import fold

CHUNK = 500
"""Rows fetched at a time: a list of the whole country never stands in memory twice."""

RELATED = ("province", "activity", "sector", "implementer", "commune__parent")


@dataclass(frozen=True, slots=True)
class Money:
    """VND by source."""

    total: int = 0
    kcqg: int = 0
    kcdp: int = 0
    own: int = 0
    other: int = 0

    def __add__(self, more: Money) -> Money:
        return Money(
            self.total + more.total,
            self.kcqg + more.kcqg,
            self.kcdp + more.kcdp,
            self.own + more.own,
            self.other + more.other,
        )

    def amounts(self) -> tuple[int, ...]:
        """In the order of the columns."""
        return (self.total, self.kcqg, self.kcdp, self.own, self.other)


@dataclass(frozen=True, slots=True)
class ListedProject:
    """One row of Mẫu số 2."""

    title: str
    implementer: str
    partner: str
    beneficiaries: tuple[str, ...]
    place: str
    starts_on: dt.date | None
    ends_on: dt.date | None
    content: str
    money: Money
    priority: tuple[str, ...]
    code: str
    kind: Kind
    state: State
    carried_as_of: dt.date | None = None
    """The day of its figures where they came from paper."""


@dataclass(slots=True)
class Group:
    """The projects of one kind of activity; ``name`` is empty where none is named yet."""

    code: str
    name: str
    position: int
    projects: list[ListedProject] = field(default_factory=list)

    @property
    def money(self) -> Money:
        return _sum(project.money for project in self.projects)


@dataclass(slots=True)
class RegistrationList:
    groups: list[Group]
    provinces: list[str]
    """Names, in their order, of the provinces that own the rows, as they were called then."""

    @property
    def money(self) -> Money:
        return _sum(group.money for group in self.groups)

    @property
    def carried(self) -> list[ListedProject]:
        """Rows whose figures came from paper, unchecked."""
        return [row for group in self.groups for row in group.projects if row.carried_as_of]

    @property
    def count(self) -> int:
        return sum(len(group.projects) for group in self.groups)


def _sum(parts: Iterable[Money]) -> Money:
    return reduce(add, parts, Money())


def registration_list(
    projects: ProjectQuerySet, year: int, read: Callable[[int], None] = lambda done: None
) -> RegistrationList:
    """Mẫu số 2 of Thông tư 36/2013/TT-BCT: projects under the kinds of Nghị định 45/2012/NĐ-CP, Điều 4.

    The same rows give the same list: kinds in the order of the catalogue, then province, then code.
    ``read`` hears how many rows have come.
    """
    kinds = _kinds_of(year)
    groups: dict[str, Group] = {}
    provinces: dict[int, AdminUnit] = {}
    for number, (project, priority) in enumerate(_with_priority(_rows(projects)), start=1):
        kind = _first_level(project.activity, kinds)
        code = kind.code if kind else ""
        if code not in groups:
            groups[code] = Group(code, kind.name if kind else "", kind.position if kind else 0)
        groups[code].projects.append(_listed(project, priority))
        provinces.setdefault(project.province_id, project.province)
        read(number)
    return RegistrationList(
        sorted(groups.values(), key=lambda group: (not group.code, group.position, group.code)),
        [unit.name for unit in sorted(provinces.values(), key=lambda unit: (unit.sort_key, unit.pk))],
    )


def _with_priority(rows: Iterator[Project]) -> Iterator[tuple[Project, tuple[str, ...]]]:
    """Each project with its satisfied grounds of priority, a few queries a chunk."""
    while chunk := list(islice(rows, CHUNK)):
        yield from zip(chunk, reasons_of(chunk), strict=True)


def _rows(projects: ProjectQuerySet) -> Iterator[Project]:
    """One query, whatever the number of projects; beneficiaries come with their project."""
    names = (
        ProjectBeneficiary.objects.filter(project=OuterRef("pk"))
        .order_by("establishment__name_sort", "pk")
        .values("establishment__name")
    )
    rows = projects.select_related(*RELATED).annotate(beneficiary_names=ArraySubquery(names))
    return (
        rows.defer("necessity", "objectives", "organisation", "effectiveness")
        .order_by(F("activity__position").asc(nulls_last=True), "province__sort_key", "province_id", "code")
        .iterator(chunk_size=CHUNK)
    )


def _kinds_of(year: int) -> dict[str, ActivityKind]:
    """The catalogue as it stood in the plan's year; of two versions the later one."""
    whole_year = DateRange(dt.date(year, 1, 1), dt.date(year + 1, 1, 1))
    kinds = ActivityKind.objects.filter(valid__overlap=whole_year).order_by("valid")
    return {kind.code: kind for kind in kinds}


def _first_level(activity: ActivityKind | None, kinds: dict[str, ActivityKind]) -> ActivityKind | None:
    """The kind of Điều 4 the activity lies under, by the catalogue of the plan's year."""
    kind = kinds.get(activity.code, activity) if activity else None
    while kind is not None and kind.parent_code in kinds:
        kind = kinds[kind.parent_code]
    return kind


def _listed(project: Project, priority: tuple[str, ...]) -> ListedProject:
    return ListedProject(
        title=project.title,
        implementer=project.implementer_name or (project.implementer.name if project.implementer else ""),
        partner=project.partner_name,
        beneficiaries=tuple(project.beneficiary_names),  # type: ignore[attr-defined]  # annotated above
        place=_place(project),
        starts_on=project.starts_on,
        ends_on=project.ends_on,
        content="\n".join(text for text in (project.content, project.scale) if text),
        money=Money(
            project.total_vnd, project.kcqg_vnd, project.kcdp_vnd, project.own_vnd, project.other_vnd
        ),
        priority=priority,
        code=project.code,
        kind=Kind(project.kind),
        state=State(project.state),
        carried_as_of=project.carried_as_of,
    )


def _place(project: Project) -> str:
    """The place with the province under which the project was signed, former provinces included."""
    province, text = project.province, project.place_text
    if project.commune:
        text = _with_district(project.commune)
    elif fold(province.name) in fold(text) or fold(province.bare_name) in fold(text).partition(",")[2]:
        return text
    if province.level == Level.NATION:
        return text
    return f"{text}, {province.name_in_text}" if text else province.name


def _with_district(commune: AdminUnit) -> str:
    """A commune of before 01/07/2025 lay in a district."""
    parent = commune.parent
    if parent is not None and parent.level == Level.DISTRICT:
        return f"{commune.name}, {parent.name_in_text}"
    return commune.name
