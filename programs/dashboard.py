"""Figures of the home page: plain sums over what this person may see."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.scope import scope_of
from programs.lifecycle import COMMITTED, OPEN, Purse, State
from programs.models import Ceiling, Project
from programs.selectors import WORK_COUNT_LIMIT
from vietnam.models import AdminUnit, territories
from vietnam.templatetags.vn import vnd


class BoundedCount(int):
    """A number counted no further than ``WORK_COUNT_LIMIT``: people read "99+" there."""

    def __str__(self) -> str:
        return f"{WORK_COUNT_LIMIT - 1}+" if self >= WORK_COUNT_LIMIT else int.__repr__(self)


@dataclass(frozen=True, slots=True)
class QueueCounts:
    all: BoundedCount
    overdue: BoundedCount
    soon: BoundedCount


def queue_counts(waiting: QuerySet[Project], today: dt.date, soon: dt.timedelta) -> QueueCounts:
    """Counts of a person's own queue; three queries, none longer than the limit however long the queue."""
    return QueueCounts(
        all=bounded(waiting),
        overdue=bounded(waiting.filter(due_on__lt=today)),
        soon=bounded(waiting.filter(due_on__gte=today, due_on__lte=today + soon)),
    )


def bounded(rows: QuerySet[Any]) -> BoundedCount:
    return BoundedCount(rows[:WORK_COUNT_LIMIT].count())


@dataclass(frozen=True, slots=True)
class Kpi:
    """One figure; ``unit`` stands behind an amount of VND, which follows the unit switch; ``share`` 0–100
    fills its bar, None hides it; ``note`` compares it."""

    label: str
    value: int
    note: str
    unit: str = ""
    share: int | None = None
    tone: str = "info"


def kpis(user: User, year: int) -> list[Kpi]:
    """Four figures of the running plan year and the coming one, in this person's unit; two queries."""
    figures = _sums(user, year)
    ceiling = _ceiling(year) if scope_of(user).national else 0
    unit = _("tr.đ") if user.money_unit == "trieu" else _("đ")
    approved, unassigned = figures["approved"], figures["unassigned"]
    return [
        _national(figures, year, ceiling, unit, user.money_unit),
        Kpi(
            _("KCĐP đã phê duyệt %(year)s") % {"year": year},
            figures["held_local"],
            _spread(approved - figures["national"]),
            unit,
        ),
        Kpi(
            _("Đề án đã phê duyệt %(year)s") % {"year": year},
            approved,
            _approved_note(unassigned, figures["carried"]),
            share=_share(approved - unassigned, approved),
            tone="good",
        ),
        Kpi(
            _("Đề án đăng ký %(year)s") % {"year": year + 1},
            figures["coming"],
            _("%(reviewing)s đang thẩm định, %(planned)s đã vào đợt") % figures,
        ),
    ]


def _national(figures: Mapping[str, int], year: int, ceiling: int, unit: str, money_unit: str) -> Kpi:
    """National money, against the ceiling where this person answers for the whole of it."""
    share, note = _share(figures["held"], ceiling), _spread(figures["national"])
    if ceiling:
        amounts = {"share": share, "ceiling": vnd(ceiling, money_unit), "unit": unit}
        note = _("%(share)s%% của trần %(ceiling)s %(unit)s") % amounts
    return Kpi(_("KCQG đã phê duyệt %(year)s") % {"year": year}, figures["held"], note, unit, share)


def _approved_note(unassigned: int, carried: int) -> str:
    note = (
        _("%(count)s chờ giao kế hoạch") % {"count": unassigned}
        if unassigned
        else _("không đề án nào chờ giao kế hoạch")
    )
    return f"{note}; {_('%(count)s là số liệu chuyển tiếp') % {'count': carried}}" if carried else note


def _spread(count: int) -> str:
    return ngettext("cho %(count)s đề án", "cho %(count)s đề án", count) % {"count": count}


def _sums(user: User, year: int) -> dict[str, int]:
    """Money in VND and numbers of projects, of ``year`` and the next.

    Asked by way of the plans, whose index finds two years' projects however many years there are.
    """
    running = Q(year=year, state__in=COMMITTED)
    coming = Q(year=year + 1)
    return (
        Project.objects.visible_to(user)
        .filter(plan__year__in=[year, year + 1])
        .aggregate(
            held=Sum("kcqg_vnd", filter=running, default=0),
            held_local=Sum("kcdp_vnd", filter=running, default=0),
            approved=Count("pk", filter=running),
            national=Count("pk", filter=running & Q(purse=Purse.KCQG)),
            carried=Count("pk", filter=running & Q(carried_as_of__isnull=False)),
            unassigned=Count("pk", filter=running & Q(purse=Purse.KCQG, state=State.APPROVED)),
            coming=Count("pk", filter=coming & Q(state__in=OPEN)),
            reviewing=Count("pk", filter=coming & Q(state__in=[State.REVIEW_PROV, State.REVIEW_MIN])),
            planned=Count("pk", filter=coming & Q(state=State.IN_PLAN)),
        )
    )


def approved_by_year(user: User) -> list[tuple[str, dict[str, int]]]:
    """State money of approved projects this person may see, VND by source, plan year by plan year."""
    approved = Project.objects.visible_to(user).filter(state__in=COMMITTED)
    sums = approved.values("year").annotate(KCQG=Sum("kcqg_vnd"), KCDP=Sum("kcdp_vnd")).order_by("year")
    return [(str(row["year"]), {"KCQG": row["KCQG"], "KCDP": row["KCDP"]}) for row in sums]


def carried_vnd(user: User) -> int:
    """Of what ``approved_by_year`` sums: the state money of projects that came from paper, VND."""
    carried = Project.objects.visible_to(user).filter(state__in=COMMITTED, carried_as_of__isnull=False)
    return int(carried.aggregate(vnd=Sum(F("kcqg_vnd") + F("kcdp_vnd"), default=0))["vnd"])


def _share(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None


def _ceiling(year: int) -> int:
    total = Ceiling.objects.filter(plan__year=year, plan__purse=Purse.KCQG, source=Purse.KCQG).aggregate(
        total=Sum("amount_vnd")
    )["total"]
    return total or 0


@dataclass(frozen=True, slots=True)
class ProvinceTile:
    """One province of today on the tile map: approved state money of a year, VND."""

    code: str
    name: str
    vnd: int
    count: int


def province_tiles(user: User, year: int) -> list[ProvinceTile]:
    """Approved money by today's provinces, for national roles only (others see their own figures).

    A project of a former province counts in what that became: codes alone were given anew (10, 15, 24…).
    """
    if not scope_of(user).national:
        return []
    rows = (
        Project.objects.visible_to(user)
        .filter(plan__year=year, state__in=COMMITTED)
        .values_list("province")
        .annotate(vnd=Sum("kcqg_vnd"), count=Count("pk"))
    )
    now = territories()
    figures: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for province, amount, number in rows:
        before = figures[now[province].code]
        figures[now[province].code] = (before[0] + (amount or 0), before[1] + number)
    return [
        ProvinceTile(unit.code, unit.bare_name, *figures[unit.code])
        for unit in AdminUnit.objects.provinces().on(timezone.localdate())
    ]


def thresholds(tiles: list[ProvinceTile]) -> str:
    """Limits of the map's five shades, in million VND, at the quintiles of what there is."""
    amounts = sorted(tile.vnd // 1_000_000 for tile in tiles if tile.vnd)
    if len(amounts) < 5:
        return "250 500 1000 2000"
    return " ".join(str(max(1, amounts[len(amounts) * part // 5])) for part in (1, 2, 3, 4))
