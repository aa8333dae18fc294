"""Writing a project: the task list, a section at a time, autosave behind it."""

from __future__ import annotations

from typing import get_args

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts import policy
from accounts.http import signed_in
from programs.copying import copy_project, copyable
from programs.differences import differences
from programs.draft_forms import CopyForm, CreateForm, EarlierForm
from programs.drafting import create_draft, save_draft
from programs.errors import StaleVersion
from programs.sections import BY_SLUG, FIRST, Section, neighbour
from programs.skeleton import laid_under, skeleton_for
from programs.views.once import created_once, form_key
from programs.views.section_pages import findings_html, form_errors, show
from programs.views.shared import (
    Refusals,
    put_refusal,
    seen_version,
    sentence,
    tell_refusal,
    visible_project,
)
from vietnam.money import Unit


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def project_create(request: HttpRequest) -> HttpResponse:
    """A new draft, from nothing or (``?tu=`` names it) from an earlier project of one's own."""
    user = signed_in(request)
    policy.require(user, "programs.create_project")
    if request.method == "GET" and request.GET.get("tu"):
        return redirect("programs:project_copy", code=visible_project(request, request.GET["tu"]).code)
    form = CreateForm(request.POST or None, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            with transaction.atomic():
                code = created_once(
                    user,
                    form_key(request),
                    lambda: create_draft(form.values(), actor=user, purse=data["purse"], year=data["year"]),
                )
            return redirect("programs:project_edit", code=code)
        except Refusals as error:
            put_refusal(form, error)
    context = {"form": form, "once": form_key(request), "earlier": EarlierForm(copyable(user))}
    return render(request, "programs/project_create.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def project_copy(request: HttpRequest, code: str) -> HttpResponse:
    """A new draft that begins as this project, for the plan year chosen."""
    user = signed_in(request)
    source = visible_project(request, code)
    policy.require(user, "programs.create_project")
    form = CopyForm(request.POST or None, source=source)
    if request.method == "POST" and form.is_valid():
        year = form.cleaned_data["year"]
        try:
            with transaction.atomic():
                made = created_once(
                    user, form_key(request), lambda: copy_project(source, actor=user, year=year)
                )
            return redirect("programs:project_edit", code=made)
        except Refusals as error:
            put_refusal(form, error)
    context = {"form": form, "once": form_key(request), "project": source}
    return render(request, "programs/project_copy.html", context)


def _section(slug: str) -> Section:
    try:
        return BY_SLUG[slug]
    except KeyError:
        raise Http404(slug) from None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def project_edit(request: HttpRequest, code: str, section: str = FIRST.slug) -> HttpResponse:
    """Show one section, or save it and go on; what was typed stays when something is wrong."""
    user = signed_in(request)
    project = visible_project(request, code)
    policy.require(user, "programs.edit_project", project)
    chosen = _section(section)
    if request.method != "POST":
        return show(request, project, chosen, chosen.bind(project, None, unit_of(request)))
    bound = chosen.bind(project, request.POST, unit_of(request))
    if not bound.is_valid():
        return show(request, project, chosen, bound, status=422)
    values = bound.values()
    if "skeleton" in request.POST:
        values = laid_under(values, skeleton_for(project))
    try:
        with transaction.atomic():
            save_draft(project, values, actor=user, expected_version=_version(request))
    except StaleVersion:
        stored = chosen.bind(project, None, unit_of(request))
        if found := differences(bound, stored):
            return show(request, project, chosen, bound, status=409, conflict=found)
        # The same content is already there, for instance from this page's own autosave.
    except Refusals as error:
        tell_refusal(request, error)
        return show(request, project, chosen, bound, status=422)
    return redirect("programs:project_section", code=code, section=_next_section(request, chosen))


def unit_of(request: HttpRequest) -> Unit:
    """The unit the form's amounts were shown in: another tab may have switched the preference since."""
    wanted = request.POST.get("unit") or signed_in(request).money_unit
    units: tuple[Unit, ...] = get_args(Unit)
    return next((unit for unit in units if unit == wanted), "dong")


def _next_section(request: HttpRequest, section: Section) -> str:
    if "skeleton" in request.POST:
        return section.slug
    wanted = request.POST.get("go", "")
    return wanted if wanted in BY_SLUG else (neighbour(section, 1) or section).slug


def _version(request: HttpRequest) -> int:
    """The version the person saw; after a comparison, the one they decided to replace."""
    return seen_version(request.POST.get("replace") or request.POST.get("version", ""))


@login_required
@require_POST
def project_autosave(request: HttpRequest, code: str) -> HttpResponse:
    """Keep what was typed so far. JSON: 200 {version, saved_at, verdicts_html, waiting, errors}, where
    ``waiting`` rows are not kept yet; 409 {current_version}; 422 {errors: [{id, message}]} or {error}."""
    user = signed_in(request)
    project = visible_project(request, code)
    section = _section(request.POST.get("section", FIRST.slug))
    bound = section.bind(project, request.POST, unit_of(request))
    part = section.in_part(bound.forms)
    if part is None and not bound.is_valid():
        return JsonResponse({"errors": form_errors(bound)}, status=422)
    values = part.values if part else bound.values()
    try:
        with transaction.atomic():
            saved = save_draft(project, values, actor=user, expected_version=_version(request))
    except StaleVersion as error:
        return JsonResponse({"error": str(error), "current_version": error.current}, status=409)
    except policy.PermissionRefused as error:
        return JsonResponse({"error": str(error)}, status=403)
    except Refusals as error:
        return JsonResponse({"error": sentence(error)}, status=422)
    return JsonResponse(
        {
            "version": saved.version,
            "saved_at": timezone.localtime().strftime("%H:%M"),
            "verdicts_html": findings_html(request, saved, section, bound, part),
            "waiting": part.count if part else 0,
            "errors": form_errors(bound),
        }
    )
