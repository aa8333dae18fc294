"""Vocabulary for industrial clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from accounts.scope import scope_of
from vietnam.models import AdminUnit
from vietnam.text import fold

if TYPE_CHECKING:
    from accounts.models import User
    from clusters.models import Cluster


class ClusterQuerySet(models.QuerySet["Cluster"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(province__in=scope_of(user).province_ids)

    def matching(self, text: str) -> Self:
        """Every word in the folded name or the place."""
        found, folded = self, fold(text)
        for word in folded.split():
            places = AdminUnit.objects.with_word(word, folded).values("pk")
            found = found.filter(
                Q(name_folded__contains=word) | Q(commune__in=places) | Q(province__in=places)
            )
        return found

    def for_list(self) -> Self:
        """What a row of the register shows, in one query."""
        return self.select_related("province", "commune")
