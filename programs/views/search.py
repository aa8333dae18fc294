"""The search box: its page of results, and the part that drops down under it while one types."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_safe

from accounts import policy
from accounts.filters import LONGEST_TEXT
from accounts.http import signed_in, wants_part
from programs.search import find, opened, project_with_code
from vietnam.text import clean

ON_PAGE, IN_BOX, MOST_RECENT = 10, 4, 8


@login_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """``?q=`` over everything; the box also asks ``?mo=/de-an/…/`` for the names of what was opened last."""
    user = signed_in(request)
    policy.require(user, "accounts.use_portal")
    text = clean(request.GET.get("q", ""))[:LONGEST_TEXT]
    if wants_part(request):
        recent = opened(user, _objects(request)) if not text else []
        context = {
            "groups": find(user, text, shown=IN_BOX, brief=True),
            "recent": recent,
            "search_text": text,
        }
        return render(request, "programs/_search_options.html", context)
    if project := project_with_code(user, text):
        return redirect("programs:project_detail", code=project.code)
    context = {"groups": find(user, text, shown=ON_PAGE), "search_text": text}
    return render(request, "programs/search.html", context)


def _objects(request: HttpRequest) -> list[tuple[str, str]]:
    """Route names with their code or uuid, of the addresses the browser remembers."""
    found = []
    for path in request.GET.getlist("mo")[:MOST_RECENT]:
        try:
            match = resolve(path)
        except Resolver404:
            continue
        found.append((match.view_name, str(next(iter(match.kwargs.values()), ""))))
    return found
