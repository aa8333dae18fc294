"""What receiving a dossier makes of whoever received it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from programs.desk_policy import desk_posts
from programs.models import Holding

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
