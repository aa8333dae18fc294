"""Papers as one PDF, set by Typst from a fixed template: what people typed goes in as data, not markup."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import typst

from records.paper.blocks import Paper
from records.paper.fonts import family

TEMPLATE: Final = Path(__file__).with_name("paper.typ")


def as_pdf(papers: Sequence[Paper], *, title: str, made_at: dt.datetime, contents: bool = False) -> bytes:
    """The papers one after another, A4, each from a new page; ``contents`` puts a list of them in front."""
    name, folders = family()
    data = {
        "title": title,
        "family": name,
        "contents": contents,
        "papers": [paper.plain() for paper in papers],
    }
    made = typst.compile(
        TEMPLATE.read_bytes(),
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=list(folders)),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=int(made_at.timestamp()),
    )
    assert isinstance(made, bytes)  # one file: a PDF has all its pages
    return made
