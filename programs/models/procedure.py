"""How the law has things done: its official forms, and who decides a change of a project."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.lawterms import ChangeKind, Decider
from programs.lifecycle import Kind, Purse
from programs.models.catalogue import DatedRule, no_overlap
from records.history import tracked
from vietnam.fields import CleanCharField


@tracked()
class OfficialForm(DatedRule):
    """A form that a document orders: its number there and its title. Thông tư 36/2013/TT-BCT, Phụ lục.

    ``code`` stays when a later document numbers the form anew; papers and reports ask for it by their day.
    """

    code = models.SlugField(_("Mã"), max_length=40)
    number = CleanCharField(_("Mẫu số"), max_length=10)
    name = CleanCharField(_("Tên mẫu"), max_length=255)

    class Meta:
        verbose_name = _("mẫu biểu")
        verbose_name_plural = _("mẫu biểu")
        ordering = ["pk"]
        constraints = [no_overlap("form_versions_apart", "code")]

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"


@tracked()
class ChangeAuthority(DatedRule):
    """Who decides a change of a planned project; blank ``project_kind`` is for every kind that has no row of
    its own. Thông tư 36/2013/TT-BCT, Điều 11."""

    purse = models.CharField(_("Nguồn"), max_length=4, choices=Purse.choices)
    change = models.CharField(_("Thay đổi"), max_length=20, choices=ChangeKind.choices)
    project_kind = models.CharField(_("Riêng loại đề án"), max_length=10, choices=Kind.choices, blank=True)
    decided_by = models.CharField(_("Cấp quyết định"), max_length=10, choices=Decider.choices)

    class Meta:
        verbose_name = _("thẩm quyền thay đổi")
        verbose_name_plural = _("thẩm quyền thay đổi")
        ordering = ["pk"]
        constraints = [no_overlap("authority_versions_apart", "purse", "change", "project_kind")]

    def __str__(self) -> str:
        return f"{self.purse} {self.change} {self.project_kind}: {self.decided_by}"


@tracked()
class AdvanceRate(DatedRule):
    """How much of a contract may be paid in advance for an activity, and when: ``rate_pct`` of it, once more
    than ``work_over_pct`` of the work is done (blank: from the contract on); ``condition`` says what else.

    The longest code goes before a shorter one; a blank code is for every activity without a row of its own.
    Thông tư 36/2013/TT-BCT, Điều 13.
    """

    purse = models.CharField(_("Nguồn"), max_length=4, choices=Purse.choices)
    activity_code = models.CharField(_("Nội dung hoạt động"), max_length=20, blank=True)
    rate_pct = models.PositiveSmallIntegerField(
        _("Tạm ứng tối đa (% hợp đồng)"), validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    work_over_pct = models.PositiveSmallIntegerField(
        _("Khi khối lượng đã quá (%)"), null=True, blank=True, validators=[MaxValueValidator(99)]
    )
    condition = CleanCharField(_("Điều kiện, giấy tờ"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("mức tạm ứng")
        verbose_name_plural = _("mức tạm ứng")
        ordering = ["pk"]
        constraints = [
            no_overlap("advance_versions_apart", "purse", "activity_code"),
            models.CheckConstraint(
                condition=Q(rate_pct__gte=1, rate_pct__lte=100)
                & (Q(work_over_pct__isnull=True) | Q(work_over_pct__lt=100)),
                name="advance_rate_in_percent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purse} {self.activity_code}: {self.rate_pct} %"
