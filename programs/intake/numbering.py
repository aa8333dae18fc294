"""The first column of a list: what kind of number a row carries. Pure."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from programs.intake.grid import Value, text_of


class Kind(StrEnum):
    """From the outside in; a dotted number lies below the arabic one it begins with."""

    LETTER = "letter"
    ROMAN = "roman"
    ARABIC = "arabic"
    DOTTED = "dotted"
    LOWER = "lower"
    BULLET = "bullet"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Number:
    kind: Kind
    text: str = ""

    def is_below(self, other: Number) -> bool:
        """Whether a row numbered so stands under one numbered ``other`` ("1.2" under "1", "a" under "3")."""
        if self.kind is Kind.DOTTED and other.kind in (Kind.ARABIC, Kind.DOTTED):
            return self.text.startswith(f"{other.text}.")
        order = list(Kind)
        fine = (Kind.LOWER, Kind.BULLET)
        return self.kind in fine and order.index(other.kind) < order.index(self.kind)


NO_NUMBER: Final = Number(Kind.NONE)
_ROMAN: Final = re.compile(r"(?=[IVXLC])(?:X{0,3})(?:IX|IV|V?I{0,3})")
_LEAD: Final = re.compile(r"^(?:nhóm|phần|mục)\s+", re.IGNORECASE)
_IN_FRONT: Final = re.compile(r"^(?P<number>[IVX]{1,5}|[A-H])\s*[.)\-–:/]\s*(?P<rest>\S.*)$")
_ARABIC_IN_FRONT: Final = re.compile(r"^(?P<number>[0-9]{1,3}(?:\.[0-9]{1,3})*)\s*[.)]\s+(?P<rest>\S.*)$")


def number_of(value: Value) -> Number:
    """The number in the cell; a cell that holds words has none."""
    if isinstance(value, bool):
        return NO_NUMBER
    if isinstance(value, dt.date):  # "1.1" that the spreadsheet took for a day
        return Number(Kind.DOTTED, f"{value.day}.{value.month}")
    text = _LEAD.sub("", text_of(value)).strip(" .,):(/")
    if not text:
        return Number(Kind.BULLET, "-") if text_of(value).strip() in ("+", "*") else NO_NUMBER
    if re.fullmatch(r"[0-9]{1,4}", text):
        return Number(Kind.ARABIC, str(int(text)))
    if re.fullmatch(r"(?:[0-9]{1,3}|[IVX]{1,5}|[A-H])(?:\.[0-9]{1,3})+", text):
        return Number(Kind.DOTTED, text)
    if _ROMAN.fullmatch(text):
        return Number(Kind.ROMAN, text)
    if re.fullmatch(r"[A-ZĐ]", text):
        return Number(Kind.LETTER, text)
    if re.fullmatch(r"[a-zđ]", text):
        return Number(Kind.LOWER, text)
    if re.fullmatch(r"[-–—+*•]+", text):
        return Number(Kind.BULLET, "-")
    return NO_NUMBER


def settle(number: Number, letters_before: str) -> Number:
    """C, D, I, V, X are letters or Roman numbers by what stood before: after A and B, "C" is a letter."""
    if number.kind not in (Kind.ROMAN, Kind.LETTER) or len(number.text) != 1:
        return number
    if number.kind is Kind.ROMAN and letters_before and ord(number.text) == ord(letters_before) + 1:
        return Number(Kind.LETTER, number.text)
    return number


def split_front(title: str) -> tuple[Number, str]:
    """("I", "Đào tạo nghề") of "I. Đào tạo nghề"; no number where the title begins with a word."""
    if found := _IN_FRONT.match(title):
        return number_of(found["number"]), found["rest"]
    if found := _ARABIC_IN_FRONT.match(title):
        return number_of(found["number"]), found["rest"]
    return NO_NUMBER, title


def is_numbering_cell(text: str) -> bool:
    """ "(1)", "2", "A", "8=9+10", as in the row of column numbers under a heading; "(1)" typed becomes -1."""
    bare = text.replace(" ", "")
    return bool(re.fullmatch(r"[(\[-]?(?:[0-9]{1,2}|[A-Za-z])[)\]]?(?:=.{1,40})?", bare))
