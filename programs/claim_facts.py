"""From a dossier's claims of priority to what the checks are told of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.utils.translation import gettext as _

from programs.claiming import Claimed, listed_areas, predicates_of
from programs.lawbook import Basis
from programs.models import Project
from programs.ranking import Predicate
from programs.reading import Reading
from programs.verdicts import ClaimFacts

Law = Mapping[tuple[int, str], Predicate]


def claim_facts(
    projects: Sequence[Project], readings: Sequence[Reading]
) -> dict[int, tuple[ClaimFacts, ...]]:
    """The claims of each project, those of its form's area fields included; a query for each plan year in
    which an area is named without a row that brings evidence, and one for the list of communes where any
    area is named."""
    pairs = list(zip(projects, readings, strict=True))
    listed = listed_areas([project for project, reading in pairs if _names_area(project, reading)])
    law = predicates_of(project.year for project, reading in pairs if _unclaimed(project, reading))
    return {
        project.pk: tuple(_claims(project, reading, law, listed.get(project.pk, {})))
        for project, reading in pairs
    }


def _declared(project: Project) -> dict[str, str]:
    """Areas the dossier names as its own: predicate → field."""
    found = {f"area_{project.priority_areas}": "priority_areas"} if project.priority_areas else {}
    return {"area_c": "new_rural", **found} if project.new_rural else found


def _unclaimed(project: Project, reading: Reading) -> dict[str, str]:
    """Declared areas for which no row brings evidence."""
    rows = {claim.predicate for claim in reading.claims}
    return {code: field for code, field in _declared(project).items() if code not in rows}


def _names_area(project: Project, reading: Reading) -> bool:
    return bool(_declared(project)) or any(claim.predicate.startswith("area_") for claim in reading.claims)


def _claims(project: Project, reading: Reading, law: Law, listed: Mapping[str, str]) -> Iterator[ClaimFacts]:
    """``listed``: the areas that the list of communes shows by itself, which count without evidence."""
    for number, claim in enumerate(reading.claims, start=1):
        yield _fact(f"claims-{number}", claim.predicate, claim.law, *_status(project, reading, claim, listed))
    for code, field in _unclaimed(project, reading).items():
        status = ("known", listed[code]) if code in listed else ("unproved", "")
        yield _fact(field, code, law.get((project.year, code)), *status)


def _fact(field: str, code: str, predicate: Predicate | None, status: str, said: str) -> ClaimFacts:
    if predicate is None:
        return ClaimFacts(field, code, "", Basis(), status, rule=f"priority:{code}:0")
    return ClaimFacts(field, code, predicate.name, predicate.basis, status, said, predicate.rule)


def _status(project: Project, reading: Reading, claim: Claimed, listed: Mapping[str, str]) -> tuple[str, str]:
    predicate = claim.law
    if claim.predicate in listed:
        return "known", listed[claim.predicate]
    sector = project.sector.code if project.sector else None
    if predicate is not None and predicate.sector_code and predicate.sector_code == sector:
        return "known", _("ngành nghề %(sector)s) trong hồ sơ") % {"sector": sector}
    if predicate is not None and predicate.workers_from is not None and reading.workers is not None:
        return "known", _("danh bạ ghi %(workers)d lao động") % {"workers": reading.workers}
    if not claim.proved:
        return "unproved", ""
    if claim.ruling is None:
        return "waiting", ""
    return ("accepted", claim.shown) if claim.ruling.accepted else ("refused", claim.why_not)
