"""The register of establishments. An establishment's page shows its projects, so ``programs`` serves it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.http import query_without_cursor, signed_in, wants_part
from beneficiaries.filters import EstablishmentFilter
from beneficiaries.models import Establishment
from records.paging import page_or_first


@login_required
@require_safe
def establishment_list(request: HttpRequest) -> HttpResponse:
    """By name, as the URL narrows it; htmx gets the table alone."""
    rows = Establishment.objects.visible_to(signed_in(request)).for_list()
    chosen = EstablishmentFilter(request.GET, queryset=rows, request=request)
    page = page_or_first(chosen.qs, ("name_sort", "id"), request.GET.get("cursor", ""))
    part = "beneficiaries/_establishment_table.html"
    return render(
        request,
        part if wants_part(request) else "beneficiaries/establishment_list.html",
        {"form": chosen.form, "page": page, "query": query_without_cursor(request)},
    )
