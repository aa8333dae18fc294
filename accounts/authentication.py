"""Who calls the API: a partner's bearer key, or the signed-in browser session."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from accounts import tokens
from accounts.models import ApiScope, ApiToken, User
from accounts.scope import activate

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


class BearerAuthentication(BaseAuthentication):
    """``Authorization: Bearer kc_….…``. The rest of the transaction sees this partner's rows only."""

    keyword = "Bearer"

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        header = request.headers.get("Authorization", "")
        if not header:
            return None
        keyword, _space, text = header.partition(" ")
        if keyword.lower() != self.keyword.lower() or not text.strip():
            raise AuthenticationFailed(_("Tiêu đề Authorization phải có dạng “Bearer <khóa>”."))
        token = tokens.find(text.strip())
        if token is None:
            raise AuthenticationFailed(_("Khóa truy cập không đúng, đã hết hạn hoặc đã bị thu hồi."))
        needed = ApiScope.READ if request.method in SAFE_METHODS else ApiScope.WRITE
        if needed not in token.scopes:
            raise PermissionDenied(_("Khóa này không có phạm vi “%(scope)s”.") % {"scope": needed})
        tokens.touch(token)
        activate(token.user)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return self.keyword


class PortalSessionAuthentication(SessionAuthentication):
    """The browser's own session, with its CSRF check (htmx and readable API pages)."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        if request.headers.get("Authorization"):
            # A key decides alone: a browser's cookie must never widen what it may do.
            return None
        found = super().authenticate(request)
        if found is not None and found[0].one_time_until is not None:
            raise PermissionDenied(_("Hãy đổi mật khẩu tạm trên cổng trước."))
        return found

    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except PermissionDenied as error:  # the library says it in English only
            message = _("Yêu cầu ghi bằng phiên trên cổng cần tiêu đề X-CSRFToken đúng.")
            raise PermissionDenied(message) from error
