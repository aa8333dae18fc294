"""Numbers of printed papers: drawn from the office's register, kept beside the dossier they are about."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import policy as door
from accounts.models import PaperKind, RegisterKind, User
from accounts.numbering import REGISTER_OF
from programs.appraisal import sheets_of
from programs.errors import IllegalMove
from programs.models import PaperNumber, Project
from programs.paper_numbers import draw, number_of, reception, slot_of
from programs.workflow import lock
from records import audit


def may_number(user: User, project: Project, paper: PaperKind) -> door.Decision:
    if paper != PaperKind.RECEIPT:
        return door.decide(user, "programs.number_appraisal", project)
    found = reception(project)
    if found is None:
        return door.refuse(_("Hồ sơ này chưa được tiếp nhận."))
    return door.decide(user, "programs.number_receipt", found[1])


@transaction.atomic
def number_paper(project: Project, paper: PaperKind, *, actor: User) -> PaperNumber:
    """The paper's number, today's where it has none yet. Raises ``PermissionRefused``, or ``IllegalMove``
    where the office keeps no register."""
    locked = lock(project, None)
    permission = may_number(actor, locked, paper)
    if not permission:
        raise door.PermissionRefused(permission.reason)
    slot = slot_of(locked, paper, actor)
    assert slot is not None  # the door has just found it
    if known := number_of(locked, slot):
        return known
    if paper == PaperKind.SHEET and not any(
        s.marks for s in sheets_of(actor, locked) if s.appraiser == actor
    ):
        raise IllegalMove(_("Phiếu của bạn chưa có đánh giá nào nên chưa cấp số."))
    [made] = draw([(locked, slot)], actor)
    if made is None:
        kind = RegisterKind(REGISTER_OF[paper]).label
        told = _(
            "Cơ quan chưa mở “%(register)s”; quản trị người dùng của cơ quan mở ở trang “Sổ và con dấu”."
        )
        raise IllegalMove(told % {"register": kind})
    audit.record("programs.number_paper", locked, actor=actor, after={"number": made.sign})
    return made
