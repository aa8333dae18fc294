"""Vocabulary for reports: chainable, no request, no I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from accounts.models import User
from accounts.scope import scope_of
from records.leases import OPEN

if TYPE_CHECKING:
    from reports.models import Report


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: User) -> Self:
        """A person's own reports, as long as they may still see every row in them.

        A file outlives the post it was made under, so what it may hold is compared with the scope of today.
        """
        scope = scope_of(user)
        whole, readable = list(scope.whole_province_ids), list(scope.province_ids)
        own_work = Q(
            partial_ids__contained_by=readable, office_ids__contained_by=list(scope.own_organisation_ids)
        )
        return self.filter(
            Q(partial_ids__contained_by=whole) | own_work,
            owner=user,
            province__in=readable,
            whole_ids__contained_by=whole,
        )

    def open(self) -> Self:
        return self.filter(status__in=OPEN)
