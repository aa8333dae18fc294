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

from accounts.models import (
    ROLES_OF_KIND,
    Delegation,
    IssuedNumber,
    Membership,
    Organisation,
    SavedView,
    User,
    today,
)
from accounts.roles import LENDABLE_ROLES, Role
from accounts.scope import scope_of, works_in
from records.models import InboxItem


@dataclass(frozen=True, slots=True)
class Decision:
    """An answer with its reason in plain Vietnamese; ``on_behalf_of_id`` names the lender of a delegation."""

    allowed: bool
    reason: str | Promise = ""
    on_behalf_of_id: int | None = None

    def __bool__(self) -> bool:
        return self.allowed

    @property
    def lender(self) -> User | None:
        """Whose post it was, as an audit entry names them; the key alone is set."""
        return User(pk=self.on_behalf_of_id) if self.on_behalf_of_id else None


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


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person as somebody of this office, and what somebody would have them be there."""

    office: Organisation
    user: User
    role: str = ""


def _runs_people(user: User, office: Organisation) -> Decision:
    """The system's administrator everywhere, an office's own at home."""
    for post in scope_of(user).posts_as({Role.ADMIN, Role.OFFICE_ADMIN}):
        if post.role == Role.ADMIN or office.pk in post.organisation_ids:
            return allow()
    return refuse(_("Chỉ quản trị người dùng của cơ quan này làm được việc đó."))


def roles_to_give(user: User, office: Organisation) -> frozenset[Role]:
    """What this administrator may have people of the office be: never more than the office itself is."""
    usual = ROLES_OF_KIND.get(office.kind, frozenset())
    if scope_of(user).posts_as({Role.ADMIN}):
        return usual | {Role.OFFICE_ADMIN}
    return usual if _runs_people(user, office) else frozenset()


def _runs_person(user: User, person: Colleague) -> Decision:
    """Whoever runs the office's people, but not for oneself, nor above oneself."""
    running = _runs_people(user, person.office)
    if not running:
        return running
    if person.user.pk == user.pk:
        return refuse(_("Không tự quản trị tài khoản của chính mình; hãy nhờ một quản trị khác."))
    held = Membership.objects.filter(user_id=person.user.pk)  # nobody's for a newcomer
    if scope_of(user).posts_as({Role.ADMIN}):
        return allow()
    if held.filter(role=Role.ADMIN).exists():
        return refuse(_("Tài khoản quản trị hệ thống do quản trị hệ thống khác giữ."))
    here = held.lasting(today()).filter(organisation=person.office)
    if not (_comes(person) or here.exists()):
        return refuse(_("Người này không còn vị trí ở cơ quan; hãy nhờ quản trị hệ thống."))
    return allow()


def _comes(person: Colleague) -> bool:
    """Nobody's yet, or nobody's any more: a new account, or a closed one that no office holds."""
    if person.user.pk is None:
        return True
    held = Membership.objects.lasting(today()).filter(user=person.user)
    return not person.user.is_active and not held.exists()


def _give_post(user: User, person: Colleague) -> Decision:
    running = _runs_person(user, person)
    if running and person.role not in roles_to_give(user, person.office):
        return refuse(_("Cơ quan này không có vai trò đó, hoặc chỉ quản trị hệ thống được giao."))
    return running


def _runs_whole_person(user: User, person: Colleague) -> Decision:
    """An account that also acts for another office is not one office's to open, nor to rename."""
    running = _runs_person(user, person)
    if not running or scope_of(user).posts_as({Role.ADMIN}):
        return running
    posts = Membership.objects.lasting(today()).filter(user=person.user)
    lent = Delegation.objects.lasting(today()).filter(delegate=person.user)
    elsewhere = lent.exclude(membership__organisation=person.office).exists()
    if elsewhere or posts.exclude(organisation=person.office).exists():
        return refuse(_("Người này còn giữ việc ở cơ quan khác; hãy nhờ quản trị hệ thống."))
    return allow()


def _lend(user: User, post: Membership) -> Decision:
    """Its holder, or whoever runs the office's people. What is lent is not lent on."""
    if post.role not in LENDABLE_ROLES:
        return refuse(_("Chỉ vị trí ký văn bản mới ủy quyền được."))
    if post.user_id == user.pk:
        return allow()
    return _runs_people(user, post.organisation)


def _take_back(user: User, lent: Delegation) -> Decision:
    return _lend(user, lent.membership)


def _works_in(user: User, office: Organisation) -> Decision:
    """Whose papers these are: accounts' desks are no part of it."""
    if office.pk in works_in(user):
        return allow()
    return refuse(_("Chỉ người đang công tác ở cơ quan này cấp số, xem sổ của cơ quan."))


def _void_number(user: User, entry: IssuedNumber) -> Decision:
    return _works_in(user, entry.register.office)


RULES: dict[str, Rule] = {
    "draw_number": _works_in,
    "void_number": _void_number,
    "run_offices": _administers,
    "run_people": _runs_people,
    "run_person": _runs_person,
    "give_post": _give_post,
    "reset_password": _runs_whole_person,
    "set_contact": _runs_whole_person,
    "lend_post": _lend,
    "take_back_post": _take_back,
    "see_pieces": _administers,
    "see_status": _administers,
    "use_portal": _signed_in,
    "save_view": _save_view,
    "change_view": _own_view,
    "set_own_preferences": _signed_in,
    "read_inbox_item": _own_item,
    "read_own_inbox": _signed_in,
}
