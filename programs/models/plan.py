"""The yearly plan: its ceilings by source and the tranches in which it is decided."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import cast

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from programs.lifecycle import Purse
from programs.models.catalogue import DatedRule, no_overlap, or_zero
from programs.querysets import TrancheQuerySet, YearPlanQuerySet
from records.history import tracked
from records.models import StoredFile
from vietnam.fields import CleanCharField, VndField, vnd_check
from vietnam.models import AdminUnit


@tracked()
class Programme(DatedRule):
    """A programme of several years (2021–2025, 2026–2030) approved by one decision: the nation's, or one of a
    province for its local money. A year plan belongs to that of 1 January of its year.
    """

    code = models.SlugField(_("Mã"), max_length=30, unique=True)
    name = CleanCharField(_("Tên chương trình"), max_length=255)
    purse = models.CharField(_("Nguồn"), max_length=4, choices=Purse.choices)
    province = models.ForeignKey(
        AdminUnit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Riêng tỉnh")
    )

    class Meta:
        verbose_name = _("chương trình khuyến công")
        verbose_name_plural = _("chương trình khuyến công")
        ordering = ["purse", "province", "valid"]
        constraints = [
            no_overlap("programme_versions_apart", "purse", or_zero("province")),
            models.CheckConstraint(
                condition=Q(purse=Purse.KCQG, province__isnull=True)
                | Q(purse=Purse.KCDP, province__isnull=False),
                name="programme_of_nation_or_province",
            ),
        ]

    def called_by_its_days(self) -> str:
        """Its code: "kcqg-2026-2030", "kcdp-38-2026-2030"."""
        home = self.province.code if self.province else ""
        first = cast(dt.date, self.valid.lower)
        last = cast(dt.date, self.valid.upper) - dt.timedelta(days=1)
        return "-".join(filter(None, (self.purse.lower(), home, str(first.year), str(last.year))))

    def __str__(self) -> str:
        return self.name


@tracked()
class YearPlan(models.Model):
    """One purse, one year; a national plan belongs to the whole country, a local one to a province."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    purse = models.CharField(_("Nguồn"), max_length=4, choices=Purse.choices)
    year = models.PositiveSmallIntegerField(_("Năm kế hoạch"))
    province = models.ForeignKey(
        AdminUnit, models.PROTECT, related_name="year_plans", verbose_name=_("Tỉnh, thành phố")
    )

    objects = YearPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("kế hoạch năm")
        verbose_name_plural = _("kế hoạch năm")
        constraints = [
            models.UniqueConstraint(
                fields=["purse", "year", "province"], name="one_plan_a_purse_year_province"
            ),
            models.CheckConstraint(condition=Q(year__gte=2014, year__lte=2100), name="plan_year_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.get_purse_display()} {self.year}"

    @property
    def main_ceiling(self) -> Ceiling | None:
        """The ceiling of the plan's own purse; made for rows fetched with their ceilings."""
        return next((ceiling for ceiling in self.ceilings.all() if ceiling.source == self.purse), None)


@tracked()
class Ceiling(models.Model):
    """Upper limit of one source of state money in a plan, VND. ``committed_vnd`` is moved by the database
    alone, when commitments are entered; no commitment passes the limit and no limit sinks below them."""

    plan = models.ForeignKey(YearPlan, models.CASCADE, related_name="ceilings", verbose_name=_("Kế hoạch"))
    source = models.CharField(_("Nguồn"), max_length=5, choices=Purse.choices)
    amount_vnd = VndField(_("Trần kinh phí (đồng)"))
    committed_vnd = VndField(_("Đã cam kết (đồng)"), default=0, editable=False)
    document_number = CleanCharField(_("Văn bản giao"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("trần kinh phí")
        verbose_name_plural = _("trần kinh phí")
        constraints = [
            models.UniqueConstraint(fields=["plan", "source"], name="one_ceiling_a_source"),
            models.CheckConstraint(condition=Q(source__in=Purse.values), name="ceiling_of_state_money"),
            vnd_check("amount_vnd", "committed_vnd"),
            models.CheckConstraint(
                condition=Q(committed_vnd__lte=F("amount_vnd")),
                name="committed_within_ceiling",
                violation_error_message=_("Trần kinh phí không được thấp hơn số đã cam kết."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} – {self.get_source_display()}"

    @property
    def audit_province_id(self) -> int:
        return self.plan.province_id

    @property
    def remaining_vnd(self) -> int:
        """What may still be committed, VND."""
        return self.amount_vnd - self.committed_vnd


class TrancheState(models.TextChoices):
    DRAFT = "DRAFT", _("Đang dự thảo")
    DECIDED = "DECIDED", _("Đã có quyết định")
    ASSIGNED = "ASSIGNED", _("Đã giao kế hoạch")


@tracked()
class Tranche(models.Model):
    """A decision's worth of projects ("đợt 1, 2, 3"): approved all together or not at all."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(YearPlan, models.PROTECT, related_name="tranches", verbose_name=_("Kế hoạch"))
    number = models.PositiveSmallIntegerField(_("Đợt"))
    state = models.CharField(
        _("Trạng thái"),
        max_length=10,
        choices=TrancheState.choices,
        default=TrancheState.DRAFT,
        editable=False,
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    carried = models.BooleanField(_("Số liệu chuyển tiếp"), default=False, editable=False)
    """Decided on paper before its office began with the portal: holds carried projects alone."""
    decision_number = CleanCharField(_("Số quyết định"), max_length=60, blank=True)
    decision_date = models.DateField(_("Ngày quyết định"), null=True, blank=True)
    decision_signer = CleanCharField(_("Người ký"), max_length=150, blank=True)
    decision_file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Bản quyết định")
    )
    notice_number = CleanCharField(_("Số thông báo giao"), max_length=60, blank=True)
    notice_date = models.DateField(_("Ngày thông báo giao"), null=True, blank=True)
    notice_file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Bản thông báo")
    )
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = TrancheQuerySet.as_manager()

    class Meta:
        verbose_name = _("đợt kế hoạch")
        verbose_name_plural = _("đợt kế hoạch")
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="tranche_number_once_a_plan"),
            models.CheckConstraint(
                condition=Q(state=TrancheState.DRAFT)
                | (~Q(decision_number="") & Q(decision_date__isnull=False) & ~Q(decision_signer="")),
                name="decided_tranche_names_its_decision",
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(plan)s – đợt %(number)s") % {"plan": self.plan, "number": self.number}

    @property
    def is_open(self) -> bool:
        """Still being composed: projects may come and go."""
        return self.state == TrancheState.DRAFT

    @property
    def audit_province_id(self) -> int:
        return self.plan.province_id
