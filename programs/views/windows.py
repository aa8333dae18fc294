"""Windows in which dossiers are taken in, and the office's clock on one dossier."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import policy
from accounts.http import next_page, signed_in
from accounts.models import User
from programs import pauses
from programs.deadlines import last_day
from programs.lawbook import LawBook, Milestone
from programs.lifecycle import Purse
from programs.models import ClockPause, Project, RegistrationWindow
from programs.views.shared import Refusals, put_refusal, tell_refusal, visible_project
from programs.window_forms import PauseForm, WindowForm, initial_of, kinds_for, told
from programs.windows import WAITS_AT, history_of, set_window
from programs.years import offered_years, plan_years


@login_required
@require_safe
def window_list(request: HttpRequest) -> HttpResponse:
    """``?nam=`` the plan year, ``?doi=<uuid>`` fills the form with a window to be changed."""
    user = signed_in(request)
    policy.require(user, "accounts.use_portal")
    form = WindowForm(user=user, initial=initial_of(_asked(request), _year(request)))
    return _show(request, form)


def _year(request: HttpRequest) -> int:
    """The year asked for; else the one dossiers are drawn up for now, the coming one."""
    asked = request.GET.get("nam", "")
    known = [year for year in plan_years() if str(year) == asked]
    return known[0] if known else timezone.localdate().year + 1


def _asked(request: HttpRequest) -> RegistrationWindow | None:
    asked = request.GET.get("doi", "")
    return next((w for w in RegistrationWindow.objects.in_force() if str(w.uuid) == asked), None)


def _show(request: HttpRequest, form: WindowForm) -> HttpResponse:
    user = signed_in(request)
    year = _year(request)
    words = list(RegistrationWindow.objects.filter(year=year).select_related("province", "office", "set_by"))
    in_force = {(w.gate, w.purse, w.province_id): w for w in sorted(words, key=lambda w: w.number)}
    today = timezone.localdate()
    context = {
        "form": form,
        "kinds": kinds_for(user),
        "year": year,
        "chips": [
            {"label": each, "url": f"?nam={each}", "count": None, "current": each == year}
            for each in offered_years()[:4]
        ],
        "rows": [
            (
                window,
                history_of(window, words)[1:],
                policy.decide(user, "programs.set_window", window).allowed,
            )
            for window in sorted(in_force.values(), key=_order)
        ],
        "defaults": _defaults(year),
        "today": today,
    }
    return render(request, "programs/window_list.html", context, status=422 if form.errors else 200)


def _order(window: RegistrationWindow) -> tuple[str, str, str]:
    return window.gate, window.purse, window.province.sort_key


def _defaults(year: int) -> list[tuple[Milestone, dt.date]]:
    """What the law names where no office has set other days, with the last day that keeps it."""
    law = LawBook.load(dt.date(year, 1, 1), Purse.KCQG, None)
    return [(each, last_day(each, year)) for each in law.milestones if each.state in WAITS_AT and each.month]


@login_required
@require_POST
def window_set(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    policy.require(user, "programs.set_windows")
    form = WindowForm(request.POST, user=user)
    if form.is_valid():
        try:
            window = set_window(
                *form.meant(), form.dates(), actor=user, seen_number=form.cleaned_data["seen_number"]
            )
            messages.success(request, told(window))
            return redirect(f"{reverse('programs:window_list')}?nam={window.year}")
        except Refusals as error:
            put_refusal(form, error)
    return _show(request, form)


def _on_clock(request: HttpRequest, code: str, act: Callable[..., ClockPause], done: str) -> HttpResponse:
    project = visible_project(request, code)
    form = PauseForm(request.POST)
    try:
        with transaction.atomic():
            reason = form.cleaned_data["reason"] if form.is_valid() else ""
            act(project, reason, actor=signed_in(request))
        messages.success(request, done)
    except Refusals as error:
        tell_refusal(request, error)
    return redirect(next_page(request, otherwise=reverse("programs:project_detail", args=[code])))


@login_required
@require_POST
def clock_pause(request: HttpRequest, code: str) -> HttpResponse:
    done = _("Đã tạm dừng tính hạn. Bước tiếp theo của hồ sơ, hoặc nút “Tính tiếp”, sẽ kết thúc tạm dừng.")
    return _on_clock(request, code, pauses.pause, done)


@login_required
@require_POST
def clock_resume(request: HttpRequest, code: str) -> HttpResponse:
    return _on_clock(request, code, _resume, _("Đã tính tiếp thời hạn."))


def _resume(project: Project, _reason: str, *, actor: User) -> ClockPause:
    return pauses.resume(project, actor=actor)
