"""What is supported first: the law's dated predicates, what a dossier claims, what was found of it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from programs.lawterms import PriorityGroup
from programs.models.catalogue import DatedRule, no_overlap
from programs.models.project import Attachment, Project
from records.history import tracked
from vietnam.fields import CleanCharField


@tracked()
class PriorityRule(DatedRule):
    """A ground on which a project is supported before others. Nghị định 45/2012/NĐ-CP, Điều 6.

    The portal judges it by itself where it has the data: by the project's sector (``sector_code``), by the
    workers in the register (``workers_from``), by the list of communes for an area. All else, a reviewer
    judges by the evidence. ``position`` is the strict order of the areas; elsewhere it only orders lists.
    """

    code = models.SlugField(_("Mã"), max_length=40)
    name = CleanCharField(_("Diện ưu tiên"), max_length=255)
    group = models.CharField(_("Nhóm"), max_length=10, choices=PriorityGroup.choices)
    position = models.PositiveSmallIntegerField(_("Thứ tự"))
    sector_code = models.CharField(_("Ngành nghề"), max_length=2, blank=True)
    workers_from = models.PositiveIntegerField(
        _("Từ số lao động"), null=True, blank=True, validators=[MinValueValidator(1)]
    )

    class Meta:
        verbose_name = _("diện ưu tiên")
        verbose_name_plural = _("diện ưu tiên")
        ordering = ["position", "code"]
        constraints = [no_overlap("priority_versions_apart", "code")]

    def __str__(self) -> str:
        return self.name


@tracked()
class PriorityClaim(models.Model):
    """A predicate the dossier claims, with what shows it: a document by number, date and issuer, a paper of
    the dossier, or both. Part of the dossier: it closes with it. Nothing counts without evidence."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="claims")
    predicate = models.CharField(_("Diện ưu tiên"), max_length=40)
    statement = CleanCharField(_("Nội dung minh chứng"), max_length=500, blank=True)
    document_number = CleanCharField(_("Số văn bản"), max_length=60, blank=True)
    document_date = models.DateField(_("Ngày văn bản"), null=True, blank=True)
    document_issuer = CleanCharField(_("Nơi ban hành"), max_length=200, blank=True)
    attachment = models.ForeignKey(
        Attachment, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("Tệp kèm theo")
    )

    class Meta:
        verbose_name = _("căn cứ ưu tiên đề nghị")
        verbose_name_plural = _("căn cứ ưu tiên đề nghị")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "predicate"], name="one_claim_a_predicate"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.predicate}"


class ClaimRuling(models.Model):
    """What a reviewer found of a claim, append-only. The last one on the very same evidence (``fingerprint``)
    holds: evidence that has been changed is judged anew."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="rulings")
    version = models.PositiveIntegerField()
    predicate = models.CharField(_("Diện ưu tiên"), max_length=40)
    fingerprint = models.CharField(max_length=64)
    accepted = models.BooleanField(_("Công nhận"))
    reason = CleanCharField(_("Lý do"), max_length=500, blank=True)
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("kết luận về căn cứ ưu tiên")
        verbose_name_plural = _("kết luận về căn cứ ưu tiên")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(accepted=True) | ~Q(reason=""), name="refused_claim_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.predicate}: {self.accepted}"
