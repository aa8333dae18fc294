"""Numbers as pictures: geometry for bars, columns and the tile map of provinces. No HTML here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vietnam.money import format_vnd, localised

# --- bars


@dataclass(frozen=True, slots=True)
class BarPart:
    """One stretch of a bar 100 units wide."""

    x: str
    width: str
    tone: str


def parts(values: Iterable[tuple[float, str]], maximum: float) -> list[BarPart]:
    """Stretches side by side; what does not fit into ``maximum`` is cut off at 100."""
    made: list[BarPart] = []
    at = 0.0
    for value, tone in values:
        width = min(max(value, 0) * 100 / maximum, 100 - at) if maximum > 0 else 0.0
        if width > 0:
            made.append(BarPart(f"{at:.2f}", f"{width:.2f}", tone))
            at += width
    return made


@dataclass(frozen=True, slots=True)
class Share:
    """Money of one source, VND, with its place in the bar."""

    source: str
    name: str | Promise
    amount: int
    percent: int
    x: str
    width: str


SOURCES: Final[tuple[tuple[str, str | Promise], ...]] = (
    ("KCQG", _("KC quốc gia")),
    ("KCDP", _("KC địa phương")),
    ("OWN", _("Đối ứng")),
    ("OTHER", _("Nguồn khác")),
)


def shares(amounts: Mapping[str, int]) -> list[Share]:
    """The sources that give anything, in the order of the official forms. Amounts in VND."""
    total = sum(amounts.get(code, 0) or 0 for code, _name in SOURCES)
    made: list[Share] = []
    at = 0.0
    for code, name in SOURCES:
        amount = amounts.get(code, 0) or 0
        if amount > 0:
            width = amount * 100 / total
            made.append(Share(code, name, amount, round(width), f"{at:.2f}", f"{width:.2f}"))
            at += width
    return made


# --- columns

COLUMN_PITCH: Final = 46
COLUMN_WIDTH: Final = 30
COLUMN_HEIGHT: Final = 120
"""Of the highest column. Columns are drawn at about a phone's width, so that their words stay readable."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """One source's part of a column; SVG units, downwards."""

    tone: str
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Column:
    label: str
    x: int
    middle: int
    top: int
    stretches: list[Stretch]
    amounts: list[int]
    """VND in the order of the chart's sources."""
    total: int
    milliards: str
    """The total as the column says it: tỷ đồng with one decimal."""


@dataclass(frozen=True, slots=True)
class Columns:
    sources: list[tuple[str, str | Promise]]
    columns: list[Column]
    width: int


def columns(rows: Sequence[tuple[str, Mapping[str, int]]], codes: Sequence[str]) -> Columns:
    """A stacked column each row: (label, VND by source). ``codes`` are the sources shown, from below."""
    highest = max((sum(amounts.get(code, 0) for code in codes) for _label, amounts in rows), default=0)
    made = [
        _column(place, label, [amounts.get(code, 0) for code in codes], codes, highest)
        for place, (label, amounts) in enumerate(rows)
    ]
    names = dict(SOURCES)
    return Columns([(code, names[code]) for code in codes], made, COLUMN_PITCH * len(rows))


def _column(place: int, label: str, amounts: list[int], codes: Sequence[str], highest: int) -> Column:
    foot = COLUMN_HEIGHT
    stretches = []
    for code, amount in zip(codes, amounts, strict=True):
        height = round(amount * COLUMN_HEIGHT / highest) if highest else 0
        if height:
            foot -= height
            stretches.append(Stretch(code.lower(), foot, height))
    total = sum(amounts)
    left = place * COLUMN_PITCH + (COLUMN_PITCH - COLUMN_WIDTH) // 2
    tenths = (total + 50_000_000) // 100_000_000
    return Column(
        label, left, left + COLUMN_WIDTH // 2, foot, stretches, amounts, total,
        format_vnd(tenths // 10) + localised(f",{tenths % 10}"),
    )  # fmt: skip


# --- the tile map

# code: (row, column, abbreviation, name). Rows run from the North to the South; six columns.
TILES: Final[dict[str, tuple[int, int, str, str]]] = {
    "12": (0, 1, "LC", "Lai Châu"),
    "15": (0, 2, "LCa", "Lào Cai"),
    "08": (0, 3, "TQ", "Tuyên Quang"),
    "04": (0, 4, "CB", "Cao Bằng"),
    "11": (1, 0, "ĐB", "Điện Biên"),
    "14": (1, 1, "SL", "Sơn La"),
    "25": (1, 2, "PT", "Phú Thọ"),
    "19": (1, 3, "TNg", "Thái Nguyên"),
    "20": (1, 4, "LS", "Lạng Sơn"),
    "01": (2, 2, "HN", "Hà Nội"),
    "24": (2, 3, "BN", "Bắc Ninh"),
    "31": (2, 4, "HP", "Hải Phòng"),
    "22": (2, 5, "QN", "Quảng Ninh"),
    "38": (3, 1, "TH", "Thanh Hóa"),
    "37": (3, 2, "NB", "Ninh Bình"),
    "33": (3, 3, "HY", "Hưng Yên"),
    "40": (4, 1, "NA", "Nghệ An"),
    "42": (5, 2, "HT", "Hà Tĩnh"),
    "44": (6, 2, "QT", "Quảng Trị"),
    "46": (7, 3, "Huế", "Huế"),
    "48": (7, 4, "ĐN", "Đà Nẵng"),
    "51": (8, 4, "QNg", "Quảng Ngãi"),
    "52": (9, 4, "GL", "Gia Lai"),
    "66": (10, 4, "ĐL", "Đắk Lắk"),
    "75": (11, 2, "ĐNa", "Đồng Nai"),
    "68": (11, 3, "LĐ", "Lâm Đồng"),
    "56": (11, 4, "KH", "Khánh Hòa"),
    "80": (12, 1, "TN", "Tây Ninh"),
    "79": (12, 2, "HCM", "TP. Hồ Chí Minh"),
    "91": (13, 0, "AG", "An Giang"),
    "82": (13, 1, "ĐT", "Đồng Tháp"),
    "86": (13, 2, "VL", "Vĩnh Long"),
    "96": (14, 0, "CM", "Cà Mau"),
    "92": (14, 1, "CT", "Cần Thơ"),
}
_PITCH: Final = (45, 27)
_DARK_FROM: Final = 3


@dataclass(frozen=True, slots=True)
class Tile:
    code: str
    name: str
    short: str
    x: int
    y: int
    step: int
    text: str
    url: str

    @property
    def on_dark(self) -> bool:
        return self.step >= _DARK_FROM


def tiles(values: Iterable[Mapping[str, Any]], limits: Sequence[float]) -> list[Tile]:
    """One tile a province, North to South; a province without a value has the lightest shade and "–"."""
    given = {str(row["code"]): row for row in values}
    made = []
    for code, (row, column, short, name) in TILES.items():
        item = given.get(code, {})
        value = item.get("value")
        made.append(
            Tile(
                code=code,
                name=name,
                short=short,
                x=column * _PITCH[0],
                y=row * _PITCH[1],
                step=sum(value >= limit for limit in limits) if value else 0,
                text="–" if value is None else str(item.get("text") or value),
                url=str(item.get("url") or ""),
            )
        )
    return made


def legend(limits: Sequence[float]) -> list[tuple[int, str]]:
    """(shade, words) for the five shades: "<20", "20–40", …, "≥80"."""
    low = [format_vnd(round(limit)) for limit in limits]
    between = [f"{start}–{end}" for start, end in pairwise(low)]
    return list(enumerate([f"<{low[0]}", *between, f"≥{low[-1]}"]))
