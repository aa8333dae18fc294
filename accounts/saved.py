"""Keeping the filters of a list under a name: the verbs, each for the person who acts."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import Membership, Organisation, SavedView, User, today
from accounts.policy import require
from records import personal
from vietnam.text import clean

MOST_VIEWS = 20
"""Of one list, kept by one person."""


def in_order(query: str) -> str:
    """The same filters, always written alike, so that two addresses can be compared."""
    return urlencode(sorted(parse_qsl(query)))


def own_office(user: User) -> Organisation | None:
    """The office of the person's first post of their own."""
    posts = Membership.objects.on(today()).filter(user=user).select_related("organisation")
    first = posts.order_by("id").first()
    return first.organisation if first else None


def save_view(
    *, actor: User, listing: str, name: str, query: str, shared: bool = False, home: bool = False
) -> SavedView:
    """Keep it. Raises ``ValidationError`` with the sentence for the person, and ``PermissionRefused``."""
    office = own_office(actor) if shared else None
    require(actor, "accounts.save_view", office)
    view = SavedView(
        user=actor, listing=listing, name=clean(name), query=in_order(query), office=office, is_home=False
    )
    if personal.mask(f"{view.name} {view.query}") != f"{view.name} {view.query}":
        raise ValidationError(_("Không lưu số định danh cá nhân trong bộ lọc."))
    if SavedView.objects.filter(user=actor, listing=listing).count() >= MOST_VIEWS:
        raise ValidationError(_("Mỗi danh sách lưu được tối đa %(most)d bộ lọc.") % {"most": MOST_VIEWS})
    view.full_clean()
    view.save()
    if home:
        set_home(view, actor=actor, home=True)
    return view


def set_home(view: SavedView, *, actor: User, home: bool) -> None:
    """What the list opens with; one a list."""
    require(actor, "accounts.change_view", view)
    SavedView.objects.filter(user=actor, listing=view.listing, is_home=True).update(is_home=False)
    if home:
        SavedView.objects.filter(pk=view.pk).update(is_home=True)


def share(view: SavedView, *, actor: User, shared: bool) -> None:
    require(actor, "accounts.change_view", view)
    office = own_office(actor) if shared else None
    require(actor, "accounts.save_view", office)
    SavedView.objects.filter(pk=view.pk).update(office=office)


def delete_view(view: SavedView, *, actor: User) -> None:
    require(actor, "accounts.change_view", view)
    view.delete()
