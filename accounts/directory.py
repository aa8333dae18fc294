"""Who works in an office: its people with their posts, for the office's page."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Prefetch

from accounts.lending import lent_in
from accounts.models import Delegation, Membership, Organisation, User, today
from accounts.roles import LENDABLE_ROLES
from vietnam.text import fold


@dataclass(slots=True)
class Member:
    """Somebody of one office: the posts held there, newest first, and authority held there for others."""

    user: User
    posts: list[Membership] = field(default_factory=list)
    borrowed: list[Delegation] = field(default_factory=list)

    @property
    def standing(self) -> list[Membership]:
        """Posts of today and to come."""
        return [post for post in self.posts if not post.is_over]

    @property
    def is_here(self) -> bool:
        return self.user.is_active and bool(self.standing)


def offices_for(user: User, words: str = "", kind: str = "", *, ended: bool = False) -> list[Organisation]:
    """The offices this person sees, in the order of their provinces; a country has a few hundred."""
    rows = Organisation.objects.visible_to(user).select_related("province", "successor")
    if kind:
        rows = rows.filter(kind=kind)
    found = list(rows.order_by("province__level", "province__sort_key", "kind", "name"))
    sought = fold(words)
    return [
        office
        for office in found
        if (ended or not office.is_over)
        and sought in fold(f"{office.name} {office.short_name} {office.province.name}")
    ]


def members_of(office: Organisation, *, username: str = "") -> list[Member]:
    """Everybody who holds or has held a post here, by given name; or one of them."""
    posts = Membership.objects.filter(organisation=office).order_by("-valid")
    people = User.objects.filter(memberships__organisation=office)
    if username:
        people = people.filter(username=username)
    people = people.distinct().order_by("sort_name", "pk")
    loans = Delegation.objects.filter(membership__organisation=office).lasting(today())
    shown = people.prefetch_related(
        Prefetch("memberships", posts, to_attr="posts_here"),
        Prefetch("delegations_received", loans.select_related("membership__user"), to_attr="borrowed_here"),
    )
    # The prefetched lists are attributes Django adds: the type checker does not know them.
    return [Member(user, list(vars(user)["posts_here"]), list(vars(user)["borrowed_here"])) for user in shown]


def loans_of(office: Organisation) -> list[Delegation]:
    """Authority lent in this office, newest first; those of long ago too, because papers were signed so."""
    return list(lent_in(office).order_by("-valid"))


def posts_that_sign(office: Organisation) -> list[Membership]:
    """Today's and those to come whose authority can be lent, by given name."""
    rows = Membership.objects.lasting(today()).filter(organisation=office, role__in=LENDABLE_ROLES)
    return list(rows.select_related("user", "organisation").order_by("user__sort_name", "pk"))
