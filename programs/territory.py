"""Projects by today's territory: exact for provinces; a split commune's stand apart until they are placed.

"Khi đó" is the unit a record was signed under, "hiện nay" what that unit is today. Nothing is apportioned.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Sum
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.policy import require
from beneficiaries.models import Establishment
from clusters.models import Cluster
from programs.dashboard import BoundedCount, bounded
from programs.lifecycle import COMMITTED
from programs.models import Project
from records import audit
from records.models import Placement
from records.placing import placement_of, placements_of, unplaced
from vietnam.models import AdminUnit, province_family, successors_on
from vietnam.text import clean

KINDS: Final[dict[str, tuple[type[Any], str | Promise]]] = {
    "de-an": (Project, gettext_lazy("Đề án")),
    "co-so": (Establishment, gettext_lazy("Cơ sở")),
    "cum": (Cluster, gettext_lazy("Cụm công nghiệp")),
}
"""What lies in a commune, by its word in addresses."""


@dataclass(slots=True)
class YearSum:
    """Approved state money of one plan year on one territory, VND; ``parts`` by the province signed under."""

    year: int
    count: int = 0
    vnd: int = 0
    parts: dict[str, int] = field(default_factory=dict)
    growth: float | None = None
    """Percent against the year before on the same territory; None where that year has nothing."""


def years_of(user: User, province: AdminUnit) -> list[YearSum]:
    """Plan years of a province with all it grew from: both sides of a merger are one territory.

    Of a former province only what was signed under it ("khi đó").
    """
    rows = (
        Project.objects.visible_to(user)
        .filter(province__in=province_family(province), state__in=COMMITTED)
        .values_list("year", "province__name")
        .annotate(number=Count("pk"), vnd=Sum(F("kcqg_vnd") + F("kcdp_vnd")))
        .order_by("year", "province__name")
    )
    years: dict[int, YearSum] = {}
    for year, name, number, vnd in rows:
        row = years.setdefault(year, YearSum(year))
        row.count += number
        row.vnd += vnd
        row.parts[name] = row.parts.get(name, 0) + vnd
    for year, row in years.items():
        before = years.get(year - 1)
        if before is not None and before.vnd:
            row.growth = 100 * (row.vnd - before.vnd) / before.vnd
    return [years[year] for year in sorted(years)]


@dataclass(slots=True)
class PlaceSum:
    """Approved state money of the projects in one commune of today; ``unit`` None: not known which."""

    unit: AdminUnit | None
    label: str
    count: int = 0
    vnd: int = 0
    waits: bool = False
    """Somebody of the Sở can still say where these lie."""


def communes_of(user: User, province: AdminUnit) -> list[PlaceSum]:
    """By commune of today, then "chưa xác định" and those without a commune: together the province's sum."""
    placed = placements_of(Project).filter(old=OuterRef("commune")).values("unit")[:1]
    rows = list(
        Project.objects.visible_to(user)
        .filter(province__in=province_family(province), state__in=COMMITTED)
        .annotate(placed=Subquery(placed))
        .values_list("commune", "placed")
        .annotate(number=Count("pk"), vnd=Sum(F("kcqg_vnd") + F("kcdp_vnd")))
        .order_by()
    )
    ids = {placed or commune for commune, placed, *_sums in rows}
    units = AdminUnit.objects.filter(pk__in=ids - {None})
    now = successors_on(units)
    sums: dict[int, PlaceSum] = {}
    unknown = PlaceSum(None, _("Chưa xác định (xã cũ đã chia cho nhiều xã)"), waits=True)
    nowhere = PlaceSum(None, _("Không ghi xã, phường"))
    for commune, place, number, vnd in rows:
        found = now.get(place or commune, []) if commune else []
        row = unknown if commune else nowhere
        if len(found) == 1:
            row = sums.setdefault(found[0].pk, PlaceSum(found[0], found[0].name))
        row.count += number
        row.vnd += vnd
    known = sorted(sums.values(), key=lambda row: row.unit.sort_key if row.unit else "")
    return [*known, *(row for row in (unknown, nowhere) if row.count)]


def records_of(user: User, kind: str) -> QuerySet[Any]:
    """Records of this kind that the person may see; none of a kind there is not."""
    if kind not in KINDS:
        return Project.objects.none()
    rows: QuerySet[Any] = KINDS[kind][0]._default_manager.visible_to(user)
    return rows.select_related("province", "commune__parent__parent")


def unplaced_rows(user: User, kind: str) -> QuerySet[Any]:
    """Records of this kind in the person's scope that lie in a split commune and wait to be placed."""
    return unplaced(records_of(user, kind))


def candidates(thing: Any) -> list[AdminUnit]:
    """The communes of today that took a part of the record's own, the main successor first."""
    found = successors_on([thing.commune]).get(thing.commune_id, []) if thing.commune else []
    return _with_parents(found) if len(found) > 1 else []


def _with_parents(units: Iterable[AdminUnit]) -> list[AdminUnit]:
    ids = [unit.pk for unit in units]
    rows = AdminUnit.objects.select_related("parent").in_bulk(ids)
    return [rows[pk] for pk in ids]


def units_today(thing: Any) -> list[AdminUnit]:
    """Where a record of an ended commune lies now; several where nobody knows, none while it stands."""
    commune = thing.commune
    if commune is None or commune.exists_on(timezone.localdate()):
        return []
    placed = placement_of(thing)
    start = placed.unit if placed else commune
    return _with_parents(successors_on([start]).get(start.pk, []))


def place_record(
    thing: Any, *, actor: User, unit: AdminUnit | None, reason: str, document: str = ""
) -> Placement:
    """Say which part of its split commune a record lies in; may be said anew, the history keeps both.

    Raises ``PermissionRefused``, and ``ValidationError`` by field.
    """
    decision = require(actor, "programs.place_record", thing)
    if unit not in candidates(thing):
        raise ValidationError({"unit": _("Hãy chọn một trong các xã, phường đã nhận phần của xã cũ.")})
    if not clean(reason):
        raise ValidationError({"reason": _("Hãy ghi căn cứ: thôn, tổ dân phố, biên bản, xác nhận của xã…")})
    key = {"kind": thing._meta.label_lower, "object_id": thing.pk, "old_id": thing.commune_id}
    values = {"unit": unit, "reason": clean(reason), "document": clean(document), "placed_by": actor}
    with transaction.atomic():
        before = Placement.objects.select_related("unit").filter(**key).first()
        row, _new = Placement.objects.update_or_create(
            **key, defaults={**values, "province_id": thing.province_id, "placed_at": timezone.now()}
        )
        audit.record(
            "programs.place_record",
            thing,
            actor=actor,
            before={"unit": before.unit.code} if before else None,
            after={"unit": row.unit.code, "document": row.document},
            reason=row.reason,
            on_behalf_of=decision.lender,
        )
    return row


def counts_by_kind(user: User) -> dict[str, BoundedCount]:
    """How many records of each kind wait to be placed."""
    return {kind: bounded(unplaced_rows(user, kind)) for kind in KINDS}
