"""Rows held against the projects that are already there: new, changed, same, locked; and those absent.

A row is its project by code, else by tax code and title, in the same year, province and purse. What the
list leaves blank never erases anything, and a dossier that has been submitted changes only after a return.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Literal

from django.db.models import QuerySet
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts import policy as door
from accounts.models import Organisation, User
from programs.changes import Change
from programs.drafting import BeneficiaryValues, DraftValues, LineValues
from programs.intake.appraise import lookups_of
from programs.intake.model import ImportRow
from programs.lifecycle import Kind, Source
from programs.models import ActivityKind, Project
from records import personal
from vietnam import taxcode
from vietnam.models import AdminUnit
from vietnam.text import fold
from vietnam.units import province_family

Status = Literal["new", "changed", "same", "locked", "error"]
_ENDED = frozenset({"WITHDRAWN", "STOPPED", "REJECTED_PROV", "REJECTED_MIN"})
_NAME_LENGTH = 255
_SHOWN_LENGTH = 120


@dataclass(slots=True)
class Match:
    """What the list would do to one row's project; ``changes`` are the fields that differ."""

    status: Status
    project: Project | None = None
    values: DraftValues | None = None
    changes: list[Change] = field(default_factory=list)
    reason: str = ""


@dataclass(slots=True)
class Matches:
    rows: list[Match]
    absent: list[Project]

    def count(self, status: Status) -> int:
        return sum(match.status == status for match in self.rows)


def known_projects(actor: User, province: AdminUnit, year: int) -> QuerySet[Project]:
    """The projects of the year that a list of this province may speak of, within the person's sight."""
    return (
        Project.objects.visible_to(actor)
        .filter(year=year, province__in=province_family(province))
        .select_related("activity", "commune", "owner", "implementer", "province")
        .prefetch_related("beneficiaries__establishment", "lines", "participations")
        .order_by("id")
    )


class Matcher:
    """All that is known of one year and province, read once."""

    def __init__(self, actor: User, province: AdminUnit, year: int) -> None:
        self.actor = actor
        self.year = year
        self.projects = list(known_projects(actor, province, year))
        new_year = dt.date(year, 1, 1)
        self.activities = {kind.code: kind for kind in ActivityKind.objects.filter(valid__contains=new_year)}
        self.offices = list(
            Organisation.objects.filter(province=province, valid__contains=new_year, kind="TTKC")
        )
        self._communes: dict[int, AdminUnit] = {}
        self._by_code = {project.code: project for project in self.projects}
        self._by_who: dict[tuple[str, str, str], list[Project]] = {}
        for project in sorted(self.projects, key=lambda p: p.state in _ENDED):
            for who in _marks(project):
                self._by_who.setdefault((project.purse, project.title_folded, who), []).append(project)

    def find(self, row: ImportRow, used: Collection[int] = ()) -> Project | None:
        """The project a row means; one that another row has taken is not taken twice."""
        by_code = self._by_code.get(row.code.strip().upper()) if row.code else None
        if by_code is not None and by_code.purse == row.purse:
            return None if by_code.pk in used else by_code
        for who in _row_marks(row):
            for project in self._by_who.get((row.purse, fold(row.title), who), []):
                if project.pk not in used:
                    return project
        return None

    def _commune(self, number: int | None) -> AdminUnit | None:
        if number is not None and number not in self._communes:
            self._communes[number] = AdminUnit.objects.get(pk=number)
        return self._communes[number] if number is not None else None

    def codes(self, rows: list[ImportRow]) -> dict[int, str]:
        """The code of the project each row already is, by its place in the list."""
        found: dict[int, str] = {}
        taken: set[int] = set()
        for number, row in enumerate(rows):
            if (project := self.find(row, taken)) is not None:
                taken.add(project.pk)
                found[number] = project.code
        return found

    def match(self, rows: list[ImportRow], office: Organisation) -> Matches:
        """The whole list against what is there; ``absent`` are the office's projects it does not name."""
        matches: list[Match] = []
        taken: set[int] = set()
        wanted = {row.unit_id for row in rows if row.unit_id} - self._communes.keys()
        self._communes.update(AdminUnit.objects.in_bulk(wanted))
        for row in rows:
            if not row.storable:
                known = self.find(row, taken) if not _is_double(row) else None
                if known is not None:
                    taken.add(known.pk)
                matches.append(Match("error", known))
                continue
            project = self.find(row, taken)
            if project is None:
                matches.append(Match("new", None, self.values_of(row)))
                continue
            taken.add(project.pk)
            matches.append(self._compare(project, row))
        purses = {row.purse for row in rows}
        absent = [
            project
            for project in self.projects
            if project.pk not in taken and project.owner_id == office.pk and project.purse in purses
        ]
        return Matches(matches, [project for project in absent if project.state not in _ENDED])

    # --- values

    def values_of(self, row: ImportRow) -> DraftValues:
        """What a new draft of this row says."""
        fields: dict[str, Any] = {
            "title": row.title,
            "kind": Kind.GROUP if row.group_project else Kind.SINGLE,
            "activity": self.activities.get(row.activity or ""),
            "commune": self._commune(row.unit_id),
            "place_text": _short(row.place_text),
            "starts_on": row.starts_on,
            "ends_on": row.ends_on,
            "partner_name": _short(row.partner),
            "content": row.content,
        }
        if row.implementer:
            fields["implementer_name"] = _short(row.implementer)
            fields["implementer"] = self._office_named(row.implementer)
        lines = [_line(row)] if row.money.total else []
        return DraftValues(fields=fields, beneficiaries=_beneficiaries(row, fields["commune"]), lines=lines)

    def _office_named(self, name: str) -> Organisation | None:
        """The province's centre that a list calls "Trung tâm Khuyến công", where only one answers to it."""
        folded = fold(name)
        found = [
            o
            for o in self.offices
            if folded in (fold(o.name), fold(o.short_name)) or fold(o.name).startswith(folded)
        ]
        return found[0] if len(found) == 1 else None

    def _compare(self, project: Project, row: ImportRow) -> Match:
        values = self.values_of(row)
        fields = {name: value for name, value in values.fields.items() if _differs(project, name, value, row)}
        changes = [_change(project, name, value) for name, value in fields.items() if name != "implementer"]
        update = DraftValues(fields=fields if changes else {})
        if _is_for_others(project, values.beneficiaries or []):
            update.beneficiaries = values.beneficiaries
            changes.append(_other_beneficiaries(project, values.beneficiaries or []))
        reason = ""
        money = _money_changes(project, row) if values.lines else []
        if money and any(line.itemised for line in project.lines.all()):
            reason = _("Đề án đã có dự toán chi tiết; hãy sửa số tiền trong hồ sơ.")
        elif money:
            update.lines = values.lines
            changes += money
        return self._judge(project, Match("changed", project, update, changes, reason), money)

    def _judge(self, project: Project, match: Match, money: list[Change]) -> Match:
        """Whether the changes may be made at all."""
        if project.state in _ENDED:
            reason = _("Đề án này đã khép lại (%(state)s); muốn đăng ký lại, hãy lập đề án mới.")
            state = project.get_state_display().lower()
            return Match("locked", project, None, match.changes, reason % {"state": state})
        if not match.changes and match.reason:
            return Match("locked", project, None, money, match.reason)
        if not match.changes:
            return Match("same", project)
        decision = door.decide(self.actor, "programs.edit_project", project)
        if not decision.allowed:
            return Match("locked", project, None, match.changes, str(decision.reason))
        return match


def _change(project: Project, name: str, value: Any) -> Change:
    label = str(getattr(Project._meta.get_field(name), "verbose_name", name))
    return Change(label, _shown(name, getattr(project, name)), _shown(name, value))


def _shown(name: str, value: Any) -> str:
    if value is None:
        return ""
    if name == "kind":
        return str(Kind(value).label)
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    return Truncator(str(value)).chars(_SHOWN_LENGTH)


def _other_beneficiaries(project: Project, named: list[BeneficiaryValues]) -> Change:
    before = "; ".join(row.establishment.name for row in project.beneficiaries.all())
    return Change(_("Đơn vị thụ hưởng"), before, "; ".join(values.name for values in named))


def _money_changes(project: Project, row: ImportRow) -> list[Change]:
    before, after = project.amounts(), _amounts(row)
    return [
        Change(source.label, before[source], after[source], is_money=True)
        for source in Source
        if before[source] != after[source]
    ]


def _is_double(row: ImportRow) -> bool:
    return any(problem.code == "duplicate_row" for problem in row.problems)


def _marks(project: Project) -> set[str]:
    """What a project may be found by beside its title: codes' digests, names, or that it is a group."""
    establishments = [row.establishment for row in project.beneficiaries.all()]
    marks = {one.tax_lookup or f"name:{one.name_folded}" for one in establishments}
    marks |= {f"any:{one.name_folded}" for one in establishments}
    if project.kind == Kind.GROUP:
        marks.add("group")
    return marks or {"nobody"}


def _row_marks(row: ImportRow) -> list[str]:
    """The marks a row may be found by, the surest first."""
    if _chosen_later(row):
        return ["group"]
    names = [fold(name) for name in _names(row) if name]
    lookups = lookups_of(row)
    loose = [] if lookups else [f"any:{name}" for name in names]
    return [*lookups, *(f"name:{name}" for name in names), *loose] or ["nobody"]


def _is_for_others(project: Project, named: list[BeneficiaryValues]) -> bool:
    """Whether the list names other establishments than the project has."""
    if not named:
        return False
    present = [row.establishment for row in project.beneficiaries.all()]

    def is_there(values: BeneficiaryValues) -> bool:
        if values.tax_code:
            lookup = personal.lookup(taxcode.normalise(values.tax_code).digits)
            return any(one.tax_lookup == lookup for one in present)
        return any(one.name_folded == fold(values.name) for one in present)

    return len(named) != len(present) or not all(is_there(values) for values in named)


def _chosen_later(row: ImportRow) -> bool:
    """A group project whose beneficiary column only says that the Sở will choose."""
    return row.group_project and not row.tax_digits


def _names(row: ImportRow) -> list[str]:
    return [name.strip() for name in row.beneficiary.split(";")]


def _beneficiaries(row: ImportRow, commune: AdminUnit | None) -> list[BeneficiaryValues]:
    if _chosen_later(row):
        return []
    names = [name for name in _names(row) if name]
    codes = [code for code in row.tax_digits.split(";") if code]
    if len(codes) not in (0, len(names)):
        codes = codes[:1]
    codes += [""] * (len(names) - len(codes))
    # A code nobody can read is warned about and stays in the workbook; the register keeps none.
    kept = [code if taxcode.normalise(code).kind != "unknown" else "" for code in codes]
    return [BeneficiaryValues(name, code, commune=commune) for name, code in zip(names, kept, strict=True)]


def _line(row: ImportRow) -> LineValues:
    amounts = {source: amount for source, amount in _amounts(row).items() if amount}
    return LineValues(row.title, row.money.total, amounts, itemised=False)


def _amounts(row: ImportRow) -> dict[str, int]:
    money = row.money
    return {
        Source.KCQG: money.kcqg,
        Source.KCDP: money.kcdp,
        Source.OWN: money.own,
        Source.OTHER: money.other,
    }


def _differs(project: Project, name: str, value: Any, row: ImportRow) -> bool:
    """Whether the list says something else; what it does not say, or only proposes, changes nothing."""
    if value in (None, ""):
        return False
    if name == "kind" and project.kind == Kind.FLAGSHIP:
        return False  # no list says so; the dossier does
    if name == "activity" and project.activity_id is not None and not row.activity_chosen:
        return False
    if name == "activity":
        return project.activity is None or project.activity.code != value.code
    present = getattr(project, name)
    return bool(present != value)


def _short(text: str) -> str:
    return text if len(text) <= _NAME_LENGTH else text[: _NAME_LENGTH - 1] + "…"
