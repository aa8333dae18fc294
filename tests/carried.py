"""Projects under way, as tests enter and confirm them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from accounts.models import User
from accounts.scope import act_as
from programs import carrying, tranches
from programs.carry_values import AdvanceFigures, CarriedValues, SourceFigures
from programs.carryterms import Progress
from programs.drafting import plan_for
from programs.models import ActivityKind, CarryOver, Project
from programs.registering import BeneficiaryValues
from tests import cast
from tests.factories import MILLION, tax_code

FIRST_DAY = dt.date(2026, 1, 1)
"""From which the offices of these tests decide in the portal."""


def begin_portal(leader: User, day: dt.date = FIRST_DAY) -> None:
    with act_as(leader):
        office = leader.memberships.select_related("organisation").get().organisation
        carrying.set_day(office, day, "01/TB-TN", actor=leader)


def give_ceiling(leader: User, purse: str, year: int, vnd: int = 1_000 * MILLION) -> None:
    with act_as(leader):
        province = leader.memberships.get().organisation.province
        plan = plan_for(purse, year, province)
        tranches.set_ceiling(plan, purse, vnd, actor=leader, document_number="02/QĐ-TN")


def papers(purse: str = "KCDP", year: int = 2018, **changes: Any) -> CarriedValues:
    """A local project of 2018 in Thanh Hóa: 100 million approved, 60 paid (40 of it in advance), 40 left."""
    money = changes.pop(
        "money",
        [
            SourceFigures(purse, 100 * MILLION, 60 * MILLION),
            SourceFigures("OWN", 150 * MILLION, 150 * MILLION),
        ],
    )
    advances = changes.pop("advances", [AdvanceFigures(purse, dt.date(2018, 5, 4), 40 * MILLION)])
    firms = changes.pop("firms", [BeneficiaryValues("HTX Thử Chuyển Tiếp Giả Định", tax_code(777))])
    province = changes.pop("province", None) or cast.province("Thanh Hóa")
    fields: dict[str, Any] = {
        "title": "Hỗ trợ máy sấy chuyển tiếp thử",
        "activity": ActivityKind.objects.filter(code="N3.3", valid__contains=dt.date(year, 1, 1)).first(),
        "implementer": cast.centre_of("Thanh Hóa"),
        "progress": Progress.DOING,
        "as_of": dt.date(2025, 12, 31),
        "decision_number": "11/QĐ-TN",
        "decision_on": dt.date(2018, 2, 1),
        "decision_signer": "Chủ tịch UBND tỉnh (thử)",
        "contract_number": "05/HĐ-TN",
        "contract_on": dt.date(2018, 3, 1),
        "contract_vnd": 100 * MILLION,
        **changes,
    }
    return CarriedValues(purse, year, province, fields, money, advances, firms)


def entered(values: CarriedValues, actor: User) -> CarryOver:
    with act_as(actor):
        return carrying.enter(values, actor=actor)


def confirmed(entry: CarryOver, actor: User) -> Project:
    with act_as(actor):
        return carrying.confirm(entry, actor=actor)


__all__ = ["FIRST_DAY", "begin_portal", "confirmed", "entered", "give_ceiling", "papers"]
