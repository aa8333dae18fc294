"""An establishment's page: who it is, where it produces, and the projects that name it."""

from __future__ import annotations

import uuid as uuids

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.http import signed_in
from beneficiaries.models import Establishment
from programs.supports import projects_with, supports_of
from records.paging import page_or_first


@login_required
@require_safe
def establishment_detail(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    user = signed_in(request)
    establishment = get_object_or_404(Establishment.objects.visible_to(user).for_list(), uuid=uuid)
    projects = projects_with(establishment, user)
    context = {
        "establishment": establishment,
        "supports": supports_of(projects),
        "page": page_or_first(projects.for_list(), ("-year", "-id"), request.GET.get("cursor", "")),
    }
    return render(request, "programs/establishment_detail.html", context)
