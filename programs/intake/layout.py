"""Where the tables of a sheet are and what their columns hold, found by content. Pure.

A table begins with a heading of one to four rows that names projects and money; it ends where the next
one begins. Merged cells, "Trong đó" over its parts, columns in any order and extra columns are all usual.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from programs.intake import headings
from programs.intake.grid import Sheet
from programs.intake.headings import MONEY, SOURCES, Role, heading_words, is_sum, money_role, plain_role
from programs.intake.numbering import is_numbering_cell
from programs.intake.units import is_unit_line, line_unit, noted_unit, stated_unit
from vietnam.text import fold

_MAX_LEVELS: Final = 4
_LONGEST_HEADING: Final = 160
_FIGURE: Final = re.compile(r"[-+()]?\s*[0-9][0-9.,\s]*[)%]?")
_UPPER_LEVEL: Final = re.compile(
    r"^(?:tong |cac )?(?:kinh phi|nguon|von|trong do|du toan|chia|thoi gian|thong tin)\b"
)
_ESTIMATE: Final = re.compile(r"^(?:don gia|so luong|khoi luong)\b")
_PLACED: Final = {Role.BENEFICIARY, Role.PLACE, Role.IMPLEMENTER}


@dataclass(slots=True)
class Table:
    """Rows ``first`` to ``last`` (exclusive) of a sheet under one heading; positions count from 0."""

    sheet: Sheet
    top: int
    first: int
    last: int
    columns: dict[Role, list[int]]
    units: dict[int, int | None]
    """Đồng in one unit of each money column; None where nothing says."""
    context: list[str] = field(default_factory=list)
    """The lines above the heading: title, province, unit."""
    unit: int | None = None
    """The unit those lines state."""

    def column(self, role: Role) -> int | None:
        found = self.columns.get(role)
        return found[0] if found else None

    def has(self, *roles: Role) -> bool:
        return any(role in self.columns for role in roles)


def find_tables(sheet: Sheet) -> list[Table]:
    """The tables of a sheet from top to bottom; none where no heading is recognised."""
    tables: list[Table] = []
    row, context_from = 0, 0
    while row < len(sheet.rows):
        heading = _heading_at(sheet, row, context_from)
        if heading is None:
            row += 1
            continue
        top, bottom, columns, own_units = heading
        if not (tables and tables[-1].columns == columns and _on_next_page(sheet, top)):
            start = _gap_start(sheet, top, context_from) if tables else 0
            context, unit = _context(sheet, start, top)
            if tables:
                tables[-1].last = start
                unit = unit or tables[-1].unit
            units = {c: own or unit for c, own in own_units.items()}
            tables.append(Table(sheet, top, bottom + 1, len(sheet.rows), columns, units, context, unit))
        row = context_from = bottom + 1
    for table in tables:
        _lend_unit(table)
    return tables


def _lend_unit(table: Table) -> None:
    """A unit said once counts for all columns: in one heading, in a note below, in the sheet's name."""
    own = {unit for unit in table.units.values() if unit}
    if len(own) > 1 or None not in table.units.values():
        return
    texts = (text for row in range(table.first, table.last) for _column, text in table.sheet.texts(row))
    unit = own.pop() if own else noted_unit(texts) or stated_unit(table.sheet.name)
    table.units = {column: stated or unit for column, stated in table.units.items()}


def is_heading_row(table: Table, row: int) -> bool:
    """A heading repeated inside a table (one a printed page), or one level of it."""
    named = sum(
        1
        for role, columns in table.columns.items()
        for column in columns
        if (text := table.sheet.text(row, column))
        and (plain_role(heading_words(text)) == role or money_role((heading_words(text),)) == role)
    )
    return named >= 3 or (named >= 2 and named == sum(1 for _ in table.sheet.texts(row)))


def is_numbering_row(texts: list[str]) -> bool:
    """The row of column numbers under a heading."""
    return len(texts) >= 3 and all(is_numbering_cell(text) for text in texts)


def _heading_at(
    sheet: Sheet, row: int, above: int
) -> tuple[int, int, dict[Role, list[int]], dict[int, int | None]] | None:
    texts = {
        column: heading_words(text) for column, text in sheet.texts(row) if len(text) <= _LONGEST_HEADING
    }
    title = _title_column(texts)
    if title is None or len(texts) < 3:
        return None
    top, bottom = _upper(sheet, row, above), _lower(sheet, row, title)
    levels = _levels(sheet, top, bottom)
    columns = _assign(levels)
    if title not in columns.get(Role.TITLE, []) and not headings.is_weak_title(texts[title]):
        return None
    if Role.TITLE not in columns or not any(role in columns for role in MONEY):
        return None
    if headings.is_weak_title(texts[title]) and not _PLACED & columns.keys():
        return None
    if any(_ESTIMATE.match(words) for words in texts.values()):  # Mẫu 1, a cost estimate
        return None
    known = sum(len(found) for found in columns.values())
    if known < 3:
        return None
    units: dict[int, int | None] = {}
    for role in MONEY:
        for column in columns.get(role, []):
            units[column] = _heading_unit(sheet, top, bottom, column)
    return top, bottom, columns, units


def _title_column(texts: dict[int, str]) -> int | None:
    strong = [column for column, words in texts.items() if plain_role(words) is Role.TITLE]
    weak = [column for column, words in texts.items() if headings.is_weak_title(words)]
    return next(iter(strong + weak), None)


def _upper(sheet: Sheet, row: int, above: int) -> int:
    """The first heading row: a level such as "Kinh phí" may stand above the row that names the projects."""
    top = row
    while top > above and row - top < 2:
        texts = [text for _column, text in sheet.texts(top - 1) if not is_unit_line(text)]
        if not texts or not all(len(t) <= 80 and _UPPER_LEVEL.match(heading_words(t)) for t in texts):
            break
        top -= 1
    return top


def _lower(sheet: Sheet, row: int, title: int) -> int:
    """The last heading row: levels below hold words over money or dates and nothing in the title's column."""
    bottom = row
    while bottom + 1 < len(sheet.rows) and bottom - row < _MAX_LEVELS - 1:
        below = bottom + 1
        span = sheet.span(below, title)
        covered = span is not None and span.top <= row
        if not covered and sheet.shown(below, title):
            break
        texts = [text for _column, text in sheet.texts(below)]
        if texts and all(is_unit_line(text) for text in texts):
            bottom = below
            continue
        if any(_FIGURE.fullmatch(text) for text in texts) or is_numbering_row(texts):
            break
        columns = _assign(_levels(sheet, row, below))
        before = _assign(_levels(sheet, row, bottom))
        if not texts and not covered:
            break
        if texts and columns == before and not covered:
            break
        bottom = below
    while bottom > row and not any(True for _ in sheet.texts(bottom)):
        span = sheet.span(bottom, title)
        if span and span.top <= row:
            break
        bottom -= 1
    return bottom


def _levels(sheet: Sheet, top: int, bottom: int) -> dict[int, tuple[str, ...]]:
    """The heading of each column as its levels, top first."""
    grid = [_level(sheet, row) for row in range(top, bottom + 1)]
    _spread(grid)
    levels: dict[int, tuple[str, ...]] = {}
    for column in range(sheet.width):
        words: list[str] = []
        for level in grid:
            text = level.get(column, "")
            if text and (not words or words[-1] != text):
                words.append(text)
        if words:
            levels[column] = tuple(words)
    return levels


def _level(sheet: Sheet, row: int) -> dict[int, str]:
    """The words over each column in one row, merged cells read through."""
    level = {}
    for column in range(sheet.width):
        text = sheet.shown(row, column)
        if text and not is_unit_line(text):
            level[column] = heading_words(text)
    return level


def _spread(grid: list[dict[int, str]]) -> None:
    """A heading centred over several columns without merging reaches to the next one on its level."""
    for depth, level in enumerate(grid[:-1]):
        below: dict[int, str] = {}
        for deeper in grid[depth + 1 :]:
            for column, words in deeper.items():
                below.setdefault(column, words)
        for column in sorted(below):
            left = level.get(column - 1, "")
            if column not in level and column - 1 in below and _UPPER_LEVEL.match(left):
                level[column] = left


def _assign(levels: dict[int, tuple[str, ...]]) -> dict[Role, list[int]]:
    """The columns of each role. Only parts of the money may have several columns, which are added."""
    found: dict[Role, list[int]] = {}
    weak = []
    for column, words in levels.items():
        role = _role(words)
        if role:
            found.setdefault(role, []).append(column)
        if headings.is_weak_title(words[-1]):
            weak.append(column)
    if Role.TITLE not in found and weak:
        found[Role.TITLE] = weak[:1]
        found = {r: [c for c in cs if r is Role.TITLE or c != weak[0]] for r, cs in found.items()}
    for role in SOURCES:
        columns = found.get(role, [])
        sums = [column for column in columns if is_sum(levels[column][-1])]
        if sums:
            found[role] = sums[:1]
    singles = {
        role: columns if role in SOURCES else columns[:1] for role, columns in found.items() if columns
    }
    return dict(sorted(singles.items(), key=lambda pair: pair[1]))


def _role(words: tuple[str, ...]) -> Role | None:
    leaf, parents = words[-1], " ".join(words[:-1])
    money = money_role(words)
    plain = plain_role(leaf)
    if plain and money is Role.STATE:  # "Đơn vị được hỗ trợ"
        return plain
    if money:
        return money
    if plain in (None, Role.CONTENT) and "thoi gian" in parents:
        return {"tu": Role.START, "den": Role.END}.get(leaf.split()[0], Role.TIME)
    if plain is None and re.search(r"\bdia (?:diem|chi|ban)\b", parents):
        return Role.PLACE
    return plain


def _heading_unit(sheet: Sheet, top: int, bottom: int, column: int) -> int | None:
    """The unit in the column's own heading, the nearest level first."""
    for row in range(bottom, top - 1, -1):
        text = sheet.shown(row, column)
        if not text and row < bottom:
            text = _left_heading(sheet, row, column)
        if text and (unit := stated_unit(text)):
            return unit
    return None


def _left_heading(sheet: Sheet, row: int, column: int) -> str:
    """The heading on this level that reaches over the column without being merged."""
    for left in range(column - 1, -1, -1):
        if text := sheet.text(row, left):
            return text if _UPPER_LEVEL.match(heading_words(text)) else ""
    return ""


def _context(sheet: Sheet, start: int, end: int) -> tuple[list[str], int | None]:
    """The lines above a heading and the unit they state: the nearest; two that differ state none."""
    lines: list[str] = []
    units: list[int] = []
    for row in range(start, end):
        texts = [text for _column, text in sheet.texts(row)]
        lines.extend(texts)
        if unit := line_unit(_unit_candidates(texts)):
            units.append(unit)
    return lines, units[-1] if units and len(set(units)) == 1 else None


def _unit_candidates(texts: list[str]) -> Iterator[str]:
    return (text for text in texts if len(text) <= 300 or "dvt" in fold(text))


def _has_figure(sheet: Sheet, row: int) -> bool:
    values = sheet.rows[row]
    return any(isinstance(v, int | float) and not isinstance(v, bool) for v in values) or any(
        _FIGURE.fullmatch(text) for _column, text in sheet.texts(row)
    )


def _on_next_page(sheet: Sheet, top: int) -> bool:
    """Whether a heading follows directly on rows of figures, as when it is repeated on each printed page."""
    above = next((row for row in range(top - 1, -1, -1) if any(True for _ in sheet.texts(row))), None)
    return above is not None and _has_figure(sheet, above)


def _gap_start(sheet: Sheet, top: int, earliest: int) -> int:
    """The first line of the words between two tables: those directly above the second one's heading."""
    start = top
    while start > earliest and not _has_figure(sheet, start - 1):
        start -= 1
    return start
