"""When a ward that was a commune still counts as a place to be supported."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from programs.models.catalogue import DatedRule, no_overlap
from records.history import tracked
from vietnam.fields import CleanCharField


@tracked()
class WardRule(DatedRule):
    """A ward that was a commune stays eligible for ``years`` years after it became one, counted to a day of
    the year ``year_offset`` from the plan year: 31 December of the year before the one in which the plan is
    made. Thông tư 46/2012/TT-BCT, điểm đ khoản 1 Điều 3."""

    code = models.SlugField(_("Mã"), max_length=40)
    name = CleanCharField(_("Trường hợp"), max_length=255)
    years = models.PositiveSmallIntegerField(_("Số năm"), validators=[MinValueValidator(1)])
    day = models.PositiveSmallIntegerField(
        _("Tính đến ngày"), validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    month = models.PositiveSmallIntegerField(
        _("Tính đến tháng"), validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    year_offset = models.SmallIntegerField(
        _("Của năm (so với năm kế hoạch)"), validators=[MinValueValidator(-5), MaxValueValidator(0)]
    )

    class Meta:
        verbose_name = _("thời hạn của phường chuyển từ xã")
        verbose_name_plural = _("thời hạn của phường chuyển từ xã")
        ordering = ["code"]
        constraints = [no_overlap("ward_versions_apart", "code")]

    def __str__(self) -> str:
        return self.name
