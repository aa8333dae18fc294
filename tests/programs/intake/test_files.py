"""Every file gives its rows or a refusal that says what to do, whoever wrote it and however broken it is."""

from __future__ import annotations

import datetime as dt
import io
import re
import struct
import zipfile
from collections.abc import Callable

import pytest
import xlsxwriter

from programs.intake import limits
from programs.intake.reader import read_sheets
from programs.intake.refusals import MESSAGES, Refused
from tests.programs.intake.books import (
    FLAT_HEAD,
    SHEET_PART,
    Page,
    flat_page,
    form_page,
    in_sheet,
    machine,
    renamed_stream,
    rezip,
    xls,
    xlsx,
)
from tests.programs.intake.conftest import Reader, codes

MILLION = 1_000_000
PAGE = flat_page([machine("ghế"), machine("bàn", tax_code="9928000217")])
BOOK, OLD_BOOK = xlsx(PAGE), xls(PAGE)
END = b"</sheetData>"


def refusal(data: bytes) -> str:
    with pytest.raises(Refused) as caught:
        read_sheets(data)
    assert str(caught.value)
    return caught.value.refusal.code


def title_of(data: bytes) -> object:
    return read_sheets(data)[0].at(1, 1)


def shared(data: bytes) -> bytes:
    """The workbook with its texts in the shared table, as spreadsheet programmes write them."""
    texts: list[bytes] = []

    def move(found: re.Match[bytes]) -> bytes:
        texts.append(found[2])
        return b'<c r="%s" t="s"><v>%d</v></c>' % (found[1], len(texts) - 1)

    def edit(name: str, part: bytes) -> bytes:
        if name == SHEET_PART:
            return re.sub(rb'<c r="(\w+)"[^>]*t="inlineStr"[^>]*><is>(.*?)</is></c>', move, part)
        if name == "xl/_rels/workbook.xml.rels":
            kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
            link = b'<Relationship Id="rId99" Type="%s" Target="/xl/sharedStrings.xml"/>' % kind
            return part.replace(b"</Relationships>", link + b"</Relationships>")
        return part

    moved = rezip(data, edit)
    table = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">%s</sst>'
    return rezip(moved, add={"xl/sharedStrings.xml": table % b"".join(b"<si>%s</si>" % t for t in texts)})


# --- workbooks that are unusual and whole

UNUSUAL = {
    "no dimension": rezip(BOOK, lambda _n, part: re.sub(rb"<dimension[^>]*/>", b"", part)),
    "a dimension of the whole grid": rezip(
        BOOK, lambda _n, part: re.sub(rb"<dimension[^>]*/>", b'<dimension ref="A1:XFD1048576"/>', part)
    ),
    "no styles": rezip(BOOK, drop=["xl/styles.xml", "xl/theme/theme1.xml"]),
    "no content types": rezip(BOOK, drop=["[Content_Types].xml"]),
    "shared strings": shared(BOOK),
    "relative parts": rezip(BOOK, lambda _n, part: part.replace(b'Target="/xl/', b'Target="')),
    "a byte order mark": rezip(
        BOOK, lambda name, part: b"\xef\xbb\xbf" + part if name == SHEET_PART else part
    ),
    "styled cells far away": in_sheet(
        BOOK, END, b'<row r="1048576"><c r="XFD1048576" s="0"/></row>' + END
    ),
    "rows only declared": in_sheet(
        BOOK, END, b"".join(b'<row r="%d" s="0"/>' % n for n in range(10, 60_000)) + END
    ),
    "nested markup behind the cells": in_sheet(BOOK, END, END + b"<a>" * 5_000 + b"</a>" * 5_000),
    "stale macro type without macros": rezip(
        BOOK, lambda _n, part: part.replace(b"spreadsheetml.sheet.main", b"sheet.macroEnabled.main")
    ),
}  # fmt: skip


@pytest.mark.parametrize("data", UNUSUAL.values(), ids=UNUSUAL)
def test_an_unusual_but_whole_workbook_is_read(data: bytes) -> None:
    assert title_of(data) == machine("ghế").title


def test_the_name_of_the_stream_in_an_old_xls_does_not_matter() -> None:
    assert title_of(renamed_stream(OLD_BOOK, "Book")) == machine("ghế").title


def written(*, date_1904: bool = False, value: object = 600) -> bytes:
    """A list by another writer: real dates, figures with a format, a stored formula, hidden columns."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "date_1904": date_1904})
    sheet = book.add_worksheet("S")
    sheet.write(0, 0, "ĐĂNG KÝ KHUYẾN CÔNG QUỐC GIA TỈNH THANH HÓA (ĐVT: triệu đồng)")
    sheet.write_row(1, 0, FLAT_HEAD)
    sheet.write_row(2, 0, machine("ghế").values(1))
    sheet.write_datetime(2, 6, dt.datetime(2027, 3, 1), book.add_format({"num_format": "dd/mm/yyyy"}))
    sheet.write_number(2, 4, 9928000104)
    sheet.write_formula(2, 7, "=SUM(I3:L3)", None, value)
    sheet.set_column(3, 4, None, None, {"hidden": True})
    book.add_chartsheet("Biểu đồ").set_chart(_chart(book))
    book.close()
    return out.getvalue()


def _chart(book: xlsxwriter.Workbook) -> object:
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=S!$H$3:$I$3"})
    return chart


@pytest.mark.parametrize("date_1904", [False, True])
def test_dates_stored_formulas_and_hidden_columns_are_read(read: Reader, date_1904: bool) -> None:
    workbook = read(written(date_1904=date_1904))
    (row,) = workbook.rows
    assert (workbook.year, row.tax_code, row.money.total, codes(row)) == (
        2027, "9928000104", 600 * MILLION, set(),
    )  # fmt: skip
    assert row.starts_on == dt.date(2027, 3, 1)


@pytest.mark.parametrize("value", ["#REF!", "#N/A", "", 0])
def test_a_formula_with_an_error_or_without_a_value_is_named(read: Reader, value: object) -> None:
    (row,) = read(written(value=value)).rows
    assert codes(row) == {"unreadable_cell"}
    assert "H3" in row.problems[0].message


@pytest.mark.parametrize("figure", [b"NaN", b"1e400", b"-INF"])
def test_a_figure_that_is_no_number_is_an_unreadable_cell(read: Reader, figure: bytes) -> None:
    first, second = read(in_sheet(BOOK, b"<v>600</v>", b"<v>%s</v>" % figure)).rows
    assert codes(first) == codes(second) == {"unreadable_cell"}


# --- files that are refused


def archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return out.getvalue()


def with_password(data: bytes) -> bytes:
    """An ``.xls`` whose WRITEACCESS record has become FILEPASS, the mark of an encrypted one."""
    at = data.index(struct.pack("<HH", 0x5C, 112))
    return data[:at] + struct.pack("<H", 0x2F) + data[at + 2 :]


ENTITIES = b'<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;&x;&x;&x;">]><a>&y;</a>'
REFUSED = {
    "nothing": (b"", "empty"),
    "zeros": (b"\0" * 600, "empty"),
    "words": (b"hello", "unsupported_format"),
    "csv": ("STT,Tên đề án\n1,a\n".encode(), "unsupported_format"),
    "csv in UTF-16": ("STT\tTên đề án\n".encode("utf-16"), "unsupported_format"),
    "html called xls": (b"\xef\xbb\xbf\r\n<html><table></table></html>", "unsupported_format"),
    "pdf": (b"%PDF-1.7 ...", "unsupported_format"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + b"\0\1\2" * 99, "corrupt"),
    "docx": (archive("word/document.xml"), "unsupported_format"),
    "ods": (archive("mimetype", "content.xml"), "unsupported_format"),
    "xlsb": (archive("xl/workbook.bin"), "unsupported_format"),
    "a zip of workbooks": (archive("a.xlsx"), "unsupported_format"),
    "an old Word file": (renamed_stream(OLD_BOOK, "WordDocument"), "unsupported_format"),
    "an encrypted xlsx": (renamed_stream(OLD_BOOK, "EncryptedPackage"), "encrypted"),
    "an encrypted xls": (with_password(OLD_BOOK), "encrypted"),
    "macros": (rezip(BOOK, add={"xl/vbaProject.bin": b"x"}), "macro"),
    "old macro sheets": (rezip(BOOK, add={"xl/macrosheets/sheet1.xml": b"x"}), "macro"),
    "half an xlsx": (BOOK[: len(BOOK) // 2], "corrupt"),
    "half an xls": (OLD_BOOK[: len(OLD_BOOK) // 2], "corrupt"),
    "a missing sheet": (rezip(BOOK, drop=["xl/workbook.xml"]), "unsupported_format"),
    "entities": (rezip(BOOK, lambda n, part: ENTITIES if n == SHEET_PART else part), "corrupt"),
    "nested cells": (
        in_sheet(BOOK, END, b"<row><c>" + b"<a>" * 99_999 + b"</a>" * 99_999 + b"</c></row>" + END),
        "corrupt",
    ),
    "a text no cell can hold": (
        in_sheet(BOOK, machine("ghế").title.encode(), b"x" * (limits.MAX_TEXT + 1)), "corrupt",
    ),
    "a bomb": (rezip(BOOK, add={"xl/media/image.bin": b"\0" * 30 * limits.MEBI}), "bomb"),
    "too many bytes": (b"PK\x03\x04" + b"x" * limits.MAX_FILE_BYTES, "too_large"),
    "too many columns": (
        in_sheet(BOOK, END, b'<row r="9"><c r="XFD9"><v>1</v></c></row>' + END), "too_large",
    ),
    "a figure in the last row": (
        in_sheet(BOOK, END, b'<row r="1048576"><c r="A1048576"><v>1</v></c></row>' + END), "too_large",
    ),
    "too many rows": (
        in_sheet(
            BOOK, END, b"".join(b'<row><c><v>%d</v></c></row>' % n for n in range(limits.MAX_ROWS + 1)) + END
        ),
        "too_large",
    ),
    "too many sheets": (
        xlsx(*(Page(f"s{n}").put(1, ["x"]) for n in range(limits.MAX_SHEETS + 1))), "too_large",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("data", "code"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_readable_workbook_is_refused_with_advice(data: bytes, code: str) -> None:
    assert refusal(data) == code
    assert code in MESSAGES


def test_a_workbook_without_a_list_of_projects_is_refused(read: Reader) -> None:
    with pytest.raises(Refused) as caught:
        read(xlsx(Page("Thư").put(1, ["Kính gửi Sở Công Thương"])))
    assert caught.value.refusal.code == "no_table"


# --- old fonts

TCVN3 = dict(
    zip(
        "ăâđêôơưĐàảãáạằắầấặậẹéèếềệìíịòóọồốộờớợùúụừứựỳýáôểởử",
        "¨©®ª«¬­§µ¶·¸¹»¾ÇÊÆËÑÐÌÕÒÖ×ÝÞßãäåèéêíîïóôõøùúý¸«Óëö",
        strict=True,
    )
)
VNI = {
    "ă": "aê", "â": "aâ", "đ": "ñ", "Đ": "Ñ", "ê": "eâ", "ô": "oâ", "ơ": "ô", "ư": "ö", "ề": "eà", "ế": "eá",
    "á": "aù", "à": "aø", "ả": "aû", "ỗ": "oã", "ợ": "ôï", "ứ": "öù", "ụ": "uï", "ị": "ò", "ệ": "eä",
    "ộ": "oä", "ở": "ôû", "ạ": "aï", "ấ": "aá", "ú": "uù", "ỉ": "æ", "ủ": "uû", "ử": "öû", "ồ": "oà",
    "ố": "oá",
}  # fmt: skip


def in_old_font(page: Page, letters: dict[str, str]) -> Page:
    old = Page(page.name, merges=page.merges)
    for where, value in page.cells.items():
        old.cells[where] = (
            "".join(letters.get(char, char) for char in value) if isinstance(value, str) else value
        )
    return old


@pytest.mark.parametrize("letters", [TCVN3, VNI], ids=["TCVN3", "VNI"])
@pytest.mark.parametrize("write", [xlsx, xls])
@pytest.mark.parametrize("page", [form_page([("I", "Máy móc", [machine("ghế")])]), PAGE])
def test_text_for_old_fonts_is_refused(
    letters: dict[str, str], write: Callable[[Page], bytes], page: Page
) -> None:
    assert refusal(write(in_old_font(page, letters))) == "legacy_encoding"


@pytest.mark.parametrize(
    "name", ["Nestlé Việt Nam", "Señor Piña", "Größe Müller GmbH", "Gạch 15 m², ±5 °C «Sen Việt» § 4"]
)
def test_foreign_names_and_signs_are_no_old_font(name: str) -> None:
    assert read_sheets(xlsx(flat_page([machine("ghế", beneficiary=name)])))[0].at(1, 3) == name
