"""Who may ask for which report, and which rows it may then hold. Pure answers with reasons in Vietnamese."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.policy import Decision, Rule, allow, refuse
from accounts.scope import scope_of
from reports.models import Report
from vietnam.models import AdminUnit, Level
from vietnam.units import province_family


def area_ids(area: AdminUnit) -> frozenset[int] | None:
    """Ids of the dated units that make up the area; None for the nation, where nothing is left out."""
    return None if area.level == Level.NATION else frozenset(province_family(area))


@dataclass(frozen=True, slots=True)
class Reach:
    """What a person may see of an area: of some provinces all projects, of others their office's only."""

    whole_ids: list[int]
    partial_ids: list[int]
    office_ids: list[int]


def reach_of(user: User, ids: frozenset[int] | None) -> Reach:
    """Of these dated units; None for all there are."""
    scope = scope_of(user)
    readable = set(scope.province_ids) if ids is None else ids & set(scope.province_ids)
    partial = sorted(readable - scope.whole_province_ids)
    offices = sorted(scope.own_organisation_ids) if partial else []
    return Reach(sorted(readable & scope.whole_province_ids), partial, offices)


def _make(user: User, thing: object) -> Decision:
    if scope_of(user).province_ids:
        return allow()
    return refuse(_("Bạn chưa giữ vị trí công tác nào được xem đề án nên không lập báo cáo được."))


def _request(user: User, area: AdminUnit) -> Decision:
    """Anybody for an area of their own scope; the nation is in that of national offices."""
    if area.pk in scope_of(user).province_ids:
        return allow()
    if area.level == Level.NATION:
        return refuse(_("Báo cáo toàn quốc dành cho cơ quan trung ương."))
    return refuse(_("Địa bàn này nằm ngoài phạm vi của bạn."))


def _own(user: User, report: Report) -> Decision:
    if report.owner_id == user.pk:
        return allow()
    return refuse(_("Báo cáo này do người khác yêu cầu."))


RULES: dict[str, Rule] = {
    "make_reports": _make,
    "request_report": _request,
    "cancel_report": _own,
    "retry_report": _own,
    "download_report": _own,
}
