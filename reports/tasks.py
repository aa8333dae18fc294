"""Celery's side of this floor: messages carry an id, the rows carry all."""

from __future__ import annotations

from celery import shared_task

from reports import building


@shared_task(name="reports.tasks.build_report")
def build_report(pk: int) -> bool:
    return building.build(pk)


@shared_task(name="reports.tasks.sweep_reports")
def sweep_reports() -> int:
    """Every quarter of a minute: how many reports were put back or rung for."""
    swept = building.sweep()
    return len({*swept.returned, *swept.rung})
