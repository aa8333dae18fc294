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
from programs.appraisal import Sheet, fill, sheets_of
from programs.forms import SheetForm
from programs.models import Project
from programs.reviewterms import CRITERIA
from programs.views.shared import Refusals, seen_version, sentence, visible_project


def appraisal_context(user: User, project: Project) -> dict[str, Any]:
    """The person's own sheet to fill in, and what the others of the office have found."""
    if not decide(user, "programs.appraise_project", project).allowed:
        return {}
    sheets = sheets_of(user, project)
    return {"sheet": sheets[0], "sheets": sheets, "criteria": CRITERIA, "sheet_form": _form_of(sheets[0])}


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
