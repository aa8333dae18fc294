"""How big a workbook may be, and what its reading may cost. A registration list has a few hundred rows."""

from __future__ import annotations

from typing import Final

MEBI: Final = 1024 * 1024

MAX_FILE_BYTES: Final = 10 * MEBI
MAX_UNPACKED_BYTES: Final = 150 * MEBI
MAX_MEMBER_RATIO: Final = 250
"""Unpacked to packed size of one member; honest sheets of repeated text reach about 100."""
RATIO_FROM_BYTES: Final = 5 * MEBI
"""Small members may be as dense as they like."""
MAX_MEMBERS: Final = 2_000
MAX_ROWS: Final = 20_000
"""Rows with something in them."""
MAX_ROW_NUMBER: Final = 100_000
"""A forgotten note far below the list is no reason to refuse it."""
MAX_COLUMNS: Final = 256
MAX_CELLS: Final = 600_000
MAX_SHEETS: Final = 60
MAX_SUMS: Final = 1_000
"""Subtotals and totals of one table."""
MAX_TEXT: Final = 32_767
"""The longest text a cell can hold; longer ones do not come from a spreadsheet programme."""

CPU_SECONDS: Final = 10
WALL_SECONDS: Final = 30
MEMORY_BYTES: Final = 512 * MEBI
MAX_ANSWER_BYTES: Final = 200 * MEBI
