"""What happened to a project: its steps, the people who took part, the money held for it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import LentAs
from programs.lifecycle import Duty, Purse, Source, State
from programs.models.plan import Ceiling, Tranche
from programs.models.project import Project
from programs.querysets import CheckOverrideQuerySet
from records.models import StoredFile
from vietnam.fields import CleanCharField, CleanTextField, VndField, vnd_check


class Transition(models.Model):
    """One step of one project, append-only.

    ``effective_on`` is the date on the paper, ``recorded_at`` when it was entered.
    ``content`` is the dossier as it stood, ``verdicts`` every check with inputs and rule version,
    so that the same decision can be replayed.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="transitions")
    version = models.PositiveIntegerField()
    action = models.CharField(max_length=30)
    source = models.CharField(max_length=20, choices=State.choices)
    target = models.CharField(max_length=20, choices=State.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    lent_as = models.CharField(_("Hình thức ký"), max_length=3, choices=LentAs.choices, blank=True)
    note = CleanTextField(blank=True)
    data = models.JSONField(default=dict)
    paper_number = CleanCharField(_("Số văn bản"), max_length=60, blank=True)
    paper_signer = CleanCharField(_("Người ký"), max_length=150, blank=True)
    paper_file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    effective_on = models.DateField(_("Ngày văn bản"))
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    content = models.JSONField(default=dict)
    verdicts = models.JSONField(default=list)

    class Meta:
        verbose_name = _("bước xử lý")
        verbose_name_plural = _("bước xử lý")
        ordering = ["version"]
        constraints = [
            models.UniqueConstraint(fields=["project", "version"], name="one_step_a_version"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.source} → {self.target}"

    @property
    def acted_by(self) -> str:
        """Who took the step and for whom, where that was lent: "Trần Thị Nhận (ký KT., thay Phạm Văn Ký)"."""
        if self.on_behalf_of is None:
            return str(self.actor)
        words = {"actor": self.actor, "form": self.lent_as, "holder": self.on_behalf_of}
        if self.lent_as:
            return gettext("%(actor)s (ký %(form)s., thay %(holder)s)") % words
        return gettext("%(actor)s (thay %(holder)s)") % words


class Participation(models.Model):
    """What a person has been for a project. One duty a person a project, kept by the database:
    the drafter may not appraise, the appraiser may not approve, whatever posts they hold."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="participations")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    duty = models.CharField(max_length=10, choices=Duty.choices)
    since = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("vai trong đề án")
        verbose_name_plural = _("vai trong đề án")
        constraints = [
            models.UniqueConstraint(fields=["project", "user"], name="one_duty_a_person_a_project"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.duty}"


class CommitmentKind(models.TextChoices):
    COMMIT = "COMMIT", _("Cam kết")
    RELEASE = "RELEASE", _("Giải phóng")


class Commitment(models.Model):
    """Money held against a ceiling, append-only, VND. Entering one moves the ceiling's balance."""

    ceiling = models.ForeignKey(Ceiling, models.PROTECT, related_name="commitments")
    project = models.ForeignKey(Project, models.PROTECT, related_name="commitments")
    tranche = models.ForeignKey(Tranche, models.PROTECT, related_name="commitments")
    source = models.CharField(max_length=5, choices=Source.choices)
    kind = models.CharField(max_length=10, choices=CommitmentKind.choices)
    amount_vnd = VndField()
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("khoản cam kết")
        verbose_name_plural = _("khoản cam kết")
        constraints = [
            models.UniqueConstraint(fields=["project", "source", "kind"], name="committed_once"),
            vnd_check("amount_vnd"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.source} {self.amount_vnd}"


class CheckOverride(models.Model):
    """An authorised exception to one check's objection, with its reason and document. Append-only.

    It holds for the dossier as it stood at ``version``: once opened for changes, that needs a new one; so
    does the same check when it objects to other figures (``fingerprint`` of the verdict). ``state`` tells
    who appraised then: for national money the Sở's exception does not bind the Cục.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="overrides")
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=20)
    code = models.CharField(max_length=40)
    fingerprint = models.CharField(max_length=64)
    reason = CleanTextField(_("Lý do"))
    document_number = CleanCharField(_("Số văn bản cho phép"), max_length=60)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = CheckOverrideQuerySet.as_manager()

    class Meta:
        verbose_name = _("chấp thuận ngoại lệ")
        verbose_name_plural = _("chấp thuận ngoại lệ")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "version", "fingerprint"], name="one_override_an_objection"
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(document_number=""), name="override_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.code}"


class CodeSequence(models.Model):
    """Last number given to a project of one purse, year and province; gaps allowed, never reused."""

    purse = models.CharField(max_length=4, choices=Purse.choices)
    year = models.PositiveSmallIntegerField()
    province_code = models.CharField(max_length=2)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("dãy mã đề án")
        verbose_name_plural = _("dãy mã đề án")
        constraints = [
            models.UniqueConstraint(fields=["purse", "year", "province_code"], name="one_sequence"),
        ]

    def __str__(self) -> str:
        return f"{self.purse}-{self.year}-{self.province_code}: {self.last}"
