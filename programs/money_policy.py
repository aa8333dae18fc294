"""Who asks for a project's money, confirms, approves, records that it was paid or given back."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from accounts.models import OrganisationKind, User
from accounts.policy import Decision, Rule, allow, refuse
from accounts.roles import Role
from accounts.scope import Post, scope_of
from programs.desk_policy import covers
from programs.lifecycle import CUC, DRAFTERS, SO, Purse, State
from programs.models import PaymentRequest, Project, ProjectFund
from programs.moneyterms import RequestState


def needs_so(project: Project) -> bool:
    """Requests for national money pass through the Sở, but for a regional centre's, which has none.
    Căn cứ: Thông tư 36/2013/TT-BCT, Điều 13."""
    return project.purse == Purse.KCQG and project.owner.kind != OrganisationKind.REGION


def office_roles(project: Project) -> frozenset[Role]:
    """The office that holds the purse."""
    return CUC if project.purse == Purse.KCQG else SO


def _posts(user: User, project: Project, roles: Iterable[Role]) -> list[Post]:
    return [post for post in scope_of(user).posts_as(frozenset(roles)) if covers(post, project)]


def _by_another(user: User, posts: list[Post], signed: set[int], otherwise: str, twice: str) -> Decision:
    """Through the first post none of whose people has signed before."""
    for post in posts:
        if not {user.pk, post.on_behalf_of_id} & signed:
            return allow(post.on_behalf_of_id)
    return refuse(twice if posts else otherwise)


def _leader(project: Project) -> Role:
    return Role.CUC_LEADER if project.purse == Purse.KCQG else Role.SO_LEADER


def _running(project: Project) -> bool:
    return project.state == State.CONTRACTED


def _amend(user: User, project: Project) -> Decision:
    if project.state != State.CONTRACTED:
        return refuse(_("Đề án chưa có hợp đồng hoặc đã ngừng, nên chưa ghi phụ lục được."))
    for post in _posts(user, project, office_roles(project)):
        return allow(post.on_behalf_of_id)
    return refuse(_("Cơ quan ký hợp đồng ghi phụ lục."))


def _request(user: User, project: Project) -> Decision:
    if project.state != State.CONTRACTED:
        return refuse(_("Đề án chưa có hợp đồng hoặc đã ngừng, nên chưa đề nghị tạm ứng, thanh toán được."))
    for post in scope_of(user).posts_as(DRAFTERS):
        if covers(post, project, "submit"):
            return allow(post.on_behalf_of_id)
    return refuse(_("Đơn vị thực hiện đề nghị tạm ứng, thanh toán."))


def _confirm(user: User, request: PaymentRequest) -> Decision:
    project = request.project
    if request.state != RequestState.REQUESTED or not request.needs_so or not _running(project):
        return refuse(_("Đề nghị này không chờ Sở xác nhận."))
    return _by_another(
        user,
        _posts(user, project, {Role.SO_LEADER}),
        request.signers("requested"),
        _("Lãnh đạo Sở Công Thương xác nhận khối lượng."),
        _("Bạn đã lập đề nghị này nên không tự xác nhận được."),
    )


def _approve(user: User, request: PaymentRequest) -> Decision:
    ready = RequestState.CONFIRMED if request.needs_so else RequestState.REQUESTED
    if request.state != ready or not _running(request.project):
        return refuse(_("Đề nghị này chưa đến bước duyệt hoặc đã được duyệt."))
    return _by_another(
        user,
        _posts(user, request.project, {_leader(request.project)}),
        request.signers("requested", "confirmed"),
        _("Lãnh đạo cơ quan ký hợp đồng duyệt chi."),
        _("Bạn đã lập hoặc xác nhận đề nghị này nên không tự duyệt được."),
    )


def _pay(user: User, request: PaymentRequest) -> Decision:
    if request.state != RequestState.APPROVED or not _running(request.project):
        return refuse(_("Chỉ ghi chi cho đề nghị đã duyệt."))
    return _by_another(
        user,
        _posts(user, request.project, office_roles(request.project)),
        request.signers("requested", "approved"),
        _("Cơ quan ký hợp đồng ghi khoản chi."),
        _("Người duyệt không tự ghi chi; cần người thứ hai."),
    )


def _return(user: User, request: PaymentRequest) -> Decision:
    """Whoever has the next word; an approval not yet paid is taken back by the office that gave it."""
    if request.state == RequestState.APPROVED:
        posts = _posts(user, request.project, {_leader(request.project)})
        return (
            allow(posts[0].on_behalf_of_id)
            if posts
            else refuse(_("Chỉ lãnh đạo cơ quan đã duyệt được trả lại."))
        )
    if request.state == RequestState.REQUESTED and request.needs_so:
        return _confirm(user, request)
    return _approve(user, request)


def _withdraw(user: User, request: PaymentRequest) -> Decision:
    if request.state != RequestState.REQUESTED:
        return refuse(_("Đề nghị đã có cơ quan xử lý nên không rút được nữa."))
    return _request(user, request.project)


def _refund(user: User, fund: ProjectFund) -> Decision:
    for post in _posts(user, fund.project, office_roles(fund.project)):
        return allow(post.on_behalf_of_id)
    return refuse(_("Cơ quan ký hợp đồng ghi khoản thu hồi, hoàn trả."))


MONEY_RULES: dict[str, Rule] = {
    "amend_contract": _amend,
    "request_payment": _request,
    "confirm_payment": _confirm,
    "approve_payment": _approve,
    "pay_request": _pay,
    "return_payment": _return,
    "withdraw_payment": _withdraw,
    "record_refund": _refund,
}
