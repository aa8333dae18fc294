"""What is noted about a workbook's cells besides their values; shared by the two file formats."""

from __future__ import annotations

from dataclasses import dataclass, field

from programs.intake import limits


class Stop(Exception):
    """The file may not be read; ``code`` is the refusal's code, ``detail`` a word for its message."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


@dataclass(slots=True)
class SheetMarks:
    """Positions count from 0. ``placeholders`` hold a 0 that no spreadsheet programme has computed."""

    rows: int = 0
    columns: int = 0
    cells: int = 0
    filled: int = 0
    _last: int = -1
    uncomputed: set[tuple[int, int]] = field(default_factory=set)
    placeholders: set[tuple[int, int]] = field(default_factory=set)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)

    def saw(self, row: int, column: int) -> None:
        """A cell with a value; raises :class:`Stop` beyond the limits."""
        if row != self._last:
            self._last, self.filled = row, self.filled + 1
        self.rows = max(self.rows, row + 1)
        self.columns = max(self.columns, column + 1)
        self.cells += 1
        if self.filled > limits.MAX_ROWS or self.rows > limits.MAX_ROW_NUMBER:
            raise Stop("too_large", "rows")
        if self.columns > limits.MAX_COLUMNS:
            raise Stop("too_large", "columns")
        if self.cells > limits.MAX_CELLS:
            raise Stop("too_large", "cells")


@dataclass(slots=True)
class Marks:
    sheets: list[SheetMarks] = field(default_factory=list)

    def check_size(self) -> None:
        if len(self.sheets) > limits.MAX_SHEETS:
            raise Stop("too_large", "sheets")
        if sum(sheet.cells for sheet in self.sheets) > limits.MAX_CELLS:
            raise Stop("too_large", "cells")
        if sum(sheet.rows * sheet.columns for sheet in self.sheets) > 8 * limits.MAX_CELLS:
            raise Stop("too_large", "cells")
