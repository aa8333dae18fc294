"""From a workbook to rows: one row says that a unit, or a part of it, becomes another on a day. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.intake.grid import Sheet, cell_name
from programs.intake.reader import read_sheets
from programs.intake.refusals import Refused
from vietnam.fields import parse_vn_date
from vietnam.text import clean, squeeze

MOST_ROWS: Final = 12_000
"""The country had 10,040 communes when the last reform touched them all."""
HEADING_WITHIN: Final = 10
NOTE: Final = "ghichu"

COLUMNS: Final[dict[str, tuple[str | Promise, bool]]] = {
    "day": (gettext_lazy("Ngày hiệu lực"), True),
    "document": (gettext_lazy("Số văn bản"), True),
    "old_code": (gettext_lazy("Mã cũ"), True),
    "old_name": (gettext_lazy("Tên cũ"), True),
    "part": (gettext_lazy("Phần"), False),
    "main": (gettext_lazy("Kế thừa chính"), False),
    "new_code": (gettext_lazy("Mã mới"), True),
    "new_name": (gettext_lazy("Tên mới"), True),
    "province": (gettext_lazy("Mã tỉnh mới"), False),
    "issuer": (gettext_lazy("Cơ quan ban hành"), False),
    "title": (gettext_lazy("Trích yếu"), False),
}
"""Field, heading, and whether the column must be there."""
HEADINGS: Final = {
    squeeze(name): key
    for key, names in {
        "day": ("Ngày hiệu lực", "Từ ngày"),
        "document": ("Số văn bản",),
        "old_code": ("Mã cũ",),
        "old_name": ("Tên cũ",),
        "part": ("Phần",),
        "main": ("Kế thừa chính",),
        "new_code": ("Mã mới",),
        "new_name": ("Tên mới",),
        "province": ("Mã tỉnh mới",),
        "issuer": ("Cơ quan ban hành",),
        "title": ("Trích yếu",),
    }.items()
    for name in names
}
"""In Vietnamese whatever language the reader speaks: it is the file that is read."""
WHOLE, PART = "toanbo", "motphan"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong where; ``cell`` as the spreadsheet names it ("C5")."""

    cell: str
    message: str

    def __str__(self) -> str:
        return f"{self.cell}: {self.message}" if self.cell else self.message


@dataclass(slots=True)
class Row:
    """One line of the file; ``cells`` has the place of each field, for what is found wrong later."""

    line: int
    cells: dict[str, str]
    day: dt.date | None = None
    document: str = ""
    old_code: str = ""
    old_name: str = ""
    part: str = ""
    main: bool = False
    new_code: str = ""
    new_name: str = ""
    province: str = ""
    issuer: str = ""
    title: str = ""

    def problem(self, field: str, message: str) -> Problem:
        return Problem(self.cells.get(field, f"A{self.line}"), message)


def read_rows(data: bytes) -> tuple[list[Row], list[Problem]]:
    """The rows of the first sheet with the headings. Raises ``Refused`` where there is no such sheet."""
    for sheet in read_sheets(data):
        for number in range(min(HEADING_WITHIN, len(sheet.rows))):
            places = {
                HEADINGS[squeeze(text)]: at for at, text in sheet.texts(number) if squeeze(text) in HEADINGS
            }
            if "old_code" in places and "new_code" in places:
                return _read(sheet, number, places)
    raise Refused(
        "no_table", message=_("Không thấy bảng thay đổi. Hãy dùng tệp mẫu, giữ nguyên dòng tiêu đề.")
    )


def _read(sheet: Sheet, heading: int, places: dict[str, int]) -> tuple[list[Row], list[Problem]]:
    missing = [str(label) for key, (label, needed) in COLUMNS.items() if needed and key not in places]
    if missing:
        words = _("Thiếu cột: %(columns)s.") % {"columns": ", ".join(missing)}
        return [], [Problem(f"A{heading + 1}", words)]
    rows: list[Row] = []
    problems: list[Problem] = []
    for number in range(heading + 1, len(sheet.rows)):
        texts = dict(sheet.texts(number))
        if not texts or squeeze(next(iter(texts.values()))).startswith(NOTE):
            continue
        row = Row(number + 1, {key: cell_name(number, at) for key, at in places.items()})
        problems += _fill(row, sheet, number, places)
        rows.append(row)
    if not rows:
        problems.append(Problem("", _("Bảng chưa có dòng thay đổi nào.")))
    if len(rows) > MOST_ROWS:
        problems.append(Problem("", _("Bảng có hơn %(most)s dòng; hãy tách tệp.") % {"most": MOST_ROWS}))
    return rows, problems


def _fill(row: Row, sheet: Sheet, number: int, places: dict[str, int]) -> Iterator[Problem]:
    for key, at in places.items():
        value, text = sheet.at(number, at), clean(sheet.text(number, at))
        if key in ("old_code", "new_code", "province"):
            code, problem = _code(value, text, of_province=key == "province")
            setattr(row, key, code)
            if problem:
                yield row.problem(key, problem)
        elif key == "day":
            try:
                row.day = value if isinstance(value, dt.date) else parse_vn_date(text)
            except ValueError:
                yield row.problem(key, _("Ngày không hợp lệ; hãy viết ngày/tháng/năm, ví dụ 01/03/2027."))
        elif key == "part":
            row.part = squeeze(text)
            if row.part not in ("", WHOLE, PART):
                yield row.problem(key, _("Hãy ghi “toàn bộ” hoặc “một phần”."))
        elif key == "main":
            row.main = bool(text)
        else:
            setattr(row, key, text)
    for key, (label, needed) in COLUMNS.items():
        if needed and key != "day" and not sheet.text(number, places[key]):
            yield row.problem(key, _("Chưa ghi %(label)s.") % {"label": label})


def _code(value: Any, text: str, *, of_province: bool) -> tuple[str, str]:
    """An official code as text, and what is wrong with it: a number may have lost its zeros in front."""
    if not text:
        return "", ""
    lengths = (2,) if of_province else (2, 5)
    if text.isascii() and text.isdigit() and len(text) in lengths:
        return text, ""
    if isinstance(value, int) and not isinstance(value, bool):
        return "", _("Mã “%(code)s” có thể đã mất số 0 ở đầu; hãy định dạng ô là chữ (Text).") % {
            "code": text
        }
    words = _("2 chữ số") if of_province else _("2 chữ số (tỉnh) hoặc 5 chữ số (xã)")
    return "", _("Mã phải có %(words)s.") % {"words": words}
