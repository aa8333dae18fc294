"""Groupings of provinces, which change by decision and are therefore rows, not code."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from .confidence import Confidence
from .units import AdminUnit


class RegionScheme(models.TextChoices):
    SOCIO_ECONOMIC = "socio_economic", _("6 vùng kinh tế – xã hội")
    EXTENSION = "extension", _("3 vùng khuyến công")


class RegionCode(models.TextChoices):
    TDMNPB = "TDMNPB", _("Trung du và miền núi phía Bắc")
    DBSH = "DBSH", _("Đồng bằng sông Hồng")
    BTB = "BTB", _("Bắc Trung Bộ")
    NTB_TN = "NTB-TN", _("Nam Trung Bộ và Tây Nguyên")
    DNB = "DNB", _("Đông Nam Bộ")
    DBSCL = "DBSCL", _("Đồng bằng sông Cửu Long")
    BAC = "BAC", _("Khu vực phía Bắc")
    TRUNG_TN = "TRUNG-TN", _("Khu vực miền Trung – Tây Nguyên")
    NAM = "NAM", _("Khu vực phía Nam")


class ProvinceRegion(models.Model):
    """The region a dated province belongs to in one scheme (Resolution 306/NQ-CP for the six)."""

    province = models.ForeignKey(AdminUnit, on_delete=models.CASCADE, related_name="regions")
    scheme = models.CharField(_("cách chia vùng"), max_length=16, choices=RegionScheme)
    region = models.CharField(_("vùng"), max_length=8, choices=RegionCode)
    confidence = models.CharField(
        _("mức kiểm chứng"), max_length=16, choices=Confidence, default=Confidence.MEMORY
    )

    class Meta:
        verbose_name = _("vùng của tỉnh")
        verbose_name_plural = _("vùng của tỉnh")
        constraints = [
            models.UniqueConstraint(
                fields=["province", "scheme"], name="vietnam_provinceregion_one_per_scheme"
            )
        ]

    def __str__(self) -> str:
        return f"{self.province_id} {self.region}"
