"""Days that are not what the week says: public holidays and make-up working days."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..fields import CleanCharField
from .confidence import Confidence


class CalendarDayKind(models.TextChoices):
    HOLIDAY = "holiday", _("Ngày nghỉ")
    MAKEUP = "makeup", _("Ngày làm bù")


class CalendarDay(models.Model):
    """A weekday off or a Saturday at work; ordinary weekends are not listed."""

    date = models.DateField(_("ngày"), unique=True)
    kind = models.CharField(_("loại"), max_length=8, choices=CalendarDayKind)
    name = CleanCharField(_("tên"), max_length=120)
    source = CleanCharField(_("căn cứ"), max_length=200)
    confidence = models.CharField(
        _("mức kiểm chứng"), max_length=16, choices=Confidence, default=Confidence.MEMORY
    )

    class Meta:
        verbose_name = _("ngày nghỉ, ngày làm bù")
        verbose_name_plural = _("ngày nghỉ, ngày làm bù")
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date:%d/%m/%Y} {self.name}"
