"""What a dated rule says, in words for people: no column names, no codes of ours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Field
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from beneficiaries.models import LegalForm
from programs.dossierterms import TEXT_SECTIONS
from programs.lawchanges import limit_words
from programs.lawterms import EVENTS, TRUSTED, RuleCode, document_name
from programs.models import ActivityKind, Sector
from programs.rulekinds import RuleKind, last_day
from vietnam.money import format_vnd

HIDDEN = frozenset({"position", "name_en", "lifting_paper"})
"""Columns that order or connect rows and say nothing to a reader of the law."""


@dataclass(frozen=True, slots=True)
class Names:
    """What codes of activities and sectors are called on a day."""

    activities: Mapping[str, str] = field(default_factory=dict)
    sectors: Mapping[str, str] = field(default_factory=dict)

    @staticmethod
    def on(day: dt.date) -> Names:
        kinds = ActivityKind.objects.filter(valid__contains=day).values_list("code", "name")
        return Names(
            dict(kinds), dict(Sector.objects.filter(valid__contains=day).values_list("code", "name"))
        )

    def activity(self, code: str) -> str:
        return self.activities.get(code) or shown_code(code)


def shown_code(code: str) -> str:
    """An activity's code as documents have it: the tail after a dash only tells two levels apart here."""
    return code.partition("-")[0]


def title_of(kind: RuleKind, row: Any, names: Names) -> str:
    """What the rule is about."""
    match kind.code:
        case RuleCode.NORM:
            return names.activity(row.activity_code)
        case RuleCode.CLOCK:
            return str(row.get_state_display())
        case RuleCode.AREA:
            return str(row.commune.full_name)
        case RuleCode.SECTOR:
            return f"{row.code}) {row.name}"
        case RuleCode.MILESTONE:
            return f"{row.name[:1].upper()}{row.name[1:]}"
        case RuleCode.FORM:
            return _("Mẫu số %(number)s") % {"number": row.number}
        case RuleCode.CHANGE:
            return str(row.get_change_display())
        case RuleCode.ADVANCE:
            return names.activity(row.activity_code) if row.activity_code else _("Mọi nội dung")
        case RuleCode.CALENDAR:
            return f"{row.date:%d/%m/%Y}: {row.name}"
        case RuleCode.TEMPLATE:
            return names.activity(row.activity_code) if row.activity_code else _("Mọi nội dung")
    return str(row.name)


def about(kind: RuleKind, row: Any, names: Names) -> str:
    """Whose rule it is and for what: purse, province, activity, plan year."""
    parts: list[str] = []
    if "purse" in kind.key:
        parts.append(str(row.get_purse_display()))
    if kind.provincial and row.province_id:
        parts.append(row.province.name)
    if kind.code in (RuleCode.NORM, RuleCode.TEMPLATE, RuleCode.ADVANCE) and row.activity_code:
        parts.append(shown_code(row.activity_code))
    if kind.code == RuleCode.ACTIVITY:
        parts.append(shown_code(row.code))
    if kind.code == RuleCode.PAPER:
        parts.append(names.activity(row.activity_code) if row.activity_code else _("mọi nội dung"))
    if kind.code == RuleCode.CHANGE and row.project_kind:
        parts.append(str(row.get_project_kind_display()))
    if kind.code == RuleCode.MILESTONE and row.plan_year:
        parts.append(_("riêng năm kế hoạch %(year)d") % {"year": row.plan_year})
    if kind.code == RuleCode.CALENDAR:
        parts.append(str(WEEKDAYS[row.date.weekday()]))
    return " · ".join(parts)


def sentence_of(kind: RuleKind, row: Any, names: Names) -> str:
    """What the version says, in a line."""
    match kind.code:
        case RuleCode.NORM:
            return limit_words(row.pct, row.cap_vnd, row.unit, row.uplift_max)
        case RuleCode.CLOCK:
            return _("%(days)d ngày làm việc") % {"days": row.working_days}
        case RuleCode.AREA:
            return _area(row)
        case RuleCode.EXCLUSION:
            return str(row.message)
        case RuleCode.MILESTONE:
            return _milestone(row)
        case RuleCode.CALENDAR:
            return str(row.get_kind_display())
        case RuleCode.TEMPLATE:
            return _template(row)
        case RuleCode.PROGRAMME:
            return _("giai đoạn %(first)d–%(last)d") % {
                "first": row.valid.lower.year,
                "last": (row.valid.upper - dt.timedelta(days=1)).year,
            }
        case RuleCode.PAPER:
            return _("cần từ bước %(state)s") % {"state": row.get_required_from_state_display()}
        case RuleCode.WARD:
            return _("%(years)d năm, tính đến %(day)d/%(month)d của năm kế hoạch %(offset)+d") % {
                "years": row.years, "day": row.day, "month": row.month, "offset": row.year_offset
            }  # fmt: skip
        case RuleCode.PRIORITY:
            return str(row.get_group_display())
        case RuleCode.CHANGE:
            return str(row.get_decided_by_display())
        case RuleCode.ADVANCE:
            return advance_words(row)
        case RuleCode.FORM:
            return str(row.name)
        case RuleCode.ACTIVITY:
            return str(row.get_selection_method_display())
    return ", ".join(row.vsic_divisions)


def advance_words(row: Any) -> str:
    """An ``AdvanceRate`` in a line: "tối đa 70 % hợp đồng, khi khối lượng đã quá 70 %; hợp đồng hỗ trợ"."""
    said = _("tối đa %(rate)d %% hợp đồng") % {"rate": row.rate_pct}
    if row.work_over_pct is not None:
        said = _("%(said)s, khi khối lượng đã quá %(work)d %%") % {"said": said, "work": row.work_over_pct}
    return f"{said}; {row.condition}" if row.condition else said


def _area(row: Any) -> str:
    said = _("được hỗ trợ") if row.eligible else _("không được hỗ trợ")
    if not row.priority_areas:
        return said
    return _("%(said)s; địa bàn ưu tiên: %(letters)s") % {
        "said": said,
        "letters": ", ".join(row.priority_areas),
    }


def _milestone(row: Any) -> str:
    if row.days:
        return _("%(days)d ngày sau: %(event)s") % {
            "days": row.days,
            "event": EVENTS.get(row.days_after, row.days_after),
        }
    year = [_("năm kế hoạch"), _("năm trước năm kế hoạch"), _("năm sau năm kế hoạch")]
    words = {"rule": row.get_rule_display(), "day": row.day, "month": row.month}
    if not row.month:
        return _("%(rule)s %(day)s hằng tháng") % words
    return _("%(rule)s %(day)s/%(month)s, %(year)s") % {
        **words,
        "year": year[(row.year_offset > 0) * 2 or abs(row.year_offset) % 2],
    }


def _template(row: Any) -> str:
    said = {
        "texts": len(row.texts), "lines": len(row.lines), "works": len(row.schedule),
        "results": len(row.results),
    }  # fmt: skip
    words = _("gợi ý %(texts)d phần viết, %(lines)d dòng dự toán, %(works)d công việc, %(results)d chỉ tiêu")
    return words % said


def value_words(row: Any, name: str, names: Names) -> str:
    """One column in words; "" where it is empty."""
    value = getattr(row, name)
    if value is None or value == "" or value == []:
        return ""
    if name.endswith("_vnd"):
        return _("%(money)s đồng") % {"money": format_vnd(value)}
    if isinstance(value, bool):
        return _("Có") if value else _("Không")
    if name == "legal_forms":
        return ", ".join(str(LegalForm(code).label) if code in LegalForm.values else code for code in value)
    if isinstance(value, dict):
        parts = [f"{number}. {label}:\n{value[key]}" for key, number, label in TEXT_SECTIONS if key in value]
        return "\n".join(parts)
    if isinstance(value, list):
        return ", ".join(each if isinstance(each, str) else " – ".join(filter(None, each)) for each in value)
    if name in ("activity_code", "parent_code"):
        return names.activity(value)
    if name == "sector_code":
        return names.sectors.get(value, value)
    if name == "days_after":
        return str(EVENTS.get(value, value))
    if name == "source_document":
        return document_name(value.number)
    column = row._meta.get_field(name)
    return str(getattr(row, f"get_{name}_display")() if column.choices else value)


def label_of(row: Any, name: str) -> str:
    column: Field[Any, Any] = row._meta.get_field(name)
    return str(column.verbose_name)


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing two versions say differently; in the shape of components/diff.html."""

    label: str
    before: str
    after: str


def differences(kind: RuleKind, old: Any, new: Any, names: Names) -> list[Difference]:
    """What the newer version says differently; everything it says where there is no older one."""
    found = []
    for name in (*kind.fields, *kind.grounds):
        before = value_words(old, name, names) if old is not None else ""
        after = value_words(new, name, names) if new is not None else ""
        if before != after:
            found.append(Difference(label_of(new if new is not None else old, name), before, after))
    return found


@dataclass(frozen=True, slots=True)
class Shown:
    """A version of a rule as pages show it."""

    kind: RuleKind
    row: Any
    title: str
    about: str
    says: str
    place: str

    @property
    def is_trusted(self) -> bool:
        """A rule without a grade of its own (a commune's) is as sure as the document it names."""
        grade = getattr(self.row, "confidence", "seen" if self.row.source_document_id else "memory")
        return grade in TRUSTED

    @property
    def confidence(self) -> str:
        return str(self.row.get_confidence_display()) if hasattr(self.row, "confidence") else ""

    @property
    def since(self) -> dt.date | None:
        day: dt.date | None = self.row.valid.lower
        return day

    @property
    def until(self) -> dt.date | None:
        return last_day(self.row)

    @property
    def clause(self) -> str:
        return str(getattr(self.row, "clause", "") or getattr(self.row, "basis", ""))


def shown(kind: RuleKind, row: Any, names: Names) -> Shown:
    return Shown(
        kind, row, title_of(kind, row, names), about(kind, row, names), sentence_of(kind, row, names),
        _place(kind, row),
    )  # fmt: skip


def _place(kind: RuleKind, row: Any) -> str:
    """Where the page has the row; a norm is called as the checks' verdicts call it."""
    if kind.code != RuleCode.NORM:
        return f"{kind.slug}-{row.pk}"
    province = row.province.code if row.province else ""
    return "-".join(part for part in (row.purse, province, row.activity_code) if part)
