"""Administrative units, what became of them, and regions, from ``data/``.

Rows are matched by (level, code, first day). The loader adds and corrects; it never deletes, for records of
other apps point to units. An end that ``data/`` does not know came with a later reform, entered on the
portal: it stays.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction

from ..models import (
    AdminUnit,
    Confidence,
    LegalDocument,
    Level,
    ProvinceRegion,
    RegionScheme,
    SuccessionKind,
    UnitSuccession,
)
from ..models.units import NATION_CODE
from ..periods import period
from .documents import load_documents
from .files import day, rows

TWO_TIERS: Final = dt.date(2025, 7, 1)
"""First day without districts, with 34 provinces (Nghị quyết 202/2025/QH15)."""
_CODES_DECISION: Final = "19/2025/QĐ-TTg"
_DONG_NAI: Final = ("30/2026/QH16", "237/NQ-UBTVQH16")
"""What made Đồng Nai a city, so that each of its communes lies in a new province; and ten of them phường."""
_TYPES: Final = ("Thành phố", "Thị xã", "Thị trấn", "Đặc khu", "Tỉnh", "Huyện", "Quận", "Phường", "Xã")

Key = tuple[str, str, dt.date | None]


@dataclass(frozen=True, slots=True)
class UnitData:
    """One row of a data file; ``parent`` is the key of the unit it lies in."""

    level: str
    code: str
    name: str
    lower: dt.date | None
    upper: dt.date | None
    parent: Key | None
    document: str = ""

    @property
    def key(self) -> Key:
        return self.level, self.code, self.lower

    def values(self, parent_id: int | None, documents: dict[str, int]) -> dict[str, Any]:
        kind = next((kind for kind in _TYPES if self.name.startswith(kind + " ")), "")
        return {
            "name": self.name,
            "bare_name": self.name.removeprefix(kind).strip(),
            "unit_type": kind or "Toàn quốc",
            "parent_id": parent_id,
            "valid": period(self.lower, self.upper),
            "source_document_id": documents[self.document] if self.document else None,
        }


@dataclass(slots=True)
class Report:
    units: int = 0
    created: int = 0
    changed: int = 0
    successions: int = 0

    def __str__(self) -> str:
        return (
            f"administrative units: {self.units} ({self.created} new, {self.changed} changed), "
            f"successions: {self.successions}"
        )


def read_provinces() -> list[UnitData]:
    nation = (Level.NATION.value, NATION_CODE, None)
    return [
        UnitData(
            Level.PROVINCE.value,
            row["code"],
            row["name"],
            day(row["valid_from"]),
            day(row["valid_to"]),
            nation,
            row["document"],
        )
        for row in rows("provinces.csv")
    ]


def _province_at(provinces: Iterable[UnitData]) -> Callable[[str, dt.date], Key]:
    """The key of the province with a code on a day."""
    by_code: dict[str, list[UnitData]] = {}
    for province in provinces:
        by_code.setdefault(province.code, []).append(province)

    def at(code: str, on: dt.date) -> Key:
        (found,) = (
            unit
            for unit in by_code[code]
            if (unit.lower is None or unit.lower <= on) and (unit.upper is None or on < unit.upper)
        )
        return found.key

    return at


def read_units() -> list[list[UnitData]]:
    """All units, level by level, parents before children."""
    nation = UnitData(Level.NATION.value, NATION_CODE, "Toàn quốc", None, None, None)
    provinces = read_provinces()
    province_at = _province_at(provinces)
    last_day = TWO_TIERS - dt.timedelta(days=1)
    districts = []
    for row in rows("districts.csv"):
        above = province_at(row["province"], last_day)
        districts.append(UnitData("district", row["code"], row["name"], None, TWO_TIERS, above))
    former = [
        UnitData("commune", row["code"], row["name"], None, TWO_TIERS, ("district", row["district"], None))
        for row in rows("communes_to_2025.csv")
    ]
    present = []
    names: dict[str, str] = {}
    for row in rows("communes_from_2025.csv"):
        lower, upper = dt.date.fromisoformat(row["valid_from"]), day(row["valid_to"])
        above = province_at(row["province"], lower)
        renamed = names.setdefault(row["code"], row["name"]) != row["name"]
        document = _CODES_DECISION if lower == TWO_TIERS else _DONG_NAI[renamed]
        present.append(UnitData("commune", row["code"], row["name"], lower, upper, above, document))
    return [[nation], provinces, districts, [*former, *present]]


@transaction.atomic
def load_units() -> Report:
    """Loads every unit and succession; the second run changes nothing."""
    load_documents()
    documents = dict(LegalDocument.objects.order_by("-id").values_list("number", "id"))
    ids: dict[Key, int] = {}
    existing = {(unit.level, unit.code, unit.valid.lower): unit for unit in AdminUnit.objects.order_by()}
    report = Report()
    ended = dict(UnitSuccession.objects.values_list("old", "date"))
    for level in read_units():
        _load_level(level, ids, existing, ended, documents, report)
    report.successions = _load_successions(ids)
    _load_regions(ids)
    return report


def _load_level(
    level: list[UnitData],
    ids: dict[Key, int],
    existing: dict[Key, AdminUnit],
    ended: dict[int, dt.date],
    documents: dict[str, int],
    report: Report,
) -> None:
    missing = []
    for data in level:
        values = data.values(ids[data.parent] if data.parent else None, documents)
        unit = existing.get(data.key)
        if unit is not None and data.upper is None and unit.valid.upper == ended.get(unit.pk):
            values["valid"] = period(data.lower, unit.valid.upper)
        if unit is None:
            missing.append((data.key, AdminUnit(level=data.level, code=data.code, **values)))
            continue
        ids[data.key] = unit.pk
        if any(getattr(unit, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(unit, name, value)
            unit.save()  # changes come before additions: a closed period makes room for the next
            report.changed += 1
    created = AdminUnit.objects.bulk_create((unit for _, unit in missing), batch_size=2000)
    ids.update((key, unit.pk) for (key, _), unit in zip(missing, created, strict=True))
    report.units += len(level)
    report.created += len(missing)


def read_successions() -> list[tuple[Key, Key, dt.date, str, bool]]:
    """(old, new, first day, kind, is the default) for all levels."""
    provinces = read_provinces()
    province_at = _province_at(provinces)
    steps: list[tuple[Key, Key, dt.date, str, bool]] = []
    for row in rows("succession_provinces.csv"):
        on = dt.date.fromisoformat(row["date"])
        before = province_at(row["old_code"], on - dt.timedelta(days=1))
        steps.append((before, province_at(row["new_code"], on), on, row["kind"], True))
    for row in rows("succession_communes.csv"):
        old: Key = (row["old_level"], row["old_code"], None)
        new: Key = ("commune", row["new_code"], TWO_TIERS)
        steps.append((old, new, TWO_TIERS, row["kind"], row["is_default"] == "1"))
    names: dict[Key, str] = {}
    for row in rows("communes_from_2025.csv"):
        lower = dt.date.fromisoformat(row["valid_from"])
        names["commune", row["code"], lower] = row["name"]
        if lower > TWO_TIERS:  # the only later change so far: xã of Đồng Nai that became phường
            earlier: Key = ("commune", row["code"], TWO_TIERS)
            same = names[earlier] == row["name"]
            kind = SuccessionKind.CONTINUES if same else SuccessionKind.RECLASSIFIED
            steps.append((earlier, ("commune", row["code"], lower), lower, kind.value, True))
    return steps


def _load_successions(ids: dict[Key, int]) -> int:
    steps = read_successions()
    UnitSuccession.objects.bulk_create(
        (
            UnitSuccession(old_id=ids[old], new_id=ids[new], date=on, kind=kind, is_default=default)
            for old, new, on, kind, default in steps
        ),
        batch_size=4000,
        update_conflicts=True,
        unique_fields=["old", "new"],
        update_fields=["date", "kind", "is_default"],
    )
    return len(steps)


def _load_regions(ids: dict[Key, int]) -> None:
    """Three regions for the 63 provinces; three and six for the 34. Carried to what a province became."""
    provinces = read_provinces()
    regions = {row["province"]: row for row in rows("regions_34.csv")}
    former = {row["province"]: row for row in rows("regions_63.csv")}
    wanted = []
    for unit in provinces:
        ended = unit.upper is not None and unit.upper <= TWO_TIERS
        row = former[unit.code] if ended else regions[unit.code]
        pairs = [(RegionScheme.EXTENSION, row["extension"], Confidence.MEMORY)]
        if not ended:
            pairs.append((RegionScheme.SOCIO_ECONOMIC, row["socio_economic"], Confidence.SEEN))
        wanted += [
            ProvinceRegion(province_id=ids[unit.key], scheme=scheme, region=region, confidence=confidence)
            for scheme, region, confidence in pairs
        ]
    ProvinceRegion.objects.bulk_create(
        wanted,
        update_conflicts=True,
        unique_fields=["province", "scheme"],
        update_fields=["region", "confidence"],
    )
