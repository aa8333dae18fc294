"""The register of establishments. An establishment's page shows its projects, so ``programs`` serves it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.http import signed_in
from accounts.lists import Listing, show_list
from beneficiaries.columns import establishment_columns
from beneficiaries.filters import EstablishmentFilter
from beneficiaries.models import Establishment

ESTABLISHMENTS = Listing(
    key="co-so",
    title=gettext_lazy("Cơ sở công nghiệp nông thôn"),
    route="beneficiaries:establishment_list",
    keyset=("name_sort", "id"),
    page="beneficiaries/establishment_list.html",
    part="beneficiaries/_establishment_table.html",
    columns=establishment_columns,
)


@login_required
@require_safe
def establishment_list(request: HttpRequest) -> HttpResponseBase:
    """By name, as the URL narrows it; htmx gets the table alone."""
    rows = Establishment.objects.visible_to(signed_in(request)).for_list()
    chosen = EstablishmentFilter(request.GET, queryset=rows, request=request)
    return show_list(request, ESTABLISHMENTS, chosen)
