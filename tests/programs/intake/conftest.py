"""Reading a test workbook in one word: ``read(xlsx(page))``."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import translation

from programs.intake.appraise import appraise, read_workbook
from programs.intake.model import ImportRow, Workbook

Reader = Callable[[bytes], Workbook]


@pytest.fixture
def read(db: None) -> Reader:
    """The workbook as a dry run without a user sees it."""

    def run(data: bytes) -> Workbook:
        with translation.override("vi"):
            return appraise(read_workbook(data))

    return run


def codes(row: ImportRow) -> set[str]:
    """The problem codes of a row, notes left out."""
    return {problem.code for problem in row.problems if problem.severity != "note"}


def sheet_codes(workbook: Workbook) -> list[str]:
    return [problem.code for problem in workbook.sheet_problems]
