"""Projects in the order in which money is given, each with the grounds of its place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Max

from programs.claiming import Claimed, listed_areas, predicates_on, read_claims
from programs.models import Project, ProjectBeneficiary, Transition
from programs.querysets import ProjectQuerySet
from programs.ranking import Ground, Predicate, RankFacts, ahead, grounds, rank_key
from programs.reading import Reading


@dataclass(frozen=True)
class Ranked:
    """A project's place; ``facts`` and ``law`` give it again, ``next_one`` is whoever comes after it."""

    project: Project
    place: int
    facts: RankFacts
    law: Sequence[Predicate]
    next_one: RankFacts | None = None

    @cached_property
    def grounds(self) -> list[Ground]:
        return grounds(self.facts, self.law)

    @property
    def why(self) -> str:
        """The satisfied grounds in one line."""
        return " · ".join(ground.label for ground in self.grounds if ground.satisfied)

    @property
    def ahead(self) -> str:
        """Why it stands before the next one; "" for the last."""
        return ahead(self.facts, self.next_one, self.law) if self.next_one else ""

    def to_json(self) -> dict[str, Any]:
        """As a decision keeps it: the facts, the law as its versions then read, and what followed."""
        return {
            "place": self.place,
            "law_on": dt.date(self.project.year, 1, 1).isoformat(),
            "rules": [predicate.to_json() for predicate in self.law],
            "facts": self.facts.to_json(),
            "key": list(rank_key(self.facts, self.law)),
            "grounds": [
                {"predicate": each.predicate, "label": each.label, "evidence": each.evidence,
                 "source": each.source}
                for each in self.grounds if each.satisfied
            ],
            "ahead": self.ahead,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """A place as the decision kept it; its grounds are those that were met."""

    place: int
    why: str
    ahead: str
    grounds: tuple[Ground, ...]

    @staticmethod
    def from_json(data: dict[str, Any]) -> Kept:
        met = tuple(Ground(satisfied=True, **ground) for ground in data["grounds"])
        return Kept(data["place"], " · ".join(ground.label for ground in met), data["ahead"], met)


def kept_places(projects: Sequence[Project]) -> dict[int, Kept]:
    """The places of approved projects by id, as their decisions kept them; one query."""
    steps = Transition.objects.filter(project__in=projects, action="approve", data__has_key="rank")
    return {pk: Kept.from_json(data["rank"]) for pk, data in steps.values_list("project", "data")}


def replay(kept: dict[str, Any]) -> list[Any]:
    """The sort key of a place as a decision kept it, worked out again from what it kept alone: a version of
    the law that has been corrected in place since does not move a decided place."""
    return list(rank_key(RankFacts(**kept["facts"]), [Predicate.from_json(row) for row in kept["rules"]]))


def rank_facts(projects: Sequence[Project], readings: Sequence[Reading] | None = None) -> list[RankFacts]:
    """What dossiers, registers and reviewers show of these projects, in the same order; claims that nobody
    has accepted count for nothing. ``readings`` are given by those who have them already."""
    areas = listed_areas(projects)
    if readings is None:
        workers, claims = _workers(projects), read_claims([project.pk for project in projects])
    else:
        pairs = list(zip(projects, readings, strict=True))
        workers = {project.pk: reading.workers for project, reading in pairs}
        claims = {project.pk: reading.claims for project, reading in pairs}
    return [
        _facts(project, workers.get(project.pk), areas.get(project.pk, {}), claims.get(project.pk, []))
        for project in projects
    ]


def _facts(project: Project, workers: int | None, areas: dict[str, str], claims: list[Claimed]) -> RankFacts:
    accepted = {each.predicate: each.shown for each in claims if each.counts}
    return RankFacts(
        code=project.code,
        kind=project.kind,
        sector=project.sector.code if project.sector else None,
        activity=project.activity.code if project.activity else None,
        workers=workers,
        evidence=accepted | areas,
        refused={each.predicate: each.why_not for each in claims if not each.counts},
    )


def _workers(projects: Sequence[Project]) -> dict[int, int | None]:
    """The workers of the largest establishment of each project, where its register says; one query."""
    rows = ProjectBeneficiary.objects.filter(project__in=projects).values("project")
    return dict(rows.annotate(most=Max("establishment__employees")).values_list("project", "most"))


def ranked(projects: Sequence[Project], readings: Sequence[Reading] | None = None) -> list[Ranked]:
    """Ordered by Nghị định 45/2012/NĐ-CP, Điều 6; the same input gives the same order."""
    order, law = _in_order(projects, readings)
    return [_row(order, place, law) for place in range(1, len(order) + 1)]


def reasons_of(projects: Sequence[Project]) -> list[tuple[str, ...]]:
    """The names of the satisfied grounds of each project under the law of its own plan year, in the same
    order."""
    laws = {year: predicates_on(dt.date(year, 1, 1)) for year in {project.year for project in projects}}
    return [
        tuple(each.label for each in grounds(facts, laws[project.year]) if each.satisfied)
        for project, facts in zip(projects, rank_facts(projects), strict=True)
    ]


Order = list[tuple[RankFacts, Project]]


def _row(order: Order, place: int, law: Sequence[Predicate], project: Project | None = None) -> Ranked:
    facts, mine = order[place - 1]
    return Ranked(project or mine, place, facts, law, order[place][0] if place < len(order) else None)


def _in_order(
    projects: Sequence[Project], readings: Sequence[Reading] | None = None
) -> tuple[Order, Sequence[Predicate]]:
    """By the law of the first plan year among them: those of one tranche have the same."""
    law = predicates_on(dt.date(min(project.year for project in projects), 1, 1)) if projects else ()
    pairs = zip(rank_facts(projects, readings) if projects else [], projects, strict=True)
    return sorted(pairs, key=lambda pair: rank_key(pair[0], law)), law


RANKED_BY = ("code", "kind", "year", "commune_id", "sector__code", "activity__code")


def ranked_page(projects: ProjectQuerySet, before: int, size: int) -> tuple[list[Ranked], int]:
    """What comes after the first ``before`` when all are ranked (by the few columns that takes), each with
    its place in the whole; and how many there are."""
    order, law = _in_order(list(projects.select_related("sector", "activity").only(*RANKED_BY)))
    shown = order[before : before + size]
    whole = {row.pk: row for row in projects.filter(pk__in=[row.pk for _fact, row in shown]).for_annex()}
    rows = [
        _row(order, place, law, whole[project.pk])
        for place, (_fact, project) in enumerate(shown, start=before + 1)
        if project.pk in whole
    ]
    return rows, len(order)
