"""What reviewers and drafters say to one another about a dossier."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from programs.models.project import Project
from programs.querysets import RemarkQuerySet
from programs.reviewterms import Audience, Turn
from vietnam.fields import CleanTextField


class Remark(models.Model):
    """A remark on a field of the dossier, or an answer to one. Append-only, turns included.

    ``anchor`` is the field ("" the whole dossier); an answer has its thread's anchor, audience and office.
    Rows for an office alone are kept from every other by the database too.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="remarks")
    thread = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="answers")
    anchor = models.CharField(_("Mục"), max_length=40, blank=True)
    audience = models.CharField(_("Ai đọc được"), max_length=10, choices=Audience.choices)
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = CleanTextField(_("Nhận xét"), blank=True)
    turn = models.CharField(max_length=10, choices=Turn.choices, blank=True)
    proposes = models.CharField(max_length=30, blank=True)
    """The step an officer asks the leader to take with the dossier as it stands at ``version``."""
    version = models.PositiveIntegerField(null=True, blank=True)
    mentioned = ArrayField(models.BigIntegerField(), default=list)
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = RemarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("nhận xét")
        verbose_name_plural = _("nhận xét")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text="") | ~Q(turn=""), name="remark_says_something"),
            models.CheckConstraint(
                condition=Q(turn="") | Q(thread__isnull=False), name="turns_belong_to_a_thread"
            ),
            models.CheckConstraint(
                condition=Q(proposes="")
                | Q(audience=Audience.OFFICE, thread__isnull=True, version__isnull=False),
                name="proposals_stay_in_the_office",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.anchor}: {self.text[:60]}"
