"""The map of a support project's life: states, steps, who may take them, on what legal basis.

Pure data. Căn cứ: Thông tư 36/2013/TT-BCT (Điều 6, 8, 9, 10, 11) for the
national purse; each province's own rules for the local purse, here in their common default form.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role


class Purse(models.TextChoices):
    KCQG = "KCQG", _("Khuyến công quốc gia")
    KCDP = "KCDP", _("Khuyến công địa phương")


class Source(models.TextChoices):
    KCQG = "KCQG", _("Khuyến công quốc gia")
    KCDP = "KCDP", _("Khuyến công địa phương")
    OWN = "OWN", _("Đối ứng của đơn vị thụ hưởng")
    OTHER = "OTHER", _("Nguồn khác")


STATE_SOURCES = (Source.KCQG, Source.KCDP)


class Kind(models.TextChoices):
    SINGLE = "SINGLE", _("Đề án đơn lẻ")
    GROUP = "GROUP", _("Đề án nhóm")
    FLAGSHIP = "FLAGSHIP", _("Đề án điểm")


class State(models.TextChoices):
    DRAFT = "DRAFT", _("Bản nháp")
    SUBMITTED_PROV = "SUBMITTED_PROV", _("Đã nộp Sở")
    RETURNED_PROV = "RETURNED_PROV", _("Sở yêu cầu bổ sung")
    REVIEW_PROV = "REVIEW_PROV", _("Đang thẩm định cấp cơ sở")
    PASSED_PROV = "PASSED_PROV", _("Đạt thẩm định cấp cơ sở")
    REJECTED_PROV = "REJECTED_PROV", _("Không đạt thẩm định cấp cơ sở")
    REGISTERED = "REGISTERED", _("Đã đăng ký với Cục")
    RETURNED_MIN = "RETURNED_MIN", _("Cục yêu cầu bổ sung")
    REVIEW_MIN = "REVIEW_MIN", _("Đang thẩm định cấp Bộ")
    PASSED_MIN = "PASSED_MIN", _("Đạt thẩm định cấp Bộ")
    REJECTED_MIN = "REJECTED_MIN", _("Không đạt thẩm định cấp Bộ")
    IN_PLAN = "IN_PLAN", _("Trong dự thảo kế hoạch")
    APPROVED = "APPROVED", _("Đã phê duyệt kế hoạch")
    ASSIGNED = "ASSIGNED", _("Đã giao kế hoạch")
    CONTRACTED = "CONTRACTED", _("Đã ký hợp đồng")
    STOPPED = "STOPPED", _("Ngừng triển khai")
    WITHDRAWN = "WITHDRAWN", _("Đơn vị rút")


class Duty(models.TextChoices):
    """What a person has been for a project; nobody can be two of these for one project."""

    DRAFT = "DRAFT", _("Lập đề án")
    APPRAISE = "APPRAISE", _("Thẩm định")
    APPROVE = "APPROVE", _("Phê duyệt")


EDITABLE = frozenset({State.DRAFT, State.RETURNED_PROV, State.RETURNED_MIN})
"""States in which the dossier's contents may change."""

COMMITTED = frozenset({State.APPROVED, State.ASSIGNED, State.CONTRACTED})
"""States in which money is held against a ceiling."""

OPEN = frozenset(State) - {State.REJECTED_PROV, State.REJECTED_MIN, State.STOPPED, State.WITHDRAWN}
BEFORE_DECISION = OPEN - COMMITTED
DRAFTERS = frozenset({Role.IMPL, Role.SO_OFFICER, Role.REGION})
SO = frozenset({Role.SO_OFFICER, Role.SO_LEADER})
CUC = frozenset({Role.CUC_OFFICER, Role.CUC_LEADER})


@dataclass(frozen=True, slots=True)
class Step:
    """One arrow of the map.

    ``duty`` is what taking it makes a person; ``note_required`` marks steps whose reason the
    other side must be able to read; ``by_tranche`` steps move only with their whole tranche.
    """

    action: str
    sources: frozenset[State]
    target: State
    roles: frozenset[Role]
    label: str | Promise
    basis: str | Promise
    duty: Duty | None = None
    note_required: bool = False
    by_tranche: bool = False
    paper_required: bool = False
    """A decision or appraisal on paper: number, date and signer come with the step."""
    takes_back: str = ""
    """The action it undoes, for whoever has just taken that; see ``UNDOABLE``."""
    dossier_on_paper: bool = False
    """The Sở appraised the paper dossier: its sheet is scanned, and answers for ``checks.ON_PAPER``."""


def _step(
    action: str,
    sources: set[State],
    target: State,
    roles: frozenset[Role] | set[Role],
    label: str | Promise,
    basis: str | Promise,
    **extra: object,
) -> Step:
    return Step(action, frozenset(sources), target, frozenset(roles), label, basis, **extra)  # type: ignore[arg-type]


S = State
TT36 = "Thông tư 36/2013/TT-BCT"
PORTAL = _("Bước của cổng, chưa có văn bản quy định")
"""Taking back what the other side has not touched, and withdrawing: no source was read that orders them."""

LOCAL = "Thông tư 46/2012/TT-BCT, điểm b khoản 3 Điều 8; quy chế của tỉnh"

_PROVINCIAL: tuple[Step, ...] = (
    _step(
        "submit",
        {S.DRAFT, S.RETURNED_PROV},
        S.SUBMITTED_PROV,
        DRAFTERS - {Role.REGION},
        _("Nộp Sở Công Thương"),
        f"{TT36}, khoản 1 Điều 10",
        duty=Duty.DRAFT,
    ),
    _step("recall", {S.SUBMITTED_PROV}, S.DRAFT, DRAFTERS, _("Thu hồi để sửa"), PORTAL),
    _step(
        "receive",
        {S.SUBMITTED_PROV},
        S.REVIEW_PROV,
        SO,
        _("Tiếp nhận, bắt đầu thẩm định"),
        f"{TT36}, điểm a khoản 1 Điều 8",
        duty=Duty.APPRAISE,
    ),
    _step(
        "pass",
        {S.REVIEW_PROV},
        S.PASSED_PROV,
        {Role.SO_LEADER},
        _("Đạt thẩm định cấp cơ sở"),
        f"{TT36}, điểm a khoản 1 Điều 8, Điều 9",
        duty=Duty.APPRAISE,
    ),
    _step(
        "return",
        {S.SUBMITTED_PROV, S.REVIEW_PROV},
        S.RETURNED_PROV,
        SO,
        _("Yêu cầu bổ sung"),
        f"{TT36}, Điều 8",
        duty=Duty.APPRAISE,
        note_required=True,
    ),
    _step(
        "reject",
        {S.REVIEW_PROV},
        S.REJECTED_PROV,
        {Role.SO_LEADER},
        _("Không đạt thẩm định cấp cơ sở"),
        f"{TT36}, Điều 9",
        duty=Duty.APPRAISE,
        note_required=True,
    ),
    _step(
        "record_appraisal",
        {S.DRAFT},
        S.PASSED_PROV,
        SO,
        _("Ghi nhận thẩm định trên giấy"),
        f"{TT36}, điểm a khoản 1 Điều 8",
        duty=Duty.APPRAISE,
        paper_required=True,
        dossier_on_paper=True,
    ),
)

KCQG_STEPS: tuple[Step, ...] = (
    *_PROVINCIAL,
    _step(
        "submit",
        {S.DRAFT},
        S.REGISTERED,
        {Role.REGION},
        _("Gửi Cục"),
        f"{TT36}, điểm b khoản 1 Điều 8",
        duty=Duty.DRAFT,
    ),
    _step(
        "submit",
        {S.RETURNED_MIN},
        S.REGISTERED,
        DRAFTERS,
        _("Gửi lại Cục"),
        f"{TT36}, Điều 8",
        duty=Duty.DRAFT,
    ),
    _step(
        "register",
        {S.PASSED_PROV},
        S.REGISTERED,
        SO,
        _("Đăng ký với Cục"),
        f"{TT36}, khoản 1 Điều 6, khoản 2 Điều 10",
    ),
    _step("recall", {S.REGISTERED}, S.PASSED_PROV, SO, _("Rút đăng ký để xem lại"), PORTAL),
    _step("recall", {S.REGISTERED}, S.DRAFT, {Role.REGION}, _("Thu hồi để sửa"), PORTAL),
    _step(
        "receive",
        {S.REGISTERED},
        S.REVIEW_MIN,
        CUC,
        _("Tiếp nhận, bắt đầu thẩm định"),
        f"{TT36}, khoản 2 Điều 8",
        duty=Duty.APPRAISE,
    ),
    _step(
        "pass",
        {S.REVIEW_MIN},
        S.PASSED_MIN,
        {Role.CUC_LEADER},
        _("Đạt thẩm định cấp Bộ"),
        f"{TT36}, khoản 2 Điều 8, Điều 9",
        duty=Duty.APPRAISE,
    ),
    _step(
        "return",
        {S.REGISTERED, S.REVIEW_MIN},
        S.RETURNED_MIN,
        CUC,
        _("Yêu cầu bổ sung"),
        f"{TT36}, khoản 2 Điều 8",
        duty=Duty.APPRAISE,
        note_required=True,
    ),
    _step(
        "reject",
        {S.REVIEW_MIN},
        S.REJECTED_MIN,
        {Role.CUC_LEADER},
        _("Không đạt thẩm định cấp Bộ"),
        f"{TT36}, Điều 9",
        duty=Duty.APPRAISE,
        note_required=True,
    ),
    _step("plan", {S.PASSED_MIN}, S.IN_PLAN, CUC, _("Đưa vào dự thảo kế hoạch"), f"{TT36}, khoản 3 Điều 8"),
    _step("unplan", {S.IN_PLAN}, S.PASSED_MIN, CUC, _("Đưa ra khỏi dự thảo"), f"{TT36}, khoản 3 Điều 8"),
    _step(
        "approve",
        {S.IN_PLAN},
        S.APPROVED,
        {Role.CUC_LEADER, Role.MIN_APPROVER},
        _("Ghi quyết định của Bộ trưởng"),
        f"{TT36}, khoản 3 Điều 8",
        duty=Duty.APPROVE,
        by_tranche=True,
        paper_required=True,
    ),
    _step(
        "assign",
        {S.APPROVED},
        S.ASSIGNED,
        CUC,
        _("Giao kế hoạch"),
        f"{TT36}, khoản 4 Điều 6",
        by_tranche=True,
        paper_required=True,
    ),
    _step(
        "contract",
        {S.ASSIGNED},
        S.CONTRACTED,
        CUC,
        _("Ghi hợp đồng thực hiện"),
        f"{TT36}, khoản 4 Điều 6, khoản 1 Điều 12",
        paper_required=True,
    ),
    _step(
        "stop",
        set(COMMITTED),
        S.STOPPED,
        {Role.CUC_LEADER, Role.MIN_APPROVER},
        _("Ngừng triển khai"),
        f"{TT36}, Điều 11",
        note_required=True,
        paper_required=True,
    ),
    _step(
        "withdraw",
        set(BEFORE_DECISION),
        S.WITHDRAWN,
        DRAFTERS | SO,
        _("Rút đề án"),
        PORTAL,
        note_required=True,
    ),
)

KCDP_STEPS: tuple[Step, ...] = (
    *_PROVINCIAL,
    _step("plan", {S.PASSED_PROV}, S.IN_PLAN, SO, _("Đưa vào dự thảo kế hoạch"), LOCAL),
    _step("unplan", {S.IN_PLAN}, S.PASSED_PROV, SO, _("Đưa ra khỏi dự thảo"), LOCAL),
    _step(
        "approve",
        {S.IN_PLAN},
        S.APPROVED,
        {Role.UBND_VIEW},
        _("Ghi quyết định của Chủ tịch UBND tỉnh"),
        LOCAL,
        duty=Duty.APPROVE,
        by_tranche=True,
        paper_required=True,
    ),
    _step(
        "contract", {S.APPROVED}, S.CONTRACTED, SO, _("Ghi hợp đồng thực hiện"), LOCAL, paper_required=True
    ),
    _step(
        "stop",
        {S.APPROVED, S.CONTRACTED},
        S.STOPPED,
        {Role.UBND_VIEW},
        _("Ngừng triển khai"),
        LOCAL,
        note_required=True,
        paper_required=True,
    ),
    _step(
        "withdraw",
        set(BEFORE_DECISION),
        S.WITHDRAWN,
        DRAFTERS | SO,
        _("Rút đề án"),
        PORTAL,
        note_required=True,
    ),
)

UNDOABLE = frozenset({"receive", "recall", "plan", "unplan"})
"""Steps after which no document and no notice has left the office."""
UNDO_FOR = dt.timedelta(seconds=30)


def _undoing(step: Step, source: State) -> Step:
    back = {"sources": frozenset({step.target}), "target": source, "label": _("Hoàn tác"), "basis": PORTAL}
    return replace(step, action="undo", duty=None, takes_back=step.action, **back)  # type: ignore[arg-type]


STEPS: dict[str, tuple[Step, ...]] = {
    purse: (*steps, *(_undoing(s, each) for s in steps if s.action in UNDOABLE for each in sorted(s.sources)))
    for purse, steps in ((Purse.KCQG, KCQG_STEPS), (Purse.KCDP, KCDP_STEPS))
}
_ALL = [step for steps in STEPS.values() for step in steps]
ACTIONS = tuple(dict.fromkeys(step.action for step in _ALL))
SINGLE_ACTIONS = tuple(a for a in ACTIONS if not any(s.by_tranche for s in _ALL if s.action == a))
"""Steps one project takes by itself (the others move with their tranche)."""


def steps_from(purse: str, state: str) -> list[Step]:
    """Every arrow that leaves ``state`` for a project of this purse."""
    return [step for step in STEPS[purse] if state in step.sources]


def find_steps(purse: str, state: str, action: str) -> list[Step]:
    """The arrows named ``action`` that leave ``state`` (several when roles part ways)."""
    return [step for step in steps_from(purse, state) if step.action == action]


STATE_ACTIONS_HINT: dict[str, str | Promise] = {
    S.DRAFT: _("Bản nháp của đơn vị bạn, chưa nộp."),
    S.SUBMITTED_PROV: _("Đơn vị đã nộp, chờ Sở tiếp nhận."),
    S.RETURNED_PROV: _("Sở yêu cầu bổ sung, chờ đơn vị bạn nộp lại."),
    S.REVIEW_PROV: _("Sở đang thẩm định, chờ lãnh đạo kết luận."),
    S.PASSED_PROV: _("Đã đạt thẩm định, chờ đăng ký hoặc đưa vào kế hoạch."),
    S.REGISTERED: _("Tỉnh đã đăng ký, chờ Cục tiếp nhận."),
    S.RETURNED_MIN: _("Cục yêu cầu bổ sung, chờ đơn vị bạn gửi lại."),
    S.REVIEW_MIN: _("Cục đang thẩm định, chờ lãnh đạo kết luận."),
    S.PASSED_MIN: _("Đã đạt thẩm định cấp Bộ, chờ đưa vào đợt kế hoạch."),
    S.IN_PLAN: _("Nằm trong đợt kế hoạch, chờ ghi quyết định phê duyệt."),
}
"""Why a project stands in a work queue, in one sentence."""
