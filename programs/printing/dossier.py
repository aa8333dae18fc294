"""A whole dossier for paper: the đề án, what the checks say of it, its steps, its list of papers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from django.db.models import prefetch_related_objects
from django.utils import timezone

from programs.carryterms import unchecked
from programs.facts import verdicts_for
from programs.models import Project, Transition
from programs.printing.forms import estimate_form, proposal
from programs.reading import Reading, read
from programs.selectors import taken_label
from programs.verdicts import Verdict
from records.paper.blocks import Block, Heading, Paper, Table, Text

SAID = {"ok": "Đạt", "note": "Ghi chú", "warning": "Lưu ý", "error": "Phải sửa"}


def dossiers(projects: Sequence[Project], heard: Callable[[int], None]) -> list[Paper]:
    """Two papers a project, in the order given; ``heard`` learns how many projects are done."""
    heads = (f"{office}__{what}" for office in ("owner", "implementer") for what in ("province", "seals"))
    prefetch_related_objects(projects, *heads)
    readings = read(projects)
    verdicts = verdicts_for(projects, readings=readings)
    steps: dict[int, list[Transition]] = {}
    rows = Transition.objects.filter(project__in=projects).select_related("actor", "on_behalf_of")
    for step in rows.defer("content", "verdicts").order_by("version"):
        steps.setdefault(step.project_id, []).append(step)
    papers, form = [], estimate_form()
    for done, each in enumerate(zip(projects, readings, verdicts, strict=True), start=1):
        project, reading, found = each
        account = _account(project, reading, found, steps.get(project.pk, []))
        papers += [proposal(project, reading, form), account]
        heard(done)
    return papers


def _account(
    project: Project, reading: Reading, verdicts: Sequence[Verdict], steps: Sequence[Transition]
) -> Paper:
    checked = Text(str(unchecked(project.carried_as_of))) if project.carried_as_of else _checks(verdicts)
    blocks: list[Block] = [Heading("Kiểm tra tự động"), checked]
    blocks += [Heading("Quá trình xử lý"), _steps(project, steps)]
    blocks += [Heading("Danh mục giấy tờ kèm theo"), _papers(reading)]
    subtitle = f"{project.code} – {project.title}\nTrạng thái: {project.get_state_display()}"
    return Paper("TÌNH TRẠNG HỒ SƠ", subtitle, "", blocks)


def _table(columns: list[tuple[str, float]], rows: Iterator[list[str]], nothing: str) -> Block:
    found = list(rows)
    return Table(columns, found) if found else Text(nothing)


def _checks(verdicts: Sequence[Verdict]) -> Block:
    rows = (
        [
            SAID[verdict.severity],
            verdict.said,
            f"{verdict.source or ''}{' (chưa kiểm chứng)' if verdict.unverified else ''}".strip(),
        ]
        for verdict in verdicts
    )
    columns = [("Kết quả", 1.0), ("Nội dung", 4.0), ("Căn cứ", 2.0)]
    return _table(columns, rows, "Không có quy định nào để đối chiếu.")


def _steps(project: Project, steps: Sequence[Transition]) -> Block:
    rows = (
        [
            f"{timezone.localtime(step.recorded_at):%d/%m/%Y %H:%M}",
            " ".join(filter(None, [taken_label(step, project.purse), step.paper_number])),
            step.acted_by,
            step.note,
        ]
        for step in steps
    )
    columns = [("Thời điểm", 1.3), ("Bước", 2.2), ("Người thực hiện", 1.6), ("Ý kiến", 3.0)]
    return _table(columns, rows, "Chưa có bước nào.")


def _papers(reading: Reading) -> Block:
    rows = (
        [str(n), paper.name, f"{max(1, paper.size // 1024):,} KB".replace(",", "."), paper.sha256[:16]]
        for n, paper in enumerate(reading.papers, start=1)
    )
    columns = [("STT", 0.7), ("Tên tệp", 4.0), ("Cỡ", 1.0), ("Mã SHA-256 (16 ký tự đầu)", 2.0)]
    return _table(columns, rows, "Chưa có giấy tờ.")
