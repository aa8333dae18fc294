"""Damaged and hostile workbooks by the hundred: each is read or refused in words, none is half kept.

Mutations follow the printed seed. They go through the whole upload: the child process that reads, the
judging, the preview's row.
"""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from accounts.scope import act_as
from programs.intake.refusals import Refused
from programs.intake.stage import stage_workbook
from programs.models import Project
from records.files import FileRefused
from records.models import StagedImport
from tests import evidence
from tests.programs.intake.books import SHEET_PART, flat_page, form_page, machine, rezip, xls, xlsx

pytestmark = pytest.mark.django_db

WORDS = (
    "1.000.000", "1,000,000", "250 triệu", "-5", "１２３", "=1+1", "#REF!", "31/02/2027", "01/13/2027",
    "Tỉnh Yên Bái", "cơ sở", "\u200bẩn", "\ufeff", "x" * 40_000, "' OR 1=1 --", "<script>", "9" * 400,
    "1e308", "NaN", "TỔNG CỘNG", "0" * 12,
)  # fmt: skip
Mutation = Callable[[random.Random, bytes], bytes]


def flip(pick: random.Random, data: bytes) -> bytes:
    """Some bits anywhere."""
    changed = bytearray(data)
    for _n in range(pick.randint(1, 40)):
        changed[pick.randrange(len(changed))] ^= 1 << pick.randrange(8)
    return bytes(changed)


def cut(pick: random.Random, data: bytes) -> bytes:
    return data[: pick.randrange(len(data))]


def double(pick: random.Random, data: bytes) -> bytes:
    """Two files in one, or a slice of it twice."""
    place = pick.randrange(len(data))
    return data[:place] + data[pick.randrange(len(data)) :]


def nested(pick: random.Random, data: bytes) -> bytes:
    """A package in a package."""
    outer = io.BytesIO()
    with zipfile.ZipFile(outer, "w") as package:
        package.writestr(pick.choice([SHEET_PART, "a.xlsx", "[Content_Types].xml"]), data)
    return outer.getvalue()


def in_parts(change: Callable[[random.Random, bytes], bytes]) -> Mutation:
    """A change inside one part of the package, which stays a sound package."""

    def mutation(pick: random.Random, data: bytes) -> bytes:
        if not data.startswith(b"PK"):
            return change(pick, data)
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            chosen = pick.choice([name for name in package.namelist() if name.endswith(".xml")])
        return rezip(data, lambda name, part: change(pick, part) if name == chosen else part)

    return mutation


def other_words(pick: random.Random, data: bytes) -> bytes:
    """Cells that say something else."""
    cells = data.split(b"<v>")
    for _n in range(pick.randint(1, 6)):
        place = pick.randrange(1, len(cells)) if len(cells) > 1 else 0
        if place:
            value, _end, rest = cells[place].partition(b"</v>")
            word = pick.choice(WORDS).encode().replace(b"<", b"&lt;")
            cells[place] = word + b"</v>" + rest if pick.random() < 0.8 else value[::-1] + b"</v>" + rest
    return b"<v>".join(cells)


def other_tags(pick: random.Random, data: bytes) -> bytes:
    """Markup that means something else, or nothing."""
    tag = pick.choice([b"<row", b"<c ", b"</row>", b'r="', b't="', b"<sheetData>", b"<mergeCell"])
    with_ = pick.choice([b"", b"<row", b"<!ENTITY a 'b'>", b'r="ZZZ99999999" x="', b"<x>", b'r="-1'])
    return data.replace(tag, with_, pick.randint(1, 3))


MUTATIONS: tuple[Mutation, ...] = (
    flip, cut, double, nested, in_parts(other_words), in_parts(other_tags), in_parts(flip), in_parts(cut),
)  # fmt: skip


def sound_books() -> list[bytes]:
    rows = [machine("ván"), machine("gạch", tax_code="9928000217")]
    form, flat = form_page([("I", "Ứng dụng máy móc, thiết bị", rows)]), flat_page(rows)
    return [xlsx(form), xlsx(flat), xlsx(form, flat), xls(form), xls(flat)]


def upload(data: bytes, actor: User) -> str:
    """Empty where the file was taken or refused in words and left nothing; else what went wrong."""
    before = StagedImport.objects.count(), Project.objects.count()
    try:
        with transaction.atomic():
            staged = stage_workbook(io.BytesIO(data), "Biểu thử.xlsx", actor=actor)
    except (Refused, FileRefused, ValidationError) as refusal:
        after = StagedImport.objects.count(), Project.objects.count()
        return "" if str(refusal).strip() and after == before else f"half kept: {refusal}"
    except Exception as error:  # the very thing that is looked for
        return f"{type(error).__name__}: {error}"
    silent = [row for row in staged.rows if not row]
    return "rows without content" if silent else ""


def test_whatever_is_done_to_a_workbook_it_is_read_or_refused_in_words(
    thanh_hoa_centre: User, seed: int
) -> None:
    pick, books = random.Random(seed), sound_books()
    wrong = []
    tries = evidence.size("hostile_files", 40)
    with act_as(thanh_hoa_centre):
        assert [upload(book, thanh_hoa_centre) for book in books] == [""] * len(books)
        for number in range(tries):
            mutation = MUTATIONS[number % len(MUTATIONS)]
            data = mutation(pick, pick.choice(books))
            if fault := upload(data, thanh_hoa_centre):
                wrong.append(f"{seed}/{number} {getattr(mutation, '__qualname__', mutation)}: {fault[:300]}")
    evidence.count("hostile_files", tries, len(wrong))
    assert not wrong, "\n".join(wrong)
