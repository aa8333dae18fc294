"""What receiving a dossier makes of whoever received it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from django.utils import timezone

from accounts.models import PaperKind, User, today
from programs.desk_policy import desk_posts
from programs.models import Holding, PaperNumber, Project
from programs.paper_numbers import Slot, draw, spoil

if TYPE_CHECKING:
    from programs.workflow import Move


def received(moves: Sequence[Move]) -> Iterator[Holding]:
    """Whoever receives a dossier handles it, until the leader gives it to somebody else."""
    for move in moves:
        if move.step.action != "receive":
            continue
        if (post := next(iter(desk_posts(move.actor, move.project)), None)) is not None:
            yield Holding(
                project=move.project,
                office_id=post.organisation_id,
                holder=move.actor,
                given_by=move.actor,
                at=move.at,
            )


def number_receptions(moves: Sequence[Move], held: Sequence[Holding]) -> None:
    """Receipts of today have their numbers at once, where the office keeps a register for them; a reception
    that is undone gives its number up. Records of the past have theirs on paper."""
    offices = {row.project_id: row.office_id for row in held}
    asked: dict[User, list[tuple[Project, Slot]]] = {}
    for move in moves:
        project = move.project
        if move.step.takes_back == "receive":
            _give_up(project, move.actor)
        elif project.pk in offices and timezone.localdate(move.at) == today():
            slot = Slot(PaperKind.RECEIPT, project.version, offices[project.pk])
            asked.setdefault(move.actor, []).append((project, slot))
    for actor, wishes in asked.items():
        draw(wishes, actor)


def _give_up(project: Project, actor: User) -> None:
    rows = PaperNumber.objects.filter(project=project, paper=PaperKind.RECEIPT, version=project.version - 1)
    for each in rows.filter(is_void=False).select_related("entry__register__office"):
        spoil(each.entry, "Hoàn tác bước tiếp nhận.", actor=actor)
