"""Small helpers every view shares."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User


def signed_in(request: HttpRequest) -> User:
    """The person behind a request whose view requires sign-in."""
    return cast(User, request.user)


def wants_part(request: HttpRequest) -> bool:
    """htmx asks for the changed part alone; on the way back through history it needs the whole page."""
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]  # set by the middleware
    return bool(htmx) and not htmx.history_restore_request


def query_without_cursor(request: HttpRequest) -> str:
    """The list's own filters, for links to its other pages."""
    query = request.GET.copy()
    query.pop("cursor", None)
    return query.urlencode()
