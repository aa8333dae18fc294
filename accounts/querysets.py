"""Vocabulary for people and offices: chainable, no request, no I/O of their own."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils import timezone

if TYPE_CHECKING:
    from accounts.models import ApiToken, Delegation, Membership, Organisation, SavedView, User


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def on(self, day: dt.date) -> Self:
        """Offices that existed on ``day``; reorganised ones keep their own dates."""
        return self.filter(valid__contains=day)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def on(self, day: dt.date) -> Self:
        """Posts held that day by somebody still here, in an office that existed."""
        return self.filter(valid__contains=day, user__is_active=True, organisation__valid__contains=day)


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def on(self, day: dt.date) -> Self:
        """Authority lent that day; it ends with the post it was lent from."""
        return self.filter(
            valid__contains=day,
            membership__valid__contains=day,
            membership__user__is_active=True,
            membership__organisation__valid__contains=day,
        )


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def usable(self, now: dt.datetime) -> Self:
        return self.filter(Q(revoked_at__isnull=True) & Q(expires_at__gt=now))


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, user: User) -> Self:
        """One's own, and what colleagues share with an office in which one holds a post today."""
        posts = apps.get_model("accounts", "Membership")._default_manager
        held = posts.filter(user=user, valid__contains=timezone.localdate()).values("organisation")
        return self.filter(Q(user=user) | Q(office__in=held))

    def of_list(self, key: str) -> Self:
        return self.filter(listing=key)
