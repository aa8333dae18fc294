"""Questions to the country's tables."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import models
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

    def search(self, text: str, on: dt.date | None = None, level: str = "", limit: int = 20) -> list[Any]:
        """Units a person may mean by ``text``: accented exact, exact, prefix, then similar names."""
        from .search import search_units

        return search_units(self, text, on, level, limit)
