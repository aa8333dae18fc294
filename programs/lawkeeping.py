"""Who keeps the law: proposes new versions of rules, and verifies those of another person."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.policy import Decision, allow, refuse
from accounts.roles import Role
from accounts.scope import Post, scope_of
from programs.lifecycle import CUC, SO
from programs.models import RuleProposal
from vietnam.models import AdminUnit

LAW_KEEPERS = CUC | {Role.MIN_APPROVER, Role.ADMIN}
"""Who keeps the nation's law: the Cục, the Ministry's head, the administrator. A province's is its Sở's."""


def law_posts(user: User, province_id: int | None) -> list[Post]:
    if province_id is None:
        return scope_of(user).posts_as(LAW_KEEPERS)
    return [post for post in scope_of(user).posts_as(SO) if province_id in post.province_ids]


def propose_rule(user: User, province: AdminUnit | None) -> Decision:
    for post in law_posts(user, province.pk if province else None):
        return allow(post.on_behalf_of_id)
    if province is None:
        return refuse(_("Chỉ Cục, Bộ Công Thương và quản trị hệ thống sửa quy định chung cả nước."))
    return refuse(_("Quy định riêng của tỉnh do Sở Công Thương của tỉnh đó sửa."))


def verify_rule(user: User, proposal: RuleProposal) -> Decision:
    """A second person: neither the proposer nor whoever's post was lent for it."""
    posts = law_posts(user, proposal.province_id)
    for post in posts:
        if not {user.pk, post.on_behalf_of_id} & proposal.proposers:
            return allow(post.on_behalf_of_id)
    if posts:
        return refuse(_("Bạn đã đề xuất nên không tự xác nhận được; cần người thứ hai đối chiếu văn bản."))
    return propose_rule(user, proposal.province)


def withdraw_rule(user: User, proposal: RuleProposal) -> Decision:
    if user.pk in proposal.proposers:
        return allow()
    return refuse(_("Chỉ người đề xuất rút lại đề xuất của mình."))
