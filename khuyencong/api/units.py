"""Administrative units as they were on a day, and what became of those that are gone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.filters import ISO_DATE, LONGEST_TEXT
from accounts.rest import ApiViewSet, CodeAndName, IsoDateField
from khuyencong.api.pagination import page_size
from vietnam.converting import OUTCOMES, Converted, convert_all
from vietnam.models import AdminUnit, Level, successors_on

LONGEST_ADDRESS = 300


class UnitRow(serializers.Serializer[Any]):
    level = serializers.ChoiceField(choices=Level.choices)
    code = serializers.CharField()
    name = serializers.CharField()
    full_name = serializers.CharField()
    parent = CodeAndName(allow_null=True)
    valid_from = IsoDateField(source="valid.lower", allow_null=True)
    valid_to = IsoDateField(source="ended_on", allow_null=True, help_text="Ngày cuối cùng tồn tại.")
    successors = serializers.SerializerMethodField(help_text="Đơn vị hôm nay, nếu đơn vị này không còn.")

    @extend_schema_field(CodeAndName(many=True))
    def get_successors(self, unit: AdminUnit) -> list[dict[str, str]]:
        found: list[AdminUnit] = self.context["successors"].get(unit.pk, [])
        return [{"code": each.code, "name": each.name} for each in found if each.pk != unit.pk]


class AddressFilter(django_filters.FilterSet):
    """Not a filter of rows: what is asked of one address, described and refused like one."""

    q = django_filters.CharFilter(label=_("Địa chỉ như đã ghi"), max_length=LONGEST_ADDRESS)
    on = django_filters.DateFilter(label=_("Ngày ghi địa chỉ, nếu biết"), input_formats=ISO_DATE)


class ConvertedRow(serializers.Serializer[Any]):
    raw = serializers.CharField(help_text="Địa chỉ như đã gửi.")
    certain = serializers.SerializerMethodField()
    outcome = serializers.ChoiceField(choices=OUTCOMES)
    named = CodeAndName(many=True, help_text="Đơn vị mà địa chỉ nói đến, có thể đã hết tồn tại.")
    now = CodeAndName(many=True)
    note = serializers.CharField()

    def get_certain(self, found: Converted) -> bool:
        return found.certain is not None


class UnitFilter(django_filters.FilterSet):
    on = django_filters.DateFilter(
        label=_("Tồn tại vào ngày (mặc định hôm nay)"), input_formats=ISO_DATE, method="by_day"
    )
    level = django_filters.ChoiceFilter(label=_("Cấp"), choices=Level.choices)
    code = django_filters.CharFilter(label=_("Mã chính thức"), max_length=5)
    province = django_filters.CharFilter(
        label=_("Mã tỉnh, thành phố trực thuộc"), max_length=2, method="in_province"
    )
    q = django_filters.CharFilter(
        label=_("Tên, không dấu hay viết tắt đều được; trả về các kết quả gần nhất, không chia trang"),
        max_length=LONGEST_TEXT,
        method="by_text",
    )

    class Meta:
        model = AdminUnit
        fields: ClassVar[list[str]] = []

    @property
    def day(self) -> dt.date:
        chosen: dt.date | None = self.form.cleaned_data.get("on")
        return chosen or timezone.localdate()

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return super().filter_queryset(queryset.filter(valid__contains=self.day))

    def by_day(self, queryset: QuerySet[Any], name: str, value: dt.date) -> QuerySet[Any]:
        return queryset  # every listing is of one day, see filter_queryset

    def in_province(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        above, far_above = Q(parent__level=Level.PROVINCE), Q(parent__parent__level=Level.PROVINCE)
        return queryset.filter((above & Q(parent__code=value)) | (far_above & Q(parent__parent__code=value)))

    def by_text(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset  # a search ranks, it is done by the view


@extend_schema(tags=["units"])
@extend_schema_view(
    list=extend_schema(
        summary="Đơn vị hành chính",
        description="Tỉnh, huyện (đến 30/06/2025), xã vào ngày “on”; mã có thể được dùng lại sau sáp nhập.",
    )
)
class UnitViewSet(ApiViewSet):
    """The country's units are public; no scope applies."""

    queryset = AdminUnit.objects.none()
    keyset = ("sort_key", "id")
    filterset_class = UnitFilter
    serializers = {"list": UnitRow, "convert": ConvertedRow}
    asking = frozenset({"list", "convert"})

    def get_queryset(self) -> QuerySet[AdminUnit]:
        return AdminUnit.objects.select_related("parent__parent__parent")

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found: Any = self.filter_queryset(self.get_queryset())
        asked = UnitFilter(request.query_params).form
        if asked.is_valid() and (text := asked.cleaned_data["q"].strip()):  # found above, so it is valid
            size = page_size(request)
            rows = found.search(text, asked.cleaned_data["on"], asked.cleaned_data["level"], size)
            return Response({"next": None, "previous": None, "results": self._written(rows)})
        return self.get_paginated_response(self._written(self.paginate_queryset(found) or []))

    @extend_schema(
        summary="Đổi địa chỉ cũ sang đơn vị hiện nay",
        description="“now” có một đơn vị khi chắc chắn (“certain”); khi không, mọi khả năng.",
        responses=ConvertedRow,
        filters=True,
    )
    @action(detail=False, pagination_class=None, filterset_class=AddressFilter)
    def convert(self, request: Request) -> Response:
        asked = AddressFilter(request.query_params, queryset=self.get_queryset()).form
        if not asked.is_valid():
            raise ValidationError({name: [*map(str, found)] for name, found in asked.errors.items()})
        (found,) = convert_all([asked.cleaned_data["q"]], asked.cleaned_data["on"])
        return Response(ConvertedRow(found).data)

    def _written(self, rows: Sequence[AdminUnit]) -> Any:
        gone = [unit for unit in rows if unit.ended_on is not None]
        context = {**self.get_serializer_context(), "successors": successors_on(gone) if gone else {}}
        return UnitRow(rows, many=True, context=context).data
