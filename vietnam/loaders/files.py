from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Final

DATA: Final = Path(__file__).resolve().parent.parent / "data"


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a CSV file of the app."""
    with (DATA / name).open(encoding="utf-8", newline="") as handle:
        yield from csv.DictReader(handle)


def day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
