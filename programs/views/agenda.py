"""One's own days to come, on a page and as a feed for a calendar program."""

from __future__ import annotations

from itertools import groupby

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import policy
from accounts.http import signed_in
from accounts.scope import act_as
from programs.agenda import agenda_of, as_calendar, drop_feed, reader_of, renew_feed
from programs.models import CalendarFeed
from records import mail

SHOWN_ONCE = "feed_secret"


@login_required
@require_safe
def agenda(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    policy.require(user, "accounts.use_portal")
    today = timezone.localdate()
    entries = agenda_of(user, today)
    secret = request.session.pop(SHOWN_ONCE, "")
    context = {
        "days": [(day, list(group)) for day, group in groupby(entries, key=lambda entry: entry.day)],
        "today": today,
        "feed": CalendarFeed.objects.filter(user=user).first(),
        "feed_url": mail.absolute(reverse("programs:feed", args=[secret])) if secret else "",
    }
    return render(request, "programs/agenda.html", context)


@login_required
@require_POST
def feed_renew(request: HttpRequest) -> HttpResponse:
    policy.require(signed_in(request), "accounts.set_own_preferences")
    request.session[SHOWN_ONCE] = renew_feed(signed_in(request))
    return redirect("programs:agenda")


@login_required
@require_POST
def feed_drop(request: HttpRequest) -> HttpResponse:
    policy.require(signed_in(request), "accounts.set_own_preferences")
    drop_feed(signed_in(request))
    messages.success(request, _("Địa chỉ lịch cũ không còn mở được."))
    return redirect("programs:agenda")


@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """For calendar programs, which cannot sign in: the address itself is the key."""
    user = reader_of(secret)
    if user is None:
        raise Http404
    with act_as(user), translation.override(user.language):
        body = as_calendar(agenda_of(user, timezone.localdate()))
    return HttpResponse(body, content_type="text/calendar; charset=utf-8")
