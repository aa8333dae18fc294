"""The law of a day: every kind of dated rule, narrowed by province, activity or document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from programs.filters import activity_and_below
from programs.lawterms import RuleCode
from programs.rulekinds import KINDS, RuleKind
from programs.rulewords import Names, Shown, shown
from vietnam.models import AdminUnit, LegalDocument

LISTED = 300
"""Most rules of one kind on a page; only the list of communes is longer."""
OWN, DEFAULT = _("riêng của tỉnh"), _("mặc định quốc gia")


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see: a day, and what narrows it."""

    day: dt.date
    kind: RuleKind
    activity: str = ""
    document: LegalDocument | None = None
    province: AdminUnit | None = None

    def rows(self, kind: RuleKind) -> QuerySet[Any]:
        found = kind.on(self.day)
        if self.document is not None:
            found = found.filter(source_document=self.document)
        if self.activity and kind.code in (RuleCode.NORM, RuleCode.PAPER, RuleCode.TEMPLATE):
            found = found.filter(activity_code__in=activity_and_below(self.activity))
        if self.activity and kind.code == RuleCode.ACTIVITY:
            found = found.filter(code__in=activity_and_below(self.activity))
        if self.province is not None and kind.provincial:
            found = found.filter(Q(province__isnull=True) | Q(province=self.province))
        if self.province is not None and kind.code == RuleCode.AREA:
            found = found.filter(commune__parent=self.province)
        return found


@dataclass(frozen=True, slots=True)
class Row:
    """A rule in force; ``whose`` tells, for a chosen province, its own norm from the nation's."""

    rule: Shown
    whose: str | Promise = ""


def rows_of(asked: Asked) -> tuple[list[Row], bool]:
    """The rules of the kind in force on the day, and whether there are more than shown."""
    names = Names.on(asked.day)
    found = list(asked.rows(asked.kind)[: LISTED + 1])
    return list(_told(asked, found[:LISTED], names)), len(found) > LISTED


def _told(asked: Asked, rows: list[Any], names: Names) -> Iterator[Row]:
    own = {_matter(row) for row in rows if getattr(row, "province_id", None)}
    for row in rows:
        whose: str | Promise = ""
        if asked.province is not None and asked.kind.provincial:
            common = "" if asked.kind.code == RuleCode.PROGRAMME or _matter(row) in own else DEFAULT
            whose = OWN if row.province_id else common
        yield Row(shown(asked.kind, row, names), whose)


def _matter(row: Any) -> str:
    """What a province's own rule is instead of the nation's about."""
    return str(getattr(row, "activity_code", "") or getattr(row, "milestone", ""))


@dataclass(frozen=True, slots=True)
class Group:
    kind: RuleKind
    count: int


def groups_of(asked: Asked) -> list[Group]:
    """How many rules of each kind are in force, narrowed alike."""
    return [Group(kind, asked.rows(kind).count()) for kind in KINDS]
