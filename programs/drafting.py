"""Writing a dossier: making a draft and changing one, whoever asks (form, autosave, import, demo).

Values that are ``None`` stay as they are, so a screen saves just the section it shows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import policy as door
from accounts.models import Organisation, User
from accounts.scope import scope_of
from programs.draft_rows import DossierRows, add_rows, remove_rows
from programs.draft_values import ClaimValues as ClaimValues
from programs.draft_values import DraftValues as DraftValues
from programs.draft_values import LineValues as LineValues
from programs.draft_values import PaperValues as PaperValues
from programs.draft_values import ResultValues as ResultValues
from programs.draft_values import ScheduleValues as ScheduleValues
from programs.errors import NotEditable
from programs.facts import Laws, set_due
from programs.lifecycle import DRAFTERS, EDITABLE, Duty, Kind, Purse, State
from programs.models import Project, YearPlan
from programs.registering import BeneficiaryValues as BeneficiaryValues
from programs.workflow import lock, record_drafters, record_duty
from programs.years import plan_years
from records import audit
from vietnam.models import AdminUnit, Level
from vietnam.text import fold
from vietnam.units import province_family

WRITABLE = frozenset(
    {
        "title",
        "kind",
        "activity",
        "sector",
        "implementer",
        "implementer_name",
        "partner_name",
        "commune",
        "place_text",
        "new_rural",
        "priority_areas",
        "starts_on",
        "ends_on",
        "counterpart_committed",
        "no_other_state_money",
        "necessity",
        "objectives",
        "scale",
        "content",
        "organisation",
        "effectiveness",
    }
)
"""Columns a drafter may write; state, money, province and code are never among them."""


def drafting_office(actor: User) -> Organisation:
    """The office in whose name this person drafts. Raises ``PermissionRefused`` without one."""
    door.require(actor, "programs.create_project")
    post = scope_of(actor).posts_as(DRAFTERS)[0]
    return Organisation.objects.select_related("province").get(pk=post.organisation_id)


def province_for_year(province: AdminUnit, year: int) -> AdminUnit:
    """The unit that was this province on 1 January of the plan year.

    Raises ``ValidationError`` where a merger leaves several, since nobody may guess.
    """
    new_year = dt.date(year, 1, 1)
    if province.level == Level.NATION or province.exists_on(new_year):
        return province
    units = list(AdminUnit.objects.on(new_year).filter(pk__in=province_family(province)))
    if len(units) == 1:
        return units[0]
    same_code = [unit for unit in units if unit.code == province.code]
    if len(same_code) == 1:
        return same_code[0]
    raise ValidationError({"year": _("Năm này tỉnh gồm nhiều tỉnh cũ; hãy chọn năm từ 2026.")})


def plan_for(purse: str, year: int, province: AdminUnit) -> YearPlan:
    """The year plan a project of this purse, year and province belongs to, opened when first needed."""
    unit = AdminUnit.nation() if purse == Purse.KCQG else province
    plan, _created = YearPlan.objects.get_or_create(purse=purse, year=year, province=unit)
    return plan


def next_code(purse: str, year: int, province_code: str) -> str:
    """``KCQG-2027-38-0012``: given once, at creation; gaps are allowed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO programs_codesequence AS s (purse, year, province_code, last) VALUES (%s, %s, %s, 1)"
            " ON CONFLICT (purse, year, province_code) DO UPDATE SET last = s.last + 1 RETURNING last",
            [purse, year, province_code],
        )
        (number,) = cursor.fetchone()
    return f"{purse}-{year}-{province_code}-{number:04d}"


@dataclass(frozen=True, slots=True)
class NewDraft:
    """A draft somebody wants to begin: of their own office, or of ``owner``; now, unless records of the
    past are being carried over (``at``). ``copied_from`` is the project the values were taken over from."""

    values: DraftValues
    actor: User
    purse: str
    year: int
    owner: Organisation | None = None
    at: dt.datetime | None = None
    copied_from: Project | None = None


def create_draft(values: DraftValues, *, actor: User, purse: str, year: int) -> Project:
    """A new draft of the actor's office. Raises ``PermissionRefused`` or ``ValidationError``."""
    [project] = create_drafts([NewDraft(values, actor, purse, year)])
    return project


def create_drafts(wanted: Sequence[NewDraft]) -> list[Project]:
    """These drafts, all or none. Raises what ``create_draft`` raises."""
    with transaction.atomic():
        plans: dict[tuple[str, int, int], YearPlan] = {}
        laws = Laws()
        made, rows, duties = [], [], []
        for new in wanted:
            permission = door.require(new.actor, "programs.create_project")
            if new.year not in plan_years():
                raise ValidationError({"year": _("Năm kế hoạch %(year)d không hợp lệ.") % {"year": new.year}})
            project = _begin(new, plans)
            set_due(project, laws)
            made.append(project)
            rows.append(DossierRows(project, new.values, new.actor, project.created_at))
            duties.append(permission.on_behalf_of_id)
        Project.objects.bulk_create(made)
        add_rows(rows)
        record_drafters(made, [new.actor for new in wanted], duties)
        audit.record_all(
            audit.Entry("programs.create_project", project, new.actor, after=_told(project))
            for project, new in zip(made, wanted, strict=True)
        )
        fresh = Project.objects.select_related("plan", "province").in_bulk([project.pk for project in made])
    return [fresh[project.pk] for project in made]


def _told(project: Project) -> dict[str, Any]:
    """What the audit keeps of a beginning."""
    source = project.copied_from
    return {"title": project.title} | ({"copied_from": source.code} if source else {})


def _begin(new: NewDraft, plans: dict[tuple[str, int, int], YearPlan]) -> Project:
    """The row of a new draft, not stored yet; ``plans`` are those already looked up."""
    office = new.owner or drafting_office(new.actor)
    province = province_for_year(office.province, new.year)
    key = (new.purse, new.year, 0 if new.purse == Purse.KCQG else province.pk)
    if key not in plans:
        plans[key] = plan_for(new.purse, new.year, province)
    now = new.at or timezone.now()
    project = Project(
        purse=new.purse,
        year=new.year,
        plan=plans[key],
        province=province,
        owner=office,
        implementer=office,
        implementer_name=office.name,
        code=next_code(new.purse, new.year, province.code),
        copied_from=new.copied_from,
        created_by=new.actor,
        state=State.DRAFT,
        state_since=now,
        created_at=now,
        updated_at=now,
    )
    _write_fields(project, new.values.fields)
    project.title_folded = fold(project.title)
    return project


def save_draft(
    project: Project, values: DraftValues, *, actor: User, expected_version: int | None = None
) -> Project:
    """Change a draft. Raises ``NotEditable``, ``PermissionRefused``, ``StaleVersion``."""
    with transaction.atomic():
        locked = lock(project, expected_version)
        if locked.state not in EDITABLE:
            raise NotEditable(_("Hồ sơ đã nộp; muốn sửa, hãy thu hồi hoặc chờ yêu cầu bổ sung."))
        permission = door.require(actor, "programs.edit_project", locked)
        before = {name: _plain(getattr(locked, name)) for name in values.fields}
        _write_fields(locked, values.fields)
        locked.version += 1
        locked.updated_at = timezone.now()
        locked.save()
        remove_rows(locked, values)
        add_rows([DossierRows(locked, values, actor, locked.updated_at)])
        record_duty(locked, actor, permission.on_behalf_of_id, Duty.DRAFT)
        after = {name: _plain(getattr(locked, name)) for name in values.fields}
        audit.record("programs.edit_project", locked, actor=actor, before=before, after=after)
        locked.refresh_from_db()
    return locked


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | bool | None) else str(value)


def _write_fields(project: Project, fields: dict[str, Any]) -> None:
    unknown = set(fields) - WRITABLE
    if unknown:
        raise ValidationError(
            _("Không được ghi các trường: %(names)s") % {"names": ", ".join(sorted(unknown))}
        )
    for name, value in fields.items():
        setattr(project, name, value)
    if project.kind not in Kind.values:
        raise ValidationError({"kind": _("Loại đề án không hợp lệ.")})
    if not project.title.strip():
        raise ValidationError({"title": _("Hãy nhập tên đề án.")})
    if project.starts_on and project.ends_on and project.ends_on < project.starts_on:
        raise ValidationError({"ends_on": _("Ngày kết thúc phải sau ngày bắt đầu.")})
