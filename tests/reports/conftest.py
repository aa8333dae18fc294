"""Helpers of these tests: asking for a report, making it here and now, reading its workbook."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from accounts.models import User
from accounts.scope import act_as
from programs.lifecycle import Purse
from records.context import whole_country
from records.files import open_file
from reports import building, workflow
from reports.kinds import KINDS, RegistrationPaper
from reports.lifecycle import ReportKind, Stage
from reports.models import Report
from tests.cast import province
from vietnam.models import AdminUnit

TRIEU = 1_000_000
FIRST_ROW = 9
"""Of the table's body, counted from 1: heading lines, two rows of names and one of numbers stand above."""
COLUMNS = 15


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture(autouse=True)
def rung(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What would have been sent to the broker."""
    from records import doorbell

    heard: list[tuple[Any, ...]] = []
    monkeypatch.setattr(doorbell, "ring", lambda task, *args: heard.append((task, *args)))
    return heard


def area(name: str) -> AdminUnit:
    return AdminUnit.nation() if name == "nation" else province(name)


def ask(actor: User, where: str = "Thanh Hóa", **changes: Any) -> Report:
    """What this person asks for, as the page would."""
    asked: dict[str, Any] = {
        "kind": ReportKind.REGISTRATION_LIST,
        "year": 2027,
        "purse": Purse.KCQG,
        "stage": Stage.ALL,
    }
    with act_as(actor):
        return workflow.request_report(actor=actor, area=area(where), **(asked | changes))[0]


def made(report: Report) -> Report:
    """The same report after a worker has been at it."""
    building.build(report.pk)
    return fresh(report)


def fresh(report: Report) -> Report:
    with whole_country():
        return Report.objects.select_related("owner", "province", "result").get(pk=report.pk)


def paper_of(report: Report, tell: Callable[[int, str], None] = lambda pct, step: None) -> RegistrationPaper:
    with act_as(report.owner):
        paper = KINDS[report.kind](report, tell)
    assert isinstance(paper, RegistrationPaper)
    return paper


@dataclass(frozen=True)
class Sheet:
    """The workbook as a reader finds it. Rows are lists of fifteen values."""

    book: Any
    rows: list[list[Any]]

    @property
    def page(self) -> Any:
        return self.book.worksheets[0]

    @property
    def projects(self) -> list[list[Any]]:
        return [row for row in self.rows[FIRST_ROW - 1 :] if isinstance(row[0], int)]

    @property
    def groups(self) -> list[list[Any]]:
        end = self.rows.index(self.total)
        return [row for row in self.rows[FIRST_ROW - 1 : end] if isinstance(row[0], str) and row[0]]

    @property
    def total(self) -> list[Any]:
        return next(row for row in self.rows if row[1] == "TỔNG CỘNG")

    @property
    def words(self) -> str:
        return "\n".join(str(value) for row in self.rows for value in row if value is not None)


def read_sheet(content: bytes) -> Sheet:
    book = openpyxl.load_workbook(io.BytesIO(content))
    page = book.worksheets[0]
    rows = [list(row) for row in page.iter_rows(min_col=1, max_col=COLUMNS, values_only=True)]
    return Sheet(book, rows)


def sheet_of(actor: User, where: str = "Thanh Hóa", **changes: Any) -> Sheet:
    """The paper of a report, without a worker."""
    out = io.BytesIO()
    paper_of(fresh(ask(actor, where, **changes))).write(out, lambda pct, step: None)
    return read_sheet(out.getvalue())


def file_of(report: Report) -> bytes:
    assert report.result is not None
    with open_file(report.result) as stored:
        return stored.read()


def vnd(cells: list[Any]) -> list[int]:
    """The five amounts of a row, back in đồng."""
    return [round(value * TRIEU) for value in cells[8:13]]
