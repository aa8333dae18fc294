"""What a list of projects can be narrowed by: one set for the page, its export and the API.

Every filter is written out; none takes a lookup or an ordering from the address bar. A value that
makes no sense is an error of its field: the page shows the list without it, the API answers 400.
"""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.filters import (
    EARLIEST_YEAR,
    LATEST_YEAR,
    LONGEST_TEXT,
    Choices,
    DocumentedFilter,
    FlagFilter,
    FlagWidget,
    LazySelect,
    ListFilter,
    OneOrMoreSelect,
    UnitFilter,
    YearFilter,
    province_choices,
)
from accounts.models import User
from programs.lifecycle import Purse, State
from programs.models import ActivityKind, Project
from programs.querysets import ProjectQuerySet
from programs.selectors import waiting_for
from programs.years import plan_years
from records.placing import in_units
from vietnam.models import Level


class ActivityCodeField(forms.CharField):
    """A code of the catalogue, "N3" or "N3.3"."""

    def clean(self, value: Any) -> str:
        code: str = super().clean(value)
        if code and not ActivityKind.objects.filter(code=code).exists():
            raise forms.ValidationError(_("Không có nội dung hoạt động mang mã này."), code="unknown")
        return code


def activity_choices() -> Choices:
    kinds = ActivityKind.objects.filter(valid__contains=timezone.localdate())
    return [("", _("Mọi nội dung")), *((kind.code, str(kind)) for kind in kinds)]


def year_choices() -> Choices:
    return [("", _("Mọi năm")), *((str(year), str(year)) for year in reversed(plan_years()))]


class ActivityFilter(DocumentedFilter):
    field_class = ActivityCodeField


class ProjectFilter(ListFilter):
    """``ProjectFilter(request.GET, queryset=Project.objects.visible_to(user), request=request)``."""

    short: ClassVar[dict[str, str | Promise]] = {
        **ListFilter.short,
        "purse": _("Nguồn"),
        "state": _("Trạng thái"),
        "activity": _("Nội dung"),
        "tranche": _("Đợt kế hoạch"),
    }

    q = django_filters.CharFilter(
        label=_("Tìm theo tên, mã, cơ sở"), method="by_text", max_length=LONGEST_TEXT
    )
    purse = django_filters.ChoiceFilter(
        label=_("Nguồn khuyến công"), choices=Purse.choices, empty_label=_("Mọi nguồn")
    )
    state = django_filters.MultipleChoiceFilter(
        label=_("Trạng thái (có thể ghi nhiều lần)"),
        choices=State.choices,
        widget=OneOrMoreSelect(choices=[("", _("Mọi trạng thái")), *State.choices]),
        method="by_state",
    )
    year = YearFilter(
        label=_("Năm kế hoạch"),
        min_value=EARLIEST_YEAR,
        max_value=LATEST_YEAR,
        widget=LazySelect(year_choices),
    )
    province = UnitFilter(
        label=_("Mã tỉnh, thành phố; gồm cả các tỉnh cũ đã nhập vào"),
        level=Level.PROVINCE,
        widget=LazySelect(province_choices),
        method="by_province",
    )
    activity = ActivityFilter(
        label=_("Mã nội dung hoạt động; mã cấp trên gồm cả cấp dưới"),
        max_length=20,
        widget=LazySelect(activity_choices),
        method="by_activity",
    )
    commune = UnitFilter(
        label=_("Mã xã, phường; gồm cả các xã cũ đã nhập trọn, xã cũ đã chia thì theo xác định của tỉnh"),
        level=Level.COMMUNE,
        method="by_commune",
    )
    tranche = django_filters.UUIDFilter(label=_("Đợt kế hoạch (uuid)"), field_name="tranche__uuid")
    overdue = FlagFilter(label=_("Quá hạn xử lý"), widget=FlagWidget, method="by_overdue")
    carried = FlagFilter(label=_("Số liệu chuyển tiếp"), widget=FlagWidget, method="by_carried")
    mine = FlagFilter(label=_("Chờ tôi xử lý"), widget=FlagWidget, method="by_mine")

    class Meta:
        model = Project
        fields: list[str] = []

    def by_text(self, queryset: ProjectQuerySet, name: str, value: str) -> ProjectQuerySet:
        return queryset.matching(value)

    def by_state(self, queryset: ProjectQuerySet, name: str, value: Any) -> ProjectQuerySet:
        return queryset.filter(state__in=value)

    def by_province(self, queryset: ProjectQuerySet, name: str, value: Any) -> ProjectQuerySet:
        return queryset.filter(province__in=value)

    def by_commune(self, queryset: ProjectQuerySet, name: str, value: Any) -> ProjectQuerySet:
        return queryset.filter(in_units(Project, value))

    def by_activity(self, queryset: ProjectQuerySet, name: str, value: Any) -> ProjectQuerySet:
        codes = activity_and_below(value)
        return queryset.filter(activity__code__in=codes)

    def by_overdue(self, queryset: ProjectQuerySet, name: str, value: Any) -> ProjectQuerySet:
        return queryset.overdue(timezone.localdate()) if value else queryset

    def by_carried(self, queryset: ProjectQuerySet, name: str, value: Any) -> ProjectQuerySet:
        return queryset.filter(carried_as_of__isnull=False) if value else queryset

    def by_mine(self, queryset: ProjectQuerySet, name: str, value: Any) -> ProjectQuerySet:
        """What waits for this person's next step, as on their home page."""
        user = getattr(self.request, "user", None)
        if not value:
            return queryset
        return queryset & waiting_for(user) if isinstance(user, User) else queryset.none()


def activity_and_below(code: str) -> set[str]:
    """The code and every code under it, of all versions of the catalogue."""
    below: dict[str, set[str]] = {}
    for child, parent in ActivityKind.objects.values_list("code", "parent_code"):
        below.setdefault(parent, set()).add(child)
    found, front = {code}, {code}
    while front:
        front = set().union(*(below.get(each, set()) for each in front)) - found
        found |= front
    return found
