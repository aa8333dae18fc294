"""Whose rows a person may see: computed once, told to the database for the running transaction.

The database repeats the same limit by row-level security, so a query that forgets
``visible_to`` still sees no other province.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction

from accounts.models import Delegation, Membership, User, today
from accounts.roles import DESK_ROLES, NATIONAL_ROLES, OWN_WORK_ROLES, PROVINCIAL_ROLES, Role
from records import context
from vietnam.models import AdminUnit, Level
from vietnam.units import province_family

CACHE_ATTRIBUTE = "_khuyencong_scope"


@dataclass(frozen=True, slots=True)
class Post:
    """One capacity in which a person may act today: a post, own or lent by delegation."""

    role: str
    organisation_id: int
    organisation_ids: frozenset[int]
    """The office and those it succeeded: their unfinished work is now its own."""
    province_ids: frozenset[int]
    on_behalf_of_id: int | None = None
    office: str = ""
    """What the office is called."""
    lent_as: str = ""
    """How its borrower signs ("KT"); "" for a post of one's own."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a person may see. The first post is the oldest own one.

    ``province_ids`` holds ids of dated units, predecessors included.
    """

    user_id: int
    posts: tuple[Post, ...]
    national: bool
    province_ids: tuple[int, ...]
    """All provinces whose rows may be read at all (the wall the database knows)."""
    whole_province_ids: frozenset[int]
    """Provinces of which every row is visible; elsewhere only the own office's work is."""
    own_organisation_ids: frozenset[int]

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(post.role for post in self.posts)

    def posts_as(self, roles: frozenset[str] | set[str]) -> list[Post]:
        return [post for post in self.posts if post.role in roles]


NOBODY = Scope(0, (), False, (), frozenset(), frozenset())


def scope_of(user: User | AnonymousUser, on: dt.date | None = None) -> Scope:
    """The scope of ``user`` on a day (today by default; today's is kept on the user object)."""
    if not isinstance(user, User) or not user.is_active:
        return NOBODY
    if on is None:
        cached: Scope | None = getattr(user, CACHE_ATTRIBUTE, None)
        if cached is not None:
            return cached
    scope = _compute(user, on or today())
    if on is None:
        setattr(user, CACHE_ATTRIBUTE, scope)
    return scope


def works_in(user: User | AnonymousUser) -> frozenset[int]:
    """The offices, their predecessors too, whose papers this person works with: not at an accounts' desk, nor
    through a partner's key."""
    posts = (post for post in scope_of(user).posts if post.role not in {*DESK_ROLES, Role.API_CLIENT})
    return frozenset(pk for post in posts for pk in post.organisation_ids)


def _compute(user: User, day: dt.date) -> Scope:
    posts = tuple(_posts(user, day))
    national = any(post.role in NATIONAL_ROLES for post in posts)
    whole: set[int] = set()
    readable: set[int] = set()
    for post in posts:
        if post.role in PROVINCIAL_ROLES or (post.role == Role.API_CLIENT and not national):
            whole |= post.province_ids
        if post.role not in DESK_ROLES:
            readable |= post.province_ids
    if national or _is_national_partner(posts):
        readable = set(_all_province_ids())
        whole = readable
        national = True
    own = frozenset(pk for post in posts if post.role in OWN_WORK_ROLES for pk in post.organisation_ids)
    return Scope(user.pk, posts, national, tuple(sorted(readable)), frozenset(whole), own)


def _is_national_partner(posts: tuple[Post, ...]) -> bool:
    partners = [post for post in posts if post.role == Role.API_CLIENT]
    return bool(partners) and any(AdminUnit.nation().pk in post.province_ids for post in partners)


def _posts(user: User, day: dt.date) -> Iterator[Post]:
    own = Membership.objects.on(day).filter(user=user).select_related("organisation__province").order_by("pk")
    for membership in own:
        yield _post(membership)
    lent = (
        Delegation.objects.on(day)
        .filter(delegate=user)
        .select_related("membership__organisation__province")
        .order_by("pk")
    )
    for delegation in lent:
        yield _post(delegation.membership, delegation.membership.user_id, delegation.form)


def _post(membership: Membership, on_behalf_of_id: int | None = None, lent_as: str = "") -> Post:
    province = membership.organisation.province
    return Post(
        role=membership.role,
        organisation_id=membership.organisation_id,
        organisation_ids=organisation_family(membership.organisation_id),
        province_ids=frozenset(province_family(province)),
        on_behalf_of_id=on_behalf_of_id,
        office=str(membership.organisation),
        lent_as=lent_as,
    )


def organisation_family(organisation_id: int) -> frozenset[int]:
    """The office and every predecessor, however many reorganisations ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE family(id) AS (SELECT %s::bigint UNION"
            " SELECT o.id FROM accounts_organisation o JOIN family f ON o.successor_id = f.id)"
            " SELECT id FROM family",
            [organisation_id],
        )
        return frozenset(row[0] for row in cursor.fetchall())


def _all_province_ids() -> list[int]:
    levels = [Level.NATION, Level.PROVINCE]
    return list(AdminUnit.objects.filter(level__in=levels).values_list("pk", flat=True))


def activate(user: User | AnonymousUser) -> Scope:
    """Tell the database who asks, until the running transaction ends.

    Raises ``TransactionManagementError`` outside a transaction: the setting would leak
    into the next user of a pooled connection.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("scope needs a running transaction")
    scope = scope_of(user)
    _set_local(scope.province_ids, scope.user_id or None)
    return scope


def _set_local(province_ids: tuple[int, ...], actor_id: int | None) -> None:
    values: list[Any] = [
        "{" + ",".join(map(str, province_ids)) + "}",
        str(actor_id or ""),
        context.request_id(),
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('kc.scope', %s, true), set_config('kc.actor', %s, true),"
            " set_config('kc.request', %s, true)",
            values,
        )


@contextmanager
def act_as(user: User) -> Iterator[Scope]:
    """Run a block in one transaction with the rows of ``user`` (tasks, commands, tests)."""
    with transaction.atomic():
        before = _current_settings()
        yield activate(user)
        _restore(before)


def _current_settings() -> tuple[str, str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(current_setting('kc.scope', true), ''),"
            " coalesce(current_setting('kc.actor', true), ''),"
            " coalesce(current_setting('kc.request', true), '')"
        )
        row: tuple[str, str, str] = cursor.fetchone()
    return row


def _restore(settings: tuple[str, str, str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('kc.scope', %s, true), set_config('kc.actor', %s, true),"
            " set_config('kc.request', %s, true)",
            settings,
        )
