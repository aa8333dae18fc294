"""Authority lent in an office: who signs for whom until when, lending it and taking it back."""

from __future__ import annotations

import uuid as uuids

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import lending
from accounts.directory import loans_of, posts_that_sign
from accounts.http import signed_in
from accounts.office_forms import LendForm
from accounts.policy import decide, require
from accounts.views.offices import page, refuse, visible_office


@login_required
@require_safe
def delegation_list(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Everybody in the office may know who signs for whom."""
    user, office = signed_in(request), visible_office(request, uuid)
    posts = posts_that_sign(office)
    context = {
        "office": office,
        "posts": [(post, decide(user, "accounts.lend_post", post).allowed) for post in posts],
        "loans": [
            (lent, not lent.is_over and decide(user, "accounts.take_back_post", lent).allowed)
            for lent in loans_of(office)
        ],
    }
    return render(request, "accounts/delegation_list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def post_lend(request: HttpRequest, uuid: uuids.UUID, pk: int) -> HttpResponse:
    user, office = signed_in(request), visible_office(request, uuid)
    post = get_object_or_404(office.memberships.select_related("user", "organisation"), pk=pk)
    require(user, "accounts.lend_post", post)
    form = LendForm(request.POST if request.method == "POST" else None, borrowers=lending.borrowers(post))
    if request.method == "POST" and form.is_valid():
        try:
            lent = lending.lend(post, form.delegate_user(), form.loan(), actor=user)
            said = _("Đã ủy quyền cho %(who)s.") % {"who": lent.delegate}
            messages.success(request, said)
            return redirect("accounts:delegation_list", uuid=office.uuid)
        except ValidationError as error:
            refuse(form, error)
    return page(request, "accounts/post_lend.html", form, office=office, post=post)


@login_required
@require_POST
def post_take_back(request: HttpRequest, uuid: uuids.UUID, pk: int) -> HttpResponse:
    user, office = signed_in(request), visible_office(request, uuid)
    lent = get_object_or_404(lending.lent_in(office), pk=pk)
    lending.take_back(lent, actor=user)
    messages.success(request, _("Đã thu hồi ủy quyền; từ lúc này người được ủy quyền không ký thay nữa."))
    return redirect("accounts:delegation_list", uuid=office.uuid)
