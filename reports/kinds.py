"""What each kind of report reads, and the paper that comes of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Protocol

from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.models import Organisation
from accounts.scope import scope_of
from programs.models import Project
from programs.querysets import ProjectQuerySet
from reports import figures, render
from reports.lifecycle import STAGES, ReportKind, Stage
from reports.models import Report
from reports.policy import area_ids, reach_of

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

    @classmethod
    def read(cls, report: Report, tell: Tell) -> RegistrationPaper:
        rows = listed_projects(report)
        count = max(rows.count(), 1)
        tell(1, READING)
        table = figures.registration_list(
            rows, report.year, lambda done: tell(1 + (READ_PCT - 1) * min(done, count) // count, READING)
        )
        return cls(table, _heading(report, table, timezone.now()))

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


def _heading(report: Report, table: figures.RegistrationList, now: dt.datetime) -> render.Heading:
    post = scope_of(report.owner).posts[0]
    reach = reach_of(report.owner, report.province)
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
    )


KINDS: dict[str, Callable[[Report, Tell], Paper]] = {
    ReportKind.REGISTRATION_LIST: RegistrationPaper.read,
}
