"""Signing in and out, one's own account and preferences, saved filters, and one's own inbox."""

from __future__ import annotations

import uuid as uuids
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView, LogoutView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import policy, saved, signin
from accounts.filters import InboxFilter
from accounts.forms import NoticeForm, OwnPasswordForm, SavedViewForm, SignInForm
from accounts.http import next_page, query_without_cursor, same_site, signed_in
from accounts.models import SavedView
from accounts.roles import Role
from accounts.scope import scope_of
from records import audit
from records import inbox as notices
from records.inbox import mark_read
from records.models import InboxItem
from records.paging import page_or_first

LANGUAGES = frozenset(code for code, _name in settings.LANGUAGES)


class SignInView(LoginView):
    """Also switches the page's language; one chosen here becomes the person's own by signing in."""

    form_class = SignInForm
    redirect_authenticated_user = True
    template_name = "registration/login.html"
    http_method_names = ["get", "head", "post", "options"]  # noqa: RUF012 – Django's own attribute

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        from accounts.demo import demo_accounts  # only the demo has such a list

        return super().get_context_data(**kwargs) | {"demo_accounts": demo_accounts()}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        language = request.POST.get("language")
        if "username" in request.POST or language not in LANGUAGES:
            return super().post(request, *args, **kwargs)
        onward = {"language": language, "next": self.get_redirect_url()}
        query = urlencode({name: value for name, value in onward.items() if value})
        response = HttpResponseRedirect(f"{reverse('accounts:sign_in')}?{query}")
        _keep_language(response, language)
        return response

    def form_valid(self, form: SignInForm) -> HttpResponse:  # type: ignore[override]  # our own form class
        response = super().form_valid(form)
        user = signed_in(self.request)
        audit.record("accounts.sign_in", user, actor=user)
        signin.remember_device(self.request, response, user.username)
        if self.request.POST.get("language") in LANGUAGES:
            user.language = self.request.POST["language"]
            user.save(update_fields=["language"])
        return response


class SignOutView(LogoutView):
    """POST only (Django's default), so that no foreign page can sign anybody out."""


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """One's posts and, for each kind of notice, how to hear of it."""
    user = signed_in(request)
    policy.require(user, "accounts.set_own_preferences")
    form = NoticeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        notices.choose(user, **form.cleaned_data)
        messages.success(request, _("Đã lưu cách nhận thông báo."))
        return redirect("accounts:account")
    ways = notices.ways_of(user)
    context = {
        "posts": [
            (Role(post.role).label, post.office, post.on_behalf_of_id) for post in scope_of(user).posts
        ],
        "kinds": [(kind, ways[name]) for name, kind in notices.KINDS.items()],
        "mail_mode": settings.MAIL_MODE,
        "refused": form.errors,
    }
    return render(request, "accounts/account.html", context, status=422 if form.errors else 200)


@sensitive_post_parameters()
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """This session goes on; every other one of the person ends. A one-time password is changed here too."""
    user = signed_in(request)
    is_first = user.one_time_until is not None
    policy.require(user, "accounts.set_own_preferences")
    form = OwnPasswordForm(request, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        form.save()
        update_session_auth_hash(request, form.user)
        audit.record("accounts.change_own_password", user, actor=user)
        messages.success(request, _("Đã đổi mật khẩu. Các phiên đăng nhập khác của bạn đã kết thúc."))
        return redirect("/" if is_first else "accounts:account")
    template = "accounts/first_password.html" if is_first else "accounts/change_password.html"
    response = render(request, template, {"form": form}, status=422 if form.errors else 200)
    response.keep_changes = True  # type: ignore[attr-defined]  # a wrong guess stays counted
    return response


def _keep_language(response: HttpResponse, language: str) -> None:
    """For this browser's pages without a person."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        samesite="Lax",
        secure=settings.LANGUAGE_COOKIE_SECURE,
    )


@login_required
@require_POST
def set_preference(request: HttpRequest) -> HttpResponse:
    """Language, money unit and the first steps, kept with the person; stays on the same page."""
    policy.require(request.user, "accounts.set_own_preferences")
    user = signed_in(request)
    response = HttpResponseRedirect(next_page(request))
    if request.POST.get("language") in LANGUAGES:
        user.language = request.POST["language"]
        translation.activate(user.language)
        _keep_language(response, user.language)
    if request.POST.get("money_unit") in {"dong", "trieu"}:
        user.money_unit = request.POST["money_unit"]
    if request.POST.get("first_steps") in {"shown", "hidden"}:
        user.first_steps = request.POST["first_steps"]
    user.save(update_fields=["language", "money_unit", "first_steps"])
    return response


@login_required
@require_POST
def view_save(request: HttpRequest) -> HttpResponse:
    """Keep a list's filters under a name, and stay on the list."""
    form = SavedViewForm(request.POST)
    try:
        if not form.is_valid():
            raise ValidationError([message for errors in form.errors.values() for message in errors])
        view = saved.save_view(actor=signed_in(request), **form.cleaned_data)
        messages.success(request, _("Đã lưu bộ lọc “%(name)s”.") % {"name": view.name})
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(next_page(request))


@login_required
@require_POST
def view_change(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """``action``: home, not_home, share, unshare or delete; done by its owner alone."""
    user = signed_in(request)
    view = get_object_or_404(SavedView.objects.visible_to(user), uuid=uuid)
    policy.require(user, "accounts.change_view", view)
    action = request.POST.get("action", "")
    if action in ("home", "not_home"):
        saved.set_home(view, actor=user, home=action == "home")
    elif action in ("share", "unshare"):
        saved.share(view, actor=user, shared=action == "share")
    elif action == "delete":
        saved.delete_view(view, actor=user)
    return redirect(next_page(request))


@login_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Newest first. Looking marks nothing as read: that is a POST of its own."""
    items = InboxItem.objects.visible_to(signed_in(request))
    chosen = InboxFilter(request.GET, queryset=items, request=request)
    only_unread = bool(chosen.form.is_valid() and chosen.form.cleaned_data["unread"])
    context = {
        "page": page_or_first(chosen.qs, ("-id",), request.GET.get("cursor", "")),
        "query": query_without_cursor(request),
        "only_unread": only_unread,
        "chips": [
            {"label": _("Tất cả"), "url": "?", "count": None, "current": not only_unread},
            {"label": _("Chưa đọc"), "url": "?unread=true", "count": None, "current": only_unread},
        ],
    }
    return render(request, "accounts/inbox.html", context)


@login_required
@require_safe
def inbox_bell(request: HttpRequest) -> HttpResponse:
    """The bell alone, for pages that stay open: they ask each minute."""
    unread = InboxItem.objects.visible_to(signed_in(request)).unread_to_99()
    return HttpResponse(render_to_string("components/_bell.html", {"unread": unread}))


@login_required
@require_POST
def inbox_open(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Mark one message as read and go where it leads; one that leads nowhere stays in the inbox."""
    user = signed_in(request)
    item = get_object_or_404(InboxItem.objects.visible_to(user), uuid=uuid)
    policy.require(user, "accounts.read_inbox_item", item)
    mark_read(user, [item.uuid])
    return redirect(same_site(request, item.url) if item.url else "accounts:inbox")


@login_required
@require_POST
def inbox_read(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    policy.require(user, "accounts.read_own_inbox")
    count = mark_read(user)
    told = ngettext(
        "Đã đánh dấu đã đọc %(count)d thông báo.", "Đã đánh dấu đã đọc %(count)d thông báo.", count
    )
    messages.success(request, told % {"count": count})
    return redirect("accounts:inbox")
