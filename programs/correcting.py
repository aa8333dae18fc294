"""Putting a clerical mistake right (đính chính): names and words of a dossier that was handed in."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import policy as door
from accounts.models import User
from programs.errors import MissingDetail, StaleVersion
from programs.lifecycle import COMMITTED
from programs.models import Correctable, Correction, Project
from records import audit
from vietnam.text import clean, fold

LONGEST = {
    field: getattr(Project._meta.get_field(field), "max_length", None) or 0 for field in Correctable.values
}


def correct(
    project: Project,
    field: Correctable,
    after: str,
    reason: str,
    *,
    actor: User,
    before: str,
    document_number: str = "",
) -> Correction:
    """Write ``after`` where ``before`` stands. Money, law and state are no words and are not reached.

    Raises ``PermissionRefused``, ``MissingDetail``, ``StaleVersion`` where something else stands there by
    now, or ``ValidationError`` for words that may not be kept.
    """
    after, reason, document_number = clean(after), clean(reason), clean(document_number)
    with transaction.atomic():
        locked = Project.objects.select_for_update(of=("self",)).select_related("owner").get(pk=project.pk)
        permission = door.require(actor, "programs.correct_project", locked)
        _require_sense(locked, field, before, after, reason, document_number)
        if getattr(locked, field) != before:
            raise StaleVersion(locked.version)
        made = Correction(
            project=locked, field=field, before=before, after=after, folded=fold(after), reason=reason,
            document_number=document_number, corrected_by=actor, at=timezone.now(),
        )  # fmt: skip
        made.full_clean(exclude=["before"], validate_constraints=False)
        made.save()
        audit.record(
            "programs.correct",
            locked,
            actor=actor,
            before={str(field): before},
            after={str(field): after, "document": document_number},
            reason=reason,
            on_behalf_of=permission.lender,
        )
    return made


def _require_sense(
    project: Project, field: Correctable, before: str, after: str, reason: str, document_number: str
) -> None:
    if not after:
        raise MissingDetail("after", _("Hãy ghi nội dung đúng."))
    if after == before:
        raise MissingDetail("after", _("Nội dung này giống nội dung đang ghi; chưa có gì để đính chính."))
    limit = LONGEST[field]
    if len(after) > limit:
        raise MissingDetail("after", _("Nội dung dài quá %(limit)s ký tự.") % {"limit": limit})
    if not reason:
        raise MissingDetail("reason", _("Hãy ghi lý do đính chính."))
    if project.state in COMMITTED and not document_number:
        raise MissingDetail(
            "document_number", _("Đề án đã phê duyệt: hãy ghi số văn bản đính chính của cơ quan phê duyệt.")
        )
