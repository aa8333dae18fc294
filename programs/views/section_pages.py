"""What a section of the project form shows: its forms, the checks' words and the task list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.forms import BaseFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.http import signed_in
from programs.checks import Verdict, first_blockers
from programs.copying import copy_notes
from programs.differences import Difference
from programs.draft_forms import place_of
from programs.facts import law_for, verdicts_for
from programs.findings import chapters_of, findings_of, mark, tasks_of
from programs.lawbook import Basis
from programs.lifecycle import State
from programs.models import Attachment, Project
from programs.precedent import precedent_for
from programs.reading import read
from programs.remarks import Thread, threads_of
from programs.sections import FIRST, LAST, Bound, InPart, Section, neighbour
from programs.selectors import open_steps
from programs.skeleton import is_bare
from programs.windows import closed_now
from records.sniff import EXTENSIONS
from vietnam.money import Unit

ACCEPT = ", ".join(extension for extensions in EXTENSIONS.values() for extension in extensions)


def show(
    request: HttpRequest,
    project: Project,
    section: Section,
    bound: Bound,
    *,
    status: int = 200,
    conflict: list[Difference] | None = None,
) -> HttpResponse:
    """The section's page. ``conflict``: what differs from the version somebody else has saved meanwhile."""
    user = signed_in(request)
    unit: Unit = _unit(bound) or ("trieu" if user.money_unit == "trieu" else "dong")
    copied = copy_notes(user, project) if section is FIRST else None
    context = section_context(project, section, bound)
    context |= {
        "forms": bound.forms,
        "errors": form_errors(bound),
        "conflict": conflict,
        "previous_section": neighbour(section, -1),
        "next_section": neighbour(section, 1),
        "unit": unit,
        "returned": _reason_of_return(project),
        "remarks": _open_remarks(request, project, section),
        "copied": copied,
        "precedent": precedent_for(user, project, section.slug, unit, copied.source if copied else None),
    }
    if extra := EXTRAS.get(section.slug):
        context |= extra(request, project, context["verdicts"])
    return render(request, section.template, context, status=status)


def section_context(project: Project, section: Section, bound: Bound) -> dict[str, Any]:
    """What the checks say about the stored dossier, at its places in this section."""
    [reading] = read([project])
    [verdicts] = verdicts_for([project], readings=[reading])
    found = findings_of(section, project, verdicts, bound)
    mark(found, bound)
    return {
        "project": project,
        "section": section,
        "verdicts": verdicts,
        "found": found,
        "at": found.placed,
        "row_verdicts": found.by_row("lines"),
        "bare": is_bare(section.slug, project, reading),
        "tasklist": tasks_of(project, reading, verdicts, section),
    }


def findings_html(
    request: HttpRequest, project: Project, section: Section, bound: Bound, part: InPart | None
) -> str:
    """The same words after an autosave: the page's script puts them where they belong."""
    unconfirmed = part.unconfirmed if part else []
    context = section_context(project, section, bound) | {"live": True, "unconfirmed": unconfirmed}
    if section.slug == "thong-tin":
        context |= _place(request, project, context["verdicts"])
    return render_to_string("programs/_section_findings.html", context, request=request)


def form_errors(bound: Bound) -> list[dict[str, str]]:
    """Every field error as {control's id, message}, for the summary on top."""
    found: list[dict[str, str]] = []
    for form in bound.forms.values():
        if isinstance(form, BaseFormSet) and form.is_bound:
            found += [{"id": "", "message": str(message)} for message in form.non_form_errors()]
        rows = form.forms if isinstance(form, BaseFormSet) else [form]
        for number, row in enumerate(rows, start=1):
            for field, errors in row.errors.items():
                known = field in row.fields
                label = row[field].label if known else ""
                if row.prefix:
                    label = _("Dòng %(number)s – %(label)s") % {"number": number, "label": label}
                message = " ".join(map(str, errors))
                found.append(
                    {
                        "id": row[field].id_for_label if known else "",
                        "message": f"{label}: {message}" if label else message,
                    }
                )
    return found


def _unit(bound: Bound) -> Unit | None:
    """The unit the section's amounts are shown in; None where it has none."""
    units = (getattr(field, "unit", None) for form in bound.each() for field in form.fields.values())
    return next((unit for unit in units if unit), None)


def _reason_of_return(project: Project) -> Any:
    """The step by which the dossier came back, with its reason."""
    if project.state not in (State.RETURNED_PROV, State.RETURNED_MIN):
        return None
    return project.transitions.filter(action="return").select_related("actor").order_by("-version").first()


def _open_remarks(request: HttpRequest, project: Project, section: Section) -> list[Thread]:
    """What is still open about this section's fields; about the whole dossier, in the first and last."""
    threads = threads_of(signed_in(request), project)
    return [
        each
        for each in threads
        if each.open
        and (each.root.anchor in section.fields or (not each.root.anchor and section in (FIRST, LAST)))
    ]


# --- what single sections need besides


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper of the dossier with the files given for it; ``hidden`` goes along with an upload."""

    code: str
    name: str
    basis: Basis | None
    required: bool
    files: list[Attachment]

    @property
    def hidden(self) -> dict[str, str]:
        return {"paper_code": self.code}


def _papers(request: HttpRequest, project: Project, verdicts: list[Verdict]) -> dict[str, Any]:
    law = law_for(project)
    attachments = list(project.attachments.select_related("file", "uploaded_by"))
    wanted = law.required_papers(project.activity.code if project.activity else "")
    missing = {str(v.inputs.get("paper", "")) for v in verdicts if v.code == "missing_paper"}
    given = {item.paper_code for item in attachments}

    def files(code: str) -> list[Attachment]:
        return [item for item in attachments if item.paper_code == code]

    rows = [PaperRow(p.code, p.name, p.basis, p.code in missing | given, files(p.code)) for p in wanted]
    rows += [PaperRow(code, name, None, False, files(code)) for code, name in law.lifting_papers().items()]
    known = {row.code for row in rows}
    others = [item for item in attachments if item.paper_code not in known]
    rows.append(PaperRow("", _("Tài liệu khác"), None, False, others))
    return {"papers": rows, "accept": ACCEPT}


def _place(request: HttpRequest, project: Project, verdicts: list[Verdict]) -> dict[str, Any]:
    """How the stored place was read, and what else it may mean."""
    if not project.place_text:
        return {}
    place = place_of(project.place_text, project)
    return {"place": place, "place_candidates": place.candidates[:6] if not project.commune_id else ()}


def _submission(request: HttpRequest, project: Project, verdicts: list[Verdict]) -> dict[str, Any]:
    steps = open_steps(signed_in(request), project)
    submit = next((step for step in steps if step.step.action == "submit"), None)
    return {
        "chapters": chapters_of(project, verdicts),
        "passed": [verdict for verdict in verdicts if verdict.severity == "ok"],
        "submit": submit,
        "closed": closed_now(submit.step, project) if submit else "",
        "blockers": first_blockers(verdicts, submit.step.target) if submit else [],
    }


EXTRAS: dict[str, Callable[[HttpRequest, Project, list[Verdict]], dict[str, Any]]] = {
    "thong-tin": _place,
    "tai-lieu": _papers,
    "kiem-tra": _submission,
}
