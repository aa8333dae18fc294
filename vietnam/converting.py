"""Addresses as they were written, read as units of today; what is not certain is told with all it may be.

A loop over many addresses takes one index (:func:`vietnam.units.get_index`) and hands it in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, get_args

from django.utils import timezone
from django.utils.translation import gettext as _

from .models import AdminUnit
from .text import clean
from .units import LiveUnitIndex, Place, get_index

DISTRICTS_END: Final = dt.date(2025, 6, 30)
"""The last day with districts: what names one was written before."""

Outcome = Literal["same", "moved", "split", "when", "which", "district", "province", "unknown"]
OUTCOMES: Final[tuple[Outcome, ...]] = get_args(Outcome)
CERTAIN: Final = frozenset({"same", "moved"})


@dataclass(frozen=True, slots=True)
class Converted:
    """``named`` is what the text speaks of, ``now`` what that is today: one unit only where it is certain.

    same: it stands as written; moved: it is another unit today; split: its parts went to several; when: two
    units bore the name, one before and one after; which: several bear it; district, province: nothing smaller
    was read; unknown: not even a province.
    """

    raw: str
    outcome: Outcome
    named: tuple[AdminUnit, ...] = ()
    now: tuple[AdminUnit, ...] = ()
    documents: tuple[str, ...] = ()

    @property
    def certain(self) -> AdminUnit | None:
        return self.now[0] if self.outcome in CERTAIN else None

    @property
    def note(self) -> str:
        """Why it is so, in a sentence for the reader."""
        told = {
            "old": self.named[0].full_name if self.named else "",
            "count": len(self.now),
            "documents": "; ".join(self.documents),
        }
        sentence = {
            "same": _("Đơn vị này vẫn như địa chỉ đã ghi."),
            "moved": _("%(old)s nay thuộc đơn vị này."),
            "split": _("%(old)s đã chia cho %(count)s đơn vị; phải biết phần nào mới xác định được."),
            "when": _("Tên này có cả trước và sau 01/07/2025; phải biết địa chỉ ghi khi nào."),
            "which": _("Không rõ đơn vị nào; các đơn vị cùng tên hoặc tên gần giống:"),
            "district": _("Chỉ ghi đến %(old)s; huyện cũ nay nằm trong các đơn vị này."),
            "province": _("Chỉ đọc được cấp tỉnh; hãy ghi thêm xã, phường."),
            "unknown": _("Không đọc được tỉnh, thành phố nào trong địa chỉ."),
        }[self.outcome] % told
        return f"{sentence} {_('Căn cứ: %(documents)s.') % told}" if self.documents else sentence


def convert_all(texts: Iterable[str], on: dt.date | None = None) -> list[Converted]:
    """Each address read as of the day it was written, ``on`` where that is known. A handful of queries."""
    index, today = get_index(), timezone.localdate()
    read = [_Reader(index, today, clean(text)).read(on) for text in texts]
    return _with_documents(read)


class _Reader:
    def __init__(self, index: LiveUnitIndex, today: dt.date, text: str) -> None:
        self.index, self.today, self.text = index, today, text

    def read(self, on: dt.date | None) -> Converted:
        if on is not None:
            return self._told(self._place(on))
        before, after = self._place(DISTRICTS_END), self._place(self.today)
        old = before.commune if before.commune and not before.commune.exists_on(self.today) else None
        new = after.commune if after.commune and after.commune.exists_on(self.today) else None
        if old is None or before.problem == "not_yet":
            return self._told(after)
        if new is None or before.district is not None or self._now(old) == [new]:
            return self._told(before)
        now = list(dict.fromkeys([new, *self._now(old)]))
        return Converted(self.text, "when", (old, new), tuple(now))

    def _place(self, day: dt.date) -> Place:
        return self.index.place(self.text, day)

    def _now(self, unit: AdminUnit) -> list[AdminUnit]:
        return [self.index.unit(number) for number in self.index.now(unit.pk, self.today)]

    def _told(self, place: Place) -> Converted:
        if (commune := place.commune) is not None:
            now = self._now(commune)
            if now == [commune]:
                return Converted(self.text, "same", (commune,), (commune,))
            return Converted(self.text, "moved" if len(now) == 1 else "split", (commune,), tuple(now))
        if place.candidates:
            now = [unit for each in place.candidates for unit in self._now(each)]
            return Converted(self.text, "which", place.candidates, tuple(dict.fromkeys(now)))
        if place.district is not None:
            return Converted(self.text, "district", (place.district,), self._of_district(place.district))
        if place.province is not None:
            return Converted(self.text, "province", (place.province,), tuple(self._now(place.province)))
        return Converted(self.text, "unknown")

    def _of_district(self, district: AdminUnit) -> tuple[AdminUnit, ...]:
        communes = [row.id for row in self.index.rows.values() if row.parent_id == district.pk]
        now = {number for commune in communes for number in self.index.now(commune, self.today)}
        return tuple(sorted(map(self.index.unit, now), key=lambda unit: unit.code))


def _with_documents(read: list[Converted]) -> list[Converted]:
    """With the numbers of what made each present unit out of the one named."""
    wanted = {unit.pk for each in read if each.outcome in ("moved", "split") for unit in each.now}
    found = AdminUnit.objects.filter(pk__in=wanted).values_list("pk", "source_document__number")
    numbers = {pk: number for pk, number in found if number}
    return [
        Converted(
            each.raw,
            each.outcome,
            each.named,
            each.now,
            tuple(dict.fromkeys(numbers[unit.pk] for unit in each.now if unit.pk in numbers))
            if each.outcome in ("moved", "split")
            else (),
        )
        for each in read
    ]
