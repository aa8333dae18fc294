"""The page on which a clerical mistake is put right."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import policy
from accounts.http import signed_in
from programs.correcting import correct
from programs.forms import CorrectionForm
from programs.models import Correctable, Project
from programs.procedures import authorities
from programs.views.shared import Refusals, put_refusal, visible_project


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def project_correct(request: HttpRequest, code: str) -> HttpResponse:
    """``?muc=`` the field to put right, the title at first."""
    project = visible_project(request, code)
    policy.require(signed_in(request), "programs.correct_project", project)
    form = CorrectionForm(request.POST) if request.method == "POST" else _blank(project, request)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            correct(
                project, Correctable(data["field"]), data["after"], data["reason"], actor=signed_in(request),
                before=data["before"], document_number=data["document_number"],
            )  # fmt: skip
            messages.success(request, _("Đã ghi đính chính."))
            return redirect("programs:project_detail", code=code)
        except Refusals as error:
            put_refusal(form, error)
    return _show(request, project, form)


def _blank(project: Project, request: HttpRequest) -> CorrectionForm:
    asked = request.GET.get("muc", "")
    field = asked if asked in Correctable.values else Correctable.TITLE
    stands = getattr(project, field)
    return CorrectionForm(initial={"field": field, "before": stands, "after": stands})


def _show(request: HttpRequest, project: Project, form: CorrectionForm) -> HttpResponse:
    chosen = form["field"].value()
    context = {
        "project": project,
        "form": form,
        "fields": [
            {"label": label, "url": f"?muc={name}", "count": None, "current": name == chosen}
            for name, label in Correctable.choices
        ],
        "chosen": dict(Correctable.choices).get(chosen, ""),
        "stands": getattr(project, chosen) if chosen in Correctable.values else "",
        "authorities": authorities(project, timezone.localdate()),
    }
    return render(request, "programs/project_correct.html", context, status=422 if form.errors else 200)
