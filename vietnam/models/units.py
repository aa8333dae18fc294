"""Administrative units as they were on each day, and what became of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..fields import CleanCharField, FoldedField, SortKeyField
from ..querysets import AdminUnitQuerySet
from .documents import LegalDocument

NATION_CODE = "00"


class Level(models.TextChoices):
    NATION = "nation", _("Toàn quốc")
    PROVINCE = "province", _("Cấp tỉnh")
    DISTRICT = "district", _("Cấp huyện (đến 30/6/2025)")
    COMMUNE = "commune", _("Cấp xã")


class AdminUnit(models.Model):
    """One unit during one period. A code alone is no key: codes are used again after mergers.

    Bounds of ``valid``: provinces are exact for 2021 and later; communes and districts of before 01/07/2025
    are the set of 30/06/2025 with an open beginning (earlier names are kept only as text in records).
    """

    level = models.CharField(_("cấp"), max_length=8, choices=Level)
    code = models.CharField(_("mã"), max_length=5)
    name = CleanCharField(_("tên"), max_length=120)
    bare_name = CleanCharField(_("tên riêng"), max_length=120)
    unit_type = CleanCharField(_("loại đơn vị"), max_length=20)
    folded = FoldedField(source="name")
    folded_bare = FoldedField(source="bare_name")
    sort_key = SortKeyField(source="bare_name")
    parent = models.ForeignKey(
        "self",
        verbose_name=_("thuộc"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    valid = DateRangeField(_("thời gian tồn tại"))
    source_document = models.ForeignKey(
        LegalDocument,
        verbose_name=_("căn cứ"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="admin_units",
    )
    updated_at = models.DateTimeField(auto_now=True, db_index=True)

    objects = AdminUnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("đơn vị hành chính")
        verbose_name_plural = _("đơn vị hành chính")
        ordering = ["sort_key", "id"]
        constraints = [
            ExclusionConstraint(
                name="vietnam_adminunit_one_at_a_time",
                expressions=[
                    ("level", RangeOperators.EQUAL),
                    ("code", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=models.Q(valid__isempty=False), name="vietnam_adminunit_valid_not_empty"
            ),
            models.CheckConstraint(
                condition=models.Q(level="nation", code="00", parent__isnull=True)
                | models.Q(level="province", code__regex=r"^[0-9]{2}$", parent__isnull=False)
                | models.Q(level="district", code__regex=r"^[0-9]{3}$", parent__isnull=False)
                | models.Q(level="commune", code__regex=r"^[0-9]{5}$", parent__isnull=False),
                name="vietnam_adminunit_code_fits_level",
            ),
        ]
        indexes = [
            models.Index(fields=["level", "sort_key"], name="vietnam_unit_level_sort"),
            models.Index(fields=["folded_bare"], name="vietnam_unit_bare", opclasses=["text_pattern_ops"]),
            GinIndex(OpClass("folded", "gin_trgm_ops"), name="vietnam_unit_folded_trgm"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def nation(cls) -> AdminUnit:
        """The row "Toàn quốc", the root of the tree and the scope of national work."""
        return cls.objects.get(level=Level.NATION, code=NATION_CODE)

    @property
    def name_in_text(self) -> str:
        """The name inside a sentence: "tỉnh Thanh Hóa", "xã Thọ Xuân"."""
        return self.name[:1].lower() + self.name[1:]

    @property
    def ended_on(self) -> dt.date | None:
        """The last day of the unit, None while it exists."""
        upper: dt.date | None = self.valid.upper
        return upper - dt.timedelta(days=1) if upper else None

    def exists_on(self, day: dt.date) -> bool:
        lower, upper = self.valid.lower, self.valid.upper
        return (lower is None or lower <= day) and (upper is None or day < upper)

    def chain(self) -> Iterator[AdminUnit]:
        """The unit and what it lies in, smallest first, without the nation."""
        unit: AdminUnit | None = self
        while unit is not None and unit.level != Level.NATION:
            yield unit
            unit = unit.parent

    @property
    def province(self) -> AdminUnit | None:
        """The province row the unit lies in (itself for a province, None for the nation)."""
        return next((unit for unit in self.chain() if unit.level == Level.PROVINCE), None)

    @property
    def full_name(self) -> str:
        """ "Xã Thọ Xuân, tỉnh Thanh Hóa"; with the district for a commune of before 01/07/2025."""
        first, *rest = self.chain() if self.level != Level.NATION else [self]
        return ", ".join([first.name, *(unit.name_in_text for unit in rest)])


class SuccessionKind(models.TextChoices):
    CONTINUES = "continues", _("giữ nguyên")
    MERGED = "merged", _("nhập")
    SPLIT = "split", _("chia tách")
    RENAMED = "renamed", _("đổi tên")
    RECLASSIFIED = "reclassified", _("đổi loại đơn vị")


class UnitSuccession(models.Model):
    """``old`` (or a part of it) became ``new`` on ``date``; of a split unit one successor is the default."""

    old = models.ForeignKey(AdminUnit, on_delete=models.CASCADE, related_name="successions")
    new = models.ForeignKey(AdminUnit, on_delete=models.CASCADE, related_name="predecessions")
    date = models.DateField(_("từ ngày"))
    kind = models.CharField(_("cách thay đổi"), max_length=12, choices=SuccessionKind)
    is_default = models.BooleanField(_("đơn vị kế thừa chính"), default=True)

    class Meta:
        verbose_name = _("thay đổi đơn vị hành chính")
        verbose_name_plural = _("thay đổi đơn vị hành chính")
        constraints = [
            models.UniqueConstraint(fields=["old", "new"], name="vietnam_unitsuccession_once"),
            models.UniqueConstraint(
                fields=["old"],
                condition=models.Q(is_default=True),
                name="vietnam_unitsuccession_one_default",
            ),
            models.CheckConstraint(
                condition=~models.Q(old=models.F("new")), name="vietnam_unitsuccession_not_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old_id} → {self.new_id}"


def successors_on(units: Iterable[AdminUnit], on: dt.date | None = None) -> dict[int, list[AdminUnit]]:
    """What each unit is on ``on`` (default today): itself, its successors (default first), or nothing.

    One query per step of history, however many units are asked about.
    """
    day = on or timezone.localdate()
    result: dict[int, list[AdminUnit]] = {}
    front: dict[int, list[AdminUnit]] = {unit.pk: [unit] for unit in units}
    while front:
        ended = {unit.pk for found in front.values() for unit in found if not unit.exists_on(day)}
        steps: dict[int, list[AdminUnit]] = {}
        if ended:
            rows = UnitSuccession.objects.filter(old__in=ended, date__lte=day).select_related("new")
            for step in rows.order_by("-is_default", "id"):
                steps.setdefault(step.old_id, []).append(step.new)
        following: dict[int, list[AdminUnit]] = {}
        for asked, found in front.items():
            moved = list(
                {
                    new.pk: new
                    for unit in found
                    for new in (steps.get(unit.pk, []) if unit.pk in ended else [unit])
                }.values()
            )
            if all(unit.exists_on(day) for unit in moved):
                result[asked] = moved
            else:
                following[asked] = moved
        front = following
    return result


def successor_province(unit: AdminUnit, on: dt.date | None = None) -> AdminUnit | None:
    """The province that ``unit``'s territory belongs to on ``on`` (default today); provinces never split.

    Works for a province, district or commune; the nation is its own answer. None when ``on`` lies before the
    unit began and several provinces, or none, preceded it.
    """
    if unit.level == Level.NATION:
        return unit
    province = unit.province
    if province is None:
        return None
    return province_on(province, on or timezone.localdate())


def province_on(province: AdminUnit, day: dt.date) -> AdminUnit | None:
    """The province row of the same territory on ``day``; None where several provinces made it up."""
    if province.exists_on(day):
        return province
    if province.valid.lower is None or province.valid.lower <= day:
        found = successors_on([province], day).get(province.pk, [])
        return found[0] if found else None
    earlier = [step.old for step in UnitSuccession.objects.filter(new=province).select_related("old")]
    return province_on(earlier[0], day) if len(earlier) == 1 else None


def unit_family(unit: AdminUnit, **limits: Any) -> list[int]:
    """Ids of a unit and of every unit it grew from, sorted: a place's old records are its own.

    ``limits`` narrow the successions followed, such as ``old__level``.
    """
    family, front = {unit.pk}, {unit.pk}
    while front:
        olds = UnitSuccession.objects.filter(new__in=front, **limits)
        front = set(olds.values_list("old", flat=True)) - family
        family |= front
    return sorted(family)


def whole_family(unit: AdminUnit) -> list[int]:
    """Ids of a unit and of every unit that went into it whole, sorted.

    Left out are units that were split: of their records nobody knows by rule which part they lie in.
    """
    family, front = {unit.pk}, {unit.pk}
    while front:
        split = UnitSuccession.objects.filter(old=models.OuterRef("old")).exclude(new=models.OuterRef("new"))
        steps = UnitSuccession.objects.filter(~models.Exists(split), new__in=front)
        front = set(steps.values_list("old", flat=True)) - family
        family |= front
    return sorted(family)


def split_units() -> set[int]:
    """Ids of the units that were split, and of those that had gone whole into one that was split later."""
    parts = UnitSuccession.objects.order_by().values("old").annotate(parts=models.Count("new"))
    front = set(parts.filter(parts__gt=1).values_list("old", flat=True))
    found = set(front)
    while front:
        olds = UnitSuccession.objects.filter(new__in=front).values_list("old", flat=True)
        front = set(olds) - found
        found |= front
    return found


def province_family(unit: AdminUnit) -> list[int]:
    """Ids of a province and of every province it grew from: the rows its officers may see (sorted)."""
    return unit_family(unit, old__level=Level.PROVINCE)


def territories(on: dt.date | None = None) -> dict[int, AdminUnit]:
    """For every province row, past ones too, the province of ``on`` (default today) its territory lies in.

    No province was ever split, so sums by this are exact; a row that begins later is left out.
    """
    found = successors_on(AdminUnit.objects.provinces(), on)
    return {pk: units[0] for pk, units in found.items() if units}
