"""Last year's project as the beginning of a new one: what goes along, what not, what changed since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from django.db.models import Exists
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.scope import scope_of
from programs.drafting import (
    WRITABLE,
    BeneficiaryValues,
    DraftValues,
    LineValues,
    NewDraft,
    ResultValues,
    ScheduleValues,
    create_drafts,
)
from programs.lawchanges import LawChange, law_changes
from programs.lawloader import compared
from programs.lifecycle import DRAFTERS, State
from programs.models import ActivityKind, Project, Sector, Transition
from programs.querysets import ProjectQuerySet
from vietnam.models import AdminUnit, successors_on

NEW_EACH_YEAR = frozenset({"starts_on", "ends_on", "counterpart_committed", "no_other_state_money"})
"""Dates and pledges: they were given for the old plan year."""
DATED = frozenset({"activity", "sector", "commune"})
"""Entries of registers that change with time: each is looked up again on 1 January of the new year."""
MOST_OFFERED = 200

Dated = TypeVar("Dated", ActivityKind, Sector)


def copy_project(source: Project, *, actor: User, year: int, changes: DraftValues | None = None) -> Project:
    """A new draft of the actor's office for the plan of ``year``, beginning as ``source`` stands.

    ``changes`` go before what ``source`` says. The caller has made sure that the actor sees ``source``.
    Raises ``PermissionRefused`` or ``ValidationError``, as any new draft.
    """
    values = values_of(source, year)
    if changes is not None:
        named = {name: getattr(changes, name) for name in ("beneficiaries", "lines", "schedule", "results")}
        given = {name: rows for name, rows in named.items() if rows is not None}
        values = replace(values, fields=values.fields | changes.fields, **given)
    [project] = create_drafts([NewDraft(values, actor, source.purse, year, copied_from=source)])
    return project


def copyable(user: User) -> ProjectQuerySet:
    """Projects of the person's own drafting offices, the latest plan years first."""
    offices = {pk for post in scope_of(user).posts_as(DRAFTERS) for pk in post.organisation_ids}
    return Project.objects.visible_to(user).filter(owner__in=offices).order_by("-year", "-id")[:MOST_OFFERED]


def values_of(source: Project, year: int) -> DraftValues:
    """What a copy of ``source`` for the plan of ``year`` begins with; six queries."""
    day = dt.date(year, 1, 1)
    fields = {name: getattr(source, name) for name in WRITABLE - NEW_EACH_YEAR - DATED}
    if source.commune and not fields["place_text"]:
        fields["place_text"] = source.commune.name
    fields["activity"] = _then(source.activity, day)
    fields["sector"] = _then(source.sector, day)
    fields["commune"] = source.commune if source.commune and source.commune.exists_on(day) else None
    return DraftValues(
        fields=fields,
        beneficiaries=list(_beneficiaries(source)),
        lines=list(_lines(source)),
        schedule=[ScheduleValues(item.content, item.doer) for item in source.schedule.all()],
        results=[ResultValues(row.indicator, row.value, row.unit) for row in source.results.all()],
    )


def _then(entry: Dated | None, day: dt.date) -> Dated | None:
    """The version of a catalogue's entry that holds on a day; None where it has none any more."""
    if entry is None or (entry.valid and day in entry.valid):
        return entry
    return type(entry)._default_manager.filter(code=entry.code, valid__contains=day).first()


def _beneficiaries(source: Project) -> Iterator[BeneficiaryValues]:
    for row in source.beneficiaries.select_related("establishment", "site").order_by("id"):
        who = row.establishment
        yield BeneficiaryValues(who.name, who.shown_tax_code, address=row.site.address if row.site else "")


def _lines(source: Project) -> Iterator[LineValues]:
    for line in source.lines.prefetch_related("amounts"):
        yield LineValues(
            line.description,
            line.total_vnd,
            {amount.source: amount.amount_vnd for amount in line.amounts.all()},
            supported=line.supported,
            itemised=line.itemised,
            unit=line.unit,
            quantity=line.quantity,
            unit_price_vnd=line.unit_price_vnd,
        )


@dataclass(frozen=True, slots=True)
class CopyNotes:
    """What the drafter of a copy should know. ``left_empty``: sentences about entries that ended."""

    source: Project
    left_empty: list[str]
    law: list[LawChange]


def copy_source(user: User, project: Project) -> Project | None:
    """What a draft that was never handed in was copied from, if the person sees it."""
    if project.copied_from_id is None or project.state != State.DRAFT:
        return None
    handed_in = Transition.objects.filter(project=project.pk, action="submit")
    related = ("activity", "sector", "commune", "province")
    seen = Project.objects.visible_to(user).select_related(*related)
    return seen.filter(~Exists(handed_in), pk=project.copied_from_id).first()


def copy_notes(user: User, project: Project) -> CopyNotes | None:
    """Notes on a copy that was never handed in; None for any other project."""
    source = copy_source(user, project)
    if source is None:
        return None
    activity = project.activity or source.activity
    changed = law_changes(*compared(source, project), activity.code) if activity else []
    return CopyNotes(source, list(_left_empty(source, project)), changed)


def _left_empty(source: Project, project: Project) -> Iterator[str]:
    day = dt.date(project.year, 1, 1)
    if source.commune and project.commune_id is None and not source.commune.exists_on(day):
        yield _ended_place(source.commune, day)
    said = {"name": "", "year": project.year}
    if source.activity and project.activity_id is None:
        said["name"] = str(source.activity)
        yield _("Nội dung hoạt động “%(name)s” không còn trong danh mục năm %(year)d nên để trống.") % said
    if source.sector and project.sector_id is None:
        said["name"] = str(source.sector)
        yield _("Ngành nghề “%(name)s” không còn trong danh mục năm %(year)d nên để trống.") % said
    if str(source.year) in project.title:
        yield _("Tên đề án còn ghi năm %(year)d.") % {"year": source.year}


def _ended_place(commune: AdminUnit, day: dt.date) -> str:
    today = successors_on([commune], day).get(commune.pk, [])
    said = {"name": commune.name, "now": ", ".join(unit.name for unit in today)}
    if not today:
        return _("%(name)s không còn là đơn vị hành chính; địa điểm để trống.") % said
    return _("%(name)s không còn, nay thuộc %(now)s; địa điểm để trống để bạn chọn.") % said
