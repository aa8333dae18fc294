"""The demonstration's establishments and clusters: invented, in real communes of their day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from random import Random

from beneficiaries.models import Establishment, LegalForm, ProductionSite
from clusters.models import Cluster, ClusterType, LegalStatus, Phase
from programs.demo.words import PRODUCTS, Names, Product, person_name
from vietnam.models import AdminUnit, Level, province_family
from vietnam.models.units import successors_on
from vietnam.taxcode import check_digit
from vietnam.text import fold, sort_key

MERGER = dt.date(2025, 7, 1)

HOME = "38"
"""Thanh Hóa."""

PHASES = (Phase.OPERATING, Phase.OPERATING, Phase.BUILDING, Phase.ESTABLISHED, Phase.PLANNED)
COOPERATIVES = "Hợp tác xã"


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much to make: firms of an ordinary province of 2021 and of the demonstration's own, clusters of
    the latter and of all others; where tax codes begin, and what tells the names from those made before."""

    firms_a_province: int
    firms_of_home: int
    clusters_of_home: int
    clusters: int
    codes_after: int = 0
    second_names: tuple[str, ...] = ("Giả Định",)


SIZES = Sizes(5, 34, 6, 54)


@dataclass(slots=True)
class Firm:
    """An establishment with what it makes, and where: a commune of before the merger and one of today."""

    row: Establishment
    tax_code: str
    product: Product
    before: AdminUnit
    after: AdminUnit
    supported: set[str] = field(default_factory=set)
    """Activities it has asked support for: an honest firm asks once."""

    def commune(self, year: int) -> AdminUnit:
        return self.before if year < 2026 else self.after

    def address(self, year: int) -> str:
        return f"Thôn {1 + self.row.pk % 9}, {self.commune(year).name_in_text}"


class TaxCodes:
    """Codes of the unissued prefix 99 with a right check digit, each given once."""

    def __init__(self, after: int = 0) -> None:
        self._last = after * 1_000
        self._person = after

    def enterprise(self) -> str:
        while True:
            self._last += 37
            nine = f"99{self._last:07d}"
            digit = check_digit(nine)
            if digit is not None:
                return f"{nine}{digit}"

    def household(self) -> str:
        """A personal number nobody has: born in 1900."""
        self._person += 1
        return f"001000{self._person:06d}"


class Registers:
    """Firms by the province of 2021 they lie in; a province of today has those of all it grew from."""

    def __init__(self, random: Random, sizes: Sizes = SIZES) -> None:
        self._random = random
        self._names = Names(random, sizes.second_names)
        self._sizes = sizes
        self._made = 0
        self.codes = TaxCodes(sizes.codes_after)
        self._firms: dict[int, list[Firm]] = defaultdict(list)
        self._pools: dict[int, list[Firm]] = {}

    def firms(self, unit: AdminUnit) -> list[Firm]:
        """The firms of a province, those of the provinces it grew from included."""
        if unit.pk not in self._pools:
            self._pools[unit.pk] = [firm for pk in province_family(unit) for firm in self._firms[pk]]
        return self._pools[unit.pk]

    def fill(self) -> Registers:
        provinces = list(AdminUnit.objects.provinces().filter(valid__contains=dt.date(2021, 1, 1)))
        places = self._places(provinces)
        drafts = [self._firm(province, *place) for province in provinces for place in places[province.pk]]
        if self._were_made(drafts):
            return self
        Establishment.objects.bulk_create([firm.row for firm in drafts])
        ProductionSite.objects.bulk_create(
            ProductionSite(establishment=firm.row, commune=firm.before, address=firm.address(2021))
            for firm in drafts
        )
        _open_clusters(self._random, drafts, self._sizes)
        return self

    def _were_made(self, drafts: list[Firm]) -> bool:
        """Files the firms under their provinces; rows of an earlier run take the place of the drafts."""
        for firm in drafts:
            self._firms[firm.row.province_id].append(firm)
        rows = Establishment.objects.filter(tax_lookup__in=[firm.row.tax_lookup for firm in drafts])
        known = {row.tax_lookup: row for row in rows}
        for firm in drafts:
            firm.row = known.get(firm.row.tax_lookup, firm.row)
        return bool(known)

    def _places(self, provinces: list[AdminUnit]) -> dict[int, list[tuple[AdminUnit, AdminUnit]]]:
        """Rural communes of each province on 30/06/2025, each with what it became."""
        day = MERGER - dt.timedelta(days=1)
        rural = AdminUnit.objects.communes().on(day).filter(unit_type__in=["Xã", "Thị trấn"])
        by_province: dict[int, list[int]] = defaultdict(list)
        for pk, above in rural.order_by("code").values_list("pk", "parent__parent"):
            by_province[above or 0].append(pk)
        province_of = _last_selves(provinces, day)
        chosen = {}
        for province in provinces:
            rural_there = by_province[province_of[province.pk]]
            count = min(self._size(province), len(rural_there))  # Đà Nẵng had eleven communes
            chosen[province.pk] = self._random.sample(rural_there, count)
        wanted = [pk for pks in chosen.values() for pk in pks]
        units = AdminUnit.objects.select_related("parent__parent__parent").in_bulk(wanted)
        became = {pk: now[0].pk for pk, now in successors_on(units.values(), dt.date(2026, 6, 1)).items()}
        now = AdminUnit.objects.select_related("parent__parent").in_bulk(list(set(became.values())))
        return {pk: [(units[old], now[became[old]]) for old in olds] for pk, olds in chosen.items()}

    def _size(self, province: AdminUnit) -> int:
        return self._sizes.firms_of_home if province.code == HOME else self._sizes.firms_a_province

    def _firm(self, province: AdminUnit, before: AdminUnit, after: AdminUnit) -> Firm:
        product = self._random.choice(PRODUCTS)
        self._made += 1
        household = self._made % 12 == 0
        name = self._names.household() if household else self._names.firm(product)
        code = self.codes.household() if household else self.codes.enterprise()
        row = Establishment(
            province=province,
            name=name,
            name_folded=fold(name),
            name_sort=sort_key(name),
            legal_form=_form(name),
            head_name=name.removeprefix("Hộ kinh doanh ") if household else person_name(self._random),
            address=before.full_name,
            commune=before,
            employees=self._random.randint(3, 9) if household else self._random.randint(12, 140),
        )
        row.set_tax_code(code)
        return Firm(row, code, product, before, after)


def _last_selves(provinces: list[AdminUnit], day: dt.date) -> dict[int, int]:
    """The row each province of 2021 had on ``day`` (Thừa Thiên Huế became Huế in between)."""
    return {pk: found[0].pk for pk, found in successors_on(provinces, day).items()}


def _form(name: str) -> str:
    if name.startswith("Hộ kinh doanh"):
        return LegalForm.HOUSEHOLD
    return LegalForm.COOPERATIVE if name.startswith(COOPERATIVES) else LegalForm.ENTERPRISE


def _open_clusters(random: Random, firms: list[Firm], sizes: Sizes) -> None:
    """Clusters, most of them at work, beside the firms' communes."""
    chosen = [firm for firm in firms if firm.row.province.code == HOME][: sizes.clusters_of_home]
    chosen += random.sample([firm for firm in firms if firm not in chosen], sizes.clusters)
    rows = []
    for number, firm in enumerate(chosen):
        name = f"Cụm công nghiệp {firm.after.bare_name} {sizes.second_names[0]}"
        phase = PHASES[number % 5]
        planned, old = phase == Phase.PLANNED, phase == Phase.OPERATING and number % 4 == 0
        rows.append(
            Cluster(
                province=next(unit for unit in firm.after.chain() if unit.level == Level.PROVINCE),
                commune=firm.after,
                name=name,
                name_folded=fold(name),
                name_sort=sort_key(name),
                type=random.choice(list(ClusterType)),
                legal_status=LegalStatus.PLANNED if planned or old else LegalStatus.ESTABLISHED,
                phase=phase,
                formed_before_2009=old,
                area_ha=random.randint(120, 740) / 10,
                decision_number="" if planned or old else f"{100 + number}-TN/QĐ-UBND",
                decision_date=None
                if planned or old
                else dt.date(random.randint(2012, 2024), 5, 1 + number % 28),
            )
        )
    Cluster.objects.bulk_create(rows)
