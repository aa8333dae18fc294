"""Who is told when a project moves: messages in the portal's own inbox."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership, User, today
from accounts.roles import Role
from programs.carry_policy import LEADERS
from programs.consequences import GOING_BACK
from programs.lawkeeping import LAW_KEEPERS
from programs.lawterms import Outcome
from programs.lifecycle import SO, Duty, State
from programs.models import CarryOver, Holding, Project, Remark, RuleProposal
from programs.remarks import ANCHORS, may_read, proposed_label
from records import inbox
from records.models import OutboxMessage, StagedImport
from vietnam.units import province_family

TOLD = frozenset(
    {
        State.RETURNED_PROV, State.RETURNED_MIN, State.PASSED_PROV, State.PASSED_MIN, State.REJECTED_PROV,
        State.REJECTED_MIN, State.APPROVED, State.ASSIGNED, State.CONTRACTED, State.STOPPED,
    }
)  # fmt: skip
"""States the people who drafted a project want to hear of."""

WORK: Final = "work.waiting"
RETURNED: Final = "project.returned"
MOVED: Final = "project.moved"
REMARK: Final = "remark.made"
LIST: Final = "list.applied"
DUE_SOON: Final = "work.due_soon"
RULE: Final = "rule.proposed"
CARRIED: Final = "project.carried"
PAYMENT: Final = "payment.moved"
ASSIGNED: Final = "file.assigned"
KINDS: Final = (
    inbox.Kind(
        WORK,
        gettext_lazy("Hồ sơ, đợt kế hoạch đang chờ bạn xử lý"),
        kept=gettext_lazy("Luôn có ở “Việc của tôi”, vì bước tiếp theo là của bạn."),
        at_once=False,
    ),
    inbox.Kind(
        RETURNED,
        gettext_lazy("Hồ sơ bạn lập bị trả lại để bổ sung"),
        kept=gettext_lazy("Luôn báo, vì bạn phải sửa và nộp lại đúng hạn."),
    ),
    inbox.Kind(DUE_SOON, gettext_lazy("Hồ sơ chờ bạn còn ba ngày làm việc"), digest=False),
    inbox.Kind(MOVED, gettext_lazy("Hồ sơ bạn lập được thẩm định, phê duyệt, giao kế hoạch hoặc dừng")),
    inbox.Kind(REMARK, gettext_lazy("Có người nhắc đến bạn hoặc trả lời nhận xét của bạn")),
    inbox.Kind(ASSIGNED, gettext_lazy("Lãnh đạo giao bạn xử lý một hồ sơ")),
    inbox.Kind(
        LIST,
        gettext_lazy("Biểu đăng ký đã nhập, có thể ghi nhận thẩm định trên giấy"),
        kept=gettext_lazy("Luôn báo, vì chỉ lãnh đạo Sở ghi nhận được kết quả thẩm định trên giấy."),
    ),
    inbox.Kind(
        CARRIED, gettext_lazy("Đề án chuyển tiếp chờ người thứ hai, hoặc bản nhập của bạn đã có trả lời")
    ),
    inbox.Kind(
        PAYMENT, gettext_lazy("Đề nghị tạm ứng, thanh toán chờ bạn, hoặc đề nghị của bạn đã có trả lời")
    ),
    inbox.Kind(
        RULE, gettext_lazy("Đề xuất sửa quy định chờ người thứ hai, hoặc đề xuất của bạn đã có trả lời")
    ),
)
"""What people hear of from this floor, in the order of the page where they choose."""


def project_moved(message: OutboxMessage) -> None:
    """Outbox handler of ``project.moved``: tell the drafters, except the one who did it."""
    project = Project.objects.get(pk=message.payload["project"])
    step = project.transitions.filter(version=message.payload["version"]).first()
    if step is None or step.target not in TOLD or step.action in GOING_BACK:
        return
    drafters = User.objects.filter(
        pk__in=project.participations.filter(duty=Duty.DRAFT).values("user"), is_active=True
    ).exclude(pk=step.actor_id)
    page = reverse("programs:project_detail", args=[project.code])
    kind = RETURNED if step.target in (State.RETURNED_PROV, State.RETURNED_MIN) else MOVED
    for readers in by_language(drafters):
        title = _("%(code)s: %(state)s") % {"code": project.code, "state": State(step.target).label}
        inbox.notify(readers, kind, title, step.note, page)


def remark_made(message: OutboxMessage) -> None:
    """Outbox handler of ``remark.made``: tell those it names, and those who have spoken in its thread."""
    made = Remark.objects.select_related("project", "author").get(pk=message.payload["remark"])
    spoken = Remark.objects.filter(Q(pk=made.thread_id) | Q(thread__isnull=False, thread=made.thread_id))
    people = User.objects.filter(Q(pk__in=made.mentioned) | Q(pk__in=spoken.values("author")), is_active=True)
    readers = [user for user in people.exclude(pk=made.author_id) if may_read(user, made)]
    page = reverse("programs:remark_thread", args=[made.project.code, made.uuid])
    for each in by_language(readers):
        words = {"who": made.author, "code": made.project.code, "about": ANCHORS.get(made.anchor, "")}
        title = _("%(who)s nhận xét về %(code)s: %(about)s") % words
        if made.proposes:
            words["about"] = proposed_label(made)
            title = _("%(who)s đề xuất với %(code)s: %(about)s") % words
        inbox.notify(each, REMARK, title, made.text or str(made.get_turn_display()), page)


def file_assigned(message: OutboxMessage) -> None:
    """Outbox handler of ``file.assigned``: whoever handles the file from now on learns of it."""
    made = Holding.objects.select_related("project", "holder", "given_by").get(pk=message.payload["holding"])
    page = reverse("programs:project_detail", args=[made.project.code])
    with translation.override(made.holder.language):
        title = _("%(who)s giao bạn xử lý %(code)s") % {"who": made.given_by, "code": made.project.code}
        inbox.notify([made.holder], ASSIGNED, title, made.reason, page)


def list_applied(message: OutboxMessage) -> None:
    """Outbox handler of ``list.applied``: the Sở's leaders may have its dossiers on paper, appraised."""
    staged = StagedImport.objects.select_related("province", "uploaded_by").get(pk=message.payload["list"])
    posts = Membership.objects.on(today()).filter(
        role=Role.SO_LEADER, organisation__province__in=province_family(staged.province)
    )
    leaders = User.objects.filter(pk__in=posts.values("user"), is_active=True).exclude(
        pk=staged.uploaded_by_id
    )
    page = reverse("programs:paper_appraisal", args=[staged.uuid])
    for readers in by_language(leaders):
        title = _("%(who)s đã nhập biểu “%(name)s”") % {"who": staged.uploaded_by, "name": staged.name}
        body = _("Nếu hồ sơ giấy đã được thẩm định, hãy ghi nhận cho các bản nháp của biểu tại đây.")
        inbox.notify(readers, LIST, title, body, page)


def rule_proposed(message: OutboxMessage) -> None:
    """Outbox handler of ``rule.proposed``: whoever may verify it; once it is decided, whoever proposed it."""
    proposal = RuleProposal.objects.select_related("province", "proposed_by", "decided_by").get(
        pk=message.payload["proposal"]
    )
    page = reverse("programs:proposal_detail", args=[proposal.uuid])
    people = _law_keepers(proposal) if proposal.is_open else User.objects.filter(pk=proposal.proposed_by_id)
    for readers in by_language(people.filter(is_active=True)):
        if proposal.is_open:
            words = {"who": proposal.proposed_by, "rule": proposal.title}
            inbox.notify(readers, RULE, (_("%(who)s đề xuất: %(rule)s") % words)[:255], proposal.reason, page)
        elif proposal.outcome != Outcome.WITHDRAWN:
            title = f"{proposal.get_outcome_display()}: {proposal.title}"[:255]
            inbox.notify(readers, RULE, title, proposal.decision_note, page)


def project_carried(message: OutboxMessage) -> None:
    """Outbox handler of ``project.carried``: the office's leaders; once it is decided, whoever entered it."""
    entry = CarryOver.objects.told().get(pk=message.payload["entry"])
    if entry.outcome != message.payload.get("outcome", entry.outcome):
        return  # answered since: the next message tells
    page = reverse("programs:carried_detail", args=[entry.uuid])
    posts = Membership.objects.on(today()).filter(role__in=LEADERS, organisation=entry.office_id)
    leaders = User.objects.filter(pk__in=posts.values("user")).exclude(pk__in=entry.enterers)
    people = leaders if entry.is_open else User.objects.filter(pk=entry.entered_by_id)
    for readers in by_language(people.filter(is_active=True)):
        if entry.is_open:
            title = _("%(who)s nhập đề án chuyển tiếp: %(title)s") % {
                "who": entry.entered_by,
                "title": entry.title,
            }
            inbox.notify(readers, CARRIED, title[:255], entry.note, page)
        elif entry.outcome != Outcome.WITHDRAWN:
            title = f"{entry.get_outcome_display()}: {entry.title}"[:255]
            inbox.notify(readers, CARRIED, title, entry.answer, page)


def _law_keepers(proposal: RuleProposal) -> QuerySet[User]:
    posts = Membership.objects.on(today())
    if proposal.province is None:
        posts = posts.filter(role__in=LAW_KEEPERS)
    else:
        posts = posts.filter(role__in=SO, organisation__province__in=province_family(proposal.province))
    return User.objects.filter(pk__in=posts.values("user")).exclude(pk__in=proposal.proposers)


def by_language(people: Iterable[User]) -> Iterator[list[User]]:
    """The people of each language, that language being active meanwhile."""
    everybody = list(people)
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            yield [user for user in everybody if user.language == language]
