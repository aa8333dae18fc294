"""Rows held against the units there are: what would be opened, ended and followed, or what is wrong where."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from programs.reforms.reading import PART, WHOLE, Problem, Row
from vietnam.models import AdminUnit, DocumentKind, LegalDocument, Level, SuccessionKind
from vietnam.text import fold, same_text, sort_key

TYPES: Final = {
    Level.PROVINCE: ("Thành phố", "Tỉnh"),
    Level.COMMUNE: ("Phường", "Đặc khu", "Xã"),
}
_KIND: Final = re.compile(r"/(NQ|QĐ|NĐ|TT|QH)")
_KINDS: Final = {"NQ": DocumentKind.RESOLUTION, "QH": DocumentKind.RESOLUTION, "NĐ": DocumentKind.DECREE,
                 "TT": DocumentKind.CIRCULAR, "QĐ": DocumentKind.DECISION}  # fmt: skip
Key = tuple[str, str]
"""Level and code of a unit that the file opens."""


@dataclass(slots=True)
class New:
    """A unit the file opens; ``olds`` are the units it grows from."""

    level: Level
    code: str
    name: str
    day: dt.date
    document: str
    issuer: str
    province: str
    row: Row | None
    olds: list[AdminUnit] = field(default_factory=list)

    @property
    def split_name(self) -> tuple[str, str]:
        kind = next((word for word in TYPES[self.level] if self.name.startswith(word + " ")), "")
        return kind, self.name.removeprefix(kind).strip()

    def to_json(self) -> dict[str, Any]:
        kind, bare = self.split_name
        return {
            "level": str(self.level), "code": self.code, "name": self.name, "bare_name": bare,
            "unit_type": kind, "folded": fold(self.name), "folded_bare": fold(bare),
            "sort_key": sort_key(bare), "day": self.day.isoformat(), "document": self.document,
            "issuer": self.issuer, "province": self.province,
        }  # fmt: skip


class Planner:
    """One reading of the file against one moment of the tables."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows, self.problems = rows, list[Problem]()
        self.new: dict[Key, New] = {}
        self.ended: dict[int, dt.date] = {}
        self.steps: dict[tuple[int, Key], tuple[Row | None, bool]] = {}
        self.olds = self._units_now()
        self.parts: Counter[int] = Counter()
        self.documents: dict[tuple[str, str], dict[str, str]] = {}

    def _units_now(self) -> dict[tuple[str, str], AdminUnit]:
        """The units that have no end yet, by level and code."""
        open_ended = AdminUnit.objects.filter(valid__upper_inf=True, level__in=TYPES)
        return {(unit.level, unit.code): unit for unit in open_ended.select_related("parent")}

    def plan(self) -> dict[str, Any]:
        """What ``kc_apply_reform`` writes; only to be used where there are no ``problems``."""
        for row in self.rows:
            self._take(row)
        for row_group in self._by_old().values():
            self._check_parts(row_group)
        self._carry_communes()
        self._place_communes()
        self._check_codes()
        self._check_documents()
        self.parts = Counter(old for old, _key in self.steps)
        return {
            "documents": list(self.documents.values()),
            "ended": [{"id": pk, "day": day.isoformat()} for pk, day in sorted(self.ended.items())],
            "opened": [self.new[key].to_json() for key in sorted(self.new)],
            "successions": [self._succession(*step) for step in sorted(self.steps)],
        }

    def _complain(self, row: Row | None, name: str, message: str) -> None:
        self.problems.append(row.problem(name, message) if row else Problem("", message))

    # --- row by row

    def _take(self, row: Row) -> None:
        if row.day is None or not (row.old_code and row.new_code and row.new_name):
            return  # said already
        level = Level.PROVINCE if len(row.old_code) == 2 else Level.COMMUNE
        old = self.olds.get((level, row.old_code))
        told = {"code": row.old_code, "name": old.full_name if old else ""}
        if old is None:
            return self._complain(row, "old_code", _("Hiện không có đơn vị nào mang mã %(code)s.") % told)
        if not same_text(row.old_name, old.name):
            return self._complain(row, "old_name", _("Mã %(code)s hiện là “%(name)s”.") % told)
        if old.valid.lower is not None and row.day <= old.valid.lower:
            return self._complain(row, "day", _("Ngày hiệu lực phải sau ngày đơn vị cũ bắt đầu."))
        if len(row.new_code) != len(row.old_code):
            return self._complain(row, "new_code", _("Mã mới phải cùng cấp với mã cũ."))
        if self.ended.setdefault(old.pk, row.day) != row.day:
            return self._complain(row, "day", _("Đơn vị cũ này đã có ngày khác ở dòng trên."))
        self._open(row, old, level)

    def _open(self, row: Row, old: AdminUnit, level: Level) -> None:
        assert row.day is not None
        key = (str(level), row.new_code)
        new = self.new.setdefault(
            key, New(level, row.new_code, row.new_name, row.day, row.document, row.issuer, row.province, row)
        )
        if not new.split_name[0]:
            types = ", ".join(TYPES[level])
            self._complain(row, "new_name", _("Tên mới phải bắt đầu bằng: %(types)s.") % {"types": types})
        if (new.name, new.day) != (row.new_name, row.day):
            self._complain(row, "new_name", _("Mã mới này đã có tên hoặc ngày khác ở dòng trên."))
        if row.province and new.province and new.province != row.province:
            self._complain(row, "province", _("Mã mới này đã thuộc tỉnh khác ở dòng trên."))
        new.province = new.province or row.province
        if (old.pk, key) in self.steps:
            return self._complain(row, "new_code", _("Dòng này lặp lại một dòng ở trên."))
        self.steps[old.pk, key] = (row, row.main)
        new.olds.append(old)

    def _by_old(self) -> dict[int, list[tuple[Key, Row]]]:
        found: dict[int, list[tuple[Key, Row]]] = defaultdict(list)
        for (old, key), (row, _main) in self.steps.items():
            if row is not None:
                found[old].append((key, row))
        return found

    def _check_parts(self, steps: list[tuple[Key, Row]]) -> None:
        """An old unit goes whole to one, or in parts to several of which one is the main successor."""
        first = steps[0][1]
        if len(steps) == 1:
            if first.part == PART:
                self._complain(first, "part", _("Chỉ ghi một phần; hãy thêm dòng cho phần còn lại."))
            return
        if len(first.old_code) == 2:
            self._complain(first, "old_code", _("Cổng chưa nhận việc chia một tỉnh cho nhiều tỉnh."))
        for _key, row in steps:
            if row.part == WHOLE:
                self._complain(row, "part", _("Đơn vị này còn dòng khác, nên đây là “một phần”."))
        if sum(row.main for _key, row in steps) != 1:
            self._complain(first, "main", _("Đơn vị bị chia cần đúng một dòng đánh dấu “Kế thừa chính”."))

    # --- what follows from the rows

    def _carry_communes(self) -> None:
        """The communes of a province that ends go on under its successor, but for those in the file."""
        news = {
            old: self.new[key] for old, key in self.steps if key[0] == Level.PROVINCE and old in self.ended
        }
        communes = [
            u for (level, _code), u in self.olds.items() if level == Level.COMMUNE and u.parent_id in news
        ]
        for unit in communes:
            above, key = news[unit.parent_id or 0], (str(Level.COMMUNE), unit.code)
            if unit.pk in self.ended or key in self.new:
                continue
            self.ended[unit.pk] = above.day
            self.steps[unit.pk, key] = (None, True)
            carried = New(
                Level.COMMUNE, unit.code, unit.name, above.day, above.document, above.issuer, above.code, None
            )
            carried.olds.append(unit)
            self.new[key] = carried

    def _place_communes(self) -> None:
        """Each new commune lies in a province of its day: the one written, else what its old one's became."""
        became = {old: self.new[key].code for old, key in self.steps if key[0] == Level.PROVINCE}
        for new in self.new.values():
            if new.level != Level.COMMUNE:
                continue
            above = {
                became.get(old.parent_id or 0, old.parent.code if old.parent else "") for old in new.olds
            }
            if not new.province and len(above) == 1:
                new.province = above.pop()
            stands = (str(Level.PROVINCE), new.province) in self.new or self._stays(new.province)
            if not stands:
                words = _("Không có tỉnh mang mã “%(code)s” vào ngày này; hãy ghi Mã tỉnh mới.")
                self._complain(new.row, "province", words % {"code": new.province})

    def _stays(self, code: str) -> bool:
        unit = self.olds.get((Level.PROVINCE, code))
        return unit is not None and unit.pk not in self.ended

    def _check_codes(self) -> None:
        for key, new in self.new.items():
            held = self.olds.get(key)
            if held is not None and held.pk not in self.ended:
                words = _(
                    "Mã %(code)s đang là “%(name)s”. Nếu đơn vị đó nhận thêm phần, hãy thêm một dòng cho "
                    "chính nó; nếu không, hãy dùng mã khác."
                )
                self._complain(new.row, "new_code", words % {"code": new.code, "name": held.full_name})

    def _check_documents(self) -> None:
        """A document not in the register is added to it as unverified, so its issuer and title are needed."""
        register = LegalDocument.objects.filter(number__in={row.document for row in self.rows})
        known = {pair for number, issuer in register.values_list("number", "issuer")
                 for pair in ((number, issuer), (number, ""))}  # fmt: skip
        for row in self.rows:
            name = (row.document, row.issuer)
            if not row.document or name in known:
                continue
            known.add(name)  # told, or added, once
            if row.issuer and row.title:
                self.documents[name] = _document(row)
                known.add((row.document, ""))
            else:
                words = _("“%(number)s” chưa có trong sổ văn bản; hãy ghi Cơ quan ban hành và Trích yếu.")
                self._complain(row, "document", words % {"number": row.document})

    def _succession(self, old: int, key: Key) -> dict[str, Any]:
        row, main = self.steps[old, key]
        new = self.new[key]
        parts = self.parts[old]
        unit = next(each for each in new.olds if each.pk == old)
        return {
            "old": old, "level": key[0], "code": key[1], "day": new.day.isoformat(),
            "kind": str(_kind(unit, new, parts)), "is_default": main or parts == 1,
        }  # fmt: skip


def _kind(old: AdminUnit, new: New, parts: int) -> SuccessionKind:
    if parts > 1:
        return SuccessionKind.SPLIT
    if len(new.olds) > 1:
        return SuccessionKind.MERGED
    if old.name == new.name:
        return SuccessionKind.CONTINUES
    same = same_text(old.bare_name, new.split_name[1])
    return SuccessionKind.RECLASSIFIED if same else SuccessionKind.RENAMED


def _document(row: Row) -> dict[str, str]:
    found = _KIND.search(row.document)
    return {
        "number": row.document,
        "title": row.title,
        "folded": fold(row.title),
        "kind": str(_KINDS[found[1]] if found else DocumentKind.DECISION),
        "issuer": row.issuer,
        "since": row.day.isoformat() if row.day else "",
        "note": "Nhập cùng tệp thay đổi địa giới; chưa kiểm chứng.",
    }
