"""At which office's desk a dossier lies in each state, and who has it there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from accounts.models import OrganisationKind
from programs.lifecycle import COMMITTED, EDITABLE, Purse, State

if TYPE_CHECKING:
    from programs.models import Project

PROVINCIAL: Final = frozenset({State.SUBMITTED_PROV, State.REVIEW_PROV, State.PASSED_PROV})
NATIONAL: Final = frozenset({State.REGISTERED, State.REVIEW_MIN, State.PASSED_MIN})
PLANNED: Final = COMMITTED | {State.IN_PLAN}
"""With whoever composes the plan: the Cục or the Sở, by the purse."""


@dataclass(frozen=True, slots=True)
class Held:
    """Who has a file now, where, and since when."""

    person: Any
    """A ``User``."""
    office: Any
    """An ``Organisation``."""
    since: dt.datetime


def desk_of(state: str, purse: str) -> OrganisationKind | None:
    """The kind of office whose work it is; None while the office that drafts has it, or nobody."""
    if state in PROVINCIAL or (state in PLANNED and purse == Purse.KCDP):
        return OrganisationKind.SO
    if state in NATIONAL or state in PLANNED:
        return OrganisationKind.CUC
    return None


def held_by(project: Project) -> Held | None:
    """From the project's own rows, which lists bring along: the last of them for the office it lies at now.

    A draft that was never handed on is with whoever began it.
    """
    rows = sorted(project.holdings.all(), key=lambda row: -row.pk)
    if project.state in EDITABLE:
        mine = next((row for row in rows if row.office_id == project.owner_id), None)
        if mine is None:
            return Held(project.created_by, project.owner, project.created_at)
        return Held(mine.holder, mine.office, mine.at)
    kind = desk_of(project.state, project.purse)
    there = next((row for row in rows if row.office.kind == kind), None)
    return Held(there.holder, there.office, there.at) if there else None
