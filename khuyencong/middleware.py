"""Answers' common headers: a request id, a nonce content policy, and no caching of private pages."""

from __future__ import annotations

import ipaddress
import re
import secrets
import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from records import context

GetResponse = Callable[[HttpRequest], HttpResponseBase]

_ACCEPTABLE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestIdMiddleware:
    """Gives every request an id, in ``request.request_id``, the logs, the audit and the answer.

    An id sent by the proxy is kept when it is short and harmless, so that both logs agree.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        sent = request.headers.get("X-Request-ID", "")
        request_id = sent if _ACCEPTABLE_ID.fullmatch(sent) else uuid.uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]  # the documented extra attribute
        with context.bind(request_id, client_address(request)):
            response = self.get_response(request)
        response["X-Request-ID"] = request_id
        return response


def client_address(request: HttpRequest) -> str:
    """The client's IP address, or "". Behind the proxy, which overwrites that header, its word counts."""
    address = str(request.META.get("REMOTE_ADDR") or "")
    if settings.BEHIND_PROXY:
        address = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or address
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return ""


class CspMiddleware:
    """A content policy without 'unsafe-inline': inline code runs only with this request's nonce."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        nonce = secrets.token_urlsafe(16)
        request.csp_nonce = nonce  # type: ignore[attr-defined]  # read by templates
        response = self.get_response(request)
        if not response.has_header("Content-Security-Policy"):
            response["Content-Security-Policy"] = content_policy(nonce)
        return response


def content_policy(nonce: str) -> str:
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'self' 'nonce-{nonce}'",
            f"style-src 'self' 'nonce-{nonce}'",
            "img-src 'self' data:",
            "connect-src 'self'",
            "font-src 'self'",
            "frame-src 'self'",  # papers alone: every page of ours refuses to be framed
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "manifest-src 'self'",
        ]
    )


class PrivateCacheMiddleware:
    """No page of a signed-in person is kept by a browser's or proxy's cache.

    Pages without their own ``Cache-Control`` are treated alike, because a view that forgot to
    think about caching must not leak; static files are served before this middleware.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        user: Any = getattr(request, "user", None)
        if not response.has_header("Cache-Control") or (user is not None and user.is_authenticated):
            response["Cache-Control"] = "private, no-store"
        return response
