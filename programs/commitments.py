"""Money held against ceilings. The database moves the balance and refuses what passes it."""

from __future__ import annotations

import datetime as dt

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from programs.errors import OverCeiling
from programs.lifecycle import STATE_SOURCES
from programs.models import Ceiling, Commitment, CommitmentKind, Project, Tranche
from vietnam.money import format_vnd


def demand(projects: list[Project]) -> dict[str, int]:
    """State money these projects ask for, VND by source."""
    return {source: sum(project.amounts()[source] for project in projects) for source in STATE_SOURCES}


def commit(projects: list[Project], tranche: Tranche, at: dt.datetime) -> None:
    """Hold the money the plan has ceilings for. Raises ``OverCeiling``; nothing is held then."""
    ceilings = {ceiling.source: ceiling for ceiling in Ceiling.objects.filter(plan=tranche.plan)}
    rows = [
        Commitment(
            ceiling=ceilings[source],
            project=project,
            tranche=tranche,
            source=source,
            kind=CommitmentKind.COMMIT,
            amount_vnd=amount,
            at=at,
        )
        for project in projects
        for source, amount in demand([project]).items()
        if amount and source in ceilings
    ]
    try:
        with transaction.atomic():
            Commitment.objects.bulk_create(sorted(rows, key=lambda row: (row.source, row.project_id)))
    except DatabaseError as error:
        if "committed_within_ceiling" in str(error):
            raise OverCeiling(over_ceiling_message(tranche)) from error
        raise


def over_ceiling_message(tranche: Tranche) -> str:
    remaining = "; ".join(
        _("%(source)s: %(amount)s đồng")
        % {"source": ceiling.get_source_display(), "amount": format_vnd(ceiling.remaining_vnd)}
        for ceiling in Ceiling.objects.filter(plan=tranche.plan)
    )
    return _("Tổng kinh phí của đợt vượt trần kế hoạch. Còn lại: %(remaining)s.") % {"remaining": remaining}


def release(project: Project, at: dt.datetime) -> None:
    """Give back what a stopped project held."""
    held = Commitment.objects.filter(project=project, kind=CommitmentKind.COMMIT)
    Commitment.objects.bulk_create(
        Commitment(
            ceiling_id=row.ceiling_id,
            project=project,
            tranche_id=row.tranche_id,
            source=row.source,
            kind=CommitmentKind.RELEASE,
            amount_vnd=row.amount_vnd,
            at=at,
        )
        for row in held
    )
