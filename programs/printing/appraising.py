"""Forms of the appraisal: sheet and minutes. Căn cứ: Thông tư 36/2013/TT-BCT, Điều 8, Điều 9."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone

from accounts import seals
from accounts.models import Organisation
from programs.appraisal import Sheet, opinions
from programs.council import seats_of
from programs.lifecycle import Kind, State
from programs.models import Council, PaperNumber, Project
from programs.printing.forms import headed
from programs.procedures import FormInForce, form_on
from programs.reviewterms import CRITERIA
from records.paper.blocks import BLANK, Block, Facts, Heading, Paper, Signatures, Table, Text
from vietnam.money import format_vnd

HINT = "(Ký, ghi rõ họ tên)"
MOST_UPRIGHT = 4
"""Sheets side by side on an upright page; more are printed across a wide one."""


def _about(project: Project) -> Facts:
    return Facts(
        [
            ("Tên đề án", project.title),
            ("Mã đề án", project.code),
            ("Đơn vị thực hiện", project.implementer_name),
            ("Tổng kinh phí", f"{format_vnd(project.total_vnd)} đồng"),
            ("Kinh phí KCQG đề nghị", f"{format_vnd(project.kcqg_vnd)} đồng"),
            ("Kinh phí KCĐP đề nghị", f"{format_vnd(project.kcdp_vnd)} đồng"),
        ]
    )


def level(project: Project) -> str:
    national = project.state in {State.REVIEW_MIN, State.PASSED_MIN, State.REJECTED_MIN}
    return "cấp Bộ" if national else "cấp cơ sở"


def appraisal_sheet(
    project: Project, sheet: Sheet, office: Organisation, issued: PaperNumber | None = None
) -> Paper:
    """One appraiser's sheet, under the form in force on its day."""
    rows = [
        [
            str(n),
            str(label),
            str(mark.get_grade_display()) if mark and mark.grade else BLANK,
            mark.note if mark else "",
        ]
        for n, (_code, label, mark) in enumerate(sheet.rows, start=1)
    ]
    on = issued.issued_on if issued else timezone.localdate()
    form = _form(project, on)
    head_hint = seals.hint(office, on, stamped="(Ký, đóng dấu)", plain="(Ký)")
    blocks: list[Block] = [
        _about(project),
        Heading("Ý kiến theo từng tiêu chí (Điều 9)"),
        Table([("STT", 0.7), ("Tiêu chí", 2.6), ("Đánh giá", 1.1), ("Nhận xét", 3.6)], rows),
        Facts([("Mức hỗ trợ đề nghị", ""), ("Đề nghị", "")]),
        Signatures([("NGƯỜI THẨM ĐỊNH", HINT, str(sheet.appraiser)), ("LÃNH ĐẠO ĐƠN VỊ", head_hint, "")]),
    ]
    title = f"PHIẾU THẨM ĐỊNH {level(project).upper()}"
    return headed(Paper(title, form.bracketed, "", blocks, form.note), office, issued)


def _form(project: Project, on: dt.date) -> FormInForce:
    """The common form for group projects, the other where the beneficiary is known."""
    code = "appraisal_general" if project.kind == Kind.GROUP else "appraisal_named"
    return form_on(code, on)


def minutes(
    project: Project,
    sheets: Sequence[Sheet],
    office: Organisation,
    council: Council | None = None,
    issued: PaperNumber | None = None,
) -> Paper:
    """The minutes: every appraiser's verdict on every criterion; of a council also people, counts, end."""
    columns = [("Tiêu chí", 2.2), *((str(sheet.appraiser), 2.0) for sheet in sheets)]
    rows = [
        [f"{n}. {label}", *(_said(sheet, code) for sheet in sheets)]
        for n, (code, label) in enumerate(CRITERIA, 1)
    ]
    on = issued.issued_on if issued else timezone.localdate()
    blocks: list[Block] = [Facts([("Thời gian", f"ngày {on:%d/%m/%Y}"), ("Địa điểm", "")])]
    if council is not None:
        seats = seats_of(council, sheets)
        blocks += [Heading("Thành phần hội đồng"), Facts([(str(s.role), str(s.person)) for s in seats])]
        signers = [(str(seat.role).upper(), HINT, str(seat.person)) for seat in seats]
    else:
        signers = [("NGƯỜI THẨM ĐỊNH", HINT, str(sheet.appraiser)) for sheet in sheets]
    blocks += [_about(project), Heading("Ý kiến theo từng tiêu chí (Điều 9)"), Table(columns, rows)]
    if council is not None and not council.is_open:
        blocks += [Heading("Tổng hợp ý kiến"), _summed_up(sheets)]
    result = council.conclusion if council is not None else ""
    blocks += [Heading("Kết luận"), Text(result), Signatures(signers)]
    title = f"BIÊN BẢN THẨM ĐỊNH {level(project).upper()}"
    wide = len(sheets) > MOST_UPRIGHT
    return headed(Paper(title, "", "", blocks, _form(project, on).note, wide=wide), office, issued)


def _said(sheet: Sheet, code: str) -> str:
    mark = sheet.marks.get(code)
    if mark is None or not (mark.grade or mark.note):
        return "–"
    return "\n".join(filter(None, [str(mark.get_grade_display()) if mark.grade else "", mark.note]))


def _summed_up(sheets: Sequence[Sheet]) -> Table:
    rows = [
        [
            f"{n}. {each.label}", str(each.passed), str(each.failed), str(each.unsure),
            "Còn khác nhau" if each.split else "",
        ]
        for n, each in enumerate(opinions(sheets), start=1)
    ]  # fmt: skip
    columns = [("Tiêu chí", 3.0), ("Đạt", 0.7), ("Không đạt", 0.9), ("Chưa rõ", 0.8), ("Ghi chú", 1.4)]
    return Table(columns, rows, right=[1, 2, 3])
