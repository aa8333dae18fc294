"""Questions the pages of clusters ask."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.template.defaultfilters import floatformat
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from clusters.models import Cluster
from records.history import events_of
from vietnam.templatetags.vn import NOTHING, vn_date

WATCHED = ("legal_status", "phase", "area_ha", "decision_number", "decision_date")
LONGEST_COURSE = 50


@dataclass(frozen=True, slots=True)
class Moment:
    """One recorded change as the timeline tells it; ``note`` has a line for each thing that changed."""

    title: str | Promise
    actor: str
    at: dt.datetime
    note: str
    tone: str = ""


def course_of(cluster: Cluster) -> list[Moment]:
    """What was recorded of the cluster's status, area and decision, newest first; two queries."""
    # Any: the columns are known to the generated event class, not to the type checker.
    manager: Any = events_of(Cluster)._default_manager
    versions = list(manager.filter(pgh_obj_id=cluster.pk).order_by("pgh_id"))
    people = User.objects.in_bulk({version.pgh_actor_id for version in versions} - {None})
    moments = []
    for before, after in zip([None, *versions], versions, strict=False):
        lines = _changes(before, after)
        if lines:
            title = _("Cập nhật") if before else _("Ghi vào danh mục")
            actor = str(people.get(after.pgh_actor_id) or "")
            moments.append(Moment(title, actor, after.pgh_created_at, "\n".join(lines)))
    return moments[: -LONGEST_COURSE - 1 : -1]


def _changes(before: Any, after: Any) -> list[str]:
    """ "Giai đoạn: Đang xây dựng hạ tầng → Đang hoạt động", a line for each thing that differs."""
    labels = {field.name: field.verbose_name for field in Cluster._meta.fields}
    lines = []
    for name in WATCHED:
        old, new = (_shown(version, name) if version else "" for version in (before, after))
        if old != new:
            label = labels[name]
            lines.append(f"{label}: {old or NOTHING} → {new or NOTHING}" if before else f"{label}: {new}")
    return lines


def _shown(version: Any, name: str) -> str:
    value = getattr(version, name)
    if isinstance(value, dt.date):
        return vn_date(value)
    if isinstance(value, Decimal):
        return str(floatformat(value, -2))
    words = getattr(version, f"get_{name}_display", None)
    return str(words() if words else value or "")
