"""Records of split communes: which wait to be placed, and saying where one lies now."""

from __future__ import annotations

import uuid as uuids
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import policy
from accounts.http import query_without_cursor, signed_in
from programs import territory
from programs.forms import PlaceRecordForm
from programs.views.shared import put_refusal
from records.paging import page_or_first
from records.placing import placement_of


@login_required
@require_safe
def unplaced_list(request: HttpRequest) -> HttpResponse:
    """What stands under "chưa xác định" in the person's scope, a kind at a time (``?loai=co-so``)."""
    user = signed_in(request)
    policy.require(user, "accounts.use_portal")
    kind = request.GET.get("loai", "")
    kind = kind if kind in territory.KINDS else next(iter(territory.KINDS))
    counts = territory.counts_by_kind(user)
    page = page_or_first(territory.unplaced_rows(user, kind), ("-id",), request.GET.get("cursor", ""))
    context = {
        "page": page,
        "kind": kind,
        "query": query_without_cursor(request),
        "rows": [
            (row, name_of(row), policy.decide(user, "programs.place_record", row).allowed)
            for row in page.rows
        ],
        "chips": [
            {"label": label, "url": f"?loai={key}", "count": counts[key], "current": key == kind}
            for key, (_model, label) in territory.KINDS.items()
        ],
    }
    return render(request, "programs/unplaced_list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def place_record(request: HttpRequest, kind: str, uuid: uuids.UUID) -> HttpResponse:
    """Choose the part of the split commune; may be chosen anew."""
    user = signed_in(request)
    thing = get_object_or_404(territory.records_of(user, kind), uuid=uuid)
    units = territory.candidates(thing)
    if not units:
        raise Http404
    policy.require(user, "programs.place_record", thing)
    form = PlaceRecordForm(request.POST if request.method == "POST" else None, units=units)
    if request.method == "POST" and _placed(form, thing, request):
        messages.success(
            request, _("Đã xác định “%(name)s” nay thuộc đơn vị nào.") % {"name": name_of(thing)}
        )
        return redirect(f"{reverse('programs:unplaced_list')}?loai={kind}")
    context = {
        "thing": thing,
        "name": name_of(thing),
        "kind": kind,
        "form": form,
        "before": placement_of(thing),
    }
    return render(request, "programs/place_record.html", context, status=422 if form.errors else 200)


def _placed(form: PlaceRecordForm, thing: Any, request: HttpRequest) -> bool:
    if not form.is_valid():
        return False
    try:
        territory.place_record(thing, actor=signed_in(request), **form.placement())
    except ValidationError as error:
        put_refusal(form, error)
        return False
    return True


def name_of(thing: Any) -> str:
    return getattr(thing, "title", "") or thing.name
