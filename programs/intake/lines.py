"""One row of a table with its cells by role, and what kind of row it looks like alone. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from programs.intake.amounts import is_nothing
from programs.intake.grid import Sheet, Value, text_of
from programs.intake.headings import MONEY, Role
from programs.intake.layout import Table, is_heading_row, is_numbering_row
from programs.intake.numbering import NO_NUMBER, Kind, Number, number_of, split_front
from programs.intake.units import is_unit_line
from vietnam.text import fold, has_accents

TEXTS: Final = tuple(role for role in Role if role not in (*MONEY, Role.NUMBER))
DETAILS: Final = (Role.BENEFICIARY, Role.TAX_CODE, Role.PLACE, Role.TIME, Role.START, Role.IMPLEMENTER)
CARRIED: Final = frozenset(TEXTS) - {Role.NOTE, Role.CODE}
"""Where a cell merged over several rows speaks for each of them."""


class Look(StrEnum):
    BLANK = "blank"
    HEADING = "heading"
    SIGNATURE = "signature"
    TOTAL = "total"
    ROW = "row"


@dataclass(slots=True)
class Line:
    """A row of the sheet (from 0). ``texts`` holds what is written, ``carried`` what a merge lends."""

    row: int
    look: Look
    number: Number = NO_NUMBER
    texts: dict[Role, str] = field(default_factory=dict)
    carried: dict[Role, str] = field(default_factory=dict)
    money: dict[Role, list[int]] = field(default_factory=dict)
    """Columns of each money role that hold something here."""
    label: str = ""
    """The words of a total: "Tổng cộng", "Cộng nhóm I"."""
    across: bool = False
    """The title is merged over several columns, as a group's name is."""

    @property
    def title(self) -> str:
        return self.texts.get(Role.TITLE, "")

    def text(self, role: Role) -> str:
        return self.texts.get(role) or self.carried.get(role, "")

    @property
    def has_money(self) -> bool:
        return bool(self.money)

    @property
    def is_poor(self) -> bool:
        """Nothing is said here that only a project has: no beneficiary, place, time or implementer."""
        return not any(self.texts.get(role) for role in DETAILS)


_NUMBER: Final = r"(?:[ivxlc]+|[a-h]|[0-9]{1,2})"
_TOTAL: Final = re.compile(
    r"(?:tổng\s*(?:cộng|số|kinh\s*phí|nhu\s*cầu|vốn|dự\s*toán)|tiểu\s*cộng|cộng\s*dồn)\b.*"
    rf"|(?:tổng|cộng)\s+(?:nhóm|mục|phần)\s+{_NUMBER}\b.*"
    r"|(?:tổng|cộng)"
    r"(?:\s+(?:toàn tỉnh|toàn bộ|các nhóm|nhóm|mục|phần|nguồn|chung|cả|tất cả|số|đề án|trang|lũy kế"
    rf"|kcqg|kcđp|khuyến công quốc gia|khuyến công địa phương|{_NUMBER}(?=$|[\s.,:+(]))"
    rf"|\s*[:,.;]?\s*\(?{_NUMBER}(?:\s*[+,&]\s*{_NUMBER})+\)?"
    r"|\s*[:+.,]|\s*\([^)]*\)|\s*=.*)*[\s.:]*"
)
_LONGEST_LABEL: Final = 150
_PLAIN_TOTAL: Final = re.compile(
    r"(?:tong cong|tong so|tong kinh phi|tieu cong|tong|cong)(?:\s+(?:nhom|muc|phan|toan tinh|kinh phi|de "
    r"an|[ivxlc]+|[a-h]|[0-9]{1,2}))*"
    r"(?:\s*\([^)]*\))?[\s.:]*"
)
_SIGNATURE: Final = re.compile(
    r"^(?:nguoi (?:lap|tong hop|ky|duyet)|(?:kt\.?|tl\.?|tm\.?|q\.?)\s*(?:giam doc|chu tich|ubnd|thu truong"
    r"|so )|pho giam doc"
    r"|giam doc(?: so| trung tam)?\b|thu truong don vi|chu tich|pho chu tich|ke toan|truong phong|pho "
    r"truong phong"
    r"|thu ky|lanh dao|xac nhan cua|noi nhan|\(?ky,? |\(?ky ten|\(?da ky|ho va ten|nguoi lap bieu|can bo "
    r"tong hop"
    r"|.{0,40}ngay [\s.…0-9_]* ?thang [\s.…0-9_]* ?nam)"
)


def read_lines(table: Table) -> list[Line]:
    """The rows of the table, without repeated headings; reading stops at the signatures."""
    lines: list[Line] = []
    for row in range(table.first, min(table.last, len(table.sheet.rows))):
        line = read_line(table, row)
        if line.look is Look.SIGNATURE and lines:
            break
        if line.look in (Look.ROW, Look.TOTAL):
            lines.append(line)
    return lines


def read_line(table: Table, row: int) -> Line:
    """One row, looked at alone."""
    sheet = table.sheet
    texts = [text for _column, text in sheet.texts(row)]
    money = _money_columns(table, row)
    if not texts and not money:
        return Line(row, Look.BLANK)
    if is_numbering_row(texts) or is_heading_row(table, row) or all(map(is_unit_line, texts)):
        return Line(row, Look.HEADING)
    line = Line(row, Look.ROW, money=money)
    _fill(table, line)
    if label := _total_label(table, line, texts):
        line.look, line.label = Look.TOTAL, label
    elif not money and line.number.kind in (Kind.NONE, Kind.BULLET) and any(_signs(text) for text in texts):
        line.look = Look.SIGNATURE
    elif not any(line.texts.values()) and not money:
        line.look = Look.BLANK
    return line


def _signs(text: str) -> bool:
    return bool(_SIGNATURE.match(fold(text)))


def _at(sheet: Sheet, row: int, column: int | None) -> tuple[str, str]:
    """What stands in the cell, and what a merge from above lends it."""
    if column is None:
        return "", ""
    own = sheet.text(row, column)
    span = sheet.span(row, column)
    if own or span is None or span.top == row:
        return own, ""
    return "", sheet.text(span.top, span.left) if span.left == column else ""


def _fill(table: Table, line: Line) -> None:
    sheet, row = table.sheet, line.row
    for role in TEXTS:
        own, lent = _at(sheet, row, table.column(role))
        if own:
            line.texts[role] = own
        elif lent and role in CARRIED:
            line.carried[role] = lent
    title_column = table.column(Role.TITLE)
    assert title_column is not None
    span = sheet.span(row, title_column)
    line.across = bool(span and span.right - span.left >= 2 and span.top == span.bottom)
    if span and span.left < title_column and span.top == row and not line.title:
        line.texts[Role.TITLE] = sheet.text(row, span.left)  # a group's name merged from the first column on
    _number(table, line, title_column)


def _number(table: Table, line: Line, title_column: int) -> None:
    sheet, row = table.sheet, line.row
    column = table.column(Role.NUMBER)
    if column is not None:
        value: Value = sheet.at(row, column)
        if sheet.unreadable(row, column):
            line.number = Number(Kind.ARABIC, "0")
        else:
            line.number = number_of(value)
        words = text_of(value)
        if line.number.kind is Kind.NONE and len(words) > 3 and not line.title:
            line.texts[Role.TITLE] = words  # a group's name written in the first column
    front, rest = split_front(line.title)
    if line.number.kind is Kind.NONE and front.kind is not Kind.NONE:
        line.number, line.texts[Role.TITLE] = front, rest


def _money_columns(table: Table, row: int) -> dict[Role, list[int]]:
    """The money cells of a row that hold a figure, an error or an uncomputed formula."""
    found: dict[Role, list[int]] = {}
    for role in MONEY:
        for column in table.columns.get(role, []):
            value = table.sheet.at(row, column)
            figure = not is_nothing(value) and any(char.isdigit() for char in text_of(value))
            if figure or table.sheet.unreadable(row, column):
                found.setdefault(role, []).append(column)
    return found


def _total_label(table: Table, line: Line, texts: list[str]) -> str:
    """The words that make the row a total; "" for any other row."""
    if (
        line.number.kind in (Kind.ARABIC, Kind.DOTTED)
        or line.texts.get(Role.BENEFICIARY)
        or line.texts.get(Role.TAX_CODE)
    ):
        return _label_in_details(table, line)
    return next((text for text in (line.title, *texts[:3]) if is_total_label(text)), "")


def _label_in_details(table: Table, line: Line) -> str:
    """ "Tổng cộng" written in the beneficiary's column of a row that says nothing else."""
    words = [text for text in line.texts.values() if text]
    lone = len(words) == 1 and line.number.kind is Kind.NONE and line.has_money
    return words[0] if lone and is_total_label(words[0]) else ""


def is_total_label(text: str) -> bool:
    """ "TỔNG CỘNG", "Cộng nhóm I", "Tổng (I+II)"; not "Cộng đồng…", "Tổng kết…", "Công ty…"."""
    lowered = text.lower()
    if len(text) > _LONGEST_LABEL:
        return False
    if has_accents(text):
        return bool(_TOTAL.fullmatch(lowered))
    return bool(_PLAIN_TOTAL.fullmatch(fold(text)))
