"""Last year's values: what the office wrote when it last did the same, as quiet help at the fields."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from programs.lifecycle import Source
from programs.models import Project
from vietnam.money import Unit, format_vnd
from vietnam.templatetags.vn import vnd_unit

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Precedent:
    """An earlier project and what it says, ready to read, by field of the section asked about."""

    project: Project
    values: Values = field(default_factory=dict)


def precedent_for(
    user: User, project: Project, section: str, unit: Unit, known: Project | None = None
) -> Precedent | None:
    """What the section's fields said in the project's precedent (``known``, where it was read already).

    Two queries, and one a kind of rows.
    """
    if section not in SAID:
        return None
    earlier = known or precedent_of(user, project)
    return Precedent(earlier, SAID[section](earlier, unit)) if earlier else None


def precedent_of(user: User, project: Project) -> Project | None:
    """What the project was copied from; else the latest earlier one, of those the person may see: for one of
    its establishments, or else of the same activity and drafting office."""
    seen = Project.objects.visible_to(user).select_related("sector")
    if project.copied_from_id is not None:
        return seen.filter(pk=project.copied_from_id).first()
    before = seen.filter(year__lt=project.year).order_by("-year", "-id")
    firms = project.beneficiaries.values("establishment")
    if same_firm := before.filter(beneficiaries__establishment__in=firms).first():
        return same_firm
    if project.activity is None:
        return None
    return before.filter(owner=project.owner_id, activity__code=project.activity.code).first()


def _general(earlier: Project, unit: Unit) -> Values:
    return {
        "sector": earlier.sector.short_name if earlier.sector else "",
        "place_text": earlier.place_text,
        "partner_name": earlier.partner_name,
    }


def _beneficiaries(earlier: Project, unit: Unit) -> Values:
    names = list(earlier.beneficiaries.order_by("id").values_list("establishment__name", flat=True))
    if not names:
        return {}
    count = ngettext("%(count)d cơ sở", "%(count)d cơ sở", len(names)) % {"count": len(names)}
    shown = "; ".join(names[:3]) + ("…" if len(names) > 3 else "")
    return {"beneficiaries": f"{count} ({shown})"}


def _budget(earlier: Project, unit: Unit) -> Values:
    labels = {
        Source.KCQG: _("KCQG"),
        Source.KCDP: _("KCĐP"),
        Source.OWN: _("đối ứng"),
        Source.OTHER: _("khác"),
    }
    paid = [
        f"{labels[Source(name)]} {format_vnd(vnd, unit)}" for name, vnd in earlier.amounts().items() if vnd
    ]
    total = vnd_unit(earlier.total_vnd, unit)
    return {
        "total": f"{total} ({'; '.join(paid)})" if paid else "",
        "starts_on": f"{earlier.starts_on:%d/%m/%Y}" if earlier.starts_on else "",
        "ends_on": _ends(earlier),
        "lines": list(earlier.lines.values_list("description", "total_vnd")),
    }


def _ends(earlier: Project) -> str:
    """The last day, with how long the work took."""
    if not (earlier.starts_on and earlier.ends_on):
        return ""
    days = (earlier.ends_on - earlier.starts_on).days + 1
    months = max(1, round(days / 30.4))
    lasted = ngettext("%(count)d tháng", "%(count)d tháng", months) % {"count": months}
    return f"{earlier.ends_on:%d/%m/%Y} ({lasted})"


def _schedule(earlier: Project, unit: Unit) -> Values:
    results = earlier.results.values_list("indicator", "value", "unit")
    return {
        "schedule": "; ".join(earlier.schedule.values_list("content", flat=True)),
        "results": "; ".join(f"{name}: {value} {measure}".strip() for name, value, measure in results),
    }


SAID: dict[str, Callable[[Project, Unit], Values]] = {
    "thong-tin": _general,
    "thu-huong": _beneficiaries,
    "kinh-phi": _budget,
    "tien-do": _schedule,
}
"""Sections where it helps; each reads at most two kinds of rows."""
