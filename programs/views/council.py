"""The council on the review page: named, its progress, its sheets side by side once they are open."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.http import signed_in
from accounts.policy import require
from programs.council import candidates, close_council, name_council
from programs.forms import ConclusionForm, CouncilForm
from programs.models import Project
from programs.views.review import show_review
from programs.views.shared import Refusals, put_refusal, seen_version, visible_project


@login_required
@require_POST
def council_name(request: HttpRequest, code: str) -> HttpResponse:
    user = signed_in(request)
    project = visible_project(request, code)
    require(user, "programs.name_council", project)
    form = CouncilForm(request.POST, people=candidates(user, project))
    if form.is_valid():
        try:
            version = seen_version(request.POST.get("version", ""))
            name_council(project, actor=user, expected_version=version, **form.cleaned_data)
            return _done(request, project, _("Đã lập hội đồng thẩm định."))
        except Refusals as error:
            put_refusal(form, error)
    return show_review(request, project, council_form=form)


@login_required
@require_POST
def council_close(request: HttpRequest, code: str) -> HttpResponse:
    user = signed_in(request)
    project = visible_project(request, code)
    require(user, "programs.close_council", project)
    form = ConclusionForm(request.POST)
    if form.is_valid():
        try:
            version = seen_version(request.POST.get("version", ""))
            close_council(project, actor=user, expected_version=version, **form.cleaned_data)
            return _done(request, project, _("Đã đóng phiếu; cả cơ quan đọc được ý kiến của hội đồng."))
        except Refusals as error:
            put_refusal(form, error)
    return show_review(request, project, conclusion_form=form)


def _done(request: HttpRequest, project: Project, told: str) -> HttpResponse:
    messages.success(request, told)
    return redirect(reverse("programs:project_review", args=[project.code]) + "#hoi-dong")
