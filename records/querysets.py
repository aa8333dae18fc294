"""Vocabulary for what people are told: chainable, no request, no I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models

if TYPE_CHECKING:
    from records.models import InboxItem


class InboxQuerySet(models.QuerySet["InboxItem"]):
    def visible_to(self, user: AbstractBaseUser) -> Self:
        """A message is its receiver's alone."""
        return self.filter(user_id=user.pk)

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)

    def unread_to_99(self) -> int:
        """How many are unread, 100 standing for more: the bell says "99+" then."""
        return self.unread()[:100].count()

    def not_opened(self) -> Self:
        """Unread, or written as read already because the bell is off for them (``InboxItem.was_opened``)."""
        return self.filter(models.Q(read_at__isnull=True) | models.Q(read_at__lte=models.F("created_at")))
