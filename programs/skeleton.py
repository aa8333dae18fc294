"""The usual skeleton of an activity's dossier: laid under what is still empty, never over what was typed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q, Subquery

from programs.dossierterms import TEXT_SECTIONS
from programs.draft_values import DraftValues, LineValues, ResultValues, ScheduleValues
from programs.models import ActivityKind, DossierTemplate, Project
from programs.reading import Reading

BLANK = "[…]"
"""Stands in a prompt where something is to be written; a text that still has one is not written yet."""


@dataclass(frozen=True, slots=True)
class Skeleton:
    """What usually stands in a dossier: prompts by text section, costs, works, (indicator, unit)."""

    texts: dict[str, str]
    lines: list[str]
    schedule: list[str]
    results: list[tuple[str, str]]


def is_written(text: str) -> bool:
    return bool(text.strip()) and BLANK not in text


def skeleton_for(project: Project) -> Skeleton:
    """By the templates of the plan year for the activity, those above it and every activity: the nearest
    that says something goes first. One query."""
    new_year = dt.date(project.year, 1, 1)
    code = project.activity.code if project.activity else ""
    above = project.activity.parent_code if project.activity else ""
    top = ActivityKind.objects.filter(code=above, valid__contains=new_year).values("parent_code")
    rows = DossierTemplate.objects.filter(
        Q(activity_code__in={code, above, ""}) | Q(activity_code__in=Subquery(top)), valid__contains=new_year
    )
    return merged(rows, [code, above])


def merged(rows: Iterable[DossierTemplate], near: Sequence[str]) -> Skeleton:
    """What these templates say together; ``near``: the activity's code and the one above it, heard first."""
    nearest = sorted(rows, key=lambda row: (row.activity_code == "", *(row.activity_code != c for c in near)))
    texts: dict[str, str] = {}
    for row in reversed(nearest):
        texts |= row.texts

    def first(name: str) -> list[Any]:
        return next((value for row in nearest if (value := getattr(row, name))), [])

    return Skeleton(
        texts, first("lines"), first("schedule"), [(name, unit) for name, unit in first("results")]
    )


def is_bare(section: str, project: Project, reading: Reading) -> bool:
    """Nothing of what a skeleton could give stands in this section of the form yet."""
    match section:
        case "noi-dung":
            return not any(getattr(project, name) for name, _number, _label in TEXT_SECTIONS)
        case "kinh-phi":
            return not reading.lines
        case "tien-do":
            return not (reading.schedule or reading.results)
    return False


def laid_under(values: DraftValues, skeleton: Skeleton) -> DraftValues:
    """The values of a section with the skeleton where they are empty."""
    empty = (name for name, text in skeleton.texts.items() if values.fields.get(name) == "")
    texts = {name: skeleton.texts[name] for name in empty}
    found = replace(values, fields=values.fields | texts)
    if values.lines == []:
        found.lines = [LineValues(line, 0, {}) for line in skeleton.lines]
    if values.schedule == []:
        found.schedule = [ScheduleValues(work) for work in skeleton.schedule]
    if values.results == []:
        found.results = [ResultValues(name, "", unit) for name, unit in skeleton.results]
    return found
