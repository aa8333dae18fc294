"""Legal documents: what a rule, a norm or a unit rests on."""

from __future__ import annotations

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..fields import CleanCharField, CleanTextField, FoldedField
from ..querysets import LegalDocumentQuerySet
from .confidence import Confidence


class DocumentKind(models.TextChoices):
    LAW = "LUAT", _("Luật")
    RESOLUTION = "NQ", _("Nghị quyết")
    DECREE = "ND", _("Nghị định")
    DECISION = "QD", _("Quyết định")
    CIRCULAR = "TT", _("Thông tư")
    JOINT_CIRCULAR = "TTLT", _("Thông tư liên tịch")
    DIRECTIVE = "CT", _("Chỉ thị")
    CONSOLIDATED = "VBHN", _("Văn bản hợp nhất")
    PLAN = "KH", _("Kế hoạch")
    LETTER = "CV", _("Công văn")
    REGULATION = "QC", _("Quy chuẩn, tiêu chuẩn")
    TREATY = "DUQT", _("Điều ước quốc tế")


class LegalDocument(models.Model):
    """One document; ``valid`` runs from the day in force to the day after its last.

    Numbers of provincial documents repeat between provinces, so the key is the number with its issuer.
    """

    number = CleanCharField(_("số, ký hiệu"), max_length=80)
    title = CleanTextField(_("trích yếu"))
    folded = FoldedField(source="title")
    kind = models.CharField(_("loại văn bản"), max_length=4, choices=DocumentKind)
    issuer = CleanCharField(_("cơ quan ban hành"), max_length=120)
    issued_on = models.DateField(_("ngày ban hành"), null=True, blank=True)
    # The stubs give a nullable range field no optional type of its own.
    valid = DateRangeField(_("hiệu lực"), null=True, blank=True)  # type: ignore[misc]
    replaced_by = models.ForeignKey(
        "self",
        verbose_name=_("được thay thế bởi"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="replaces",
    )
    confidence = models.CharField(
        _("mức kiểm chứng"), max_length=16, choices=Confidence, default=Confidence.MEMORY
    )
    note = CleanTextField(_("ghi chú"), blank=True)

    objects = LegalDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("văn bản pháp luật")
        verbose_name_plural = _("văn bản pháp luật")
        ordering = ["-issued_on", "number"]
        constraints = [
            models.UniqueConstraint(fields=["number", "issuer"], name="vietnam_legaldocument_number_issuer"),
            models.CheckConstraint(
                condition=models.Q(valid__isnull=True) | models.Q(valid__isempty=False),
                name="vietnam_legaldocument_valid_not_empty",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_verified(self) -> bool:
        return Confidence(self.confidence).is_verified


class RelationKind(models.TextChoices):
    AMENDS = "amends", _("sửa đổi, bổ sung")
    REPLACES = "replaces", _("thay thế")
    GUIDES = "guides", _("quy định chi tiết, hướng dẫn")
    CONSOLIDATES = "consolidates", _("hợp nhất")


class DocumentRelation(models.Model):
    """``document`` does something to ``target``: amends it, replaces it, guides it."""

    document = models.ForeignKey(LegalDocument, on_delete=models.CASCADE, related_name="relations")
    kind = models.CharField(_("quan hệ"), max_length=12, choices=RelationKind)
    target = models.ForeignKey(LegalDocument, on_delete=models.PROTECT, related_name="reverse_relations")

    class Meta:
        verbose_name = _("quan hệ văn bản")
        verbose_name_plural = _("quan hệ văn bản")
        constraints = [
            models.UniqueConstraint(
                fields=["document", "kind", "target"], name="vietnam_documentrelation_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(document=models.F("target")), name="vietnam_documentrelation_not_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.kind} {self.target_id}"
