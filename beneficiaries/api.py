"""Establishments in the API: the register of one's own province, personal numbers only masked."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.rest import UUID_PATTERN, ApiDetailViewSet, CodeAndName, etag
from beneficiaries.filters import EstablishmentFilter
from beneficiaries.models import Establishment, LegalForm


class SiteRow(serializers.Serializer[Any]):
    """Where it produces: this place decides eligibility, not the head office."""

    commune = CodeAndName(allow_null=True)
    address = serializers.CharField()


class EstablishmentRow(serializers.Serializer[Establishment]):
    """Names of people and telephone numbers are left to the portal."""

    uuid = serializers.UUIDField()
    url = serializers.SerializerMethodField()
    name = serializers.CharField()
    legal_form = serializers.ChoiceField(choices=LegalForm.choices)
    tax_code = serializers.CharField(source="shown_tax_code", help_text="Mã số cá nhân chỉ hiện phần đã che.")
    tax_code_is_personal = serializers.SerializerMethodField()
    province = CodeAndName()
    commune = CodeAndName(allow_null=True)
    address = serializers.CharField()
    employees = serializers.IntegerField(allow_null=True)
    version = serializers.IntegerField()
    updated_at = serializers.DateTimeField()

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_url(self, establishment: Establishment) -> str:
        return reverse(
            "api:establishment-detail", args=[establishment.uuid], request=self.context.get("request")
        )

    @extend_schema_field({"type": "boolean"})
    def get_tax_code_is_personal(self, establishment: Establishment) -> bool:
        return bool(establishment.personal_code_masked)


class EstablishmentDetail(EstablishmentRow):
    sites = SiteRow(many=True, source="sites.all")


@extend_schema(tags=["establishments"])
@extend_schema_view(
    list=extend_schema(
        summary="Cơ sở công nghiệp nông thôn", description="Danh bạ trong phạm vi của bạn, xếp theo tên."
    ),
    retrieve=extend_schema(summary="Một cơ sở", description="Kèm địa điểm sản xuất."),
)
class EstablishmentViewSet(ApiDetailViewSet):
    queryset = Establishment.objects.none()
    lookup_field = "uuid"
    lookup_value_regex = UUID_PATTERN
    keyset = ("name_sort", "id")
    filterset_class = EstablishmentFilter
    serializers = {"list": EstablishmentRow, "retrieve": EstablishmentDetail}

    def get_queryset(self) -> QuerySet[Establishment]:
        rows = Establishment.objects.visible_to(self.actor).select_related("province", "commune")
        return rows if self.action == "list" else rows.prefetch_related("sites__commune")

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        establishment = self.get_object()
        return Response(self.get_serializer(establishment).data, headers=etag(establishment.version))
