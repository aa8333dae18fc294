"""Where a printed paper's number stands, and how it comes there from the register of an office."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts.models import IssuedNumber, PaperKind, User
from accounts.numbering import Wish, draw_all, void_number
from programs.models import Holding, PaperNumber, Project, Transition
from programs.policy import appraising_posts
from programs.selectors import last_reception


@dataclass(frozen=True, slots=True)
class Slot:
    """One paper that can have one number: which, of the dossier as it stood when, whose, of which office."""

    paper: PaperKind
    version: int
    office_id: int
    person_id: int | None = None


def reception(project: Project) -> tuple[Transition, Holding] | None:
    """The step by which an office last received the dossier, and who there has had it since."""
    step = last_reception(project)
    rows = project.holdings.select_related("office__province").filter(at=step.recorded_at) if step else None
    held = rows.first() if rows is not None else None
    return (step, held) if step is not None and held is not None else None


def slot_of(project: Project, paper: PaperKind, user: User) -> Slot | None:
    """The paper as this person would print it now; None where there is no such paper."""
    if paper == PaperKind.RECEIPT:
        found = reception(project)
        return Slot(paper, found[0].version, found[1].office_id) if found else None
    post = next(iter(appraising_posts(user, project)), None)
    if post is None:
        return None
    whose = user.pk if paper == PaperKind.SHEET else None
    return Slot(paper, project.version, post.organisation_id, whose)


def number_of(project: Project, slot: Slot | None) -> PaperNumber | None:
    if slot is None:
        return None
    rows = PaperNumber.objects.filter(project=project, paper=slot.paper, version=slot.version, is_void=False)
    return rows.filter(person_id=slot.person_id).first()


def draw(wishes: Sequence[tuple[Project, Slot]], actor: User) -> list[PaperNumber | None]:
    """A number for each of these locked dossiers' papers; None where the office keeps no such register."""
    entries = draw_all(
        [Wish(slot.office_id, slot.paper, project.code, project.title) for project, slot in wishes],
        actor=actor,
    )
    made = [
        PaperNumber(
            project=project,
            paper=slot.paper,
            version=slot.version,
            person_id=slot.person_id,
            entry=entry,
            sign=entry.sign,
            issued_on=entry.issued_on,
        )
        if entry
        else None
        for (project, slot), entry in zip(wishes, entries, strict=True)
    ]
    PaperNumber.objects.bulk_create(row for row in made if row is not None)
    return made


@transaction.atomic
def spoil(entry: IssuedNumber, reason: str, *, actor: User) -> None:
    """Declare the number void; the paper has none then, and may get another. Raises what ``void_number``
    does."""
    void_number(entry, reason, actor=actor)
    PaperNumber.objects.filter(entry=entry).update(is_void=True)
