"""What stands on an official paper, as plain values: each form is written once, for PDF and page alike.

Papers are Vietnamese in every language of the portal, as the law asks. Layout: Nghị định 30/2020/NĐ-CP,
Phụ lục I (from memory, not compared with its text).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, Final

BLANK: Final = "……………"
"""Where the portal has nothing: to be filled in by hand."""


@dataclass(frozen=True, slots=True)
class Block:
    kind: ClassVar[str]

    def plain(self) -> dict[str, Any]:
        return {"kind": self.kind, **asdict(self)}


@dataclass(frozen=True, slots=True)
class Heading(Block):
    kind: ClassVar[str] = "heading"
    text: str


@dataclass(frozen=True, slots=True)
class Text(Block):
    """Paragraphs, one a line."""

    kind: ClassVar[str] = "text"
    text: str

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines() or [BLANK]

    def plain(self) -> dict[str, Any]:
        return {"kind": self.kind, "lines": self.lines}


@dataclass(frozen=True, slots=True)
class Facts(Block):
    """Name and value, a pair a line."""

    kind: ClassVar[str] = "facts"
    rows: list[tuple[str, str]]

    def plain(self) -> dict[str, Any]:
        return {"kind": self.kind, "rows": [[name, value or BLANK] for name, value in self.rows]}


@dataclass(frozen=True, slots=True)
class Table(Block):
    """``columns``: heading and width in shares; those in ``right`` hold numbers. ``foot``: the sum's row."""

    kind: ClassVar[str] = "table"
    columns: list[tuple[str, float]]
    rows: list[list[str]]
    foot: list[str] = field(default_factory=list)
    right: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Signatures(Block):
    """Who signs: role, hint in brackets, name."""

    kind: ClassVar[str] = "signatures"
    people: list[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Paper:
    """One form, filled in. ``note`` says what of its layout nobody has compared with the official file."""

    title: str
    subtitle: str
    office: str
    blocks: list[Block]
    note: str = ""
    place: str = ""
    parent: str = ""
    """The body above the office, on the line above it."""
    symbol: str = ""
    """What follows the slash of a number that is written by hand; "" for papers without one."""
    number: str = ""
    """The whole number, where the office's register has given one."""
    wide: bool = False
    """Landscape: for tables of many columns."""
    entry: str = ""
    """Its line in the list of contents; without one it belongs to the paper before it."""

    def plain(self) -> dict[str, Any]:
        """As JSON, for the typesetter and the template."""
        return {**asdict(self), "blocks": [block.plain() for block in self.blocks]}
