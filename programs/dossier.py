"""Papers of a dossier and authorised exceptions to its checks."""

from __future__ import annotations

from typing import IO, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import policy as door
from accounts.models import User
from programs.errors import IllegalMove, NotEditable
from programs.facts import verdicts_of
from programs.lifecycle import EDITABLE, Duty
from programs.models import Attachment, CheckOverride, Project, Tranche
from programs.verdicts import Verdict
from programs.workflow import lock, record_duty
from records import audit
from records.files import store
from records.models import StoredFile

MAX_ATTACHMENTS = 60


def attach(project: Project, upload: IO[bytes] | Any, *, paper_code: str, actor: User) -> Attachment:
    """Add a paper. Raises ``FileRefused``, ``NotEditable``, ``PermissionRefused`` or ``ValidationError``."""
    with transaction.atomic():
        locked = _open_for(project, actor)
        if locked.attachments.count() >= MAX_ATTACHMENTS:
            raise ValidationError(_("Một hồ sơ có tối đa %(count)d tài liệu.") % {"count": MAX_ATTACHMENTS})
        stored = store(upload, upload.name or "")
        item = Attachment.objects.create(
            project=locked, paper_code=paper_code[:40], file=stored, name=stored.name, uploaded_by=actor
        )
        _touch(locked)
        audit.record(
            "programs.attach", locked, actor=actor, after={"name": item.name, "sha256": stored.sha256}
        )
    return item


def detach(project: Project, item: Attachment, *, actor: User) -> None:
    """Take a paper out of an open dossier; the file itself stays by its hash."""
    with transaction.atomic():
        locked = _open_for(project, actor)
        audit.record("programs.detach", locked, actor=actor, before={"name": item.name})
        item.delete()
        _touch(locked)


def fetch_paper(about: Project | Tranche, paper: StoredFile, *, actor: User) -> StoredFile:
    """A paper of a dossier, a step or a tranche; taking one out of the portal is on record."""
    door.require(actor, "accounts.use_portal")
    audit.record("programs.fetch_paper", about, actor=actor, after={"sha256": paper.sha256})
    return paper


def _open_for(project: Project, actor: User) -> Project:
    locked = lock(project, None)
    if locked.state not in EDITABLE:
        raise NotEditable(_("Hồ sơ đã nộp; muốn sửa, hãy thu hồi hoặc chờ yêu cầu bổ sung."))
    permission = door.require(actor, "programs.edit_project", locked)
    record_duty(locked, actor, permission.on_behalf_of_id, Duty.DRAFT)
    return locked


def _touch(project: Project) -> None:
    """A changed dossier is a new version, so that nobody submits what they did not see."""
    project.version += 1
    project.updated_at = timezone.now()
    project.save(update_fields=["version", "updated_at"])


def _objection(project: Project, fingerprint: str) -> Verdict:
    """What the checks say against the dossier, where an authority can lift it. Raises ``IllegalMove``."""
    for verdict in verdicts_of(project):
        if verdict.fingerprint == fingerprint and verdict.may_be_lifted:
            return verdict
    raise IllegalMove(_("Kiểm tra này không có vướng mắc nào được phép chấp thuận ngoại lệ."))


def override(
    project: Project,
    fingerprint: str,
    *,
    reason: str,
    document_number: str,
    actor: User,
    expected_version: int | None = None,
) -> CheckOverride:
    """Let one objection to the dossier as it stands pass by authority; given twice, the first counts.

    Căn cứ: the document named; raises ``StaleVersion``, ``PermissionRefused``, or ``IllegalMove`` where the
    checks have no such objection, or none an authority can lift.
    """
    with transaction.atomic():
        locked = lock(project, expected_version)
        permission = door.require(actor, "programs.override_check", locked)
        same = CheckOverride.objects.filter(project=locked, version=locked.version, fingerprint=fingerprint)
        if given := same.first():
            return given
        objection = _objection(locked, fingerprint)
        record_duty(locked, actor, permission.on_behalf_of_id, Duty.APPRAISE)
        made = CheckOverride.objects.create(
            project=locked,
            version=locked.version,
            state=locked.state,
            code=objection.code,
            fingerprint=fingerprint,
            reason=reason,
            document_number=document_number,
            actor=actor,
        )
        audit.record(
            "programs.override_check",
            locked,
            actor=actor,
            after={"check": objection.code, "inputs": dict(objection.inputs), "document": document_number},
            reason=reason,
        )
    return made
