"""What the views of this app share: finding a visible project, answering a refusal."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Prefetch, prefetch_related_objects
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from accounts.http import signed_in
from accounts.policy import PermissionRefused
from programs.errors import Incomplete, MissingDetail, PlanBlocked, ProgramError
from programs.models import Holding, Project
from programs.policy import APPRAISERS
from records.sheets import CSV, Column, Table, pieces

Refusals = (ProgramError, ValidationError)
"""What a verb may answer instead of doing it; shown to the person, never a 500.

Not among them: ``PermissionRefused``, which is the page 403 with its reason, except where each row of
several has an answer of its own.
"""

UNSEEN = 0
"""A version nothing ever has: a form that does not say what its sender saw counts as stale."""


def seen_version(text: str) -> int:
    """The version a form says its sender saw; ``UNSEEN`` where it says none that can be read."""
    return int(text) if text.isdecimal() and len(text) < 10 else UNSEEN


def seen_rows(request: HttpRequest) -> dict[str, int]:
    """The ticked rows of a list: each project's code with the version its row showed (``CODE:version``)."""
    ticked = (value.partition(":") for value in request.POST.getlist("code"))
    return {code: seen_version(version) for code, _colon, version in ticked}


def visible_project(request: HttpRequest, code: str) -> Project:
    """The project of this code if the person may see it, else 404."""
    projects = (
        Project.objects.visible_to(signed_in(request))
        .select_related(
            "province",
            "activity",
            "sector",
            "owner",
            "created_by",
            "implementer",
            "commune__parent__parent",  # a place is shown with what it lies in
            "plan",
            "tranche",
        )
        .prefetch_related("participations")  # each question of policy asks who has been what
        .prefetch_related(Prefetch("holdings", Holding.objects.select_related("holder", "office")))
    )
    project = get_object_or_404(projects, code=code)
    if project.state in APPRAISERS:
        prefetch_related_objects([project], "councils")
    return project


def sentences(error: Exception) -> list[str]:
    """What a refusal says, every blocker in a sentence of its own."""
    if isinstance(error, ValidationError):
        return list(error.messages)
    lines = [str(error)]
    if isinstance(error, Incomplete):
        lines += [verdict.message for verdict in error.verdicts]
    if isinstance(error, PlanBlocked):
        lines += error.blockers
    return lines


def sentence(error: Exception) -> str:
    """The same in one line."""
    return " ".join(sentences(error))


def put_refusal(form: BaseForm, error: Exception) -> None:
    """Show a refusal on the form it answers, at its field where it names one; what was typed stays."""
    if isinstance(error, ValidationError) and hasattr(error, "error_dict"):
        for name, errors in error.error_dict.items():
            form.add_error(name if name in form.fields else None, errors)
        return
    field = error.field if isinstance(error, MissingDetail) and error.field in form.fields else None
    for line in sentences(error):
        form.add_error(field, line)


def tell_refusal(request: HttpRequest, error: Exception) -> None:
    """Show why nothing was done, every blocker on a line of its own."""
    for line in sentences(error):
        messages.error(request, line)


def answer_each(
    request: HttpRequest, projects: Iterable[Project], step: Callable[[Project], object]
) -> HttpResponse:
    """One step for several projects, each by itself: those refused are named with their reason."""
    results: list[dict[str, Any]] = []
    for project in projects:
        try:
            with transaction.atomic():
                step(project)
            results.append({"project": project, "ok": True, "message": project.get_state_display()})
        except (PermissionRefused, *Refusals) as error:
            project.refresh_from_db()
            results.append({"project": project, "ok": False, "message": sentence(error)})
    done = sum(1 for row in results if row["ok"])
    context = {"results": results, "done": done, "total": len(results), "file": _result_file(results, done)}
    return render(request, "programs/bulk_result.html", context)


def _result_file(results: list[dict[str, Any]], done: int) -> str:
    """The answers as a CSV that stands in the page itself, for nothing of them is stored."""
    columns = [
        Column(_("Mã"), lambda row: row["project"].code),
        Column(_("Đề án"), lambda row: row["project"].title),
        Column(_("Đã chuyển"), lambda row: _("Có") if row["ok"] else _("Không")),
        Column(_("Kết quả"), lambda row: row["message"]),
    ]
    summary = f"{done}/{len(results)}"
    table = Table("", columns, results, summary)
    return "data:text/csv;charset=utf-8;base64," + base64.b64encode(b"".join(pieces(table, CSV))).decode()
