"""Support norms as they stood on a day: public law, the same for everybody signed in."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers

from accounts.filters import ISO_DATE, UnitFilter
from accounts.rest import ApiViewSet, CodeAndName, IsoDateField, VndField
from programs.filters import ActivityFilter, activity_and_below
from programs.lifecycle import Purse
from programs.models import ActivityKind, NormUnit, RuleConfidence, SupportNorm
from vietnam.models import Level


class NormRow(serializers.Serializer[SupportNorm]):
    """A limit: a percent of the eligible cost, a cap in VND, or both; with its source and how sure we are."""

    purse = serializers.ChoiceField(choices=Purse.choices)
    province = CodeAndName(allow_null=True)
    activity = serializers.CharField(source="activity_code")
    activity_name = serializers.CharField(allow_null=True)
    unit = serializers.ChoiceField(choices=NormUnit.choices)
    pct = serializers.IntegerField(allow_null=True)
    cap_vnd = VndField(allow_null=True)
    uplift_max = serializers.DecimalField(max_digits=3, decimal_places=2, allow_null=True)
    valid_from = IsoDateField(source="valid.lower", allow_null=True)
    valid_to = serializers.SerializerMethodField()
    source = serializers.CharField(  # type: ignore[assignment]  # a field, not the attribute
        source="source_document.number", allow_null=True, default=None
    )
    clause = serializers.CharField()
    confidence = serializers.ChoiceField(choices=RuleConfidence.choices)
    note = serializers.CharField()

    @extend_schema_field({"type": ["string", "null"], "format": "date"})
    def get_valid_to(self, norm: SupportNorm) -> str | None:
        """The last day it holds; null while it is in force."""
        upper: dt.date | None = norm.valid.upper
        return (upper - dt.timedelta(days=1)).isoformat() if upper else None


class NormFilter(django_filters.FilterSet):
    on = django_filters.DateFilter(
        label=_("Có hiệu lực vào ngày (mặc định hôm nay)"), input_formats=ISO_DATE, method="by_day"
    )
    purse = django_filters.ChoiceFilter(label=_("Nguồn khuyến công"), choices=Purse.choices)
    activity = ActivityFilter(
        label=_("Mã nội dung hoạt động; mã cấp trên gồm cả cấp dưới"), max_length=20, method="by_activity"
    )
    province = UnitFilter(label=_("Mã tỉnh có định mức riêng"), level=Level.PROVINCE, method="by_province")

    class Meta:
        model = SupportNorm
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.form.cleaned_data.get("on"):
            queryset = self.by_day(queryset, "on", timezone.localdate())
        return super().filter_queryset(queryset)

    def by_day(self, queryset: QuerySet[Any], name: str, value: dt.date) -> QuerySet[Any]:
        return queryset.filter(valid__contains=value)

    def by_activity(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(activity_code__in=activity_and_below(value))

    def by_province(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return queryset.filter(province__in=value)


@extend_schema(tags=["norms"])
@extend_schema_view(
    list=extend_schema(
        summary="Định mức hỗ trợ",
        description="Định mức có hiệu lực vào ngày “on”, kèm văn bản, điều khoản và độ tin cậy.",
    )
)
class NormViewSet(ApiViewSet):
    queryset = SupportNorm.objects.none()
    keyset = ("purse", "activity_code", "id")
    filterset_class = NormFilter
    serializers = {"list": NormRow}

    def get_queryset(self) -> QuerySet[SupportNorm]:
        name = ActivityKind.objects.filter(code=OuterRef("activity_code"), valid__overlap=OuterRef("valid"))
        return SupportNorm.objects.select_related("province", "source_document").annotate(
            activity_name=Subquery(name.order_by("-valid").values("name")[:1])
        )
