"""The rows under projects, read as plain values: one query a table, however many projects there are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from programs.claiming import Claimed, read_claims
from programs.models import (
    Attachment,
    BudgetAmount,
    BudgetLine,
    CheckOverride,
    ExpectedResult,
    Project,
    ProjectBeneficiary,
    ScheduleItem,
)
from records.sniff import PDF, SHOWN


@dataclass(slots=True)
class Line:
    """A cost of the estimate, VND; ``amounts`` by source, those that pay something."""

    position: int
    description: str
    total_vnd: int
    supported: bool
    itemised: bool
    amounts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Named:
    """A beneficiary: what may be shown of its tax code, and the key it is matched by."""

    name: str
    shown_tax_code: str
    tax_lookup: str
    uuid: UUID
    workers: int | None = None
    legal_form: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    content: str
    doer: str
    starts_on: dt.date | None
    ends_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Result:
    indicator: str
    unit: str
    value: str


@dataclass(frozen=True, slots=True)
class Attached:
    name: str
    paper_code: str
    sha256: str
    uuid: UUID
    size: int
    media_type: str

    @property
    def is_shown(self) -> bool:
        """A browser can show it beside the dossier."""
        return self.media_type in SHOWN

    @property
    def is_picture(self) -> bool:
        return self.is_shown and self.media_type != PDF


@dataclass(slots=True)
class Reading:
    """What stands under one project, each list in the order a reader sees."""

    lines: list[Line] = field(default_factory=list)
    beneficiaries: list[Named] = field(default_factory=list)
    schedule: list[Work] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    papers: list[Attached] = field(default_factory=list)
    claims: list[Claimed] = field(default_factory=list)
    overrides: dict[str, set[str]] = field(default_factory=dict)
    """Exceptions that hold for the dossier as it stands: see ``verdicts.ProjectFacts``."""

    @property
    def workers(self) -> int | None:
        """Of the largest establishment, where the register says."""
        return max((named.workers for named in self.beneficiaries if named.workers is not None), default=None)


def read(projects: Sequence[Project]) -> list[Reading]:
    """The readings of these projects, in the same order."""
    found = {project.pk: Reading() for project in projects}
    _read_lines(found)
    named = ProjectBeneficiary.objects.filter(project__in=found).order_by("pk")
    for pk, name, tax_code, masked, lookup, uuid, workers, form in named.values_list(
        "project",
        "establishment__name",
        "establishment__tax_code",
        "establishment__personal_code_masked",
        "establishment__tax_lookup",
        "establishment__uuid",
        "establishment__employees",
        "establishment__legal_form",
    ):
        found[pk].beneficiaries.append(Named(name, tax_code or masked, lookup, uuid, workers, form))
    works = ScheduleItem.objects.filter(project__in=found)
    for pk, content, doer, start, end in works.values_list(
        "project", "content", "doer", "starts_on", "ends_on"
    ):
        found[pk].schedule.append(Work(content, doer, start, end))
    results = ExpectedResult.objects.filter(project__in=found)
    for pk, indicator, unit, value in results.values_list("project", "indicator", "unit", "value"):
        found[pk].results.append(Result(indicator, unit, value))
    papers = Attachment.objects.filter(project__in=found)
    columns = ("name", "paper_code", "file__sha256", "uuid", "file__size", "file__media_type")
    for pk, *told in papers.values_list("project", *columns):
        found[pk].papers.append(Attached(*told))
    for pk, claims in read_claims(found).items():
        found[pk].claims = claims
    standing = CheckOverride.objects.standing().filter(project__in=found)
    for pk, fingerprint, state in standing.values_list("project", "fingerprint", "state"):
        found[pk].overrides.setdefault(fingerprint, set()).add(state)
    return [found[project.pk] for project in projects]


def _read_lines(found: dict[int, Reading]) -> None:
    rows = BudgetLine.objects.filter(project__in=found).values_list(
        "pk", "project", "position", "description", "total_vnd", "supported", "itemised"
    )
    lines: dict[int, Line] = {}
    for pk, project, position, description, total, supported, itemised in rows:
        lines[pk] = Line(position, description, total, supported, itemised)
        found[project].lines.append(lines[pk])
    amounts = BudgetAmount.objects.filter(line__project__in=found).order_by("pk")
    for pk, source, amount in amounts.values_list("line", "source", "amount_vnd"):
        if pk in lines:
            lines[pk].amounts[source] = amount
