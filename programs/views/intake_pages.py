"""What the pages of the intake show; the verbs are in :mod:`programs.views.intake`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.http import query_without_cursor, signed_in
from accounts.scope import scope_of
from programs.intake import limits
from programs.intake.apply import LEFT_OUT, outcome_of
from programs.intake.mending import NAME
from programs.intake.preview import (
    FILTERS,
    LABELS,
    Entries,
    Preview,
    chosen_rows,
    page_of,
    preview_of,
    sheet_units,
    with_fields,
)
from programs.models import ActivityKind
from records.models import StagedImport
from vietnam.money import format_vnd

RECENT = 10
ABSENT = 50
OUTCOME_ROWS = 50
Chips = list[dict[str, object]]


def lists_of(request: HttpRequest) -> QuerySet[StagedImport]:
    """The lists this person uploaded for a province that is still theirs."""
    user = signed_in(request)
    mine = StagedImport.objects.filter(uploaded_by=user, province__in=scope_of(user).province_ids)
    return mine.select_related("province")


def upload_page(request: HttpRequest, refusal: str = "", status: int = 200) -> HttpResponse:
    """The field for a file, why the last one was refused, and what was uploaded before."""
    recent = lists_of(request).defer("rows", "summary")
    recent = recent.annotate(counts=F("summary__counts"), created=F("summary__outcome__created"))
    context = {
        "problems": [{"id": "upload", "message": refusal}] if refusal else [],
        "name": getattr(request.FILES.get("file"), "name", ""),
        "recent": recent[:RECENT],
        "max_mb": limits.MAX_FILE_BYTES // limits.MEBI,
    }
    return render(request, "programs/import_upload.html", context, status=status)


# --- the preview


def preview_page(
    request: HttpRequest, staged: StagedImport, entries: Entries, refusal: str = ""
) -> HttpResponse:
    """One page of the grid. With a refusal or errors: exactly the rows that were sent, as they were typed."""
    user = signed_in(request)
    preview = preview_of(staged, actor=user)
    entries.unit = "trieu" if user.money_unit == "trieu" else "dong"
    problems = _problems(preview, entries.errors, refusal)
    page = page_of(chosen_rows(preview, request.GET.get("loc", "")), request.GET.get("cursor"))
    if problems and entries.rows:
        page = page_of([row for row in preview.rows if row.index in entries.rows], "1", len(entries.rows))
    money = preview.workbook.totals
    context = {
        "staged": staged,
        "preview": preview,
        "counts": preview.counts,
        "others": _others(preview.counts),
        "state_vnd": money.kcqg + money.kcdp,
        "absent": preview.absent[:ABSENT],
        "page": page,
        "rows": with_fields(page.rows, preview.sources, entries),
        "units": sheet_units(preview.workbook, entries),
        "entries": entries,
        "problems": problems,
        "chips": _chips(preview, request.GET.get("loc", "")),
        "query": query_without_cursor(request),
        "activities": _activities(preview.workbook.year),
    }
    return render(request, "programs/import_preview.html", context, status=422 if problems else 200)


def _problems(preview: Preview, errors: Mapping[str, Sequence[str]], refusal: str) -> list[dict[str, str]]:
    """The lines of the summary on top, each leading to its control."""
    lines = [{"id": "", "message": refusal}] if refusal else []
    for name, messages in errors.items():
        where = ""
        if (found := NAME.fullmatch(name)) and int(found[1]) < len(preview.rows):
            label = LABELS.get(found[2], _("Nội dung hoạt động"))
            row = preview.rows[int(found[1])].row.row
            where = _("Dòng %(row)s – %(label)s: ") % {"row": row, "label": label}
        lines += [{"id": name, "message": where + message} for message in messages]
    return lines


def _others(counts: Mapping[str, int]) -> list[str]:
    """What the list means for projects that are there already."""
    words = (
        ("changed", _("%(count)s cập nhật")),
        ("same", _("%(count)s không đổi")),
        ("locked", _("%(count)s không sửa được")),
        ("absent", _("%(count)s vắng trong biểu")),
    )
    return [word % {"count": format_vnd(counts[key])} for key, word in words if counts[key]]


def _activities(year: int | None) -> list[tuple[str, str]]:
    new_year = dt.date(year or timezone.localdate().year, 1, 1)
    return [(kind.code, str(kind)) for kind in ActivityKind.objects.filter(valid__contains=new_year)]


def _chips(preview: Preview, word: str) -> Chips:
    """All, the three severities, and what of the rest there is."""
    counts = preview.counts
    chips: Chips = [
        {"label": _("Tất cả"), "url": "?", "count": format_vnd(counts["all"]), "current": not word}
    ]
    return chips + [
        {"label": label, "url": f"?loc={name}", "count": format_vnd(counts[key]), "current": word == name}
        for name, label, key in FILTERS
        if counts[key] or key in ("error", "warning", "ready")
    ]


# --- after applying


def result_page(request: HttpRequest, staged: StagedImport) -> HttpResponse:
    """What applying did, row by row; those that stayed out first."""
    outcome = outcome_of(staged)
    word = request.GET.get("loc", "")
    wanted = next((fates for name, _label, fates in _fates() if name == word), None)
    rows = [done for done in outcome.rows if wanted is None or done.fate in wanted]
    rows.sort(key=lambda done: not done.left_out)
    context = {
        "staged": staged,
        "outcome": outcome,
        "page": page_of(rows, request.GET.get("cursor"), OUTCOME_ROWS),
        "chips": [
            {
                "label": label,
                "url": f"?loc={name}" if name else "?",
                "count": format_vnd(count),
                "current": word == name,
            }
            for name, label, fates in _fates()
            if (count := outcome.count(*fates))
        ],
        "query": query_without_cursor(request),
    }
    return render(request, "programs/import_result.html", context)


def _fates() -> list[tuple[str, str, frozenset[str]]]:
    """Filters of the result: word in the address, label, what became of the rows."""
    return [
        ("", _("Tất cả"), frozenset({"created", "updated", "same"}) | LEFT_OUT),
        ("tao-moi", _("Đã tạo"), frozenset({"created"})),
        ("cap-nhat", _("Đã cập nhật"), frozenset({"updated"})),
        ("khong-doi", _("Giữ nguyên"), frozenset({"same"})),
        ("chua-ghi", _("Chưa ghi"), LEFT_OUT),
    ]
