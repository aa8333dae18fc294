"""When dossiers are taken in: set, extended and asked about.

Căn cứ: Thông tư 36/2013/TT-BCT, Điều 10: the dates of the circular hold unless the Sở or the Cục sets others.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import policy as door
from accounts.models import User
from programs.errors import MissingDetail, StaleWindow, WindowClosed
from programs.lifecycle import State, Step
from programs.models import Gate, Project, RegistrationWindow
from programs.policy import window_post
from records import audit, outbox
from vietnam.models import AdminUnit

GATE_INTO = {State.SUBMITTED_PROV: Gate.SO, State.REGISTERED: Gate.CUC}
"""Which office's window a step goes through; a dossier it sent back returns at any time."""
FIRST_TIME = frozenset({State.DRAFT, State.PASSED_PROV})
REASON_MISSING = gettext_lazy("Hãy ghi lý do gia hạn hoặc thay đổi, để các đơn vị đọc được.")
WAITS_AT = {State.DRAFT: Gate.SO, State.PASSED_PROV: Gate.CUC}
"""Whose window ends the waiting of a dossier in this state."""


@dataclass(frozen=True, slots=True)
class Dates:
    """What somebody sets: the first and the last day, and for a change the reason."""

    opens_on: dt.date
    closes_on: dt.date
    reason: str = ""
    document_number: str = ""


def set_window(
    gate: Gate, purse: str, year: int, province: AdminUnit, dates: Dates, *, actor: User, seen_number: int
) -> RegistrationWindow:
    """Open a window, or change its days with a reason; deadlines follow it.

    ``province`` is the nation for a window of the whole country; ``seen_number`` is the last word its setter
    saw (0: none). Raises ``PermissionRefused``, ``MissingDetail`` or ``StaleWindow``.
    """
    asked = RegistrationWindow(gate=gate, purse=purse, year=year, province=province)
    permission = door.require(actor, "programs.set_window", asked)
    _require_sense(dates, seen_number)
    with transaction.atomic():
        before = last_word(asked)
        number = before.number if before else 0
        if number != seen_number:
            raise StaleWindow(number)
        asked.number, asked.set_by = number + 1, actor
        asked.opens_on, asked.closes_on = dates.opens_on, dates.closes_on
        asked.reason, asked.document_number = dates.reason.strip(), dates.document_number.strip()
        post = window_post(actor, asked)
        assert post is not None  # the door has just found it
        asked.office_id = post.organisation_id
        made, created = RegistrationWindow.objects.get_or_create(
            gate=gate, purse=purse, year=year, province=province, number=asked.number,
            defaults={name: getattr(asked, name) for name in _SET},
        )  # fmt: skip
        if not created:
            raise StaleWindow(made.number)
        audit.record(
            "programs.set_window",
            made,
            actor=actor,
            before=_days(before) if before else None,
            after=_days(made),
            reason=made.reason,
            on_behalf_of=permission.lender,
        )
        outbox.post("deadlines.changed", {"purse": purse, "year": year})
    return made


_SET = ("opens_on", "closes_on", "reason", "document_number", "office_id", "set_by")


def _require_sense(dates: Dates, seen_number: int) -> None:
    if dates.closes_on < dates.opens_on:
        raise MissingDetail("closes_on", _("Ngày cuối nhận hồ sơ phải từ ngày bắt đầu nhận trở đi."))
    if seen_number and not dates.reason.strip():
        raise MissingDetail("reason", str(REASON_MISSING))


def _days(window: RegistrationWindow) -> dict[str, str]:
    return {"opens_on": window.opens_on.isoformat(), "closes_on": window.closes_on.isoformat()}


def last_word(like: RegistrationWindow) -> RegistrationWindow | None:
    """What holds for the same gate, purse, year and place."""
    same = {name: getattr(like, name) for name in ("gate", "purse", "year", "province")}
    return RegistrationWindow.objects.filter(**same).order_by("-number").first()


Windows = dict[tuple[str, str, int], list[RegistrationWindow]]


def load_windows() -> Windows:
    """What holds, by gate, purse and year; one query."""
    found: Windows = {}
    for window in RegistrationWindow.objects.in_force().select_related("province", "office"):
        found.setdefault((window.gate, window.purse, window.year), []).append(window)
    return found


def windows_at(gate: str, project: Project, windows: Windows) -> list[RegistrationWindow]:
    """What this project may go through: its province's and the nation's."""
    rows = windows.get((gate, project.purse, project.year), [])
    return [row for row in rows if row.province_id == project.province_id or row.province.level == "nation"]


def window_that_counts(rows: Sequence[RegistrationWindow], day: dt.date) -> RegistrationWindow | None:
    """The open one that closes last; where none is open the next to open, else the last to have closed."""
    for found in (
        [row for row in rows if row.is_open(day)],
        sorted((row for row in rows if row.opens_on > day), key=lambda row: row.opens_on)[:1],
        rows,
    ):
        if found:
            return max(found, key=lambda row: row.closes_on)
    return None


def refuse_closed(step: Step, project: Project, day: dt.date, windows: Windows) -> None:
    """Raises ``WindowClosed`` where the step hands a dossier in on a day on which nobody takes it."""
    gate = GATE_INTO.get(State(step.target))
    if gate is None or State(project.state) not in FIRST_TIME or step.takes_back:
        return
    window = window_that_counts(windows_at(gate, project, windows), day)
    if window is not None and not window.is_open(day):
        raise WindowClosed(
            _(
                "%(office)s nhận hồ sơ %(purse)s năm %(year)s từ %(first)s đến hết %(last)s; hôm nay ngoài "
                "đợt. Cơ quan nhận gia hạn được ở trang Đợt đăng ký."
            )
            % {
                "office": window.office,
                "purse": window.get_purse_display(),
                "year": window.year,
                "first": f"{window.opens_on:%d/%m/%Y}",
                "last": f"{window.closes_on:%d/%m/%Y}",
            }
        )


def closed_now(step: Step, project: Project) -> str:
    """Why nobody takes this dossier in today; "" where somebody does."""
    try:
        refuse_closed(step, project, timezone.localdate(), load_windows())
    except WindowClosed as refusal:
        return str(refusal)
    return ""


def history_of(window: RegistrationWindow, rows: Iterable[RegistrationWindow]) -> list[RegistrationWindow]:
    """All that was said on the same thing, the latest first."""
    key = (window.gate, window.purse, window.year, window.province_id)
    same = [row for row in rows if (row.gate, row.purse, row.year, row.province_id) == key]
    return sorted(same, key=lambda row: -row.number)
