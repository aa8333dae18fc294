"""Legal documents, and the days off that are stored with the law, from ``data/``."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any, Final

from django.db import transaction

from ..models import Confidence, DocumentRelation, LegalDocument, RelationKind, days_of_year
from ..periods import period
from .files import DATA, day, rows

_RELATIONS: Final = tuple(RelationKind.values)


def read_documents() -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads((DATA / "legal_documents.json").read_text(encoding="utf-8"))
    return entries


def _values(entry: dict[str, Any]) -> dict[str, Any]:
    lower, upper = day(entry["in_force_from"]), day(entry["no_longer_from"])
    return {
        "title": entry["title"],
        "kind": entry["kind"],
        "issued_on": day(entry["issued_on"]),
        "valid": period(lower, upper) if lower or upper else None,
        "confidence": entry["confidence"],
        "note": entry.get("note", ""),
    }


@transaction.atomic
def load_documents() -> tuple[int, int]:
    """Loads the documents; returns how many are new and how many changed.

    A document that somebody has verified since (or that was entered by hand) is left as it is.
    """
    known = {
        (doc.number, doc.issuer): doc for doc in LegalDocument.objects.select_related("replaced_by").all()
    }
    created = changed = 0
    by_number: dict[str, LegalDocument] = {}
    entries = read_documents()
    for entry in entries:
        values = _values(entry)
        document = known.get((entry["number"], entry["issuer"]))
        if document is None:
            document = LegalDocument.objects.create(number=entry["number"], issuer=entry["issuer"], **values)
            created += 1
        elif not (document.is_verified and values["confidence"] != Confidence.SEEN):
            if _ended_by_hand(document, entries):
                del values["valid"]
            changed += _update(document, values)
        by_number[entry["number"]] = document
    _load_relations(entries, by_number)
    return created, changed


def _ended_by_hand(document: LegalDocument, entries: list[dict[str, Any]]) -> bool:
    """Whether a document that the files do not know has taken its place."""
    newer = document.replaced_by
    return newer is not None and (newer.number, newer.issuer) not in {
        (entry["number"], entry["issuer"]) for entry in entries
    }


def _update(document: LegalDocument, values: dict[str, Any]) -> bool:
    differing = [name for name, value in values.items() if getattr(document, name) != value]
    for name in differing:
        setattr(document, name, values[name])
    if differing:
        document.save()
    return bool(differing)


def _load_relations(entries: list[dict[str, Any]], by_number: dict[str, LegalDocument]) -> None:
    relations = []
    for entry in entries:
        document = by_number[entry["number"]]
        for kind in _RELATIONS:
            for number in entry.get(kind, ()):
                relations.append(DocumentRelation(document=document, kind=kind, target=by_number[number]))
                if kind == RelationKind.REPLACES and by_number[number].replaced_by_id is None:
                    by_number[number].replaced_by = document
                    by_number[number].save(update_fields=["replaced_by"])
    DocumentRelation.objects.bulk_create(relations, ignore_conflicts=True)


def read_calendar() -> Iterator[dict[str, Any]]:
    """Days off and make-up days of ``data/`` as columns of ``CalendarDay``."""
    for row in rows("calendar_days.csv"):
        date = dt.date.fromisoformat(row["date"])
        yield {
            "date": date,
            "kind": row["kind"],
            "name": row["name"],
            "valid": days_of_year(date.year),
            "clause": row["source"],
            "confidence": row["confidence"],
        }
