"""The norms as they hold on a day, with source and confidence."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import policy
from accounts.http import signed_in
from programs.filters import activity_and_below
from programs.models import ActivityKind, SupportNorm
from programs.search import document_validity
from vietnam.fields import parse_vn_date
from vietnam.models import LegalDocument
from vietnam.text import clean


@login_required
@require_safe
def norm_list(request: HttpRequest) -> HttpResponse:
    """``?ngay=dd/mm/yyyy`` asks for another day; what is unverified says so.

    ``noi-dung`` (a code) and ``van-ban`` (an id) narrow it to one activity or one document.
    """
    policy.require(signed_in(request), "accounts.use_portal")
    asked = request.GET.get("ngay", "").strip()
    day, understood = _day(asked)
    norms = SupportNorm.objects.filter(valid__contains=day).select_related("source_document", "province")
    if activity := clean(request.GET.get("noi-dung", "")):
        norms = norms.filter(activity_code__in=activity_and_below(activity))
    document = _document(request.GET.get("van-ban", ""))
    if document:
        norms = norms.filter(source_document=document)
    names = dict(ActivityKind.objects.filter(valid__contains=day).values_list("code", "name"))
    return render(
        request,
        "programs/norm_list.html",
        {
            "rows": [(norm, names.get(norm.activity_code), _place(norm)) for norm in norms],
            "day": day,
            "asked": asked or f"{day:%d/%m/%Y}",
            "activity": activity,
            "activity_name": names.get(activity, activity),
            "document": document,
            "validity": document_validity(document) if document else "",
            "understood": understood,
        },
    )


def _day(asked: str) -> tuple[dt.date, bool]:
    """The day asked about, today where none is; and whether it was understood."""
    try:
        return (parse_vn_date(asked) if asked else timezone.localdate()), True
    except ValueError:
        return timezone.localdate(), False


def _document(number: str) -> LegalDocument | None:
    """The document of this id; none for nonsense."""
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    return LegalDocument.objects.filter(pk=number).select_related("replaced_by").first()


def _place(norm: SupportNorm) -> str:
    """What the checks' verdicts call the norm, so that they can point at its row."""
    province = norm.province.code if norm.province else ""
    return "-".join(part for part in (norm.purse, province, norm.activity_code) if part)
