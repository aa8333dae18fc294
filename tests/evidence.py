"""What ``./run evidence`` wants to know of a test: how much was tried, and how much of it went wrong.

In ``./run test`` the sizes are small and nothing is written down.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Sequence
from typing import TypeVar
from zlib import crc32

Thing = TypeVar("Thing")


def size(name: str, small: int) -> int:
    """How much to try: ``small``, unless the evidence run asks for more."""
    return int(os.environ.get(f"KC_SIZE_{name.upper()}", small))


def count(name: str, tried: int, violations: int = 0) -> None:
    """Note that so much was tried, and so much went wrong; called before the test fails of it."""
    if path := os.environ.get("KC_TALLY"):
        line = json.dumps({"name": name, "tried": tried, "violations": violations}) + "\n"
        with open(path, "a", encoding="utf-8") as file:
            file.write(line)


def sample(things: Sequence[Thing], percent: int, seed: int, about: str) -> list[Thing]:
    """So many of a hundred, by the printed seed and in their order; all at 100."""
    if percent >= 100:
        return list(things)
    pick = random.Random(seed ^ crc32(about.encode()))
    return [thing for thing in things if pick.randrange(100) < percent]
