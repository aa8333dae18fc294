"""Who handles a dossier in an office."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from programs.models.project import Project
from vietnam.fields import CleanCharField


class Holding(models.Model):
    """From ``at`` on this person handles the dossier for this office. Append-only: the last row holds.

    Whoever sees the dossier sees who has it, to know whom to telephone.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="holdings")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = CleanCharField(_("Lý do"), max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("phân công xử lý")
        verbose_name_plural = _("phân công xử lý")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.holder_id}"
