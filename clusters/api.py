"""Industrial clusters in the API, within one's own provinces."""

from __future__ import annotations

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.reverse import reverse

from accounts.rest import UUID_PATTERN, ApiDetailViewSet, CodeAndName, IsoDateField
from clusters.filters import ClusterFilter
from clusters.models import Cluster, ClusterType, LegalStatus, Phase


class ClusterRow(serializers.Serializer[Cluster]):
    """Area in hectares, as text with two decimals."""

    uuid = serializers.UUIDField()
    url = serializers.SerializerMethodField()
    name = serializers.CharField()
    province = CodeAndName()
    commune = CodeAndName(allow_null=True)
    type = serializers.ChoiceField(choices=ClusterType.choices)
    legal_status = serializers.ChoiceField(choices=LegalStatus.choices)
    phase = serializers.ChoiceField(choices=Phase.choices)
    formed_before_2009 = serializers.BooleanField()
    area_ha = serializers.DecimalField(max_digits=8, decimal_places=2)
    decision_number = serializers.CharField()
    decision_date = IsoDateField(allow_null=True)
    updated_at = serializers.DateTimeField()

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_url(self, cluster: Cluster) -> str:
        return reverse("api:cluster-detail", args=[cluster.uuid], request=self.context.get("request"))


@extend_schema(tags=["clusters"])
@extend_schema_view(
    list=extend_schema(summary="Cụm công nghiệp", description="Trong phạm vi của bạn, xếp theo tên."),
    retrieve=extend_schema(summary="Một cụm công nghiệp"),
)
class ClusterViewSet(ApiDetailViewSet):
    queryset = Cluster.objects.none()
    lookup_field = "uuid"
    lookup_value_regex = UUID_PATTERN
    keyset = ("name_sort", "id")
    filterset_class = ClusterFilter
    serializers = {"retrieve": ClusterRow}

    def get_queryset(self) -> QuerySet[Cluster]:
        return Cluster.objects.visible_to(self.actor).select_related("province", "commune")
