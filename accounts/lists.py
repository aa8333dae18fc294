"""A list people filter: its page, the part htmx asks for, and the file of exactly what it shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.filters import Condition, ListFilter
from accounts.http import query_without, signed_in, wants_part
from accounts.models import User
from accounts.scope import act_as
from records import audit, sheets
from records.paging import page_or_first
from vietnam.templatetags.vn import vn_datetime

EXPORT = "xuat"
AT_ONCE = 1000
"""Rows of a file read from the database in one go."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What one list is. ``key`` names it in the audit; the keyset is its order on the page and in files."""

    key: str
    title: str | Promise
    route: str
    keyset: tuple[str, ...]
    page: str
    part: str
    columns: Callable[[], list[sheets.Column]]


def show_list(request: HttpRequest, listing: Listing, chosen: ListFilter, **context: Any) -> HttpResponseBase:
    """The answer to a list's address: ``?xuat=xlsx`` or ``csv`` its file, else a keyset page of it."""
    conditions = chosen.conditions()
    kind = request.GET.get(EXPORT, "")
    if kind in sheets.MEDIA_TYPES:
        return _file(signed_in(request), listing, chosen, conditions, kind)
    query = query_without(request, "cursor", EXPORT)
    context |= {
        "filter": chosen,
        "form": chosen.form,
        "page": page_or_first(chosen.qs, listing.keyset, request.GET.get("cursor", "")),
        "query": query,
        "list_url": reverse(listing.route),
        "conditions": [(it, query_without(request, "cursor", EXPORT, it.name)) for it in conditions],
        "is_part": wants_part(request),
    }
    return render(request, listing.part if context["is_part"] else listing.page, context)


# --- the file


def _file(
    user: User, listing: Listing, chosen: ListFilter, conditions: list[Condition], kind: str
) -> HttpResponseBase:
    now = timezone.localtime()
    told = [str(condition) for condition in conditions]
    audit.record(
        "accounts.export_list", user, actor=user, after={"list": listing.key, "kind": kind, "filters": told}
    )
    response = StreamingHttpResponse(
        _sent(user, listing, chosen, _last_line(told, now), kind), content_type=sheets.MEDIA_TYPES[kind]
    )
    response["Content-Disposition"] = f'attachment; filename="{listing.key}-{now:%Y-%m-%d-%H%M}.{kind}"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _last_line(told: list[str], now: Any) -> str:
    filters = "; ".join(told) or _("không lọc")
    return _("Điều kiện lọc: %(filters)s. Xuất lúc %(moment)s.") % {
        "filters": filters,
        "moment": vn_datetime(now),
    }


def _sent(user: User, listing: Listing, chosen: ListFilter, last_line: str, kind: str) -> Iterator[bytes]:
    """The bytes, made while they are sent: after the view's own transaction, so in one with the same scope.

    One cursor reads one moment of the database, in the list's order, a thousand rows at a time.
    """
    with translation.override(user.language), act_as(user):
        rows = chosen.qs.order_by(*listing.keyset).iterator(chunk_size=AT_ONCE)
        columns = listing.columns()
        table = sheets.Table(str(listing.title), columns, rows, last_line, user.money_unit)
        yield from sheets.pieces(table, kind)
