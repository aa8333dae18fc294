"""Who handles a file: given by the leader, handed over in bulk, received with a receipt."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import signed_in
from accounts.models import User
from accounts.policy import require
from programs.forms import AssignForm, HandOverForm
from programs.handing import MOST_FILES, assign, candidates, files_of, past_people_of, people_of
from programs.views.shared import Refusals, answer_each, seen_rows, tell_refusal, visible_project

NOBODY = "chua"
"""``?tu=chua``: files that nobody has yet."""


@login_required
@require_POST
def file_assign(request: HttpRequest, code: str) -> HttpResponse:
    user = signed_in(request)
    project = visible_project(request, code)
    require(user, "programs.assign_file", project)
    form = AssignForm(request.POST, people=candidates(user, project))
    if form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            made = assign(project, form.chosen(), actor=user, reason=reason)
            messages.success(request, _("%(who)s xử lý hồ sơ này.") % {"who": made.holder})
        except Refusals as error:
            tell_refusal(request, error)
    else:
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return redirect("programs:project_detail", code=project.code)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def handover(request: HttpRequest) -> HttpResponse:
    """``?tu=<user>``: the files of one person, to be ticked and given to another with a reason."""
    user = signed_in(request)
    require(user, "programs.hand_over")
    here, gone = people_of(user), past_people_of(user)
    chosen = request.GET.get("tu", "")
    giver = _giver([*here, *gone], chosen)
    files = files_of(user, giver) if chosen else None
    form = HandOverForm(request.POST if request.method == "POST" else None, people=here)
    if request.method == "POST" and files is not None and form.is_valid():
        holder, reason = form.chosen(), form.cleaned_data["reason"]
        ticked = files.filter(code__in=seen_rows(request))[:MOST_FILES]
        return answer_each(request, ticked, lambda each: assign(each, holder, actor=user, reason=reason))
    context = {
        "here": here,
        "gone": gone,
        "giver": giver,
        "chosen": chosen,
        "files": files.for_list()[:MOST_FILES] if files is not None else [],
        "form": form,
    }
    return render(request, "programs/handover.html", context, status=422 if form.errors else 200)


def _giver(people: list[User], chosen: str) -> User | None:
    """Whose files; None for those nobody has. 404 for a stranger."""
    if chosen in ("", NOBODY):
        return None
    found = next((person for person in people if str(person.pk) == chosen), None)
    if found is None:
        raise Http404(chosen)
    return found
