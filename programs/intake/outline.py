"""Which rows are projects, which are groups, totals, details or words that go on. Pure.

Offices number groups with Roman numbers, letters or nothing at all, put subtotals beside the group's name
or below its rows, and let one project take several rows. Each row is decided with its neighbours in sight.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from programs.intake.headings import Role
from programs.intake.layout import Table
from programs.intake.lines import DETAILS, Line, Look
from programs.intake.numbering import Kind, Number, settle
from vietnam.text import clean, fold


class Part(StrEnum):
    PROJECT = "project"
    GROUP = "group"
    MORE = "more"
    """The row goes on with the project above."""
    DETAIL = "detail"
    """A cost or site of the project above, already in its money."""
    WORDS = "words"


@dataclass(slots=True, eq=False)
class Group:
    """A heading row; ``items`` are the projects below it, those of inner groups included."""

    line: Line
    number: Number
    title: str
    items: list[Item] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Item:
    """One project: its row, the rows that go on with it, and the groups it stands in, outermost first."""

    lines: list[Line]
    groups: tuple[Group, ...] = ()
    lent_title: str = ""

    @property
    def line(self) -> Line:
        return self.lines[0]

    @property
    def money_line(self) -> Line:
        return next((line for line in self.lines if line.has_money), self.lines[0])

    def text(self, role: Role) -> str:
        """The words of all its rows; names of further establishments are set apart by semicolons."""
        parts = [self.line.text(role) or (self.lent_title if role is Role.TITLE else "")]
        parts += [line.texts.get(role, "") for line in self.lines[1:]]
        told = [part for part in parts if part]
        if role in (Role.BENEFICIARY, Role.TAX_CODE):
            return _names(told)
        return clean(" ".join(told))


@dataclass(slots=True)
class Declared:
    """A sum the sheet states, and the rows it may be the sum of, the likeliest first."""

    line: Line
    label: str
    scopes: list[list[Item]]


@dataclass(slots=True)
class Outline:
    items: list[Item] = field(default_factory=list)
    sums: list[Declared] = field(default_factory=list)


_LEGAL_FORM: Final = re.compile(
    r"^(?:cong ty|cty|htx|hop tac xa|ho |hkd|co so|doanh nghiep|dntn|to hop tac|trung tam|hoi |\d)"
)
_GROUP_NAMED: Final = re.compile(
    r"^(?:tong cong|tong so|tong|cong)\s*(?:nhom|muc|phan)?\s*\(?(?P<number>[ivxlc]+|[a-h]|[0-9]{1,2})\)?"
    r"(?:[\s.:;,].*)?$"
)
_PAGE: Final = re.compile(r"\b(?:trang|mang sang|luy ke|chuyen sang)\b")
_NOTE: Final = re.compile(r"^(?:ghi chu|luu y|nguon|chu thich|\*|\(\*)")


def _names(parts: list[str]) -> str:
    names = ""
    for part in parts:
        apart = "; " if _LEGAL_FORM.match(fold(part)) else " "
        names = f"{names}{apart if names else ''}{part}"
    return clean(names)


def outline_of(table: Table, lines: list[Line]) -> Outline:
    """The projects and stated sums of a table, in row order."""
    return _Reader(table, lines).read()


class _Reader:
    def __init__(self, table: Table, lines: list[Line]) -> None:
        self.table = table
        self.lines = lines
        self.found = Outline()
        self.stack: list[Group] = []
        self.groups: list[Group] = []
        self.order: list[Kind] = []
        self.ended = False
        self.letter = ""
        self.last_money = max(
            (n for n, line in enumerate(lines) if line.look is Look.ROW and line.has_money), default=-1
        )
        self.knows_details = table.has(*DETAILS)
        rich = [line for line in lines if line.look is Look.ROW and not line.is_poor and line.has_money]
        self.numbered = sum(line.number.kind is not Kind.NONE for line in rich) * 2 > len(rich)

    def read(self) -> Outline:
        for at, line in enumerate(self.lines):
            if line.look is Look.TOTAL:
                self._total(at, line)
                continue
            line.number = settle(line.number, self.letter)
            if line.number.kind is Kind.LETTER:
                self.letter = line.number.text
            self._place(self._part(at, line), line)
        for group in self.groups:
            if group.line.has_money:
                self.found.sums.append(Declared(group.line, self._name(group), [group.items]))
        self.found.sums.sort(key=lambda declared: declared.line.row)
        return self.found

    # --- where a row goes

    def _place(self, part: Part, line: Line) -> None:
        if part is Part.GROUP:
            self._open(line)
        elif part is Part.MORE:
            self.found.items[-1].lines.append(line)
        elif part is Part.PROJECT:
            self._close_for(line.number)
            before = self.found.items[-1] if self.found.items else None
            lent = "" if line.text(Role.TITLE) or before is None else before.text(Role.TITLE)
            item = Item([line], tuple(self.stack), lent)
            self.found.items.append(item)
            for group in self.stack:
                group.items.append(item)
            self.ended = False

    def _open(self, line: Line) -> None:
        kind = line.number.kind
        if kind not in self.order:
            self.order.append(kind)
        rank = self.order.index(kind)
        while self.stack and self._outlived(self.stack[-1], line.number, rank):
            self.stack.pop()
        group = Group(line, line.number, line.title)
        self.stack.append(group)
        self.groups.append(group)

    def _outlived(self, open_group: Group, number: Number, rank: int) -> bool:
        if number.is_below(open_group.number):
            return False
        return self.order.index(open_group.number.kind) >= rank

    def _close_for(self, number: Number) -> None:
        """A numbered project ends a group numbered alike ("2" after the group "1" with its 1.1, 1.2)."""
        while self.stack:
            kind = self.stack[-1].number.kind
            below = number.is_below(self.stack[-1].number)
            same = kind is Kind.ARABIC and number.kind is Kind.ARABIC
            if (kind is Kind.DOTTED and number.kind in (Kind.ARABIC, Kind.DOTTED) and not below) or same:
                self.stack.pop()
            else:
                return

    @staticmethod
    def _name(group: Group) -> str:
        return clean(f"{group.number.text} {group.title}")

    # --- what a row is

    def _next(self, at: int) -> Line | None:
        return next((line for line in self.lines[at + 1 :] if line.look is Look.ROW), None)

    def _part(self, at: int, line: Line) -> Part:
        before = self.found.items[-1] if self.found.items else None
        if self.ended and not line.has_money:
            return Part.WORDS
        kind = line.number.kind
        named = bool(line.texts.get(Role.BENEFICIARY) or line.texts.get(Role.TAX_CODE))
        if kind in (Kind.ROMAN, Kind.LETTER):
            return Part.PROJECT if named and line.has_money else Part.GROUP
        if kind in (Kind.NONE, Kind.BULLET):
            return self._unnumbered(at, line, before)
        if not line.title and not line.has_money and not line.carried and line.is_poor:
            return Part.WORDS
        if line.is_poor and (self._has_projects_below(at, line) or self._is_empty_group(line)):
            return Part.GROUP
        if before is not None and line.number.is_below(before.line.number) and not (named and line.title):
            return Part.MORE if named and not before.text(Role.BENEFICIARY) else Part.DETAIL
        return Part.PROJECT

    def _has_projects_below(self, at: int, line: Line) -> bool:
        below = self._next(at)
        if below is None or not (below.number.is_below(line.number) or below.number.kind is Kind.NONE):
            return False
        if not below.title:
            return False
        if below.number.kind is Kind.DOTTED:
            return True
        return not below.is_poor and below.has_money

    def _is_empty_group(self, line: Line) -> bool:
        """A group like those above it in which nobody has a project: no money, or zeros."""
        sheet, row = self.table.sheet, line.row
        cells = [(row, column) for columns in line.money.values() for column in columns]
        idle = not any(_figure(sheet.at(*cell)) or sheet.unreadable(*cell) for cell in cells)
        return idle and any(group.number.kind is line.number.kind for group in self.groups)

    def _unnumbered(self, at: int, line: Line, before: Item | None) -> Part:
        if not any(line.texts.values()):
            return (
                Part.PROJECT if line.carried.get(Role.TITLE) and self._new_money(line, before) else Part.WORDS
            )
        if _NOTE.match(fold(line.title)):
            self.ended = self.ended or not self._more_money(at)
            return Part.WORDS
        if not line.title:
            return self._untitled(line, before)
        adjacent = before is not None and line.row == before.lines[-1].row + 1
        if line.number.kind is Kind.BULLET and line.is_poor:
            return Part.DETAIL if before is not None else Part.WORDS
        if line.has_money:
            return self._with_money(at, line)
        if adjacent and (line.title[:1].islower() or (self.numbered and not line.is_poor)):
            return Part.MORE
        if not line.is_poor:
            return Part.PROJECT
        return self._bare_title(at, line, adjacent)

    @staticmethod
    def _new_money(line: Line, before: Item | None) -> bool:
        return line.has_money and (before is None or before.money_line.has_money)

    def _untitled(self, line: Line, before: Item | None) -> Part:
        """No title of its own: more words or a further beneficiary of the project above, or its twin."""
        if before is None:
            return Part.PROJECT if line.has_money and not line.is_poor else Part.WORDS
        if not line.has_money or not before.money_line.has_money:
            return Part.MORE
        if line.texts.get(Role.BENEFICIARY) and not before.text(Role.BENEFICIARY):
            return Part.MORE
        if not line.carried.get(Role.TITLE) and line.texts.get(Role.BENEFICIARY) and len(before.lines) > 1:
            return Part.MORE
        return Part.PROJECT if not line.is_poor else Part.WORDS

    def _with_money(self, at: int, line: Line) -> Part:
        below = self._next(at)
        if not line.is_poor or not self.knows_details or below is None:
            return Part.PROJECT
        if self.numbered:
            return Part.GROUP if below.number.kind is not Kind.NONE or not below.is_poor else Part.PROJECT
        return Part.GROUP if self._adds_up(at, line) else Part.PROJECT

    def _adds_up(self, at: int, line: Line) -> bool:
        """Whether the rows below, up to the next bare one, add up to this row's figures (as written)."""
        sheet = self.table.sheet
        for columns in line.money.values():
            for column in columns:
                stated, total = sheet.at(line.row, column), 0.0
                for below in self.lines[at + 1 :]:
                    if below.look is not Look.ROW or (below.is_poor and below.has_money):
                        break
                    value = sheet.at(below.row, column)
                    total += _figure(value)
                if total and abs(total - _figure(stated)) < 0.005:
                    return True
        return False

    def _bare_title(self, at: int, line: Line, adjacent: bool) -> Part:
        below = self._next(at)
        starts_list = below is not None and (
            below.number.text in ("1", "1.1", "a") or (not self.numbered and not below.is_poor)
        )
        if below is not None and (line.across or starts_list):
            return Part.GROUP
        if line.title[:1].isupper() and self._is_empty_group(line):
            return Part.GROUP
        return Part.MORE if adjacent and self.numbered else Part.WORDS

    # --- totals

    def _total(self, at: int, line: Line) -> None:
        label = fold(line.label)
        if not line.has_money or _PAGE.search(label):
            return
        named = _GROUP_NAMED.match(label)
        if named and (group := self._group_named(named["number"])):
            self.found.sums.append(Declared(line, line.label, [group.items]))
            return
        everything = self.found.items
        inner = [group.items for group in reversed(self.stack)]
        grand = bool(re.match(r"tong (?:cong|so|kinh phi|nhu cau)", label)) or not inner
        more = self._more_money(at)
        scopes = [everything, *inner] if grand or not more else [*inner, everything]
        self.found.sums.append(Declared(line, line.label, scopes))
        self.ended = bool(everything) and not more

    def _more_money(self, at: int) -> bool:
        return at < self.last_money

    def _group_named(self, number: str) -> Group | None:
        found = [group for group in self.groups if fold(group.number.text) == number]
        return found[-1] if found else None


def _figure(value: object) -> float:
    if isinstance(value, int | float):
        return float(value)
    digits = re.sub(r"[^0-9,]", "", str(value or "")).replace(",", ".")
    try:
        return float(digits)
    except ValueError:
        return 0.0
