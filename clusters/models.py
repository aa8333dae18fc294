"""Industrial clusters (cụm công nghiệp, CCN)."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clusters.querysets import ClusterQuerySet
from records.history import tracked
from vietnam.fields import CleanCharField
from vietnam.models import AdminUnit
from vietnam.text import fold, sort_key


class ClusterType(models.TextChoices):
    GENERAL = "general", _("Tổng hợp")
    CRAFT_VILLAGE = "craft_village", _("Làng nghề")
    SPECIALISED = "specialised", _("Chuyên ngành")
    SUPPORTING = "supporting", _("Hỗ trợ")


class LegalStatus(models.TextChoices):
    PLANNED = "planned", _("Trong quy hoạch")
    ESTABLISHED = "established", _("Đã thành lập")
    REVOKED = "revoked", _("Đã thu hồi")


class Phase(models.TextChoices):
    PLANNED = "PLANNED", _("Trong danh mục quy hoạch")
    ESTABLISHED = "ESTABLISHED", _("Có quyết định thành lập")
    BUILDING = "BUILDING", _("Đang xây dựng hạ tầng")
    OPERATING = "OPERATING", _("Đang hoạt động")


@tracked()
class Cluster(models.Model):
    """A cluster. Căn cứ: Nghị định 32/2024/NĐ-CP, sửa đổi bởi 303/2026/NĐ-CP.

    Legal status and phase are two fields: clusters formed before 2009 operate without
    a decision. Names repeat, so the commune is never guessed from the name.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    province = models.ForeignKey(
        AdminUnit, models.PROTECT, related_name="clusters", verbose_name=_("Tỉnh, thành phố")
    )
    commune = models.ForeignKey(
        AdminUnit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Xã, phường")
    )
    name = CleanCharField(_("Tên cụm"), max_length=200)
    name_folded = models.CharField(max_length=200, editable=False)
    name_sort = models.CharField(max_length=700, editable=False, db_collation="C")
    type = models.CharField(
        _("Loại"), max_length=20, choices=ClusterType.choices, default=ClusterType.GENERAL
    )
    legal_status = models.CharField(_("Pháp lý"), max_length=20, choices=LegalStatus.choices)
    phase = models.CharField(_("Giai đoạn"), max_length=20, choices=Phase.choices)
    formed_before_2009 = models.BooleanField(_("Hình thành trước năm 2009"), default=False)
    area_ha = models.DecimalField(_("Diện tích (ha)"), max_digits=8, decimal_places=2)
    decision_number = CleanCharField(_("Số quyết định thành lập"), max_length=60, blank=True)
    decision_date = models.DateField(_("Ngày quyết định"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ClusterQuerySet.as_manager()

    class Meta:
        verbose_name = _("cụm công nghiệp")
        verbose_name_plural = _("cụm công nghiệp")
        constraints = [
            models.CheckConstraint(condition=Q(area_ha__gt=0), name="cluster_area_above_zero"),
        ]
        indexes = [
            GinIndex(fields=["name_folded"], opclasses=["gin_trgm_ops"], name="cluster_name_trgm"),
            models.Index(fields=["province", "name_sort", "id"], name="cluster_by_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_folded = fold(self.name)
        self.name_sort = sort_key(self.name)
        super().save(*args, **kwargs)
