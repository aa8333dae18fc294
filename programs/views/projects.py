"""The list of projects, one project's page, and its steps."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.http import query_without_cursor, signed_in, wants_part
from accounts.policy import decide
from programs.filters import ProjectFilter
from programs.forms import TransitionForm
from programs.lifecycle import State
from programs.models import Project, Tranche, Transition
from programs.selectors import step_label, waiting_for
from programs.views.dossier import dossier_context
from programs.views.shared import (
    Refusals,
    answer_each,
    put_refusal,
    seen_rows,
    sentences,
    visible_project,
)
from programs.workflow import Ask, foresee, take
from records.paging import page_or_first


@login_required
@require_safe
def project_list(request: HttpRequest) -> HttpResponse:
    """The list as the URL says: filters, then a keyset page. htmx gets the table alone."""
    user = signed_in(request)
    chosen = ProjectFilter(request.GET, queryset=Project.objects.visible_to(user).for_list(), request=request)
    page = page_or_first(chosen.qs, ("-updated_at", "-id"), request.GET.get("cursor", ""))
    template = "programs/_project_table.html" if wants_part(request) else "programs/project_list.html"
    context = {
        "filter": chosen,
        "page": page,
        "query": query_without_cursor(request),
        "chips": _chips(request),
        "states": State.choices,
        "state": request.GET.get("state", ""),
    }
    return render(request, template, context)


def _chips(request: HttpRequest) -> list[dict[str, object]]:
    """Ready-made filters above the form."""
    chips = (("", _("Tất cả")), ("mine", _("Chờ tôi xử lý")), ("overdue", _("Quá hạn xử lý")))
    chosen = next((name for name in ("mine", "overdue") if request.GET.get(name)), "")
    return [
        {"label": label, "url": f"?{name}=true" if name else "?", "count": None, "current": name == chosen}
        for name, label in chips
    ]


@login_required
@require_safe
def project_detail(request: HttpRequest, code: str) -> HttpResponse:
    user = signed_in(request)
    project = visible_project(request, code)
    context = dossier_context(user, project)
    context["may_edit"] = decide(user, "programs.edit_project", project).allowed
    context["may_review"] = waiting_for(user).filter(pk=project.pk).exists() and not context["may_edit"]
    return render(request, "programs/project_detail.html", context)


@login_required
@require_POST
def transition_create(request: HttpRequest, code: str) -> HttpResponse:
    """Take one step; a refusal says why at its field, changes nothing and keeps what was typed."""
    user = signed_in(request)
    project = visible_project(request, code)
    form = TransitionForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            with transaction.atomic():
                take_from_form(request, project, form)
            messages.success(request, f"{project.code}: {project.get_state_display()}.")
            return redirect(_next_page(request, project))
        except Refusals as error:
            put_refusal(form, error)
    project = visible_project(request, code)
    context = dossier_context(user, project, form)
    context["may_edit"] = decide(user, "programs.edit_project", project).allowed
    return render(request, "programs/project_detail.html", context, status=422)


def take_from_form(request: HttpRequest, project: Project, form: TransitionForm) -> Transition:
    user = signed_in(request)
    data = form.cleaned_data
    tranche = None
    if data.get("tranche"):
        tranche = get_object_or_404(Tranche.objects.visible_to(user), uuid=data["tranche"])
    return take(
        data["action"],
        project,
        actor=user,
        note=data["note"],
        data=form.step_data(),
        paper=form.paper(),
        expected_version=data["version"],
        tranche=tranche,
    )


def _next_page(request: HttpRequest, project: Project) -> str:
    """Where the form asked to go next (the next file of a queue), if that is a page of ours."""
    target = request.POST.get("next", "")
    if target and url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        return target
    return reverse("programs:project_detail", args=[project.code])


@login_required
@require_POST
def transition_bulk(request: HttpRequest) -> HttpResponse:
    """One step for several projects, each by itself: first what would happen, then, confirmed, what did."""
    user = signed_in(request)
    action, note = request.POST.get("action", ""), request.POST.get("note", "")
    seen = seen_rows(request)
    chosen = Project.objects.visible_to(user).filter(code__in=seen).order_by("id")
    if "confirmed" in request.POST:
        return answer_each(
            request,
            chosen,
            lambda project: take(action, project, actor=user, note=note, expected_version=seen[project.code]),
        )
    projects = list(chosen.select_related("plan", "province", "owner").prefetch_related("participations"))
    asks = [Ask(action, project, user, note, expected_version=seen[project.code]) for project in projects]
    rows = list(zip(projects, foresee(asks), strict=True))
    context = {
        "action": action,
        "note": note,
        "label": step_label(user, action, projects),
        "movable": [
            (project, step_label(user, action, [project])) for project, refusal in rows if refusal is None
        ],
        "refused": [(project, sentences(refusal)) for project, refusal in rows if refusal],
        "as_part": wants_part(request),
    }
    template = "programs/_bulk_preview.html" if wants_part(request) else "programs/bulk_preview.html"
    return render(request, template, context)
