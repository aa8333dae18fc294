"""Rows to and from the JSON of a staged import. Personal numbers go in encrypted and masked only."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, fields
from typing import Any, Final

from programs.intake.model import ImportRow, Money, Problem, SheetProblem, SheetSum, Workbook
from records import personal
from vietnam import taxcode

_DATES: Final = ("starts_on", "ends_on")
_TUPLES: Final = ("headings",)


def pack_row(row: ImportRow) -> dict[str, Any]:
    """JSON-ready copy of a row; a household's number only as mask, look-up digest and cipher text."""
    data = asdict(row)
    for name in _DATES:
        data[name] = data[name].isoformat() if data[name] else None
    data["unread"] = sorted(row.unread)
    code, digits = data.pop("tax_code"), data.pop("tax_digits")
    data = personal.mask_within(data)
    if row.tax_personal:
        data["tax"] = {"shown": taxcode.mask(code), "parts": [_protected(part) for part in digits.split(";")]}
    else:
        # What is no code at all may be a sentence with anything in it.
        data["tax"] = {"shown": personal.mask_within(code), "digits": personal.mask(digits)}
    return dict(data)


def _protected(digits: str) -> dict[str, str]:
    if taxcode.normalise(digits).kind != "personal":
        return {"digits": digits}
    kept = personal.protect(digits)
    return {"masked": kept.masked, "lookup": kept.lookup_hex, "cipher": kept.cipher_text}


def unpack_row(data: dict[str, Any]) -> ImportRow:
    """The row again, its tax code in clear: for matching and drafting, never for a page."""
    known = {field.name for field in fields(ImportRow)}
    values = {name: value for name, value in data.items() if name in known}
    for name in _DATES:
        values[name] = dt.date.fromisoformat(values[name]) if values.get(name) else None
    for name in _TUPLES:
        values[name] = tuple(values[name])
    values["unread"] = frozenset(values["unread"])
    values["money"] = Money(**values["money"])
    values["problems"] = [Problem(**problem) for problem in values["problems"]]
    tax = data["tax"]
    if parts := tax.get("parts"):
        clear = [part.get("digits") or personal.reveal(part["cipher"]) for part in parts]
        values["tax_digits"] = ";".join(clear)
        values["tax_code"] = "; ".join(taxcode.normalise(digits).formatted for digits in clear)
    else:
        values["tax_code"], values["tax_digits"] = tax["shown"], tax["digits"]
    return ImportRow(**values)


def pack_summary(workbook: Workbook) -> dict[str, Any]:
    """What a staged import keeps besides its rows."""
    summary = {
        "province": workbook.province,
        "province_id": workbook.province_id,
        "purse": workbook.purse,
        "notices": workbook.notices,
        "sheet_problems": [asdict(problem) for problem in workbook.sheet_problems],
        "units": workbook.units,
        "sums": [asdict(stated) for stated in workbook.sums],
        "counts": {
            "rows": len(workbook.rows),
            **{name: workbook.count(name) for name in ("ready", "warning", "error")},
        },
        "places": {name: list(place) for name, place in workbook.places.items()},
    }
    return dict(personal.mask_within(summary))


def unpack(rows: list[dict[str, Any]], summary: dict[str, Any], year: int | None) -> Workbook:
    """The workbook as it was staged and since mended."""
    return Workbook(
        year=year,
        province=summary["province"],
        province_id=summary["province_id"],
        purse=summary["purse"],
        rows=[unpack_row(row) for row in rows],
        sheet_problems=[SheetProblem(**problem) for problem in summary["sheet_problems"]],
        notices=list(summary["notices"]),
        sums=[SheetSum(**stated | {"members": tuple(stated["members"])}) for stated in summary["sums"]],
        units=summary.get("units", {}),
        places={name: (place[0], place[1]) for name, place in summary["places"].items()},
    )
