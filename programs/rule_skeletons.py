"""Whose empty parts are offered another skeleton once a template changes."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from programs.dossierterms import TEXT_SECTIONS
from programs.lawdraft import Draft
from programs.models import ActivityKind, DossierTemplate, Project
from programs.reading import read
from programs.rule_touched import REDRAFTED, Retold
from programs.rules import Wish
from programs.skeleton import Skeleton, is_bare, merged

Line = tuple[bool, str]


class Templates:
    """The templates and the tree of activities of the plan years asked about, read once each."""

    def __init__(self) -> None:
        self._rows: dict[int, list[DossierTemplate]] = {}
        self._above: dict[int, dict[str, str]] = defaultdict(dict)

    def skeleton(self, project: Project, draft: Draft | None = None) -> Skeleton:
        """What the project is offered, as the law is or as it would be."""
        new_year = dt.date(project.year, 1, 1)
        if project.year not in self._rows:
            self._rows[project.year] = list(DossierTemplate.objects.filter(valid__contains=new_year))
            kinds = ActivityKind.objects.filter(valid__contains=new_year)
            self._above[project.year] = dict(kinds.values_list("code", "parent_code"))
        above = self._above[project.year]
        code = project.activity.code if project.activity else ""
        near = [code, project.activity.parent_code if project.activity else ""]
        lineage = {*near, above.get(near[1], ""), ""}
        rows = self._rows[project.year]
        if draft is not None:
            rows = draft.among(rows, new_year, lambda row: True)
        return merged([row for row in rows if row.activity_code in lineage], near)


def redrafted(asked: Wish, projects: Sequence[Project]) -> Iterator[Retold]:
    """The projects whose parts that are still empty would be offered something else."""
    templates = Templates()
    for project, reading in zip(projects, read(projects), strict=True):
        now, then = templates.skeleton(project), templates.skeleton(project, asked.draft)
        lines = [
            line
            for section, said in _SECTIONS.items()
            if is_bare(section, project, reading)
            for line in _differing(said(now), said(then))
        ]
        if lines:
            yield Retold(project, REDRAFTED, lines)


def _differing(now: dict[str, str], then: dict[str, str]) -> Iterator[Line]:
    for label in {**now, **then}:
        for old, words in ((True, now.get(label, "")), (False, then.get(label, ""))):
            if words and now.get(label) != then.get(label):
                yield old, f"{label}: {words}"


def _texts(skeleton: Skeleton) -> dict[str, str]:
    return {
        f"{number}. {label}": skeleton.texts[name]
        for name, number, label in TEXT_SECTIONS
        if name in skeleton.texts
    }


def _lines(skeleton: Skeleton) -> dict[str, str]:
    return {_("Dòng dự toán"): "; ".join(skeleton.lines)}


def _works(skeleton: Skeleton) -> dict[str, str]:
    results = "; ".join(f"{name} ({unit})" if unit else name for name, unit in skeleton.results)
    return {_("Công việc"): "; ".join(skeleton.schedule), _("Chỉ tiêu"): results}


_SECTIONS = {"noi-dung": _texts, "kinh-phi": _lines, "tien-do": _works}
