"""Official papers as PDF: one family of letters that knows Vietnamese, and text that stays text."""

from __future__ import annotations

import datetime as dt
import re
import zlib
from pathlib import Path

import pytest
import typst

from records.paper import fonts, pdf
from records.paper.blocks import BLANK, Block, Facts, Heading, Paper, Signatures, Table, Text

NOW = dt.datetime(2026, 11, 26, tzinfo=dt.UTC)


def paper(*blocks: Block, entry: str = "") -> Paper:
    return Paper("ĐỀ ÁN", "Máy ép gỗ", "Sở Thử", list(blocks), "Chưa đối chiếu.", "Thử, ngày …", entry=entry)


def made(*blocks: Block) -> bytes:
    return pdf.as_pdf([paper(*blocks)], title="Thử", made_at=NOW)


def bodies(file: bytes) -> list[bytes]:
    """The file, and each of its streams that can be unpacked."""
    found = [file]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", file, re.DOTALL):
        try:
            found.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return found


def families(file: bytes) -> set[bytes]:
    """Names of the fonts in the file, without the subset's mark and the face."""
    named = (re.findall(rb"/BaseFont\s*/(?:[A-Z]{6}\+)?([A-Za-z]+)", body) for body in bodies(file))
    return {name for names in named for name in names}


def letters(file: bytes) -> set[str]:
    """What is drawn in the file: its fonts hold the letters used and no others."""
    maps = (re.findall(rb"^<[0-9A-F]{4}> <([0-9A-F]{4})>$", body, re.MULTILINE) for body in bodies(file))
    return {chr(int(code, 16)) for codes in maps for code in codes}


def test_every_vietnamese_letter_in_every_face_is_of_one_family() -> None:
    letters = Text(fonts.VIETNAMESE)
    bold = Facts([("Chữ", fonts.VIETNAMESE)])
    file = made(letters, bold, Signatures([("NGƯỜI KÝ", fonts.VIETNAMESE, "Tên")]))
    found = families(file)
    assert file.startswith(b"%PDF-")
    assert len({name[:5] for name in found}) == 1, found


def test_a_family_with_letters_missing_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    fonts.family.cache_clear()
    monkeypatch.setattr(fonts, "holds_vietnamese", lambda path: False)
    assert fonts.family() == (fonts.BUILT_IN, ())
    fonts.family.cache_clear()


def test_the_letters_of_a_font_file_are_read_from_it(tmp_path: Path) -> None:
    found = {f.family: Path(f.path) for f in typst.Fonts(include_embedded_fonts=False).fonts() if f.path}
    if "DejaVu Sans" in found:
        assert fonts.holds_vietnamese(found["DejaVu Sans"])
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"\0\1\0\0\0\x05")
    assert not fonts.holds_vietnamese(broken)
    assert not fonts.holds_vietnamese(tmp_path / "none.ttf")


@pytest.mark.parametrize(
    "typed", ["#panic()", "$x$ *đậm* _nghiêng_", '"]; #read("/etc/passwd")', "= tiêu đề\n- gạch", "@ai <b>"]
)
def test_what_people_type_is_never_markup(typed: str) -> None:
    marks = set(typed) - {" ", "\n"}
    for block in (Heading(typed), Text(typed), Facts([("A", typed)]), Table([("A", 1)], [[typed]])):
        assert marks <= letters(made(block)), block.kind


def test_where_nothing_is_known_dots_are_printed() -> None:
    assert Facts([("Đơn vị phối hợp", "")]).plain()["rows"] == [["Đơn vị phối hợp", BLANK]]
    assert Text("").plain()["lines"] == [BLANK]


def test_the_same_paper_gives_the_same_file_and_a_list_of_contents_adds_a_page() -> None:
    assert made(Text("Một")) == made(Text("Một"))
    papers = [paper(Text("Một"), entry="KCQG-1 – Một"), paper(Text("Hai"), entry="KCQG-2 – Hai")]
    pages = [
        len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf.as_pdf(papers, title="x", made_at=NOW, contents=listed)))
        for listed in (False, True)
    ]
    assert pages == [2, 3]
