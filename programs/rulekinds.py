"""The kinds of dated rules that the portal edits: one table of them, one mechanism for all."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import ForeignKey, Model, QuerySet

from programs.lawterms import RuleCode
from programs.models import (
    ActivityKind,
    AdvanceRate,
    AreaEligibility,
    ChangeAuthority,
    DossierTemplate,
    ExclusionRule,
    OfficialForm,
    PlanMilestone,
    PriorityRule,
    Programme,
    RequiredPaper,
    Sector,
    StageClock,
    SupportNorm,
    WardRule,
)
from vietnam.models import CalendarDay

Values = dict[str, Any]


class Touches(StrEnum):
    """What of projects still to be decided follows from a kind of rule."""

    VERDICTS = "verdicts"
    DEADLINES = "deadlines"
    SKELETONS = "skeletons"
    PROGRAMMES = "programmes"
    ORDER = "order"
    NOTHING = "nothing"


OWN_COLUMNS = frozenset({"id", "valid"})
"""Columns the database fills in when a version begins."""
GROUNDS = ("source_document", "clause", "confidence")


@dataclass(frozen=True, slots=True)
class RuleKind:
    """``key``: fields that make two rows versions of one rule; ``fields``: what a version says.

    ``provincial``: a province may have its own. ``day``: the field with the one day that the rule is about;
    such a rule counts by the version in force on that day, and holds for its year.
    """

    code: RuleCode
    slug: str
    model: type[Any]
    key: tuple[str, ...]
    fields: tuple[str, ...]
    provincial: bool = False
    touches: Touches = Touches.VERDICTS
    day: str = ""

    @property
    def label(self) -> str:
        return str(self.code.label)

    @property
    def grounds(self) -> tuple[str, ...]:
        """The fields that say where the rule is written and how sure we are, those the model has."""
        known = {field.name for field in self.model._meta.get_fields()}
        return tuple(name for name in (*GROUNDS, "basis", "note") if name in known)

    def identity(self, row: Any) -> Values:
        return {name: getattr(row, self.model._meta.get_field(name).attname) for name in self.key}

    def versions(self, row: Any) -> QuerySet[Any]:
        """All versions of the row's rule, oldest first."""
        found: QuerySet[Any] = self.model._default_manager.select_related(*self.related)
        return found.filter(**_lookups(self.identity(row))).order_by("valid")

    @property
    def related(self) -> tuple[str, ...]:
        """What a row is shown with."""
        return tuple(field.name for field in self.model._meta.get_fields() if isinstance(field, ForeignKey))

    def day_of(self, row: Any) -> dt.date | None:
        """The one day the rule is about; None for rules of no such day."""
        found: dt.date | None = getattr(row, self.day) if self.day else None
        return found

    def on(self, day: dt.date) -> QuerySet[Any]:
        found: QuerySet[Any] = self.model._default_manager.filter(valid__contains=day)
        return found.select_related(*self.related)


def _lookups(identity: Values) -> Values:
    """A filter's arguments: an empty column equals an empty one."""
    return {
        (f"{name}__isnull" if value is None else name): (True if value is None else value)
        for name, value in identity.items()
    }


KINDS: tuple[RuleKind, ...] = (
    RuleKind(
        RuleCode.NORM, "dinh-muc", SupportNorm, ("purse", "province", "activity_code"),
        ("unit", "pct", "cap_vnd", "uplift_max"), provincial=True,
    ),
    RuleKind(
        RuleCode.ACTIVITY, "noi-dung", ActivityKind, ("code",),
        ("name", "short_name", "name_en", "parent_code", "position", "selection_method", "needs_sector",
         "needs_place", "area_bound"),
    ),
    RuleKind(
        RuleCode.PAPER, "giay-to", RequiredPaper, ("code", "purse", "activity_code"),
        ("name", "required_from_state", "position"),
    ),
    RuleKind(RuleCode.FORM, "mau-bieu", OfficialForm, ("code",), ("number", "name"), touches=Touches.NOTHING),
    RuleKind(
        RuleCode.CHANGE, "tham-quyen", ChangeAuthority, ("purse", "change", "project_kind"), ("decided_by",),
        touches=Touches.NOTHING,
    ),
    RuleKind(
        RuleCode.ADVANCE, "tam-ung", AdvanceRate, ("purse", "activity_code"),
        ("rate_pct", "work_over_pct", "condition"), touches=Touches.NOTHING,
    ),
    RuleKind(
        RuleCode.SECTOR, "nganh-nghe", Sector, ("code",),
        ("name", "short_name", "name_en", "position", "vsic_divisions"),
    ),
    RuleKind(
        RuleCode.EXCLUSION, "khong-ho-tro", ExclusionRule, ("code",),
        ("name", "message", "sector_code", "title_words", "legal_forms", "workers_over", "lifting_paper",
         "lifting_paper_name"),
    ),
    RuleKind(RuleCode.AREA, "dia-ban", AreaEligibility, ("commune",), ("eligible", "priority_areas")),
    RuleKind(
        RuleCode.PRIORITY, "uu-tien", PriorityRule, ("code",),
        ("name", "group", "position", "sector_code", "workers_from"), touches=Touches.ORDER,
    ),
    RuleKind(
        RuleCode.WARD, "phuong-tu-xa", WardRule, ("code",),
        ("name", "years", "day", "month", "year_offset"), touches=Touches.ORDER,
    ),
    RuleKind(
        RuleCode.MILESTONE, "moc-ke-hoach", PlanMilestone, ("purse", "milestone", "plan_year", "province"),
        ("name", "state", "month", "day", "year_offset", "days_after", "days", "rule"),
        provincial=True, touches=Touches.DEADLINES,
    ),
    RuleKind(
        RuleCode.CLOCK, "thoi-han", StageClock, ("purse", "state"), ("working_days",),
        touches=Touches.DEADLINES,
    ),
    RuleKind(
        RuleCode.CALENDAR, "ngay-nghi", CalendarDay, ("date",), ("kind", "name"),
        touches=Touches.DEADLINES, day="date",
    ),
    RuleKind(
        RuleCode.TEMPLATE, "khung-mau", DossierTemplate, ("activity_code",),
        ("texts", "lines", "schedule", "results"), touches=Touches.SKELETONS,
    ),
    RuleKind(
        RuleCode.PROGRAMME, "chuong-trinh", Programme, ("purse", "province"), ("name",),
        provincial=True, touches=Touches.PROGRAMMES,
    ),
)  # fmt: skip
BY_SLUG = {kind.slug: kind for kind in KINDS}
BY_CODE = {str(kind.code): kind for kind in KINDS}


def columns_of(row: Model) -> Values:
    """A version's columns without its id and days, ready for JSON."""
    found = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.name not in OWN_COLUMNS
    }
    plain: Values = json.loads(json.dumps(found, cls=DjangoJSONEncoder))
    return plain


def row_of(kind: RuleKind, values: Values, since: dt.date, last: dt.date | None) -> Any:
    """The version these columns make, not stored."""
    row = kind.model(valid=days(since, last))
    for field in kind.model._meta.concrete_fields:
        if field.attname in values:
            value = values[field.attname]
            setattr(row, field.attname, value if value is None else field.to_python(value))
    return row


def days(since: dt.date, last: dt.date | None) -> DateRange:
    return DateRange(since, last + dt.timedelta(days=1) if last else None)


def last_day(row: Any) -> dt.date | None:
    """The last day a version holds; None while no end is known."""
    upper: dt.date | None = row.valid.upper
    return upper - dt.timedelta(days=1) if upper else None
