"""Money: whole đồng (VND) as ``int``; never a float. Reading, showing and spelling amounts."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Final, Literal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from .text import clean

Unit = Literal["dong", "trieu"]

MAX_VND: Final = 2**53  # the largest whole number that spreadsheets and JavaScript hold exactly
_DONG_PER: Final[dict[str, int]] = {"dong": 1, "trieu": 1_000_000}
_DECIMALS: Final[dict[str, int]] = {"dong": 0, "trieu": 6}


class MoneyError(ValueError):
    """The text is not one certain amount in whole đồng; the message says in Vietnamese what to write."""


# --- showing


def _grouped(n: int) -> str:
    return f"{n:,}".replace(",", ".")


_SWAPPED: Final = str.maketrans(".,", ",.")


def reads_english() -> bool:
    return (get_language() or "").startswith("en")


def localised(number: str) -> str:
    """A number with Vietnamese separators in the reader's: "1.234,5" is "1,234.5" in English."""
    return number.translate(_SWAPPED) if reads_english() else number


def format_vnd(n: int, unit: Unit = "dong") -> str:
    """``n`` đồng as its reader writes it: "1.234.567", or in triệu đồng with nothing rounded: "1.779,97".

    In English "1,234,567" and "1,779.97". A field that is typed into shows :func:`typed_vnd`.
    """
    return localised(_vietnamese(n, unit))


def typed_vnd(n: int, unit: Unit = "dong") -> str:
    """As an amount stands in a field of the reader's language.

    A page may stay open while the language changes, so no English amount may be another one in Vietnamese:
    1,105 triệu stands as "1105" and 1.105 triệu as "1.1050".
    """
    shown = format_vnd(n, unit)
    if unit == "dong" or not reads_english():
        return shown
    if _GROUPED["."].fullmatch(shown):
        return f"{shown}0"
    return shown.replace(",", "") if _lone(shown) == "," else shown


def _lone(number: str) -> str:
    """The separator of "1,105" or "1.105", a thousand in one language and about one in the other; or ""."""
    return next((mark for mark in ".," if number.count(mark) == 1 and _GROUPED[mark].fullmatch(number)), "")


def _vietnamese(n: int, unit: Unit) -> str:
    sign, whole = ("-", -n) if n < 0 else ("", n)
    units, rest = divmod(whole, _DONG_PER[unit])
    if not rest:
        return sign + _grouped(units)
    return f"{sign}{_grouped(units)},{str(rest).zfill(_DECIMALS[unit]).rstrip('0')}"


# --- reading

_SUFFIX: Final[dict[str, int]] = {
    "": 0, "dong": 1, "đồng": 1, "đ": 1, "d": 1, "vnđ": 1, "vnd": 1, "₫": 1,
    "nghìn": 10**3, "ngàn": 10**3, "nghin": 10**3, "ngan": 10**3, "k": 10**3,
    "triệu": 10**6, "trieu": 10**6, "tr": 10**6, "trđ": 10**6, "trd": 10**6,
    "tỷ": 10**9, "tỉ": 10**9, "ty": 10**9, "ti": 10**9,
}  # fmt: skip
_CURRENCY: Final = re.compile(r"\s*(?:đồng|dong|vnđ|vnd|đ|₫)\.?$")
_LONGEST_TEXT: Final = 80
_PART: Final = re.compile(r"([0-9][0-9., ]*)\s*([^\W\d_]*)")
_GROUPED: Final = {sep: re.compile(rf"[1-9][0-9]{{0,2}}(?:{re.escape(sep)}[0-9]{{3}})+") for sep in "., "}


def parse_vnd(text: str, unit: Unit = "dong", *, by_english: bool = False) -> int:
    """The amount in đồng that a person wrote, bare numbers being in ``unit``.

    Accepts 1.234.567 · 1 234 567 · 1,2 tỷ · 1.250,5 triệu · 1 tỷ 200 triệu. Raises :class:`MoneyError` when
    the text can be read in two ways, is not whole đồng, is negative or is above 2**53. ``by_english``: typed
    on an English page, where "1.5" is one and a half and "1,105" triệu could be meant either way.
    """
    shown = clean(text)
    raw = unicodedata.normalize("NFKC", shown).lower().strip()
    if not raw:
        raise MoneyError(_("Chưa nhập số tiền."))
    if len(raw) > _LONGEST_TEXT:
        raise _unreadable(f"{shown[:_LONGEST_TEXT]}…")
    if re.match(r"[-−–(]\s*[0-9]", raw):
        raise MoneyError(_("Số tiền không được âm: “%(text)s”.") % {"text": shown})
    bare = _CURRENCY.sub("", raw)
    if bare != raw and bare[-1:].isdigit():
        bare += " đồng"  # "1.500.000 đồng" is đồng even in a column of triệu
    total = sum(_amounts(bare, unit, shown, by_english), Decimal(0))
    if total != total.to_integral_value():
        raise _not_whole(shown)
    if total > MAX_VND:
        raise _too_large(shown)
    return int(total)


def _amounts(raw: str, unit: Unit, shown: str, by_english: bool) -> list[Decimal]:
    """The parts of "1 tỷ 200 triệu" in đồng; one part for a plain number."""
    parts = list(_PART.finditer(raw))
    if not parts or "".join(found.group() for found in parts).replace(" ", "") != raw.replace(" ", ""):
        raise _unreadable(shown)
    amounts, last = [], MAX_VND
    for found in parts:
        number, word = found.group(1).strip(), found.group(2)
        factor = _SUFFIX.get(word)
        if factor is None or (len(parts) > 1 and not 0 < factor < last):
            raise _unreadable(shown)
        last = factor
        factor = factor or _DONG_PER[unit]
        if by_english:
            number = _as_vietnamese(number, factor, shown)
        amounts.append(_number(number, factor, shown) * factor)
    return amounts


def _as_vietnamese(number: str, factor: int, shown: str) -> str:
    """What an English page holds, where "1.5" and "1,105" đồng are clear and "1,105" triệu is not."""
    if _lone(number):
        if factor > 1:
            raise _unclear(shown)
        return number.replace(",", ".")
    return number.replace(".", ",") if number.count(".") == 1 and "," not in number else number


def _number(number: str, factor: int, shown: str) -> Decimal:
    """The value of a number written with Vietnamese (1.234,5) or plainly English (1,234.5) separators."""
    marks = [c for c in number if c in ".,"]
    decimal = ""
    if len(set(marks)) == 2:
        decimal = marks[-1]
        if marks.count(decimal) > 1:
            raise _unclear(shown)
    elif marks == [","] and not (factor == 1 and _GROUPED[","].fullmatch(number)):
        decimal = ","
    elif marks == [","] or (marks == ["."] and not _GROUPED["."].fullmatch(number)):
        raise _unclear(shown)
    whole, _sep, fraction = number.partition(decimal) if decimal else (number, "", "")
    if decimal and not fraction.isdigit():
        raise _unclear(shown)
    digits = whole
    for separator in "., ":
        if separator in whole:
            if not _GROUPED[separator].fullmatch(whole):
                raise _unclear(shown)
            digits = whole.replace(separator, "")
    return Decimal(f"{digits}.{fraction}" if fraction else digits)


def _unreadable(shown: str) -> MoneyError:
    return MoneyError(_("Không đọc được số tiền “%(text)s”.") % {"text": shown})


def _not_whole(shown: str) -> MoneyError:
    return MoneyError(_("“%(text)s” không tròn đồng; số tiền phải là số nguyên đồng.") % {"text": shown})


def _too_large(shown: str) -> MoneyError:
    return MoneyError(_("“%(text)s” lớn quá mức cho phép; hãy kiểm tra lại đơn vị tính.") % {"text": shown})


def _unclear(shown: str) -> MoneyError:
    return MoneyError(
        _(
            "“%(text)s” có thể hiểu theo nhiều cách. Hãy dùng dấu chấm để tách hàng nghìn và dấu phẩy cho "
            "phần thập phân, ví dụ 1.250.000 hoặc 1,5 triệu."
        )
        % {"text": shown}
    )


# --- spelling

_ONES: Final = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_GROUPS: Final = ("", " nghìn", " triệu")


def _below_thousand(n: int, leading: bool, zero: str) -> str:
    """Three digits; a group that does not lead is read in full ("không trăm linh năm")."""
    hundreds, tens, ones = n // 100, n // 10 % 10, n % 10
    words = [f"{_ONES[hundreds]} trăm"] if hundreds or not leading else []
    if tens == 0:
        if ones:
            words.append(f"{zero} {_ONES[ones]}" if words else _ONES[ones])
        return " ".join(words)
    words.append("mười" if tens == 1 else f"{_ONES[tens]} mươi")
    if ones:
        words.append({1: "mốt", 4: "tư"}.get(ones, "") if tens > 1 and ones in (1, 4) else _teen(ones))
    return " ".join(words)


def _teen(ones: int) -> str:
    return "lăm" if ones == 5 else _ONES[ones]


def _below_milliard(n: int, leading: bool, zero: str) -> str:
    groups = (n // 10**6, n // 1000 % 1000, n % 1000)
    words: list[str] = []
    for rank, group in enumerate(groups):
        name = _GROUPS[2 - rank]
        if group:
            words.append(_below_thousand(group, leading and not words, zero) + name)
        elif (words or not leading) and rank < 2 and groups[rank + 1] >= 100:
            words.append("không" + name)
    return " ".join(words)


def _spell(n: int, zero: str) -> str:
    high, low = divmod(n, 10**9)
    if not high:
        return _below_milliard(low, True, zero)
    tail = _below_milliard(low, False, zero)
    return f"{_spell(high, zero)} tỷ {tail}".rstrip()


def in_words(n: int, *, suffix: str = "đồng", zero: str = "linh") -> str:
    """``n`` đồng in words for vouchers: "Một triệu không nghìn năm trăm đồng".

    A group of zeros is spoken only when the next group has a hundreds digit. ``zero`` is "linh", or "lẻ" as
    the South says. Raises ValueError for a negative amount.
    """
    if n < 0:
        raise ValueError("an amount on a voucher is not negative")
    words = _spell(n, zero) or _ONES[0]
    return f"{words[0].upper()}{words[1:]} {suffix}".rstrip()
