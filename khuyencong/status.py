"""``/tinh-trang/``: what an administrator asks first, answered from what really happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.http import signed_in
from accounts.policy import require
from khuyencong import health, timing
from records import outbox

TARGET_MS: Final = 150
"""What nineteen of twenty answers should stay within."""
PARTS: Final[dict[str, str | Promise]] = {
    "database": gettext_lazy("Cơ sở dữ liệu"),
    "migrations": gettext_lazy("Cấu trúc bảng"),
    "broker": gettext_lazy("Hàng đợi (Redis)"),
}
FLOORS: Final[dict[str, str | Promise]] = {
    "accounts": gettext_lazy("Tài khoản, thông báo"),
    "api": gettext_lazy("API"),
    "beneficiaries": gettext_lazy("Cơ sở CNNT"),
    "clusters": gettext_lazy("Cụm công nghiệp"),
    "khuyencong": gettext_lazy("Hướng dẫn"),
    "programs": gettext_lazy("Đề án, kế hoạch"),
    "reports": gettext_lazy("Báo cáo"),
}


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    answers: timing.Answers

    @property
    def is_slow(self) -> bool:
        return self.answers.slow or (self.answers.p95_ms or 0) > TARGET_MS


def _row(answers: timing.Answers) -> Row:
    floor, method = answers.family.split()
    kind = _("xem") if method == "GET" else _("ghi")
    return Row(f"{FLOORS.get(floor, floor)} – {kind}", answers)


@login_required
@require_safe
def status(request: HttpRequest) -> HttpResponse:
    require(signed_in(request), "accounts.see_status")
    try:
        measured = timing.measured()
    except redis.RedisError:
        measured = None
    context = {
        "parts": [(PARTS[name], health.works(name, probe)) for name, probe in health.PROBES.items()],
        "queues": [
            (_("Tin trong cổng"), outbox.waiting(mail=False)),
            (_("Thư điện tử"), outbox.waiting(mail=True)),
        ],
        "mail_mode": settings.MAIL_MODE,
        "measured": measured,
        "rows": [_row(answers) for answers in measured.families] if measured else [],
        "target": TARGET_MS,
        "enough": timing.ENOUGH,
        "slowest": timing.STEPS_MS[-1],
    }
    return render(request, "status.html", context)
