"""The register of industrial clusters and a cluster's page."""

from __future__ import annotations

import uuid as uuids

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.http import query_without_cursor, signed_in, wants_part
from clusters.filters import ClusterFilter
from clusters.models import Cluster
from clusters.selectors import course_of
from records.paging import page_or_first


@login_required
@require_safe
def cluster_list(request: HttpRequest) -> HttpResponse:
    """By name, as the URL narrows it; htmx gets the table alone."""
    rows = Cluster.objects.visible_to(signed_in(request)).for_list()
    chosen = ClusterFilter(request.GET, queryset=rows, request=request)
    page = page_or_first(chosen.qs, ("name_sort", "id"), request.GET.get("cursor", ""))
    part = "clusters/_cluster_table.html"
    return render(
        request,
        part if wants_part(request) else "clusters/cluster_list.html",
        {"form": chosen.form, "page": page, "query": query_without_cursor(request)},
    )


@login_required
@require_safe
def cluster_detail(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    rows = Cluster.objects.visible_to(signed_in(request)).for_list()
    cluster = get_object_or_404(rows, uuid=uuid)
    return render(request, "clusters/cluster_detail.html", {"cluster": cluster, "course": course_of(cluster)})
