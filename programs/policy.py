"""Who may do what to projects, plans and tranches. Pure answers with reasons in Vietnamese."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.policy import Decision, Rule, allow, refuse
from accounts.roles import Role
from accounts.scope import Post, scope_of
from programs import lawkeeping
from programs.carry_policy import CARRY_RULES
from programs.desk_policy import DESK_RULES, covers
from programs.lifecycle import (
    ACTIONS,
    COMMITTED,
    CUC,
    DRAFTERS,
    EDITABLE,
    SO,
    UNDO_FOR,
    Duty,
    Purse,
    State,
    Step,
    find_steps,
)
from programs.models import (
    Council,
    Gate,
    Participation,
    Project,
    RegistrationWindow,
    Remark,
    Tranche,
    YearPlan,
)
from programs.money_policy import MONEY_RULES
from programs.placerules import PLACE_RULES
from records.models import StagedImport

CONFLICTS: dict[Duty, Promise] = {
    Duty.DRAFT: gettext_lazy("Bạn đã tham gia lập đề án này nên không được thẩm định hoặc phê duyệt."),
    Duty.APPRAISE: gettext_lazy("Bạn đã thẩm định đề án này nên không được lập hoặc phê duyệt."),
    Duty.APPROVE: gettext_lazy("Bạn đã phê duyệt đề án này nên không được lập hoặc thẩm định."),
}


def _people(user: User, post: Post) -> set[int]:
    """Who acts through this post: the person and, where it is lent, its holder. Duties bind both."""
    return {pk for pk in (user.pk, post.on_behalf_of_id) if pk is not None}


def _conflict(people: set[int], project: Project, duty: Duty | None) -> Promise | None:
    """Why one of these people may not take this duty, or None."""
    if duty is None:
        return None
    # From the project's own rows, so that a list of projects may bring them along in one query.
    held = (row.duty for row in project.participations.all() if row.user_id in people and row.duty != duty)
    other = next(held, None)
    return CONFLICTS[Duty(other)] if other else None


def _through(user: User, posts: list[Post], project: Project, duty: Duty | None, otherwise: str) -> Decision:
    """Through the first post that no duty forbids; ``otherwise`` is the reason where there is no post."""
    reason = otherwise
    for post in posts:
        conflict = _conflict(_people(user, post), project, duty)
        if conflict is None:
            return allow(post.on_behalf_of_id)
        reason = str(conflict)
    return refuse(reason)


def lent_as(user: User, decision: Decision, roles: frozenset[Role]) -> str:
    """How this person signs what was decided so: the form of the lent post; "" in one's own name."""
    holder = decision.on_behalf_of_id
    lent = (post.lent_as for post in scope_of(user).posts_as(roles) if post.on_behalf_of_id == holder)
    return next(lent, "") if holder is not None else ""


def choose_step(user: User, project: Project, action: str) -> tuple[Step | None, Decision]:
    """The arrow this person would take, or the reason why none is open to them."""
    decision = refuse(
        _("Đề án đang ở trạng thái “%(state)s” nên không thực hiện được bước này.")
        % {"state": project.get_state_display()}
    )
    if project.is_settled_on_paper:
        return None, refuse(_("Đề án đã quyết toán theo hồ sơ giấy, không còn bước nào trên cổng."))
    for step in find_steps(project.purse, project.state, action):
        if step.takes_back and not _just_taken(user, project, step):
            decision = refuse(
                _("Chỉ người vừa thực hiện hoàn tác được, trong 30 giây, khi chưa ai làm gì thêm.")
            )
            continue
        posts = [post for post in scope_of(user).posts_as(step.roles) if covers(post, project, action)]
        decision = _through(user, posts, project, step.duty, _("Bước này do vai trò khác thực hiện."))
        if decision.allowed:
            return step, decision
    return None, decision


def _just_taken(user: User, project: Project, undoing: Step) -> bool:
    """What this step takes back is the last that happened to the project, this person's, and fresh."""
    last = project.transitions.defer("content", "verdicts").order_by("-version").first()
    if last is None or last.version != project.version or last.actor_id != user.pk:
        return False
    if (last.action, last.source) != (undoing.takes_back, undoing.target):
        return False
    acted = [
        each.filter(version=project.version)
        for each in (project.marks, project.overrides, project.councils, project.rulings)
    ]
    return timezone.now() - last.recorded_at <= UNDO_FOR and not any(rows.exists() for rows in acted)


def _may_take(action: str) -> Rule:
    def rule(user: User, project: Project) -> Decision:
        return choose_step(user, project, action)[1]

    return rule


def _create(user: User, thing: object) -> Decision:
    posts = scope_of(user).posts_as(DRAFTERS)
    if posts:
        return allow(posts[0].on_behalf_of_id)
    return refuse(_("Chỉ đơn vị thực hiện, Sở Công Thương hoặc trung tâm vùng được lập đề án."))


def _edit(user: User, project: Project) -> Decision:
    if project.state not in EDITABLE:
        return refuse(_("Hồ sơ đã nộp; muốn sửa, hãy thu hồi hoặc chờ yêu cầu bổ sung."))
    posts = [post for post in scope_of(user).posts_as(DRAFTERS) if covers(post, project, "submit")]
    return _through(user, posts, project, Duty.DRAFT, _("Chỉ đơn vị lập đề án được sửa hồ sơ."))


def _override(user: User, project: Project) -> Decision:
    appraising = {State.REVIEW_PROV: Role.SO_LEADER, State.REVIEW_MIN: Role.CUC_LEADER}
    leaders = {str(role) for state, role in appraising.items() if state == project.state}
    posts = [post for post in scope_of(user).posts_as(leaders) if covers(post, project)]
    others = _("Chỉ lãnh đạo đang thẩm định làm được việc này.")
    return _through(user, posts, project, Duty.APPRAISE, others)


APPRAISERS = {State.REVIEW_PROV: SO, State.REVIEW_MIN: CUC}
"""Who appraises in each state of review."""


def appraising_posts(user: User, project: Project) -> list[Post]:
    roles = next((roles for state, roles in APPRAISERS.items() if state == project.state), frozenset[Role]())
    return [post for post in scope_of(user).posts_as(roles) if covers(post, project)]


def standing_council(project: Project) -> Council | None:
    """The council on the dossier as it stands. From the project's own rows, which lists bring along."""
    if project.state not in APPRAISERS:
        return None
    return next((each for each in project.councils.all() if each.version == project.version), None)


def _read_sheets(user: User, project: Project) -> Decision:
    otherwise = _("Chỉ người đang thẩm định ghi phiếu, khi hồ sơ đang được thẩm định.")
    return _through(user, appraising_posts(user, project), project, Duty.APPRAISE, otherwise)


def _appraise(user: User, project: Project) -> Decision:
    council = standing_council(project)
    if council is not None and not council.is_open:
        return refuse(_("Hội đồng đã đóng phiếu nên phiếu không sửa được nữa."))
    if council is not None and user.pk not in council.people_ids:
        return refuse(_("Hồ sơ này do hội đồng thẩm định; chỉ thành viên hội đồng ghi phiếu."))
    return _read_sheets(user, project)


def _number_appraisal(user: User, project: Project) -> Decision:
    """A sealed sheet's number would tell that it is begun: sheets and minutes get theirs afterwards."""
    council = standing_council(project)
    if council is not None and council.is_open:
        return refuse(_("Hội đồng chưa đóng phiếu; đóng phiếu rồi mới cấp số."))
    return _read_sheets(user, project)


def _judge_claim(user: User, project: Project) -> Decision:
    otherwise = _("Chỉ người đang thẩm định kết luận về căn cứ ưu tiên, khi hồ sơ đang được thẩm định.")
    return _through(user, appraising_posts(user, project), project, Duty.APPRAISE, otherwise)


def _name_council(user: User, project: Project) -> Decision:
    council = standing_council(project)
    if council is not None and not council.is_open:
        return refuse(_("Hội đồng đã đóng phiếu nên không lập lại được."))
    return _override(user, project)


def _close_council(user: User, project: Project) -> Decision:
    council = standing_council(project)
    if council is None or not council.is_open:
        return refuse(_("Không có hội đồng nào đang ghi phiếu về hồ sơ này."))
    if user.pk not in (council.chair_id, council.secretary_id):
        return refuse(_("Chủ tịch hoặc thư ký hội đồng đóng phiếu."))
    return _read_sheets(user, project)


REMARKING = DRAFTERS | SO | CUC
"""Who drafts and who appraises dossiers."""


def remark_post(user: User, project: Project) -> Post | None:
    """The post through which this person speaks about this dossier."""
    posts = scope_of(user).posts_as(REMARKING)
    return next((post for post in posts if covers(post, project)), None)


def _remark(user: User, project: Project) -> Decision:
    post = remark_post(user, project)
    if post is None:
        return refuse(_("Chỉ người lập và người thẩm định hồ sơ ghi nhận xét."))
    return allow(post.on_behalf_of_id)


def _settle_remark(user: User, thread: Remark) -> Decision:
    if thread.proposes and thread.author_id != user.pk:  # the leader returns it, see "return_proposal"
        return refuse(_("Đề xuất do người đề xuất rút lại, hoặc do lãnh đạo trả lại kèm lý do."))
    for post in scope_of(user).posts_as(REMARKING):
        if thread.office_id in post.organisation_ids and covers(post, thread.project):
            return allow(post.on_behalf_of_id)
    return refuse(_("Cơ quan đã nêu nhận xét đánh dấu xong hoặc mở lại."))


def plan_roles(plan: YearPlan) -> frozenset[Role]:
    """Who composes this plan: the Cục nationally, the Sở for its province."""
    return CUC if plan.purse == Purse.KCQG else SO


def _plan_posts(user: User, plan: YearPlan, roles: Iterable[Role]) -> list[Post]:
    posts = scope_of(user).posts_as(frozenset(roles))
    return [post for post in posts if plan.purse == Purse.KCQG or plan.province_id in post.province_ids]


def _on_plan(user: User, plan: YearPlan, roles: Iterable[Role]) -> Decision:
    posts = _plan_posts(user, plan, roles)
    if not posts:
        return refuse(_("Kế hoạch này do cơ quan khác lập."))
    return allow(posts[0].on_behalf_of_id)


def _compose_plan(user: User, plan: YearPlan) -> Decision:
    return _on_plan(user, plan, plan_roles(plan))


def _set_ceiling(user: User, plan: YearPlan) -> Decision:
    leaders = {Role.CUC_LEADER} if plan.purse == Purse.KCQG else {Role.SO_LEADER}
    return _on_plan(user, plan, leaders)


def _compose_tranche(user: User, tranche: Tranche) -> Decision:
    return _on_plan(user, tranche.plan, plan_roles(tranche.plan))


def _approve_tranche(user: User, tranche: Tranche) -> Decision:
    roles = {Role.CUC_LEADER, Role.MIN_APPROVER} if tranche.plan.purse == Purse.KCQG else {Role.UBND_VIEW}
    posts = _plan_posts(user, tranche.plan, roles)
    if not posts:
        return _on_plan(user, tranche.plan, roles)
    held = Participation.objects.filter(project__tranche=tranche).exclude(duty=Duty.APPROVE)
    code = ""
    for post in posts:
        clash = held.filter(user__in=_people(user, post)).select_related("project").first()
        if clash is None:
            return allow(post.on_behalf_of_id)
        code = clash.project.code
    return refuse(
        _("Bạn đã lập hoặc thẩm định đề án %(code)s trong đợt này nên không được ghi quyết định.")
        % {"code": code}
    )


def _order_annex(user: User, tranche: Tranche) -> Decision:
    """Whoever composes the tranche, and whoever records its decision."""
    composing = _compose_tranche(user, tranche)
    return composing if composing.allowed else _approve_tranche(user, tranche)


def _assign_tranche(user: User, tranche: Tranche) -> Decision:
    if tranche.plan.purse == Purse.KCDP:
        return refuse(_("Kế hoạch địa phương không có bước giao của Cục."))
    return _on_plan(user, tranche.plan, CUC)


def window_post(user: User, window: RegistrationWindow) -> Post | None:
    """The leader's post through which this person says when dossiers are taken in there."""
    if window.gate == Gate.CUC:
        return next(iter(scope_of(user).posts_as({Role.CUC_LEADER})), None)
    posts = scope_of(user).posts_as({Role.SO_LEADER})
    return next((post for post in posts if window.province_id in post.province_ids), None)


def _set_window(user: User, window: RegistrationWindow) -> Decision:
    post = window_post(user, window)
    if post is None:
        return refuse(_("Lãnh đạo cơ quan nhận hồ sơ đặt và gia hạn đợt đăng ký."))
    return allow(post.on_behalf_of_id)


def _set_windows(user: User, thing: object) -> Decision:
    """Some window or other; which one is asked when it is named."""
    if scope_of(user).posts_as({Role.SO_LEADER, Role.CUC_LEADER}):
        return allow()
    return refuse(_("Lãnh đạo cơ quan nhận hồ sơ đặt và gia hạn đợt đăng ký."))


CLOCKED = {
    State.SUBMITTED_PROV: SO,
    State.REVIEW_PROV: SO,
    State.REGISTERED: CUC,
    State.REVIEW_MIN: CUC,
}
"""Whose working days run in each state in which an office works on somebody else's dossier."""


def clock_post(user: User, project: Project) -> Post | None:
    """The post through which this person may stop the office's clock on this dossier."""
    roles = next((roles for state, roles in CLOCKED.items() if state == project.state), frozenset[Role]())
    return next((post for post in scope_of(user).posts_as(roles) if covers(post, project)), None)


def _stop_clock(user: User, project: Project) -> Decision:
    post = clock_post(user, project)
    if post is None:
        return refuse(_("Chỉ cơ quan đang xử lý hồ sơ tạm dừng hoặc tính tiếp thời hạn của mình."))
    return allow(post.on_behalf_of_id)


AT_THE_CUC = frozenset(
    {State.REGISTERED, State.REVIEW_MIN, State.PASSED_MIN, State.REJECTED_MIN, State.IN_PLAN, *COMMITTED}
)


def _correct(user: User, project: Project) -> Decision:
    """The leader of the office that holds the dossier now, or that approved it."""
    if project.state in EDITABLE:
        return refuse(_("Hồ sơ đang mở để sửa; hãy sửa thẳng trong hồ sơ."))
    national = project.purse == Purse.KCQG and project.state in AT_THE_CUC
    posts = scope_of(user).posts_as({Role.CUC_LEADER if national else Role.SO_LEADER})
    post = next((post for post in posts if covers(post, project)), None)
    if post is None:
        return refuse(_("Lãnh đạo cơ quan đang giữ hồ sơ ghi đính chính."))
    return allow(post.on_behalf_of_id)


def _import_registration(user: User, thing: object) -> Decision:
    return _create(user, thing)


def _appraise_list(user: User, staged: StagedImport) -> Decision:
    for post in scope_of(user).posts_as(SO):
        if staged.province_id in post.province_ids:
            return allow(post.on_behalf_of_id)
    return refuse(_("Chỉ Sở Công Thương ghi nhận kết quả thẩm định của tỉnh mình."))


RULES: dict[str, Rule] = {
    **DESK_RULES,
    **{f"{action}_project": _may_take(action) for action in ACTIONS},
    "create_project": _create,
    "edit_project": _edit,
    "override_check": _override,
    "appraise_project": _appraise,
    "read_sheets": _read_sheets,
    "number_appraisal": _number_appraisal,
    "judge_claim": _judge_claim,
    "name_council": _name_council,
    "close_council": _close_council,
    "remark_project": _remark,
    "settle_remark": _settle_remark,
    "import_registration": _import_registration,
    "appraise_list": _appraise_list,
    "compose_plan": _compose_plan,
    "set_ceiling": _set_ceiling,
    "correct_project": _correct,
    "set_window": _set_window,
    "set_windows": _set_windows,
    "stop_clock": _stop_clock,
    "compose_tranche": _compose_tranche,
    "order_annex": _order_annex,
    "approve_tranche": _approve_tranche,
    "assign_tranche": _assign_tranche,
    **CARRY_RULES,
    **MONEY_RULES,
    **PLACE_RULES,
    "propose_rule": lawkeeping.propose_rule,
    "verify_rule": lawkeeping.verify_rule,
    "withdraw_rule": lawkeeping.withdraw_rule,
}
