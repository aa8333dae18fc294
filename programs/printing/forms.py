"""The đề án in its eight parts, with Mẫu số 1. Căn cứ: Thông tư 36/2013/TT-BCT, Điều 5."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Final

from django.utils import timezone

from accounts import seals
from accounts.models import Organisation
from programs.dossierterms import TEXT_SECTIONS
from programs.lifecycle import Kind, Source
from programs.models import PaperNumber, Project
from programs.procedures import FormInForce, form_on
from programs.reading import Reading
from records.paper.blocks import BLANK, Block, Facts, Heading, Paper, Signatures, Table, Text
from vietnam.money import format_vnd, in_words
from vietnam.text import fold, same_text

BY_LATER: Final = "Sở lựa chọn sau (đề án nhóm)"
COSTS: Final = [
    ("STT", 0.7), ("Nội dung chi", 2.6), ("Thành tiền (đồng)", 1.8), ("KCQG hỗ trợ", 1.7),
    ("KCĐP hỗ trợ", 1.7), ("Đối ứng của đơn vị thụ hưởng", 1.7), ("Nguồn khác", 1.5), ("Ghi chú", 0.9),
]  # fmt: skip
"""Mẫu số 1 without unit, quantity and price, which the portal keeps in the line's words; its ``note`` says
whose layout it is."""
SOURCES: Final = (Source.KCQG, Source.KCDP, Source.OWN, Source.OTHER)


def day(date: dt.date | None) -> str:
    return f"{date:%d/%m}/{date.year:04d}" if date else BLANK


def place_and_day(place: str, on: dt.date | None = None) -> str:
    """Days below ten and the first two months with a nought before them. Căn cứ: Nghị định 30/2020/NĐ-CP,
    Phụ lục I (from memory)."""
    if on is None:
        return f"{place or BLANK}, ngày … tháng … năm 20…"
    month = f"{on.month:02d}" if on.month <= 2 else str(on.month)
    return f"{place or BLANK}, ngày {on.day:02d} tháng {month} năm {on.year}"


def headed(paper: Paper, office: Organisation, number: PaperNumber | None = None) -> Paper:
    """The paper under this office's head, as the office has written it, with number and day once issued."""
    return replace(
        paper,
        office=office.printed_name,
        parent=office.head_parent,
        symbol=office.head_symbol,
        number=number.sign if number else "",
        place=place_and_day(office.printed_place, number.issued_on if number else None),
    )


def estimate_form() -> FormInForce:
    """Mẫu số 1 as it is in force today."""
    return form_on("budget_estimate", timezone.localdate())


def proposal(project: Project, reading: Reading, form: FormInForce) -> Paper:
    """The đề án as the implementer signs it. Every part stands there, an empty one with dots."""
    texts = {number: (label, getattr(project, name)) for name, number, label in TEXT_SECTIONS}
    blocks: list[Block] = [
        Heading("1. Đơn vị thực hiện, phối hợp, thụ hưởng; địa điểm"),
        _parties(project, reading),
    ]
    for number in range(2, 9):
        if number == 6:
            title = f"6. Dự toán kinh phí {form.bracketed}".strip()
            blocks += [Heading(title), *_estimate(project, reading)]
            continue
        label, text = texts[number]
        blocks += [Heading(f"{number}. {label}"), Text(text)]
        if number == 5 and reading.schedule:
            blocks.append(_schedule(reading))
        if number == 8 and reading.results:
            blocks.append(
                Facts([(row.indicator, f"{row.value} {row.unit}".strip()) for row in reading.results])
            )
    maker = project.implementer or project.owner
    sealed = "(Ký, ghi rõ họ tên, đóng dấu)"
    hint = seals.hint(maker, timezone.localdate(), stamped=sealed, plain="(Ký, ghi rõ họ tên)")
    blocks.append(Signatures([("ĐƠN VỊ THỤ HƯỞNG", sealed, ""), ("ĐƠN VỊ THỰC HIỆN", hint, "")]))
    name = project.implementer_name or maker.name
    paper = Paper(
        "ĐỀ ÁN KHUYẾN CÔNG", f"{project.title}\n({project.code}, kế hoạch năm {project.year})",
        name, blocks, form.note, place_and_day(project.province.bare_name),
        entry=f"{project.code} – {project.title}",
    )  # fmt: skip
    # What the dossier calls its office stays; the head is of the office only where it is still called so.
    return replace(headed(paper, maker), symbol="") if same_text(name, maker.name) else paper


def _parties(project: Project, reading: Reading) -> Facts:
    names = "; ".join(
        f"{each.name} (MST {each.shown_tax_code})" if each.shown_tax_code else each.name
        for each in reading.beneficiaries
    )
    commune = project.commune.name if project.commune else ""
    place = project.place_text
    for name in filter(None, (commune, project.province.name)):  # what the office wrote may name them already
        if fold(name) not in fold(place):
            place = f"{place}, {name}" if place else name
    return Facts(
        [
            ("Đơn vị thực hiện", project.implementer_name),
            ("Đơn vị phối hợp", project.partner_name),
            ("Đơn vị thụ hưởng", names or (BY_LATER if project.kind == Kind.GROUP else "")),
            ("Nội dung hoạt động", project.activity.name if project.activity else ""),
            ("Ngành nghề", project.sector.short_name if project.sector else ""),
            ("Địa điểm thực hiện", place),
            ("Thời gian thực hiện", f"từ {day(project.starts_on)} đến {day(project.ends_on)}"),
        ]
    )


def _schedule(reading: Reading) -> Table:
    columns = [
        ("STT", 0.7),
        ("Công việc", 3.0),
        ("Người thực hiện", 2.0),
        ("Bắt đầu", 1.2),
        ("Kết thúc", 1.2),
    ]
    rows = [
        [str(n), work.content, work.doer, day(work.starts_on), day(work.ends_on)]
        for n, work in enumerate(reading.schedule, start=1)
    ]
    return Table(columns, rows)


def _estimate(project: Project, reading: Reading) -> list[Block]:
    rows = [
        [
            str(line.position), line.description, format_vnd(line.total_vnd),
            *(_amount(line.amounts.get(source, 0)) for source in SOURCES), "",
        ]
        for line in reading.lines
    ]  # fmt: skip
    amounts = project.amounts()
    total = ["", "Cộng", format_vnd(project.total_vnd), *(_amount(amounts.get(s, 0)) for s in SOURCES), ""]
    return [
        Table(COSTS, rows, total, right=[2, 3, 4, 5, 6]),
        Facts([("Bằng chữ", f"{in_words(project.total_vnd)}." if project.total_vnd else "")]),
    ]


def _amount(vnd: int) -> str:
    return format_vnd(vnd) if vnd else "–"
