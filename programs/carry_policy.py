"""Who carries projects over from paper: enters, confirms, says from which day the portal decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.policy import Decision, Rule, allow, refuse
from accounts.roles import Role
from accounts.scope import Post, scope_of
from programs.lifecycle import CUC, SO, Purse
from programs.models import CarryOver

LEADERS = frozenset({Role.SO_LEADER, Role.CUC_LEADER})


@dataclass(frozen=True, slots=True)
class CarryPlace:
    """Whose project it is: the Cục's, or the Sở's of this province (by id)."""

    purse: str
    province_id: int


def place_of(entry: CarryOver) -> CarryPlace:
    return CarryPlace(entry.plan.purse, entry.province_id)


def carry_posts(user: User, place: CarryPlace, *, leading: bool = False) -> list[Post]:
    """The posts through which this person carries such projects over."""
    roles: Iterable[Role] = CUC if place.purse == Purse.KCQG else SO
    posts = scope_of(user).posts_as({role for role in roles if not leading or role in LEADERS})
    return [post for post in posts if place.purse == Purse.KCQG or place.province_id in post.province_ids]


def _see(user: User, thing: object) -> Decision:
    if scope_of(user).posts_as(SO | CUC | {Role.AUDITOR}):
        return allow()
    return refuse(_("Sở Công Thương, Cục và thanh tra xem đề án chuyển tiếp."))


def _enter(user: User, place: CarryPlace | None) -> Decision:
    if place is None:
        entering = scope_of(user).posts_as(SO | CUC)
        return allow() if entering else refuse(_("Sở Công Thương và Cục nhập đề án chuyển tiếp."))
    for post in carry_posts(user, place):
        return allow(post.on_behalf_of_id)
    return refuse(_("Đề án quốc gia do Cục nhập, đề án địa phương do Sở Công Thương của tỉnh đó nhập."))


def _confirm(user: User, entry: CarryOver) -> Decision:
    """A leader of the office, who has neither entered it nor lent the post for it."""
    posts = carry_posts(user, place_of(entry), leading=True)
    for post in posts:
        if not {user.pk, post.on_behalf_of_id} & entry.enterers:
            return allow(post.on_behalf_of_id)
    if posts:
        return refuse(_("Bạn đã nhập nên không tự xác nhận được; cần người thứ hai đối chiếu hồ sơ giấy."))
    return refuse(_("Lãnh đạo cơ quan nhập xác nhận đề án chuyển tiếp."))


def _withdraw(user: User, entry: CarryOver) -> Decision:
    """Whoever entered it, or lent the post for it, as long as they are of that office."""
    if user.pk not in entry.enterers:
        return refuse(_("Chỉ người nhập rút lại bản nhập của mình."))
    for post in carry_posts(user, place_of(entry)):
        if entry.office_id in post.organisation_ids:
            return allow(post.on_behalf_of_id)
    return refuse(_("Bạn không còn làm ở cơ quan đã nhập; lãnh đạo cơ quan đó xử lý bản nhập này."))


def _set_day(user: User, office: Organisation | None) -> Decision:
    posts = scope_of(user).posts_as(LEADERS)
    for post in posts:
        if office is None or office.pk == post.organisation_id:
            return allow(post.on_behalf_of_id)
    return refuse(_("Lãnh đạo cơ quan ghi ngày bắt đầu dùng cổng."))


CARRY_RULES: dict[str, Rule] = {
    "see_carried": _see,
    "enter_carried": _enter,
    "confirm_carried": _confirm,
    "withdraw_carried": _withdraw,
    "set_carry_day": _set_day,
}
