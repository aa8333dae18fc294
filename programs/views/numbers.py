"""Numbers of papers: the list of one's offices, drawing one for a paper, declaring one void."""

from __future__ import annotations

import uuid as uuids

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import signed_in
from accounts.lists import Chip, Listing, show_list
from accounts.models import IssuedNumber, PaperKind
from accounts.policy import require
from programs.number_lists import NumberFilter, number_columns
from programs.numbering import number_paper
from programs.paper_numbers import spoil
from programs.views.shared import Refusals, put_refusal, tell_refusal, visible_project
from vietnam.fields import CleanLinesFormField

NUMBERS = Listing(
    key="so-van-ban",
    title=gettext_lazy("Số văn bản đã cấp"),
    route="programs:number_list",
    keyset=("-issued_at", "-id"),
    page="programs/number_list.html",
    part="programs/_number_table.html",
    columns=number_columns,
)
PRINTED = {
    PaperKind.RECEIPT: "programs:receipt_print",
    PaperKind.SHEET: "programs:sheet_print",
    PaperKind.MINUTES: "programs:appraisal_minutes",
}


class SpoilForm(forms.Form):
    reason = CleanLinesFormField(
        label=gettext_lazy("Lý do hủy số"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


@login_required
@require_safe
def number_list(request: HttpRequest) -> HttpResponseBase:
    """The registers of the offices in which one works, newest number first."""
    rows = IssuedNumber.objects.visible_to(signed_in(request)).for_list()
    chips = [Chip(_("Số đã hủy"), "?void=true", bool(request.GET.get("void")))]
    chosen = NumberFilter(request.GET, queryset=rows, request=request)
    return show_list(request, NUMBERS, chosen, chips=chips)


@login_required
@require_POST
def paper_number(request: HttpRequest, code: str) -> HttpResponse:
    """``paper`` gets its number; then it is shown with it."""
    project = visible_project(request, code)
    asked = request.POST.get("paper", "")
    if asked not in PaperKind.values:
        raise Http404(asked)
    paper = PaperKind(asked)
    try:
        number_paper(project, paper, actor=signed_in(request))
        return redirect(PRINTED[paper], code=code)
    except Refusals as error:
        tell_refusal(request, error)
        return redirect("programs:project_detail", code=code)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def number_spoil(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    user = signed_in(request)
    entry = get_object_or_404(IssuedNumber.objects.visible_to(user).for_list(), uuid=uuid)
    require(user, "accounts.void_number", entry)
    form = SpoilForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            spoil(entry, form.cleaned_data["reason"], actor=user)
            messages.success(request, _("Đã hủy số %(sign)s; số này không cấp lại.") % {"sign": entry.sign})
            return redirect("programs:number_list")
        except Refusals as error:
            put_refusal(form, error)
    context = {"form": form, "entry": entry}
    return render(request, "programs/number_spoil.html", context, status=422 if form.errors else 200)
