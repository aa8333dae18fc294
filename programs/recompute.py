"""Deadlines follow what they rest on: windows, clocks, milestones, the calendar of days off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from programs.facts import DUE, Laws, set_due
from programs.lifecycle import BEFORE_DECISION
from programs.models import Project
from programs.querysets import ProjectQuerySet
from records.context import whole_country
from records.models import OutboxMessage

AT_ONCE = 500


def deadlines_changed(message: OutboxMessage) -> None:
    """Outbox handler of ``deadlines.changed``: payload ``{purse, year}``, or nothing for all."""
    recompute(_meant(message.payload))


def _meant(payload: Mapping[str, Any]) -> ProjectQuerySet:
    narrowed = {name: payload[name] for name in ("purse", "year") if name in payload}
    return Project.objects.filter(**narrowed)


def recompute_all() -> int:
    """Every undecided project of the country; how many deadlines moved. Safe to repeat."""
    with whole_country():
        return recompute(Project.objects.all())


def recompute(projects: ProjectQuerySet) -> int:
    """Put the deadline that follows today from law, windows and calendar onto undecided projects' rows.

    Neither version nor time of the last change moves: nobody did anything to these dossiers; their history
    keeps the old date. Returns how many rows changed.
    """
    laws, changed, last = Laws(), 0, 0
    rows = projects.filter(state__in=BEFORE_DECISION).select_related("province", "owner").order_by("pk")
    while True:
        with transaction.atomic():
            chunk = list(
                rows.filter(pk__gt=last).select_for_update(of=("self",)).prefetch_related("pauses")[:AT_ONCE]
            )
            changed += _follow(chunk, laws)
        if len(chunk) < AT_ONCE:
            return changed
        last = chunk[-1].pk


def _due(project: Project) -> tuple[object, ...]:
    return tuple(getattr(project, name) for name in DUE)


def _follow(chunk: list[Project], laws: Laws) -> int:
    before = {project.pk: _due(project) for project in chunk}
    for project in chunk:
        set_due(project, laws)
    moved = [project for project in chunk if before[project.pk] != _due(project)]
    Project.objects.bulk_update(moved, DUE)
    return len(moved)
