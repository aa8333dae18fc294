"""Keep a file of changes for a second person's eyes, apply it, or put it aside."""

from __future__ import annotations

import datetime as dt
import io
from collections import Counter
from dataclasses import dataclass
from typing import IO, Any, Final

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.policy import require
from beneficiaries.models import Establishment
from clusters.models import Cluster
from programs.intake import limits
from programs.models import Project
from programs.reforms.planning import Planner
from programs.reforms.reading import Problem, Row, read_rows
from records import audit, files
from records.context import whole_country
from records.models import StagedImportStatus, UnitReform
from records.sniff import XLS, XLSX
from vietnam.models import AdminUnit, SuccessionKind
from vietnam.units import forget_index

FILE_KINDS: Final = {XLSX, XLS}


class Faulty(Exception):
    """The file has mistakes; nothing was kept of it."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(str(problems[0]))
        self.problems = problems


def stage(upload: IO[bytes] | File[Any], name: str, *, actor: User) -> tuple[UnitReform, bool]:
    """Read a file and keep it to be looked at; and whether it is new, for one file is kept once.

    Raises ``Faulty``, ``Refused``, ``FileRefused`` or ``PermissionRefused``.
    """
    require(actor, "programs.change_units")
    upload.seek(0)
    data = upload.read(limits.MAX_FILE_BYTES + 1)
    rows, problems = read_rows(data)
    kept = files.store(io.BytesIO(data), name, limit=limits.MAX_FILE_BYTES, allowed=FILE_KINDS)
    same = UnitReform.objects.exclude(status=StagedImportStatus.DISCARDED).filter(file=kept).first()
    if same is not None:
        return same, False
    planner = Planner(rows)
    plan = planner.plan()
    if problems := problems + planner.problems:
        raise Faulty(problems)
    with transaction.atomic():
        reform = UnitReform.objects.create(
            file=kept,
            name=files.clean_name(name),
            rows=[_packed(row) for row in rows],
            plan=plan,
            uploaded_by=actor,
        )
        after = {"file": kept.sha256, "rows": len(rows)}
        audit.record("programs.stage_units", reform, actor=actor, after=after)
    return reform, True


def apply(reform: UnitReform, *, actor: User) -> UnitReform:
    """Write the plan, all of it or nothing. Raises ``PermissionRefused``, and ``ValidationError`` where the
    units are no longer what they were when the file was read."""
    require(actor, "programs.apply_units", reform)
    with transaction.atomic():
        _one_at_a_time()
        locked = _locked(reform)
        planner = Planner([Row(**row) for row in _unpacked(locked.rows)])
        if planner.plan() != locked.plan or planner.problems:
            raise ValidationError(
                _("Danh mục đơn vị đã đổi từ khi tải tệp lên. Hãy bỏ tệp này rồi tải lại để xem khác gì.")
            )
        with connection.cursor() as cursor:
            cursor.execute("SELECT kc_apply_reform(%s)", [locked.pk])
        after = {key: len(entries) for key, entries in locked.plan.items()}
        audit.record("programs.apply_units", locked, actor=actor, after=after)
    forget_index()
    reform.refresh_from_db()
    return reform


def discard(reform: UnitReform, *, actor: User) -> None:
    """Put it aside unused; the same file may be sent again."""
    require(actor, "programs.change_units", reform)
    with transaction.atomic():
        locked = _locked(reform)
        locked.status = StagedImportStatus.DISCARDED
        locked.save(update_fields=["status"])
        audit.record("programs.discard_units", locked, actor=actor)


def _one_at_a_time() -> None:
    """Two files that touch one unit are applied one after the other, so that the second sees the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('reform of units', 0))")


def _locked(reform: UnitReform) -> UnitReform:
    locked = UnitReform.objects.select_for_update(of=("self",)).get(pk=reform.pk)
    if locked.status != StagedImportStatus.PREVIEW:
        raise ValidationError(_("Tệp này đã được áp dụng hoặc đã bỏ."))
    return locked


def _packed(row: Row) -> dict[str, Any]:
    return {name: getattr(row, name) for name in Row.__slots__}


def _unpacked(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "day": dt.date.fromisoformat(row["day"])} for row in rows]


# --- what a person is shown before


@dataclass(frozen=True, slots=True)
class Effect:
    """One unit that changes: what it is, what becomes of it, and where its parts go."""

    old: AdminUnit
    kind: str
    news: list[str]

    @property
    def kind_label(self) -> str:
        return str(SuccessionKind(self.kind).label)


def effects_of(reform: UnitReform) -> list[Effect]:
    """What becomes of each unit the file names; those only carried along with a province are left out."""
    said = {row["old_code"] for row in reform.rows}
    plan = reform.plan
    names = {(new["level"], new["code"]): new["name"] for new in plan["opened"]}
    steps: dict[int, list[dict[str, Any]]] = {}
    for step in plan["successions"]:
        steps.setdefault(step["old"], []).append(step)
    units = AdminUnit.objects.filter(pk__in=steps, code__in=said).select_related("parent")
    return [
        Effect(
            unit,
            steps[unit.pk][0]["kind"],
            [
                f"{names[step['level'], step['code']]} ({step['code']})"
                for step in sorted(steps[unit.pk], key=lambda step: not step["is_default"])
            ],
        )
        for unit in units.order_by("level", "sort_key")
    ]


def sums_of(reform: UnitReform) -> dict[str, int]:
    """How many units are opened, ended and carried along, and how many ways of change there are."""
    plan, said = reform.plan, {row["old_code"] for row in reform.rows}
    kinds = Counter(step["kind"] for step in {step["old"]: step for step in plan["successions"]}.values())
    ended = AdminUnit.objects.filter(pk__in=[each["id"] for each in plan["ended"]])
    codes = ended.values_list("code", flat=True)
    return {
        "opened": len(plan["opened"]),
        "ended": len(plan["ended"]),
        "carried": sum(code not in said for code in codes),
        **{f"kind_{kind}": count for kind, count in kinds.items()},
    }


def touched_by(reform: UnitReform) -> dict[str, int]:
    """How many records of the country name a unit that ends: numbers alone, so that both people know the
    reach of what they do; which records these are is nobody's without their province."""
    ids = [each["id"] for each in reform.plan["ended"]]
    ended = Q(commune__in=ids) | Q(province__in=ids)
    with whole_country():
        found = {
            model._meta.model_name or "": model._default_manager.filter(ended).count()
            for model in (Project, Establishment, Cluster)
        }
    return {**found, "organisation": Organisation.objects.filter(province__in=ids).count()}
