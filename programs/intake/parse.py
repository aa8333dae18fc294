"""From cells to a :class:`Workbook`: tables, rows, sums, year, province, doubles. No database, no law."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from programs.intake.amounts import is_nothing
from programs.intake.grid import Sheet
from programs.intake.headings import Role
from programs.intake.layout import Table, find_tables
from programs.intake.limits import MAX_COLUMNS
from programs.intake.lines import read_lines
from programs.intake.model import ImportRow, SheetProblem, Workbook, row_problem
from programs.intake.outline import Item, Outline, outline_of
from programs.intake.places import Places
from programs.intake.refusals import Refused
from programs.intake.rows import build_row
from programs.intake.schedule import first_year
from programs.intake.sums import check_sums
from programs.intake.titles import plan_year, purse_of
from vietnam.models import AdminUnit
from vietnam.text import fold

_TABLE_ROWS: Final = 3
"""A sheet with so many rows of figures and no heading we know is reported, not passed over in silence."""


@dataclass(slots=True)
class _Read:
    """A table with its outline and the rows made of it."""

    table: Table
    outline: Outline
    rows: dict[Item, ImportRow] = field(default_factory=dict)
    province: AdminUnit | None = None


def parse(
    sheets: list[Sheet], places_on: Callable[[dt.date], Places], units: Mapping[str, int] | None = None
) -> Workbook:
    """All that the workbook itself says; ``units`` are those of sheets that do not state their own.

    Raises :class:`Refused` where it holds no table of projects.
    """
    workbook = Workbook(units=dict(units or {}))
    tables: list[_Read] = []
    for sheet in sheets:
        found = find_tables(sheet)
        for table in found:
            table.units = {
                column: unit or workbook.units.get(sheet.name) for column, unit in table.units.items()
            }
        tables += [_Read(table, outline_of(table, read_lines(table))) for table in found]
        workbook.sheet_problems += _about_sheet(sheet, bool(found))
    if not tables:
        raise Refused("no_table")
    workbook.year = _year(tables)
    purses = {purse for read in tables if (purse := _purse(read.table))}
    workbook.purse = purses.pop() if len(purses) == 1 else ""
    for read in tables:
        purse = _purse(read.table) or workbook.purse
        read.rows = {item: build_row(read.table, item, purse) for item in read.outline.items}
    _locate(workbook, tables, places_on(dt.date(workbook.year or timezone.localdate().year, 1, 1)))
    _add_up(workbook, tables)
    workbook.rows = [row for read in tables for row in read.rows.values()]
    workbook.rows.sort(key=_position({sheet.name: n for n, sheet in enumerate(sheets)}))
    workbook.sheet_problems.sort(key=_position({sheet.name: n for n, sheet in enumerate(sheets)}))
    mark_duplicates(workbook.rows)
    return workbook


def _position(order: dict[str, int]) -> Callable[[ImportRow | SheetProblem], tuple[int, int]]:
    return lambda thing: (order.get(thing.sheet, 0), thing.row or 0)


def _about_sheet(sheet: Sheet, has_table: bool) -> list[SheetProblem]:
    if has_table and sheet.hidden:
        message = _("Trang “%(sheet)s” đang ẩn; các dòng của trang vẫn được đọc.") % {"sheet": sheet.name}
        return [SheetProblem(sheet.name, 1, "hidden_sheet", message, "warning")]
    if not has_table and not sheet.hidden and _looks_like_table(sheet):
        message = _(
            "Trang “%(sheet)s” có số liệu nhưng không có dòng tiêu đề của bảng đề án nên không được đọc."
        )
        return [SheetProblem(sheet.name, 1, "unread_sheet", message % {"sheet": sheet.name}, "warning")]
    return []


def _looks_like_table(sheet: Sheet) -> bool:
    def is_full(row: list[object]) -> bool:
        filled = [value for value in row if value is not None]
        return len(filled) >= 3 and sum(isinstance(value, int | float) for value in filled) >= 2

    return sum(is_full(list(row)) for row in sheet.rows) >= _TABLE_ROWS


def _year(tables: list[_Read]) -> int | None:
    """The title's year, that of the first sheet that names one; else the earliest year of a schedule.

    Where neither says anything, the name of a sheet may.
    """
    for read in tables:
        if year := plan_year(read.table.context):
            return year
    years = [
        year
        for read in tables
        for item in read.outline.items
        for role in (Role.TIME, Role.START, Role.END)
        if (year := first_year(item.text(role)))
    ]
    return min(years, default=None) or plan_year(_sheet_names(tables))


def _sheet_names(tables: list[_Read]) -> list[str]:
    return list(dict.fromkeys(read.table.sheet.name for read in tables))


def _purse(table: Table) -> str:
    """By the title, else the sheet's name, else the only column of state money there is."""
    named = purse_of(table.context) or purse_of([table.sheet.name])
    national, local = table.has(Role.KCQG), table.has(Role.KCDP)
    return named or ("" if national == local else "KCQG" if national else "KCDP")


def _locate(workbook: Workbook, tables: list[_Read], places: Places) -> None:
    """Province of each table and of the workbook, commune of each row."""
    for read in tables:
        read.province = places.province_of_title(read.table.context)
    province = (
        next((read.province for read in tables if read.province), None)
        or _from_places(tables, places)
        or places.province_of_title(_sheet_names(tables))
    )
    if province is not None:
        workbook.province, workbook.province_id = province.name, province.pk
    for read in tables:
        for row in read.rows.values():
            locality = places.read(row.place_text, read.province or province)
            row.commune = locality.name
            row.unit_id = locality.commune.pk if locality.commune else None
            row.problems += [row_problem(code, message, "commune") for code, message in locality.problems]


def _free_column(sheet: Sheet) -> int:
    """The first column right of everything, where a column "Lỗi" has room."""
    merged = [span.right + 1 for span in sheet.merged if span.right < MAX_COLUMNS]
    return max([sheet.width, *merged])


def _from_places(tables: list[_Read], places: Places) -> AdminUnit | None:
    """The province most rows lie in, where one has more than any other."""
    found: Counter[int] = Counter()
    units: dict[int, AdminUnit] = {}
    for read in tables:
        for row in read.rows.values():
            if (unit := places.read(row.place_text, None).province) is not None:
                found[unit.pk] += 1
                units[unit.pk] = unit
    ranked = found.most_common(2)
    if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return None
    return units[ranked[0][0]]


def _add_up(workbook: Workbook, tables: list[_Read]) -> None:
    on_sheet: dict[str, list[ImportRow]] = {}
    for read in tables:
        seen = on_sheet.setdefault(read.table.sheet.name, [])
        seen += read.rows.values()
        sums, problems = check_sums(read.table, read.outline.sums, read.rows, list(seen))
        workbook.sums += sums
        workbook.sheet_problems += problems
        workbook.places.setdefault(read.table.sheet.name, (read.table.top, _free_column(read.table.sheet)))
        if not read.table.has(Role.OWN, Role.OTHER) and any(row.money.own for row in read.rows.values()):
            message = _(
                "Bảng không có cột vốn đối ứng; phần còn lại của tổng kinh phí được hiểu là vốn đối ứng."
            )
            workbook.sheet_problems.append(
                SheetProblem(read.table.sheet.name, read.table.top + 1, "no_own_column", message, "warning")
            )


def mark_duplicates(rows: list[ImportRow]) -> None:
    """A project listed twice, on any sheets: the later row is in error.

    The same folded title and tax code; where no code is written, the same beneficiary and place.
    """
    first: dict[tuple[str, ...], ImportRow] = {}
    for row in rows:
        if is_nothing(row.title):
            continue
        who = (row.tax_digits,) if row.tax_digits else ("", fold(row.beneficiary), fold(row.place_text))
        earlier = first.setdefault((fold(row.title).rstrip(" .,;:"), *who), row)
        if earlier is not row:
            message = _("Trùng tên đề án và mã số thuế với dòng %(row)s, trang “%(sheet)s”.") % {
                "row": earlier.row,
                "sheet": earlier.sheet,
            }
            row.problems.append(row_problem("duplicate_row", message, "title"))
