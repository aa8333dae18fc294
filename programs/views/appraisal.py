"""The appraisal sheet on the review page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.http import signed_in
from accounts.models import User
from accounts.policy import PermissionRefused, decide
from programs.appraisal import Sheet, fill, opinions, sheets_of
from programs.council import candidates, seats_of
from programs.forms import ConclusionForm, CouncilForm, SheetForm
from programs.models import Project
from programs.policy import standing_council
from programs.reviewterms import CRITERIA
from programs.views.shared import Refusals, seen_version, sentence, visible_project


def appraisal_context(user: User, project: Project, *, naming: bool = False) -> dict[str, Any]:
    """The person's own sheet to fill in, what the others of the office have found, and the council;
    ``naming``: with the form that names one."""
    if not decide(user, "programs.read_sheets", project).allowed:
        return {}
    sheets = sheets_of(user, project)
    context = {"sheets": sheets, "criteria": CRITERIA, **_council_context(user, project, sheets, naming)}
    if decide(user, "programs.appraise_project", project).allowed:
        context |= {"sheet": sheets[0], "sheet_form": _form_of(sheets[0])}
    return context


def _council_context(user: User, project: Project, sheets: list[Sheet], naming: bool) -> dict[str, Any]:
    council = standing_council(project)
    context: dict[str, Any] = {"council": council}
    if council is not None:
        context["seats"] = seats_of(council, sheets)
        if not council.is_open:
            context |= {"opinions": opinions(sheets), "sat": user.pk in council.people_ids}
        elif decide(user, "programs.close_council", project).allowed:
            context["conclusion_form"] = ConclusionForm()
    context["may_name"] = decide(user, "programs.name_council", project).allowed
    if naming and context["may_name"]:
        initial = council and {
            "chair": council.chair_id, "secretary": council.secretary_id, "members": council.member_ids
        }  # fmt: skip
        context["council_form"] = CouncilForm(initial=initial, people=candidates(user, project))
    return context


def _form_of(sheet: Sheet) -> SheetForm:
    initial = {f"grade-{code}": mark.grade for code, mark in sheet.marks.items()}
    initial |= {f"note-{code}": mark.note for code, mark in sheet.marks.items()}
    return SheetForm(initial=initial)


@login_required
@require_POST
def appraisal_fill(request: HttpRequest, code: str) -> HttpResponse:
    """Keep the sheet. A script that saves while one works gets JSON, a plain form the review page."""
    project = visible_project(request, code)
    form = SheetForm(request.POST)
    by_script = request.headers.get("X-Requested-With") == "XMLHttpRequest"
    error = ""
    try:
        if form.is_valid():
            version = seen_version(request.POST.get("version", ""))
            fill(project, form.marks(), actor=signed_in(request), expected_version=version)
        else:
            error = " ".join(message for errors in form.errors.values() for message in map(str, errors))
    except Refusals as refusal:
        error = sentence(refusal)
    except PermissionRefused as refusal:
        if not by_script:
            raise
        return JsonResponse({"error": str(refusal)}, status=403)
    if by_script:
        answer = {"error": error} if error else {"saved_at": f"{timezone.localtime():%H:%M}"}
        return JsonResponse(answer, status=422 if error else 200)
    (messages.error if error else messages.success)(request, error or _("Đã lưu phiếu thẩm định."))
    return redirect(reverse("programs:project_review", args=[code]) + "#phieu")
