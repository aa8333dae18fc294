"""Records of split units: found again in the part an office has named, else told apart as not yet known.

Any model with ``province`` and ``commune`` may be asked about.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from records.models import Placement
from vietnam.models import split_units

Row = TypeVar("Row", bound=models.Model)


def placements_of(model: type[models.Model]) -> QuerySet[Placement]:
    """The placements of a query's own rows, to be used inside that query."""
    return Placement.objects.filter(kind=model._meta.label_lower, object_id=OuterRef("pk"))


def in_units(model: type[models.Model], ids: Iterable[int]) -> Q:
    """Rows whose commune is one of these (see ``whole_family``), or that were placed in one of them."""
    found = list(ids)
    return Q(commune__in=found) | Q(Exists(placements_of(model).filter(unit__in=found)))


def unplaced(rows: QuerySet[Row]) -> QuerySet[Row]:
    """Those of the rows that lie in a split commune and nobody has placed yet."""
    split = split_units()
    placed = placements_of(rows.model).filter(old=OuterRef("commune")).exclude(unit__in=split)
    return rows.filter(~Exists(placed), commune__in=split)


def placement_of(thing: Any) -> Placement | None:
    """Where an office found the record to lie now, if its commune was split."""
    mine = Placement.objects.filter(kind=thing._meta.label_lower, object_id=thing.pk, old=thing.commune_id)
    return mine.select_related("unit__parent", "placed_by").first()
