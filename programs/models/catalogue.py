"""The law as dated data: what may be supported, how much, with which papers, by when.

Every row says from when to when it holds, where it is written and how sure we are of it.
Two versions of one rule never overlap; the database refuses them.
"""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from programs.lawterms import TRUSTED, MilestoneRule, NormUnit, RuleConfidence, SelectionMethod
from programs.lifecycle import Purse, State
from records.history import tracked
from vietnam.fields import CleanCharField, CleanTextField, VndField, vnd_check
from vietnam.models import AdminUnit, LegalDocument


def or_zero(column: str) -> Coalesce:
    """An empty column as 0: in an exclusion constraint two NULLs would not be equal."""
    return Coalesce(column, Value(0), output_field=models.BigIntegerField())


def no_overlap(name: str, *same: str | Combinable) -> ExclusionConstraint:
    """Two rows equal in ``same`` (column names or expressions) never hold on the same day."""
    expressions: list[tuple[str | Combinable, str]] = [(part, RangeOperators.EQUAL) for part in same]
    return ExclusionConstraint(
        name=name,
        expressions=[*expressions, ("valid", RangeOperators.OVERLAPS)],
        violation_error_message=_("Thời gian hiệu lực trùng với một dòng khác."),
    )


class DatedRule(models.Model):
    """What every rule carries: the days it holds, the document, the place in it, our confidence."""

    valid = DateRangeField(_("Hiệu lực"))
    source_document = models.ForeignKey(
        LegalDocument, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Văn bản")
    )
    clause = CleanCharField(_("Điều khoản"), max_length=120, blank=True)
    confidence = models.CharField(
        _("Độ tin cậy"), max_length=20, choices=RuleConfidence.choices, default=RuleConfidence.MEMORY
    )
    note = CleanTextField(_("Ghi chú"), blank=True)

    class Meta:
        abstract = True

    @property
    def is_trusted(self) -> bool:
        return self.confidence in TRUSTED


@tracked()
class ActivityKind(DatedRule):
    """A kind of supported activity (nội dung hoạt động khuyến công). Nghị định 45/2012/NĐ-CP, Điều 4."""

    code = models.CharField(_("Mã"), max_length=20)
    name = CleanCharField(_("Tên"), max_length=500)
    short_name = CleanCharField(_("Tên ngắn"), max_length=120)
    name_en = models.CharField(_("Tên tiếng Anh"), max_length=200)
    parent_code = models.CharField(_("Mã cấp trên"), max_length=20, blank=True)
    position = models.PositiveSmallIntegerField(_("Thứ tự"), default=0)
    selection_method = models.CharField(
        _("Cách chọn đơn vị thực hiện"),
        max_length=10,
        choices=SelectionMethod.choices,
        default=SelectionMethod.SELECTION,
    )
    needs_sector = models.BooleanField(_("Phải nêu ngành nghề"), default=False)
    needs_place = models.BooleanField(_("Phải nêu xã, phường"), default=False)
    area_bound = models.BooleanField(_("Chỉ ở địa bàn được hỗ trợ"), default=False)

    class Meta:
        verbose_name = _("nội dung hoạt động")
        verbose_name_plural = _("nội dung hoạt động")
        ordering = ["position", "code"]
        constraints = [no_overlap("activity_versions_apart", "code")]

    def __str__(self) -> str:
        # The tail after a dash only tells two levels apart in the data; no document has it.
        return f"{self.code.partition('-')[0]} {self.short_name}"


@tracked()
class ProgramGroup(models.Model):
    """A content group of a programme period, for its reports. Quyết định 1881/QĐ-TTg for 2021–2025."""

    period = models.CharField(_("Giai đoạn"), max_length=9)
    number = models.PositiveSmallIntegerField(_("Nhóm"))
    name = CleanCharField(_("Tên nhóm"), max_length=255)
    source_document = models.ForeignKey(
        LegalDocument, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Văn bản")
    )

    class Meta:
        verbose_name = _("nhóm nội dung của chương trình")
        verbose_name_plural = _("nhóm nội dung của chương trình")
        ordering = ["period", "number"]
        constraints = [
            models.UniqueConstraint(fields=["period", "number"], name="program_group_once_a_period")
        ]

    def __str__(self) -> str:
        return f"{self.period} ({self.number}) {self.name}"


@tracked()
class ActivityGroup(models.Model):
    """Which group of a period an activity (and what lies under it) is reported in."""

    period = models.CharField(_("Giai đoạn"), max_length=9)
    activity_code = models.CharField(_("Mã nội dung"), max_length=20)
    group = models.ForeignKey(ProgramGroup, models.CASCADE, related_name="activities", verbose_name=_("Nhóm"))
    confidence = models.CharField(
        _("Độ tin cậy"), max_length=20, choices=RuleConfidence.choices, default=RuleConfidence.MEMORY
    )

    class Meta:
        verbose_name = _("nội dung thuộc nhóm")
        verbose_name_plural = _("nội dung thuộc nhóm")
        constraints = [
            models.UniqueConstraint(fields=["period", "activity_code"], name="one_group_an_activity_a_period")
        ]

    def __str__(self) -> str:
        return f"{self.activity_code} → {self.group}"


@tracked()
class SupportNorm(DatedRule):
    """How much one purse may pay for an activity: a percent of the eligible cost, a cap in VND, or both.

    ``province`` is empty for the national purse; a province's own norms name it. ``uplift_max`` is
    the largest multiple of the cap for priority cases (1.50); it is applied only on an accepted claim.
    """

    purse = models.CharField(_("Nguồn"), max_length=4, choices=Purse.choices)
    province = models.ForeignKey(
        AdminUnit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Tỉnh, thành phố")
    )
    activity_code = models.CharField(_("Mã nội dung"), max_length=20)
    unit = models.CharField(_("Tính cho một"), max_length=20, choices=NormUnit.choices)
    pct = models.PositiveSmallIntegerField(
        _("Tỷ lệ tối đa (%)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    cap_vnd = VndField(_("Mức tối đa (đồng)"), null=True, blank=True)
    uplift_max = models.DecimalField(
        _("Hệ số ưu tiên tối đa"), max_digits=3, decimal_places=2, null=True, blank=True
    )

    class Meta:
        verbose_name = _("định mức hỗ trợ")
        verbose_name_plural = _("định mức hỗ trợ")
        ordering = ["purse", "activity_code", "valid"]
        constraints = [
            no_overlap("norm_versions_apart", "purse", or_zero("province"), "activity_code"),
            vnd_check("cap_vnd"),
            models.CheckConstraint(
                condition=Q(pct__isnull=False) | Q(cap_vnd__isnull=False), name="norm_limits_something"
            ),
            models.CheckConstraint(
                condition=Q(pct__isnull=True) | Q(pct__gte=1, pct__lte=100), name="norm_percent_in_range"
            ),
            models.CheckConstraint(
                condition=Q(cap_vnd__isnull=True) | Q(cap_vnd__gt=0), name="norm_cap_positive"
            ),
            models.CheckConstraint(
                condition=~Q(purse=Purse.KCQG) | Q(province__isnull=True),
                name="national_norm_has_no_province",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purse} {self.activity_code}"


@tracked()
class Sector(DatedRule):
    """An eligible line of production, lettered as in the law: a, b, c, d, đ, e, g. NĐ 45/2012, Điều 5."""

    code = models.CharField(_("Mã"), max_length=2)
    name = CleanCharField(_("Tên"), max_length=255)
    short_name = CleanCharField(_("Tên ngắn"), max_length=80)
    name_en = models.CharField(_("Tên tiếng Anh"), max_length=200)
    position = models.PositiveSmallIntegerField(_("Thứ tự"))
    vsic_divisions = ArrayField(
        models.CharField(max_length=3), verbose_name=_("Gợi ý mã ngành VSIC"), default=list, blank=True
    )

    class Meta:
        verbose_name = _("ngành nghề")
        verbose_name_plural = _("ngành nghề")
        ordering = ["position"]
        constraints = [no_overlap("sector_versions_apart", "code")]

    def __str__(self) -> str:
        return f"{self.code}) {self.name}"


@tracked()
class RequiredPaper(DatedRule):
    """A paper a dossier needs from a state on; blank ``activity_code`` means every activity."""

    code = models.CharField(_("Mã"), max_length=40)
    name = CleanCharField(_("Tên giấy tờ"), max_length=255)
    purse = models.CharField(_("Nguồn"), max_length=4, choices=Purse.choices)
    activity_code = models.CharField(_("Mã nội dung"), max_length=20, blank=True)
    required_from_state = models.CharField(_("Cần từ trạng thái"), max_length=20, choices=State.choices)
    position = models.PositiveSmallIntegerField(_("Thứ tự"), default=0)

    class Meta:
        verbose_name = _("giấy tờ phải có")
        verbose_name_plural = _("giấy tờ phải có")
        ordering = ["purse", "position", "code"]
        constraints = [no_overlap("paper_versions_apart", "code", "purse", "activity_code")]

    def __str__(self) -> str:
        return self.name


@tracked()
class DossierTemplate(DatedRule):
    """What a dossier of an activity usually says: prompts by text section, usual costs, works and results.

    Blank ``activity_code`` is for every activity. ``texts`` is {section: prompt}, ``results`` a list of
    [indicator, unit]. No document orders any of it: rows are proposals.
    """

    activity_code = models.CharField(_("Mã nội dung"), max_length=20, blank=True)
    texts = models.JSONField(_("Gợi ý phần viết"), default=dict, blank=True)
    lines = ArrayField(
        CleanCharField(max_length=500), verbose_name=_("Dòng dự toán"), default=list, blank=True
    )
    schedule = ArrayField(
        CleanCharField(max_length=500), verbose_name=_("Công việc"), default=list, blank=True
    )
    results = models.JSONField(_("Chỉ tiêu"), default=list, blank=True)

    class Meta:
        verbose_name = _("khung mẫu hồ sơ")
        verbose_name_plural = _("khung mẫu hồ sơ")
        ordering = ["activity_code", "valid"]
        constraints = [no_overlap("template_versions_apart", "activity_code")]

    def __str__(self) -> str:
        return self.activity_code


@tracked()
class PlanMilestone(DatedRule):
    """A date of the planning year. ``year_offset`` counts from the plan year; ``month`` empty means every
    month; ``days_after`` with ``days`` counts from an event. ``state`` is the state whose holder must act.
    A row of one ``plan_year`` or ``province`` goes before the default.
    """

    purse = models.CharField(_("Nguồn"), max_length=4, choices=Purse.choices)
    milestone = models.SlugField(_("Mốc"), max_length=40)
    name = CleanCharField(_("Việc phải xong"), max_length=255)
    state = models.CharField(_("Trạng thái"), max_length=20, choices=State.choices, blank=True)
    month = models.PositiveSmallIntegerField(_("Tháng"), null=True, blank=True)
    day = models.PositiveSmallIntegerField(_("Ngày"), null=True, blank=True)
    year_offset = models.SmallIntegerField(_("Lệch năm"), default=0)
    days_after = models.CharField(_("Sau sự kiện"), max_length=40, blank=True)
    days = models.PositiveSmallIntegerField(_("Số ngày"), null=True, blank=True)
    rule = models.CharField(
        _("Cách tính"), max_length=15, choices=MilestoneRule.choices, default=MilestoneRule.ON_OR_BEFORE
    )
    plan_year = models.PositiveSmallIntegerField(_("Riêng năm kế hoạch"), null=True, blank=True)
    province = models.ForeignKey(
        AdminUnit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Riêng tỉnh")
    )

    class Meta:
        verbose_name = _("mốc kế hoạch")
        verbose_name_plural = _("mốc kế hoạch")
        ordering = ["purse", "milestone", "valid"]
        constraints = [
            no_overlap(
                "milestone_versions_apart",
                "purse",
                "milestone",
                or_zero("plan_year"),
                or_zero("province"),
            ),
            models.CheckConstraint(
                condition=Q(day__isnull=False, day__gte=1, day__lte=31)
                | (Q(days__isnull=False) & ~Q(days_after="")),
                name="milestone_names_a_day",
            ),
            models.CheckConstraint(
                condition=Q(month__isnull=True) | Q(month__gte=1, month__lte=12),
                name="milestone_month_in_range",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class StageClock(DatedRule):
    """How many working days the holder of a state has. No statute says; ``basis`` tells whose rule it is."""

    purse = models.CharField(_("Nguồn"), max_length=4, choices=Purse.choices)
    state = models.CharField(_("Trạng thái"), max_length=20, choices=State.choices)
    working_days = models.PositiveSmallIntegerField(_("Số ngày làm việc"), validators=[MinValueValidator(1)])
    basis = CleanCharField(_("Căn cứ"), max_length=255)

    class Meta:
        verbose_name = _("thời hạn xử lý")
        verbose_name_plural = _("thời hạn xử lý")
        ordering = ["purse", "state"]
        constraints = [no_overlap("clock_versions_apart", "purse", "state")]

    def __str__(self) -> str:
        return f"{self.purse} {self.state}: {self.working_days}"


@tracked()
class ExclusionRule(DatedRule):
    """A case the law leaves out: by sector, by words of the title, or by what kind of establishment asks for
    support of its production (``legal_forms``; where ``workers_over`` is given, with more workers than that).

    ``lifting_paper`` is the paper that shows the case is allowed after all (e.g. a difficult area).
    """

    code = models.SlugField(_("Mã"), max_length=40)
    name = CleanCharField(_("Trường hợp"), max_length=255)
    message = CleanTextField(_("Câu thông báo"))
    sector_code = models.CharField(_("Ngành nghề"), max_length=2, blank=True)
    title_words = ArrayField(
        CleanCharField(max_length=80), verbose_name=_("Từ trong tên"), default=list, blank=True
    )
    legal_forms = ArrayField(
        models.CharField(max_length=10), verbose_name=_("Loại hình cơ sở"), default=list, blank=True
    )
    workers_over = models.PositiveIntegerField(_("Trên số lao động"), null=True, blank=True)
    lifting_paper = models.CharField(_("Giấy tờ chứng minh được hỗ trợ"), max_length=40, blank=True)
    lifting_paper_name = CleanCharField(_("Tên giấy tờ chứng minh"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("trường hợp không hỗ trợ")
        verbose_name_plural = _("trường hợp không hỗ trợ")
        ordering = ["code"]
        constraints = [no_overlap("exclusion_versions_apart", "code")]

    def __str__(self) -> str:
        return self.name


@tracked()
class AreaEligibility(models.Model):
    """Whether production in a commune may be supported. Never inferred from the word "phường".

    ``priority_areas``: letters of the priority areas it is known to lie in; empty says nothing.
    """

    commune = models.ForeignKey(
        AdminUnit, models.PROTECT, related_name="area_eligibility", verbose_name=_("Xã, phường")
    )
    eligible = models.BooleanField(_("Được hỗ trợ"))
    priority_areas = ArrayField(
        models.CharField(max_length=1),
        verbose_name=_("Địa bàn ưu tiên (a, b, c, d)"),
        default=list,
        blank=True,
    )
    valid = DateRangeField(_("Hiệu lực"))
    basis = CleanCharField(_("Căn cứ"), max_length=255)
    source_document = models.ForeignKey(
        LegalDocument, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Văn bản")
    )

    class Meta:
        verbose_name = _("địa bàn được hỗ trợ")
        verbose_name_plural = _("địa bàn được hỗ trợ")
        constraints = [
            no_overlap("area_versions_apart", "commune"),
            models.CheckConstraint(
                condition=Q(priority_areas__contained_by=["a", "b", "c", "d"]),
                name="area_letters_known",
                violation_error_message=_("Địa bàn ưu tiên ghi bằng chữ a, b, c, d, cách nhau dấu phẩy."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commune}: {self.eligible}"
