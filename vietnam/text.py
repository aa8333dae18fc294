"""Vietnamese text: cleaning on write, accent-insensitive folding, comparing, and the Vietnamese order.

Everything here is pure Python.
"""

from __future__ import annotations

import re
import unicodedata

# Characters that look like a space.
SPACES = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f\x20\x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B)))
SPACES += "\u2028\u2029\u202f\u205f\u3000"
# Characters nobody sees: soft hyphen, zero width, direction marks, byte order mark.
INVISIBLE = "\xad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e"
INVISIBLE += "\u2066\u2067\u2068\u2069"
APOSTROPHES = "\u2018\u2019\u02bc\u02b9\u2032"
DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"

CONTROLS = "".join(map(chr, [*range(9), *range(0x0E, 0x1C), *range(0x7F, 0x85), *range(0x86, 0xA0)]))
_TIDY: dict[int, str] = {
    **{ord(c): " " for c in SPACES},
    **{ord(c): "'" for c in APOSTROPHES},
    **{ord(c): "" for c in INVISIBLE + CONTROLS},
}
_TIDY_LINES = {code: char for code, char in _TIDY.items() if code != 0x0A}
_SURROGATE = re.compile("[\ud800-\udfff]")
_RUN_OF_SPACES = re.compile(" +")


def clean(text: str) -> str:
    """One tidy line: NFC, ordinary spaces, no invisible or control characters, straight apostrophes."""
    text = _SURROGATE.sub("", text).translate(_TIDY)
    return unicodedata.normalize("NFC", _RUN_OF_SPACES.sub(" ", text).strip(" "))


def clean_lines(text: str) -> str:
    """As :func:`clean`, but keeps the line breaks of a longer text (at most one empty line in a row)."""
    text = _SURROGATE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).translate(_TIDY_LINES)
    lines = (_RUN_OF_SPACES.sub(" ", line).strip(" ") for line in text.split("\n"))
    return unicodedata.normalize("NFC", re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n"))


# --- telling the language

_LETTERS = re.compile(r"[^\W\d_]+")
_VIETNAMESE = re.compile("[\u0300-\u036fđĐ]")


def looks_vietnamese(text: str) -> bool:
    """Whether it reads as Vietnamese: more than half of its words bear a mark, unlike a name or two
    in a foreign sentence."""
    words = _LETTERS.findall(unicodedata.normalize("NFC", text))
    marked = sum(bool(_VIETNAMESE.search(unicodedata.normalize("NFD", word))) for word in words)
    return 2 * marked > len(words)


# --- folding

_MARKS = re.compile("[\u0300-\u036f]")
_FOLD = str.maketrans("đĐ" + DASHES, "dd" + "-" * len(DASHES))
# Only A–Z are lowered: every Vietnamese letter is ASCII once its marks are gone, and PostgreSQL's lower()
# knows no more than that in a database without a locale.
_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")
_WORD = re.compile(r"[a-z0-9]+")


def fold(text: str) -> str:
    """Text for searching: clean, no marks, đ as d, lower case: "Thanh Hoá", "THANH HÓA" → "thanh hoa"."""
    bare = _MARKS.sub("", unicodedata.normalize("NFD", clean(text))).translate(_FOLD).translate(_LOWER)
    return unicodedata.normalize("NFC", bare)


def squeeze(text: str) -> str:
    """Folded letters and digits only, for matching names whatever their spacing: "Tp. Hà-Nội" → "tphanoi"."""
    return "".join(_WORD.findall(fold(text)))


def has_accents(text: str) -> bool:
    """True when the text carries a Vietnamese mark or đ: then accented hits are to be preferred."""
    return fold(text) != clean(text).translate(_LOWER)


# --- comparing

# Open syllables on oa, oe, uy are written both ways (hóa/hoá). Not after q (quý), not before a letter (toàn).
_OLD_TONE = re.compile(r"(?<![q])(o|u)([\u0300\u0301\u0303\u0309\u0323])([aey])(?![\w\u0300-\u036f])")


def reading_key(text: str) -> str:
    """What :func:`same_text` compares: lower case, decomposed, the tone always on the same vowel."""
    bare = unicodedata.normalize("NFD", clean(text).lower())
    return _OLD_TONE.sub(r"\1\3\2", bare)


def same_text(a: str, b: str) -> bool:
    """Equal for a reader: case, spacing, Unicode form and tone placement do not count; the accents do."""
    return reading_key(a) == reading_key(b)


# --- the Vietnamese order
# A key in three parts, joined by a character lower than any other in the key, to be compared byte by byte
# (PostgreSQL: COLLATE "C"): letters, then tones, then capitals. The order is that of the CLDR for vi, with
# numbers compared as numbers ("Thống Nhất 2" < "Thống Nhất 10").

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER = {letter: chr(0x41 + rank) for rank, letter in enumerate(_ALPHABET)}
_MARKS_IN_ORDER = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$"
_PUNCTUATION = {char: '"' + chr(0x30 + rank) for rank, char in enumerate(_MARKS_IN_ORDER)}
_SHAPED = {
    ("a", "\u0306"): "ă", ("a", "\u0302"): "â", ("e", "\u0302"): "ê", ("o", "\u0302"): "ô",
    ("o", "\u031b"): "ơ", ("u", "\u031b"): "ư",
}  # fmt: skip
_TONE = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_SPACE, _DIGITS, _OTHER, _LEVEL = "!", "0", "~", " "
_CLUSTER = re.compile("[0-9]+|([^\u0300-\u036f])([\u0300-\u036f]*)|[\u0300-\u036f]+", re.DOTALL)
_LONGEST_NUMBER = 70


def _number_key(digits: str) -> str:
    digits = digits.lstrip("0")[:_LONGEST_NUMBER]
    return _DIGITS + chr(0x30 + len(digits)) + digits


def _letter_key(char: str, marks: str) -> tuple[str, str]:
    """The primary and secondary weight of one letter with its marks."""
    letter, tones = char.lower(), ""
    for mark in marks:
        if shaped := _SHAPED.get((letter, mark)):
            letter = shaped
        else:
            tones += _TONE.get(mark, "6")
    if letter == " ":
        return _SPACE, "0" + tones
    primary = _LETTER.get(letter) or _PUNCTUATION.get(letter) or _OTHER + letter
    return primary, "0" + tones


def sort_key(text: str) -> str:
    """A key whose byte order is the Vietnamese order (``COLLATE "vi-x-icu"``, with natural numbers)."""
    primary, secondary, tertiary = [], [], []
    decomposed = unicodedata.normalize("NFKD", clean(text).translate(dict.fromkeys(map(ord, DASHES), "-")))
    for found in _CLUSTER.finditer(decomposed):
        char, marks = found.group(1), found.group(2) or ""
        if char is None:
            if found.group()[0].isdigit():
                primary.append(_number_key(found.group()))
                secondary.append("0")
                tertiary.append("0")
            continue
        first, second = _letter_key(char, marks)
        primary.append(first)
        secondary.append(second)
        tertiary.append("1" if char != char.lower() else "0")
    tones, capitals = "".join(secondary).rstrip("0"), "".join(tertiary).rstrip("0")
    return _LEVEL.join(["".join(primary), tones, capitals]).rstrip(_LEVEL)


def person_sort_key(full_name: str) -> str:
    """The key of a person's name: by the given name, which stands last, then by the rest as written."""
    words = clean(full_name).split(" ")
    return sort_key(" ".join([words[-1], *words[:-1]]))
