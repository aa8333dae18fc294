"""Who is told when a project moves: messages in the portal's own inbox."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Membership, User, today
from accounts.roles import Role
from programs.consequences import GOING_BACK
from programs.lifecycle import Duty, State
from programs.models import Project, Remark
from programs.remarks import ANCHORS, may_read
from records import inbox
from records.models import OutboxMessage, StagedImport
from vietnam.units import province_family

TOLD = frozenset(
    {
        State.RETURNED_PROV, State.RETURNED_MIN, State.PASSED_PROV, State.PASSED_MIN, State.REJECTED_PROV,
        State.REJECTED_MIN, State.APPROVED, State.ASSIGNED, State.STOPPED,
    }
)  # fmt: skip
"""States the people who drafted a project want to hear of."""


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
    for readers in _by_language(drafters):
        title = _("%(code)s: %(state)s") % {"code": project.code, "state": State(step.target).label}
        inbox.notify(readers, "project.moved", title, step.note, page)


def remark_made(message: OutboxMessage) -> None:
    """Outbox handler of ``remark.made``: tell those it names, and those who have spoken in its thread."""
    made = Remark.objects.select_related("project", "author").get(pk=message.payload["remark"])
    spoken = Remark.objects.filter(Q(pk=made.thread_id) | Q(thread__isnull=False, thread=made.thread_id))
    people = User.objects.filter(Q(pk__in=made.mentioned) | Q(pk__in=spoken.values("author")), is_active=True)
    readers = [user for user in people.exclude(pk=made.author_id) if may_read(user, made)]
    page = reverse("programs:remark_thread", args=[made.project.code, made.uuid])
    for each in _by_language(readers):
        words = {"who": made.author, "code": made.project.code, "about": ANCHORS.get(made.anchor, "")}
        title = _("%(who)s nhận xét về %(code)s: %(about)s") % words
        inbox.notify(each, "remark.made", title, made.text or str(made.get_turn_display()), page)


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
    for readers in _by_language(leaders):
        title = _("%(who)s đã nhập biểu “%(name)s”") % {"who": staged.uploaded_by, "name": staged.name}
        body = _("Nếu hồ sơ giấy đã được thẩm định, hãy ghi nhận cho các bản nháp của biểu tại đây.")
        inbox.notify(readers, "list.applied", title, body, page)


def _by_language(people: Iterable[User]) -> Iterator[list[User]]:
    """The people of each language, that language being active meanwhile."""
    everybody = list(people)
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            yield [user for user in everybody if user.language == language]
