"""The written dossier of a demonstration project: eight parts, estimate, schedule, results, papers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from random import Random
from typing import Any

from programs.demo.papers import Papers
from programs.demo.wishes import MILLION, Wish
from programs.drafting import (
    BeneficiaryValues,
    ClaimValues,
    DraftValues,
    LineValues,
    ResultValues,
    ScheduleValues,
)
from programs.lifecycle import Kind, Purse, Source
from programs.models import ActivityKind, Sector

MACHINERY = frozenset({"N3.1", "N3.2", "N3.3", "N3.5"})
"""Contents whose estimate is machines; the others are spent on services."""

SERVICES: dict[str, tuple[str, ...]] = {
    "N1": (
        "Thù lao giáo viên, biên soạn giáo trình",
        "Nguyên vật liệu thực hành",
        "Tài liệu, văn phòng phẩm",
    ),
    "N4.3": ("Thuê gian hàng tiêu chuẩn", "Thiết kế, trang trí gian hàng", "Vận chuyển hàng trưng bày"),
    "N4.5": ("Thiết kế bộ nhận diện thương hiệu", "Lệ phí và tư vấn đăng ký nhãn hiệu"),
    "N5": ("Thiết kế mẫu bao bì", "In thử, hoàn thiện khuôn in"),
    "N6": ("Sản xuất, phát sóng phóng sự truyền hình", "Bài viết trên báo, bản tin khuyến công"),
    "N2.1": ("Thù lao báo cáo viên", "Thuê hội trường, thiết bị", "Tài liệu, hỗ trợ học viên"),
    "N7.3": ("Khảo sát địa hình, địa chất", "Lập đồ án quy hoạch chi tiết", "Công bố, cắm mốc quy hoạch"),
}


class Catalogue:
    """The activities and sectors of the law, asked once."""

    def __init__(self) -> None:
        self._activities = {row.code: row for row in ActivityKind.objects.order_by("id")}
        self._sectors = {row.code: row for row in Sector.objects.order_by("id")}

    def activity(self, code: str) -> ActivityKind:
        return self._activities[code]

    def sector(self, code: str) -> Sector:
        return self._sectors[code]


class Writer:
    """Writes dossiers; the same wish gives the same dossier."""

    def __init__(self, random: Random, papers: Papers) -> None:
        self.random, self.papers, self.catalogue = random, papers, Catalogue()

    def values(self, wish: Wish) -> DraftValues:
        beneficiaries = [
            BeneficiaryValues(
                firm.row.name,
                firm.tax_code,
                firm.row.legal_form,
                firm.commune(wish.year),
                firm.address(wish.year),
            )
            for firm in wish.firms
        ]
        return DraftValues(
            fields=self._fields(wish),
            beneficiaries=beneficiaries,
            lines=self.lines(wish),
            schedule=schedule(wish),
            results=[] if wish.bare else self._results(wish),
            claims=[] if wish.bare else _claims(wish),
            papers=[] if wish.bare else self.papers.dossier,
        )

    def _fields(self, wish: Wish) -> dict[str, Any]:
        start, end = period(wish)
        fields: dict[str, Any] = {
            "title": wish.title,
            "kind": wish.kind,
            "activity": self.catalogue.activity(wish.content.code),
            "starts_on": start,
            "ends_on": end,
            "counterpart_committed": not wish.bare,
            "no_other_state_money": not wish.bare,
        }
        if wish.firms:
            firm = wish.firms[0]
            place = firm.commune(wish.year)
            fields |= {
                "sector": self.catalogue.sector(firm.product.sector),
                "commune": place,
                "place_text": place.full_name,
                "partner_name": f"Ủy ban nhân dân {place.name_in_text}",
                "new_rural": "area_c" in _areas(wish),
                "priority_areas": "d" if "area_d" in _areas(wish) else "",
            }
        elif wish.sector:
            fields["sector"] = self.catalogue.sector(wish.sector)
        return fields | ({} if wish.bare else texts(wish))

    def lines(self, wish: Wish) -> list[LineValues]:
        """Supported costs share the support in proportion; machines also need a building the firm pays."""
        machines = wish.content.code in MACHINERY
        building = wish.total_vnd * 6 // 100 // MILLION * MILLION if machines else 0
        names = _machines(wish) if machines else SERVICES[wish.content.code]
        costs = _split(wish.total_vnd - building, len(names), self.random)
        supports = _proportional(wish.support_vnd, costs)
        source, other = (Source.KCQG, Source.KCDP) if wish.purse == Purse.KCQG else (Source.KCDP, Source.KCQG)
        lines = []
        for number, (name, cost, support) in enumerate(zip(names, costs, supports, strict=True)):
            mixed = wish.other_purse_vnd if number == 0 else 0
            amounts = {str(source): support, str(other): mixed, str(Source.OWN): cost - support - mixed}
            lines.append(
                LineValues(
                    name,
                    cost,
                    amounts,
                    unit="bộ" if machines else "gói",
                    quantity=Decimal(1),
                    unit_price_vnd=cost,
                )
            )
        if building:
            lines.append(
                LineValues(
                    "Cải tạo nhà xưởng, lắp đặt điện", building, {str(Source.OWN): building}, supported=False
                )
            )
        return lines

    def _results(self, wish: Wish) -> list[ResultValues]:
        if wish.content.code not in MACHINERY:
            return [
                ResultValues(
                    "Số cơ sở công nghiệp nông thôn được hỗ trợ", str(max(1, len(wish.firms))), "cơ sở"
                )
            ]
        unit = wish.firms[0].product.output if wish.firms else "tấn/năm"
        return [
            ResultValues("Sản lượng tăng thêm", str(self.random.randrange(50, 900, 10)), unit),
            ResultValues(
                "Doanh thu tăng thêm",
                f"{self.random.randrange(8, 95) / 10:.1f}".replace(".", ","),
                "tỷ đồng/năm",
            ),
            ResultValues("Lao động có việc làm thêm", str(self.random.randint(4, 30)), "người"),
        ]


def period(wish: Wish) -> tuple[dt.date, dt.date]:
    """From the first to the last day of the work; a flagship project runs for three years."""
    last = wish.year + 2 if wish.kind == Kind.FLAGSHIP else wish.year
    return dt.date(wish.year, 3, 1), dt.date(last, 11, 15)


def schedule(wish: Wish) -> list[ScheduleValues]:
    start, end = period(wish)
    machines = wish.content.code in MACHINERY
    firm = wish.firms[0].row.name if wish.firms else "Các cơ sở được lựa chọn"
    steps = (
        ("Ký hợp đồng, hoàn thiện thủ tục", "Trung tâm Khuyến công", 30),
        (
            "Mua sắm, lắp đặt, vận hành thử" if machines else "Tổ chức thực hiện",
            firm,
            150,
        ),
        ("Nghiệm thu cơ sở", "Sở Công Thương", 210),
    )
    found, day = [], start
    for content, doer, offset in steps:
        until = start + dt.timedelta(days=offset)
        found.append(ScheduleValues(content, doer, day, until))
        day = until + dt.timedelta(days=1)
    return [*found, ScheduleValues("Quyết toán, thanh lý hợp đồng", "Trung tâm Khuyến công", day, end)]


def texts(wish: Wish) -> dict[str, str]:
    """The six written parts, in the words such dossiers use."""
    product = wish.firms[0].product if wish.firms else None
    goods = product.name if product else "sản phẩm chủ lực của địa phương"
    material = product.material if product else "nguyên liệu tại chỗ"
    who = wish.firms[0].row.name if wish.firms else "các cơ sở do Sở Công Thương lựa chọn sau"
    place = wish.firms[0].commune(wish.year).full_name if wish.firms else wish.unit.name
    return {
        "necessity": (
            f"Căn cứ Nghị định số 45/2012/NĐ-CP về khuyến công. {who} đang sản xuất {goods} tại {place}. "
            f"Thiết bị hiện có phần lớn là bán thủ công, hao phí {material} cao, chất lượng chưa đồng đều "
            "nên khó đáp ứng đơn hàng lớn. Việc hỗ trợ là cần thiết để cơ sở mạnh dạn đầu tư, tạo thêm "
            "việc làm tại chỗ."
        ),
        "objectives": (
            "Nâng năng suất từ 1,5 lần trở lên, giảm tỷ lệ sản phẩm hỏng xuống dưới 3%; "
            f"nâng giá trị {goods}; làm mẫu để các cơ sở khác trong vùng học tập, nhân rộng."
        ),
        "scale": (
            f"Thiết bị mới 100%, có mức tự động cao hơn thiết bị đang dùng, tiết kiệm điện và {material}; "
            "phù hợp với mặt bằng, trình độ lao động của cơ sở."
        ),
        "content": (
            "Khảo sát, hoàn thiện thủ tục; ký hợp đồng; mua sắm, lắp đặt, chạy thử; nghiệm thu, bàn giao; "
            "tuyên truyền kết quả; quyết toán theo quy định. Tiến độ chi tiết theo bảng kèm theo."
        ),
        "organisation": (
            "Trung tâm Khuyến công là đơn vị thực hiện, chịu trách nhiệm hồ sơ và giám sát; cơ sở thụ hưởng "
            "bố trí vốn đối ứng, mặt bằng, lao động; Ủy ban nhân dân cấp xã phối hợp xác nhận, nghiệm thu."
        ),
        "effectiveness": (
            f"Kinh tế: tăng doanh thu, giảm chi phí. Xã hội: thêm việc làm ổn định cho lao động tại {place}. "
            "Môi trường: giảm bụi, tiếng ồn và phế phẩm. Mô hình có thể nhân rộng ở các cơ sở cùng ngành."
        ),
    }


def _machines(wish: Wish) -> tuple[str, ...]:
    if not wish.firms:
        return (
            "Máy móc thiết bị của cơ sở thứ nhất",
            "Máy móc thiết bị của cơ sở thứ hai",
            "Máy móc thiết bị của cơ sở thứ ba",
        )
    return wish.firms[0].product.machines


def _split(total: int, parts: int, random: Random) -> list[int]:
    """``total`` VND in this many amounts, all but the first in whole millions."""
    weights = [random.uniform(0.6, 1.4) for _part in range(parts)]
    rest = [int(total * weight / sum(weights)) // MILLION * MILLION for weight in weights[1:]]
    return [total - sum(rest), *rest]


def _proportional(amount: int, costs: list[int]) -> list[int]:
    """``amount`` VND over costs, in proportion; the first takes what rounding leaves, up to its cost."""
    rest = [amount * cost // sum(costs) // MILLION * MILLION for cost in costs[1:]]
    first = amount - sum(rest)
    if first <= costs[0]:
        return [first, *rest]
    over = first - costs[0]
    return [costs[0], rest[0] + over, *rest[1:]]


def _areas(wish: Wish) -> list[str]:
    """The priority areas this wish's firm lies in; every fifth and every third firm's."""
    number = wish.firms[0].row.pk if wish.firms else 1
    return [code for code, every in (("area_c", 5), ("area_d", 3)) if number % every == 0]


def _claims(wish: Wish) -> list[ClaimValues]:
    """What such areas are claimed by: an invented decision of the year before."""
    day = dt.date(wish.year - 1, 3, 15)
    return [
        ClaimValues(
            area, "Xã thuộc danh sách kèm theo (giả định)", f"{number:02d}-TN/QĐ", day, "Cơ quan giả định"
        )
        for number, area in enumerate(_areas(wish), start=11)
    ]
