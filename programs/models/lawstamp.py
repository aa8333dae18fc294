"""One mark that changes with every change of the law, so that a process may keep the books it has read."""

from __future__ import annotations

import uuid

from django.db import models


class LawStamp(models.Model):
    """One row. Triggers on the tables of the law give it a new mark in the transaction that changes them."""

    mark = models.UUIDField(default=uuid.uuid4, editable=False)

    class Meta:
        verbose_name = "dấu của luật"
        verbose_name_plural = "dấu của luật"

    def __str__(self) -> str:
        return str(self.mark)
