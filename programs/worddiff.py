"""Two versions of a text, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Fate = Literal["kept", "gone", "new"]
CONTEXT = 12
"""Words shown on each side of a change when only changes are asked for."""
LEAST_ALIKE = 0.3
"""Below this the texts have so little in common that each is read better whole."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words in a row that share their fate; ``middle`` is the part of kept words far from any change."""

    fate: Fate
    head: str
    middle: str = ""
    tail: str = ""

    @property
    def text(self) -> str:
        return self.head + self.middle + self.tail

    @property
    def words(self) -> str:
        return self.text.rstrip()

    @property
    def space(self) -> str:
        """What stands behind the words, to be left unmarked."""
        return self.text[len(self.words) :]


def word_changes(before: str, after: str) -> list[Piece]:
    """What became of each word; empty where showing both texts whole says more."""
    old, new = _words(before), _words(after)
    matcher = SequenceMatcher(None, [word.strip() for word in old], [word.strip() for word in new])
    if not old or not new or matcher.ratio() < LEAST_ALIKE:
        return []
    steps = matcher.get_opcodes()
    pieces: list[Piece] = []
    for number, (kind, old_from, old_to, new_from, new_to) in enumerate(steps):
        if kind == "equal":
            pieces.append(_kept(new[new_from:new_to], first=number == 0, last=number == len(steps) - 1))
        else:
            pieces += _changed(old[old_from:old_to], new[new_from:new_to])
    return pieces if any(piece.fate != "kept" for piece in pieces) else []


def _words(text: str) -> list[str]:
    """Each word with the space behind it, so that some of them joined are still words."""
    return re.findall(r"\S+\s+", f"{text} ")


def _changed(gone: list[str], new: list[str]) -> Iterator[Piece]:
    if gone:
        yield Piece("gone", "".join(gone))
    if new:
        yield Piece("new", "".join(new))


def _kept(words: list[str], *, first: bool, last: bool) -> Piece:
    head = 0 if first else CONTEXT
    tail = 0 if last else CONTEXT
    if len(words) <= head + tail + CONTEXT:
        return Piece("kept", "".join(words))
    cut = len(words) - tail
    return Piece("kept", "".join(words[:head]), "".join(words[head:cut]), "".join(words[cut:]))
