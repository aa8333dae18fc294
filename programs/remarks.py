"""Remarks on a dossier: made, answered, settled, brought together by thread."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import policy as door
from accounts.models import Membership, User, today
from accounts.roles import OWN_WORK_ROLES
from accounts.scope import scope_of
from programs.changes import FIELDS, ROWS
from programs.errors import IllegalMove, MissingDetail
from programs.lifecycle import CUC, SO, STEPS, Purse, find_steps
from programs.models import Project, Remark
from programs.policy import REMARKING, remark_post
from programs.reviewterms import Audience, Turn
from records import audit, outbox

ANCHORS: dict[str, str | Promise] = {
    "": gettext_lazy("Cả hồ sơ"),
    **FIELDS,
    **{key: label for key, (label, _name, _sentence) in ROWS.items()},
    "amounts": gettext_lazy("Nguồn vốn"),
}
"""What a remark may be about: the fields and lists of ``changes.py``, and the money by source."""

MOST_PEOPLE = 60


@dataclass(slots=True)
class Thread:
    """A remark with its answers, oldest first."""

    root: Remark
    answers: list[Remark] = field(default_factory=list)
    may_settle: bool = False

    @property
    def label(self) -> str | Promise:
        if self.root.proposes:
            return _("Đề xuất “%(step)s”") % {"step": proposed_label(self.root)}
        return ANCHORS.get(self.root.anchor, self.root.anchor)

    @property
    def open(self) -> bool:
        turns = [answer.turn for answer in self.answers if answer.turn]
        if self.root.proposes and self.root.version != self.root.project.version:
            return False  # the dossier has gone on, with the proposed step or another
        return not turns or turns[-1] != Turn.RESOLVED

    @property
    def for_drafter(self) -> bool:
        return self.root.audience == Audience.DOSSIER


def proposed_label(made: Remark) -> str:
    """What the proposed step is called where the dossier stood, which is the next step's name now."""
    purse = made.project.purse
    once = [step for step in STEPS[purse] if step.action == made.proposes]  # the dossier has gone on
    steps = find_steps(purse, made.project.state, made.proposes) or once
    return str(steps[0].label) if steps else made.proposes


def threads_of(user: User, project: Project) -> list[Thread]:
    """What this person may read about the dossier, open threads first."""
    rows = Remark.objects.visible_to(user).filter(project=project).select_related("author", "office")
    found: dict[int, Thread] = {}
    for row in rows:
        if row.thread_id is None:
            row.project = project  # at hand for the rule, which asks about its place
            settles = door.decide(user, "programs.settle_remark", row).allowed
            found[row.pk] = Thread(row, may_settle=settles)
        elif row.thread_id in found:
            found[row.thread_id].answers.append(row)
    return sorted(found.values(), key=lambda thread: not thread.open)


def remark(
    project: Project,
    *,
    actor: User,
    text: str,
    audience: str,
    anchor: str = "",
    mentioned: Sequence[int] = (),
) -> Remark:
    """Say something about a field of the dossier. Raises ``PermissionRefused`` or ``MissingDetail``."""
    with transaction.atomic():
        door.require(actor, "programs.remark_project", project)
        post = remark_post(actor, project)
        assert post is not None  # the rule has just found one
        made = Remark(
            project=project,
            anchor=anchor,
            audience=audience,
            office_id=post.organisation_id,
            author=actor,
            text=text,
        )
        return keep(made, mentioned)


def answer(
    thread: Remark, *, actor: User, text: str = "", turn: str = "", mentioned: Sequence[int] = ()
) -> Remark:
    """Answer a remark, or mark it resolved or open again, with or without words.

    Raises ``PermissionRefused``, ``MissingDetail``, or ``IllegalMove`` where it already stands so.
    """
    with transaction.atomic():
        door.require(actor, "programs.remark_project", thread.project)
        if turn:
            door.require(actor, "programs.settle_remark", thread)
        return keep_answer(thread, actor, text, turn, mentioned)


def keep_answer(thread: Remark, actor: User, text: str, turn: str, mentioned: Sequence[int]) -> Remark:
    """Of somebody who has been found to be allowed it."""
    if turn:
        [found] = [each for each in threads_of(actor, thread.project) if each.root == thread]
        if found.open == (turn == Turn.REOPENED):
            raise IllegalMove(_("Nhận xét này đã được đánh dấu như vậy rồi."))
    made = Remark(
        project=thread.project,
        thread=thread,
        anchor=thread.anchor,
        audience=thread.audience,
        office_id=thread.office_id,
        author=actor,
        text=text,
        turn=turn,
    )
    return keep(made, mentioned)


def keep(made: Remark, mentioned: Sequence[int]) -> Remark:
    if not made.text.strip() and not made.turn:
        raise MissingDetail("text", _("Hãy viết nhận xét."))
    people = User.objects.filter(pk__in=list(mentioned)[:MOST_PEOPLE], is_active=True)
    deaf = [str(person) for person in people if not may_read(person, made)]
    if deaf:
        told = _("Không đọc được nhận xét này nên không nhắc được: %(names)s.")
        raise MissingDetail("mentioned", told % {"names": ", ".join(deaf)})
    made.mentioned = [person.pk for person in people]
    made.save()
    audit.record(
        "programs.remark",
        made.project,
        actor=made.author,
        after={"remark": str(made.uuid), "anchor": made.anchor, "for": made.audience, "turn": made.turn},
    )
    outbox.post("remark.made", {"remark": made.pk})
    return made


def may_read(person: User, made: Remark) -> bool:
    """Whether this person sees the dossier, and what is said of it to that audience."""
    if not Project.objects.visible_to(person).filter(pk=made.project_id).exists():
        return False
    offices = {pk for post in scope_of(person).posts for pk in post.organisation_ids}
    return made.audience == Audience.DOSSIER or made.office_id in offices


def colleagues(user: User, project: Project) -> list[Membership]:
    """Whom a remark may mention: those who draft and appraise this dossier, the own office first."""
    own = remark_post(user, project)
    posts = Membership.objects.on(today()).exclude(user=user).select_related("user", "organisation")
    around = Q(role__in=SO, organisation__province=project.province_id)
    around |= Q(role__in=OWN_WORK_ROLES, organisation__in={project.owner_id, project.implementer_id} - {None})
    if own is not None:
        around |= Q(role__in=REMARKING, organisation=own.organisation_id)
    if project.purse == Purse.KCQG:
        around |= Q(role__in=CUC)
    found = {post.user_id: post for post in posts.filter(around).order_by("organisation", "user__sort_name")}
    by_office = sorted(found.values(), key=lambda p: own is None or p.organisation_id != own.organisation_id)
    return by_office[:MOST_PEOPLE]


def quote(note: str, threads: Iterable[Thread]) -> str:
    """A note with these remarks under it, as the other side reads them."""
    lines = [f"– {thread.label}: {thread.root.text}" for thread in threads]
    return "\n".join([*([note.strip()] if note.strip() else []), *lines])
