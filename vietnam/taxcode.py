"""Tax codes (mã số thuế): 10 digits, a branch's 10-3, or the 12-digit personal number of a household.

Since 01/07/2025 a household business's tax code is its owner's personal identification number (Thông tư
86/2024/TT-BTC, not verified against the original), which makes it personal data: lists show it masked.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final, Literal

from .text import clean

Kind = Literal["enterprise", "branch", "personal", "unknown"]

_WEIGHTS: Final = (31, 29, 23, 19, 17, 13, 7, 5, 3)
_LAST_BIRTH_PROVINCE: Final = 96  # personal numbers keep the codes 001–096 of the 63 provinces
_LABEL: Final = re.compile(r"^(?:mst|mã số thuế|ma so thue|mã số|số)\b[\s:.]*", re.IGNORECASE)
_SPREADSHEET_TAIL: Final = re.compile(r"\.0$")
_SEPARATORS: Final = re.compile(r"[\s.\-–'`]")
# A personal number in running text: it always begins with 0, which an amount of money never does.
_PERSONAL_IN_TEXT: Final = re.compile(r"(?<![0-9])0(?:[ .]?[0-9]){11}(?![0-9])")
BARE_PERSONAL: Final = re.compile(r"(?<![\w\-])0(?:[ .]?[0-9]){11}(?![\w\-])", re.ASCII)
"""A personal number in running text that has no business there. A neighbour letter, digit, dash or
underscore means a longer code (file hash, UUID, document number)."""


@dataclass(frozen=True, slots=True)
class TaxCode:
    """A code as read; ``valid_check`` False is a reason to warn, never to refuse."""

    kind: Kind
    digits: str
    valid_check: bool
    formatted: str
    restored: bool = False
    """True when leading zeros that a spreadsheet had eaten were put back."""


def check_digit(nine: str) -> int | None:
    """The tenth digit for nine; None where the number is never issued."""
    digit = 10 - sum(int(d) * w for d, w in zip(nine, _WEIGHTS, strict=True)) % 11
    return None if digit == 10 else digit


def _enterprise_ok(digits: str) -> bool:
    return check_digit(digits[:9]) == int(digits[9])


def _personal_ok(digits: str) -> bool:
    return 1 <= int(digits[:3]) <= _LAST_BIRTH_PROVINCE


def normalise(raw: str) -> TaxCode:
    """Reads a code as typed or as a spreadsheet left it; 8–9 digits become 10 and 11 become 12."""
    text = _LABEL.sub("", unicodedata.normalize("NFKC", clean(raw)))
    digits = _SEPARATORS.sub("", _SPREADSHEET_TAIL.sub("", text.lstrip("'")))
    if not re.fullmatch(r"[0-9]+", digits):
        return TaxCode("unknown", clean(raw), False, clean(raw))
    branch = re.fullmatch(r"(.+)[-–]\s*([0-9]{3})", text.strip())
    if branch and len(main := _SEPARATORS.sub("", branch[1])) in (8, 9, 10):
        return _branch(main.zfill(10) + branch[2], restored=len(main) < 10)
    if len(digits) in (8, 9, 10):
        full = digits.zfill(10)
        return TaxCode("enterprise", full, _enterprise_ok(full), full, full != digits)
    if len(digits) in (11, 12):
        full = digits.zfill(12)
        return TaxCode("personal", full, _personal_ok(full), full, full != digits)
    if len(digits) == 13:
        return _branch(digits, restored=False)
    return TaxCode("unknown", digits, False, digits)


def _branch(digits: str, *, restored: bool) -> TaxCode:
    valid = _enterprise_ok(digits[:10]) and digits[10:] != "000"
    return TaxCode("branch", digits, valid, f"{digits[:10]}-{digits[10:]}", restored)


def _masked(digits: str) -> str:
    return f"{digits[:3]}{'*' * 6}{digits[-3:]}"


def mask(text: str) -> str:
    """The text with personal numbers as "079******345"; codes of enterprises stay readable."""
    code = normalise(text)
    if code.kind == "personal":
        return _masked(code.digits)
    return _PERSONAL_IN_TEXT.sub(lambda found: _masked(re.sub(r"[^0-9]", "", found.group())), text)
