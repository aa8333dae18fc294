"""The reviewer's finding on a claim of priority, on the review page."""

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
from programs.forms import RulingForm
from programs.judging import judge
from programs.views.review import show_review
from programs.views.shared import Refusals, put_refusal, seen_version, visible_project


@login_required
@require_POST
def claim_judge(request: HttpRequest, code: str) -> HttpResponse:
    project = visible_project(request, code)
    user = signed_in(request)
    require(user, "programs.judge_claim", project)
    form = RulingForm(request.POST)
    if form.is_valid():
        try:
            seen = seen_version(request.POST.get("version", ""))
            judge(project, actor=user, expected_version=seen, **form.cleaned_data)
        except Refusals as error:
            put_refusal(form, error)
        else:
            messages.success(request, _("Đã ghi kết luận về căn cứ ưu tiên."))
            return redirect(reverse("programs:project_review", args=[code]) + "#uu-tien")
    return show_review(request, project, ruling_form=form)
