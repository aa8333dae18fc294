"""The rows under a project: beneficiaries, estimate, schedule, results, papers; many projects at once."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from accounts.models import User
from programs.draft_values import DraftValues, LineValues
from programs.lifecycle import Source
from programs.models import (
    Attachment,
    BudgetAmount,
    BudgetLine,
    ExpectedResult,
    PriorityClaim,
    Project,
    ProjectBeneficiary,
    ScheduleItem,
)
from programs.registering import establishments_for, site_for


@dataclass(frozen=True, slots=True)
class DossierRows:
    """What one stored project is to get, from whom and when."""

    project: Project
    values: DraftValues
    actor: User
    at: dt.datetime


def remove_rows(project: Project, values: DraftValues) -> None:
    """Take away the rows that new ones replace; the database adds the project's totals up again."""
    if values.lines is not None:
        project.lines.all().delete()
    if values.schedule is not None:
        project.schedule.all().delete()
    if values.results is not None:
        project.results.all().delete()
    if values.claims is not None:
        project.claims.all().delete()


def add_rows(dossiers: Sequence[DossierRows]) -> None:
    """Write the rows of these dossiers; one statement a table, however many there are.

    Raises ``ValidationError`` for an estimate beyond any amount.
    """
    for dossier in dossiers:
        dossier.values.refuse_too_much()
    _write_beneficiaries([dossier for dossier in dossiers if dossier.values.beneficiaries is not None])
    _add_lines(dossiers)
    _add_claims(dossiers)
    ScheduleItem.objects.bulk_create(
        ScheduleItem(
            project=dossier.project,
            position=n,
            content=v.content,
            doer=v.doer,
            starts_on=v.starts_on,
            ends_on=v.ends_on,
        )
        for dossier in dossiers
        for n, v in enumerate(dossier.values.schedule or [], start=1)
    )
    ExpectedResult.objects.bulk_create(
        ExpectedResult(project=dossier.project, position=n, indicator=v.indicator, unit=v.unit, value=v.value)
        for dossier in dossiers
        for n, v in enumerate(dossier.values.results or [], start=1)
    )
    Attachment.objects.bulk_create(
        Attachment(
            project=dossier.project,
            paper_code=paper.code,
            file=paper.file,
            name=paper.name,
            uploaded_by=dossier.actor,
            uploaded_at=dossier.at,
        )
        for dossier in dossiers
        for paper in dossier.values.papers
    )


def _add_claims(dossiers: Sequence[DossierRows]) -> None:
    PriorityClaim.objects.bulk_create(
        PriorityClaim(
            project=dossier.project,
            predicate=claim.predicate,
            statement=claim.statement,
            document_number=claim.document_number,
            document_date=claim.document_date,
            document_issuer=claim.document_issuer,
            attachment_id=claim.attachment,
        )
        for dossier in dossiers
        for claim in dossier.values.claims or []
    )


def _add_lines(dossiers: Sequence[DossierRows]) -> None:
    lines = [line for dossier in dossiers for line in dossier.values.lines or []]
    rows = BudgetLine.objects.bulk_create(
        BudgetLine(
            project=dossier.project,
            position=n,
            description=line.description,
            unit=line.unit,
            quantity=line.quantity,
            unit_price_vnd=line.unit_price_vnd,
            total_vnd=line.total_vnd,
            supported=line.supported,
            itemised=line.itemised,
        )
        for dossier in dossiers
        for n, line in enumerate(dossier.values.lines or [], start=1)
    )
    BudgetAmount.objects.bulk_create(
        amount for row, line in zip(rows, lines, strict=True) for amount in _amounts(row, line)
    )


def _amounts(row: BudgetLine, line: LineValues) -> Iterator[BudgetAmount]:
    for source in Source.values:
        if amount := line.amounts.get(source, 0):
            yield BudgetAmount(line=row, source=source, amount_vnd=amount)


def _write_beneficiaries(dossiers: Sequence[DossierRows]) -> None:
    """Make these the beneficiaries; the place of production of one that stays is kept unless named anew."""
    if not dossiers:
        return
    known: dict[int, dict[int, ProjectBeneficiary]] = defaultdict(dict)
    for row in ProjectBeneficiary.objects.filter(project__in=[dossier.project for dossier in dossiers]):
        known[row.project_id][row.establishment_id] = row
    named = [
        (dossier.project, values) for dossier in dossiers for values in dossier.values.beneficiaries or []
    ]
    found = establishments_for([(project.province, values) for project, values in named])
    kept: dict[int, dict[int, ProjectBeneficiary]] = defaultdict(dict)
    for (project, values), establishment in zip(named, found, strict=True):
        site = site_for(establishment, values)
        row = known[project.pk].get(establishment.pk) or ProjectBeneficiary(
            project=project, establishment=establishment
        )
        kept[project.pk][establishment.pk] = row
        if site is not None and row.site_id != site.pk:
            row.site = site
            if not row._state.adding:
                row.save(update_fields=["site"])
    for dossier in dossiers:
        rows = kept[dossier.project.pk]
        if gone := set(known[dossier.project.pk]) - set(rows):
            dossier.project.beneficiaries.filter(establishment__in=gone).delete()
    ProjectBeneficiary.objects.bulk_create(
        row for rows in kept.values() for row in rows.values() if row._state.adding
    )
