"""The number of a printed paper, beside the dossier it is about."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import IssuedNumber, PaperKind
from programs.models.project import Project
from records.history import tracked


@tracked()
class PaperNumber(models.Model):
    """What stands on the paper after "Số:", and its day. The register itself is its office's alone; whoever
    may print the paper reads its number here. ``version``: the dossier's, to which the paper belongs.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="paper_numbers")
    paper = models.CharField(_("Loại văn bản"), max_length=10, choices=PaperKind.choices)
    version = models.PositiveIntegerField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    """Whose sheet it is; empty for papers of the office."""
    entry = models.OneToOneField(IssuedNumber, models.PROTECT, related_name="paper_number")
    sign = models.CharField(_("Số"), max_length=80)
    issued_on = models.DateField(_("Ngày"))
    is_void = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("số của văn bản")
        verbose_name_plural = _("số của văn bản")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "paper", "version", "person"],
                condition=Q(is_void=False),
                name="one_number_a_paper",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return self.sign
