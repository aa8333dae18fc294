"""The country's units then and now, and old addresses read as today's."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import policy
from accounts.filters import LONGEST_TEXT
from accounts.http import signed_in
from accounts.scope import scope_of
from programs import territory
from programs.forms import AddressesForm
from records.sheets import MEDIA_TYPES, Column, Table, pieces
from vietnam import atlas
from vietnam.converting import Converted, convert_all
from vietnam.fields import parse_vn_date
from vietnam.models import Level
from vietnam.templatetags.vn import vn_datetime
from vietnam.text import clean

MOST_HITS = 12


def _day(request: HttpRequest) -> tuple[dt.date, str, bool]:
    """The day asked about (today where none is), what was typed, and whether it was understood."""
    asked = request.GET.get("ngay", "").strip()
    try:
        day, understood = (parse_vn_date(asked) if asked else timezone.localdate()), True
    except ValueError:
        day, understood = timezone.localdate(), False
    return day, asked or f"{day:%d/%m/%Y}", understood


LISTED_BY = (Level.PROVINCE, Level.COMMUNE)
"""Units by which the lists of projects, establishments and clusters can be narrowed."""


@login_required
@require_safe
def unit_list(request: HttpRequest) -> HttpResponse:
    """The provinces of a day (``?ngay=``), and the units ``?q=`` may mean, former ones with what they are."""
    user = signed_in(request)
    policy.require(user, "accounts.use_portal")
    day, asked, understood = _day(request)
    text = clean(request.GET.get("q", ""))[:LONGEST_TEXT]
    context = {
        "day": day,
        "asked": asked,
        "understood": understood,
        "is_today": day == timezone.localdate(),
        "text": text,
        "hits": atlas.search_then_and_now(text, day, MOST_HITS) if text else [],
        "rows": atlas.provinces_on(day),
        "administers": policy.decide(user, "programs.change_units").allowed,
    }
    return render(request, "programs/unit_list.html", context)


@login_required
@require_safe
def unit_detail(request: HttpRequest, code: str) -> HttpResponse:
    """A unit as it was on ``?ngay=``: where it came from, what it is now, what lay in it, and its sums."""
    user = signed_in(request)
    policy.require(user, "accounts.use_portal")
    day, asked, _understood = _day(request)
    unit = atlas.unit_with_code(code, day)
    if unit is None:
        raise Http404
    mine = unit.level == Level.PROVINCE and unit.pk in scope_of(user).province_ids
    of_today = unit.exists_on(timezone.localdate())
    context = {
        "page": atlas.page_of(unit, day),
        "unit": unit,
        "asked": asked,
        "query": f"?ngay={asked}" if request.GET.get("ngay") else "",
        "years": territory.years_of(user, unit) if mine else [],
        "narrowed": f"?{unit.level}={unit.code}" if of_today and unit.level in LISTED_BY else "",
        "places": territory.communes_of(user, unit) if mine and of_today else [],
    }
    return render(request, "programs/unit_detail.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def address_convert(request: HttpRequest) -> HttpResponseBase:
    """Old addresses, one a line, as units of today; the same as a file. Nothing is kept of them."""
    user = signed_in(request)
    policy.require(user, "accounts.use_portal")
    asked = {"lines": request.GET.get("q", "")}
    form = AddressesForm(request.POST if request.method == "POST" else asked if asked["lines"] else None)
    found = convert_all(form.cleaned_data["lines"], form.cleaned_data["on"]) if form.is_valid() else []
    kind = request.POST.get("xuat", "")
    if found and kind in MEDIA_TYPES:
        return _as_file(found, kind)
    context = {
        "form": form,
        "found": found,
        "unsure": sum(each.certain is None for each in found),
        "same_request": form.data if found else {},
    }
    return render(request, "programs/address_convert.html", context, status=422 if form.errors else 200)


def _as_file(found: list[Converted], kind: str) -> StreamingHttpResponse:
    now = timezone.localtime()
    last = _("Xuất lúc %(moment)s.") % {"moment": vn_datetime(now)}
    table = Table(_("Đổi địa chỉ"), _columns(), found, last)
    response = StreamingHttpResponse(pieces(table, kind), content_type=MEDIA_TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="doi-dia-chi-{now:%Y-%m-%d-%H%M}.{kind}"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _columns() -> list[Column]:
    return [
        Column(_("Địa chỉ đã ghi"), lambda row: row.raw, 50),
        Column(_("Nay thuộc"), lambda row: row.certain.full_name if row.certain else "", 40),
        Column(_("Mã"), lambda row: row.certain.code if row.certain else "", 8),
        Column(
            _("Chưa xác định, có thể là"),
            lambda row: "" if row.certain else "; ".join(f"{unit.code} {unit.full_name}" for unit in row.now),
            60,
        ),
        Column(_("Giải thích"), lambda row: row.note, 60),
    ]
