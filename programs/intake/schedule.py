"""Reading "Tháng 03/2027 - 10/2027", "Quý II/2027", "từ 01/3/2027 đến 30/10/2027". Pure."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

from vietnam.text import fold

_YEAR: Final = r"20[0-9]{2}"
_PART: Final = re.compile(
    rf"(?P<day>[0-9]{{1,2}})\s*(?P<mark>[/.\-])\s*(?P<day_month>[0-9]{{1,2}})\s*(?P=mark)\s*(?P<day_year>{_YEAR})"
    rf"|(?P<iso>{_YEAR}-[0-9]{{2}}-[0-9]{{2}})"
    rf"|(?P<month>[0-9]{{1,2}})\s*[/.\-]\s*(?P<month_year>{_YEAR})(?![0-9])"
    rf"|quy\s*(?P<quarter>iv|i{{1,3}}|[1-4])\b(?:\s*/\s*(?P<quarter_year>{_YEAR}))?"
    rf"|(?P<year>{_YEAR})"
    r"|(?P<bare>[0-9]{1,2})(?=\s*(?:-|den|toi|va|thang|t[0-9]|$))"
)
_NEXT_QUARTER: Final = re.compile(
    r"\b(quy\s*(?:iv|i{1,3}|[1-4])(?:\s*/\s*20[0-9]{2})?)\s*(-|den|va|,)\s*(?=(?:iv"
    r"|i{1,3}|[1-4])\b(?!\s*/\s*[0-9]{1,2}\b))"
)
_QUARTERS: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


@dataclass(frozen=True, slots=True)
class _Piece:
    first_month: int | None
    last_month: int | None
    year: int | None
    day: int | None = None


def read_schedule(text: str) -> tuple[dt.date | None, dt.date | None]:
    """The first and last day a text speaks of; (None, None) where it does not say."""
    pieces = _pieces(text)
    years = [piece.year for piece in pieces if piece.year]
    if not years:
        return None, None
    start, end = _day(pieces[0], years[0], last=False), _day(pieces[-1], years[-1], last=True)
    return (start, end) if start and end and start <= end else (start, None)


def first_year(text: str) -> int | None:
    """The earliest year a schedule speaks of."""
    return min((int(year) for year in re.findall(rf"(?<![0-9]){_YEAR}(?![0-9])", text)), default=None)


def _pieces(text: str) -> list[_Piece]:
    plain = re.sub(rf"\s*,?\s*\bnam\s*(?={_YEAR})", "/", fold(text))
    plain = plain.replace("6 thang dau", "quy 1 - quy 2 ").replace("6 thang cuoi", "quy 3 - quy 4 ")
    plain = re.sub(r"(?<![0-9a-z])/\s*", " ", plain)
    plain = _NEXT_QUARTER.sub(r"\1 \2 quy ", plain)
    return [piece for found in _PART.finditer(plain) if (piece := _piece(found)) is not None]


def _piece(found: re.Match[str]) -> _Piece | None:
    if found["day"]:
        return _month(found["day_month"], int(found["day_year"]), int(found["day"]))
    if found["iso"]:
        year, month, day = map(int, found["iso"].split("-"))
        return _month(str(month), year, day)
    if found["month"]:
        return _month(found["month"], int(found["month_year"]))
    if found["quarter"]:
        number = _QUARTERS.get(found["quarter"]) or int(found["quarter"])
        own_year = int(found["quarter_year"]) if found["quarter_year"] else None
        return _Piece(number * 3 - 2, number * 3, own_year)
    if found["year"]:
        return _Piece(None, None, int(found["year"]))
    return _month(found["bare"], None)


def _month(month: str, year: int | None, day: int | None = None) -> _Piece | None:
    number = int(month)
    return _Piece(number, number, year, day) if 1 <= number <= 12 else None


def _day(piece: _Piece, year: int, *, last: bool) -> dt.date | None:
    """The first or last day of a piece; a piece without its own year takes the neighbour's."""
    year = piece.year or year
    month = (piece.last_month or 12) if last else (piece.first_month or 1)
    days = calendar.monthrange(year, month)[1]
    day = piece.day or (days if last else 1)
    return dt.date(year, month, day) if 1 <= day <= days else None
