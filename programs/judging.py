"""Claims of priority before a reviewer: what the dossier claims, what shows it, what was found."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import policy as door
from accounts.models import User
from programs.claim_facts import claim_facts
from programs.claiming import Claimed
from programs.errors import IllegalMove, MissingDetail
from programs.lawbook import Basis
from programs.lifecycle import Duty
from programs.models import ClaimRuling, Project
from programs.policy import appraising_posts
from programs.reading import Reading, read
from programs.workflow import lock, record_duty
from records import audit


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim as pages show it. ``open``: a reviewer can judge it, as far as the dossier goes."""

    claim: Claimed
    name: str
    basis: Basis
    status: str
    said: str

    @property
    def open(self) -> bool:
        return bool(self.name) and self.status in ("waiting", "accepted", "refused")

    @property
    def tone(self) -> str:
        return {"accepted": "good", "refused": "bad", "unproved": "warning"}.get(self.status, "neutral")

    @property
    def label(self) -> str:
        if not self.name:
            return _("không có trong quy định của năm kế hoạch")
        return {
            "accepted": _("được công nhận"),
            "refused": _("không được công nhận"),
            "waiting": _("chờ xem xét"),
            "known": _("hệ thống xét theo dữ liệu"),
        }.get(self.status, _("chưa có minh chứng, không được tính"))


def claim_list(project: Project, reading: Reading) -> list[ClaimRow]:
    """The claims of the dossier in the order it makes them, those with rows of their own."""
    facts = {fact.predicate: fact for fact in claim_facts([project], [reading])[project.pk]}
    return [
        ClaimRow(claim, fact.name, fact.basis, fact.status, fact.said)
        for claim in reading.claims
        for fact in [facts[claim.predicate]]
    ]


def claims_of(project: Project) -> list[ClaimRow]:
    """The same for one project whose dossier has not been read; one query where it claims nothing."""
    return claim_list(project, read([project])[0]) if project.claims.exists() else []


def judge(
    project: Project,
    predicate: str,
    *,
    accepted: bool,
    reason: str = "",
    actor: User,
    expected_version: int | None = None,
) -> ClaimRuling:
    """Accept a claim with its evidence as it stands, or not, saying why; a later ruling takes its place.

    Căn cứ: Nghị định 45/2012/NĐ-CP, Điều 6. Raises ``StaleVersion``, ``PermissionRefused``,
    ``MissingDetail``, or ``IllegalMove`` where nothing is claimed or shown, or the portal's data decide.
    """
    with transaction.atomic():
        locked = lock(project, expected_version)
        permission = door.require(actor, "programs.judge_claim", locked)
        row = _judged(locked, predicate)
        if not accepted and not reason.strip():
            raise MissingDetail("reason", _("Hãy ghi lý do không công nhận."))
        record_duty(locked, actor, permission.on_behalf_of_id, Duty.APPRAISE)
        made = ClaimRuling.objects.create(
            project=locked,
            version=locked.version,
            predicate=predicate,
            fingerprint=row.claim.fingerprint,
            accepted=accepted,
            reason=reason.strip(),
            office_id=_office(actor, locked, permission.on_behalf_of_id),
            actor=actor,
        )
        told = {"predicate": predicate, "accepted": accepted, "evidence": row.claim.shown}
        lender, why = permission.lender, made.reason
        audit.record("programs.judge_claim", locked, actor=actor, after=told, reason=why, on_behalf_of=lender)
        # The dossier shows the finding, so whoever copies what has changed must meet it again.
        Project.objects.filter(pk=locked.pk).update(updated_at=made.at)
    return made


def _office(actor: User, project: Project, lender: int | None) -> int:
    """The office of the post, own or lent by this person, that was used."""
    posts = appraising_posts(actor, project)
    return next(post.organisation_id for post in posts if post.on_behalf_of_id == lender)


def _judged(project: Project, predicate: str) -> ClaimRow:
    [reading] = read([project])
    row = next((row for row in claim_list(project, reading) if row.claim.predicate == predicate), None)
    if row is None:
        raise IllegalMove(_("Hồ sơ không đề nghị diện ưu tiên này."))
    if not row.open:
        raise IllegalMove(_("“%(name)s”: %(status)s.") % {"name": row.name, "status": row.label})
    return row
