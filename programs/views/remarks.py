"""Remarks on a dossier: written, answered and settled on the review page."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import signed_in
from accounts.models import User
from accounts.policy import decide
from programs.forms import AnswerForm, RemarkForm
from programs.models import Project, Remark
from programs.remarks import Thread, answer, colleagues, remark, threads_of
from programs.views.shared import Refusals, tell_refusal, visible_project


def remarks_context(user: User, project: Project, anchor: str = "") -> dict[str, Any]:
    """What the review page shows of what people say about the dossier."""
    threads = threads_of(user, project)
    at: dict[str, list[Thread]] = {}
    for thread in threads:
        if thread.open:
            at.setdefault(thread.root.anchor, []).append(thread)
    may_remark = decide(user, "programs.remark_project", project).allowed
    return {
        "threads": threads,
        "remarks_at": at,
        "open_remarks": sum(thread.open for thread in threads),
        "quotable": [
            thread for thread in threads if thread.open and thread.for_drafter and thread.may_settle
        ],
        "may_remark": may_remark,
        "remark_form": RemarkForm(initial={"anchor": anchor}) if may_remark else None,
        "colleagues": colleagues(user, project) if may_remark else [],
    }


@login_required
@require_POST
def remark_create(request: HttpRequest, code: str) -> HttpResponse:
    project = visible_project(request, code)
    form = RemarkForm(request.POST)
    return _kept(request, project, form, lambda data: remark(project, actor=signed_in(request), **data))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remark_thread(request: HttpRequest, code: str, uuid: uuids.UUID) -> HttpResponse:
    """The address of a remark leads to its place on the review page; what is posted to it answers it."""
    user = signed_in(request)
    project = visible_project(request, code)
    rows = Remark.objects.visible_to(user).filter(project=project).select_related("thread")
    found = get_object_or_404(rows, uuid=uuid)
    if request.method != "POST":
        return redirect(_place(project, found))
    root = found.thread or found
    root.project = project
    form = AnswerForm(request.POST)
    return _kept(request, project, form, lambda data: answer(root, actor=user, **data))


def _kept(
    request: HttpRequest,
    project: Project,
    form: RemarkForm | AnswerForm,
    keep: Callable[[dict[str, Any]], Remark],
) -> HttpResponse:
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(map(str, errors)))
        return redirect("programs:project_review", code=project.code)
    try:
        made = keep(form.cleaned_data)
    except Refusals as error:
        tell_refusal(request, error)
        return redirect("programs:project_review", code=project.code)
    messages.success(request, _("Đã ghi nhận xét."))
    return redirect(_place(project, made))


def _place(project: Project, made: Remark) -> str:
    root = made.thread or made
    return reverse("programs:project_review", args=[project.code]) + f"#nx-{root.uuid}"
