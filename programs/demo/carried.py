"""Projects of the programme 2014–2020, decided on paper: entered by one person, confirmed by another."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from accounts.models import User
from accounts.scope import act_as
from programs import carrying, tranches
from programs.carry_values import AdvanceFigures, CarriedValues, SourceFigures
from programs.carryterms import Progress
from programs.demo.offices import Offices
from programs.demo.papers import Papers
from programs.demo.registers import HOME, Registers
from programs.demo.wishes import MILLION
from programs.demo.years import units_of
from programs.drafting import plan_for
from programs.lifecycle import Kind, Purse
from programs.models import ActivityKind, Sector
from programs.registering import BeneficiaryValues
from vietnam.models import AdminUnit

FIRST_DAY = dt.date(2021, 1, 1)
"""From then on the demonstration's offices decide in the portal."""
CLOSED = dt.date(2020, 12, 31)
CEILINGS = {(Purse.KCQG, 2018): 2_000, (Purse.KCQG, 2019): 1_500, (Purse.KCDP, 2016): 800,
            (Purse.KCDP, 2019): 900, (Purse.KCDP, 2020): 1_000}  # fmt: skip
"""Million VND."""


def take_over(offices: Offices, registers: Registers, papers: Papers) -> None:
    """A flagship of three years, one accepted, one settled, one stopped after an advance, one being carried
    out; and one that still waits for its second person."""
    unit = next(each for each in units_of(2020) if each.code == HOME)
    staff = offices.staff(unit)
    people = {
        Purse.KCQG: (offices.user("cuc.chuyenvien"), offices.user("cuc.lanhdao")),
        Purse.KCDP: (staff.officer, staff.leader),
    }
    for _enterer, leader in people.values():
        _begin(leader)
    for (purse, year), millions in CEILINGS.items():
        _give_ceiling(purse, year, millions * MILLION, unit, people[purse][1])
    entries = _entries(unit, staff.centre, registers, papers)
    for values in entries:
        enterer, leader = people[Purse(values.purse)]
        with act_as(enterer):
            entry = carrying.enter(values, actor=enterer)
        if values is not entries[-1]:
            with act_as(leader):
                carrying.confirm(entry, actor=leader)


def _begin(leader: User) -> None:
    with act_as(leader) as scope:
        office = leader.memberships.select_related("organisation").get(
            organisation=scope.posts[0].organisation_id
        )
        carrying.set_day(office.organisation, FIRST_DAY, "01-TN/TB-CTĐT", actor=leader)


def _give_ceiling(purse: Purse, year: int, vnd: int, unit: AdminUnit, leader: User) -> None:
    with act_as(leader):
        plan = plan_for(purse, year, unit)
        tranches.set_ceiling(plan, purse, vnd, actor=leader, document_number=f"{year % 100}01-TN/GDT")


@dataclass(frozen=True, slots=True)
class OnPaper:
    """One project; money in million VND: by source what was approved, disbursed, recovered, settled."""

    purse: Purse
    year: int
    title: str
    progress: str
    money: dict[str, tuple[int, ...]]
    advances: tuple[int, ...] = ()
    more: dict[str, Any] = field(default_factory=dict)


ON_PAPER = (
    OnPaper(
        Purse.KCQG, 2018,
        "Đề án điểm trên giấy (thử): máy móc, thương hiệu, thị trường cho ngành cói giai đoạn 2018–2020",
        Progress.SETTLED, {"KCQG": (900, 900, 20, 880), "OWN": (2100, 2100)}, (200, 200, 200),
        {"kind": Kind.FLAGSHIP, "ends_on": dt.date(2020, 11, 15)},
    ),
    OnPaper(
        Purse.KCQG, 2019, "Hỗ trợ máy chẻ cói (thử, trên giấy)", Progress.ACCEPTED,
        {"KCQG": (200, 140), "OWN": (500, 500)}, (140,),
    ),
    OnPaper(
        Purse.KCDP, 2016, "Hỗ trợ lò sấy tre luồng (thử, trên giấy)", Progress.SETTLED,
        {"KCDP": (120, 120, 0, 120), "OWN": (260, 260)},
    ),
    OnPaper(
        Purse.KCDP, 2019, "Hỗ trợ máy ép gạch (thử, trên giấy)", Progress.STOPPED, {"KCDP": (150, 60, 60)},
        (60,), {"stop_number": "77-TN/QĐ-UBND", "stop_on": dt.date(2019, 10, 1)},
    ),
    OnPaper(
        Purse.KCDP, 2020, "Hỗ trợ máy dệt chiếu (thử, trên giấy)", Progress.DOING,
        {"KCDP": (100, 50), "OWN": (240, 90)}, (50,),
    ),
    OnPaper(
        Purse.KCDP, 2020, "Hỗ trợ máy xay bột (thử, trên giấy)", Progress.DOING,
        {"KCDP": (120, 50), "OWN": (240, 90)}, (50,),
    ),
)  # fmt: skip
"""The last one waits for its second person."""


def _entries(unit: AdminUnit, centre: Any, registers: Registers, papers: Papers) -> list[CarriedValues]:
    found = []
    for number, each in enumerate(ON_PAPER, start=1):
        money = [
            SourceFigures(source, *(part * MILLION for part in parts)) for source, parts in each.money.items()
        ]
        advances = [
            AdvanceFigures(each.purse, dt.date(each.year + later, 4, 2), part * MILLION)
            for later, part in enumerate(each.advances)
        ]
        firm = BeneficiaryValues(f"HTX Trên Giấy {number} Giả Định", registers.codes.enterprise())
        fields = _papers_of(each, number) | {"implementer": centre, "decision_file": papers.file("DECISION")}
        found.append(CarriedValues(each.purse, each.year, unit, fields, money, advances, [firm]))
    return found


def _papers_of(each: OnPaper, number: int) -> dict[str, Any]:
    new_year, letters = dt.date(each.year, 1, 1), "BCT" if each.purse == Purse.KCQG else "UBND"
    return {
        "title": each.title,
        "activity": ActivityKind.objects.filter(code="N3.3", valid__contains=new_year).first(),
        "sector": Sector.objects.filter(code="đ", valid__contains=new_year).first(),
        "starts_on": dt.date(each.year, 3, 1),
        "ends_on": dt.date(each.year, 11, 15),
        "progress": each.progress,
        "as_of": CLOSED,
        "decision_number": f"{number:02d}-TN/QĐ-{letters}",
        "decision_on": dt.date(each.year, 2, 5),
        "decision_signer": "Người Ký Thử",
        "contract_number": f"{number:02d}-TN/HĐ",
        "contract_on": dt.date(each.year, 3, 10),
        "contract_vnd": each.money[each.purse][0] * MILLION,
        "note": "Số liệu thử, không có thật.",
        **each.more,
    }
