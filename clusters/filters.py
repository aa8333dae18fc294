"""What the register of clusters can be narrowed by: one set for the page and the API."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from accounts.filters import RegisterFilter
from clusters.models import Cluster, ClusterType, LegalStatus, Phase


class ClusterFilter(RegisterFilter):
    type = django_filters.ChoiceFilter(
        label=_("Loại"), choices=ClusterType.choices, empty_label=_("Mọi loại")
    )
    legal_status = django_filters.ChoiceFilter(
        label=_("Pháp lý"), choices=LegalStatus.choices, empty_label=_("Mọi tình trạng")
    )
    phase = django_filters.ChoiceFilter(
        label=_("Giai đoạn"), choices=Phase.choices, empty_label=_("Mọi giai đoạn")
    )

    class Meta:
        model = Cluster
        fields: list[str] = []
