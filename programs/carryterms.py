"""The words of projects that were already under way when their office began with the portal."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

from programs.lifecycle import PORTAL, Purse, State, Step
from programs.years import DECREE_SINCE


class Progress(models.TextChoices):
    """How far a project had come on paper by the day of its figures."""

    APPROVED = "APPROVED", _("Đã phê duyệt, chưa triển khai")
    DOING = "DOING", _("Đang thực hiện")
    ACCEPTED = "ACCEPTED", _("Đã nghiệm thu")
    SETTLED = "SETTLED", _("Đã quyết toán")
    STOPPED = "STOPPED", _("Đã ngừng triển khai")


CARRY_OVER = "carry_over"
"""The one step that leads from nothing to a decided state; no arrow of the map, so nobody can ask for it."""
CARRIED_LABEL = _("Chuyển tiếp từ hồ sơ giấy")
UNCHECKED = _("Số liệu chuyển tiếp, chưa kiểm tra theo quy định")
EARLIEST_DAY = DECREE_SINCE


def state_of(purse: str, progress: str) -> State:
    """The state in which the workflow goes on. A contract on paper is recorded anew, and opens its fund."""
    if progress == Progress.STOPPED:
        return State.STOPPED
    if purse == Purse.KCQG and progress != Progress.APPROVED:
        return State.ASSIGNED
    return State.APPROVED


def carrying_step(target: State) -> Step:
    """The step as the history tells it."""
    return Step(CARRY_OVER, frozenset({State.DRAFT}), target, frozenset(), CARRIED_LABEL, PORTAL)


def unchecked(as_of: dt.date) -> str:
    """The mark every page, list and paper shows."""
    return f"{UNCHECKED} ({as_of:%d/%m/%Y})"
