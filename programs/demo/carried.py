"""Projects of the programme 2014–2020, decided on paper: entered by one person, confirmed by another."""

from __future__ import annotations

import datetime as dt
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


def _entries(unit: AdminUnit, centre: Any, registers: Registers, papers: Papers) -> list[CarriedValues]:
    def entry(
        purse: Purse, year: int, title: str, progress: str, money: list[SourceFigures], **more: Any
    ) -> CarriedValues:
        advances = more.pop("advances", [])
        new_year, number = dt.date(year, 1, 1), len(made) + 1
        held = sum(row.approved_vnd for row in money if row.source == purse)
        letters = "QĐ-BCT" if purse == Purse.KCQG else "QĐ-UBND"
        firm = BeneficiaryValues(f"HTX Giả Định Trên Giấy {number}", registers.codes.enterprise())
        fields: dict[str, Any] = {
            "title": title,
            "activity": ActivityKind.objects.filter(code="N3.3", valid__contains=new_year).first(),
            "sector": Sector.objects.filter(code="đ", valid__contains=new_year).first(),
            "implementer": centre,
            "starts_on": dt.date(year, 3, 1),
            "ends_on": dt.date(year, 11, 15),
            "progress": progress,
            "as_of": CLOSED,
            "decision_number": f"{number:02d}-TN/{letters}",
            "decision_on": dt.date(year, 2, 5),
            "decision_signer": "Người Ký Thử",
            "decision_file": papers.file("DECISION"),
            "contract_number": f"{number:02d}-TN/HĐ",
            "contract_on": dt.date(year, 3, 10),
            "contract_vnd": held,
            "note": "Số liệu thử, không có thật.",
            **more,
        }
        return CarriedValues(purse, year, unit, fields, money, advances, [firm])

    made: list[CarriedValues] = []
    flagship = (
        "Đề án điểm trên giấy (thử): máy móc, thương hiệu, thị trường cho ngành cói giai đoạn 2018–2020"
    )
    m = MILLION
    made.append(entry(
        Purse.KCQG, 2018, flagship, Progress.SETTLED,
        [SourceFigures("KCQG", 900 * m, 900 * m, 20 * m, 880 * m), SourceFigures("OWN", 2100 * m, 2100 * m)],
        kind=Kind.FLAGSHIP, ends_on=dt.date(2020, 11, 15),
        advances=[AdvanceFigures("KCQG", dt.date(2018 + n, 4, 2), 200 * m) for n in range(3)],
    ))  # fmt: skip
    made.append(entry(
        Purse.KCQG, 2019, "Hỗ trợ máy chẻ cói (thử, trên giấy)", Progress.ACCEPTED,
        [SourceFigures("KCQG", 200 * m, 140 * m), SourceFigures("OWN", 500 * m, 500 * m)],
        advances=[AdvanceFigures("KCQG", dt.date(2019, 4, 3), 140 * m)],
    ))  # fmt: skip
    made.append(entry(
        Purse.KCDP, 2016, "Hỗ trợ lò sấy tre luồng (thử, trên giấy)", Progress.SETTLED,
        [SourceFigures("KCDP", 120 * m, 120 * m, 0, 120 * m), SourceFigures("OWN", 260 * m, 260 * m)],
    ))  # fmt: skip
    made.append(entry(
        Purse.KCDP, 2019, "Hỗ trợ máy ép gạch (thử, trên giấy)", Progress.STOPPED,
        [SourceFigures("KCDP", 150 * m, 60 * m, 60 * m)],
        advances=[AdvanceFigures("KCDP", dt.date(2019, 5, 6), 60 * m)],
        stop_number="77-TN/QĐ-UBND", stop_on=dt.date(2019, 10, 1),
    ))  # fmt: skip
    last = ("Hỗ trợ máy dệt chiếu (thử, trên giấy)", "Hỗ trợ máy xay bột (thử, trên giấy)")
    for number, title in enumerate(last):
        made.append(entry(
            Purse.KCDP, 2020, title, Progress.DOING,
            [SourceFigures("KCDP", (100 + 20 * number) * m, 50 * m), SourceFigures("OWN", 240 * m, 90 * m)],
            advances=[AdvanceFigures("KCDP", dt.date(2020, 4, 7), 50 * m)],
        ))  # fmt: skip
    return made
