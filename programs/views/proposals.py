"""Steps proposed to the leader inside an office, and proposals returned."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.http import signed_in
from accounts.policy import require
from programs.models import Project, Remark
from programs.proposals import propose, send_back
from programs.views.shared import Refusals, seen_version, tell_refusal, visible_project


@login_required
@require_POST
def proposal_create(request: HttpRequest, code: str) -> HttpResponse:
    user = signed_in(request)
    project = visible_project(request, code)
    require(user, "programs.propose_step", project)
    seen = seen_version(request.POST.get("version", ""))
    action, note = request.POST.get("action", ""), request.POST.get("note", "")
    return _done(
        request,
        project,
        lambda: propose(project, action, actor=user, note=note, expected_version=seen),
        _("Đã trình lãnh đạo. Chỉ người trong cơ quan đọc được đề xuất này."),
    )


@login_required
@require_POST
def proposal_return(request: HttpRequest, code: str, uuid: uuids.UUID) -> HttpResponse:
    user = signed_in(request)
    project = visible_project(request, code)
    rows = Remark.objects.visible_to(user).filter(project=project).exclude(proposes="")
    made = get_object_or_404(rows, uuid=uuid)
    made.project = project
    require(user, "programs.return_proposal", made)
    reason = request.POST.get("reason", "")
    return _done(
        request, project, lambda: send_back(made, actor=user, reason=reason), _("Đã trả lại đề xuất.")
    )


def _done(request: HttpRequest, project: Project, act: Callable[[], object], said: str) -> HttpResponse:
    try:
        act()
        messages.success(request, said)
    except Refusals as error:
        tell_refusal(request, error)
    return redirect("programs:project_review", code=project.code)
