"""What changed between two readings of a dossier, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.content import contents_of
from programs.lifecycle import Kind, Source
from programs.models import Project
from programs.ranking import AREAS
from vietnam.money import format_vnd

SUBMITTED = ("SUBMITTED_PROV", "REGISTERED")


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after; ``is_money`` values are VND integers."""

    label: str | Promise
    before: Any
    after: Any
    is_money: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """``first_time`` when there is nothing earlier to compare with."""

    first_time: bool
    changes: list[Change]


FIELDS: dict[str, str | Promise] = {
    "title": gettext_lazy("Tên đề án"),
    "kind": gettext_lazy("Loại đề án"),
    "activity": gettext_lazy("Nội dung hoạt động"),
    "sector": gettext_lazy("Ngành nghề"),
    "commune": gettext_lazy("Xã, phường thực hiện"),
    "place_text": gettext_lazy("Địa điểm thực hiện"),
    "priority_areas": gettext_lazy("Địa bàn ưu tiên"),
    "new_rural": gettext_lazy("Xã nông thôn mới"),
    "implementer_name": gettext_lazy("Đơn vị thực hiện"),
    "partner_name": gettext_lazy("Đơn vị phối hợp"),
    "starts_on": gettext_lazy("Bắt đầu"),
    "ends_on": gettext_lazy("Kết thúc"),
    "counterpart_committed": gettext_lazy("Cam kết vốn đối ứng"),
    "no_other_state_money": gettext_lazy("Cam kết không nhận vốn nhà nước khác"),
    "necessity": gettext_lazy("Sự cần thiết và căn cứ"),
    "objectives": gettext_lazy("Mục tiêu"),
    "scale": gettext_lazy("Quy mô"),
    "content": gettext_lazy("Nội dung và tiến độ"),
    "organisation": gettext_lazy("Tổ chức thực hiện"),
    "effectiveness": gettext_lazy("Hiệu quả"),
}
"""The plain fields of ``content.py`` in reading order."""

Row = dict[str, Any]


def _line(row: Row) -> str:
    paid = [
        f"{Source(source).label} {format_vnd(amount)}"
        for source, amount in sorted(row.get("amounts_vnd", {}).items())
        if amount
    ]
    support = _("có hỗ trợ") if row.get("supported", True) else _("không hỗ trợ")
    total = _("%(amount)s đồng") % {"amount": format_vnd(row.get("total_vnd", 0))}
    return "; ".join([f"{row['description']}: {total}", *paid, support])


def _work(row: Row) -> str:
    days = " – ".join(_day(row[name]) for name in ("starts_on", "ends_on") if row.get(name))
    return " · ".join(part for part in (row["content"], row.get("doer", ""), days) if part)


def _result(row: Row) -> str:
    return f"{row['indicator']}: {row.get('value', '')} {row.get('unit', '')}".rstrip(" :")


def _beneficiary(row: Row) -> str:
    return f"{row['name']} ({row['tax_code']})" if row.get("tax_code") else str(row["name"])


def _paper(row: Row) -> str:
    """With the beginning of its digest: a file of the same name may be another file."""
    return " · ".join(part for part in (row["name"], row.get("paper", ""), row.get("sha256", "")[:8]) if part)


ROWS: dict[str, tuple[str | Promise, str, Callable[[Row], str]]] = {
    "lines": (gettext_lazy("Dòng dự toán"), "description", _line),
    "beneficiaries": (gettext_lazy("Đơn vị thụ hưởng"), "name", _beneficiary),
    "schedule": (gettext_lazy("Tiến độ"), "content", _work),
    "results": (gettext_lazy("Kết quả dự kiến"), "indicator", _result),
    "attachments": (gettext_lazy("Tài liệu"), "name", _paper),
}
"""The lists of ``content.py``: label, what a row goes by, and the whole row in a sentence."""


def changes_since_last_submission(project: Project) -> Comparison:
    """The dossier now against the submission before the latest one (the one the reviewer last read)."""
    submissions = list(
        project.transitions.filter(action="submit", target__in=SUBMITTED).order_by("-version")[:2]
    )
    if len(submissions) < 2:
        return Comparison(True, [])
    [now] = contents_of([project])
    return Comparison(False, compare(submissions[1].content, now))


def compare(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """Every difference in reading order: fields, money by source, then rows, each as a whole.

    Rows that only changed places count as unchanged.
    """
    changes = [
        Change(label, _shown(name, before.get(name)), _shown(name, after.get(name)))
        for name, label in FIELDS.items()
        if before.get(name) != after.get(name)
    ]
    for source in Source:
        old, new = (data.get("amounts_vnd", {}).get(source, 0) for data in (before, after))
        if old != new:
            changes.append(Change(source.label, old, new, is_money=True))
    old, new = before.get("total_vnd", 0), after.get("total_vnd", 0)
    if old != new:
        changes.append(Change(gettext_lazy("Tổng kinh phí"), old, new, is_money=True))
    for key, (label, name, sentence) in ROWS.items():
        changes += _rows(label, before.get(key, []), after.get(key, []), name, sentence)
    return changes


def _rows(
    label: str | Promise, before: list[Row], after: list[Row], name: str, sentence: Callable[[Row], str]
) -> list[Change]:
    """Rows gone, changed (those that go by the same name, in order) and added."""
    old, new = list(before), list(after)
    for row in before:
        if row in new:
            old.remove(row)
            new.remove(row)
    changes = []
    for row in old:
        twin = next((other for other in new if other[name] == row[name]), None)
        if twin is not None:
            new.remove(twin)
        changes.append(Change(label, sentence(row), sentence(twin) if twin else ""))
    return changes + [Change(label, "", sentence(row)) for row in new]


def _shown(name: str, value: Any) -> Any:
    if value is True:
        return _("Có")
    if value is False:
        return _("Không")
    if value and name in ("starts_on", "ends_on"):
        return _day(value)
    if value and name == "kind":
        return Kind(value).label
    if value and name == "priority_areas":
        return dict(AREAS).get(value, value)
    return value or ""


def _day(iso: str) -> str:
    return f"{dt.date.fromisoformat(iso):%d/%m/%Y}"
