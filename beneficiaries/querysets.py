"""Vocabulary for establishments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from accounts.scope import scope_of
from vietnam.models import AdminUnit
from vietnam.text import fold

if TYPE_CHECKING:
    from accounts.models import User
    from beneficiaries.models import Establishment


class EstablishmentQuerySet(models.QuerySet["Establishment"]):
    def visible_to(self, user: User) -> Self:
        """The register of one's own province (all of the country for national roles)."""
        return self.filter(province__in=scope_of(user).province_ids)

    def matching(self, text: str) -> Self:
        """Every word found in the folded name or the place, or an exact tax code."""
        folded = fold(text)
        query = Q()
        for word in folded.split():
            places = AdminUnit.objects.with_word(word, folded).values("pk")
            query &= Q(name_folded__contains=word) | Q(commune__in=places) | Q(province__in=places)
        digits = "".join(character for character in text if character.isdigit())
        if len(digits) >= 8:
            query |= Q(tax_code__startswith=digits)
        return self.filter(query) if folded else self

    def for_list(self) -> Self:
        """What a row of the register shows, in two queries."""
        return self.select_related("province", "commune").prefetch_related("sites__commune")
