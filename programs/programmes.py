"""Which programme of several years a year's plan belongs to, as the law is and as it would be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from programs.lawdraft import Draft
from programs.lifecycle import Purse
from programs.models import Programme, Project
from programs.rule_touched import REPLANNED, Retold
from programs.rules import Wish


def programme_of(purse: str, year: int, province_id: int) -> Programme | None:
    """The programme in force on 1 January of the plan year: the nation's, or the province's own for its
    local money; None where none is known."""
    return _among(list(_on(year)), purse, province_id)


def replanned(asked: Wish, projects: Sequence[Project]) -> Iterator[Retold]:
    """The projects whose plan year would belong to another programme, or to one of another name."""
    years = {project.year: list(_on(project.year)) for project in projects}
    for project in projects:
        rows = years[project.year]
        now = _told(_among(rows, project.purse, project.province_id))
        would_be = _as_would_be(asked.draft, rows, project.year)
        then = _told(_among(would_be, project.purse, project.province_id))
        if now != then:
            lines = [(old, words) for old, words in ((True, now), (False, then)) if words]
            yield Retold(project, REPLANNED, lines)


def _on(year: int) -> Iterator[Programme]:
    rows = Programme.objects.filter(valid__contains=dt.date(year, 1, 1))
    yield from rows.select_related("source_document")


def _as_would_be(draft: Draft, rows: list[Programme], year: int) -> list[Programme]:
    return draft.among(rows, dt.date(year, 1, 1), lambda row: True)


def _among(rows: Sequence[Programme], purse: str, province_id: int) -> Programme | None:
    home = None if purse == Purse.KCQG else province_id
    return next((row for row in rows if row.purse == purse and row.province_id == home), None)


def _told(programme: Programme | None) -> str:
    return programme.name if programme else ""
