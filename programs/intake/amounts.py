"""The money in a cell, in whole đồng, or why it cannot be read. Pure.

A bare number counts in the unit of its column; a text may carry its own ("820.000.000 đ", "1,2 tỷ").
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from programs.intake.grid import Value, text_of
from programs.intake.units import DONG, MILLIARD, MILLION, THOUSAND
from vietnam.money import MAX_VND, MoneyError, format_vnd, parse_vnd

_NOTHING: Final = re.compile(r"[-–—−_.…]*")
_WORD: Final = {THOUSAND: "nghìn", MILLION: "triệu", MILLIARD: "tỷ"}
_DIGITS: Final = 15
"""Significant digits a spreadsheet shows; what lies beyond is noise of its arithmetic."""


@dataclass(frozen=True, slots=True)
class Amount:
    """``vnd`` is None for an empty cell and for one that cannot be read, which says why in ``problem``."""

    vnd: int | None = None
    problem: str = ""
    needs_unit: bool = False
    """A figure that means nothing without the unit nobody states."""


EMPTY: Final = Amount()


def is_nothing(value: Value) -> bool:
    """An empty cell, or the dash that offices write for nothing."""
    return value is None or (
        isinstance(value, str) and bool(_NOTHING.fullmatch(text_of(value).replace(" ", "")))
    )


def amount_of(value: Value, unit: int | None) -> Amount:
    """The amount of one cell in đồng."""
    if value is None or is_nothing(value):
        return EMPTY
    if isinstance(value, bool | dt.date):
        return Amount(problem=_("“%(text)s” không phải số tiền.") % {"text": text_of(value)})
    if isinstance(value, str):
        return _from_text(text_of(value), unit)
    if value == 0:
        return Amount(0)
    if unit is None:
        return Amount(needs_unit=True)
    return _from_number(value, unit)


def _from_number(value: int | float, unit: int) -> Amount:
    exact = Decimal(format(value, f".{_DIGITS}g") if isinstance(value, float) else value) * unit
    shown = format(value, f".{_DIGITS}g").replace(".", ",") if isinstance(value, float) else str(value)
    if exact < 0:
        return Amount(problem=_("Số tiền không được âm: “%(text)s”.") % {"text": shown})
    if exact > MAX_VND:
        return Amount(problem=_("“%(text)s” lớn quá mức cho phép.") % {"text": shown})
    if exact != exact.to_integral_value():
        return Amount(problem=_("“%(text)s” không tròn đồng.") % {"text": shown})
    return Amount(int(exact))


def _from_text(text: str, unit: int | None) -> Amount:
    has_word = bool(re.search(r"[^\W\d_]|₫", text))
    if not has_word and re.fullmatch(r"0+([.,]0+)?", text.replace(" ", "")):
        return Amount(0)
    if not has_word and unit is None and re.search(r"[0-9]", text):
        return Amount(needs_unit=True)
    text = text.lstrip("'₫ ").rstrip(". ")
    written = text if has_word or unit in (None, DONG) else f"{text} {_WORD[unit or DONG]}"
    try:
        return Amount(parse_vnd(written))
    except MoneyError as error:
        message = str(error)
        if written != text:
            message = message.replace(f"“{written}”", f"“{text}”")
        return Amount(problem=message)


def shown(vnd: int) -> str:
    """An amount in a sentence: "1.200.000.000 đồng"."""
    return _("%(amount)s đồng") % {"amount": format_vnd(vnd)}
