"""Giving a dossier to somebody of the office, one or many at a time."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from accounts import policy as door
from accounts.models import Membership, User, today
from accounts.scope import scope_of
from programs.desk_policy import HANDLERS, desk_posts
from programs.errors import MissingDetail
from programs.lifecycle import DRAFTERS, EDITABLE, OPEN, Duty
from programs.models import Holding, Project
from programs.querysets import ProjectQuerySet
from programs.workflow import lock
from records import audit, outbox

MOST_FILES = 200
"""Shown, and handed over, in one go."""
HANDLING = DRAFTERS | frozenset[str]().union(*HANDLERS.values())
"""Who can have files at all."""


def people_of(user: User) -> list[User]:
    """Who of this person's offices can have files, by given name."""
    held = Membership.objects.on(today()).filter(organisation__in=_offices(user), role__in=HANDLING)
    people = {post.user_id: post.user for post in held.select_related("user").order_by("user__sort_name")}
    return list(people.values())


def past_people_of(user: User) -> list[User]:
    """Those who have had files there and hold no post any more: what they left is to be handed over."""
    rows = Holding.objects.filter(office__in=_offices(user)).values("holder")
    drafts = Project.objects.visible_to(user).filter(owner__in=_offices(user), state__in=EDITABLE)
    known = User.objects.filter(Q(pk__in=rows) | Q(pk__in=drafts.values("created_by")))
    return list(known.exclude(pk__in=[person.pk for person in people_of(user)]).order_by("sort_name"))


def files_of(user: User, person: User | None) -> ProjectQuerySet:
    """Open files at this person's offices which ``person`` has there; with None, those nobody has yet."""
    offices = _offices(user)
    last = Holding.objects.filter(project=OuterRef("pk"), office__in=offices).order_by("-id")
    files = Project.objects.visible_to(user).filter(state__in=OPEN)
    if person is None:
        roles = {post.role for post in scope_of(user).posts}
        kinds = [kind for kind, handling in HANDLERS.items() if handling & roles]
        files = files.filter(~Exists(last)).at_desk(kinds)
    else:
        begun = Q(owner__in=offices, created_by=person, state__in=EDITABLE)
        rows = Holding.objects.filter(holder=person, office__in=offices).values("project")
        files = files.filter(Q(pk__in=rows) | begun)
        files = files.annotate(last_holder=Subquery(last.values("holder")[:1]))
        files = files.filter(Q(last_holder=person.pk) | (Q(last_holder=None) & begun))
    return files.order_by(F("due_on").asc(nulls_last=True), "id")


def candidates(user: User, project: Project) -> list[User]:
    """Colleagues at the desk who may handle this dossier: no other duty forbids them."""
    posts = desk_posts(user, project)
    held = Membership.objects.on(today()).filter(
        organisation__in=[post.organisation_id for post in posts], role__in=HANDLING
    )
    busy = set[int]()
    if project.state not in EDITABLE:
        busy = {row.user_id for row in project.participations.all() if row.duty != Duty.APPRAISE}
    people = {post.user_id: post.user for post in held.select_related("user").order_by("user__sort_name")}
    return [person for pk, person in people.items() if pk not in busy]


def assign(project: Project, holder: User, *, actor: User, reason: str = "") -> Holding:
    """From now on ``holder`` handles it. Raises ``PermissionRefused``, or ``MissingDetail`` for somebody who
    may not."""
    with transaction.atomic():
        locked = lock(project, None)
        permission = door.require(actor, "programs.assign_file", locked)
        lender = permission.on_behalf_of_id
        if holder not in candidates(actor, locked):
            raise MissingDetail("holder", _("Người này không thuộc cơ quan, hoặc đã lập đề án này."))
        posts = desk_posts(actor, locked)
        post = next(post for post in posts if post.on_behalf_of_id == lender)
        inherited = locked.state in EDITABLE and locked.owner_id in post.organisation_ids
        office = locked.owner_id if inherited else post.organisation_id  # a draft stays its owner's
        made = Holding.objects.create(
            project=locked, office_id=office, holder=holder, given_by=actor, reason=reason.strip()
        )
        audit.record(
            "programs.assign_file",
            locked,
            actor=actor,
            on_behalf_of=User(pk=lender) if lender else None,
            after={"holder": holder.username},
            reason=reason,
        )
        if holder != actor:
            outbox.post("file.assigned", {"holding": made.pk})
        return made


def _offices(user: User) -> set[int]:
    return {pk for post in scope_of(user).posts_as(HANDLING) for pk in post.organisation_ids}
