"""Who says where records of split communes lie, and who changes the country's units; part of the policy."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.policy import Decision, Rule, allow, refuse
from accounts.roles import Role
from accounts.scope import scope_of
from beneficiaries.models import Establishment
from clusters.models import Cluster
from programs.lifecycle import SO
from programs.models import Project
from records.models import UnitReform


def _place_record(user: User, thing: Project | Establishment | Cluster) -> Decision:
    """Of the people of its province's Sở, who know the place."""
    for post in scope_of(user).posts_as(SO):
        if thing.province_id in post.province_ids:
            return allow(post.on_behalf_of_id)
    return refuse(_("Sở Công Thương của tỉnh xác định hồ sơ nay thuộc xã, phường nào."))


def _change_units(user: User, reform: UnitReform | None) -> Decision:
    """Administrators upload a list of changes; another one applies it."""
    if not scope_of(user).posts_as({Role.ADMIN}):
        return refuse(_("Trang này dành cho quản trị hệ thống."))
    return allow()


def _apply_units(user: User, reform: UnitReform) -> Decision:
    if reform.uploaded_by_id == user.pk:
        return refuse(_("Bạn đã tải tệp này lên; một quản trị hệ thống khác phải xem và áp dụng."))
    return _change_units(user, reform)


PLACE_RULES: dict[str, Rule] = {
    "place_record": _place_record,
    "change_units": _change_units,
    "apply_units": _apply_units,
}
