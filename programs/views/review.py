"""The reviewer's page: what changed first, then the dossier, the checks, the decision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.http import signed_in, wants_part
from accounts.policy import decide
from programs.changes import Version, changes_since_last_submission, compare_all, content_at, versions_of
from programs.dossier import override
from programs.forms import OverrideForm, TransitionForm
from programs.models import Project
from programs.reading import Attached, read
from programs.selectors import neighbours
from programs.views.appraisal import appraisal_context
from programs.views.dossier import dossier_context
from programs.views.remarks import remarks_context
from programs.views.shared import Refusals, seen_version, tell_refusal, visible_project


@login_required
@require_safe
def project_review(request: HttpRequest, code: str) -> HttpResponse:
    project = visible_project(request, code)
    if wants_part(request):
        [reading] = read([project])
        return render(request, "programs/_paper_beside.html", paper_context(request, project, reading.papers))
    return show_review(request, project)


def show_review(request: HttpRequest, project: Project, **refused: Form) -> HttpResponse:
    """The page; ``refused`` are forms that were sent and come back with what is wrong."""
    user = signed_in(request)
    before, after, position, total = neighbours(user, project)
    remarks = remarks_context(user, project, request.GET.get("muc", ""))
    tried = refused.get("form")
    form = tried if isinstance(tried, TransitionForm) else None
    context = dossier_context(user, project, form, threads=remarks["threads"])
    context |= {
        "changes": changes_since_last_submission(project, context["versions"], context["reading"]),
        "may_judge": decide(user, "programs.judge_claim", project).allowed,
        "may_override": decide(user, "programs.override_check", project).allowed,
        "previous": before,
        "next": after,
        "position": position,
        "total": total,
        **appraisal_context(user, project, naming=request.GET.get("hoi-dong") == "lap"),
        **remarks,
        **paper_context(request, project, context["attachments"]),
        "on_review": True,
        **refused,
    }
    return render(request, "programs/project_review.html", context, status=422 if refused else 200)


def paper_context(request: HttpRequest, project: Project, papers: Sequence[Attached]) -> dict[str, Any]:
    """The paper read beside the dossier: ``?giay-to=<uuid>``; 404 where the dossier has none of that id."""
    wanted = request.GET.get("giay-to", "")
    shown = [paper for paper in papers if paper.is_shown]
    if not wanted:
        return {"shown": shown}
    place = next((n for n, paper in enumerate(shown) if str(paper.uuid) == wanted), None)
    if place is None:
        raise Http404(wanted)
    return {
        "project": project,
        "shown": shown,
        "beside": shown[place],
        "before": shown[place - 1] if place else None,
        "after": shown[place + 1] if place + 1 < len(shown) else None,
    }


@login_required
@require_safe
def project_compare(request: HttpRequest, code: str) -> HttpResponse:
    """Two versions side by side: ``?tu=1&den=2`` are submissions, "nay" what stands now; all with ``xem``."""
    project = visible_project(request, code)
    versions = versions_of(project)
    show_all = request.GET.get("xem") == "tat-ca"
    context = {"project": project, "versions": versions, "show_all": show_all}
    if len(versions) > 1:
        older = _version(versions, request.GET.get("tu") or versions[-2].key)
        newer = _version(versions, request.GET.get("den") or versions[-1].key)
        rows = compare_all(content_at(project, older), content_at(project, newer))
        changed = [row for row in rows if not row.same]
        context |= {"older": older, "newer": newer, "rows": rows if show_all else changed, "n": len(changed)}
    return render(request, "programs/project_compare.html", context)


def _version(versions: list[Version], key: str) -> Version:
    for version in versions:
        if version.key == key:
            return version
    raise Http404(key)


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
