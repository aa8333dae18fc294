"""The letters of a PDF: one family that holds every Vietnamese letter in all four faces.

A family that lacks some is never taken: the typesetter would compose them, with marks that float.
"""

from __future__ import annotations

import functools
import struct
from pathlib import Path
from typing import Final

import typst

VIETNAMESE: Final = (
    "àáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"
    "ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
)
FAMILIES: Final = ("Times New Roman", "Tinos", "Liberation Serif")
"""Of the measures Nghị định 30/2020/NĐ-CP asks for, the best first."""
BUILT_IN: Final = "New Computer Modern"
"""The typesetter's own, complete; taken where the machine has none of the others."""
FACES: Final = frozenset({("normal", 400), ("normal", 700), ("italic", 400), ("italic", 700)})


@functools.cache
def family() -> tuple[str, tuple[str, ...]]:
    """The family to set papers in, and the folders its files lie in."""
    found = typst.Fonts(include_embedded_fonts=False).fonts()
    for name in FAMILIES:
        faces = {(f.style, f.weight): Path(f.path) for f in found if f.family == name and f.path}
        if faces.keys() >= FACES and all(holds_vietnamese(faces[face]) for face in FACES):
            return name, tuple(sorted({str(faces[face].parent) for face in FACES}))
    return BUILT_IN, ()


def holds_vietnamese(path: Path) -> bool:
    """Has this font file a glyph of its own for each letter?"""
    try:
        known = _letters(path.read_bytes())
    except (OSError, struct.error):
        return False
    return all(ord(letter) in known for letter in VIETNAMESE)


def _letters(font: bytes) -> set[int]:
    """The code points of the font's ``cmap`` table, of its Unicode map in the common format 4."""
    (tables,) = struct.unpack_from(">H", font, 4)
    for place in range(12, 12 + 16 * tables, 16):
        tag, _sum, start, _length = struct.unpack_from(">4sLLL", font, place)
        if tag == b"cmap":
            break
    else:
        return set()
    (maps,) = struct.unpack_from(">H", font, start + 2)
    for place in range(start + 4, start + 4 + 8 * maps, 8):
        platform, encoding, offset = struct.unpack_from(">HHL", font, place)
        if (platform, encoding) in ((3, 1), (0, 3)) and font[start + offset + 1] == 4:
            return _format_4(font, start + offset)
    return set()


def _format_4(font: bytes, start: int) -> set[int]:
    (twice,) = struct.unpack_from(">H", font, start + 6)
    count = twice // 2
    ends = struct.unpack_from(f">{count}H", font, start + 14)
    starts = struct.unpack_from(f">{count}H", font, start + 16 + twice)
    deltas = struct.unpack_from(f">{count}H", font, start + 16 + 2 * twice)
    ranges = start + 16 + 3 * twice
    offsets = struct.unpack_from(f">{count}H", font, ranges)
    found = set()
    for n, (first, last, delta, offset) in enumerate(zip(starts, ends, deltas, offsets, strict=True)):
        for code in range(first, last + 1):
            glyph = code
            if offset:
                place = ranges + 2 * n + offset + 2 * (code - first)
                (glyph,) = struct.unpack_from(">H", font, place) if place + 2 <= len(font) else (0,)
            if (glyph + delta) & 0xFFFF and (glyph or not offset):
                found.add(code)
    return found
