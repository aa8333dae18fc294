"""Tax codes of a list: lost zeros put back, several codes in one cell, doubtful ones kept and named. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from vietnam.taxcode import TaxCode, normalise
from vietnam.text import clean, fold

_NONE: Final = re.compile(r"[-.…/x0 ]*|n/?a|(?:khong|chua|dang|se)\b[^0-9]*|so .*chon sau.*|.*chon sau\.?")
_LABEL: Final = re.compile(
    r"^(?:số\s+)?(?:mst|mã số thuế|cccd|cmnd|căn cước|(?:số )?định danh(?: cá nhân)?)\b[\s:.]*", re.IGNORECASE
)
_SEVERAL: Final = re.compile(r"\s*[;,]\s*|\s+và\s+|(?<=[0-9]{3})\s+(?=[0-9]{8})")
_CODE: Final = re.compile(r"(?<![0-9])(?:[0-9]{12}|[0-9]{10}(?:\s?-\s?[0-9]{3})?|[0-9]{13})(?![0-9])")
_INSIDE: Final = re.compile(
    r"\s*[,;\-–]?\s*(?:[(\[]?\s*(?P<label>mã số thuế|mst|msdn|mã số dn|số cccd|cccd|số định danh)\s*(?:số)?"
    r"\s*[:.]?\s*|[(\[]\s*)"
    r"(?P<code>[0-9][0-9 .]{6,16}[0-9](?:\s*-\s*[0-9]{3})?)\s*[)\]]?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class TaxReading:
    """``text`` is what is shown (several codes apart by semicolons), None where none is written."""

    text: str | None = None
    codes: tuple[TaxCode, ...] = ()

    @property
    def doubtful(self) -> bool:
        return any(not code.valid_check for code in self.codes)

    @property
    def digits(self) -> str:
        return ";".join(code.digits for code in self.codes)

    @property
    def personal(self) -> bool:
        return any(code.kind == "personal" for code in self.codes)


def read_tax(text: str) -> TaxReading:
    """The code or codes of a cell, given as text."""
    text = _LABEL.sub("", clean(text))
    if _NONE.fullmatch(fold(text)):
        return TaxReading()
    codes = _codes(text)
    return TaxReading("; ".join(code.formatted for code in codes), codes)


def _codes(text: str) -> tuple[TaxCode, ...]:
    whole = normalise(text)
    if whole.kind != "unknown":
        return (whole,)
    several = tuple(normalise(part) for part in _SEVERAL.split(text) if part)
    if all(code.kind != "unknown" for code in several):
        return several
    found = _CODE.findall(text)
    with_words = len(found) == 1 and not re.search(r"[0-9]", _CODE.sub("", text))
    return (normalise(found[0]),) if with_words else (whole,)


def take_tax_code(beneficiary: str) -> tuple[str, str]:
    """("HTX Cói A", "99…") of "HTX Cói A (MST: 99…)": a number inside a name, where lists have no column."""
    found = _INSIDE.search(beneficiary)
    if not found or not (found["label"] or normalise(found["code"]).valid_check):  # "(0912 345 678)"
        return beneficiary, ""
    rest = beneficiary[: found.start()] + " " + beneficiary[found.end() :]
    return re.sub(r" (?=[,;.])", "", clean(rest)).strip(" ,;-"), found["code"]
