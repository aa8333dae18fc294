"""Vocabulary for people and offices: chainable, no request, no I/O of their own."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.roles import DESK_ROLES, Role

if TYPE_CHECKING:
    from accounts.models import ApiToken, Delegation, Membership, Organisation, SavedView, User


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def on(self, day: dt.date) -> Self:
        """Offices that existed on ``day``; reorganised ones keep their own dates."""
        return self.filter(valid__contains=day)

    def visible_to(self, user: User) -> Self:
        """Offices for which one acts today, by a post or a lent one; the administrator runs them all."""
        today = timezone.localdate()
        held = apps.get_model("accounts", "Membership")._default_manager.filter(
            user=user, valid__contains=today
        )
        if held.filter(role=Role.ADMIN).exists():
            return self
        lent = apps.get_model("accounts", "Delegation")._default_manager.on(today).filter(delegate=user)
        own, borrowed = held.values("organisation"), lent.values("membership__organisation")
        return self.filter(Q(pk__in=own) | Q(pk__in=borrowed))


class MembershipQuerySet(models.QuerySet["Membership"]):
    def on(self, day: dt.date) -> Self:
        """Posts held that day by somebody still here, in an office that existed."""
        return self.filter(valid__contains=day, user__is_active=True, organisation__valid__contains=day)

    def lasting(self, day: dt.date) -> Self:
        """Posts held that day or later, in offices that have not ended by then."""
        after = Q(valid__endswith__isnull=True) | Q(valid__endswith__gt=day)
        office = Q(organisation__valid__endswith__isnull=True) | Q(organisation__valid__endswith__gt=day)
        return self.filter(after & office)


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def on(self, day: dt.date) -> Self:
        """Authority lent that day; it ends with the post it was lent from, and when its borrower leaves the
        office."""
        posts = apps.get_model("accounts", "Membership")._default_manager.exclude(role__in=DESK_ROLES)
        here = posts.filter(user=OuterRef("delegate"), organisation=OuterRef("membership__organisation"))
        return self.filter(
            Exists(here.filter(valid__contains=day)),
            valid__contains=day,
            membership__valid__contains=day,
            membership__user__is_active=True,
            membership__organisation__valid__contains=day,
        )

    def lasting(self, day: dt.date) -> Self:
        """Lent that day or for later."""
        return self.filter(Q(valid__endswith__isnull=True) | Q(valid__endswith__gt=day))


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
