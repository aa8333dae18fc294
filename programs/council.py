"""The council that appraises a dossier: named by the head, its sheets sealed until it closes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import policy as door
from accounts.models import Membership, User, today
from programs.appraisal import Sheet, sheets_of
from programs.errors import MissingDetail
from programs.models import Council, Project
from programs.policy import APPRAISERS, appraising_posts, standing_council
from programs.reviewterms import CRITERIA
from programs.workflow import lock
from records import audit

CHAIR, SECRETARY, MEMBER = gettext_lazy("Chủ tịch"), gettext_lazy("Thư ký"), gettext_lazy("Thành viên")


@dataclass(frozen=True, slots=True)
class Seat:
    """A person of the council. Whether their sheet is begun stays as sealed as what it says."""

    person: User
    role: str | Promise


def candidates(user: User, project: Project) -> list[User]:
    """Who may be named: those of the naming office who appraise in this state and have no other duty here."""
    posts = appraising_posts(user, project)
    roles = next((roles for state, roles in APPRAISERS.items() if state == project.state), frozenset())
    held = Membership.objects.on(today()).filter(
        organisation__in=[post.organisation_id for post in posts], role__in=roles
    )
    busy = {each.user_id for each in project.participations.all() if each.duty != "APPRAISE"}
    people = {post.user_id: post.user for post in held.select_related("user").order_by("user__sort_name")}
    return [person for pk, person in people.items() if pk not in busy]


def seats_of(council: Council, sheets: Sequence[Sheet] = ()) -> list[Seat]:
    """In the order papers name them; ``sheets`` of a closed council know its people already."""
    people = {sheet.appraiser.pk: sheet.appraiser for sheet in sheets}
    if not people.keys() >= set(council.people_ids):
        people = User.objects.in_bulk(council.people_ids)
    roles = [CHAIR, SECRETARY, *(MEMBER for _member in council.member_ids)]
    return [Seat(people[pk], role) for pk, role in zip(council.people_ids, roles, strict=True)]


def name_council(
    project: Project,
    *,
    chair: int,
    secretary: int,
    members: Sequence[int],
    actor: User,
    expected_version: int | None = None,
) -> Council:
    """Name the council, or name it anew while its sheets are open. Raises ``StaleVersion``,
    ``PermissionRefused``, or ``MissingDetail`` where somebody may not sit or sits twice."""
    with transaction.atomic():
        locked = lock(project, expected_version)
        permission = door.require(actor, "programs.name_council", locked)
        allowed = {person.pk for person in candidates(actor, locked)}
        others = [pk for pk in dict.fromkeys(members) if pk not in (chair, secretary)]
        if chair == secretary:
            raise MissingDetail("secretary", _("Chủ tịch và thư ký phải là hai người."))
        if not {chair, secretary, *others} <= allowed:
            raise MissingDetail("members", _("Có người không thuộc cơ quan thẩm định hoặc đã lập đề án này."))
        posts = appraising_posts(actor, locked)
        office = next(p.organisation_id for p in posts if p.on_behalf_of_id == permission.on_behalf_of_id)
        named = {
            "office_id": office, "chair_id": chair, "secretary_id": secretary, "member_ids": others,
            "named_by": actor,
        }  # fmt: skip
        council, _made = Council.objects.update_or_create(
            project=locked, version=locked.version, defaults=named
        )
        audit.record("programs.name_council", locked, actor=actor, after={"people": council.people_ids})
    return council


def close_council(
    project: Project, *, conclusion: str, actor: User, expected_version: int | None = None
) -> Council:
    """Open the sheets to the office, with the council's conclusion; none is changed afterwards.

    More than half of the council must have judged every criterion (the portal's proposal: no document read
    sets a quorum). Raises ``StaleVersion``, ``PermissionRefused`` or ``MissingDetail``.
    """
    with transaction.atomic():
        locked = lock(project, expected_version)
        door.require(actor, "programs.close_council", locked)
        council = standing_council(locked)
        assert council is not None  # the rule has just found it
        if not conclusion:
            raise MissingDetail("conclusion", _("Hãy ghi kết luận của hội đồng."))
        # Closed first, since the wall hides the sheets until then; a refusal takes the closing back.
        council.closed_by, council.closed_at, council.conclusion = actor, timezone.now(), conclusion
        council.save(update_fields=["closed_by", "closed_at", "conclusion"])
        whole = sum(sheet.graded == len(CRITERIA) for sheet in sheets_of(actor, locked))
        if 2 * whole <= len(council.people_ids):
            told = _("Mới có %(whole)d/%(all)d phiếu đánh giá đủ tiêu chí; cần quá nửa mới đóng phiếu được.")
            raise MissingDetail("conclusion", told % {"whole": whole, "all": len(council.people_ids)})
        audit.record("programs.close_council", locked, actor=actor, after={"whole": whole})
    return council
