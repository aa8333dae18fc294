"""What the lines above a table say: the plan year, the purse, the province. Pure but for places and today."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeVar

from programs.years import plan_years
from vietnam.text import clean, fold

_YEAR_AFTER_PLAN: Final = re.compile(r"\bke hoach\b[^0-9]{0,60}?(20[0-9]{2})\b")
_YEAR: Final = re.compile(r"\bnam(?: ke hoach| ngan sach)?\s*:?\s*(20[0-9]{2})\b")
_OF_PROJECTS: Final = re.compile(r"\b(?:khuyen cong|de an|kcqg|kcdp|danh sach|danh muc|bieu|dang ky)\b")
_LONE_YEAR: Final = re.compile(
    r"(?<![0-9/.,\-])(?<!\bso )(?<!\bqd )(20[0-9]{2})(?![0-9/\-]|[.,][0-9]|\s*(?:nghin|trieu|tr|ty|dong)\b)"
)
_DATED: Final = re.compile(r"\b(?:ngay|thang)\b[\s.…0-9_/\-]*\b(?:nam\s*)?20[0-9]{2}\b")
_PERIOD: Final = re.compile(r"\b20[0-9]{2}\s*-\s*20[0-9]{2}\b")
_DOCUMENT: Final = re.compile(
    r"\b(?:so|quyet dinh|thong tu|nghi dinh|cong van|to trinh|bao cao)\b[^()]*?/[a-z0-9\-]*"
)
_NATIONAL: Final = re.compile(r"\bkhuyen cong quoc gia\b|\bkcqg\b")
_LOCAL: Final = re.compile(r"\bkhuyen cong (?:dia phuong|tinh|thanh pho)\b|\bkcdp\b")
_CENTRAL: Final = re.compile(r"\bkcqg\b|\bquoc gia\b|\btrung uong\b|\btw\b")
_OWN_PROVINCE: Final = re.compile(r"\bkcdp\b|\bdia phuong\b|\btinh\b|\bthanh pho\b")
_NOT_OURS: Final = re.compile(r"\W*(?:cong hoa xa hoi|kinh gui|noi nhan|can cu|thuc hien|kem theo|theo)\b")
_PLACE_WORD: Final = re.compile(r"\b(?:tỉnh|thành phố|tp)\b\.?\s*:?\s*", re.IGNORECASE)

Unit = TypeVar("Unit")


def plan_year(lines: Iterable[str]) -> int | None:
    """The year in the title: "KẾ HOẠCH NĂM 2027" before any other "NĂM 2026", that before a bare "KCQG 2027".

    The day or number of a letter and a period of several years never count; of bare years, only the one
    plan year there is.
    """
    planned: list[int] = []
    named: list[int] = []
    lone: set[int] = set()
    for line in lines:
        folded = _PERIOD.sub(" ", _DATED.sub(" ", fold(line)))
        planned += [int(year) for year in _YEAR_AFTER_PLAN.findall(folded)]
        if not folded.startswith(("(kem theo", "kem theo", "can cu")):
            undocumented = _DOCUMENT.sub(" ", folded)
            named += [int(year) for year in _YEAR.findall(undocumented)]
            if _OF_PROJECTS.search(folded):
                lone |= {int(year) for year in _LONE_YEAR.findall(undocumented)} & set(plan_years())
    return max(planned or named, default=None) or (lone.pop() if len(lone) == 1 else None)


def purse_of(lines: Iterable[str]) -> str:
    """ "KCQG" or "KCDP" where the title names one; "" where it names both or none."""
    text = " ".join(fold(line) for line in lines)
    national, local = bool(_NATIONAL.search(text)), bool(_LOCAL.search(text))
    return "" if national == local else ("KCQG" if national else "KCDP")


def purse_of_source(text: str) -> str:
    """The purse that a row's "Nguồn vốn" names: "Trung ương", "Địa phương", "KCQG"."""
    folded = fold(text)
    national, local = bool(_CENTRAL.search(folded)), bool(_OWN_PROVINCE.search(folded))
    return "" if national == local else ("KCQG" if national else "KCDP")


def province_of(lines: Iterable[str], find: Callable[[str], Unit | None]) -> Unit | None:
    """The province in the title block: "TỈNH AN GIANG" anywhere, else the end of an office's name."""
    told = [clean(line) for line in lines]
    for line in told:
        for found in _PLACE_WORD.finditer(line):
            words = line[found.end() :].split()[:6]
            for length in range(len(words), 0, -1):
                name = " ".join(words[:length]).strip(" ,.;:()-–")
                if name and (unit := find(f"{found.group().strip(' :')} {name}")):
                    return unit
    for line in told:
        if len(line) <= 120 and not _NOT_OURS.match(fold(line)) and (unit := find(line)):
            return unit
    return None


def title_words(lines: Iterable[str]) -> Iterator[str]:
    """Runs of two to four words of the title block, line by line, the longer first, to find names in."""
    for line in lines:
        words = [] if _NOT_OURS.match(fold(line)) else re.findall(r"[^\W\d_]+", clean(line))
        for length in (4, 3, 2):
            for at in range(len(words) - length + 1):
                yield " ".join(words[at : at + length])
