"""Small helpers every view shares."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from accounts.models import User


def signed_in(request: HttpRequest) -> User:
    """The person behind a request whose view requires sign-in."""
    return cast(User, request.user)


def wants_part(request: HttpRequest) -> bool:
    """htmx asks for the changed part alone; on the way back through history it needs the whole page."""
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]  # set by the middleware
    return bool(htmx) and not htmx.history_restore_request


def next_page(request: HttpRequest, otherwise: str = "/") -> str:
    """Where the form asked to go next, if that is a page of ours."""
    return same_site(request, request.POST.get("next", ""), otherwise)


def same_site(request: HttpRequest, target: str, otherwise: str = "/") -> str:
    """The address if it is one of ours."""
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if safe else otherwise


def query_without_cursor(request: HttpRequest) -> str:
    """The list's own filters, for links to its other pages."""
    return query_without(request, "cursor")


def query_without(request: HttpRequest, *names: str) -> str:
    """The address's query less these, and less what is empty."""
    query = request.GET.copy()
    for name, values in request.GET.lists():
        query.setlist(name, [] if name in names else [value for value in values if value])
    return query.urlencode()
