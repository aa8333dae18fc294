"""What the list of payment requests can be narrowed by, and what a file of it holds."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.filters import (
    LONGEST_TEXT,
    FlagFilter,
    FlagWidget,
    LazySelect,
    ListFilter,
    UnitFilter,
    province_choices,
)
from accounts.http import signed_in
from programs.models import PaymentRequest
from programs.moneyterms import RequestKind, RequestState
from programs.querysets import PaymentRequestQuerySet
from records.sheets import Column
from vietnam.models import Level


class PaymentFilter(ListFilter):
    short: ClassVar[dict[str, str | Promise]] = {**ListFilter.short, "mine": gettext_lazy("Chờ tôi")}

    q = django_filters.CharFilter(
        label=gettext_lazy("Mã hoặc tên đề án"), method="by_text", max_length=LONGEST_TEXT
    )
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("Trạng thái"),
        choices=RequestState.choices,
        empty_label=gettext_lazy("Mọi trạng thái"),
    )
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("Loại đề nghị"), choices=RequestKind.choices, empty_label=gettext_lazy("Mọi loại")
    )
    province = UnitFilter(
        label=gettext_lazy("Tỉnh, thành phố"),
        level=Level.PROVINCE,
        widget=LazySelect(province_choices),
        method="by_province",
    )
    mine = FlagFilter(label=gettext_lazy("Chờ tôi xử lý"), method="by_hand", widget=FlagWidget)

    class Meta:
        model = PaymentRequest
        fields: list[str] = []

    def by_text(self, rows: PaymentRequestQuerySet, name: str, value: str) -> PaymentRequestQuerySet:
        return rows.matching(value)

    def by_province(self, rows: PaymentRequestQuerySet, name: str, value: Any) -> PaymentRequestQuerySet:
        return rows.filter(fund__project__province__in=value)

    def by_hand(self, rows: PaymentRequestQuerySet, name: str, value: Any) -> PaymentRequestQuerySet:
        if not value or self.request is None:
            return rows
        return rows.for_hand(signed_in(self.request))


def payment_columns() -> list[Column]:
    return [
        Column(_("Mã đề án"), lambda row: row.project.code, 19),
        Column(_("Tên đề án"), lambda row: row.project.title, 60),
        Column(_("Tỉnh, thành phố"), lambda row: row.project.province.name, 18),
        Column(_("Nguồn"), lambda row: row.fund.source, 8),
        Column(_("Loại đề nghị"), lambda row: str(row.get_kind_display()), 12),
        Column(_("Lần"), lambda row: row.number, 6),
        Column(_("Số tiền đề nghị (đồng)"), lambda row: row.amount_vnd, 18),
        Column(_("Trạng thái"), lambda row: str(row.get_state_display()), 20),
        Column(_("Người đề nghị"), lambda row: str(row.requested_by), 24),
        Column(_("Ngày đề nghị"), lambda row: row.requested_at, 16),
        Column(_("Ý kiến"), lambda row: row.answer, 40),
    ]
