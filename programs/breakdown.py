"""Where a plan's money goes, for information: by province and by activity, VND."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, QuerySet, Sum

from programs.lifecycle import COMMITTED, State
from programs.models import Project


@dataclass(frozen=True, slots=True)
class Share:
    label: str
    count: int
    state_vnd: int
    percent: int


@dataclass(frozen=True, slots=True)
class Breakdown:
    by_province: list[Share]
    by_activity: list[Share]

    @property
    def count(self) -> int:
        return sum(share.count for share in self.by_activity)


def breakdown_of(projects: QuerySet[Project]) -> Breakdown:
    """Two aggregates over what the plan really holds: chosen for a tranche or approved; largest first."""
    held = projects.filter(state__in=COMMITTED | {State.IN_PLAN})
    return Breakdown(_shares(held, "province__name"), _shares(held, "activity__short_name"))


def _shares(projects: QuerySet[Project], column: str) -> list[Share]:
    rows = list(
        projects.order_by()
        .values(column)
        .annotate(count=Count("pk"), kcqg=Sum("kcqg_vnd"), kcdp=Sum("kcdp_vnd"))
    )
    total = sum(row["kcqg"] + row["kcdp"] for row in rows)
    shares = [
        Share(
            label=row[column] or "—",
            count=row["count"],
            state_vnd=row["kcqg"] + row["kcdp"],
            percent=round(100 * (row["kcqg"] + row["kcdp"]) / total) if total else 0,
        )
        for row in rows
    ]
    return sorted(shares, key=lambda share: (-share.state_vnd, share.label))
