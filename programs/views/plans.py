"""Year plans, their ceilings, and the tranches in which they are decided."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.http import signed_in
from accounts.lists import Chip
from accounts.models import User
from accounts.policy import PermissionRefused, decide, require
from programs import tranches
from programs.breakdown import breakdown_of
from programs.dashboard import approved_by_year, carried_vnd
from programs.facts import verdicts_for
from programs.forms import AnnexForm, CeilingForm, SignedPaperForm
from programs.lifecycle import Purse, State
from programs.models import Project, Tranche, YearPlan
from programs.priority import ranked_page
from programs.programmes import programme_of
from programs.querysets import ProjectQuerySet
from programs.reading import Reading, read
from programs.views.shared import Refusals, put_refusal, seen_rows, seen_version, sentence, tell_refusal
from programs.workflow import take

CANDIDATES_SHOWN = 50
UNSEEN_VND = -1
"""A ceiling nothing ever has: a form that does not say what its sender saw counts as stale."""


@login_required
@require_safe
def plan_list(request: HttpRequest) -> HttpResponse:
    """The plans of one year (``?nam=``, else the newest), the national one first."""
    plans = YearPlan.objects.visible_to(signed_in(request))
    years = [str(year) for year in plans.order_by("-year").values_list("year", flat=True).distinct()]
    year = request.GET.get("nam", "")
    if year not in years:
        year = next(iter(years), "")
    shown = plans.filter(year=year) if year else plans.none()
    rows = shown.select_related("province").prefetch_related("ceilings", "tranches")
    context = {
        "plans": rows.order_by("-purse", "province__sort_key"),
        "approved_by_year": approved_by_year(signed_in(request)),
        "carried_vnd": carried_vnd(signed_in(request)),
        "may_carry": decide(signed_in(request), "programs.see_carried").allowed,
        "chips": [Chip(each, f"?nam={each}", each == year) for each in years],
    }
    return render(request, "programs/plan_list.html", context)


def _plan(request: HttpRequest, uuid: uuids.UUID) -> YearPlan:
    plans = YearPlan.objects.visible_to(signed_in(request)).select_related("province")
    return get_object_or_404(plans, uuid=uuid)


def _tranche(request: HttpRequest, uuid: uuids.UUID) -> Tranche:
    rows = Tranche.objects.visible_to(signed_in(request)).select_related(
        "plan__province", "decision_file", "notice_file"
    )
    return get_object_or_404(rows, uuid=uuid)


@login_required
@require_safe
def plan_detail(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    return _show_plan(request, _plan(request, uuid), CeilingForm())


def _show_plan(request: HttpRequest, plan: YearPlan, form: CeilingForm) -> HttpResponse:
    user = signed_in(request)
    ceilings = list(plan.ceilings.order_by("source"))
    context = {
        "plan": plan,
        "programme": programme_of(plan.purse, plan.year, plan.province_id),
        "ceilings": ceilings,
        "seen_vnd": next((ceiling.amount_vnd for ceiling in ceilings if ceiling.source == plan.purse), 0),
        "tranches": plan.tranches.order_by("number"),
        "breakdown": breakdown_of(Project.objects.visible_to(user).filter(plan=plan)),
        "may_set_ceiling": decide(user, "programs.set_ceiling", plan).allowed,
        "may_compose": decide(user, "programs.compose_plan", plan).allowed,
        "ceiling_form": form,
    }
    return render(request, "programs/plan_detail.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def ceiling_set(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    plan = _plan(request, uuid)
    form = CeilingForm(request.POST)
    if form.is_valid():
        seen = form.cleaned_data["seen_vnd"]
        try:
            tranches.set_ceiling(
                plan,
                plan.purse,
                form.cleaned_data["amount_vnd"],
                actor=signed_in(request),
                document_number=form.cleaned_data["document_number"],
                expected_vnd=UNSEEN_VND if seen is None else seen,
            )
            messages.success(request, _("Đã ghi trần kinh phí."))
            return redirect("programs:plan_detail", uuid=uuid)
        except Refusals as error:
            put_refusal(form, error)
    return _show_plan(request, plan, form)


@login_required
@require_POST
def tranche_open(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    plan = _plan(request, uuid)
    try:
        tranche = tranches.open_tranche(plan, actor=signed_in(request))
    except Refusals as error:
        tell_refusal(request, error)
        return redirect("programs:plan_detail", uuid=uuid)
    return redirect("programs:tranche_detail", uuid=tranche.uuid)


@login_required
@require_safe
def tranche_detail(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Chosen and available projects, what remains by source, and what blocks the decision."""
    return _show_tranche(request, _tranche(request, uuid), SignedPaperForm())


def _show_tranche(request: HttpRequest, tranche: Tranche, form: SignedPaperForm) -> HttpResponse:
    user = signed_in(request)
    visible = Project.objects.visible_to(user)
    rows = list(visible.filter(tranche=tranche).for_annex())
    readings = {project.pk: reading for project, reading in zip(rows, read(rows), strict=True)}
    places = tranches.places(tranche, rows, list(readings.values()))
    chosen = tranches.in_annex_order(rows, places)
    may_compose = decide(user, "programs.compose_tranche", tranche).allowed and tranche.is_open
    sums = tranches.balances(tranche, chosen)
    context = {
        "tranche": tranche,
        "chosen": chosen,
        "places": places,
        **(_candidates(request, tranche, visible) if may_compose else {}),
        "balances": sums,
        "breakdown": breakdown_of(visible.filter(tranche=tranche)),
        "blockers": _blockers(user, tranche, chosen, sums, [readings[project.pk] for project in chosen]),
        "may_compose": may_compose,
        "may_order": tranche.is_open and decide(user, "programs.order_annex", tranche).allowed,
        "approval": decide(user, "programs.approve_tranche", tranche),
        "may_assign": decide(user, "programs.assign_tranche", tranche).allowed,
        "form": form,
    }
    return render(request, "programs/tranche_detail.html", context, status=422 if form.errors else 200)


def _blockers(
    user: User,
    tranche: Tranche,
    chosen: list[Project],
    sums: list[tranches.SourceBalance],
    readings: list[Reading],
) -> list[str]:
    if not tranche.is_open:
        return []
    return tranches.blockers(tranche, chosen, verdicts_for(chosen, readings=readings), sums, user.money_unit)


def _candidates(request: HttpRequest, tranche: Tranche, visible: ProjectQuerySet) -> dict[str, object]:
    """Everything that could join the tranche is ranked; ``?tu=50`` shows what comes after the first 50."""
    ready = State.PASSED_MIN if tranche.plan.purse == Purse.KCQG else State.PASSED_PROV
    waiting = visible.filter(plan=tranche.plan, state=ready, tranche=None)
    before = seen_version(request.GET.get("tu", ""))
    rows, total = ranked_page(waiting, before, CANDIDATES_SHOWN)
    last = before + len(rows)
    return {
        "candidates": rows,
        "waiting_count": total,
        "before_count": before,
        "last_place": last,
        "more_count": max(0, total - last),
    }


def _move_each(request: HttpRequest, uuid: uuids.UUID, action: str) -> HttpResponse:
    """Put ticked projects into the tranche or out of it, each with its own answer."""
    user = signed_in(request)
    tranche = _tranche(request, uuid)
    require(user, "programs.compose_tranche", tranche)
    done, seen = 0, seen_rows(request)
    for project in Project.objects.visible_to(user).filter(code__in=seen).order_by("id"):
        try:
            with transaction.atomic():
                take(action, project, actor=user, tranche=tranche, expected_version=seen[project.code])
            done += 1
        except (PermissionRefused, *Refusals) as error:
            messages.error(request, f"{project.code}: {sentence(error)}")
    if done:
        told = ngettext("Đã chuyển %(count)d đề án.", "Đã chuyển %(count)d đề án.", done)
        messages.success(request, told % {"count": done})
    return redirect("programs:tranche_detail", uuid=uuid)


@login_required
@require_POST
def tranche_add(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    return _move_each(request, uuid, "plan")


@login_required
@require_POST
def tranche_remove(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    return _move_each(request, uuid, "unplan")


@login_required
@require_POST
def tranche_order(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """The places typed beside the projects of the tranche, all kept or none."""
    user, tranche = signed_in(request), _tranche(request, uuid)
    codes = Project.objects.visible_to(user).filter(tranche=tranche).values_list("code", flat=True)
    form = AnnexForm(codes, request.POST)
    if not form.is_valid():
        messages.error(request, _("Số thứ tự trong phụ lục là số từ 1 đến 999."))
        return redirect("programs:tranche_detail", uuid=uuid)
    try:
        seen = seen_version(request.POST.get("version", ""))
        tranches.order_annex(tranche, form.places(), actor=user, expected_version=seen)
        messages.success(request, _("Đã lưu thứ tự phụ lục."))
    except Refusals as error:
        tell_refusal(request, error)
    return redirect("programs:tranche_detail", uuid=uuid)


def _with_paper(
    request: HttpRequest, uuid: uuids.UUID, verb: Callable[..., Tranche], success: str
) -> HttpResponse:
    """Record a paper on the whole tranche; a refusal lists every blocker and keeps the form."""
    tranche = _tranche(request, uuid)
    form = SignedPaperForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            with transaction.atomic():
                verb(
                    tranche,
                    actor=signed_in(request),
                    paper=form.paper(),
                    expected_version=seen_version(request.POST.get("version", "")),
                )
            messages.success(request, success)
            return redirect("programs:tranche_detail", uuid=uuid)
        except Refusals as error:
            put_refusal(form, error)
    return _show_tranche(request, _tranche(request, uuid), form)


@login_required
@require_POST
def tranche_decide(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    return _with_paper(request, uuid, tranches.decide, _("Đã ghi quyết định phê duyệt cho cả đợt."))


@login_required
@require_POST
def tranche_assign(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    return _with_paper(request, uuid, tranches.assign, _("Đã ghi thông báo giao kế hoạch."))
