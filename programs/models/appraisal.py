"""Who appraises together, and what each finds on each criterion, while a dossier is under review."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
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


@tracked()
class Council(models.Model):
    """Several people of one office who appraise a dossier as it stands at ``version``.

    Căn cứ: Thông tư 36/2013/TT-BCT, Điều 8, which lets the head of the office form one; who sits in it, its
    quorum and its sealed sheets are the portal's proposal. Until ``closed_at`` each sheet is read by its
    appraiser alone: the database's wall says so too.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="councils")
    version = models.PositiveIntegerField()
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    chair = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    secretary = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    member_ids = ArrayField(models.BigIntegerField(), default=list)
    """Users who sit besides these two."""
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    named_at = models.DateTimeField(default=timezone.now)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    conclusion = CleanTextField(_("Kết luận"), blank=True)

    class Meta:
        verbose_name = _("hội đồng thẩm định")
        verbose_name_plural = _("hội đồng thẩm định")
        constraints = [
            models.UniqueConstraint(fields=["project", "version"], name="one_council_a_version"),
            models.CheckConstraint(condition=~Q(chair=F("secretary")), name="council_chair_no_secretary"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True, conclusion="")
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(conclusion="")),
                name="council_closed_with_conclusion",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.version}"

    @property
    def people_ids(self) -> list[int]:
        """Chair, secretary, members: the order in which papers name them."""
        return [self.chair_id, self.secretary_id, *self.member_ids]

    @property
    def is_open(self) -> bool:
        return self.closed_at is None
