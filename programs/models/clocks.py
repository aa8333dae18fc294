"""What moves deadlines: windows in which dossiers are taken in, and clocks stopped with a reason."""

from __future__ import annotations

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from programs.lifecycle import Purse
from programs.models.project import Project
from programs.querysets import RegistrationWindowQuerySet
from records.history import tracked
from vietnam.fields import CleanCharField
from vietnam.models import AdminUnit


class Gate(models.TextChoices):
    """Where a dossier is handed over; each receiving office says when."""

    SO = "SO", _("Đơn vị nộp Sở Công Thương")
    CUC = "CUC", _("Gửi đăng ký tới Cục")


class RegistrationWindow(models.Model):
    """The days on which dossiers of one plan year are taken in. Append-only: the highest ``number`` holds.

    A nationwide row stands in the unit of the nation; a province's own lets that province hand in later.
    Without any row nothing is closed and the dates of the law remind. Căn cứ: Thông tư 36/2013/TT-BCT,
    Điều 10 (Sở, Cục may set other dates).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    gate = models.CharField(_("Nơi nhận"), max_length=3, choices=Gate.choices)
    purse = models.CharField(_("Nguồn"), max_length=4, choices=Purse.choices)
    year = models.PositiveSmallIntegerField(_("Năm kế hoạch"))
    province = models.ForeignKey(
        AdminUnit, models.PROTECT, related_name="+", verbose_name=_("Tỉnh, thành phố")
    )
    number = models.PositiveSmallIntegerField(_("Lần"))
    opens_on = models.DateField(_("Nhận từ ngày"))
    closes_on = models.DateField(_("Đến hết ngày"))
    reason = CleanCharField(_("Lý do thay đổi"), max_length=500, blank=True)
    document_number = CleanCharField(_("Số văn bản"), max_length=60, blank=True)
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("Cơ quan"))
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("Người ghi")
    )
    set_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = RegistrationWindowQuerySet.as_manager()

    class Meta:
        verbose_name = _("đợt đăng ký")
        verbose_name_plural = _("đợt đăng ký")
        constraints = [
            models.UniqueConstraint(
                fields=["gate", "purse", "year", "province", "number"], name="window_numbered_once"
            ),
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")), name="window_closes_after_opening"
            ),
            models.CheckConstraint(condition=Q(number=1) | ~Q(reason=""), name="window_changed_with_reason"),
            models.CheckConstraint(
                condition=~Q(gate=Gate.CUC) | Q(purse=Purse.KCQG), name="cuc_takes_in_national_money"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purse_display()} {self.year}, {self.get_gate_display()}"

    def is_open(self, day: dt.date) -> bool:
        return self.opens_on <= day <= self.closes_on


@tracked()
class ClockPause(models.Model):
    """A stretch in which the working days of a state do not count; ends by hand or with the next step."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="pauses")
    reason = CleanCharField(_("Lý do tạm dừng"), max_length=500)
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("lần tạm dừng tính hạn")
        verbose_name_plural = _("lần tạm dừng tính hạn")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project"], condition=Q(ended_at__isnull=True), name="one_open_pause_a_project"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__gte=F("started_at"), ended_by__isnull=False),
                name="pause_ends_after_it_began",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="pause_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.reason}"


class CalendarFeed(models.Model):
    """The secret address under which a person's own calendar program reads their deadlines; one a person."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feed")
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("địa chỉ lịch")
        verbose_name_plural = _("địa chỉ lịch")

    def __str__(self) -> str:
        return str(self.user)
