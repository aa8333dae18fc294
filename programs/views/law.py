"""The law applied on a day, with source and confidence."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import policy
from accounts.http import signed_in
from programs.explorer import LISTED, Asked, groups_of, rows_of
from programs.models import ActivityKind, RuleProposal
from programs.rulekinds import BY_SLUG, KINDS
from programs.rules import levels_of
from programs.search import document_validity
from vietnam.fields import parse_vn_date
from vietnam.models import AdminUnit, LegalDocument, Level
from vietnam.text import clean


@login_required
@require_safe
def norm_list(request: HttpRequest) -> HttpResponse:
    """``?ngay=dd/mm/yyyy`` asks for another day, ``loai`` for a kind; what is unverified says so.

    ``tinh`` (a code), ``noi-dung`` (a code) and ``van-ban`` (an id) narrow it.
    """
    user = signed_in(request)
    policy.require(user, "accounts.use_portal")
    day, understood = _day(request.GET.get("ngay", "").strip())
    asked = _asked(request, day)
    rows, more = rows_of(asked)
    context = {
        "rows": rows,
        "more": more,
        "most": LISTED,
        "groups": groups_of(asked),
        "understood": understood,
        "waiting": RuleProposal.objects.visible_to(user).waiting().count(),
        "keeps": any(level is None or asked.kind.provincial for level in levels_of(user)),
        **_words(request, asked),
    }
    return render(request, "programs/norm_list.html", context)


def _words(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    """What the page says about what was asked, and how its links ask on."""
    text = request.GET.get("ngay", "").strip() or f"{asked.day:%d/%m/%Y}"
    called = ActivityKind.objects.filter(code=asked.activity, valid__contains=asked.day).first()
    kept = {
        "ngay": text if text != f"{timezone.localdate():%d/%m/%Y}" else "",
        "tinh": asked.province.code if asked.province else "",
        "noi-dung": asked.activity,
        "van-ban": asked.document.pk if asked.document else "",
    }
    return {
        "asked": asked,
        "day_text": text,
        "activity_name": str(called) if called else asked.activity,
        "validity": document_validity(asked.document) if asked.document else "",
        "provinces": AdminUnit.objects.filter(level=Level.PROVINCE, valid__contains=asked.day).order_by(
            "sort_key"
        ),
        "kept": urlencode({name: value for name, value in kept.items() if value}),
    }


def _asked(request: HttpRequest, day: dt.date) -> Asked:
    province = AdminUnit.objects.filter(
        level=Level.PROVINCE, code=clean(request.GET.get("tinh", ""))[:5], valid__contains=day
    ).first()
    return Asked(
        day=day,
        kind=BY_SLUG.get(request.GET.get("loai", ""), KINDS[0]),
        activity=clean(request.GET.get("noi-dung", "")),
        document=_document(request.GET.get("van-ban", "")),
        province=province,
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
