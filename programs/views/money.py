"""A project's money after approval: contract, requests to be paid, ledger; and the list of requests."""

from __future__ import annotations

import datetime as dt
import uuid as uuids
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import signed_in
from accounts.lists import Chip, Listing, show_list
from accounts.models import User
from accounts.policy import decide
from programs import contracting, paying
from programs.advances import limit_of, objections
from programs.errors import MoneyConflict, StaleVersion
from programs.models import Contract, PaymentRequest, Project, ProjectFund
from programs.money_forms import (
    AnnexForm,
    AnswerForm,
    ApprovalForm,
    ContractForm,
    RefundForm,
    RequestForm,
    VoucherForm,
)
from programs.money_lists import PaymentFilter, payment_columns
from programs.moneyterms import RequestKind, RequestState
from programs.views.dossier import Event
from programs.views.files import served
from programs.views.shared import Refusals, put_refusal, tell_refusal, visible_project
from programs.workflow import take
from records.models import StoredFile

PAYMENTS = Listing(
    key="tam-ung-thanh-toan",
    title=gettext_lazy("Đề nghị tạm ứng, thanh toán"),
    route="programs:payment_list",
    keyset=("-id",),
    page="programs/payment_list.html",
    part="programs/_payment_table.html",
    columns=payment_columns,
)
ACTIONS = {
    "confirm": "programs.confirm_payment",
    "approve": "programs.approve_payment",
    "pay": "programs.pay_request",
    "return": "programs.return_payment",
    "withdraw": "programs.withdraw_payment",
}
SIGNED: dict[str, Callable[..., object]] = {
    "confirm": paying.confirm,
    "withdraw": paying.withdraw,
}
"""What needs nothing but the signature."""
CLOSED: dict[RequestState, Promise] = {
    RequestState.PAID: gettext_lazy("Đã ghi chi"),
    RequestState.RETURNED: gettext_lazy("Đã trả lại"),
    RequestState.WITHDRAWN: gettext_lazy("Đã rút đề nghị"),
}


@login_required
@require_safe
def payment_list(request: HttpRequest) -> HttpResponseBase:
    """Requests about the projects one sees, newest first."""
    user = signed_in(request)
    chips = [Chip(_("Chờ tôi xử lý"), "?mine=true", bool(request.GET.get("mine")))]
    rows = PaymentRequest.objects.visible_to(user).told()
    return show_list(
        request, PAYMENTS, PaymentFilter(request.GET, queryset=rows, request=request), chips=chips
    )


@login_required
@require_safe
def project_money(request: HttpRequest, code: str) -> HttpResponse:
    return _show(request, visible_project(request, code))


def _show(request: HttpRequest, project: Project, **forms: Form) -> HttpResponse:
    """The page; ``forms`` are those that were refused, with what was typed."""
    user = signed_in(request)
    fund = ProjectFund.objects.filter(project=project, source=project.purse).first()
    granted = contracting.granted_vnd(project)
    first = {"contract_vnd": granted, **_on_paper(project), "version": project.version}
    context: dict[str, Any] = {
        "project": project,
        "fund": fund,
        "granted_vnd": granted,
        "wrong": next((form for form in forms.values() if form.errors), None),
        "may_contract": decide(user, "programs.contract_project", project).allowed,
        "contract_form": ContractForm(user=user, initial=first),
    }
    if fund is not None:
        context |= _of_fund(user, project, fund)
    status = 422 if context["wrong"] else 200
    return render(request, "programs/project_money.html", {**context, **forms}, status=status)


def _on_paper(project: Project) -> dict[str, Any]:
    """The contract a project from paper had been given, to begin the form with."""
    entry = project.carried_over if project.carried_as_of else None
    if entry is None or not entry.contract_number:
        return {}
    return {
        "paper_number": entry.contract_number,
        "paper_date": entry.contract_on,
        "contract_vnd": entry.contract_vnd,
    }


def _of_fund(user: User, project: Project, fund: ProjectFund) -> dict[str, Any]:
    fund.project = project
    return {
        "limit": limit_of(fund),
        "contracts": fund.contracts.select_related("file", "recorded_by"),
        "requests": fund.requests.select_related("requested_by"),
        "entries": fund.entries.select_related("actor", "contract", "request").order_by("-id"),
        "may_amend": decide(user, "programs.amend_contract", project).allowed,
        "may_request": decide(user, "programs.request_payment", project).allowed,
        "may_refund": fund.held_vnd > 0 and decide(user, "programs.record_refund", fund).allowed,
        "annex_form": AnnexForm(user=user, initial={"amount_vnd": fund.contract_vnd}, auto_id="annex_%s"),
        "request_form": RequestForm(user=user, initial={"kind": RequestKind.ADVANCE}, auto_id="request_%s"),
        "refund_form": RefundForm(user=user, initial=_today(), auto_id="refund_%s"),
    }


def _today() -> dict[str, dt.date]:
    return {"voucher_on": timezone.localdate()}


@login_required
@require_POST
def contract_record(request: HttpRequest, code: str) -> HttpResponse:
    """The step "contract", with its sum."""
    project, user = visible_project(request, code), signed_in(request)
    form = ContractForm(request.POST, request.FILES, user=user)

    def verb() -> object:
        data = {"contract_vnd": form.cleaned_data["contract_vnd"]}
        seen = form.cleaned_data["version"]
        return take("contract", project, actor=user, paper=form.paper(), data=data, expected_version=seen)

    return _done(request, project, verb, _("Đã ghi hợp đồng."), contract_form=form)


@login_required
@require_POST
def contract_amend(request: HttpRequest, code: str) -> HttpResponse:
    project, user = visible_project(request, code), signed_in(request)
    form = AnnexForm(request.POST, request.FILES, user=user, auto_id="annex_%s")

    def verb() -> object:
        return contracting.amend(project, form.values(), actor=user)

    return _done(request, project, verb, _("Đã ghi phụ lục."), annex_form=form)


@login_required
@require_POST
def payment_request(request: HttpRequest, code: str) -> HttpResponse:
    project, user = visible_project(request, code), signed_in(request)
    form = RequestForm(request.POST, request.FILES, user=user, auto_id="request_%s")

    def verb() -> object:
        return paying.request_payment(project, form.values(), actor=user)

    return _done(request, project, verb, _("Đã gửi đề nghị."), request_form=form)


@login_required
@require_POST
def refund_record(request: HttpRequest, code: str) -> HttpResponse:
    project, user = visible_project(request, code), signed_in(request)
    form = RefundForm(request.POST, user=user, auto_id="refund_%s")

    def verb() -> object:
        return paying.refund(project, form.cleaned_data["amount_vnd"], form.voucher(), actor=user)

    return _done(request, project, verb, _("Đã ghi khoản thu hồi."), refund_form=form)


def _done(
    request: HttpRequest, project: Project, verb: Callable[[], object], told: str, **forms: Form
) -> HttpResponse:
    """Do it if the form can be read; a refusal is shown on it, and nothing typed is lost."""
    [form] = forms.values()
    if form.is_valid():
        try:
            verb()
            messages.success(request, told)
            return redirect("programs:project_money", code=project.code)
        except Refusals as error:
            put_refusal(form, error)
            if isinstance(error, StaleVersion):  # seen now: the next press is about the project as it stands
                form.data = {**form.data.dict(), "version": str(error.current)}  # type: ignore[attr-defined]  # a QueryDict
    return _show(request, visible_project(request, project.code), **forms)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def payment_detail(request: HttpRequest, code: str, uuid: uuids.UUID) -> HttpResponse:
    """One request and its next hand. ``action``: confirm, approve, pay (with its voucher), return (with its
    ``note``) or withdraw."""
    project, user = visible_project(request, code), signed_in(request)
    rows = PaymentRequest.objects.visible_to(user).told().filter(fund__project=project)
    asked = get_object_or_404(rows, uuid=uuid)
    asked.fund.project = project
    forms = _answer_forms(user)
    if request.method == "POST":
        action = request.POST.get("action", "")
        form = _answer_forms(user, request.POST)[action] if action in forms else None
        if form is None or form.is_valid():
            try:
                _answer(action, asked, user, form)
                messages.success(request, _("Đã ghi nhận."))
                return redirect("programs:payment_detail", code=code, uuid=uuid)
            except Refusals as error:
                put_refusal(form, error) if form is not None else tell_refusal(request, error)
        if form is not None:
            forms[action] = form
    limit = limit_of(asked.fund)
    context = {
        "project": project,
        "asked": asked,
        "hands": _hands(asked),
        "limit": limit,
        "objections": objections(asked, limit),
        "may": {name: decide(user, rule, asked).allowed for name, rule in ACTIONS.items()},
        "forms": forms,
        "wrong": next((form for form in forms.values() if form.errors), None),
    }
    return render(request, "programs/payment_detail.html", context, status=422 if context["wrong"] else 200)


def _answer_forms(user: User, data: Any = None) -> dict[str, Form]:
    """What each answer that needs more than a signature asks."""
    return {
        "approve": ApprovalForm(data, auto_id="approve_%s"),
        "pay": VoucherForm(data, user=user, initial=_today()),
        "return": AnswerForm(data),
    }


def _answer(action: str, asked: PaymentRequest, user: User, form: Form | None) -> None:
    if isinstance(form, VoucherForm):
        paying.pay(asked, form.voucher(), actor=user)
    elif isinstance(form, AnswerForm):
        paying.give_back(asked, form.cleaned_data["note"], actor=user)
    elif isinstance(form, ApprovalForm):
        paying.approve(asked, form.cleaned_data["note"], actor=user)
    elif action in SIGNED:
        SIGNED[action](asked, actor=user)
    else:
        raise MoneyConflict(_("Hãy chọn xác nhận, duyệt, ghi chi, trả lại hoặc rút."))


def _hands(asked: PaymentRequest) -> list[Event]:
    """Who has signed, the latest first, as the timeline tells it."""
    closed = CLOSED.get(RequestState(asked.state), "")
    told: list[tuple[str | Promise, User | None, User | None, dt.datetime | None, str]] = [
        (closed, asked.closed_by, asked.closed_for, asked.closed_at, asked.answer),
        (_("Đã duyệt chi"), asked.approved_by, asked.approved_for, asked.approved_at, asked.allowance),
        (_("Sở đã xác nhận"), asked.confirmed_by, asked.confirmed_for, asked.confirmed_at, ""),
        (_("Đã đề nghị"), asked.requested_by, asked.requested_for, asked.requested_at, ""),
    ]
    return [
        Event(title, _signer(who, lender), at, note, "", "")
        for title, who, lender, at, note in told
        if who is not None and at is not None
    ]


def _signer(person: User, lender: User | None) -> str:
    if lender is None:
        return str(person)
    return _("%(name)s (thay %(holder)s)") % {"name": person, "holder": lender}


@login_required
@require_safe
def contract_file(request: HttpRequest, code: str, uuid: uuids.UUID) -> FileResponse:
    project = visible_project(request, code)
    rows = Contract.objects.filter(fund__project=project).select_related("file")
    return _scan(get_object_or_404(rows, uuid=uuid).file)


@login_required
@require_safe
def payment_file(request: HttpRequest, code: str, uuid: uuids.UUID) -> FileResponse:
    project = visible_project(request, code)
    rows = PaymentRequest.objects.visible_to(signed_in(request)).filter(fund__project=project)
    return _scan(get_object_or_404(rows.select_related("file"), uuid=uuid).file)


def _scan(file: StoredFile | None) -> FileResponse:
    if file is None:
        raise Http404
    return served(file, file.name)
