"""A form that makes something carries a one-time key, so that a double click makes one."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import User
from programs.errors import IllegalMove
from programs.models import Project
from records import idempotency

FORM_KEY = re.compile(r"[0-9a-f]{32}")


def form_key(request: HttpRequest) -> str:
    """The key the form came with; a fresh one for a form that is shown the first time."""
    return request.POST.get("once") or secrets.token_hex(16)


def created_once(user: User, once: str, make: Callable[[], Project]) -> str:
    """The code of the draft the form asks for; the same form sent again names the same draft."""
    if not FORM_KEY.fullmatch(once):
        return make().code
    outcome = idempotency.begin(f"user:{user.pk}", once, once)
    if isinstance(outcome, idempotency.Replay):
        return str(outcome.body)
    if not isinstance(outcome, idempotency.Fresh):
        raise IllegalMove(_("Yêu cầu này đang được xử lý, hãy chờ vài giây."))
    project = make()
    outcome.finish(201, project.code)
    return project.code
