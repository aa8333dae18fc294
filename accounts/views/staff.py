"""People of an office: joining, posts, leaving, passwords, authority lent. One address an act."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from accounts import staff
from accounts.directory import Member, members_of
from accounts.http import signed_in
from accounts.models import Membership, Organisation
from accounts.office_forms import ContactForm, EndPostForm, JoinForm, LeaveForm, PostForm
from accounts.policy import Colleague, decide, require
from accounts.views.offices import page, refuse, visible_office


@sensitive_variables("password")
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def member_add(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """The answer to the form shows the one-time password; no address shows it again."""
    user, office = signed_in(request), visible_office(request, uuid)
    require(user, "accounts.run_people", office)
    form = JoinForm(request.POST if request.method == "POST" else None, actor=user, office=office)
    if request.method == "POST" and form.is_valid():
        try:
            joined, password = staff.join(office, form.person(), form.post(), actor=user)
            if password:
                return _one_time(request, office, joined, password)
            messages.success(request, _("Đã thêm vị trí; %(who)s dùng mật khẩu sẵn có.") % {"who": joined})
            return redirect("accounts:member_detail", uuid=office.uuid, username=joined.username)
        except ValidationError as error:
            refuse(form, error)
    return page(request, "accounts/member_add.html", form, office=office)


def _one_time(request: HttpRequest, office: Organisation, joined: Any, password: str) -> HttpResponse:
    context = {"office": office, "member": joined, "password": password}
    return render(request, "accounts/one_time_password.html", context)


def _member(request: HttpRequest, office: Organisation, username: str) -> Member:
    """Somebody of this office, for those who run it."""
    found = members_of(office, username=username)
    if not found:
        raise Http404
    require(signed_in(request), "accounts.run_people", office)
    return found[0]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def member_detail(request: HttpRequest, uuid: uuids.UUID, username: str) -> HttpResponse:
    """Posts, contact and what may be done. What is posted here is the contact."""
    office = visible_office(request, uuid)
    member = _member(request, office, username)
    person = member.user
    initial = {name: getattr(person, name) for name in ("full_name", "phone", "email")}
    sent = request.POST if request.method == "POST" else None
    form = ContactForm(sent, initial=initial, auto_id="contact_%s")
    if request.method == "POST" and form.is_valid():
        staff.set_contact(person, office, form.cleaned_data, actor=signed_in(request))
        return _done(request, office, username, _("Đã lưu."))
    return _member_page(request, office, member, contact=form)


def _member_page(
    request: HttpRequest, office: Organisation, member: Member, **refused: forms.Form
) -> HttpResponse:
    """The person's page; a form that was refused stands there with what was typed."""
    user = signed_in(request)
    colleague = Colleague(office, member.user)
    context = {
        "office": office,
        "member": member,
        "person": member.user,
        "runs": decide(user, "accounts.run_person", colleague),
        "resets": decide(user, "accounts.reset_password", colleague),
        "renames": decide(user, "accounts.set_contact", colleague),
        "contact": ContactForm(initial=vars(member.user), auto_id="contact_%s"),
        "post": PostForm(actor=user, office=office, held=member.standing, auto_id="post_%s"),
        "leave": LeaveForm(auto_id="leave_%s"),
    } | refused
    wrong = next((form for form in refused.values() if form.errors), None)
    context["wrong"] = wrong
    return render(request, "accounts/member_detail.html", context, status=422 if wrong else 200)


def _done(request: HttpRequest, office: Organisation, username: str, said: str) -> HttpResponse:
    """Back to the person; to the office where they have no place any more."""
    messages.success(request, said)
    if not Membership.objects.filter(organisation=office, user__username=username).exists():
        return redirect("accounts:office_detail", uuid=office.uuid)
    return redirect("accounts:member_detail", uuid=office.uuid, username=username)


def _acted(form: forms.Form, act: Callable[[], object]) -> bool:
    """Whether the form was whole and the verb has been done; its refusal is put at the field."""
    if not form.is_valid():
        return False
    try:
        act()
    except ValidationError as error:
        refuse(form, error)
        return False
    return True


@login_required
@require_POST
def post_give(request: HttpRequest, uuid: uuids.UUID, username: str) -> HttpResponse:
    """A further post, or one instead of another."""
    user, office = signed_in(request), visible_office(request, uuid)
    member = _member(request, office, username)
    form = PostForm(request.POST, actor=user, office=office, held=member.standing, auto_id="post_%s")

    def give() -> None:
        instead_of = form.cleaned_data.get("instead_of")
        staff.give_post(member.user, office, form.post(), actor=user, instead_of=instead_of)

    if _acted(form, give):
        return _done(request, office, username, _("Đã ghi vị trí mới."))
    return _member_page(request, office, member, post=form)


@login_required
@require_POST
def post_end(request: HttpRequest, uuid: uuids.UUID, username: str, pk: int) -> HttpResponse:
    office = visible_office(request, uuid)
    member = _member(request, office, username)
    post = next((each for each in member.posts if each.pk == pk), None)
    if post is None:
        raise Http404
    post.user, post.organisation = member.user, office
    form = EndPostForm(request.POST, auto_id=f"end-{pk}-%s")
    if _acted(form, lambda: staff.end_post(post, form.cleaned_data["last"], actor=signed_in(request))):
        return _done(request, office, username, _("Đã ghi ngày cuối của vị trí."))
    post.end_form = form  # type: ignore[attr-defined]  # for its row
    return _member_page(request, office, member, end=form)


@login_required
@require_POST
def member_leave(request: HttpRequest, uuid: uuids.UUID, username: str) -> HttpResponse:
    office = visible_office(request, uuid)
    member = _member(request, office, username)
    form = LeaveForm(request.POST, auto_id="leave_%s")
    if not form.is_valid():
        return _member_page(request, office, member, leave=form)
    closed = staff.leave(member.user, office, form.cleaned_data["reason"], actor=signed_in(request))
    said = _("Đã cho thôi việc và đóng tài khoản.") if closed else _("Đã cho thôi việc tại cơ quan này.")
    return _done(request, office, username, said)


@sensitive_variables("password")
@login_required
@require_POST
def member_reset(request: HttpRequest, uuid: uuids.UUID, username: str) -> HttpResponse:
    """The answer shows the one-time password; no address shows it again."""
    office = visible_office(request, uuid)
    member = _member(request, office, username)
    try:
        password = staff.reset_password(member.user, office, actor=signed_in(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("accounts:member_detail", uuid=office.uuid, username=username)
    return _one_time(request, office, member.user, password)
