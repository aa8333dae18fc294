"""One's reports, the page of one, and its file."""

from __future__ import annotations

import uuid as uuids
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.http import next_page, signed_in, wants_part
from accounts.policy import decide, require
from programs.errors import IllegalMove, MissingDetail
from programs.models import Project
from programs.views.shared import seen_rows
from records.files import open_file
from records.paging import page_or_first
from reports import workflow
from reports.forms import ReportForm
from reports.lifecycle import MOST_DOSSIERS, STAGES, Stage
from reports.models import Report

QUICKEST, SLOWEST = 1.0, 3.0
"""Seconds between two looks at a running report: soon at first, then backing off."""
BACK_OFF = 0.25


def _visible(request: HttpRequest, uuid: uuids.UUID) -> Report:
    rows = Report.objects.visible_to(signed_in(request)).select_related("province", "owner", "result")
    return get_object_or_404(rows, uuid=uuid)


@login_required
@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    return _show_list(request, ReportForm(actor=signed_in(request)))


def _show_list(request: HttpRequest, form: ReportForm) -> HttpResponse:
    user = signed_in(request)
    rows = Report.objects.visible_to(user).select_related("province", "result")
    context = {
        "form": form,
        "page": page_or_first(rows, ("-id",), request.GET.get("cursor", "")),
        "may_make": decide(user, "reports.make_reports"),
    }
    return render(request, "reports/report_list.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def report_create(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    require(user, "reports.make_reports")
    form = ReportForm(request.POST, actor=user)
    if not form.is_valid():
        return _show_list(request, form)
    report, new = workflow.request_report(actor=user, **form.request())
    if not new:
        messages.info(request, _("Báo cáo này đang được lập; đây là báo cáo đó."))
    return redirect("reports:report_detail", uuid=report.uuid)


@login_required
@require_POST
def dossiers_create(request: HttpRequest) -> HttpResponse:
    """One PDF of the dossiers ticked on a list."""
    user = signed_in(request)
    require(user, "reports.make_reports")
    rows = Project.objects.visible_to(user).filter(code__in=seen_rows(request))
    chosen = list(rows.select_related("province").order_by("code")[: MOST_DOSSIERS + 1])
    try:
        report, _new = workflow.request_dossiers(actor=user, projects=chosen)
    except MissingDetail as refusal:
        messages.error(request, str(refusal))
        return redirect(next_page(request))
    return redirect("reports:report_detail", uuid=report.uuid)


@login_required
@require_safe
def report_detail(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """The page; while the report is being made, htmx asks for its changing part again and again."""
    report = _visible(request, uuid)
    if wants_part(request) and not report.is_open:
        # The whole page anew: its bell has news as well.
        return HttpResponse(headers={"HX-Refresh": "true"})
    look = _look_number(request)
    context = {
        "report": report,
        "delay": f"{min(SLOWEST, QUICKEST + BACK_OFF * look):g}",
        "next_look": look + 1,
        "projects_url": _projects_url(report),
    }
    template = "reports/_report.html" if wants_part(request) else "reports/report_detail.html"
    return render(request, template, context)


def _look_number(request: HttpRequest) -> int:
    """How often this page has looked already; nonsense counts as the first time."""
    text = request.GET.get("lan", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _projects_url(report: Report) -> str:
    """The project list under the report's own filters; dossiers were ticked, not filtered."""
    if report.of_dossiers:
        return ""
    query: list[tuple[str, str]] = [("year", str(report.year)), ("purse", report.purse)]
    if not report.is_national:
        query.append(("province", report.province.code))
    if report.stage != Stage.ALL:
        query += [("state", state) for state in sorted(STAGES[report.stage])]
    return f"{reverse('programs:project_list')}?{urlencode(query)}"


@login_required
@require_POST
def report_cancel(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    report = _visible(request, uuid)
    try:
        workflow.cancel_report(report, actor=signed_in(request))
        messages.success(request, _("Đã hủy báo cáo."))
    except IllegalMove as refusal:
        messages.error(request, str(refusal))
    return redirect("reports:report_detail", uuid=uuid)


@login_required
@require_POST
def report_retry(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    report = _visible(request, uuid)
    try:
        report = workflow.retry_report(report, actor=signed_in(request))
    except IllegalMove as refusal:
        messages.error(request, str(refusal))
    return redirect("reports:report_detail", uuid=report.uuid)


@login_required
@require_safe
def report_download(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse | FileResponse:
    """The file, as long as its owner may still see what it holds."""
    report = _visible(request, uuid)
    try:
        stored = workflow.fetch_file(report, actor=signed_in(request))
    except IllegalMove as refusal:
        messages.error(request, str(refusal))
        return redirect("reports:report_detail", uuid=uuid)
    response = FileResponse(
        open_file(stored), as_attachment=True, filename=report.file_name, content_type=stored.media_type
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
