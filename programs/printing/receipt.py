"""The receipt for a dossier that an office has received. No document orders its form: it is the portal's."""

from __future__ import annotations

from django.utils import timezone

from accounts.models import Organisation
from programs.models import PaperNumber, Project, Transition
from programs.printing.forms import day, headed
from programs.reading import Reading
from records.paper.blocks import Facts, Heading, Paper, Signatures, Table, Text
from vietnam.money import format_vnd

NOTE = "Mẫu do cổng dựng; chưa có văn bản nào quy định mẫu giấy tiếp nhận hồ sơ khuyến công."


def receipt(
    project: Project,
    step: Transition,
    office: Organisation,
    reading: Reading,
    number: PaperNumber | None = None,
) -> Paper:
    """``step`` is the reception, ``office`` the one that received."""
    received = timezone.localtime(step.recorded_at)
    phone = step.actor.phone
    papers = [[str(n), paper.name] for n, paper in enumerate(reading.papers, start=1)]
    facts = [
        ("Tên đề án", project.title),
        ("Mã đề án", project.code),
        ("Đơn vị nộp", project.owner.name),
        ("Tổng kinh phí", f"{format_vnd(project.total_vnd)} đồng"),
        ("Tiếp nhận lúc", f"{received:%H:%M} ngày {received:%d/%m/%Y}"),
        ("Người tiếp nhận", f"{step.acted_by}{f', điện thoại {phone}' if phone else ''}"),
        ("Hạn xử lý", f"{day(project.due_on)}. {project.due_why}".strip() if project.due_on else ""),
    ]
    table = (
        Table([("STT", 0.7), ("Tên giấy tờ", 5.0)], papers) if papers else Text("Không có giấy tờ kèm theo.")
    )
    hint = "(Ký, ghi rõ họ tên)"
    signers = [("NGƯỜI NỘP HỒ SƠ", hint, ""), ("NGƯỜI TIẾP NHẬN", hint, str(step.actor))]
    blocks = [Facts(facts), Heading("Giấy tờ đã nhận"), table, Signatures(signers)]
    return headed(Paper("GIẤY TIẾP NHẬN HỒ SƠ", "", "", blocks, NOTE), office, number)
