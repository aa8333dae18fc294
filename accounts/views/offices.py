"""Offices: the list, an office's page with its people, and what the system's administrator changes there."""

from __future__ import annotations

import uuid as uuids
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.directory import members_of, offices_for
from accounts.http import signed_in
from accounts.models import Organisation
from accounts.office_forms import ChangeOfficeForm, HeadForm, OfficeForm, OfficeListForm
from accounts.offices import HEAD, change_office, found_office, set_head
from accounts.policy import decide, require


def visible_office(request: HttpRequest, uuid: uuids.UUID) -> Organisation:
    rows = Organisation.objects.visible_to(signed_in(request)).select_related("province", "successor")
    return get_object_or_404(rows, uuid=uuid)


def page(request: HttpRequest, template: str, form: forms.Form, **context: Any) -> HttpResponse:
    """A page with one form; 422 where the form has been refused."""
    return render(request, template, {"form": form, **context}, status=422 if form.errors else 200)


def refuse(form: forms.Form, error: ValidationError) -> None:
    """The verb's sentence, at the field it is about."""
    form.add_error(None, error)


@login_required
@require_safe
def office_list(request: HttpRequest) -> HttpResponse:
    """One's own offices; whoever has one only is taken there."""
    user = signed_in(request)
    form = OfficeListForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    words, kind = chosen.get("q", ""), chosen.get("kind", "")
    offices = offices_for(user, words, kind, ended=chosen.get("ended", False))
    founds = decide(user, "accounts.run_offices").allowed
    if len(offices) == 1 and not founds:
        return redirect("accounts:office_detail", uuid=offices[0].uuid)
    return render(request, "accounts/office_list.html", {"offices": offices, "form": form, "founds": founds})


@login_required
@require_safe
def office_detail(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    user, office = signed_in(request), visible_office(request, uuid)
    members = members_of(office)
    context = {
        "office": office,
        "here": [member for member in members if member.is_here],
        "gone": [member for member in members if not member.is_here],
        "runs": decide(user, "accounts.run_people", office).allowed,
        "founds": decide(user, "accounts.run_offices").allowed,
    }
    return render(request, "accounts/office_detail.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def office_create(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    require(user, "accounts.run_offices")
    form = OfficeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        names, kind = form.names(), given["kind"]
        try:
            made = found_office(
                actor=user, kind=kind, province=given["province"], time=form.time(), names=names
            )
            return redirect("accounts:office_detail", uuid=made.uuid)
        except ValidationError as error:
            refuse(form, error)
    return page(request, "accounts/office_form.html", form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def office_edit(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Names, dates and successor, by the system's administrator."""
    user, office = signed_in(request), visible_office(request, uuid)
    require(user, "accounts.run_offices")
    form = ChangeOfficeForm(request.POST if request.method == "POST" else None, office=office)
    if request.method == "POST" and form.is_valid():
        ends = {name: form.cleaned_data[name] for name in ("successor", "carry_people")}
        try:
            carried = change_office(office, actor=user, time=form.time(), names=form.names(), **ends)
            n = carried.posts
            said = ngettext("Đã lưu; chuyển %(n)d vị trí.", "Đã lưu; chuyển %(n)d vị trí.", n)
            messages.success(request, said % {"n": n} if n else _("Đã lưu."))
            if carried.own_stays:
                said = _("Vị trí của chính bạn không tự chuyển; hãy nhờ một quản trị hệ thống khác.")
                messages.warning(request, said)
            return redirect("accounts:office_detail", uuid=office.uuid)
        except ValidationError as error:
            refuse(form, error)
    return page(request, "accounts/office_form.html", form, office=office)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def office_head(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """The lines above the office's papers, by its own administrator too."""
    user, office = signed_in(request), visible_office(request, uuid)
    require(user, "accounts.run_people", office)
    initial = {name: getattr(office, name) for name in HEAD}
    form = HeadForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        set_head(office, form.cleaned_data, actor=user)
        messages.success(request, _("Đã lưu phần đầu văn bản."))
        return redirect("accounts:office_detail", uuid=office.uuid)
    return page(request, "accounts/office_head.html", form, office=office)
