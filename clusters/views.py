"""The register of industrial clusters and a cluster's page."""

from __future__ import annotations

import uuid as uuids

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.http import signed_in
from accounts.lists import Listing, show_list
from clusters.columns import cluster_columns
from clusters.filters import ClusterFilter
from clusters.models import Cluster
from clusters.selectors import course_of

CLUSTERS = Listing(
    key="cum-cong-nghiep",
    title=gettext_lazy("Cụm công nghiệp"),
    route="clusters:cluster_list",
    keyset=("name_sort", "id"),
    page="clusters/cluster_list.html",
    part="clusters/_cluster_table.html",
    columns=cluster_columns,
)


@login_required
@require_safe
def cluster_list(request: HttpRequest) -> HttpResponseBase:
    """By name, as the URL narrows it; htmx gets the table alone."""
    rows = Cluster.objects.visible_to(signed_in(request)).for_list()
    return show_list(request, CLUSTERS, ClusterFilter(request.GET, queryset=rows, request=request))


@login_required
@require_safe
def cluster_detail(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    rows = Cluster.objects.visible_to(signed_in(request)).for_list()
    cluster = get_object_or_404(rows, uuid=uuid)
    return render(request, "clusters/cluster_detail.html", {"cluster": cluster, "course": course_of(cluster)})
