"""What each appraiser finds on each criterion, while a dossier is under review."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from programs.models.project import Project
from programs.querysets import CriterionMarkQuerySet
from programs.reviewterms import CRITERIA, Grade
from records.history import tracked
from vietnam.fields import CleanTextField


@tracked()
class CriterionMark(models.Model):
    """One appraiser's verdict on one criterion. Căn cứ: Thông tư 36/2013/TT-BCT, Điều 9.

    It holds for the dossier as it stands at ``version``: a dossier that comes back is appraised anew.
    Read in the appraiser's office alone until the step that ends the review records it.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="marks")
    version = models.PositiveIntegerField()
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    appraiser = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    criterion = models.CharField(_("Tiêu chí"), max_length=20, choices=CRITERIA)
    grade = models.CharField(_("Đánh giá"), max_length=10, choices=Grade.choices, blank=True)
    note = CleanTextField(_("Nhận xét"), blank=True)
    at = models.DateTimeField(default=timezone.now)

    objects = CriterionMarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("đánh giá tiêu chí")
        verbose_name_plural = _("đánh giá tiêu chí")
        ordering = ["appraiser", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "version", "appraiser", "criterion"], name="one_mark_a_criterion"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.criterion}: {self.grade}"
