"""Papers of a dossier: added, read and removed under the project's own rules."""

from __future__ import annotations

import uuid as uuids

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts import policy
from accounts.http import signed_in
from programs.dossier import attach, detach, fetch_paper
from programs.models import Project, Tranche
from programs.views.shared import Refusals, sentence, tell_refusal, visible_project
from records.files import FileRefused, open_file
from records.models import StoredFile
from records.sniff import JPEG, PDF, PNG, is_shown

SAVED = "default-src 'none'; sandbox"
FRAMED = "frame-ancestors 'self'"
SHOWN = {
    # The browser's own reader shows it, outside our origin; sandboxed it would refuse to start.
    PDF: f"default-src 'none'; {FRAMED}",
    PNG: f"{SAVED}; {FRAMED}",
    JPEG: f"{SAVED}; {FRAMED}",
}
"""Content policy of each type shown beside the dossier: in frames of this portal alone, without scripts."""


@login_required
@require_POST
def attachment_create(request: HttpRequest, code: str) -> HttpResponse:
    """Store one or several papers. A script's upload gets JSON, a plain form goes back to the section."""
    project = visible_project(request, code)
    wants_json = request.headers.get("X-Requested-With") == "XMLHttpRequest"
    try:
        added = [
            attach(project, upload, paper_code=request.POST.get("paper_code", ""), actor=signed_in(request))
            for upload in request.FILES.getlist("file")
        ]
    except policy.PermissionRefused as error:
        if wants_json:
            return JsonResponse({"error": str(error)}, status=403)
        raise
    except (FileRefused, *Refusals) as error:
        if wants_json:
            return JsonResponse({"error": sentence(error)}, status=422)
        tell_refusal(request, error)
        return redirect("programs:project_section", code=code, section="tai-lieu")
    if wants_json:
        return JsonResponse(
            {"files": [{"uuid": str(item.uuid), "name": item.name} for item in added]}, status=201
        )
    if added:
        told = ngettext("Đã thêm %(count)d tài liệu.", "Đã thêm %(count)d tài liệu.", len(added))
        messages.success(request, told % {"count": len(added)})
    else:
        messages.error(request, _("Hãy chọn tệp cần tải lên."))
    return redirect("programs:project_section", code=code, section="tai-lieu")


@login_required
@require_safe
def attachment_download(request: HttpRequest, code: str, uuid: uuids.UUID) -> HttpResponse | FileResponse:
    """The file itself, only to those who see the project; never run as a page of ours."""
    project = visible_project(request, code)
    item = get_object_or_404(project.attachments.select_related("file"), uuid=uuid)
    return served(fetch_paper(project, item.file, actor=signed_in(request)), item.name)


@login_required
@require_safe
def step_paper(request: HttpRequest, code: str, version: int) -> HttpResponse | FileResponse:
    """The scan of the paper a step recorded."""
    project = visible_project(request, code)
    step = get_object_or_404(
        project.transitions.select_related("paper_file"), version=version, paper_file__isnull=False
    )
    return _signed(request, project, step.paper_file)


@login_required
@require_safe
def tranche_paper(request: HttpRequest, uuid: uuids.UUID, paper: str) -> HttpResponse | FileResponse:
    """The signed decision on a tranche, or the notice that hands it out."""
    rows = Tranche.objects.visible_to(signed_in(request)).select_related("plan__province", paper)
    tranche = get_object_or_404(rows, uuid=uuid, **{f"{paper}__isnull": False})
    return _signed(request, tranche, getattr(tranche, paper))


def _signed(request: HttpRequest, about: Project | Tranche, paper: StoredFile | None) -> FileResponse:
    if paper is None:
        raise Http404
    return served(fetch_paper(about, paper, actor=signed_in(request)), paper.name)


def served(stored: StoredFile, name: str) -> FileResponse:
    """The file for reading; one that a browser does not show is saved, none is run as a page of ours."""
    content = open_file(stored)
    shown = is_shown(content, stored.media_type)
    response = FileResponse(content, as_attachment=not shown, filename=name, content_type=stored.media_type)
    response["Content-Security-Policy"] = SHOWN[stored.media_type] if shown else SAVED
    response["X-Frame-Options"] = "SAMEORIGIN" if shown else "DENY"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@login_required
@require_POST
def attachment_delete(request: HttpRequest, code: str, uuid: uuids.UUID) -> HttpResponse:
    project = visible_project(request, code)
    item = get_object_or_404(project.attachments, uuid=uuid)
    try:
        detach(project, item, actor=signed_in(request))
        messages.success(request, _("Đã bỏ tài liệu “%(name)s”.") % {"name": item.name})
    except Refusals as error:
        tell_refusal(request, error)
    return redirect("programs:project_section", code=code, section="tai-lieu")
