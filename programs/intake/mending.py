"""Corrections typed in the preview's grid: read, put into the row, and the row checked again."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from programs.intake.amounts import shown
from programs.intake.appraise import SHOWN_CODES, Law, PastFinder, appraise_row, past_of, support_by_lookup
from programs.intake.headings import Role
from programs.intake.model import ImportRow, SheetProblem, SheetSum, Workbook, computed_of, row_problem
from programs.intake.parse import mark_duplicates
from programs.intake.places import Locality, Places
from programs.intake.problems import (
    LONGEST,
    doubtful_tax_code,
    missing_beneficiary,
    missing_title,
    money_problems,
)
from programs.intake.rows import ROLE_NAMES, is_group_project
from programs.intake.schedule import read_schedule
from programs.intake.taxes import read_tax
from programs.intake.units import DONG, MILLION
from programs.years import plan_years
from vietnam.money import MoneyError, Unit, parse_vnd, reads_english
from vietnam.text import clean
from vietnam.units import get_index

AMOUNTS: Final = ("total_vnd", "kcqg_vnd", "kcdp_vnd", "own_vnd", "other_vnd")
MENDABLE: Final = ("activity", "title", "beneficiary", "tax_code", "place", "schedule", *AMOUNTS)
FIX: Final = "fix"
"""Besides a value a row takes the code of a problem whose proposed amounts are to be put in."""
NAME: Final = re.compile(rf"row-([0-9]{{1,5}})-({'|'.join((*MENDABLE, FIX))})")
_LONGEST: Final = 500
_PLACES_OF: Final = {
    "place": {"commune"},
    "schedule": {"time", "start", "end"},
    "kcqg_vnd": {"kcqg_vnd", "state_vnd"},
    "kcdp_vnd": {"kcdp_vnd", "state_vnd"},
}
"""Where problems stand that a field answers; elsewhere the field has the place's name."""
UNIT: Final = re.compile(r"sheet-([0-9]{1,3})-unit")
"""The unit of money of a sheet that states none, by its place among the sheets."""
UNITS: Final = {"dong": DONG, "trieu": MILLION}
OwnCodes = Callable[[Workbook], Mapping[int, str]]
ReadAgain = Callable[[Mapping[str, int]], Workbook]


def mend(
    workbook: Workbook, changes: Mapping[str, Any], *, past: PastFinder, own: OwnCodes, again: ReadAgain
) -> int:
    """Put corrections into the workbook and check what they touch; how many rows (or year, unit) changed.

    ``own`` names the projects that rows already are; ``again`` reads the file with units chosen for its
    sheets. Raises ``ValidationError`` that names every entry which is no good by its field; the workbook is
    then half mended and must be thrown away.
    """
    errors: dict[str, ValidationError] = {}
    year_changed = _mend_year(workbook, changes.get("year"), errors)
    law = Law.of(workbook.year, workbook.province_id)
    unit: Unit = "trieu" if changes.get("unit") == "trieu" else "dong"
    touched = set()
    for number, entries in _by_row(workbook, changes).items():
        if _put_all(workbook.rows[number], number, entries, law, unit, errors):
            touched.add(number)
    units = _chosen_units(workbook, changes, errors)
    if errors:
        raise ValidationError(errors)
    if year_changed:
        touched = set(range(len(workbook.rows)))
        _forget_proposals(workbook)
    if unit_changed := units != workbook.units:
        touched |= _read_money_again(workbook, again(workbook.units), again(units))
    if touched:
        _check_again(workbook, sorted(touched), law, past, own)
    return len(touched) or int(year_changed or unit_changed)


def _by_row(workbook: Workbook, changes: Mapping[str, Any]) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    for name, value in changes.items():
        named = NAME.fullmatch(name)
        if named and (number := int(named[1])) < len(workbook.rows):
            found.setdefault(number, {})[named[2]] = clean(str(value))
    return found


def _mend_year(workbook: Workbook, value: Any, errors: dict[str, ValidationError]) -> bool:
    if value in (None, "") or str(value) == str(workbook.year):
        return False
    if not re.fullmatch(r"[0-9]{4}", str(value)) or int(value) not in plan_years():
        errors["year"] = ValidationError(_("Năm kế hoạch không hợp lệ."))
        return False
    workbook.year = int(value)
    return True


def _chosen_units(
    workbook: Workbook, changes: Mapping[str, Any], errors: dict[str, ValidationError]
) -> dict[str, int]:
    """Units of the sheets that state none, đồng: those chosen before and now."""
    chosen, sheets = dict(workbook.units), list(workbook.places)
    for name, value in changes.items():
        if not (named := UNIT.fullmatch(name)) or value == "":
            continue
        sheet = dict(enumerate(sheets)).get(int(named[1]), "")
        if sheet in workbook.unitless and value in UNITS:
            chosen[sheet] = UNITS[value]
        else:
            errors[name] = ValidationError(
                _("Hãy chọn đồng hoặc triệu đồng cho trang không ghi đơn vị tính.")
            )
    return chosen


def _read_money_again(workbook: Workbook, before: Workbook, fresh: Workbook) -> set[int]:
    """Take over the amounts and sums of sheets that are now in another unit; the rows that changed.

    A row whose amounts were corrected by hand keeps them.
    """
    sheets = {sheet for sheet, unit in fresh.units.items() if before.units.get(sheet) != unit}
    touched = set()
    for number, (row, old, new) in enumerate(zip(workbook.rows, before.rows, fresh.rows, strict=True)):
        if row.sheet in sheets and (row.money, row.unread) == (old.money, old.unread):
            row.money, row.unread, row.purse = new.money, new.unread, new.purse
            row.problems = [problem for problem in row.problems if not problem.field.endswith("_vnd")]
            row.problems += [problem for problem in new.problems if problem.field.endswith("_vnd")]
            touched.add(number)
    workbook.units = fresh.units
    workbook.sums = [
        *(stated for stated in workbook.sums if stated.sheet not in sheets),
        *(stated for stated in fresh.sums if stated.sheet in sheets),
    ]
    workbook.sheet_problems = [
        *(problem for problem in workbook.sheet_problems if problem.sheet not in sheets),
        *(problem for problem in fresh.sheet_problems if problem.sheet in sheets),
    ]
    return touched


def _forget_proposals(workbook: Workbook) -> None:
    for row in workbook.rows:
        if not row.activity_chosen:
            row.activity = None


# --- one row's entries


def _put_all(
    row: ImportRow,
    number: int,
    entries: Mapping[str, str],
    law: Law,
    unit: Unit,
    errors: dict[str, ValidationError],
) -> bool:
    """Set the fields of one row in the order of the grid; whether any changed."""
    changed = set()
    for field in (name for name in MENDABLE if name in entries):
        try:
            if _put(row, field, entries[field], law, unit):
                changed.add(field)
        except ValidationError as error:
            errors[f"row-{number}-{field}"] = error
    if FIX in entries and not changed.intersection(AMOUNTS) and _put_fix(row, entries[FIX]):
        changed.update(AMOUNTS)
    if changed.intersection(AMOUNTS):
        _settle(row)
    for field in changed:
        places = _PLACES_OF.get(field, {field})
        row.problems = [p for p in row.problems if p.code != "unreadable_cell" or p.field not in places]
    if "title" in changed and not row.title:
        row.problems.append(missing_title())
    return bool(changed)


def _put(row: ImportRow, field: str, text: str, law: Law, unit: Unit) -> bool:
    """Set one field; whether that changed anything."""
    if field in AMOUNTS:
        return _put_amount(row, field, text, unit)
    if field == "activity":
        return _put_activity(row, text, law)
    if field == "tax_code":
        return _put_tax_code(row, text)
    if len(text) > (most := LONGEST.get(field, _LONGEST)):
        raise ValidationError(_("Nội dung dài quá %(most)s ký tự.") % {"most": most})
    if field == "schedule":
        return _put_schedule(row, text)
    column = "place_text" if field == "place" else field
    if text == getattr(row, column):
        return False
    setattr(row, column, text)
    if field in ("title", "beneficiary"):
        row.group_project = is_group_project(row)
    if field == "title" and not row.activity_chosen:
        row.activity = None  # proposed anew from the new words
    return True


def _put_activity(row: ImportRow, code: str, law: Law) -> bool:
    if code and law.book(row.purse).activity(code) is None:
        raise ValidationError(_("Không có nội dung hoạt động này trong năm kế hoạch."))
    if (code or None) == row.activity:
        return False
    row.activity, row.activity_chosen = code or None, bool(code)
    return True


def _put_amount(row: ImportRow, field: str, text: str, unit: Unit) -> bool:
    """A blank says nothing about a cell that could not be read, and zero for any other."""
    name = field.removesuffix("_vnd")
    if not text and name in row.unread:
        return False
    try:
        by_english = reads_english()
        amount = parse_vnd(text, unit, by_english=by_english) if text not in ("", "-", "–") else 0
    except MoneyError as error:
        raise ValidationError(str(error)) from error
    if amount == getattr(row.money, name) and name not in row.unread:
        return False
    setattr(row.money, name, amount)
    row.unread -= {name, "state"} if name in ("kcqg", "kcdp") else {name}
    return True


def _put_fix(row: ImportRow, code: str) -> bool:
    fix = next((problem.fix for problem in row.problems if problem.code == code), {})
    for field, amount in fix.items():
        setattr(row.money, field.removesuffix("_vnd"), amount)
    return bool(fix)


def _settle(row: ImportRow) -> None:
    """Once what was entered adds up to the total, a cell nobody could read can only be nothing."""
    if "total" not in row.unread and row.money.total and row.money.parts == row.money.total:
        row.unread = frozenset()
    row.problems = [
        problem
        for problem in row.problems
        if problem.code != "unreadable_cell"
        or not problem.field.endswith("_vnd")
        or problem.field.removesuffix("_vnd") in row.unread
    ]


def _put_tax_code(row: ImportRow, text: str) -> bool:
    if "*" in text:  # the mask that the page showed, sent back untouched
        return False
    tax = read_tax(text)
    if tax.digits == row.tax_digits:
        return False
    row.tax_code, row.tax_digits, row.tax_personal = tax.text, tax.digits, tax.personal
    row.problems = [problem for problem in row.problems if problem.code != "bad_tax_code"]
    if tax.doubtful:
        row.problems.append(doubtful_tax_code(tax.text))
    return True


def _put_schedule(row: ImportRow, text: str) -> bool:
    if text == row.schedule:
        return False
    starts_on, ends_on = read_schedule(text)
    if text and starts_on is None and ends_on is None:
        raise ValidationError(_("Không đọc được thời gian; hãy ghi ví dụ “03/2027 - 10/2027”."))
    row.schedule, row.starts_on, row.ends_on = text, starts_on, ends_on
    return True


# --- checked again


def _check_again(workbook: Workbook, numbers: list[int], law: Law, past: PastFinder, own: OwnCodes) -> None:
    """Every check that the corrections may have answered, once more."""
    rows = [workbook.rows[number] for number in numbers]
    places = Places(get_index(), law.on)
    for row in rows:
        _check_row(row, places.read(row.place_text, law.province))
    support, codes = support_by_lookup(rows, past), own(workbook)
    for number, row in zip(numbers, rows, strict=True):
        appraise_row(row, workbook.year, law, past_of(row, support, codes.get(number, "")))
    for row in workbook.rows:
        row.problems = [problem for problem in row.problems if problem.code != "duplicate_row"]
    mark_duplicates(workbook.rows)
    _add_up_again(workbook)


def _check_row(row: ImportRow, locality: Locality) -> None:
    answered = {"sum_mismatch", "missing_beneficiary", "unknown_unit", "wrong_province", *SHOWN_CODES}
    if not row.unread:
        answered.add("unknown_money_unit")
    row.problems = [problem for problem in row.problems if problem.code not in answered]
    row.commune = locality.name
    row.unit_id = locality.commune.pk if locality.commune else None
    row.problems += [row_problem(code, message, "commune") for code, message in locality.problems]
    if not row.unread:
        row.problems += money_problems(row.money)
    unread = any(p.code == "unreadable_cell" and p.field == "beneficiary" for p in row.problems)
    if not row.beneficiary and not row.group_project and not unread:
        row.problems.append(missing_beneficiary())
    if bool(row.money.kcqg) != bool(row.money.kcdp):
        row.purse = "KCQG" if row.money.kcqg else "KCDP"


def _add_up_again(workbook: Workbook) -> None:
    """The sheet's own sums beside ours once more, where a correction moved ours."""
    rows = {(row.sheet, row.row): row for row in workbook.rows}
    for n, stated in enumerate(workbook.sums):
        computed = computed_of([rows[stated.sheet, number] for number in stated.members])
        if computed == stated.computed:
            continue
        workbook.sums[n] = fresh = replace(stated, computed=computed)
        workbook.sheet_problems = [
            problem
            for problem in workbook.sheet_problems
            if (problem.sheet, problem.row, problem.code) != (stated.sheet, stated.row, "sum_mismatch")
        ]
        if not fresh.agrees:
            workbook.sheet_problems.append(_mismatch(fresh))


def _mismatch(stated: SheetSum) -> SheetProblem:
    parts = [
        _("%(column)s ghi %(stated)s, cộng các dòng được %(computed)s")
        % {"column": ROLE_NAMES[Role(name)], "stated": shown(theirs), "computed": shown(ours)}
        for name, (theirs, ours) in stated.differences.items()
    ]
    message = _("“%(label)s”: %(parts)s.") % {"label": stated.label, "parts": "; ".join(parts)}
    return SheetProblem(stated.sheet, stated.row, "sum_mismatch", message, "warning")
