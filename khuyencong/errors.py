"""The pages for what went wrong: plain Vietnamese, what to do next, and the incident's code.

Rendered without the portal's frame and without a query, so that they also work when the database does not.
"""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from accounts.policy import PermissionRefused
from khuyencong.api.problem import CONTENT_TYPE, fault_of_ours
from records import context


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page("413", 413) if isinstance(exception, RequestDataTooBig) else _page("400", 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page("403", 403, exception if isinstance(exception, PermissionRefused) else "")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page("404", 404)


def server_error(request: HttpRequest) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse(fault_of_ours(), status=500, content_type=CONTENT_TYPE)
    return _page("500", 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """``reason`` is for programmers; the person learns what to do."""
    return _page("csrf", 403)


def _page(name: str, status: int, message: object = "") -> HttpResponse:
    words = {"message": str(message), "request_id": context.request_id()}
    return HttpResponse(render_to_string(f"errors/{name}.html", words), status=status)
