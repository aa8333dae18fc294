"""What the list of issued numbers can be narrowed by, and what a file of it holds."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.filters import LONGEST_TEXT, FlagFilter, FlagWidget, ListFilter, YearFilter
from accounts.models import IssuedNumber, PaperKind, RegisterKind
from accounts.models.papers import IssuedNumberQuerySet
from records.sheets import Column


class NumberFilter(ListFilter):
    short: ClassVar[dict[str, str | Promise]] = {**ListFilter.short, "void": gettext_lazy("Số đã hủy")}

    q = django_filters.CharFilter(
        label=gettext_lazy("Số, mã hoặc tên đề án"), method="by_text", max_length=LONGEST_TEXT
    )
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("Loại sổ"),
        choices=RegisterKind.choices,
        empty_label=gettext_lazy("Mọi sổ"),
        field_name="register__kind",
    )
    year = YearFilter(label=gettext_lazy("Năm"), field_name="register__year")
    paper = django_filters.ChoiceFilter(
        label=gettext_lazy("Loại văn bản"),
        choices=PaperKind.choices,
        empty_label=gettext_lazy("Mọi văn bản"),
    )
    void = FlagFilter(label=gettext_lazy("Chỉ số đã hủy"), method="by_void", widget=FlagWidget)

    class Meta:
        model = IssuedNumber
        fields: list[str] = []

    def by_text(self, rows: IssuedNumberQuerySet, name: str, value: str) -> IssuedNumberQuerySet:
        return rows.matching(value)

    def by_void(self, rows: IssuedNumberQuerySet, name: str, value: Any) -> IssuedNumberQuerySet:
        return rows.filter(voided_at__isnull=False) if value else rows


def number_columns() -> list[Column]:
    return [
        Column(_("Số, ký hiệu"), lambda row: row.sign, 18),
        Column(_("Ngày cấp"), lambda row: row.issued_on, 12),
        Column(_("Sổ"), lambda row: str(row.register), 26),
        Column(_("Loại văn bản"), lambda row: str(row.get_paper_display()), 22),
        Column(_("Mã đề án"), lambda row: row.project_code, 19),
        Column(_("Nội dung"), lambda row: row.about, 60),
        Column(_("Người cấp"), lambda row: str(row.issued_by), 24),
        Column(_("Lý do hủy số"), lambda row: row.void_reason, 40),
    ]
