"""A workbook's rows as a table for a terminal, in Vietnamese."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from programs.intake.model import ImportRow, Money, Workbook
from vietnam.money import format_vnd
from vietnam.taxcode import mask

_MARKS = {"error": "✗", "warning": "!", "ready": "✓"}
_SEVERITIES = {"error": _lazy("lỗi"), "warning": _lazy("cảnh báo"), "note": _lazy("ghi chú")}
_TITLE_WIDTH = 52
_NAME_WIDTH = 34
_AMOUNT_WIDTH = 11


def listing(workbook: Workbook) -> Iterator[str]:
    """The lines of the table: head, rows with their problems, totals, problems of sheets."""
    yield _("Biểu đăng ký: %(province)s, năm %(year)s") % {
        "province": workbook.province or _("chưa rõ tỉnh"),
        "year": workbook.year or _("chưa rõ năm"),
    }
    yield _("Số tiền tính bằng triệu đồng.")
    sheet = ""
    for row in workbook.rows:
        if row.sheet != sheet:
            sheet = row.sheet
            yield ""
            yield _("Trang “%(sheet)s”") % {"sheet": sheet}
            yield _head()
        yield from _row(row)
    yield ""
    yield _line(" ", "", _("CỘNG %(count)d DÒNG") % {"count": len(workbook.rows)}, "", "", workbook.totals)
    yield _("Sẵn sàng %(ready)d · cảnh báo %(warning)d · lỗi %(error)d (dòng lỗi không được ghi)") % {
        name: workbook.count(name) for name in ("ready", "warning", "error")
    }
    for problem in workbook.sheet_problems:
        yield _("Trang “%(sheet)s”, dòng %(row)s – %(severity)s: %(message)s") % {
            "sheet": problem.sheet,
            "row": problem.row,
            "severity": _SEVERITIES[problem.severity],
            "message": problem.message,
        }


def _head() -> str:
    amounts = [_("Tổng"), "KCQG", "KCĐP", _("Đối ứng"), _("Khác")]
    columns = "".join(_cut(name, _AMOUNT_WIDTH, right=True) for name in amounts)
    return _texts(" ", _("Dòng"), _("Tên đề án"), _("Đơn vị thụ hưởng"), _("Nội dung")) + columns


def _row(row: ImportRow) -> Iterator[str]:
    yield _line(
        _MARKS[row.severity], str(row.row), row.title, row.beneficiary, row.activity or "–", row.money
    )
    place = " · ".join(filter(None, (row.commune, mask(row.tax_code) if row.tax_code else "", row.schedule)))
    if place:
        yield f"        {place}"
    for problem in row.problems:
        source = f" ({problem.source})" if problem.source and problem.source not in problem.message else ""
        yield f"        – {_SEVERITIES[problem.severity]}: {problem.message}{source} [{problem.code}]"


def _line(mark: str, number: str, title: str, name: str, activity: str, money: Money) -> str:
    amounts = (money.total, money.kcqg, money.kcdp, money.own, money.other)
    columns = "".join(_cut(format_vnd(amount, "trieu"), _AMOUNT_WIDTH, right=True) for amount in amounts)
    return _texts(mark, number, title, name, activity) + columns


def _texts(mark: str, number: str, title: str, name: str, activity: str) -> str:
    words = (_cut(title, _TITLE_WIDTH), _cut(name, _NAME_WIDTH), _cut(activity, 8))
    return f"{mark} {_cut(number, 6)}{' '.join(words)}"


def _width(text: str) -> int:
    return sum(not unicodedata.combining(char) for char in text)


def _cut(text: str, width: int, *, right: bool = False) -> str:
    if _width(text) > width:
        text = text[: width - 1] + "…"
    space = " " * (width - _width(text))
    return space + text if right else text + space
