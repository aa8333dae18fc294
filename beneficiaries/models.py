"""Rural industrial establishments (cơ sở công nghiệp nông thôn) and where they produce."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from beneficiaries.querysets import EstablishmentQuerySet
from records import personal
from records.history import tracked
from vietnam import taxcode
from vietnam.fields import CleanCharField
from vietnam.models import AdminUnit
from vietnam.text import fold, sort_key


class LegalForm(models.TextChoices):
    ENTERPRISE = "DNNVV", _("Doanh nghiệp nhỏ và vừa")
    COOPERATIVE = "HTX", _("Hợp tác xã")
    COOPERATIVE_GROUP = "THT", _("Tổ hợp tác")
    HOUSEHOLD = "HKD", _("Hộ kinh doanh")
    CLEANER_PRODUCTION = "SXSH", _("Cơ sở áp dụng sản xuất sạch hơn")
    CLUSTER_INVESTOR = "CDT_CCN", _("Đầu tư hạ tầng cụm công nghiệp")
    ARTISAN = "NGHE_NHAN", _("Nghệ nhân")
    SERVICE = "TC_DV", _("Tổ chức dịch vụ khuyến công")
    OTHER = "KHAC", _("Khác")


@tracked()
class Establishment(models.Model):
    """Who receives the support. Căn cứ: Nghị định 45/2012/NĐ-CP, sửa đổi bởi 235/2025/NĐ-CP.

    A household's tax code is its owner's 12-digit personal number: it is kept encrypted,
    found by a keyed hash, and shown masked. Other codes are public and kept as written.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    province = models.ForeignKey(
        AdminUnit, models.PROTECT, related_name="establishments", verbose_name=_("Tỉnh, thành phố")
    )
    name = CleanCharField(_("Tên cơ sở"), max_length=255)
    name_folded = models.CharField(max_length=255, editable=False)
    name_sort = models.CharField(max_length=800, editable=False, db_collation="C")
    legal_form = models.CharField(_("Loại hình"), max_length=10, choices=LegalForm.choices)
    tax_code = models.CharField(_("Mã số thuế"), max_length=14, blank=True)
    """Public code (10 digits, or 10-3); empty when the code is a personal number."""
    tax_lookup = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    """Keyed hash of any code, for matching without the number itself."""
    personal_code = models.TextField(blank=True, editable=False)
    """Encrypted 12-digit number of a household's owner."""
    personal_code_masked = models.CharField(max_length=20, blank=True, editable=False)
    head_name = CleanCharField(_("Người đại diện"), max_length=150, blank=True)
    phone = CleanCharField(_("Điện thoại"), max_length=30, blank=True)
    address = CleanCharField(_("Địa chỉ trụ sở"), max_length=255, blank=True)
    commune = models.ForeignKey(
        AdminUnit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Xã, phường trụ sở"),
    )
    employees = models.PositiveIntegerField(_("Số lao động"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1)

    objects = EstablishmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("cơ sở công nghiệp nông thôn")
        verbose_name_plural = _("cơ sở công nghiệp nông thôn")
        constraints = [
            models.UniqueConstraint(
                fields=["province", "tax_lookup"],
                condition=~Q(tax_lookup=""),
                name="tax_code_once_a_province",
                violation_error_message=_("Mã số thuế này đã có trong danh bạ cơ sở của tỉnh."),
            ),
            models.CheckConstraint(
                condition=~Q(tax_code__regex=r"^\d{12}$"), name="no_personal_number_in_clear"
            ),
        ]
        indexes = [
            GinIndex(fields=["name_folded"], opclasses=["gin_trgm_ops"], name="establishment_name_trgm"),
            models.Index(fields=["province", "name_sort", "id"], name="establishment_by_name"),
            models.Index(fields=["name_sort", "id"], name="establishment_in_order"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_folded = fold(self.name)
        self.name_sort = sort_key(self.name)
        super().save(*args, **kwargs)

    @property
    def shown_tax_code(self) -> str:
        """What a screen may show: a personal number only masked."""
        return self.tax_code or self.personal_code_masked

    def set_tax_code(self, raw: str) -> None:
        """Keep a tax code as typed by an office; a 12-digit personal number is encrypted at once."""
        code = taxcode.normalise(raw)
        self.tax_code = self.tax_lookup = self.personal_code = self.personal_code_masked = ""
        if not code.digits:
            return
        self.tax_lookup = personal.lookup(code.digits)
        if code.kind == "personal":
            protected = personal.protect(code.digits)
            self.personal_code = protected.cipher_text
            self.personal_code_masked = protected.masked
        else:
            self.tax_code = code.formatted[:14]


@tracked()
class ProductionSite(models.Model):
    """Where the establishment produces: this place, not the head office, decides eligibility.

    Căn cứ: Thông tư 46/2012/TT-BCT, điểm d khoản 1 Điều 3.
    """

    establishment = models.ForeignKey(
        Establishment, models.CASCADE, related_name="sites", verbose_name=_("Cơ sở")
    )
    commune = models.ForeignKey(
        AdminUnit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Xã, phường")
    )
    address = CleanCharField(_("Địa chỉ sản xuất"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("địa điểm sản xuất")
        verbose_name_plural = _("địa điểm sản xuất")

    def __str__(self) -> str:
        return self.address or (self.commune.name if self.commune else "")
