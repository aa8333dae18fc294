"""The pages on which projects under way are taken over from paper: entered, confirmed, and from which day."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import signed_in
from accounts.models import User
from accounts.policy import decide, require
from programs import carrying
from programs.carry_forms import (
    COLUMNS,
    AdvanceFormSet,
    CarryDayForm,
    CarryForm,
    FirmFormSet,
    dossier_like,
    initial_of,
)
from programs.errors import CarryConflict
from programs.models import CarryDay, CarryOver
from programs.views.files import served
from programs.views.shared import Refusals, put_refusal, tell_refusal

SHOWN = 100


@login_required
@require_safe
def carried_list(request: HttpRequest) -> HttpResponse:
    """What waits for a second person, what was decided lately, and from which day the office decides here."""
    return _show_list(request, CarryDayForm())


def _show_list(request: HttpRequest, form: CarryDayForm) -> HttpResponse:
    user = signed_in(request)
    require(user, "programs.see_carried")
    office = carrying.office_of(user) if decide(user, "programs.enter_carried").allowed else None
    rows = CarryOver.objects.visible_to(user).told()
    waiting, decided = rows.waiting().order_by("id"), rows.decided().order_by("-decided_at", "-id")
    context = {
        "waiting": waiting[:SHOWN], "waiting_count": waiting.count(),
        "decided": decided[:SHOWN], "decided_count": decided.count(), "shown": SHOWN,
        "office": office,
        "days": list(CarryDay.objects.filter(office=office).select_related("set_by")) if office else [],
        "may_set_day": office is not None and decide(user, "programs.set_carry_day", office).allowed,
        "form": form,
    }  # fmt: skip
    return render(request, "programs/carried_list.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def carry_day_set(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    require(user, "programs.set_carry_day")
    form = CarryDayForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            carrying.set_day(
                carrying.office_of(user), data["day"], data["document_number"], data["reason"], actor=user
            )
            messages.success(request, _("Đã ghi ngày bắt đầu dùng cổng."))
            return redirect("programs:carried_list")
        except Refusals as error:
            put_refusal(form, error)
    return _show_list(request, form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def carried_create(request: HttpRequest) -> HttpResponse:
    """Enter one project. ``?tu=<uuid>``: an earlier entry to begin from."""
    user = signed_in(request)
    require(user, "programs.enter_carried")
    unit = "trieu" if user.money_unit == "trieu" else "dong"
    if request.method == "POST":
        form = CarryForm(request.POST, request.FILES, user=user)
        form.is_valid()
        advances = AdvanceFormSet(request.POST, prefix="advances", form_kwargs={"unit": unit})
        firms = FirmFormSet(request.POST, prefix="firms", form_kwargs={"project": dossier_like(form)})
        if form.is_valid() and advances.is_valid() and firms.is_valid():
            try:
                entry = carrying.enter(form.values(advances, firms), actor=user)
                messages.success(request, _("Đã nhập. Đề án có trên cổng khi người thứ hai xác nhận."))
                return redirect("programs:carried_detail", uuid=entry.uuid)
            except Refusals as error:
                put_refusal(form, error)
    else:
        first, paid, named = initial_of(_earlier(request, user), user)
        form = CarryForm(initial=first, user=user)
        advances = AdvanceFormSet(initial=paid, prefix="advances", form_kwargs={"unit": unit})
        firms = FirmFormSet(initial=named, prefix="firms", form_kwargs={"project": dossier_like(form)})
    wrong = form.errors or not advances_fit(advances, firms)
    context = {
        "form": form, "advances": advances, "firms": firms, "unit": unit,
        "columns": [label for _name, label in COLUMNS], "day": carrying.day_of(carrying.office_of(user).pk),
    }  # fmt: skip
    return render(request, "programs/carried_form.html", context, status=422 if wrong else 200)


def advances_fit(*formsets: Any) -> bool:
    """Nothing wrong was sent in these rows."""
    return all(not formset.is_bound or formset.is_valid() for formset in formsets)


def _earlier(request: HttpRequest, user: User) -> CarryOver | None:
    try:
        asked = uuids.UUID(request.GET.get("tu", ""))
    except ValueError:
        return None
    rows = CarryOver.objects.visible_to(user).decided().select_related("plan", "activity", "sector")
    return rows.filter(uuid=asked).first()


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def carried_detail(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """What was entered, and the answer: confirm, refuse, withdraw."""
    user = signed_in(request)
    require(user, "programs.see_carried")
    rows = CarryOver.objects.visible_to(user).told()
    entry = get_object_or_404(
        rows.select_related("activity", "sector", "commune", "implementer", "decision_file"), uuid=uuid
    )
    if request.method == "POST":
        return _answered(request, entry)
    context = {
        "entry": entry,
        **carrying.figures_of(entry),
        "firms": entry.firms.select_related("establishment"),
        "may_confirm": decide(user, "programs.confirm_carried", entry),
        "may_withdraw": decide(user, "programs.withdraw_carried", entry),
        "may_enter": decide(user, "programs.enter_carried").allowed,
    }
    return render(request, "programs/carried_detail.html", context)


ANSWERS: dict[str, Callable[..., object]] = {
    "confirm": carrying.confirm,
    "refuse": carrying.refuse,
    "withdraw": carrying.withdraw,
}


def _answered(request: HttpRequest, entry: CarryOver) -> HttpResponse:
    answer = ANSWERS.get(request.POST.get("action", ""))
    try:
        if answer is None:
            raise CarryConflict(_("Hãy chọn xác nhận, không đồng ý hoặc rút."))
        answer(entry, note=request.POST.get("note", "").strip(), actor=signed_in(request))
        messages.success(request, _("Đã ghi nhận."))
    except Refusals as error:
        tell_refusal(request, error)
    return redirect("programs:carried_detail", uuid=entry.uuid)


@login_required
@require_safe
def carried_file(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse | FileResponse:
    """The scan of the decision, for whoever compares it."""
    require(signed_in(request), "programs.see_carried")
    rows = CarryOver.objects.visible_to(signed_in(request)).filter(decision_file__isnull=False)
    entry = get_object_or_404(rows.select_related("decision_file"), uuid=uuid)
    if entry.decision_file is None:
        raise Http404
    return served(entry.decision_file, entry.decision_file.name)
