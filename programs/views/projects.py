"""The list of projects, one project's page, and its steps."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.http import next_page, signed_in, wants_part
from accounts.lists import Chip, Listing, show_list
from accounts.models import User
from accounts.policy import decide
from programs.columns import project_columns
from programs.copying import copy_source
from programs.filters import ProjectFilter
from programs.forms import TransitionForm
from programs.lifecycle import State
from programs.models import Project, Tranche, Transition
from programs.remarks import quote, threads_of
from programs.selectors import step_label, waiting_for
from programs.views.dossier import assign_form, dossier_context
from programs.views.review import show_review
from programs.views.shared import (
    Refusals,
    answer_each,
    put_refusal,
    seen_rows,
    sentences,
    visible_project,
)
from programs.workflow import Ask, foresee, take

PROJECTS = Listing(
    key="de-an",
    title=gettext_lazy("Đề án khuyến công"),
    route="programs:project_list",
    keyset=("-updated_at", "-id"),
    page="programs/project_list.html",
    part="programs/_project_table.html",
    columns=project_columns,
)


@login_required
@require_safe
def project_list(request: HttpRequest) -> HttpResponseBase:
    """The list as the URL says; htmx gets the table alone."""
    rows = Project.objects.visible_to(signed_in(request)).for_list()
    chosen = ProjectFilter(request.GET, queryset=rows, request=request)
    state = request.GET.get("state", "")
    return show_list(request, PROJECTS, chosen, chips=_chips(request), states=State.choices, state=state)


def _chips(request: HttpRequest) -> list[Chip]:
    """Ready-made filters above the form."""
    chips = (
        ("mine", _("Chờ tôi xử lý")),
        ("overdue", _("Quá hạn xử lý")),
        ("carried", _("Số liệu chuyển tiếp")),
    )
    return [Chip(label, f"?{name}=true", bool(request.GET.get(name))) for name, label in chips]


@login_required
@require_safe
def project_detail(request: HttpRequest, code: str) -> HttpResponse:
    user = signed_in(request)
    project = visible_project(request, code)
    context = dossier_context(user, project)
    context["may_edit"] = decide(user, "programs.edit_project", project).allowed
    context["may_copy"] = decide(user, "programs.create_project").allowed
    context["assign_form"] = assign_form(user, project)
    context["copied_from"] = copy_source(user, project) if context["may_edit"] else None
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
            told = f"{project.code}: {project.get_state_display()}."
            messages.success(request, told, extra_tags=_way_back(user, project))
            detail = reverse("programs:project_detail", args=[project.code])
            return redirect(next_page(request, otherwise=detail))
        except Refusals as error:
            put_refusal(form, error)
    project = visible_project(request, code)
    if "on_review" in request.POST:
        return show_review(request, project, form=form)
    context = dossier_context(user, project, form)
    context["may_edit"] = decide(user, "programs.edit_project", project).allowed
    return render(request, "programs/project_detail.html", context, status=422)


def _way_back(user: User, project: Project) -> str:
    """What the notice needs to offer undoing the step just taken; empty where that is final."""
    if not decide(user, "programs.undo_project", project).allowed:
        return ""
    return f"{reverse('programs:transition_create', args=[project.code])} {project.version}"


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
        note=_with_quotes(request, project, data["action"], data["note"]),
        paper=form.paper(),
        expected_version=data["version"],
        tranche=tranche,
    )


def _with_quotes(request: HttpRequest, project: Project, action: str, note: str) -> str:
    """A request for changes quotes the remarks that were ticked, of those its reader may read anyway."""
    ticked = set(request.POST.getlist("quote"))
    if action != "return" or not ticked:
        return note
    threads = threads_of(signed_in(request), project)
    return quote(note, [each for each in threads if each.for_drafter and str(each.root.uuid) in ticked])


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
