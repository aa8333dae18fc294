"""Year plans with their ceilings, tranches and the decisions on them."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.filters import EARLIEST_YEAR, LATEST_YEAR, UnitFilter, YearFilter
from accounts.rest import (
    UUID_PATTERN,
    ApiDetailViewSet,
    CodeAndName,
    IsoDateField,
    VndField,
    etag,
    seen_version,
    writes,
)
from programs import tranches
from programs.api.steps import PaperBody, TrancheStepBody
from programs.lifecycle import Purse
from programs.models import Ceiling, Tranche, TrancheState, YearPlan
from vietnam.models import Level


class CeilingRow(serializers.Serializer[Ceiling]):
    source = serializers.ChoiceField(choices=Purse.choices)  # type: ignore[assignment]  # a field
    amount_vnd = VndField()
    committed_vnd = VndField()
    remaining_vnd = VndField()
    document_number = serializers.CharField()


class TrancheRef(serializers.Serializer[Tranche]):
    uuid = serializers.UUIDField()
    number = serializers.IntegerField()
    state = serializers.ChoiceField(choices=TrancheState.choices)


class PlanRow(serializers.Serializer[YearPlan]):
    """A purse's plan of one year; a national plan belongs to the unit 00 "Toàn quốc"."""

    uuid = serializers.UUIDField()
    url = serializers.SerializerMethodField()
    purse = serializers.ChoiceField(choices=Purse.choices)
    year = serializers.IntegerField()
    province = CodeAndName()
    ceilings = CeilingRow(many=True, source="ceilings.all")
    tranches = TrancheRef(many=True, source="tranches.all")

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_url(self, plan: YearPlan) -> str:
        return reverse("api:plan-detail", args=[plan.uuid], request=self.context.get("request"))


class TrancheRow(serializers.Serializer[Tranche]):
    uuid = serializers.UUIDField()
    url = serializers.SerializerMethodField()
    plan = serializers.UUIDField(source="plan.uuid")
    purse = serializers.ChoiceField(choices=Purse.choices, source="plan.purse")
    year = serializers.IntegerField(source="plan.year")
    province = CodeAndName(source="plan.province")
    number = serializers.IntegerField()
    state = serializers.ChoiceField(choices=TrancheState.choices)
    state_label = serializers.CharField(source="get_state_display")
    version = serializers.IntegerField()
    carried = serializers.BooleanField(
        help_text="Đợt của quyết định trên giấy: mọi đề án là số liệu chuyển tiếp."
    )
    decision_number = serializers.CharField()
    decision_date = IsoDateField(allow_null=True)
    decision_signer = serializers.CharField()
    notice_number = serializers.CharField()
    notice_date = IsoDateField(allow_null=True)
    projects_url = serializers.SerializerMethodField()

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_url(self, tranche: Tranche) -> str:
        return reverse("api:tranche-detail", args=[tranche.uuid], request=self.context.get("request"))

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_projects_url(self, tranche: Tranche) -> str:
        listing = reverse("api:project-list", request=self.context.get("request"))
        return f"{listing}?tranche={tranche.uuid}"


class PlanFilter(django_filters.FilterSet):
    purse = django_filters.ChoiceFilter(label=_("Nguồn khuyến công"), choices=Purse.choices)
    year = YearFilter(label=_("Năm kế hoạch"), min_value=EARLIEST_YEAR, max_value=LATEST_YEAR)
    province = UnitFilter(
        label=_("Mã tỉnh, thành phố; gồm cả các tỉnh cũ đã nhập vào"),
        level=Level.PROVINCE,
        method="by_province",
    )

    class Meta:
        model = YearPlan
        fields: list[str] = []

    def by_province(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return queryset.filter(province__in=value)


class TrancheFilter(django_filters.FilterSet):
    plan = django_filters.UUIDFilter(label=_("Kế hoạch năm (uuid)"), field_name="plan__uuid")
    purse = django_filters.ChoiceFilter(
        label=_("Nguồn khuyến công"), choices=Purse.choices, field_name="plan__purse"
    )
    year = YearFilter(
        label=_("Năm kế hoạch"), min_value=EARLIEST_YEAR, max_value=LATEST_YEAR, field_name="plan__year"
    )
    state = django_filters.ChoiceFilter(label=_("Trạng thái"), choices=TrancheState.choices)

    class Meta:
        model = Tranche
        fields: list[str] = []


@extend_schema(tags=["plans"])
@extend_schema_view(
    list=extend_schema(
        summary="Kế hoạch năm", description="Kế hoạch quốc gia và kế hoạch địa phương trong phạm vi của bạn."
    ),
    retrieve=extend_schema(summary="Một kế hoạch năm", description="Trần theo nguồn và các đợt."),
)
class PlanViewSet(ApiDetailViewSet):
    queryset = YearPlan.objects.none()
    lookup_field = "uuid"
    lookup_value_regex = UUID_PATTERN
    keyset = ("-year", "-id")
    filterset_class = PlanFilter
    serializers = {"retrieve": PlanRow}

    def get_queryset(self) -> QuerySet[YearPlan]:
        return (
            YearPlan.objects.visible_to(self.actor)
            .select_related("province")
            .prefetch_related(
                Prefetch("ceilings", Ceiling.objects.order_by("source")),
                Prefetch("tranches", Tranche.objects.visible_to(self.actor).order_by("number")),
            )
        )


@extend_schema(tags=["tranches"])
@extend_schema_view(
    list=extend_schema(summary="Đợt kế hoạch", description="Đợt mới lập trước."),
    retrieve=extend_schema(summary="Một đợt kế hoạch", description="Tiêu đề ETag mang phiên bản."),
)
class TrancheViewSet(ApiDetailViewSet):
    queryset = Tranche.objects.none()
    lookup_field = "uuid"
    lookup_value_regex = UUID_PATTERN
    keyset = ("-id",)
    filterset_class = TrancheFilter
    serializers = {"retrieve": TrancheRow}

    def get_queryset(self) -> QuerySet[Tranche]:
        return Tranche.objects.visible_to(self.actor).select_related("plan__province")

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self._answer(self.get_object())

    def _answer(self, tranche: Tranche, status: int = 200) -> Response:
        return Response(self.get_serializer(tranche).data, status=status, headers=etag(tranche.version))

    @extend_schema(
        summary="Ghi quyết định hoặc giao kế hoạch",
        description=(
            "approve: quyết định phê duyệt cả đợt; assign: thông báo giao. Tất cả đề án của đợt cùng chuyển "
            "hoặc không đề án nào; vướng mắc được kể ra hết (409 plan_blocked)."
        ),
        request=TrancheStepBody,
        responses={201: TrancheRow},
    )
    @action(detail=True, methods=["post"])
    @writes
    def transitions(self, request: Request, uuid: str) -> Response:
        tranche = self.get_object()
        body = TrancheStepBody(data=request.data)
        body.is_valid(raise_exception=True)
        checked: dict[str, Any] = body.validated_data
        version = seen_version(request, checked)
        verb = tranches.decide if checked["action"] == "approve" else tranches.assign
        paper = PaperBody.paper(checked.get("data", {}))
        verb(tranche, actor=self.actor, paper=paper, expected_version=version)
        return self._answer(tranche, status=201)
