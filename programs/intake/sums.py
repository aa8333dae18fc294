"""The sheet's own subtotals and totals held against the sum of its rows. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from programs.intake.amounts import shown
from programs.intake.grid import cell_name
from programs.intake.headings import SOURCES, Role
from programs.intake.layout import Table
from programs.intake.limits import MAX_SUMS
from programs.intake.model import ImportRow, SheetProblem, SheetSum, computed_of
from programs.intake.outline import Declared, Item
from programs.intake.refusals import Refused
from programs.intake.rows import ROLE_NAMES, Reading, read_money, uncomputed_message

_COMPARED = (Role.TOTAL, *SOURCES)


@dataclass(frozen=True, slots=True)
class _Scope:
    """Rows that a stated sum may be the sum of: their numbers, and their money as far as it could be read."""

    members: tuple[int, ...]
    computed: dict[str, int]

    @classmethod
    def of(cls, rows: list[ImportRow]) -> _Scope:
        return cls(tuple(row.row for row in rows), computed_of(rows))


def check_sums(
    table: Table, sums: list[Declared], rows: dict[Item, ImportRow], on_sheet: list[ImportRow]
) -> tuple[list[SheetSum], list[SheetProblem]]:
    """Each stated sum beside ours, and a warning where they differ; ``on_sheet`` are all rows of the sheet
    so far, as a total at its end may be meant for several tables."""
    if len(sums) > MAX_SUMS:
        raise Refused("too_complex")
    found: list[SheetSum] = []
    problems: list[SheetProblem] = []
    whole = _Scope.of(on_sheet)
    known: dict[int, _Scope] = {}  # many totals are of the same rows
    for declared in sums:
        reading = read_money(table, declared.line.row)
        for items in declared.scopes:
            if id(items) not in known:
                known[id(items)] = _Scope.of([rows[item] for item in items])
        scopes = [known[id(items)] for items in declared.scopes]
        grand = len(scopes) > 1 or len(scopes[0].members) == len(rows)
        if grand:
            scopes.append(whole)
        differences = [_differences(reading, scope) for scope in scopes]
        best = next((n for n, wrong in enumerate(differences) if not wrong), 0)
        problems += _unreadable(table, declared, reading, differences[best])
        told = {role: pair for role, pair in differences[best].items() if role not in reading.doubtful}
        if reading.needs_unit:
            continue
        found.append(_sheet_sum(table, declared, reading, scopes[best], grand))
        if told:
            problems.append(_mismatch(table, declared, told))
    return found, problems


def _sheet_sum(table: Table, declared: Declared, reading: Reading, scope: _Scope, grand: bool) -> SheetSum:
    stated = {role.value: reading.amounts[role] for role in _COMPARED if role in reading.amounts}
    row = declared.line.row + 1
    return SheetSum(
        table.sheet.name, row, declared.label, stated, scope.computed, grand, members=scope.members
    )


def _differences(reading: Reading, scope: _Scope) -> dict[Role, tuple[int, int]]:
    """Role → (stated, computed) where they differ; columns with an unread cell say nothing."""
    both = {
        role: (reading.amounts[role], scope.computed[role.value])
        for role in _COMPARED
        if role in reading.amounts and role.value in scope.computed
    }
    return {role: pair for role, pair in both.items() if pair[0] != pair[1]}


def _unreadable(
    table: Table, declared: Declared, reading: Reading, differences: dict[Role, tuple[int, int]]
) -> list[SheetProblem]:
    row = declared.line.row
    messages = list(reading.unread.values())
    for role in reading.doubtful & differences.keys():
        messages.append(uncomputed_message(row, table.columns[role][0], role))
    return [
        SheetProblem(table.sheet.name, row + 1, "unreadable_cell", message, "error") for message in messages
    ]


def _mismatch(table: Table, declared: Declared, differences: dict[Role, tuple[int, int]]) -> SheetProblem:
    row = declared.line.row
    parts = []
    for role, (stated, computed) in differences.items():
        column = table.columns[role][0]
        parts.append(
            _("%(column)s (ô %(cell)s) ghi %(stated)s, cộng các dòng được %(computed)s")
            % {
                "column": ROLE_NAMES[role],
                "cell": cell_name(row, column),
                "stated": shown(stated),
                "computed": shown(computed),
            }
        )
    message = _("“%(label)s”: %(parts)s.") % {"label": declared.label, "parts": "; ".join(parts)}
    return SheetProblem(table.sheet.name, row + 1, "sum_mismatch", message, "warning")
