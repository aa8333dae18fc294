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
from programs.lifecycle import EDITABLE, Kind, Source
from programs.models import Project
from programs.reading import Reading
from programs.worddiff import Piece, word_changes
from vietnam.money import format_vnd

SUBMITTED = ("SUBMITTED_PROV", "REGISTERED")


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after; ``is_money`` values are VND integers."""

    label: str | Promise
    before: Any
    after: Any
    is_money: bool = False
    same: bool = False
    """Nothing changed here."""
    replaced: bool = False
    """Another file under the same name."""

    @property
    def happened(self) -> str:
        """What happened, in a word beside the colour."""
        if self.same:
            return _("Không đổi")
        if self.replaced:
            return _("Thay tệp")
        if self.is_money or (self.before and self.after):
            return _("Sửa")
        return _("Thêm") if self.after else _("Bỏ")

    @property
    def rise_vnd(self) -> int:
        return max(0, self.after - self.before) if self.is_money else 0

    @property
    def fall_vnd(self) -> int:
        return max(0, self.before - self.after) if self.is_money else 0

    @property
    def pieces(self) -> list[Piece]:
        """Word by word, where both versions are sentences with something in common."""
        texts = isinstance(self.before, str) and isinstance(self.after, str)
        return word_changes(self.before, self.after) if texts and self.before and self.after else []


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


def _claim(row: Row) -> str:
    parts = ("name", "statement", "document_number", "document_date", "document_issuer", "file")
    shown = {**row, "document_date": _day(row["document_date"]) if row.get("document_date") else ""}
    return " · ".join(shown[part] for part in parts if shown.get(part))


ROWS: dict[str, tuple[str | Promise, str, Callable[[Row], str]]] = {
    "lines": (gettext_lazy("Dòng dự toán"), "description", _line),
    "beneficiaries": (gettext_lazy("Đơn vị thụ hưởng"), "name", _beneficiary),
    "schedule": (gettext_lazy("Tiến độ"), "content", _work),
    "results": (gettext_lazy("Kết quả dự kiến"), "indicator", _result),
    "claims": (gettext_lazy("Căn cứ ưu tiên"), "predicate", _claim),
    "attachments": (gettext_lazy("Tài liệu"), "name", _paper),
}
"""The lists of ``content.py``: label, what a row goes by, and the whole row in a sentence."""


NOW = "nay"
"""The dossier as it stands, where it is open for changes after a submission."""


@dataclass(frozen=True, slots=True)
class Version:
    """One reading of a dossier that can be compared: a submission by its number, or ``NOW``."""

    key: str
    label: str
    at: dt.datetime
    step: int | None = None
    """The version of the step that sent it."""


def versions_of(project: Project) -> list[Version]:
    """What has been sent in, oldest first, and what stands there now if it may have changed since."""
    sent = project.transitions.filter(action="submit", target__in=SUBMITTED).order_by("version")
    found = [
        Version(str(number), _("Lần gửi %(number)d") % {"number": number}, at, step)
        for number, (step, at) in enumerate(sent.values_list("version", "recorded_at"), start=1)
    ]
    if found and project.state in EDITABLE:
        found.append(Version(NOW, _("Bản đang sửa"), project.updated_at))
    return found


def content_at(project: Project, version: Version) -> Row:
    """The dossier as plain data in that version; see ``content.py``."""
    if version.step is None:
        [now] = contents_of([project])
        return now
    kept = project.transitions.values_list("content", flat=True)
    content: Row = kept.get(version=version.step)
    return content


def changes_since_last_submission(
    project: Project, versions: list[Version] | None = None, reading: Reading | None = None
) -> Comparison:
    """The dossier now against the submission before the latest one (the one the reviewer last read).

    ``versions`` and ``reading`` are given by those who have them already.
    """
    sent = [version for version in versions or versions_of(project) if version.step is not None]
    if len(sent) < 2:
        return Comparison(True, [])
    [now] = contents_of([project], [reading] if reading else None)
    return Comparison(False, compare(content_at(project, sent[-2]), now))


def compare(before: Row, after: Row) -> list[Change]:
    """Every difference in reading order: fields, money by source, then rows, each as a whole.

    Rows that only changed places count as unchanged.
    """
    return [change for change in compare_all(before, after) if not change.same]


def compare_all(before: Row, after: Row) -> list[Change]:
    """The same with what did not change in its place."""
    found = [
        Change(label, _shown(name, old), _shown(name, new), same=old == new)
        for name, label in FIELDS.items()
        for old, new in [(before.get(name), after.get(name))]
    ]
    for source in Source:
        old, new = (data.get("amounts_vnd", {}).get(source, 0) for data in (before, after))
        found.append(_money(source.label, old, new))
    found.append(_money(gettext_lazy("Tổng kinh phí"), before.get("total_vnd", 0), after.get("total_vnd", 0)))
    for key, (label, name, sentence) in ROWS.items():
        found += _rows(label, before.get(key, []), after.get(key, []), name, sentence)
    return found


def _money(label: str | Promise, before: int, after: int) -> Change:
    return Change(label, before, after, is_money=True, same=before == after)


def _rows(
    label: str | Promise, before: list[Row], after: list[Row], name: str, sentence: Callable[[Row], str]
) -> list[Change]:
    """Rows kept, gone, changed (those that go by the same name, in order) and added."""
    old, new, kept = list(before), list(after), list[Change]()
    for row in before:
        if row in new:
            old.remove(row)
            new.remove(row)
            kept.append(Change(label, sentence(row), sentence(row), same=True))
    changes = []
    for row in old:
        twin = next((other for other in new if other[name] == row[name]), None)
        if twin is not None:
            new.remove(twin)
        replaced = twin is not None and "sha256" in row and twin["sha256"] != row["sha256"]
        changes.append(Change(label, sentence(row), sentence(twin) if twin else "", replaced=replaced))
    return kept + changes + [Change(label, "", sentence(row)) for row in new]


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
        choices = Project._meta.get_field("priority_areas").choices or []
        return dict(choices).get(value, value)
    return value or ""


def _day(iso: str) -> str:
    return f"{dt.date.fromisoformat(iso):%d/%m/%Y}"
