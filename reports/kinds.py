"""What each kind of report reads, and the paper that comes of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Protocol

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import Organisation
from accounts.policy import PermissionRefused
from accounts.scope import scope_of
from programs.models import Project
from programs.printing.dossier import dossiers
from programs.procedures import form_on
from programs.querysets import ProjectQuerySet
from records.paper import blocks
from records.paper.pdf import as_pdf
from reports import figures, render
from reports.lifecycle import STAGES, ReportKind, Stage
from reports.models import Report
from reports.policy import Reach, area_ids, reach_of

Tell = Callable[[int, str], None]
"""Shows percent and step, and raises when the job is to stop: called for every row."""

READING = gettext_noop("Đang đọc đề án")
WRITING = gettext_noop("Đang ghi biểu")
KEEPING = gettext_noop("Đang lưu tệp")
READ_PCT, WRITTEN_PCT = 45, 95


class Paper(Protocol):
    """Everything a file needs, read in one go under its owner's scope."""

    def write(self, out: IO[bytes], tell: Tell) -> None: ...

    def summary(self) -> dict[str, int]:
        """What the report's page tells of the file."""

    def reach(self) -> Reach:
        """Whose rows the file may hold."""


def listed_projects(report: Report) -> ProjectQuerySet:
    """The rows of the project list under the same filters, as far as the report's owner sees them."""
    rows = Project.objects.visible_to(report.owner).in_year(report.year).filter(purse=report.purse)
    ids = area_ids(report.province)
    if ids is not None:
        rows = rows.filter(province__in=ids)
    return rows if report.stage == Stage.ALL else rows.in_state(*STAGES[report.stage])


@dataclass(frozen=True, slots=True)
class RegistrationPaper:
    table: figures.RegistrationList
    heading: render.Heading
    reached: Reach

    @classmethod
    def read(cls, report: Report, tell: Tell) -> RegistrationPaper:
        rows = listed_projects(report)
        count = max(rows.count(), 1)
        tell(1, READING)
        table = figures.registration_list(
            rows, report.year, lambda done: tell(1 + (READ_PCT - 1) * min(done, count) // count, READING)
        )
        reach = reach_of(report.owner, area_ids(report.province))
        return cls(table, _heading(report, table, reach, timezone.now()), reach)

    def write(self, out: IO[bytes], tell: Tell) -> None:
        count, span = max(self.table.count, 1), WRITTEN_PCT - READ_PCT
        tell(READ_PCT, WRITING)
        render.registration_list(
            self.table, self.heading, out, lambda done: tell(READ_PCT + span * done // count, WRITING)
        )
        tell(WRITTEN_PCT, KEEPING)

    def summary(self) -> dict[str, int]:
        names = ("total_vnd", "kcqg_vnd", "kcdp_vnd", "own_vnd", "other_vnd")
        return {"projects": self.table.count, **dict(zip(names, self.table.money.amounts(), strict=True))}

    def reach(self) -> Reach:
        return self.reached


@dataclass(frozen=True, slots=True)
class DossiersPaper:
    """The chosen dossiers in one PDF, with a list of contents."""

    projects: list[Project]
    papers: list[blocks.Paper]
    title: str
    reached: Reach

    @classmethod
    def read(cls, report: Report, tell: Tell) -> DossiersPaper:
        rows = Project.objects.visible_to(report.owner).filter(code__in=report.codes)
        projects = list(rows.select_related(*DOSSIER_ROWS).order_by("code"))
        if len(projects) < len(report.codes):
            raise PermissionRefused(_("Có đề án bạn không còn được xem nên không in được bộ hồ sơ này."))
        tell(1, READING)
        papers = dossiers(projects, lambda done: tell(1 + (READ_PCT - 1) * done // len(projects), READING))
        provinces = frozenset(project.province_id for project in projects)
        return cls(projects, papers, report.title, reach_of(report.owner, provinces))

    def write(self, out: IO[bytes], tell: Tell) -> None:
        tell(READ_PCT, WRITING)
        out.write(as_pdf(self.papers, title=self.title, made_at=timezone.now(), contents=True))
        tell(WRITTEN_PCT, KEEPING)

    def summary(self) -> dict[str, int]:
        names = ("total_vnd", "kcqg_vnd", "kcdp_vnd", "own_vnd", "other_vnd")
        sums = {name: sum(getattr(project, name) for project in self.projects) for name in names}
        return {"projects": len(self.projects), **sums}

    def reach(self) -> Reach:
        return self.reached


DOSSIER_ROWS = ("province", "activity", "sector", "owner", "implementer", "commune", "plan", "tranche")


def _heading(
    report: Report, table: figures.RegistrationList, reach: Reach, now: dt.datetime
) -> render.Heading:
    post = scope_of(report.owner).posts[0]
    offices = Organisation.objects.filter(pk__in={post.organisation_id, *reach.office_ids}).order_by("pk")
    names = {office.pk: office.name for office in offices}
    return render.Heading(
        office=names[post.organisation_id],
        purse=str(report.purse.label),
        year=report.year,
        area=report.province.name,
        former=[name for name in table.provinces if not report.is_national and name != report.province.name],
        only_of=[names[pk] for pk in reach.office_ids],
        stage=str(report.stage.label),
        made_at=timezone.localtime(now),
        made_by=str(report.owner),
        form=form_on("registration_list", timezone.localdate(now)),
    )


KINDS: dict[str, Callable[[Report, Tell], Paper]] = {
    ReportKind.REGISTRATION_LIST: RegistrationPaper.read,
    ReportKind.DOSSIERS: DossiersPaper.read,
}
