"""The support project (đề án khuyến công) and the parts of its dossier."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from beneficiaries.models import Establishment, ProductionSite
from programs.carryterms import Progress
from programs.desks import Held, held_by
from programs.lifecycle import COMMITTED, EDITABLE, Kind, Purse, Source, State
from programs.models.catalogue import ActivityKind, Sector
from programs.models.plan import Tranche, YearPlan
from programs.querysets import ProjectQuerySet
from records.history import tracked
from records.models import StoredFile
from vietnam.fields import CleanCharField, CleanTextField, VndField, vnd_check
from vietnam.models import AdminUnit
from vietnam.text import fold


@tracked()
class Project(models.Model):
    """One đề án. Money by source is cached from the budget rows by a database trigger, in đồng."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(_("Mã đề án"), max_length=30, unique=True, editable=False)
    purse = models.CharField(_("Nguồn khuyến công"), max_length=4, choices=Purse.choices)
    kind = models.CharField(_("Loại đề án"), max_length=10, choices=Kind.choices, default=Kind.SINGLE)
    plan = models.ForeignKey(YearPlan, models.PROTECT, related_name="projects", verbose_name=_("Kế hoạch"))
    year = models.PositiveSmallIntegerField(_("Năm kế hoạch"))
    province = models.ForeignKey(
        AdminUnit, models.PROTECT, related_name="projects", verbose_name=_("Tỉnh, thành phố")
    )
    owner = models.ForeignKey(
        Organisation, models.PROTECT, related_name="drafted_projects", verbose_name=_("Đơn vị lập")
    )
    title = CleanCharField(_("Tên đề án"), max_length=500)
    title_folded = models.CharField(max_length=500, editable=False)
    activity = models.ForeignKey(
        ActivityKind,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Nội dung hoạt động"),
    )
    sector = models.ForeignKey(
        Sector, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Ngành nghề")
    )
    implementer = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="implemented_projects",
        verbose_name=_("Đơn vị thực hiện"),
    )
    implementer_name = CleanCharField(_("Tên đơn vị thực hiện"), max_length=255, blank=True)
    partner_name = CleanCharField(_("Đơn vị phối hợp"), max_length=255, blank=True)
    commune = models.ForeignKey(
        AdminUnit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Xã, phường thực hiện"),
    )
    place_text = CleanCharField(_("Địa điểm thực hiện"), max_length=255, blank=True)
    new_rural = models.BooleanField(_("Xã trong kế hoạch nông thôn mới"), default=False)
    priority_areas = models.CharField(
        _("Địa bàn ưu tiên"),
        max_length=1,
        blank=True,
        choices=[
            ("a", _("Vùng cao, hải đảo, biên giới, dân tộc thiểu số")),
            ("b", _("Huyện nghèo (theo quyết định trước đây)")),
            ("c", _("Xã trong kế hoạch nông thôn mới")),
            ("d", _("Địa bàn khó khăn, đặc biệt khó khăn")),
        ],
    )
    starts_on = models.DateField(_("Bắt đầu"), null=True, blank=True)
    ends_on = models.DateField(_("Kết thúc"), null=True, blank=True)
    counterpart_committed = models.BooleanField(_("Cam kết vốn đối ứng"), default=False)
    no_other_state_money = models.BooleanField(_("Cam kết không nhận vốn nhà nước khác"), default=False)
    necessity = CleanTextField(_("Sự cần thiết và căn cứ"), blank=True)
    objectives = CleanTextField(_("Mục tiêu"), blank=True)
    scale = CleanTextField(_("Quy mô"), blank=True)
    content = CleanTextField(_("Nội dung và tiến độ"), blank=True)
    organisation = CleanTextField(_("Tổ chức thực hiện"), blank=True)
    effectiveness = CleanTextField(_("Hiệu quả"), blank=True)
    total_vnd = VndField(_("Tổng kinh phí (đồng)"), default=0, editable=False)
    kcqg_vnd = VndField(_("KCQG (đồng)"), default=0, editable=False)
    kcdp_vnd = VndField(_("KCĐP (đồng)"), default=0, editable=False)
    own_vnd = VndField(_("Đối ứng (đồng)"), default=0, editable=False)
    other_vnd = VndField(_("Khác (đồng)"), default=0, editable=False)
    state = models.CharField(
        _("Trạng thái"), max_length=20, choices=State.choices, default=State.DRAFT, editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    state_since = models.DateTimeField(editable=False)
    due_on = models.DateField(_("Hạn xử lý"), null=True, blank=True, editable=False)
    due_why = models.TextField(blank=True, editable=False)
    due_why_en = models.TextField(blank=True, editable=False)
    tranche = models.ForeignKey(
        Tranche,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="projects",
        verbose_name=_("Đợt"),
        editable=False,
    )
    annex_order = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    copied_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="copies",
        verbose_name=_("Chép từ đề án"),
        editable=False,
    )
    carried_as_of = models.DateField(_("Số liệu chuyển tiếp đến ngày"), null=True, blank=True, editable=False)
    """The day of its figures where it came from paper, decided; no check was made of it then or is now."""
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField()

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("đề án khuyến công")
        verbose_name_plural = _("đề án khuyến công")
        constraints = [
            vnd_check("total_vnd", "kcqg_vnd", "kcdp_vnd", "own_vnd", "other_vnd"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True)
                | Q(starts_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="project_ends_after_start",
                violation_error_message=_("Ngày kết thúc phải sau ngày bắt đầu."),
            ),
            models.CheckConstraint(
                condition=Q(tranche__isnull=False) | ~Q(state__in=[State.IN_PLAN, *sorted(COMMITTED)]),
                name="planned_project_has_tranche",
            ),
        ]
        indexes = [
            models.Index(
                fields=["province", "state", "-updated_at", "-id"], name="project_by_province_state"
            ),
            models.Index(fields=["-updated_at", "-id"], name="project_by_update"),
            models.Index(fields=["state", "due_on", "id"], name="project_by_due"),
            models.Index(fields=["plan", "state"], name="project_by_plan"),
            GinIndex(fields=["title_folded"], opclasses=["gin_trgm_ops"], name="project_title_trgm"),
        ]

    def __str__(self) -> str:
        return f"{self.code} – {self.title}"

    def get_state_display(self) -> str:  # type: ignore[no-redef]  # the stubs add Django's own
        """As Django's own, which translates every state of the list to find the one."""
        return str(State(self.state).label)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.title_folded = fold(self.title)
        super().save(*args, **kwargs)

    @property
    def is_settled_on_paper(self) -> bool:
        """Taken over from paper when its money had been settled: nothing is left to do."""
        return self.carried_as_of is not None and self.carried_over.progress == Progress.SETTLED

    @property
    def is_editable(self) -> bool:
        return self.state in EDITABLE

    @property
    def state_money_vnd(self) -> int:
        """National plus local support, VND."""
        return self.kcqg_vnd + self.kcdp_vnd

    @property
    def due_reason(self) -> str:
        """Why it is due that day, in the reader's language."""
        return self.due_why_en if get_language() == "en" else self.due_why

    @property
    def held(self) -> Held | None:
        """Who has the file now."""
        return held_by(self)

    def amounts(self) -> dict[str, int]:
        """Money by source, VND."""
        return {
            Source.KCQG: self.kcqg_vnd,
            Source.KCDP: self.kcdp_vnd,
            Source.OWN: self.own_vnd,
            Source.OTHER: self.other_vnd,
        }


@tracked()
class ProjectBeneficiary(models.Model):
    """An establishment that receives the support, and the site where it produces."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="beneficiaries")
    establishment = models.ForeignKey(
        Establishment, models.PROTECT, related_name="supports", verbose_name=_("Cơ sở thụ hưởng")
    )
    site = models.ForeignKey(
        ProductionSite,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Nơi sản xuất"),
    )

    class Meta:
        verbose_name = _("đơn vị thụ hưởng")
        verbose_name_plural = _("đơn vị thụ hưởng")
        constraints = [
            models.UniqueConstraint(fields=["project", "establishment"], name="beneficiary_once_a_project")
        ]

    def __str__(self) -> str:
        return str(self.establishment)


@tracked()
class BudgetLine(models.Model):
    """A cost of the estimate (Mẫu số 1). ``itemised`` is false for the one line an imported list gives."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField(_("STT"))
    description = CleanCharField(_("Nội dung chi"), max_length=500)
    unit = CleanCharField(_("Đơn vị tính"), max_length=30, blank=True)
    quantity = models.DecimalField(_("Số lượng"), max_digits=12, decimal_places=3, null=True, blank=True)
    unit_price_vnd = VndField(_("Đơn giá (đồng)"), null=True, blank=True)
    total_vnd = VndField(_("Thành tiền (đồng)"))
    supported = models.BooleanField(_("Thuộc phần được hỗ trợ"), default=True)
    itemised = models.BooleanField(default=True, editable=False)

    class Meta:
        verbose_name = _("dòng dự toán")
        verbose_name_plural = _("dòng dự toán")
        ordering = ["position", "id"]
        constraints = [
            vnd_check("unit_price_vnd", "total_vnd"),
        ]

    def __str__(self) -> str:
        return self.description


@tracked()
class BudgetAmount(models.Model):
    """The part of a line one source pays, VND; sources are rows, so new ones need no new column."""

    line = models.ForeignKey(BudgetLine, models.CASCADE, related_name="amounts")
    source = models.CharField(_("Nguồn"), max_length=5, choices=Source.choices)
    amount_vnd = VndField(_("Số tiền (đồng)"))

    class Meta:
        verbose_name = _("kinh phí theo nguồn")
        verbose_name_plural = _("kinh phí theo nguồn")
        constraints = [
            models.UniqueConstraint(fields=["line", "source"], name="one_amount_a_source"),
            vnd_check("amount_vnd"),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.amount_vnd}"


@tracked()
class ScheduleItem(models.Model):
    """Who does what when."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="schedule")
    position = models.PositiveSmallIntegerField(_("STT"))
    content = CleanCharField(_("Công việc"), max_length=500)
    doer = CleanCharField(_("Đơn vị làm"), max_length=200, blank=True)
    starts_on = models.DateField(_("Từ ngày"), null=True, blank=True)
    ends_on = models.DateField(_("Đến ngày"), null=True, blank=True)

    class Meta:
        verbose_name = _("mục tiến độ")
        verbose_name_plural = _("mục tiến độ")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.content


@tracked()
class ExpectedResult(models.Model):
    """A promised result with its unit: capacity, workers, turnover, export."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="results")
    position = models.PositiveSmallIntegerField(_("STT"))
    indicator = CleanCharField(_("Chỉ tiêu"), max_length=200)
    unit = CleanCharField(_("Đơn vị"), max_length=50, blank=True)
    value = CleanCharField(_("Giá trị"), max_length=100)

    class Meta:
        verbose_name = _("kết quả dự kiến")
        verbose_name_plural = _("kết quả dự kiến")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.value} {self.unit}".strip()


@tracked()
class Attachment(models.Model):
    """A paper of the dossier; ``paper_code`` names which required one it is."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(Project, models.CASCADE, related_name="attachments")
    paper_code = models.CharField(_("Loại giấy tờ"), max_length=40, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = CleanCharField(_("Tên tệp"), max_length=255)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("tài liệu kèm theo")
        verbose_name_plural = _("tài liệu kèm theo")
        ordering = ["uploaded_at", "id"]

    def __str__(self) -> str:
        return self.name
