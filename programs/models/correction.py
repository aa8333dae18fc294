"""Clerical mistakes put right after a dossier was handed in."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.models.project import Project
from vietnam.fields import CleanCharField


class Correctable(models.TextChoices):
    """What may be put right without a new step: names and words, never money, place in law or state."""

    TITLE = "title", _("Tên đề án")
    IMPLEMENTER = "implementer_name", _("Tên đơn vị thực hiện")
    PARTNER = "partner_name", _("Đơn vị phối hợp")
    PLACE = "place_text", _("Địa điểm")


class Correction(models.Model):
    """A đính chính. Append-only: adding the row changes the dossier, by the database's own trigger.

    ``before`` is what stood there; the trigger refuses the row where something else does by now. What the
    steps have kept of the dossier stays as it was decided on.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="corrections")
    field = models.CharField(_("Mục đính chính"), max_length=20, choices=Correctable.choices)
    before = models.TextField(_("Đã ghi"), blank=True)
    after = CleanCharField(_("Nay đính chính là"), max_length=500)
    folded = models.TextField(editable=False)
    """``after`` without marks, for the search."""
    reason = CleanCharField(_("Lý do"), max_length=500)
    document_number = CleanCharField(_("Văn bản đính chính"), max_length=60, blank=True)
    corrected_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("đính chính")
        verbose_name_plural = _("đính chính")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(before=F("after")), name="correction_changes_something"),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(after=""), name="correction_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.field}: {self.after}"
