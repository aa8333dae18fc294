"""Text typed for the old fonts (TCVN3 ".VnTime", VNI): "§Ò ¸n", "Ñeà aùn" where "Đề án" was meant.

Nothing in the file says so; the letters do. Unicode Vietnamese never uses these characters inside words,
while the old encodings cannot write three words without them. Text that was UTF-8 and was opened as
something else ("Äá»\x81 Ã¡n") betrays itself by the same letters.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final

from programs.intake.grid import Sheet

_VIETNAMESE: Final = frozenset("àáâãèéêìíòóôõùúýÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝ")
# Signs an office may well write beside a word: 15 m², ± 5 %, «…», No°.
_SIGNS: Final = frozenset("\xa0°±²³·×÷«»§®©µ½¼¾¹º´¨¬\xad")
_IMPOSSIBLE: Final = frozenset(map(chr, range(0xA1, 0x100))) - _VIETNAMESE - _SIGNS
_QUOTES: Final = "«»()[]{}.,;:!?\"'“”-–/°²³§©®·"
_UPPER_ACCENTED: Final = frozenset("ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝ")
_CERTAIN_WORDS: Final = 3
_CERTAIN_CELLS: Final = 2


def is_legacy(sheets: Iterable[Sheet]) -> bool:
    """Whether any part of the workbook is written for an old font."""
    cells = 0
    for sheet in sheets:
        for row in sheet.rows:
            for value in row:
                if isinstance(value, str) and not value.isascii():
                    strange, plain = _count(value)
                    if strange >= _CERTAIN_WORDS and strange > plain:
                        return True
                    cells += strange >= 1 and strange >= plain
                    if cells > _CERTAIN_CELLS:
                        return True
    return False


def _count(text: str) -> tuple[int, int]:
    """Words that cannot be Unicode Vietnamese, and accented words that can."""
    strange = plain = 0
    for word in unicodedata.normalize("NFC", text).split():
        if word.isascii():
            continue
        if _is_strange(word.strip(_QUOTES) if len(word.strip(_QUOTES)) > 1 else word):
            strange += 1
        elif any(char.isalpha() for char in word):
            plain += 1
    return strange, plain


def _is_strange(word: str) -> bool:
    if any(char in _IMPOSSIBLE for char in word):
        return True
    before = ""
    for char in word:
        # A sign between letters ("c«ng"), or an accented capital after a small letter ("thiÕt").
        if char in _SIGNS and char not in "²³°×÷·\xad" and before.isascii() and before.isalpha():
            return True
        if char in _UPPER_ACCENTED and before.islower():
            return True
        before = char
    starts_with_sign = word[0] in _SIGNS and len(word) > 1 and word[1].isalpha()
    return starts_with_sign and word[0] not in "²³°×÷·\xad±"
