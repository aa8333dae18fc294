"""The home page: what this person has to do next, and why."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.http import signed_in
from accounts.policy import decide
from programs import dashboard
from programs.lifecycle import STATE_ACTIONS_HINT
from programs.models import Project
from programs.selectors import bulk_actions, waiting_for, waiting_tranches
from vietnam.money import format_vnd

QUEUE_SIZE = 50
SOON = dt.timedelta(days=3)


@dataclass(frozen=True, slots=True)
class QueueRow:
    project: Project
    days_left: int | None
    why: str | Promise
    url: str

    @property
    def days_late(self) -> int:
        return -(self.days_left or 0)


@login_required
@require_safe
def work_queue(request: HttpRequest) -> HttpResponse:
    """Sorted by due date; ``?loc=qua-han`` and ``?loc=sap-han`` narrow it."""
    user = signed_in(request)
    today = timezone.localdate()
    waiting = waiting_for(user)
    counts = dashboard.queue_counts(waiting, today, SOON)
    chosen = request.GET.get("loc", "")
    shown = waiting
    if chosen == "qua-han":
        shown = waiting.filter(due_on__lt=today)
    elif chosen == "sap-han":
        shown = waiting.filter(due_on__gte=today, due_on__lte=today + SOON)
    projects = shown.for_list().order_by(F("due_on").asc(nulls_last=True), "id")[: QUEUE_SIZE + 1]
    rows = [_row(project, today) for project in projects]
    tiles = dashboard.province_tiles(user, today.year)
    context = {
        "rows": rows[:QUEUE_SIZE],
        "has_more": len(rows) > QUEUE_SIZE,
        "counts": counts,
        "chips": _chips(counts, chosen),
        "chosen": chosen,
        "today": today,
        "kpis": dashboard.kpis(user, today.year),
        "tiles": [_tile(tile, user.money_unit, today.year) for tile in tiles],
        "thresholds": dashboard.thresholds(tiles),
        "bulk_actions": bulk_actions(user, [row.project for row in rows[:QUEUE_SIZE]]),
        "tranches": waiting_tranches(user),
        "may_hand_over": decide(user, "programs.hand_over").allowed,
    }
    return render(request, "programs/work_queue.html", context)


def _row(project: Project, today: dt.date) -> QueueRow:
    page = "programs:project_edit" if project.is_editable else "programs:project_review"
    return QueueRow(
        project,
        (project.due_on - today).days if project.due_on else None,
        STATE_ACTIONS_HINT.get(project.state, _("Đề án đang chờ bước tiếp theo của bạn.")),
        reverse(page, args=[project.code]),
    )


def _chips(counts: dashboard.QueueCounts, chosen: str) -> list[dict[str, object]]:
    chips = (
        ("", _("Cần tôi xử lý"), counts.all),
        ("qua-han", _("Quá hạn"), counts.overdue),
        ("sap-han", _("Đến hạn trong 3 ngày"), counts.soon),
    )
    return [
        {"label": label, "url": f"?loc={key}" if key else "?", "count": count, "current": chosen == key}
        for key, label, count in chips
    ]


def _tile(tile: dashboard.ProvinceTile, unit: str, year: int) -> dict[str, object]:
    amount = format_vnd(tile.vnd, "trieu" if unit == "trieu" else "dong")
    return {
        "code": tile.code,
        "value": tile.vnd // 1_000_000 if tile.count else None,
        "text": amount,
        "url": f"{reverse('programs:project_list')}?province={tile.code}&year={year}",
    }
