"""Where the checks' verdicts stand in the project form, and how far each section has come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.forms import BaseFormSet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from programs.checks import Verdict
from programs.draft_forms import kept
from programs.lifecycle import State
from programs.models import Project
from programs.reading import Reading
from programs.sections import SECTIONS, Bound, Section, section_of

FIELD_OF = {"commune": "place_text"}
"""Anchors of checks that the form shows under another field."""

CLAIMS = "claims"
"""The rows of priority: a verdict on the n-th stands at its row."""

MONEY_COLUMNS = {"kcqg_vnd": "kcqg", "kcdp_vnd": "kcdp", "own_vnd": "own", "other_vnd": "other"}


@dataclass(frozen=True, slots=True)
class Finding:
    """A verdict and its place: ``anchor`` is a field or a row's prefix ("" is the section as a whole),
    ``control`` the id of what has to be changed."""

    verdict: Verdict
    anchor: str
    control: str

    @property
    def stops(self) -> bool:
        """Whether some step will be refused because of it."""
        return self.verdict.blocks

    @property
    def consequence(self) -> str:
        """When it has to be settled, in words; empty when it may stay."""
        if not self.stops:
            return ""
        if self.verdict.blocks_from in (None, State.SUBMITTED_PROV):
            return _("Phải sửa trước khi nộp.")
        return _("Phải sửa trước khi hồ sơ được thẩm định đạt.")


@dataclass(frozen=True, slots=True)
class SectionFindings:
    """``missing`` is what nobody has filled in yet: said quietly, while ``problems`` are contradictions."""

    problems: list[Finding]
    missing: list[Finding]
    passed: list[Verdict]

    @property
    def stopping(self) -> list[Finding]:
        return [finding for finding in self.problems if finding.verdict.severity == "error"]

    @property
    def stopping_later(self) -> list[Finding]:
        """Warnings that an appraisal will not let pass."""
        return [finding for finding in self.problems if finding.stops and finding not in self.stopping]

    @property
    def general(self) -> list[Finding]:
        return [finding for finding in self.problems if not finding.anchor]

    @property
    def placed(self) -> dict[str, list[Finding]]:
        """Problems by anchor."""
        found: dict[str, list[Finding]] = {}
        for finding in self.problems:
            if finding.anchor:
                found.setdefault(finding.anchor, []).append(finding)
        return found

    def by_row(self, prefix: str) -> dict[int, list[Verdict]]:
        """Problems of a grid by the row's number, counted from 1."""
        return {
            int(anchor.rpartition("-")[2]) + 1: [finding.verdict for finding in found]
            for anchor, found in self.placed.items()
            if anchor.startswith(f"{prefix}-")
        }


def is_missing(verdict: Verdict, project: Project) -> bool:
    """Whether it only says that something has not been filled in yet."""
    if verdict.code == "unknown_place":
        return not project.place_text
    return verdict.code.startswith("missing_")


def findings_of(
    section: Section, project: Project, verdicts: Iterable[Verdict], bound: Bound
) -> SectionFindings:
    """The verdicts that are mended in this section, each at its place."""
    mine = [verdict for verdict in verdicts if section_of(verdict) is section]
    rows = _rows(bound)
    placed = [_place(verdict, rows, bound) for verdict in mine if verdict.severity != "ok"]
    return SectionFindings(
        problems=[finding for finding in placed if not is_missing(finding.verdict, project)],
        missing=[finding for finding in placed if is_missing(finding.verdict, project)],
        passed=[verdict for verdict in mine if verdict.severity == "ok"],
    )


def _rows(bound: Bound) -> list[Any]:
    """The forms that make the stored budget lines, in their order."""
    formset = bound.forms.get("lines")
    if not isinstance(formset, BaseFormSet):
        return []
    if not formset.is_bound:
        return list(formset.initial_forms)
    return [form for form in kept(formset) if form.line()] if formset.is_valid() else []


def _place(verdict: Verdict, rows: list[Any], bound: Bound) -> Finding:
    base, _dash, number = verdict.field.partition("-")
    if base == CLAIMS:
        prefix = f"{CLAIMS}-{int(number) - 1}"
        shown = any(form.prefix == prefix for form in bound.each())
        return Finding(verdict, prefix, f"id_{prefix}-document_number" if shown else "")
    if base == "lines" and number.isdigit() and 0 < int(number) <= len(rows):
        prefix = rows[int(number) - 1].prefix
        return Finding(verdict, prefix, f"id_{prefix}-total")
    if verdict.field in MONEY_COLUMNS and rows:
        column = MONEY_COLUMNS[verdict.field]
        prefix = max(rows, key=lambda form: _amount(form, column)).prefix
        return Finding(verdict, prefix, f"id_{prefix}-{column}")
    name = FIELD_OF.get(verdict.field, verdict.field)
    if any(name in form.fields for form in bound.each() if not form.prefix):
        return Finding(verdict, name, f"id_{name}")
    return Finding(verdict, "", "")


def _amount(form: Any, column: str) -> int:
    return int((form.cleaned_data if form.is_bound else form.initial).get(column) or 0)


def mark(findings: SectionFindings, bound: Bound) -> None:
    """Controls a problem points at are announced as invalid; the script takes the mark off again."""
    wanted = {finding.control for finding in findings.problems if finding.verdict.severity != "note"}
    for form in bound.each():
        for name, form_field in form.fields.items():
            if f"id_{form.add_prefix(name)}" in wanted:
                form_field.widget.attrs |= {"aria-invalid": "true", "data-marked": "1"}


@dataclass(frozen=True, slots=True)
class Task:
    """A line of the task list: ``status`` is done, error, warning, partial or empty."""

    section: Section
    status: str
    errors: int
    note: str | Promise
    current: bool


@dataclass(frozen=True, slots=True)
class TaskList:
    tasks: list[Task]

    @property
    def done(self) -> int:
        return sum(1 for task in self.tasks if task.status in ("done", "warning"))

    @property
    def left(self) -> int:
        return len(self.tasks) - self.done

    @property
    def number(self) -> int:
        """The current section's number."""
        return next((n for n, task in enumerate(self.tasks, start=1) if task.current), 1)


def tasks_of(project: Project, reading: Reading, verdicts: Iterable[Verdict], current: Section) -> TaskList:
    """The task list: a contradiction is an error, something not filled in leaves the section open."""
    found = list(verdicts)
    return TaskList([_task(section, project, reading, found, section is current) for section in SECTIONS])


def _task(
    section: Section, project: Project, reading: Reading, verdicts: list[Verdict], current: bool
) -> Task:
    mine = [verdict for verdict in verdicts if section_of(verdict) is section]
    problems = [verdict for verdict in mine if not is_missing(verdict, project)]
    errors = sum(1 for verdict in problems if verdict.severity == "error")
    missing = [verdict for verdict in mine if is_missing(verdict, project)]
    status: str = section.progress(project, reading)
    if errors:
        status = "error"
    elif missing and status == "done":
        status = "partial"
    elif status == "done" and any(verdict.severity == "warning" for verdict in problems):
        status = "warning"
    papers = sum(1 for verdict in missing if verdict.code == "missing_paper")
    note = _("thiếu %(count)d") % {"count": papers} if papers and not errors else ""
    return Task(section, status, errors, note, current)


@dataclass(frozen=True, slots=True)
class Chapter:
    """What the checks say about one section, for the last page."""

    section: Section
    findings: list[Finding]


def chapters_of(project: Project, verdicts: Iterable[Verdict]) -> list[Chapter]:
    """Everything still to mend or to know, by section; sections without remarks are left out."""
    said = [verdict for verdict in verdicts if verdict.severity != "ok"]
    chapters = [
        Chapter(section, [Finding(verdict, "", "") for verdict in said if section_of(verdict) is section])
        for section in SECTIONS
    ]
    return [chapter for chapter in chapters if chapter.findings]
