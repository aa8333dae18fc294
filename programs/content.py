"""A project's dossier as plain data: what a step keeps, what a comparison compares."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.db.models import prefetch_related_objects

from programs.claiming import Claimed
from programs.dossierterms import TEXT_SECTIONS
from programs.models import Project
from programs.reading import Reading, read

PLAIN_FIELDS = (
    "title",
    "kind",
    "implementer_name",
    "partner_name",
    "place_text",
    "new_rural",
    "priority_areas",
    "counterpart_committed",
    "no_other_state_money",
    *(name for name, _number, _label in TEXT_SECTIONS),
)


def contents_of(
    projects: Sequence[Project], readings: Sequence[Reading] | None = None
) -> list[dict[str, Any]]:
    """The contents of many dossiers, in the same order; a fixed number of queries."""
    prefetch_related_objects(list(projects), "activity", "sector", "commune")
    return [_content(*pair) for pair in zip(projects, readings or read(projects), strict=True)]


def _content(project: Project, reading: Reading) -> dict[str, Any]:
    """JSON-ready copy of the dossier; money in đồng, dates ISO, personal numbers only masked."""
    data: dict[str, Any] = {name: getattr(project, name) for name in PLAIN_FIELDS}
    data["activity"] = project.activity.code if project.activity else None
    data["sector"] = project.sector.code if project.sector else None
    data["commune"] = project.commune.name if project.commune else None
    data["starts_on"] = _iso(project.starts_on)
    data["ends_on"] = _iso(project.ends_on)
    data["amounts_vnd"] = {str(source): amount for source, amount in project.amounts().items()}
    data["total_vnd"] = project.total_vnd
    data["beneficiaries"] = [
        {"name": named.name, "tax_code": named.shown_tax_code} for named in reading.beneficiaries
    ]
    data["lines"] = [
        {
            "description": line.description,
            "total_vnd": line.total_vnd,
            "supported": line.supported,
            "amounts_vnd": line.amounts,
        }
        for line in reading.lines
    ]
    data["schedule"] = [
        {
            "content": work.content,
            "doer": work.doer,
            "starts_on": _iso(work.starts_on),
            "ends_on": _iso(work.ends_on),
        }
        for work in reading.schedule
    ]
    data["results"] = [asdict(result) for result in reading.results]
    data["claims"] = [_claim(claim) for claim in reading.claims]
    data["attachments"] = [
        {"name": paper.name, "paper": paper.paper_code, "sha256": paper.sha256} for paper in reading.papers
    ]
    return data


def _claim(claim: Claimed) -> dict[str, Any]:
    """What the dossier says of a ground of priority; what reviewers find of it is no part of the dossier."""
    return {
        "predicate": claim.predicate,
        "name": claim.name,
        "statement": claim.statement,
        "document_number": claim.document_number,
        "document_date": _iso(claim.document_date),
        "document_issuer": claim.document_issuer,
        "file": claim.file_name,
        "sha256": claim.sha256,
    }


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
