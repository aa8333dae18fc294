"""A list people filter: its page, the part htmx asks for, its saved views, and the file of what it shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.filters import ListFilter
from accounts.http import query_without, signed_in, wants_part
from accounts.models import SavedView, User
from accounts.saved import in_order
from accounts.scope import act_as
from records import audit, sheets
from records.paging import page_or_first
from vietnam.templatetags.vn import vn_datetime
from vietnam.text import sort_key

EXPORT, ALL = "xuat", "tat-ca"
CONTROLS = ("cursor", EXPORT, ALL)
"""Words of a list's address that are no filters."""
AT_ONCE = 1000
"""Rows of a file read from the database in one go."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A link above a list to some filters of it; ``view`` is the saved view's uuid."""

    label: str | Promise
    url: str
    current: bool = False
    view: str = ""
    shared: bool = False
    count: None = None


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


def show_list(
    request: HttpRequest, listing: Listing, chosen: ListFilter, *, chips: Sequence[Chip] = (), **context: Any
) -> HttpResponseBase:
    """The answer to a list's address: ``?xuat=xlsx`` or ``csv`` its file, else a keyset page of it.

    Without a query it opens with the view the person has made its home; ``?tat-ca=1`` shows all.
    """
    user, is_part = signed_in(request), wants_part(request)
    kind = request.GET.get(EXPORT, "")
    if kind in sheets.MEDIA_TYPES:
        return _file(user, listing, chosen, kind)
    views = list(SavedView.objects.visible_to(user).of_list(listing.key).select_related("user", "office"))
    home = next((view for view in views if view.is_home and view.user_id == user.pk), None)
    list_url = reverse(listing.route)
    if home and not request.GET and not is_part:
        return redirect(f"{list_url}?{home.query}")
    context |= {
        "filter": chosen,
        "form": chosen.form,
        "page": page_or_first(chosen.qs, listing.keyset, request.GET.get("cursor", "")),
        "query": query_without(request, *CONTROLS),
        "listing": listing.key,
        "list_url": list_url,
        "all_url": f"{list_url}?{ALL}=1" if home else list_url,
        "is_part": is_part,
    }
    context["conditions"] = [
        (condition, _address(request, context["all_url"], condition.name))
        for condition in chosen.conditions()
    ]
    context |= _views(user, views, context["query"])
    context["chips"] = _chips(context, chips)
    return render(request, listing.part if is_part else listing.page, context)


def _address(request: HttpRequest, all_url: str, name: str) -> str:
    """The list without one of its conditions."""
    rest = query_without(request, *CONTROLS, name)
    return f"?{rest}" if rest else all_url


def _views(user: User, views: list[SavedView], query: str) -> dict[str, Any]:
    """The saved views in the order of their names, and the one that is on screen."""
    now = in_order(query)
    views.sort(key=lambda view: sort_key(view.name))
    on_screen = [view for view in views if view.query == now]
    mine = (view for view in on_screen if view.user_id == user.pk)
    return {"views": views, "view": next(mine, next(iter(on_screen), None))}


def _chips(context: dict[str, Any], ready_made: Sequence[Chip]) -> list[Chip]:
    """Everything, the ready-made filters, then the saved views."""
    saved = [
        Chip(view.name, f"?{view.query}", view == context["view"], str(view.uuid), view.office is not None)
        for view in context["views"]
    ]
    if not saved and not ready_made:
        return []
    return [Chip(_("Tất cả"), context["all_url"], not context["query"]), *ready_made, *saved]


# --- the file


def _file(user: User, listing: Listing, chosen: ListFilter, kind: str) -> HttpResponseBase:
    now = timezone.localtime()
    told = [str(condition) for condition in chosen.conditions()]
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
        table = sheets.Table(str(listing.title), columns, rows, last_line)
        yield from sheets.pieces(table, kind)
