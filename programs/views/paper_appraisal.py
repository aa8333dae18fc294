"""A registration list whose dossiers the Sở has appraised on paper: its drafts go on together."""

from __future__ import annotations

import uuid as uuids

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from accounts.http import signed_in
from accounts.policy import require
from programs.forms import SignedPaperForm
from programs.intake.paper_lists import drafts_of_list, lists_to_appraise
from programs.views.shared import answer_each, put_refusal, seen_rows
from programs.workflow import take


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def paper_appraisal(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """The sheet's number, date, signer and scan once; then each draft's own answer.

    Căn cứ: Thông tư 36/2013/TT-BCT, điểm a khoản 1 Điều 8.
    """
    user = signed_in(request)
    staged = get_object_or_404(lists_to_appraise(user).select_related("province"), uuid=uuid)
    require(user, "programs.appraise_list", staged)
    drafts = drafts_of_list(user, staged)
    form = SignedPaperForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            paper = form.paper()
        except ValidationError as error:
            put_refusal(form, error)
        else:
            seen = seen_rows(request)
            return answer_each(
                request,
                drafts.filter(code__in=seen),
                lambda project: take(
                    "record_appraisal", project, actor=user, paper=paper, expected_version=seen[project.code]
                ),
            )
    context = {"staged": staged, "drafts": drafts.for_list(), "form": form}
    return render(request, "programs/paper_appraisal.html", context, status=422 if form.errors else 200)
