"""The next reform of units: its file, what it would change, and the second person's yes."""

from __future__ import annotations

import uuid as uuids

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import policy
from accounts.http import signed_in
from programs.intake import limits
from programs.intake.refusals import Refused
from programs.reforms import verbs
from programs.reforms.reading import COLUMNS, Problem
from programs.views.shared import sentence
from records.files import FileRefused
from records.models import UnitReform
from records.sheets import MEDIA_TYPES, XLSX, Column, Table, pieces

RECENT, MOST_PROBLEMS, MOST_EFFECTS = 20, 100, 500


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reform_list(request: HttpRequest) -> HttpResponseBase:
    """Send a file of changes, or see those sent before; ``?mau=xlsx`` is an empty one to fill in."""
    user = signed_in(request)
    policy.require(user, "programs.change_units")
    if request.method != "POST":
        return _template() if request.GET.get("mau") == XLSX else _list_page(request, [])
    upload = request.FILES.get("file")
    try:
        if upload is None:
            raise Refused("empty", message=_("Hãy chọn tệp thay đổi (.xlsx hoặc .xls)."))
        reform, new = verbs.stage(upload, upload.name or "", actor=user)
    except verbs.Faulty as error:
        return _list_page(request, error.problems)
    except (Refused, FileRefused) as error:
        return _list_page(request, [Problem("", sentence(error))])
    if not new:
        messages.info(request, _("Tệp này đã được tải lên trước đây; đây là bản đó."))
    return redirect("programs:reform_detail", uuid=reform.uuid)


def _list_page(request: HttpRequest, problems: list[Problem]) -> HttpResponse:
    context = {
        "problems": [{"id": "upload", "message": str(problem)} for problem in problems[:MOST_PROBLEMS]],
        "more": max(0, len(problems) - MOST_PROBLEMS),
        "recent": UnitReform.objects.select_related("uploaded_by", "applied_by").defer("plan", "rows")[
            :RECENT
        ],
        "max_mb": limits.MAX_FILE_BYTES // limits.MEBI,
    }
    return render(request, "programs/reform_list.html", context, status=422 if problems else 200)


def _template() -> StreamingHttpResponse:
    """Headings to fill in under; the reader skips the note."""
    columns = [Column(str(label), lambda row: "", 18) for label, _needed in COLUMNS.values()]
    note = (
        "Ghi chú: mỗi dòng là một đơn vị cũ (toàn bộ hoặc một phần) thành một đơn vị mới; mã giữ số 0 ở đầu. "
        "Xã của tỉnh được nhập mà không có dòng nào thì giữ nguyên và chuyển sang tỉnh mới."
    )
    table = Table("Thay đổi", columns, [], note)
    response = StreamingHttpResponse(pieces(table, XLSX), content_type=MEDIA_TYPES[XLSX])
    response["Content-Disposition"] = 'attachment; filename="mau-thay-doi-dia-gioi.xlsx"'
    return response


def _found(request: HttpRequest, uuid: uuids.UUID) -> UnitReform:
    policy.require(signed_in(request), "programs.change_units")
    return get_object_or_404(UnitReform.objects.select_related("uploaded_by", "applied_by"), uuid=uuid)


@login_required
@require_safe
def reform_detail(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """What the file would change, or has changed; how many records name the units that end."""
    reform = _found(request, uuid)
    effects = verbs.effects_of(reform)
    context = {
        "reform": reform,
        "effects": effects[:MOST_EFFECTS],
        "more": max(0, len(effects) - MOST_EFFECTS),
        "sums": verbs.sums_of(reform),
        "touched": verbs.touched_by(reform),
        "documents": reform.plan["documents"],
        "may_apply": policy.decide(request.user, "programs.apply_units", reform),
    }
    return render(request, "programs/reform_detail.html", context)


@login_required
@require_POST
def reform_apply(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    reform = _found(request, uuid)
    try:
        verbs.apply(reform, actor=signed_in(request))
        messages.success(request, _("Đã áp dụng tệp “%(name)s”.") % {"name": reform.name})
    except ValidationError as error:
        messages.error(request, sentence(error))
    return redirect("programs:reform_detail", uuid=uuid)


@login_required
@require_POST
def reform_discard(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    reform = _found(request, uuid)
    try:
        verbs.discard(reform, actor=signed_in(request))
        messages.success(request, _("Đã bỏ tệp “%(name)s”; không có gì thay đổi.") % {"name": reform.name})
    except ValidationError as error:
        messages.error(request, sentence(error))
    return redirect("programs:reform_list")
