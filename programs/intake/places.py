"""Where a row happens: the official commune, or the words as written and what is wrong with them.

Works on the in-memory index of units (``vietnam.units.get_index()``); no query a row.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Protocol

from django.utils.translation import gettext as _

from programs.intake.amounts import is_nothing
from programs.intake.titles import province_of, title_words
from vietnam.models import AdminUnit, Level
from vietnam.text import clean, fold, same_text
from vietnam.unit_names import COMMUNE_TYPES, segments, split_type
from vietnam.units import Place

_EVERYWHERE: Final = re.compile(
    r"\b(?:dia ban|toan|cac|nhieu|mot so) (?:tinh|thanh pho|xa|phuong|huyen|dia phuong|dia ban|co so|don "
    r"vi)\b"
    r"|\btren dia ban\b|\bchon sau\b|\bngoai tinh\b|\bnuoc ngoai\b|^(?:tinh|thanh pho|tp|trong "
    r"tinh|ca tinh|toan tinh)\b"
)
_NOW: Final = re.compile(r"^(?:nay|hien nay|nay la|truoc day la|cu)\b")
_MOST_NAMES: Final = 4


class Index(Protocol):
    """The part of ``vietnam.units.LiveUnitIndex`` that is used here."""

    def find_province(self, text: str, on: dt.date) -> int | None: ...

    def place(
        self, text: str, on: dt.date | None = None, default_province: AdminUnit | None = None
    ) -> Place: ...

    def unit(self, number: int) -> AdminUnit: ...

    def now(self, unit: int, on: dt.date) -> tuple[int, ...]: ...

    def then(self, unit: int, on: dt.date) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Locality:
    """``name`` is the commune's official name, or the words as written; ``problems`` are (code, sentence)."""

    name: str = ""
    commune: AdminUnit | None = None
    province: AdminUnit | None = None
    problems: tuple[tuple[str, str], ...] = field(default=())


class Places:
    """Reads places as they are on one day: 1 January of the plan year."""

    def __init__(self, index: Index, on: dt.date) -> None:
        self.index = index
        self.on = on
        self._read: dict[tuple[str, int | None], Locality] = {}

    def find_province(self, text: str) -> AdminUnit | None:
        """The province named, as it is on the day (its one successor, where it has ended)."""
        number = self.index.find_province(text, self.on)
        return None if number is None else self._now(self.index.unit(number))

    def province_of_title(self, lines: Iterable[str]) -> AdminUnit | None:
        """The province a title block names, by its type or an office, else letter for letter anywhere."""
        told = list(lines)
        return province_of(told, self.find_province) or self._spelt_out(told)

    def _spelt_out(self, lines: Iterable[str]) -> AdminUnit | None:
        """ "ĐỀ ÁN KCQG THANH HÓA NĂM 2027"; accents count here, for "hai phòng" is no city."""
        for words in title_words(lines):
            number = self.index.find_province(words, self.on)
            if number is None:
                continue
            unit = self.index.unit(number)
            if same_text(unit.bare_name.replace(" -", ""), words):
                return self._now(unit)
        return None

    def read(self, text: str, province: AdminUnit | None) -> Locality:
        """The place of a row in a list of ``province``."""
        key = (text, province.pk if province else None)
        if key not in self._read:
            self._read[key] = self._locality(clean(text), province)
        return self._read[key]

    def _locality(self, text: str, province: AdminUnit | None) -> Locality:
        if is_nothing(text):
            return Locality()
        found = [self.index.place(part, self.on, province) for part in self._communes_in(text)]
        if len(found) == 1 or not all(place.commune for place in found):
            return self._judge(self._whole(text, province), text, province)
        judged = [self._judge(place, place.raw, province) for place in found]
        names = list(dict.fromkeys(locality.name for locality in judged))
        problems = tuple(dict.fromkeys(p for locality in judged for p in locality.problems))
        return Locality(", ".join(names), judged[0].commune, judged[0].province, problems)

    def _whole(self, text: str, province: AdminUnit | None) -> Place:
        """The cell as one address; "Thọ Xuân - Thanh Hóa" ends in its province as with a comma."""
        place = self.index.place(text, self.on, province)
        commune, dash, home = re.sub(r"\s+[–—]\s+", " - ", text).rpartition(" - ")
        if place.commune is None and dash and self.find_province(home):
            again = self.index.place(f"{commune}, {home}", self.on, province)
            return again if again.commune else place
        return place

    @staticmethod
    def _communes_in(text: str) -> list[str]:
        """The communes of a cell that names several, each with the words that follow it; else the cell."""
        parts = [part for piece in re.split(r"\s+và\s+", text) for part in segments(piece)]
        typed = [n for n, part in enumerate(parts) if split_type(part)[0] in COMMUNE_TYPES]
        if len(typed) < 2 or any(_NOW.match(fold(part)) for part in parts):
            return [text]
        tail = parts[typed[-1] + 1 :]
        return [", ".join([parts[n], *tail]) for n in typed]

    def _judge(self, place: Place, text: str, province: AdminUnit | None) -> Locality:
        stated = place.province_now or place.province
        if place.commune is not None:
            return self._known(place, place.commune, text, province)
        if place.problem == "elsewhere":
            return self._elsewhere(place, text, province)
        if place.problem == "unknown_province" and len(place.candidates) == 1:
            commune = self._now(place.candidates[0])
            return Locality(commune.name, commune, self._province_of(commune))
        if not place.problem or _EVERYWHERE.search(fold(text)):
            return Locality(text, None, stated, self._wrong(stated, province, text))
        return Locality(text, None, stated, (("unknown_unit", self._unknown(place, stated or province)),))

    def _known(self, place: Place, named: AdminUnit, text: str, province: AdminUnit | None) -> Locality:
        commune = place.commune_now or named
        if place.candidates and place.commune_now is None and not named.exists_on(self.on):
            names = ", ".join(unit.name for unit in place.candidates[:_MOST_NAMES])
            message = _("%(old)s đã chia thành nhiều đơn vị (%(names)s); hãy ghi tên hiện nay.")
            return Locality(
                text,
                None,
                place.province_now,
                (("unknown_unit", message % {"old": commune.name, "names": names}),),
            )
        own = self._province_of(commune) or place.province_now
        problems = self._wrong(own, province, commune.name)
        written = next(
            (kind for part in segments(text) if (kind := split_type(part)[0]) in COMMUNE_TYPES), ""
        )
        if place.problem == "spelling" and written and fold(named.unit_type) != written:
            message = _("Trong tệp ghi “%(text)s”; tên chính thức là %(name)s. Hãy kiểm tra lại.")
            problems = (*problems, ("unknown_unit", message % {"text": text, "name": commune.name}))
        return Locality(commune.name, commune, own, problems)

    def _elsewhere(self, place: Place, text: str, province: AdminUnit | None) -> Locality:
        communes = [self._now(unit) for unit in place.candidates]
        names = {commune.name for commune in communes}
        homes = list(dict.fromkeys(home.name for c in communes if (home := self._province_of(c))))
        message = _("%(text)s không thuộc %(province)s mà thuộc %(homes)s.") % {
            "text": next(iter(names)) if len(names) == 1 else text,
            "province": _name(place.province_now or place.province or province),
            "homes": ", ".join(homes[:_MOST_NAMES]),
        }
        one = communes[0] if len(communes) == 1 else None
        home = self._province_of(one) if one else None
        name = names.pop() if len(names) == 1 else text
        return Locality(name, one, home, (("wrong_province", message),))

    def _unknown(self, place: Place, province: AdminUnit | None) -> str:
        names = ", ".join(unit.name for unit in place.candidates[:_MOST_NAMES])
        if place.problem == "ambiguous_commune":
            return _("“%(text)s” có thể là nhiều đơn vị: %(names)s. Hãy ghi rõ.") % {
                "text": place.raw,
                "names": names,
            }
        message = _("Không có đơn vị hành chính “%(text)s” ở %(province)s.") % {
            "text": place.raw,
            "province": _name(province) if province else _("danh mục hiện hành"),
        }
        return message + (_(" Có phải: %(names)s?") % {"names": names} if names else "")

    @staticmethod
    def _wrong(own: AdminUnit | None, province: AdminUnit | None, text: str) -> tuple[tuple[str, str], ...]:
        if own is None or province is None or own.pk == province.pk:
            return ()
        message = _("%(text)s thuộc %(own)s, khác tỉnh của biểu (%(province)s).") % {
            "text": text,
            "own": own.name,
            "province": province.name,
        }
        return (("wrong_province", message),)

    def _now(self, unit: AdminUnit) -> AdminUnit:
        """What the unit is on the day: its one successor, or what it was before it became a city."""
        now = self.index.now(unit.pk, self.on)
        then = now[0] if len(now) == 1 else self.index.then(unit.pk, self.on)
        return unit if then is None else self.index.unit(then)

    def _province_of(self, commune: AdminUnit) -> AdminUnit | None:
        unit: AdminUnit | None = commune
        while unit is not None and unit.level != Level.PROVINCE:
            unit = unit.parent
        return self._now(unit) if unit else None


def _name(unit: AdminUnit | None) -> str:
    return unit.name if unit else ""
