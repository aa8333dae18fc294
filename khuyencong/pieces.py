"""Every piece the screens are built from, in its states: for those who build them, and for their tests.

Nothing here is stored; firms, amounts and sentences are made up.
"""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.contrib.messages import constants
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import signed_in
from accounts.policy import require
from accounts.roles import Role
from khuyencong.guide import GUIDES
from programs.draft_forms import LineFormSet
from programs.lifecycle import State
from programs.worddiff import word_changes
from vietnam.fields import CleanFormField, VnDateField, VndFormField

MILLION = 10**6
TONES = ("neutral", "info", "stage", "good", "warning", "bad")
SEVERITIES = ("ok", "note", "warning", "error")


class Sample(forms.Form):
    """One field of each kind."""

    text = CleanFormField(label="Tên đề án", help_text="Như trong công văn đề nghị.")
    long_text = CleanFormField(label="Sự cần thiết", required=False, widget=forms.Textarea)
    choice = forms.ChoiceField(label="Nguồn", choices=[("KCQG", "Quốc gia"), ("KCDP", "Địa phương")])
    place = forms.ChoiceField(label="Tỉnh, thành phố", choices=[("38", "Thanh Hóa"), ("40", "Nghệ An")])
    amount = VndFormField(label="Kinh phí đề nghị")
    day = VnDateField(label="Ngày bắt đầu")
    ticked = forms.BooleanField(label="Đã có cam kết vốn đối ứng", required=False)


def _filled() -> Sample:
    return Sample(
        initial={
            "text": "Hỗ trợ máy móc thử", "place": "38", "amount": 737 * MILLION,
            "day": dt.date(2027, 3, 1), "ticked": True,
        }
    )  # fmt: skip


def _refused() -> Sample:
    sent = {"text": "", "choice": "KCQG", "place": "38", "amount": "một ít", "day": "31/02/2027"}
    form = Sample({f"wrong-{name}": value for name, value in sent.items()}, prefix="wrong")
    form.is_valid()
    return form


def _verdict(severity: str) -> SimpleNamespace:
    return SimpleNamespace(
        severity=severity,
        message="Câu thử của một kiểm tra: 350 triệu đồng so với mức 300 triệu đồng.",
        source="28/2018/TT-BTC, khoản 4 Điều 8",
        unverified=severity == "note",
        fix=None,
    )


def _events() -> list[SimpleNamespace]:
    now = timezone.now()
    return [
        SimpleNamespace(title="Tiếp nhận", actor="Trần Thử Long", at=now, note="", tone="current"),
        SimpleNamespace(
            title="Yêu cầu bổ sung",
            actor="Lê Thử Mai",
            at=now - dt.timedelta(days=3),
            note="Đề nghị bổ sung báo giá thiết bị.",
            tone="warning",
        ),
        SimpleNamespace(
            title="Đạt thẩm định cấp cơ sở",
            actor="Đỗ Thử Hương",
            at=now - dt.timedelta(days=9),
            note="",
            tone="good",
            paper_url="#timeline",
        ),
    ]


def _changes() -> list[SimpleNamespace]:
    scale = ("Một dây chuyền ép, sấy", "Hai dây chuyền ép, sấy")
    rows: list[tuple[str, Any, Any]] = [
        ("Kinh phí đề nghị", 350 * MILLION, 300 * MILLION),
        ("Quy mô", *scale),
        ("Tài liệu", "", "Báo giá thiết bị.pdf"),
    ]
    return [
        SimpleNamespace(
            label=label,
            before=before,
            after=after,
            is_money=isinstance(after, int),
            pieces=word_changes(before, after) if (before, after) == scale else None,
        )
        for label, before, after in rows
    ]


def _tasks() -> list[SimpleNamespace]:
    states = [("done", 0), ("partial", 0), ("warning", 1), ("error", 2), ("empty", 0)]
    names = ["Thông tin chung", "Cơ sở thụ hưởng", "Kinh phí", "Thuyết minh", "Tài liệu"]
    return [
        SimpleNamespace(
            section=SimpleNamespace(label=name, slug=f"muc-{place}"),
            status=status,
            errors=errors,
            note="",
            current=place == 1,
        )
        for place, (name, (status, errors)) in enumerate(zip(names, states, strict=True))
    ]


def _steps() -> list[SimpleNamespace]:
    rows = [("Lập đề án", "done", "02/10"), ("Sở thẩm định", "current", "hạn 25/11"), ("Trình Bộ", "", "")]
    return [SimpleNamespace(label=label, state=state, note=note) for label, state, note in rows]


def _grid(unit: str) -> Any:
    rows = [("Máy ép viên nén", 102, 505), ("Máy nghiền gỗ", 48, 249)]
    initial = [
        {"description": name, "total": (asked + own) * MILLION, "kcqg": asked * MILLION, "own": own * MILLION}
        for name, asked, own in rows
    ]
    return LineFormSet(initial=initial, prefix="lines", form_kwargs={"unit": unit})


def _versions() -> list[SimpleNamespace]:
    now = timezone.now()
    return [
        SimpleNamespace(label="Lần gửi 1", at=now - dt.timedelta(days=9)),
        SimpleNamespace(label="Lần gửi 2", at=now),
    ]


def _version_rows() -> list[SimpleNamespace]:
    changed = {"happened": "đã sửa", "same": False}
    unchanged = SimpleNamespace(
        label="Địa điểm", before="Thọ Xuân", after="Thọ Xuân",
        is_money=False, happened="không đổi", same=True, pieces=None,
    )  # fmt: skip
    return [*(SimpleNamespace(**vars(each), **changed) for each in _changes()), unchanged]


def _chips() -> list[dict[str, Any]]:
    rows = [("Tất cả", 32, True), ("Quá hạn", 5, False), ("Chờ tôi xử lý", None, False)]
    return [{"label": label, "url": "#filters", "count": n, "current": here} for label, n, here in rows]


def _notices() -> list[SimpleNamespace]:
    levels = (constants.SUCCESS, constants.INFO, constants.WARNING, constants.ERROR)
    return [
        SimpleNamespace(level_tag=constants.DEFAULT_TAGS[level], text="Câu báo kết quả của một việc.")
        for level in levels
    ]


def _pictured() -> dict[str, Any]:
    """Numbers for the bar, the columns and the map."""
    years = {
        str(year): {"KCQG": (year - 2016) * 900 * MILLION, "KCDP": (2031 - year) * 300 * MILLION}
        for year in range(2021, 2028)
    }
    return {
        "amounts": {"KCQG": 300 * MILLION, "KCDP": 0, "OWN": 900 * MILLION, "OTHER": 50 * MILLION},
        "by_year": list(years.items()),
        "map_values": [
            {"code": code, "value": value, "text": str(value)}
            for code, value in (("38", 300), ("40", 230), ("79", 20))
        ],
    }


@login_required
@require_safe
def pieces(request: HttpRequest) -> HttpResponse:
    """``/kieu-dang/``"""
    user = signed_in(request)
    require(user, "accounts.see_pieces")
    return render(
        request,
        "pieces.html",
        {
            "filled": _filled(),
            "refused": _refused(),
            "formset": _grid(user.money_unit),
            "row_verdicts": {2: [_verdict("warning")]},
            "tones": TONES,
            "states": [SimpleNamespace(code=state.value, label=state.label) for state in State],
            "verdicts": [_verdict(severity) for severity in SEVERITIES],
            "events": _events(),
            "changes": _changes(),
            "tasks": _tasks(),
            "steps": _steps(),
            "chips": _chips(),
            **_pictured(),
            "notices": _notices(),
            "conditions": [("Nguồn: KCQG", "/kieu-dang/"), ("Từ khóa: thử", "/kieu-dang/")],
            "listed": SimpleNamespace(rows=[1]),
            "guide_steps": GUIDES[Role.SO_OFFICER],
            "versions": _versions(),
            "version_rows": _version_rows(),
            "bulk_actions": [SimpleNamespace(value="receive", label="Tiếp nhận", tone="", icon="check")],
        },
    )
