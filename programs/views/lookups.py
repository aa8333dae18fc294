"""Type-ahead answers: places and establishments, without diacritics, as JSON."""

from __future__ import annotations

import datetime as dt
from functools import reduce
from operator import or_

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import signed_in
from beneficiaries.models import Establishment
from vietnam.models import AdminUnit, Level, successors_on
from vietnam.units import UnitHit

LIMIT = 12
LONGEST_QUERY = 100


@login_required
@require_safe
def units(request: HttpRequest) -> JsonResponse:
    """Units as they were on ``on``: ``?q=tho xuan&level=commune&province=38``; ended ones say so."""
    text = request.GET.get("q", "")[:LONGEST_QUERY]
    level = request.GET.get("level", "commune")
    try:
        on = dt.date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        on = timezone.localdate()
    places = AdminUnit.objects.select_related("parent__parent")
    if province := request.GET.get("province", ""):
        places = places.filter(_in_province(province))  # before the search, which keeps only the best few
    found = places.search(text, on, level, LIMIT)
    now = successors_on([unit for unit in found if not unit.exists_on(on)], on)
    hits = [UnitHit(unit, tuple(now.get(unit.pk, ()))) for unit in found]
    return JsonResponse(
        {"results": [{"id": hit.unit.pk, "text": hit.unit.name, "note": hit.label} for hit in hits]}
    )


def _in_province(code: str) -> Q:
    """The province itself, and the districts and communes in it."""
    above = ("", "parent__", "parent__parent__")
    return reduce(or_, (Q(**{f"{to}code": code, f"{to}level": Level.PROVINCE}) for to in above))


@login_required
@require_safe
def establishments(request: HttpRequest) -> JsonResponse:
    """Establishments of the person's own scope by folded name or tax code."""
    text = request.GET.get("q", "")[:LONGEST_QUERY]
    found = Establishment.objects.visible_to(signed_in(request)).matching(text).order_by("name_sort")[:LIMIT]
    return JsonResponse(
        {
            "results": [
                {
                    "id": str(item.uuid),
                    "text": item.name,
                    "note": item.shown_tax_code,
                    "tax_code": item.tax_code,
                }
                for item in found
            ]
        }
    )
