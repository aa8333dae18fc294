"""What law keepers want to write into the law: without effect until a second person has verified it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.lawterms import Outcome, RuleCode
from programs.querysets import RuleProposalQuerySet
from records.history import tracked
from records.models import StoredFile
from vietnam.fields import CleanCharField, CleanTextField
from vietnam.models import AdminUnit, LegalDocument


@tracked()
class RuleProposal(models.Model):
    """A new version of a rule, or a new legal document.

    ``values`` are the columns of the row it would make, without id and days. ``old_id`` is the version it
    takes the place of from ``valid_from`` on; ``ends``: nothing follows it. Only the database writes the law,
    when ``outcome`` becomes VERIFIED; ``new_id`` is the row it then made. ``province`` is empty for the
    nation's law. ``valid_to`` is the last day, none where no end is known.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("Loại quy định"), max_length=10, choices=RuleCode.choices)
    title = CleanCharField(_("Quy định"), max_length=255)
    province = models.ForeignKey(
        AdminUnit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Tỉnh, thành phố")
    )
    values = models.JSONField(_("Nội dung"), encoder=DjangoJSONEncoder)
    old_id = models.BigIntegerField(_("Thay cho bản"), null=True, blank=True)
    ends = models.BooleanField(_("Bãi bỏ"), default=False)
    valid_from = models.DateField(_("Hiệu lực từ ngày"), null=True, blank=True)
    valid_to = models.DateField(_("Đến hết ngày"), null=True, blank=True)
    reason = CleanTextField(_("Lý do"))
    file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Bản chụp")
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("Người đề xuất")
    )
    proposed_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("Thay mặt"),
    )  # fmt: skip
    proposed_at = models.DateTimeField(_("Đề xuất lúc"), default=timezone.now, editable=False)
    outcome = models.CharField(_("Kết quả"), max_length=10, choices=Outcome.choices, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("Người xử lý"),
    )  # fmt: skip
    decided_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("Thay mặt"),
    )  # fmt: skip
    decided_at = models.DateTimeField(_("Xử lý lúc"), null=True, blank=True)
    decision_note = CleanTextField(_("Ý kiến"), blank=True)
    new_id = models.BigIntegerField(_("Bản đã lập"), null=True, blank=True)

    objects = RuleProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("đề xuất sửa quy định")
        verbose_name_plural = _("đề xuất sửa quy định")
        ordering = ["-id"]
        indexes = [models.Index(fields=["kind", "old_id"], name="programs_proposal_old")]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="") | (Q(decided_by__isnull=False) & Q(decided_at__isnull=False)),
                name="proposal_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.VERIFIED)
                | (
                    ~Q(decided_by=F("proposed_by"))
                    & (Q(proposed_for__isnull=True) | ~Q(decided_by=F("proposed_for")))
                    & (Q(decided_for__isnull=True) | ~Q(decided_for=F("proposed_by")))
                    & (
                        Q(decided_for__isnull=True)
                        | Q(proposed_for__isnull=True)
                        | ~Q(decided_for=F("proposed_for"))
                    )
                ),
                name="proposal_verified_by_another",
            ),
            models.CheckConstraint(
                condition=Q(kind=RuleCode.DOCUMENT) | Q(valid_from__isnull=False),
                name="proposal_names_its_day",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="proposal_says_why"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return not self.outcome

    @property
    def proposers(self) -> set[int]:
        """The person and, where the post was lent, its holder: neither may verify."""
        return {pk for pk in (self.proposed_by_id, self.proposed_for_id) if pk is not None}


@tracked()
class DocumentFile(models.Model):
    """A scan or text of a legal document. Public like the document itself."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    document = models.ForeignKey(LegalDocument, models.CASCADE, related_name="files")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = CleanCharField(_("Tên tệp"), max_length=150)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("tệp của văn bản")
        verbose_name_plural = _("tệp của văn bản")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["document", "file"], name="one_file_once_a_document"),
        ]

    def __str__(self) -> str:
        return self.name
