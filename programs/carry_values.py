"""What somebody enters of a project under way, and whether it makes sense. Money is whole đồng."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from programs.carryterms import EARLIEST_DAY, Progress
from programs.errors import MissingDetail
from programs.lifecycle import STATE_SOURCES, Source
from programs.registering import BeneficiaryValues
from programs.years import plan_years
from vietnam.models import AdminUnit, Level
from vietnam.money import format_vnd
from vietnam.units import province_family


@dataclass(frozen=True, slots=True)
class SourceFigures:
    """One source up to the day of the figures, VND; ``balance_vnd`` is computed where it is not given."""

    source: str
    approved_vnd: int
    disbursed_vnd: int = 0
    refunded_vnd: int = 0
    settled_vnd: int = 0
    balance_vnd: int | None = None

    @property
    def left_vnd(self) -> int:
        return self.approved_vnd - self.disbursed_vnd + self.refunded_vnd


@dataclass(frozen=True, slots=True)
class AdvanceFigures:
    source: str
    paid_on: dt.date
    amount_vnd: int


@dataclass(frozen=True, slots=True)
class CarriedValues:
    """``fields`` are columns of ``CarryOver``: what the papers say besides the money."""

    purse: str
    year: int
    province: AdminUnit
    fields: dict[str, Any]
    money: list[SourceFigures]
    advances: list[AdvanceFigures] = field(default_factory=list)
    firms: list[BeneficiaryValues] = field(default_factory=list)


def require_sense(values: CarriedValues, day: dt.date | None) -> None:
    """Raises ``MissingDetail`` at the field that does not fit. ``day``: the office's first in the portal."""
    _require_plan(values)
    _require_days(values.fields, day)
    _require_money(values)


def _require_plan(values: CarriedValues) -> None:
    if values.year not in plan_years():
        raise MissingDetail("year", _("Năm kế hoạch %(year)d không hợp lệ.") % {"year": values.year})
    province, new_year = values.province, dt.date(values.year, 1, 1)
    if province.level != Level.PROVINCE or not province.exists_on(new_year):
        told = _("%(unit)s không có vào ngày 01/01/%(year)d; hãy chọn đơn vị hành chính khi đó.")
        raise MissingDetail("province", told % {"unit": province.name, "year": values.year})
    office = values.fields["implementer"]
    if office.province.level == Level.PROVINCE and province.pk not in province_family(office.province):
        told = _("%(office)s không thuộc %(unit)s nên không theo dõi được đề án; hãy chọn đơn vị khác.")
        raise MissingDetail("implementer", told % {"office": office, "unit": province.name})


def refuse_decided_here(decision_on: dt.date, day: dt.date | None) -> None:
    """Only what was decided before the office's first day in the portal is carried over."""
    if day is None:
        raise MissingDetail(
            "decision_on", _("Cơ quan bạn chưa ghi ngày bắt đầu dùng cổng; lãnh đạo ghi ngày đó trước.")
        )
    if decision_on >= day:
        told = _(
            "Cơ quan bạn dùng cổng từ ngày %(day)s: quyết định từ ngày đó trở đi phải qua các bước trên cổng."
        )
        raise MissingDetail("decision_on", told % {"day": f"{day:%d/%m/%Y}"})


def _require_days(fields: dict[str, Any], day: dt.date | None) -> None:
    decided, as_of = fields["decision_on"], fields["as_of"]
    refuse_decided_here(decided, day)
    if decided < EARLIEST_DAY:
        told = _("Sớm nhất là %(day)s, ngày Nghị định 45/2012/NĐ-CP về khuyến công có hiệu lực.")
        raise MissingDetail("decision_on", told % {"day": f"{EARLIEST_DAY:%d/%m/%Y}"})
    if not decided <= as_of <= timezone.localdate():
        raise MissingDetail("as_of", _("Ngày của số liệu từ ngày quyết định đến hôm nay."))
    starts_on, ends_on = fields.get("starts_on"), fields.get("ends_on")
    if starts_on and ends_on and ends_on < starts_on:
        raise MissingDetail("ends_on", _("Ngày kết thúc phải sau ngày bắt đầu."))
    contract = [fields.get(name) for name in ("contract_number", "contract_on", "contract_vnd")]
    if any(contract) and not all(contract):
        raise MissingDetail("contract_number", _("Hợp đồng ghi đủ số, ngày và số tiền, hoặc bỏ trống cả ba."))
    if contract[1] and contract[1] > as_of:
        raise MissingDetail("contract_on", _("Hợp đồng ký sau ngày của số liệu."))
    stopped = fields["progress"] == Progress.STOPPED
    if stopped and not (fields.get("stop_number") and fields.get("stop_on")):
        raise MissingDetail("stop_number", _("Đề án đã ngừng: hãy ghi số và ngày văn bản ngừng."))
    if not stopped and (fields.get("stop_number") or fields.get("stop_on")):
        raise MissingDetail("stop_number", _("Chỉ đề án đã ngừng có văn bản ngừng."))
    if stopped and not decided <= fields["stop_on"] <= as_of:
        raise MissingDetail("stop_on", _("Ngày ngừng từ ngày quyết định đến ngày của số liệu."))


def _require_money(values: CarriedValues) -> None:
    if values.purse not in {row.source for row in values.money}:
        raise MissingDetail(
            f"{values.purse.lower()}_approved", _("Hãy ghi số tiền được phê duyệt của nguồn khuyến công này.")
        )
    for row in values.money:
        _require_balance(row)
    _require_advances(values)
    state = [row for row in values.money if row.source in STATE_SOURCES]
    approved, paid = sum(row.approved_vnd for row in state), sum(row.disbursed_vnd for row in state)
    settled = sum(row.settled_vnd for row in state)
    contract = values.fields.get("contract_vnd")
    if contract and contract > approved:
        told = _("Hợp đồng lớn hơn kinh phí khuyến công được phê duyệt %(amount)s đồng.")
        raise MissingDetail("contract_vnd", told % {"amount": format_vnd(approved)})
    if contract and max(paid, settled) > contract:
        told = _("Đã giải ngân hoặc quyết toán nhiều hơn hợp đồng %(amount)s đồng.")
        raise MissingDetail("contract_vnd", told % {"amount": format_vnd(contract)})
    if values.fields["progress"] == Progress.SETTLED and not settled:
        raise MissingDetail(
            f"{values.purse.lower()}_settled", _("Đề án đã quyết toán: hãy ghi số được quyết toán.")
        )


def _require_balance(row: SourceFigures) -> None:
    limits = (
        ("disbursed", row.disbursed_vnd, row.approved_vnd, _("Đã giải ngân nhiều hơn được phê duyệt.")),
        ("settled", row.settled_vnd, row.approved_vnd, _("Đã quyết toán nhiều hơn được phê duyệt.")),
        ("refunded", row.refunded_vnd, row.disbursed_vnd, _("Đã thu hồi nhiều hơn đã giải ngân.")),
    )
    for name, amount, limit, told in limits:
        if amount > limit:
            raise MissingDetail(f"{row.source.lower()}_{name}", told)
    if row.balance_vnd is not None and row.balance_vnd != row.left_vnd:
        told = _("Số dư phải là %(amount)s đồng = phê duyệt − giải ngân + thu hồi.")
        raise MissingDetail(f"{row.source.lower()}_balance", told % {"amount": format_vnd(row.left_vnd)})


def _require_advances(values: CarriedValues) -> None:
    paid = {row.source: row.disbursed_vnd for row in values.money}
    for source in Source.values:
        advanced = sum(row.amount_vnd for row in values.advances if row.source == source)
        if advanced > paid.get(source, 0):
            told = _("Tổng tạm ứng %(amount)s đồng lớn hơn số đã giải ngân của nguồn này.")
            raise MissingDetail(f"{source.lower()}_disbursed", told % {"amount": format_vnd(advanced)})
    if any(row.paid_on > values.fields["as_of"] for row in values.advances):
        raise MissingDetail("as_of", _("Có khoản tạm ứng sau ngày của số liệu."))
