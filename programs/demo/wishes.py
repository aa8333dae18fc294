"""What each demonstration project is to be: its purse, year, office, content, money and how far it comes."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from programs.demo.registers import Firm
from programs.lifecycle import Kind, Purse, State
from vietnam.models import AdminUnit

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Content:
    """An activity with its usual money: support in million VND by purse, the state's share of the total."""

    code: str
    weight: int
    national: tuple[int, int]
    local: tuple[int, int]
    share: tuple[float, float]
    title: str
    firms: int = 1

    def support(self, purse: str) -> tuple[int, int]:
        return self.national if purse == Purse.KCQG else self.local


CONTENTS: tuple[Content, ...] = (
    Content("N3.3", 60, (200, 300), (80, 200), (0.10, 0.44),
            "Hỗ trợ ứng dụng máy móc thiết bị tiên tiến trong sản xuất {product}"),
    Content("N3.5", 4, (250, 450), (200, 300), (0.10, 0.40),
            "Hỗ trợ ứng dụng dây chuyền công nghệ trong sản xuất {product}"),
    Content("N3.1", 8, (400, 900), (200, 400), (0.09, 0.26),
            "Xây dựng mô hình trình diễn kỹ thuật sản xuất {product} phục vụ xuất khẩu"),
    Content("N3.2", 2, (60, 100), (50, 90), (0.20, 0.40),
            "Hỗ trợ mô hình trình diễn của cơ sở đang hoạt động hiệu quả sản xuất {product}"),
    Content("N1", 5, (100, 250), (60, 150), (0.60, 0.90),
            "Đào tạo nghề {product} cho {workers} lao động nông thôn"),
    Content("N4.3", 6, (100, 250), (60, 120), (0.60, 0.76),
            "Hỗ trợ cơ sở công nghiệp nông thôn {province} tham gia hội chợ triển lãm trong nước", firms=4),
    Content("N4.5", 3, (20, 35), (10, 35), (0.30, 0.48),
            "Hỗ trợ xây dựng, đăng ký nhãn hiệu sản phẩm {product}"),
    Content("N5", 3, (20, 35), (10, 35), (0.30, 0.48),
            "Hỗ trợ thiết kế mẫu mã, bao bì đóng gói sản phẩm {product}"),
    Content("N6", 4, (60, 120), (50, 100), (1.0, 1.0),
            "Thông tin tuyên truyền hoạt động khuyến công trên địa bàn {province} năm {year}", firms=3),
    Content("N2.1", 4, (80, 180), (60, 120), (0.85, 1.0),
            "Tập huấn năng lực quản lý, sản xuất sạch hơn cho cơ sở công nghiệp nông thôn {province}",
            firms=5),
    Content("N7.3", 1, (200, 400), (150, 300), (0.25, 0.45),
            "Hỗ trợ lập quy hoạch chi tiết cụm công nghiệp {place} Giả Định"),
)  # fmt: skip
BY_CODE = {content.code: content for content in CONTENTS}


@dataclass(slots=True)
class Wish:
    """One project to come. Money in VND; ``age``: working days since its last step (open year only)."""

    purse: str
    year: int
    unit: AdminUnit
    content: Content
    firms: list[Firm]
    title: str
    support_vnd: int
    total_vnd: int
    end: State
    tranche: int = 1
    age: int | None = None
    kind: str = Kind.SINGLE
    other_purse_vnd: int = 0
    """Money of the other purse on the same line: a mixed-source case."""
    sector: str = ""
    """The sector of a project without firms of its own."""
    returned_once: bool = False
    bare: bool = False
    """An unfinished draft: papers and texts still missing."""
    on_paper: bool = False
    """Appraised on paper: enters at PASSED_PROV with number, date and signer."""
    note: str = ""
    region: int = 0
    """The regional centre that drafts it, if not the province's."""


class Recipe:
    """Makes wishes with the usual mix of contents and amounts."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def wish(
        self,
        purse: str,
        year: int,
        unit: AdminUnit,
        pool: list[Firm],
        end: State,
        code: str = "",
        **changes: object,
    ) -> Wish:
        content = BY_CODE[code] if code else self._content(purse)
        firms = self._firms(pool, content)
        support = self._support(content, purse)
        total = self._total(content, support)
        wish = Wish(purse, year, unit, content, firms, "", support, total, end)
        wish.title = title_of(wish, self.random)
        for name, value in changes.items():
            setattr(wish, name, value)
        return wish

    def _content(self, purse: str) -> Content:
        usual = [c for c in CONTENTS if purse == Purse.KCDP or c.code not in {"N6", "N4.5", "N5"}]
        return self.random.choices(usual, [c.weight for c in usual])[0]

    def _firms(self, pool: list[Firm], content: Content) -> list[Firm]:
        """Firms that have not asked for this content before, as far as there are any."""
        fresh = [firm for firm in pool if content.code not in firm.supported]
        count = min(content.firms, len(pool))
        chosen = self.random.sample(fresh, count) if len(fresh) >= count else self.random.sample(pool, count)
        if content.firms == 1:
            chosen[0].supported.add(content.code)
        return chosen

    def _support(self, content: Content, purse: str) -> int:
        low, high = content.support(purse)
        return round(self.random.triangular(low, high, low + (high - low) * 0.4) / 5) * 5 * MILLION

    def _total(self, content: Content, support: int) -> int:
        share = self.random.uniform(*content.share)
        return -(-int(support / share) // (10 * MILLION)) * 10 * MILLION


def title_of(wish: Wish, random: Random) -> str:
    return wish.content.title.format(
        product=wish.firms[0].product.name if wish.firms else "",
        province=wish.unit.name_in_text,
        place=wish.firms[0].after.bare_name if wish.firms else "",
        workers=random.choice((60, 100, 150, 200, 300, 400)),
        year=wish.year,
    )
