"""Bringing in an office's own workbook: upload, look, mend, apply."""

from __future__ import annotations

import uuid as uuids

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import policy
from accounts.http import signed_in
from programs.intake.apply import apply_import
from programs.intake.preview import Entries
from programs.intake.refusals import Refused
from programs.intake.stage import annotated_workbook, discard, mend_rows, stage_workbook
from programs.views.intake_pages import lists_of, preview_page, result_page, upload_page
from programs.views.shared import Refusals, sentence, tell_refusal
from records.files import FileRefused
from records.models import StagedImport, StagedImportStatus

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_upload(request: HttpRequest) -> HttpResponse:
    """Read a workbook and keep what was read for the preview; a script's upload gets JSON."""
    user = signed_in(request)
    policy.require(user, "programs.import_registration")
    if request.method != "POST":
        return upload_page(request)
    try:
        upload = request.FILES.get("file")
        if upload is None:
            raise Refused("empty", message=_("Hãy chọn tệp biểu đăng ký (.xlsx hoặc .xls)."))
        with transaction.atomic():
            staged = stage_workbook(upload, upload.name or "", actor=user)
    except (Refused, FileRefused, *Refusals) as error:
        return _upload_refused(request, error)
    url = reverse("programs:import_preview", args=[staged.uuid])
    return JsonResponse({"next": url}, status=201) if _by_script(request) else redirect(url)


def _by_script(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "XMLHttpRequest"


def _upload_refused(request: HttpRequest, error: Exception) -> HttpResponse:
    if _by_script(request):
        return JsonResponse({"error": sentence(error)}, status=422)
    return upload_page(request, sentence(error), status=422)


def _staged(request: HttpRequest, uuid: uuids.UUID) -> StagedImport:
    """A list the person uploaded; anybody else's is not there."""
    policy.require(signed_in(request), "programs.import_registration")
    return get_object_or_404(lists_of(request).select_related("province", "file"), uuid=uuid)


@login_required
@require_safe
def import_preview(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Each row ready, warning or error; the sheet's own totals beside ours. After applying: what it did.

    ``?loc=loi`` filters, ``?cursor=2`` turns the page, ``?sua=3`` opens a row; a row's controls in the
    address show unsaved choices.
    """
    staged = _staged(request, uuid)
    if staged.status != StagedImportStatus.PREVIEW:
        return result_page(request, staged)
    opened = {int(word) for word in request.GET.getlist("sua") if word.isascii() and word.isdigit()}
    return preview_page(request, staged, Entries(request.GET.dict(), opened=opened))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_mend(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Corrections made in the grid; rows are checked again at once. What cannot be kept stays typed."""
    staged = _staged(request, uuid)
    if request.method != "POST":  # the address bar after a refused entry
        return redirect("programs:import_preview", uuid=uuid)
    try:
        count = mend_rows(staged, request.POST, actor=signed_in(request))
    except (Refused, *Refusals) as error:
        return _not_taken(request, staged, error)
    if count:
        told = ngettext("Đã lưu %(count)d dòng vừa sửa.", "Đã lưu %(count)d dòng vừa sửa.", count)
        messages.success(request, told % {"count": count})
    return _back(request, uuid)


def _back(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """To the same filter and page of the preview, and to the row that is to be opened."""
    query, anchor = request.GET.copy(), ""
    row = request.POST.get("sua", "")
    if row.isascii() and row.isdigit():
        query["sua"], anchor = row, f"#row-{row}"
    url = reverse("programs:import_preview", args=[uuid])
    return redirect(f"{url}{'?' if query else ''}{query.urlencode()}{anchor}")


def _not_taken(request: HttpRequest, staged: StagedImport, error: Exception) -> HttpResponse:
    """The page again with everything that was typed; a list closed meanwhile shows what became of it."""
    staged.refresh_from_db()
    if staged.status != StagedImportStatus.PREVIEW:
        tell_refusal(request, error)
        return redirect("programs:import_preview", uuid=staged.uuid)
    if isinstance(error, ValidationError) and hasattr(error, "error_dict"):
        return preview_page(request, staged, Entries(request.POST.dict(), error.message_dict))
    return preview_page(request, staged, Entries(request.POST.dict()), refusal=sentence(error))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_apply(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Turn the good rows into drafts. Corrections sent along are kept and looked at first."""
    staged, user = _staged(request, uuid), signed_in(request)
    if request.method != "POST":
        return redirect("programs:import_preview", uuid=uuid)
    try:
        if staged.status == StagedImportStatus.PREVIEW and mend_rows(staged, request.POST, actor=user):
            messages.info(request, _("Đã lưu các ô vừa sửa. Hãy xem lại kết quả rồi ghi."))
            return _back(request, uuid)
        outcome = apply_import(staged, user, version=request.POST.get("version", ""))
    except (Refused, *Refusals) as error:
        return _not_taken(request, staged, error)
    messages.success(request, outcome.sentence())
    return redirect("programs:import_preview", uuid=uuid)


@login_required
@require_POST
def import_discard(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Put a list aside that is not to be applied."""
    staged = _staged(request, uuid)
    try:
        discard(staged, actor=signed_in(request))
    except Refusals as error:
        tell_refusal(request, error)
        return redirect("programs:import_preview", uuid=uuid)
    messages.success(request, _("Đã bỏ biểu “%(name)s”; không có gì được ghi.") % {"name": staged.name})
    return redirect("programs:import_upload")


@login_required
@require_safe
def import_errors(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """The same workbook with a column "Lỗi" and coloured cells."""
    staged = _staged(request, uuid)
    try:
        name, content = annotated_workbook(staged, actor=signed_in(request))
    except Refused as error:
        messages.error(request, str(error))
        return redirect("programs:import_preview", uuid=uuid)
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response
