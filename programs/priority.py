"""Projects in the order in which money is given, each with the grounds of its place."""

from __future__ import annotations

from dataclasses import dataclass

from programs.models import Project
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


def rank_facts(project: Project) -> RankFacts:
    """What the dossier itself shows; claims that need evidence of their own are not guessed."""
    return RankFacts(
        code=project.code,
        kind=project.kind,
        area=project.priority_areas,
        new_rural=project.new_rural,
        sector=project.sector.code if project.sector else None,
        activity=project.activity.code if project.activity else None,
    )


def ranked(projects: list[Project]) -> list[Ranked]:
    """Ordered by Nghị định 45/2012/NĐ-CP, Điều 6; the same input gives the same order."""
    facts = sorted(
        ((rank_facts(project), project) for project in projects), key=lambda pair: rank_key(pair[0])
    )
    return [
        Ranked(project, place, list(grounds(fact))) for place, (fact, project) in enumerate(facts, start=1)
    ]
