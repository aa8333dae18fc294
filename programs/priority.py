"""Projects in the order in which money is given, each with the grounds of its place."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Max

from programs.models import Project, ProjectBeneficiary
from programs.querysets import ProjectQuerySet
from programs.ranking import Ground, RankFacts, grounds, rank_key


@dataclass(frozen=True, slots=True)
class Ranked:
    project: Project
    place: int
    grounds: list[Ground]

    @property
    def why(self) -> str:
        """The satisfied grounds in one line."""
        return " · ".join(str(ground.label) for ground in self.grounds if ground.satisfied)


def rank_facts(project: Project, workers: int | None = None) -> RankFacts:
    """What the dossier itself shows; claims that need evidence of their own are not guessed."""
    return RankFacts(
        code=project.code,
        kind=project.kind,
        area=project.priority_areas,
        new_rural=project.new_rural,
        sector=project.sector.code if project.sector else None,
        activity=project.activity.code if project.activity else None,
        workers=workers,
    )


def _workers(projects: list[Project]) -> dict[int, int | None]:
    """The workers of the largest establishment of each project, where its register says; one query."""
    rows = ProjectBeneficiary.objects.filter(project__in=projects).values("project")
    return dict(rows.annotate(most=Max("establishment__employees")).values_list("project", "most"))


def ranked(projects: list[Project]) -> list[Ranked]:
    """Ordered by Nghị định 45/2012/NĐ-CP, Điều 6; the same input gives the same order."""
    return [
        Ranked(project, place, list(grounds(fact)))
        for place, (fact, project) in enumerate(_in_order(projects), start=1)
    ]


def _in_order(projects: list[Project]) -> list[tuple[RankFacts, Project]]:
    workers = _workers(projects)
    facts = ((rank_facts(project, workers.get(project.pk)), project) for project in projects)
    return sorted(facts, key=lambda pair: rank_key(pair[0]))


RANKED_BY = ("code", "kind", "priority_areas", "new_rural", "sector__code", "activity__code")


def ranked_page(projects: ProjectQuerySet, before: int, size: int) -> tuple[list[Ranked], int]:
    """What comes after the first ``before`` when all are ranked (by the few columns that takes), each with
    its place in the whole; and how many there are."""
    order = _in_order(list(projects.select_related("sector", "activity").only(*RANKED_BY)))
    shown = order[before : before + size]
    whole = {row.pk: row for row in projects.filter(pk__in=[row.pk for _fact, row in shown]).for_annex()}
    rows = [
        Ranked(whole[project.pk], place, list(grounds(fact)))
        for place, (fact, project) in enumerate(shown, start=before + 1)
        if project.pk in whole
    ]
    return rows, len(order)
