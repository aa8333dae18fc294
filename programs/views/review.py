"""The reviewer's page: what changed first, then the dossier, the checks, the decision."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.http import signed_in
from accounts.policy import decide
from programs.changes import changes_since_last_submission
from programs.dossier import override
from programs.forms import OverrideForm
from programs.selectors import neighbours
from programs.views.dossier import dossier_context
from programs.views.shared import Refusals, seen_version, tell_refusal, visible_project


@login_required
@require_safe
def project_review(request: HttpRequest, code: str) -> HttpResponse:
    user = signed_in(request)
    project = visible_project(request, code)
    before, after, position, total = neighbours(user, project)
    context = dossier_context(user, project) | {
        "changes": changes_since_last_submission(project),
        "may_override": decide(user, "programs.override_check", project).allowed,
        "previous": before,
        "next": after,
        "position": position,
        "total": total,
    }
    return render(request, "programs/project_review.html", context)


@login_required
@require_POST
def override_create(request: HttpRequest, code: str) -> HttpResponse:
    """Let one check pass, with reason and document."""
    project = visible_project(request, code)
    form = OverrideForm(request.POST)
    if form.is_valid():
        try:
            override(
                project,
                actor=signed_in(request),
                expected_version=seen_version(request.POST.get("version", "")),
                **form.cleaned_data,
            )
            messages.success(request, _("Đã ghi chấp thuận ngoại lệ."))
        except Refusals as error:
            tell_refusal(request, error)
    else:
        messages.error(request, _("Ngoại lệ cần lý do và số văn bản cho phép."))
    return redirect("programs:project_review", code=code)
