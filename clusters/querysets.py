"""Vocabulary for industrial clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from accounts.scope import scope_of
from vietnam.text import fold

if TYPE_CHECKING:
    from accounts.models import User
    from clusters.models import Cluster


class ClusterQuerySet(models.QuerySet["Cluster"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(province__in=scope_of(user).province_ids)

    def matching(self, text: str) -> Self:
        found = self
        for word in fold(text).split():
            found = found.filter(name_folded__contains=word)
        return found

    def for_list(self) -> Self:
        """What a row of the register shows, in one query."""
        return self.select_related("province", "commune")
