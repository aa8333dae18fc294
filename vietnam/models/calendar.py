"""Days that are not what the week says: public holidays and make-up working days."""

from __future__ import annotations

import datetime as dt

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ..fields import CleanCharField, CleanTextField
from .confidence import Confidence
from .documents import LegalDocument


class CalendarDayKind(models.TextChoices):
    HOLIDAY = "holiday", _("Ngày nghỉ")
    MAKEUP = "makeup", _("Ngày làm bù")


GRADES = [*Confidence.choices, ("verified", _("Đã kiểm chứng"))]


def days_of_year(year: int) -> DateRange:
    """How long what is said of a day holds where nothing else is known: the day's own year."""
    return DateRange(dt.date(year, 1, 1), dt.date(year + 1, 1, 1))


class CalendarDay(models.Model):
    """A weekday off or a Saturday at work; ordinary weekends are not listed.

    ``valid`` says while which days this is the law, so a later notice may change or take back what an
    earlier one said of ``date``. What counts for a date is the version in force on that date.
    """

    date = models.DateField(_("Ngày"))
    kind = models.CharField(_("Nghỉ hay làm bù"), max_length=8, choices=CalendarDayKind)
    name = CleanCharField(_("Tên ngày"), max_length=120)
    valid = DateRangeField(_("Hiệu lực"))
    source_document = models.ForeignKey(
        LegalDocument, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Văn bản")
    )
    clause = CleanCharField(_("Điều khoản"), max_length=200, blank=True)
    confidence = models.CharField(_("Độ tin cậy"), max_length=16, choices=GRADES, default=Confidence.MEMORY)
    note = CleanTextField(_("Ghi chú"), blank=True)

    class Meta:
        verbose_name = _("ngày nghỉ, ngày làm bù")
        verbose_name_plural = _("ngày nghỉ, ngày làm bù")
        ordering = ["date"]
        constraints = [
            ExclusionConstraint(
                name="calendar_versions_apart",
                expressions=[("date", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
                violation_error_message=_("Thời gian hiệu lực trùng với một dòng khác."),
            ),
            models.CheckConstraint(
                condition=Q(valid__startswith__lte=F("date")), name="calendar_day_known_by_its_date"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date:%d/%m/%Y} {self.name}"
