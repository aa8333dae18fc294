"""The appraisal sheet: saved while its appraiser works, read side by side by the leader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise

from accounts import policy as door
from accounts.models import User
from programs.lifecycle import Duty
from programs.models import CriterionMark, Project
from programs.policy import appraising_posts, standing_council
from programs.reviewterms import CRITERIA, Grade
from programs.workflow import lock, record_duty
from records import audit


@dataclass(slots=True)
class Sheet:
    """What one appraiser has found so far, by criterion."""

    appraiser: User
    marks: dict[str, CriterionMark] = field(default_factory=dict)

    @property
    def rows(self) -> list[tuple[str, str | Promise, CriterionMark | None]]:
        return [(code, label, self.marks.get(code)) for code, label in CRITERIA]

    @property
    def failed(self) -> list[str | Promise]:
        return [label for _code, label, mark in self.rows if mark and mark.grade == Grade.FAIL]

    @property
    def graded(self) -> int:
        return sum(bool(mark.grade) for mark in self.marks.values())


def sheets_of(user: User, project: Project) -> list[Sheet]:
    """The sheets of this person's office on the dossier as it stands, the own one first; of a council those
    of its people in their order, once it has closed them, and the own one alone before."""
    rows = CriterionMark.objects.standing([project]).select_related("appraiser")
    council = standing_council(project)
    if council is None:
        found = {user.pk: Sheet(user)}
    elif council.is_open:
        found = {user.pk: Sheet(user)} if user.pk in council.people_ids else {}
        rows = rows.filter(appraiser=user)
    else:
        people = User.objects.in_bulk(council.people_ids)
        found = {pk: Sheet(people[pk]) for pk in council.people_ids}
        rows = rows.filter(appraiser__in=found)
    for mark in rows:
        found.setdefault(mark.appraiser_id, Sheet(mark.appraiser)).marks[mark.criterion] = mark
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Opinion:
    """How the sheets together judge one criterion; ``split`` where they do not agree."""

    label: str | Promise
    passed: int
    failed: int
    unsure: int

    @property
    def split(self) -> bool:
        return sum(bool(n) for n in (self.passed, self.failed, self.unsure)) > 1


def opinions(sheets: Sequence[Sheet]) -> list[Opinion]:
    """One a criterion, in the order of Điều 9."""
    found = []
    for code, label in CRITERIA:
        grades = [sheet.marks[code].grade for sheet in sheets if code in sheet.marks]
        counts = (grades.count(grade) for grade in (Grade.PASS, Grade.FAIL, Grade.UNSURE))
        found.append(Opinion(label, *counts))
    return found


def fill(
    project: Project,
    marks: Mapping[str, tuple[str, str]],
    *,
    actor: User,
    expected_version: int | None = None,
) -> list[CriterionMark]:
    """Keep this person's verdicts, grade and note by criterion. Raises ``StaleVersion`` or
    ``PermissionRefused``. Who fills in a sheet appraises, and neither drafts nor approves."""
    with transaction.atomic():
        locked = lock(project, expected_version)
        permission = door.require(actor, "programs.appraise_project", locked)
        record_duty(locked, actor, permission.on_behalf_of_id, Duty.APPRAISE)
        office = next(
            post.organisation_id
            for post in appraising_posts(actor, locked)
            if post.on_behalf_of_id == permission.on_behalf_of_id
        )
        rows = [
            CriterionMark(
                project=locked,
                version=locked.version,
                office_id=office,
                appraiser=actor,
                criterion=code,
                grade=grade,
                note=note,
                at=timezone.now(),
            )
            for code, (grade, note) in marks.items()
        ]
        key = ["project", "version", "appraiser", "criterion"]
        CriterionMark.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=key, update_fields=["grade", "note", "at"]
        )
        # What was marked, not how: the history keeps that, sealed as the marks are.
        audit.record("programs.appraise", locked, actor=actor, after={"criteria": list(marks)})
    return rows
