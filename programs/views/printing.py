"""Official forms filled in: a page to print, A4 without the portal's frame, and the same as PDF."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from accounts.http import signed_in
from accounts.models import Organisation, PaperKind, User
from accounts.policy import require
from programs.appraisal import sheets_of
from programs.models import PaperNumber, Project
from programs.numbering import may_number
from programs.paper_numbers import number_of, reception, slot_of
from programs.policy import appraising_posts, standing_council
from programs.printing.appraising import appraisal_sheet, minutes
from programs.printing.forms import estimate_form, proposal
from programs.printing.receipt import receipt
from programs.reading import read
from programs.views.shared import visible_project
from records.paper.blocks import Paper
from records.paper.pdf import as_pdf


@login_required
@require_safe
def project_print(request: HttpRequest, code: str) -> HttpResponse:
    """The đề án in its eight parts, with its estimate."""
    project = visible_project(request, code)
    [reading] = read([project])
    return _printed(request, project, lambda: proposal(project, reading, estimate_form()), "Đề án", "de-an")


@login_required
@require_safe
def sheet_print(request: HttpRequest, code: str) -> HttpResponse:
    """The reader's own appraisal sheet, also when the council has closed it: then it is signed."""
    user = signed_in(request)
    project = visible_project(request, code)
    require(user, "programs.read_sheets", project)
    sheet = next((each for each in sheets_of(user, project) if each.appraiser == user), None)
    if sheet is None:
        raise Http404
    office, number = _office(user, project), _number(user, project, PaperKind.SHEET)
    return _printed(
        request,
        project,
        lambda: appraisal_sheet(project, sheet, office, number.issued),
        "Phiếu thẩm định",
        "phieu",
        number,
    )


@login_required
@require_safe
def appraisal_minutes(request: HttpRequest, code: str) -> HttpResponse:
    """The minutes of the appraisal, to be printed and signed."""
    user = signed_in(request)
    project = visible_project(request, code)
    require(user, "programs.read_sheets", project)
    sheets, office, council = sheets_of(user, project), _office(user, project), standing_council(project)
    number = _number(user, project, PaperKind.MINUTES)
    return _printed(
        request,
        project,
        lambda: minutes(project, sheets, office, council, number.issued),
        "Biên bản thẩm định",
        "bien-ban",
        number,
    )


def _office(user: User, project: Project) -> Organisation:
    """The office on whose paper the reader appraises."""
    post = appraising_posts(user, project)[0]
    return Organisation.objects.visible_to(user).select_related("province").get(pk=post.organisation_id)


@dataclass(frozen=True, slots=True)
class Numbering:
    """The number of a paper on screen; ``offered``: the reader may draw one for it."""

    paper: PaperKind
    issued: PaperNumber | None
    offered: bool


def _number(user: User, project: Project, paper: PaperKind) -> Numbering:
    issued = number_of(project, slot_of(project, paper, user))
    return Numbering(paper, issued, issued is None and may_number(user, project, paper).allowed)


def _printed(
    request: HttpRequest,
    project: Project,
    make: Callable[[], Paper],
    title: str,
    name: str,
    number: Numbering | None = None,
) -> HttpResponse:
    """The paper, in Vietnamese for every reader: ``?dang=pdf`` gives the file, otherwise the page."""
    with translation.override("vi"):
        paper = make()
        title = f"{title} {project.code}"
        if request.GET.get("dang") == "pdf":
            made = as_pdf([paper], title=title, made_at=timezone.now())
            saved = {"Content-Disposition": f'attachment; filename="{name}-{project.code}.pdf"'}
            return HttpResponse(made, content_type="application/pdf", headers=saved)
        papers = [paper.plain()]
    context = {"title": title, "papers": papers, "project": project, "number": number}
    return render(request, "programs/printed.html", context)


@login_required
@require_safe
def receipt_print(request: HttpRequest, code: str) -> HttpResponse:
    """For whoever handed the dossier in: what was received, by whom, until when it is dealt with."""
    user, project = signed_in(request), visible_project(request, code)
    found = reception(project)
    if found is None:
        raise Http404
    step, held = found
    [reading] = read([project])
    number = _number(user, project, PaperKind.RECEIPT)
    return _printed(
        request,
        project,
        lambda: receipt(project, step, held.office, reading, number.issued),
        "Giấy tiếp nhận",
        "tiep-nhan",
        number,
    )
