"""Questions to the country's tables."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q, Value
from django.utils import timezone

if TYPE_CHECKING:
    from .models import AdminUnit, LegalDocument  # noqa: F401


class LegalDocumentQuerySet(models.QuerySet["LegalDocument"]):
    def on(self, day: dt.date) -> LegalDocumentQuerySet:
        """Documents in force on ``day``."""
        return self.filter(valid__contains=day)


class AdminUnitQuerySet(models.QuerySet["AdminUnit"]):
    def on(self, day: dt.date | None = None) -> AdminUnitQuerySet:
        """Units that exist on ``day`` (default today)."""
        return self.filter(valid__contains=day or timezone.localdate())

    def provinces(self) -> AdminUnitQuerySet:
        return self.filter(level="province")

    def districts(self) -> AdminUnitQuerySet:
        return self.filter(level="district")

    def communes(self) -> AdminUnitQuerySet:
        return self.filter(level="commune")

    def with_word(self, word: str, text: str) -> AdminUnitQuerySet:
        """Units one word of the folded ``text`` may speak of, as a place somebody adds to a search.

        A commune or district by a part of its name, a province only where its whole name stands in the
        text: inside a province every row would else answer to each syllable of its name.
        """
        whole = Q(level="province", asked__contains=F("folded_bare"))
        part = Q(level__in=["commune", "district"]) | whole
        above = Q(level="commune", parent__level="district", parent__folded_bare__contains=word)
        return self.annotate(asked=Value(text)).filter(Q(part, folded_bare__contains=word) | above)

    def search(self, text: str, on: dt.date | None = None, level: str = "", limit: int = 20) -> list[Any]:
        """Units a person may mean by ``text``: accented exact, exact, prefix, then similar names."""
        from .search import search_units

        return search_units(self, text, on, level, limit)
