"""An office's registers of numbers and its seals: read by its people, kept by its administrator."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import signed_in
from accounts.models import Organisation
from accounts.numbering import begin_register, open_register
from accounts.paper_forms import BeginForm, EndSealForm, RegisterForm, SealForm
from accounts.policy import decide, require
from accounts.seals import end_seal, record_seal
from accounts.views.offices import page, refuse, visible_office


@login_required
@require_safe
def office_papers(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    user, office = signed_in(request), visible_office(request, uuid)
    context = {
        "office": office,
        "registers": office.registers.with_begun().annotate(last=Max("numbers__number")),
        "seals": office.seals.all(),
        "runs": decide(user, "accounts.run_people", office).allowed,
        "works": decide(user, "accounts.draw_number", office).allowed,
    }
    return render(request, "accounts/office_papers.html", context)


def _run(
    request: HttpRequest,
    office: Organisation,
    form: forms.Form,
    title: str,
    note: str,
    verb: Callable[[], object],
) -> HttpResponse:
    """The page of one form, or what its verb does; a refusal stands at its field."""
    if request.method == "POST" and form.is_valid():
        try:
            verb()
            messages.success(request, _("Đã lưu."))
            return redirect("accounts:office_papers", uuid=office.uuid)
        except ValidationError as error:
            refuse(form, error)
    return page(request, "accounts/paper_form.html", form, office=office, heading=title, note=note)


def _administered(request: HttpRequest, uuid: uuids.UUID) -> Organisation:
    user, office = signed_in(request), visible_office(request, uuid)
    require(user, "accounts.run_people", office)
    return office


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def register_open(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    user, office = signed_in(request), _administered(request, uuid)
    form = RegisterForm(request.POST if request.method == "POST" else None)
    note = _("Số chạy từ 01 đến hết ngày 31/12; năm sau sổ tự mở tiếp từ 01.")
    return _run(
        request,
        office,
        form,
        _("Mở sổ"),
        note,
        lambda: open_register(office, **form.cleaned_data, actor=user),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def register_begin(request: HttpRequest, uuid: uuids.UUID, pk: int) -> HttpResponse:
    user, office = signed_in(request), visible_office(request, uuid)
    register = get_object_or_404(office.registers.select_related("office"), pk=pk)
    require(user, "accounts.run_people", office)
    initial = {"begins_at": register.begins_at}
    form = BeginForm(request.POST if request.method == "POST" else None, initial=initial)
    note = _("Chỉ đổi được khi sổ chưa cấp số nào.")
    return _run(
        request,
        office,
        form,
        str(register),
        note,
        lambda: begin_register(register, form.cleaned_data["begins_at"], actor=user),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def seal_record(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    user, office = signed_in(request), _administered(request, uuid)
    form = SealForm(request.POST if request.method == "POST" else None)

    def verb() -> None:
        given = {name: form.cleaned_data[name] for name in ("kind", "number", "source")}
        record_seal(office, **given, time=form.time(), actor=user)

    note = _("Văn bản in ghi “đóng dấu” trong những ngày con dấu có giá trị.")
    return _run(request, office, form, _("Ghi con dấu, chứng thư"), note, verb)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def seal_end(request: HttpRequest, uuid: uuids.UUID, pk: int) -> HttpResponse:
    user, office = signed_in(request), visible_office(request, uuid)
    seal = get_object_or_404(office.seals.select_related("office"), pk=pk)
    require(user, "accounts.run_people", office)
    form = EndSealForm(request.POST if request.method == "POST" else None, initial={"last": seal.last_day})
    note = _("Nộp lại, thay mới hoặc thu hồi: ghi ngày cuối còn giá trị.")
    return _run(
        request, office, form, str(seal), note, lambda: end_seal(seal, form.cleaned_data["last"], actor=user)
    )
