"""Builders for tests: plain functions that go through the product's own verbs."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping
from typing import Any

from accounts.models import User
from accounts.roles import Role
from accounts.scope import act_as, scope_of
from programs import tranches, workflow
from programs.drafting import (
    BeneficiaryValues,
    ClaimValues,
    DraftValues,
    LineValues,
    ScheduleValues,
    create_draft,
)
from programs.judging import claims_of, judge
from programs.lifecycle import Purse, Source, State
from programs.models import ActivityKind, Attachment, Project, RequiredPaper, Sector, Tranche, YearPlan
from programs.workflow import Paper
from records.models import StoredFile
from tests import cast
from vietnam.units import find_commune

MILLION = 1_000_000
_numbers = itertools.count(1)

PAPER = Paper(number="001/QĐ-TN", signed_on=dt.date(2026, 11, 2), signer="Người Ký Thử")


def tax_code(number: int) -> str:
    """A code of the unissued prefix 99 with a right check digit; numbers a few apart may share it."""
    weights = (31, 29, 23, 19, 17, 13, 7, 5, 3)
    while True:
        digits = f"99{number % 10_000_000:07d}"
        check = 10 - sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11
        if check != 10:
            return f"{digits}{check}"
        number += 1


def values(**changes: Any) -> DraftValues:
    """A machinery project that breaks no rule: 600 million, 250 of it national."""
    number = next(_numbers)
    fields: dict[str, Any] = {
        "title": f"Hỗ trợ ứng dụng máy móc thiết bị tiên tiến trong sản xuất thử {number}",
        "activity": ActivityKind.objects.filter(code="N3.3").latest("id"),
        "sector": Sector.objects.filter(code="b").latest("id"),
        "starts_on": dt.date(2027, 3, 1),
        "ends_on": dt.date(2027, 10, 30),
        "counterpart_committed": True,
        "no_other_state_money": True,
        "necessity": "Máy cũ, hao phí nguyên liệu.",
        "objectives": "Tăng năng suất.",
        "scale": "Một máy mới.",
        "content": "Mua, lắp đặt, chạy thử.",
        "organisation": "Đơn vị thực hiện tổ chức nghiệm thu.",
        "effectiveness": "Giảm hao phí, thêm việc làm.",
    }
    amounts: Mapping[str, int] = changes.pop(
        "amounts", {Source.KCQG: 250 * MILLION, Source.OWN: 350 * MILLION}
    )
    beneficiaries = changes.pop(
        "beneficiaries", [BeneficiaryValues(f"Công ty TNHH Thử {number} Giả Định", tax_code(10 * number))]
    )
    claims = changes.pop("claims", None)
    fields.update(changes)
    line = LineValues("Mua máy", sum(amounts.values()), dict(amounts))
    schedule = [ScheduleValues("Mua máy", "Cơ sở", dt.date(2027, 3, 1), dt.date(2027, 6, 30))]
    return DraftValues(
        fields=fields, beneficiaries=beneficiaries, lines=[line], schedule=schedule, claims=claims
    )


def claim(predicate: str, **changes: Any) -> ClaimValues:
    """A claim of priority with a document that shows it."""
    evidence: dict[str, Any] = {
        "statement": "Nêu rõ trong văn bản.", "document_number": "12/QĐ-THỬ",
        "document_date": dt.date(2026, 1, 5), "document_issuer": "Cơ quan Thử Giả Định",
    }  # fmt: skip
    return ClaimValues(predicate, **(evidence | changes))


def make_project(actor: User, *, purse: str = Purse.KCQG, year: int = 2027, **changes: Any) -> Project:
    """A complete draft of this person's office, papers attached."""
    with act_as(actor):
        post = scope_of(actor).posts[0]
        if "commune" not in changes:
            project_province = _province_of(actor, post.organisation_id)
            changes["commune"] = _any_commune(project_province)
        if purse == Purse.KCDP:
            changes.setdefault("amounts", {Source.KCDP: 100 * MILLION, Source.OWN: 150 * MILLION})
        project = create_draft(values(**changes), actor=actor, purse=purse, year=year)
        attach_papers(project, actor)
    return project


def _province_of(actor: User, organisation_id: int) -> Any:
    return (
        actor.memberships.select_related("organisation__province")
        .get(organisation_id=organisation_id)
        .organisation.province
    )


def _any_commune(unit: Any) -> Any:
    from vietnam.models import AdminUnit

    return AdminUnit.objects.on(dt.date(2027, 1, 1)).filter(level="commune", parent__code=unit.code).first()


def attach_papers(project: Project, actor: User) -> None:
    """Every paper the submission asks for (one small file serves all)."""
    file, _new = StoredFile.objects.get_or_create(
        sha256="0" * 64, defaults={"size": 8, "media_type": "application/pdf", "name": "giay-to.pdf"}
    )
    codes = RequiredPaper.objects.values_list("code", flat=True).distinct()
    Attachment.objects.bulk_create(
        Attachment(project=project, paper_code=code, file=file, name=f"{code}.pdf", uploaded_by=actor)
        for code in codes
    )


def take(action: str, project: Project, actor: User, **extra: Any) -> Project:
    """One step by this person, with their rows only; a rejection names a criterion."""
    if action == "reject":
        extra.setdefault("data", {"criteria": [{"criterion": "need", "grade": "FAIL"}]})
    with act_as(actor):
        workflow.take(action, project, actor=actor, **extra)
    return project


def helper_person(role: Role, unit_name: str) -> User:
    """Somebody with this role, made once; used to bring projects forward."""
    username = f"helper.{role.lower()}.{unit_name}".replace(" ", "")
    known = User.objects.filter(username=username).first()
    if known:
        return known
    offices = {
        Role.SO_OFFICER: cast.so_of,
        Role.SO_LEADER: cast.so_of,
        Role.UBND_VIEW: cast.ubnd_of,
    }
    organisation = offices[role](unit_name) if role in offices else cast.cuc()
    return cast.person(username, f"Người giúp {role}", role, organisation)


def advance_to(project: Project, state: str, *, drafter: User, tranche: Tranche | None = None) -> Project:
    """Bring a complete draft to ``state`` along the ordinary road, by helpers of the right roles."""
    name = project.province.bare_name
    so_officer, so_leader = helper_person(Role.SO_OFFICER, name), helper_person(Role.SO_LEADER, name)
    cuc_officer = helper_person(Role.CUC_OFFICER, "cuc")
    cuc_leader = helper_person(Role.CUC_LEADER, "cuc")
    road: list[tuple[str, User]] = [
        ("submit", drafter),
        ("receive", so_officer),
        ("pass", so_leader),
    ]
    if project.purse == Purse.KCQG:
        road += [
            ("register", so_officer),
            ("receive", cuc_officer),
            ("pass", cuc_leader),
            ("plan", cuc_officer),
        ]
    else:
        road += [("plan", so_officer)]
    for action, actor in road:
        if project.state == state:
            return project
        extra = {"tranche": tranche or open_tranche(project)} if action == "plan" else {}
        take(action, project, actor, **extra)
        if project.state == State.REVIEW_PROV:
            accept_claims(project, actor)
    assert project.state == state, f"{state} is not on the ordinary road"
    return project


def accept_claims(project: Project, reviewer: User) -> None:
    """Every claim of the dossier that has evidence, accepted by this person."""
    with act_as(reviewer):
        for row in claims_of(project):
            if row.open:
                judge(project, row.claim.predicate, accepted=True, actor=reviewer)


def open_tranche(project: Project, *, ceiling_vnd: int = 100_000 * MILLION) -> Tranche:
    """A tranche of the project's plan with room enough, by the office that composes it."""
    national = project.purse == Purse.KCQG
    unit = "cuc" if national else project.province.bare_name
    leader = helper_person(Role.CUC_LEADER if national else Role.SO_LEADER, unit)
    with act_as(leader):
        plan = YearPlan.objects.get(pk=project.plan_id)
        tranches.set_ceiling(plan, plan.purse, ceiling_vnd, actor=leader)
        return tranches.open_tranche(plan, actor=leader)


def commune(text: str, unit_name: str) -> Any:
    return find_commune(text, cast.province(unit_name))[0]


__all__ = [
    "MILLION",
    "PAPER",
    "State",
    "accept_claims",
    "advance_to",
    "attach_papers",
    "claim",
    "make_project",
    "open_tranche",
    "take",
    "values",
]
