"""Which post reaches which dossier, and what is done inside the office at whose desk it lies."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.models import OrganisationKind, User
from accounts.policy import Decision, Rule, allow, refuse
from accounts.roles import NATIONAL_ROLES, OWN_WORK_ROLES, Role
from accounts.scope import Post, scope_of, works_in
from programs.desks import desk_of
from programs.lifecycle import CUC, DRAFTERS, EDITABLE, SO, Purse, State, Step, steps_from
from programs.models import Holding, Project, Remark

OFFICE_STEPS = frozenset({"submit", "recall"})
"""Steps of the side that drafted: there an officer of the Sở counts only for the Sở's own drafts."""


def covers(post: Post, project: Project, action: str = "") -> bool:
    """Does this post reach this project at all?"""
    if post.role in OWN_WORK_ROLES:
        owns = project.owner_id in post.organisation_ids
        if action == "recall" and project.state == State.REGISTERED:
            return owns  # back to a draft goes only what this office itself has sent to the Cục
        return owns or project.implementer_id in post.organisation_ids
    if post.role in NATIONAL_ROLES:
        return project.purse == Purse.KCQG
    if action in OFFICE_STEPS:
        if project.state != State.REGISTERED:
            return project.owner_id in post.organisation_ids
        if project.owner.kind == OrganisationKind.REGION:
            return False  # it went to the Cục without passing through the province
    return project.province_id in post.province_ids


HANDLERS: dict[OrganisationKind, frozenset[Role]] = {OrganisationKind.SO: SO, OrganisationKind.CUC: CUC}
LEADERS = frozenset({Role.SO_LEADER, Role.CUC_LEADER})


def desk_posts(user: User, project: Project) -> list[Post]:
    """The posts of this person at the desk where the dossier lies now."""
    desk = desk_of(project.state, project.purse)
    if desk is not None:
        return [post for post in scope_of(user).posts_as(HANDLERS[desk]) if covers(post, project)]
    if project.state not in EDITABLE:
        return []
    return [post for post in scope_of(user).posts_as(DRAFTERS) if covers(post, project, "submit")]


def _assign(user: User, project: Project) -> Decision:
    """The leader gives the office's files to its people; in a centre any of its people may."""
    posts = desk_posts(user, project)
    for post in posts:
        if project.state in EDITABLE or post.role in LEADERS:
            return allow(post.on_behalf_of_id)
    return refuse(
        _("Lãnh đạo cơ quan đang giữ hồ sơ phân công người xử lý.")
        if posts
        else _("Hồ sơ đang ở cơ quan khác.")
    )


def proposable(user: User, project: Project) -> list[Step]:
    """Steps at this desk that are the leader's to take, for an officer to propose."""
    own = {Role(post.role) for post in desk_posts(user, project)}
    if not own or own & LEADERS or project.state in EDITABLE:
        return []
    steps = steps_from(project.purse, project.state)
    return [step for step in steps if step.roles & LEADERS and not step.roles & own and not step.by_tranche]


def _propose(user: User, project: Project) -> Decision:
    if proposable(user, project):
        return allow()
    return refuse(_("Không có bước nào của lãnh đạo mà bạn đề xuất được với hồ sơ này."))


def _return_proposal(user: User, made: Remark) -> Decision:
    for post in desk_posts(user, made.project):
        if post.role in LEADERS and made.office_id in post.organisation_ids:
            return allow(post.on_behalf_of_id)
    return refuse(_("Lãnh đạo cơ quan đang giữ hồ sơ trả lại đề xuất."))


def _hand_over(user: User, thing: object) -> Decision:
    posts = scope_of(user).posts_as(LEADERS | OWN_WORK_ROLES)
    if posts:
        return allow(posts[0].on_behalf_of_id)
    return refuse(_("Lãnh đạo cơ quan bàn giao hồ sơ."))


def _number_receipt(user: User, received: Holding) -> Decision:
    """Whoever works in the office that received it, whoever of them it was."""
    if received.office_id in works_in(user):
        return allow()
    return refuse(_("Cơ quan đã tiếp nhận hồ sơ cấp số giấy tiếp nhận."))


DESK_RULES: dict[str, Rule] = {
    "number_receipt": _number_receipt,
    "assign_file": _assign,
    "hand_over": _hand_over,
    "propose_step": _propose,
    "return_proposal": _return_proposal,
}
