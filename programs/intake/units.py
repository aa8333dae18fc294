"""Units of money as sheets state them: "ĐVT: triệu đồng", "(Tr.đ)", "1.000 đồng". Pure.

A unit is its worth in đồng. Where a sheet does not state one, nobody guesses it from the figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from vietnam.text import fold

DONG, THOUSAND, MILLION, MILLIARD = 1, 10**3, 10**6, 10**9

_WORDS: Final = (
    (re.compile(r"(?:ty|ti)(?: dong| d| vnd)?"), MILLIARD),
    (re.compile(r"(?:trieu|tr|1000000|10\^6)(?: ?dong| ?d| ?vnd| ?vn dong)?(?: viet nam)?"), MILLION),
    (re.compile(r"(?:nghin|ngan|1000|10\^3)(?: ?dong| ?d| ?vnd| ?vn dong)?"), THOUSAND),
    (re.compile(r"dong|d|vnd|vn dong|viet nam dong|dong viet nam"), DONG),
)
_NAMED: Final = r"(?:don vi(?: tinh)?(?: tien(?: te)?)?|dvt|dv tinh)"
_LABEL: Final = re.compile(
    rf"(?:\b{_NAMED}|^\(?(?:so tien|kinh phi)(?=\s*:\s*\w))\s*[:\-.(]*\s*(?P<rest>[^()\n]*)"
)
_BRACKETS: Final = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_AT_THE_END: Final = re.compile(r"(?:^|[\s,:;/\-])((?:trieu|tr\.?|nghin|ngan|ty)\s?\.?(?:dong|d|vnd))\.?$")
_LONELY_LABEL: Final = re.compile(rf"\(?{_NAMED}\s*:?\)?")
NAMES: Final = {DONG: "đồng", THOUSAND: "nghìn đồng", MILLION: "triệu đồng", MILLIARD: "tỷ đồng"}


def unit_of(words: str) -> int | None:
    """The unit that these folded words are, nothing else beside them."""
    plain = re.sub(r"(?<=[0-9])[., ](?=0)", "", words)
    plain = re.sub(r"[.:,;*\s]+", " ", plain).strip(" -()")
    return next((worth for pattern, worth in _WORDS if pattern.fullmatch(plain)), None)


def stated_unit(text: str, *, at_end: bool = True) -> int | None:
    """The unit a heading states; None where it states none. ``at_end`` takes "Kinh phí triệu đồng" too."""
    folded = fold(text)
    if at_end and (worth := unit_of(folded)):
        return worth
    for inside in _BRACKETS.findall(folded):
        if worth := unit_of(inside):
            return worth
    if (label := _LABEL.search(folded)) and (worth := unit_of(label["rest"])):
        return worth
    if at_end and (end := _AT_THE_END.search(folded)) and (worth := unit_of(end[1])):
        return worth
    return None


def line_unit(texts: Iterable[str]) -> int | None:
    """The unit stated by a line above a table: in one cell, or a label and the unit in the next."""
    after_label = False
    for text in texts:
        folded = fold(text)
        if worth := stated_unit(text, at_end=False):
            return worth
        if (after_label or folded.startswith(("trieu dong", "nghin dong", "ty dong", "dong"))) and (
            worth := unit_of(folded)
        ):
            return worth
        after_label = bool(_LONELY_LABEL.fullmatch(folded))
    return None


def noted_unit(texts: Iterable[str]) -> int | None:
    """The unit that notes below a table state by name: "Ghi chú: đơn vị tính triệu đồng"."""
    found = {unit_of(label["rest"]) for text in texts if (label := _LABEL.search(fold(text)))} - {None}
    return found.pop() if len(found) == 1 else None


def is_unit_line(text: str) -> bool:
    """Whether a cell does nothing but state a unit of money."""
    folded = fold(text).strip(" ()")
    label = _LABEL.match(folded)
    lonely = label is not None and not label["rest"] and folded != "don vi"  # a column of organisations
    return lonely or bool(unit_of(folded) or (label and unit_of(label["rest"])))
