"""One request, one transaction, one scope."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import translation

from accounts.models import User
from accounts.scope import activate

GetResponse = Callable[[HttpRequest], HttpResponseBase]


WITH_ONE_TIME = frozenset({"accounts:change_password", "accounts:sign_out", "accounts:set_preference"})
"""What is open to somebody whose password was given out by another."""


class OneTimePasswordMiddleware:
    """Whoever signed in with a one-time password sets one of their own before anything else.

    The API asks for itself (``authentication``): a partner's key has no password to change.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        user, match = request.user, request.resolver_match
        if not isinstance(user, User) or user.one_time_until is None or match is None:
            return None
        if "api" in match.namespaces or match.view_name in WITH_ONE_TIME:
            return None
        return redirect("accounts:change_password")


class ScopeMiddleware:
    """Runs each view in a transaction whose rows are limited to what the signed-in person may see.

    A lazily rendered response is rendered inside, because its queries need the same scope.
    An answer of 400 or above rolls the transaction back: a refused request changes nothing.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        if isinstance(user, User):
            # The person's own choice, not the cookie of whoever used this browser before.
            translation.activate(user.language)
            request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        if getattr(view, "runs_without_database", False):
            return None
        with transaction.atomic():
            activate(request.user)
            response: HttpResponseBase = view(request, *args, **kwargs)
            render = getattr(response, "render", None)
            if callable(render):
                response = render()
            if response.status_code >= 400 and not getattr(response, "keep_changes", False):
                transaction.set_rollback(True)
        return response
