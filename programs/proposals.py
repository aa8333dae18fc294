"""Inside an office: an officer proposes a step, the leader takes it or returns the proposal with a reason.

A proposal is a remark for the office alone, so the database keeps it from every other. It holds for the
dossier as it stands: any step of the dossier ends it. No state changes before the leader's own step.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import policy as door
from accounts.models import Membership, User, today
from programs.desk_policy import LEADERS, desk_posts, proposable
from programs.errors import IllegalMove, MissingDetail
from programs.models import Project, Remark
from programs.remarks import Thread, keep, keep_answer, threads_of
from programs.reviewterms import Audience, Turn
from programs.workflow import lock


def standing_proposals(user: User, project: Project, threads: Sequence[Thread] | None = None) -> list[Thread]:
    """What waits for the leader at this person's desk, of these ``threads`` where they are at hand."""
    if not desk_posts(user, project):
        return []
    known = threads_of(user, project) if threads is None else threads
    return [thread for thread in known if thread.root.proposes and thread.open]


def propose(
    project: Project, action: str, *, actor: User, note: str, expected_version: int | None = None
) -> Remark:
    """Raises ``StaleVersion``, ``PermissionRefused``, ``IllegalMove`` or ``MissingDetail``."""
    with transaction.atomic():
        locked = lock(project, expected_version)
        door.require(actor, "programs.propose_step", locked)
        if action not in {step.action for step in proposable(actor, locked)}:
            raise IllegalMove(_("Bước này không đề xuất được khi hồ sơ ở trạng thái hiện tại."))
        if not note.strip():
            raise MissingDetail("text", _("Hãy ghi ý kiến trình lãnh đạo."))
        if any(thread.root.author_id == actor.pk for thread in standing_proposals(actor, locked)):
            raise IllegalMove(_("Bạn đã đề xuất một bước với hồ sơ này và đang chờ lãnh đạo."))
        office = desk_posts(actor, locked)[0].organisation_id
        leaders = Membership.objects.on(today()).filter(organisation=office, role__in=LEADERS)
        made = Remark(
            project=locked,
            audience=Audience.OFFICE,
            office_id=office,
            author=actor,
            text=note,
            proposes=action,
            version=locked.version,
        )
        return keep(made, list(leaders.values_list("user", flat=True)))


def send_back(made: Remark, *, actor: User, reason: str) -> Remark:
    """The leader does not agree, and says why. Raises as ``propose`` does."""
    with transaction.atomic():
        door.require(actor, "programs.return_proposal", made)
        if not reason.strip():
            raise MissingDetail("text", _("Hãy ghi lý do trả lại đề xuất."))
        return keep_answer(made, actor, reason, Turn.RESOLVED, [made.author_id])
