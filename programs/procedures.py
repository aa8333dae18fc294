"""The procedures of a day: which official form a paper is, who decides a change of a project."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from programs.lawterms import ChangeKind, document_name
from programs.models import ChangeAuthority, OfficialForm, Project


@dataclass(frozen=True, slots=True)
class FormInForce:
    """A form as papers name it, "Mẫu số 4b", and the document that orders it; both blank where none is in
    force. No official file has been seen, so every layout is the portal's and says so."""

    label: str = ""
    ordered_by: str = ""

    @property
    def bracketed(self) -> str:
        return f"({self.label})" if self.label else ""

    @property
    def layout(self) -> str:
        if not self.ordered_by:
            return "Bố cục do cổng dựng; chưa biết văn bản đang có hiệu lực nào quy định mẫu"
        return f"Bố cục do cổng dựng theo {self.ordered_by}, chưa đối chiếu với tệp mẫu chính thức"

    @property
    def note(self) -> str:
        """For a paper whose unknown parts are dots."""
        return f"{self.layout}; chỗ chấm là nội dung cổng chưa có."


def form_on(code: str, day: dt.date) -> FormInForce:
    """The form of this code in force on the day."""
    row = (
        OfficialForm.objects.filter(code=code, valid__contains=day).select_related("source_document").first()
    )
    if row is None:
        return FormInForce()
    source = document_name(row.source_document.number) if row.source_document else ""
    unsure = "" if row.is_trusted else " (chưa kiểm chứng)"
    return FormInForce(f"Mẫu số {row.number}", f"{source}{unsure}")


def authorities(project: Project, day: dt.date) -> list[ChangeAuthority]:
    """Who decides each change of this project on the day, in the order of the changes; empty where the
    portal knows no rule, as for local money. A row for the project's kind goes before the common one."""
    rows = ChangeAuthority.objects.filter(
        purse=project.purse, valid__contains=day, project_kind__in=("", project.kind)
    ).select_related("source_document")
    found = {row.change: row for row in sorted(rows, key=lambda row: row.project_kind)}
    return [found[change] for change in ChangeKind.values if change in found]
