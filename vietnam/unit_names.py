"""How names of administrative units are written: types, abbreviations, addresses. Pure."""

from __future__ import annotations

import re
from typing import Final

from .text import clean, fold, has_accents, squeeze

PROVINCE_TYPES: Final = frozenset({"tinh", "thanh pho"})
DISTRICT_TYPES: Final = frozenset({"huyen", "quan", "thi xa", "thanh pho"})
COMMUNE_TYPES: Final = frozenset({"xa", "phuong", "thi tran", "dac khu"})

_TYPE_OF: Final = {
    "tỉnh": "tinh", "thành phố": "thanh pho", "thị xã": "thi xa", "thị trấn": "thi tran",
    "huyện": "huyen", "quận": "quan", "phường": "phuong", "xã": "xa", "đặc khu": "dac khu",
    "tinh": "tinh", "thanh pho": "thanh pho", "thi xa": "thi xa", "thi tran": "thi tran",
    "huyen": "huyen", "quan": "quan", "phuong": "phuong", "xa": "xa", "dac khu": "dac khu",
    "tp": "thanh pho", "t.p": "thanh pho", "tx": "thi xa", "t.x": "thi xa", "tt": "thi tran",
    "t.t": "thi tran", "t": "tinh", "h": "huyen", "q": "quan", "p": "phuong", "f": "phuong", "x": "xa",
    "đk": "dac khu",
}  # fmt: skip
# A word of type before a name. One letter needs a dot or a space after it; "tp" may touch a dot.
_TYPE: Final = re.compile(
    r"(?P<word>"
    + "|".join(sorted((re.escape(word) for word in _TYPE_OF), key=len, reverse=True))
    + r")(?:\.\s*|\s+|(?=[0-9]))(?P<bare>.*)",
    re.IGNORECASE,
)
_LONG: Final = ("thị trấn", "thành phố", "thị xã", "đặc khu", "huyện", "phường", "quận", "tỉnh", "xã", "tp")
_ACCENTED_BREAK: Final = re.compile(
    r"(?<=\S)(?<!thị)\s+(?:[-–]\s+)?(?=(?:" + "|".join(_LONG) + r")(?:\.|\s))", re.IGNORECASE
)
_PLAIN_BREAK: Final = re.compile(
    r"(?<=\S)(?<!thi)\s+(?:[-–]\s+)?(?=(?:" + "|".join(fold(word) for word in _LONG) + r")(?:\.|\s))",
    re.IGNORECASE,
)
_MARK_BREAK: Final = re.compile(r"[,;\n|()]+")
_COUNTRY: Final = frozenset({"vietnam", "vn", "chxhcnvietnam"})
# Offices carry the province at the end of their name.
_OFFICE: Final = re.compile(
    r"^(?:so|ubnd|uy ban|trung tam|hoi dong|ban|cuc|chi cuc|van phong|phong|ttkc|tinh uy|hdnd)\b"
)


def split_type(text: str) -> tuple[str, str]:
    """("thanh pho", "Hồ Chí Minh") of "TP.Hồ Chí Minh"; the type is folded, "" when none is written."""
    text = clean(text)
    found = _TYPE.fullmatch(text)
    if not found or not found["bare"].strip(" ."):
        return "", text
    return _TYPE_OF[found["word"].lower()], found["bare"].strip(" .")


def name_key(bare: str) -> str:
    """The key of a name without its type: letters and digits, "01" as "1"."""
    return re.sub(r"(?<![0-9])0+(?=[0-9])", "", squeeze(bare))


def initials(bare: str) -> str:
    """First letters, folded: "Bà Rịa - Vũng Tàu" → "brvt"."""
    return "".join(word[0] for word in re.findall(r"[a-z0-9]+", fold(bare)))


def is_office(segment: str) -> bool:
    return bool(_OFFICE.match(fold(segment)))


def segments(text: str, *, at_dashes: bool = False) -> list[str]:
    """The parts of an address in writing order, each beginning with its type if one is written."""
    breaks = _ACCENTED_BREAK if has_accents(text) else _PLAIN_BREAK
    parts: list[str] = []
    for piece in _MARK_BREAK.split(text.replace("\r", "\n")):
        for part in breaks.split(clean(piece)):
            parts.extend(re.split(r"\s+[-–]\s+", part) if at_dashes else [part])
    joined: list[str] = []
    for part in filter(None, (clean(part).strip(" .-–") for part in parts)):
        if joined and joined[-1].lower() in _TYPE_OF:
            joined[-1] = f"{joined[-1]} {part}"  # "xã" | "Quan Sơn": a name that begins like a type
        elif squeeze(part) not in _COUNTRY:
            joined.append(part)
    return joined
