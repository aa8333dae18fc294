"""The one door every permission question goes through.

Rules are plain functions ``(user, thing) -> Decision`` kept in ``<app>/policy.py`` under
``RULES`` and found by name, so that a page, an API call and a task cannot disagree.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organisation, SavedView, User, today
from accounts.roles import Role
from accounts.scope import scope_of
from records.models import InboxItem


@dataclass(frozen=True, slots=True)
class Decision:
    """An answer with its reason in plain Vietnamese; ``on_behalf_of_id`` names the lender of a delegation."""

    allowed: bool
    reason: str | Promise = ""
    on_behalf_of_id: int | None = None

    def __bool__(self) -> bool:
        return self.allowed


Rule = Callable[[User, Any], Decision]


class PermissionRefused(PermissionDenied):
    """The person may see the thing but not do this to it; ``str()`` is the reason."""

    def __init__(self, reason: str | Promise) -> None:
        super().__init__(str(reason))
        self.reason = reason


class UnknownRule(LookupError):
    """A permission was asked for that no app defines: a programming error, never a yes."""


def allow(on_behalf_of_id: int | None = None) -> Decision:
    return Decision(True, "", on_behalf_of_id)


def refuse(reason: str | Promise) -> Decision:
    return Decision(False, reason)


@cache
def _rule(name: str) -> Rule:
    app, _dot, verb = name.partition(".")
    if not app or not verb:
        raise UnknownRule(name)
    try:
        rules: dict[str, Rule] = import_module(f"{app}.policy").RULES
        return rules[verb]
    except (ImportError, KeyError) as error:
        raise UnknownRule(name) from error


def decide(user: Any, name: str, thing: Any = None) -> Decision:
    """May ``user`` do ``name`` ("programs.submit_project") to ``thing``? Unknown people: no."""
    if not isinstance(user, User) or not user.is_active:
        return refuse(_("Bạn cần đăng nhập để làm việc này."))
    return _rule(name)(user, thing)


def require(user: Any, name: str, thing: Any = None) -> Decision:
    """Like ``decide`` but raises ``PermissionRefused`` with the reason on a no."""
    decision = decide(user, name, thing)
    if not decision.allowed:
        raise PermissionRefused(decision.reason)
    return decision


def _signed_in(user: User, thing: Any) -> Decision:
    return allow()


def _own_item(user: User, item: InboxItem) -> Decision:
    if item.user_id == user.pk:
        return allow()
    return refuse(_("Thông báo này gửi cho người khác."))


def _administers(user: User, thing: Any) -> Decision:
    if scope_of(user).posts_as({Role.ADMIN}):
        return allow()
    return refuse(_("Trang này dành cho quản trị hệ thống."))


def _save_view(user: User, office: Organisation | None) -> Decision:
    """For oneself always; for an office by those who hold a post of their own in it."""
    held = Membership.objects.on(today()).filter(user=user, organisation=office)
    if office is None or held.exists():
        return allow()
    return refuse(_("Bạn chỉ chia sẻ được bộ lọc với đơn vị mình đang công tác."))


def _own_view(user: User, view: SavedView) -> Decision:
    if view.user_id == user.pk:
        return allow()
    return refuse(_("Bộ lọc này do đồng nghiệp lưu; hãy lưu một bản của riêng bạn để thay đổi."))


RULES: dict[str, Rule] = {
    "see_pieces": _administers,
    "see_status": _administers,
    "use_portal": _signed_in,
    "save_view": _save_view,
    "change_view": _own_view,
    "set_own_preferences": _signed_in,
    "read_inbox_item": _own_item,
    "read_own_inbox": _signed_in,
}
