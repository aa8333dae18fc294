"""From the cells of a project to an :class:`ImportRow`: texts, tax code, money, and what is wrong. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.intake.amounts import Amount, amount_of
from programs.intake.grid import cell_name
from programs.intake.headings import MONEY, SOURCES, Role
from programs.intake.layout import Table
from programs.intake.model import ImportRow, Money, row_problem
from programs.intake.outline import Item
from programs.intake.problems import (
    LONGEST,
    doubtful_tax_code,
    missing_beneficiary,
    missing_title,
    money_problems,
    too_long,
)
from programs.intake.schedule import read_schedule
from programs.intake.taxes import read_tax, take_tax_code
from programs.intake.titles import purse_of, purse_of_source
from vietnam.text import clean, fold

ROLE_NAMES: Final[dict[Role, str | Promise]] = {
    Role.TITLE: gettext_lazy("Tên đề án"),
    Role.BENEFICIARY: gettext_lazy("Đơn vị thụ hưởng"),
    Role.TAX_CODE: gettext_lazy("Mã số thuế"),
    Role.PLACE: gettext_lazy("Địa điểm"),
    Role.TIME: gettext_lazy("Thời gian"),
    Role.START: gettext_lazy("Bắt đầu"),
    Role.END: gettext_lazy("Kết thúc"),
    Role.TOTAL: gettext_lazy("Tổng kinh phí"),
    Role.KCQG: gettext_lazy("KCQG"),
    Role.KCDP: gettext_lazy("KCĐP"),
    Role.OWN: gettext_lazy("Đối ứng"),
    Role.OTHER: gettext_lazy("Khác"),
    Role.STATE: gettext_lazy("Kinh phí hỗ trợ"),
}
_CHOSEN_LATER: Final = re.compile(
    r"\b(?:chon|xac dinh) sau\b|\bse (?:lua chon|chon|xac dinh)\b|\bso (?:se )?lua chon\b"
)
_GROUP_PROJECT: Final = re.compile(r"^\W*de an nhom\b")
_NO_NAME: Final = re.compile(r"[-.…/x0 ]*|n/a|khong(?: co)?|chua(?: co| ro| xac dinh)?")


@dataclass(frozen=True, slots=True)
class Reading:
    """The money cells of one row: amounts in đồng by role, and where one could not be read."""

    amounts: dict[Role, int]
    unread: dict[Role, str]
    """Role → the sentence that says why."""
    needs_unit: bool = False
    doubtful: frozenset[Role] = frozenset()
    """Zeros that no spreadsheet programme computed."""


def read_money(table: Table, row: int) -> Reading:
    """The amounts of a row of the sheet; several columns of one source are added."""
    amounts: dict[Role, int] = {}
    unread: dict[Role, str] = {}
    doubtful: set[Role] = set()
    needs_unit = False
    for role in MONEY:
        for column in table.columns.get(role, []):
            if reason := _unreadable(table, row, column, role):
                unread[role] = reason
                continue
            amount = amount_of(table.sheet.at(row, column), table.units.get(column))
            if amount.needs_unit:
                needs_unit = True
            elif amount.problem:
                unread[role] = _cell_problem(row, column, role, amount)
            elif amount.vnd is not None:
                amounts[role] = amounts.get(role, 0) + amount.vnd
                if (row, column) in table.sheet.placeholders:
                    doubtful.add(role)
    return Reading(amounts, unread, needs_unit, frozenset(doubtful))


def _unreadable(table: Table, row: int, column: int, role: Role) -> str:
    reason = table.sheet.unreadable(row, column)
    if not reason:
        return ""
    if reason == "formula":
        return uncomputed_message(row, column, role)
    return _("Ô %(cell)s (%(column)s) báo lỗi %(error)s.") % {
        "cell": cell_name(row, column),
        "column": ROLE_NAMES[role],
        "error": reason,
    }


def uncomputed_message(row: int, column: int, role: Role) -> str:
    """A formula without a result: programs that write workbooks do not compute them."""
    sentence = (
        _(
            "Ô %(cell)s (%(column)s) là công thức chưa lưu kết quả. Hãy mở tệp bằng Excel, lưu lại, hoặc ghi "
            "thẳng số."
        )
        if role in MONEY
        else _(
            "Ô %(cell)s (%(column)s) là công thức chưa lưu kết quả. Hãy mở tệp bằng Excel, lưu lại, hoặc gõ "
            "thẳng chữ."
        )
    )
    return sentence % {"cell": cell_name(row, column), "column": ROLE_NAMES[role]}


def _cell_problem(row: int, column: int, role: Role, amount: Amount) -> str:
    return _("Ô %(cell)s (%(column)s): %(problem)s") % {
        "cell": cell_name(row, column),
        "column": ROLE_NAMES[role],
        "problem": amount.problem,
    }


def build_row(table: Table, item: Item, purse: str) -> ImportRow:
    """The project without its place and activity, which need more than the sheet.

    ``purse`` is the one named by the table's title, "" where none is.
    """
    row = ImportRow(sheet=table.sheet.name, row=item.line.row + 1)
    _read_texts(row, table, item)
    purse = purse_of_source(item.text(Role.PURSE)) or purse_of(g.title for g in item.groups) or purse
    _read_money(row, table, item, purse)
    row.purse = _purse(row.money, purse)
    _check_texts(row, table, item)
    row.columns = _columns(table)
    return row


def _columns(table: Table) -> dict[str, int]:
    """Where each field of a row stands, by the names that problems use."""
    names = {role: f"{role.value}_vnd" for role in (Role.TOTAL, *SOURCES)}
    names |= {
        role: role.value
        for role in (Role.TITLE, Role.BENEFICIARY, Role.TAX_CODE, Role.TIME, Role.START, Role.END)
    }
    names[Role.PLACE] = "commune"
    found = {name: column for role, name in names.items() if (column := table.column(role)) is not None}
    if (state := table.column(Role.STATE)) is not None:
        found.setdefault("kcqg_vnd", state)
        found.setdefault("kcdp_vnd", state)
        found["state_vnd"] = state
    return found


def _read_texts(row: ImportRow, table: Table, item: Item) -> None:
    row.title = item.text(Role.TITLE)
    row.beneficiary, inside = take_tax_code(item.text(Role.BENEFICIARY))
    if _NO_NAME.fullmatch(fold(row.beneficiary)):
        row.beneficiary = ""
    tax = read_tax(item.text(Role.TAX_CODE) or inside)
    row.tax_code, row.tax_digits, row.tax_personal = tax.text, tax.digits, tax.personal
    if tax.doubtful:
        row.problems.append(doubtful_tax_code(tax.text))
    place, province = item.text(Role.PLACE), item.text(Role.PROVINCE)
    if province and fold(province) not in fold(place):
        place = f"{place}, {province}" if place else province
    row.place_text = place
    row.implementer, row.partner = item.text(Role.IMPLEMENTER), item.text(Role.PARTNER)
    row.content, row.note = item.text(Role.CONTENT), item.text(Role.NOTE)
    row.priority, row.code = item.text(Role.PRIORITY), item.text(Role.CODE)
    row.activity_text = item.text(Role.ACTIVITY)
    row.headings = tuple(group.title for group in reversed(item.groups))
    start, end = item.text(Role.START), item.text(Role.END)
    row.schedule = clean(f"{start} - {end}") if start and end else item.text(Role.TIME) or start or end
    row.starts_on, row.ends_on = read_schedule(row.schedule)
    row.group_project = is_group_project(row)


def is_group_project(row: ImportRow) -> bool:
    """Whether the row says that its beneficiaries are chosen later, or calls itself a group."""
    named = row.beneficiary or " ".join((row.note, row.place_text, row.content))
    return bool(_CHOSEN_LATER.search(fold(named)) or _GROUP_PROJECT.match(fold(row.title)))


def _purse(money: Money, named: str) -> str:
    """The purse whose money the row asks for; where it asks for both or none, the one the title names."""
    if bool(money.kcqg) != bool(money.kcdp):
        return "KCQG" if money.kcqg else "KCDP"
    return named or "KCQG"


def _read_money(row: ImportRow, table: Table, item: Item, purse: str) -> None:
    line = item.money_line.row
    reading = read_money(table, line)
    amounts, unread = dict(reading.amounts), dict(reading.unread)
    if Role.STATE in table.columns and not table.has(Role.KCQG, Role.KCDP):
        role = {"KCQG": Role.KCQG, "KCDP": Role.KCDP}.get(purse)
        if Role.STATE in amounts and role is None:
            unread[Role.STATE] = _("Không rõ cột kinh phí hỗ trợ là khuyến công quốc gia hay địa phương.")
        elif role is not None:
            amounts[role] = amounts.pop(Role.STATE, 0)
    else:
        unread.pop(Role.STATE, None)
    row.money = Money(**{role.value: amounts.get(role, 0) for role in (Role.TOTAL, *SOURCES)})
    row.unread = frozenset(role.value for role in unread)
    for role, message in unread.items():
        row.problems.append(row_problem("unreadable_cell", message, f"{role.value}_vnd"))
    if reading.needs_unit:
        row.unread = frozenset(role.value for role in MONEY)
        message = _(
            "Trang “%(sheet)s” không ghi đơn vị tính của số tiền; hãy ghi ví dụ “ĐVT: triệu đồng” trên bảng, "
            "hoặc chọn đơn vị khi xem trước."
        )
        row.problems.append(row_problem("unknown_money_unit", message % {"sheet": row.sheet}, "total_vnd"))
    elif not unread:
        _check_money(row, table, line, reading)


def _check_money(row: ImportRow, table: Table, line: int, reading: Reading) -> None:
    money = row.money
    if Role.TOTAL not in table.columns:
        money.total = money.parts
    elif not table.has(Role.OWN, Role.OTHER) and money.total > money.parts:
        money.own = money.total - money.parts
    if money.parts != money.total and (doubtful := reading.doubtful):
        row.unread = frozenset(role.value for role in doubtful)
        for role in doubtful:
            message = uncomputed_message(line, table.columns[role][0], role)
            row.problems.append(row_problem("unreadable_cell", message, f"{role.value}_vnd"))
        return
    row.problems += money_problems(money)


def _check_texts(row: ImportRow, table: Table, item: Item) -> None:
    for role in (Role.TITLE, Role.BENEFICIARY, Role.TAX_CODE, Role.PLACE, Role.TIME, Role.START, Role.END):
        column = table.column(role)
        for line in item.lines:
            if column is not None and (reason := _unreadable(table, line.row, column, role)):
                field = "commune" if role is Role.PLACE else role.value
                row.problems.append(row_problem("unreadable_cell", reason, field))
    if not row.title and not any(problem.field == "title" for problem in row.problems):
        row.problems.append(missing_title())
    row.problems += [too_long(name) for name, most in LONGEST.items() if len(getattr(row, name)) > most]
    unread = any(
        problem.field == "beneficiary" and problem.code == "unreadable_cell" for problem in row.problems
    )
    if not row.beneficiary and not row.group_project and not unread:
        row.problems.append(missing_beneficiary())
