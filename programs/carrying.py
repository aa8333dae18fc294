"""Projects already under way when their office began with the portal: entered by one person, confirmed by
another, and from then on at home in the workflow.

No rule is asked about them and none is said to have been: they are "số liệu chuyển tiếp". Their approved
money counts against the plan's ceiling like any other, so a plan needs its ceiling first.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import policy as door
from accounts.models import Organisation, User
from accounts.policy import Decision
from accounts.scope import scope_of
from programs import commitments
from programs.carry_policy import CarryPlace, carry_posts
from programs.carry_values import CarriedValues, refuse_decided_here, require_sense
from programs.carryterms import carrying_step, unchecked
from programs.draft_rows import DossierRows, add_rows
from programs.draft_values import DraftValues, LineValues
from programs.drafting import next_code, plan_for
from programs.errors import CarryConflict, MissingDetail
from programs.facts import Laws
from programs.lawterms import Outcome
from programs.lifecycle import COMMITTED, CUC, OPEN, SO, State
from programs.models import (
    CarriedAdvance,
    CarriedFirm,
    CarriedMoney,
    CarryDay,
    CarryOver,
    Ceiling,
    Project,
    ProjectBeneficiary,
    Tranche,
    TrancheState,
    YearPlan,
)
from programs.reading import read
from programs.registering import establishments_for
from programs.workflow import Move, Paper, move_all
from records import audit, outbox
from vietnam.text import clean, fold


def office_of(user: User) -> Organisation:
    """The office in whose name this person takes projects over. Raises ``PermissionRefused`` without one."""
    door.require(user, "programs.enter_carried")
    post = scope_of(user).posts_as(SO | CUC)[0]
    return Organisation.objects.get(pk=post.organisation_id)


def day_of(office_id: int) -> CarryDay | None:
    """The office's last word on the day from which it decides in the portal."""
    return CarryDay.objects.filter(office=office_id).order_by("-number").first()


def set_day(
    office: Organisation, day: dt.date, document_number: str, reason: str = "", *, actor: User
) -> CarryDay:
    """Say from which day on the office decides in the portal; later only ever an earlier one, with a reason.

    Raises ``PermissionRefused``, ``MissingDetail`` or ``CarryConflict``.
    """
    permission = door.require(actor, "programs.set_carry_day", office)
    document_number, reason, before = clean(document_number), clean(reason), day_of(office.pk)
    if not document_number:
        raise MissingDetail("document_number", _("Hãy ghi số văn bản quy định ngày bắt đầu dùng cổng."))
    if day > timezone.localdate():
        raise MissingDetail("day", _("Ngày này còn ở tương lai; hãy ghi khi cơ quan đã bắt đầu."))
    if before is not None and day >= before.day:
        told = _("Chỉ chuyển được sang ngày sớm hơn %(day)s, để quyết định mới không đi đường tắt.")
        raise MissingDetail("day", told % {"day": f"{before.day:%d/%m/%Y}"})
    if before is not None and not reason:
        raise MissingDetail("reason", _("Hãy ghi lý do thay đổi."))
    try:
        with transaction.atomic():
            made = CarryDay.objects.create(
                office=office, number=before.number + 1 if before else 1, day=day, reason=reason,
                document_number=document_number, set_by=actor,
            )  # fmt: skip
            audit.record(
                "programs.set_carry_day", made, actor=actor, reason=reason, on_behalf_of=permission.lender,
                before={"day": before.day} if before else None,
                after={"day": day, "document": document_number},
            )  # fmt: skip
    except IntegrityError as error:
        raise CarryConflict(_("Ngày này vừa được người khác ghi; hãy xem lại.")) from error
    return made


def enter(values: CarriedValues, *, actor: User) -> CarryOver:
    """Put a project forward as its papers say; there is no project until a second person confirms it.

    The plan of its year opens at once where there is none, and its establishments and their sites enter the
    register; they stay whatever the second person says.
    Raises ``PermissionRefused``, ``MissingDetail``, ``ValidationError`` or ``CarryConflict``.
    """
    place = CarryPlace(values.purse, values.province.pk)
    permission = door.require(actor, "programs.enter_carried", place)
    post = next(p for p in carry_posts(actor, place) if p.on_behalf_of_id == permission.on_behalf_of_id)
    day = day_of(post.organisation_id)
    require_sense(values, day.day if day else None)
    try:
        with transaction.atomic():
            entry = CarryOver(
                plan=plan_for(values.purse, values.year, values.province), province=values.province,
                office_id=post.organisation_id, entered_by=actor,
                entered_for_id=permission.on_behalf_of_id, **values.fields,
            )  # fmt: skip
            _refuse_known(entry)
            entry.clean_fields(
                exclude=[f.name for f in entry._meta.fields if f.null and f.value_from_object(entry) is None]
            )
            entry.save()
            _add_rows(entry, values)
            _tell(entry, "programs.enter_carried", actor, permission, _told(entry, values))
    except IntegrityError as error:
        raise CarryConflict(_refused(str(error))) from error
    return entry


def _add_rows(entry: CarryOver, values: CarriedValues) -> None:
    CarriedMoney.objects.bulk_create(
        CarriedMoney(
            entry=entry, source=row.source, approved_vnd=row.approved_vnd, disbursed_vnd=row.disbursed_vnd,
            refunded_vnd=row.refunded_vnd, settled_vnd=row.settled_vnd, balance_vnd=row.left_vnd,
        )
        for row in values.money
    )  # fmt: skip
    CarriedAdvance.objects.bulk_create(
        CarriedAdvance(entry=entry, source=row.source, paid_on=row.paid_on, amount_vnd=row.amount_vnd)
        for row in values.advances
    )
    found = establishments_for([(entry.province, firm) for firm in values.firms])
    CarriedFirm.objects.bulk_create(
        CarriedFirm(entry=entry, establishment=firm) for firm in dict.fromkeys(found)
    )


def _refuse_known(entry: CarryOver) -> None:
    """A dossier that is on its way in the portal goes that way to its end."""
    same = Project.objects.filter(plan=entry.plan, title_folded=fold(entry.title), state__in=OPEN)
    if code := same.values_list("code", flat=True).first():
        told = _("Đề án cùng tên của kế hoạch này đã có trên cổng: %(code)s.")
        raise MissingDetail("title", told % {"code": code})


def _told(entry: CarryOver, values: CarriedValues) -> dict[str, Any]:
    """What the audit keeps of an entry."""
    return {
        "title": entry.title,
        "decision": f"{entry.decision_number}, {entry.decision_on:%d/%m/%Y}",
        "progress": entry.progress,
        "as_of": entry.as_of,
        "approved_vnd": {row.source: row.approved_vnd for row in values.money},
        "disbursed_vnd": {row.source: row.disbursed_vnd for row in values.money},
    }


def _tell(
    entry: CarryOver, action: str, actor: User, permission: Decision, after: dict[str, Any], reason: str = ""
) -> None:
    audit.record(action, entry, actor=actor, after=after, reason=reason, on_behalf_of=permission.lender)
    outbox.post("project.carried", {"entry": entry.pk, "outcome": entry.outcome})


def confirm(entry: CarryOver, *, note: str = "", actor: User) -> Project:
    """The second person's yes: the project stands in the state it has, its money held like any other.

    Raises ``PermissionRefused``, ``CarryConflict``, ``MissingDetail`` or ``OverCeiling``; nothing is
    written then.
    """
    try:
        with transaction.atomic():
            permission = door.require(actor, "programs.confirm_carried", entry)
            locked = _locked(entry)
            day = day_of(locked.office_id)
            refuse_decided_here(locked.decision_on, day.day if day else None)
            _refuse_known(locked)
            project = _make(locked)
            _settle(locked, project, actor, permission)
            locked.project = project
            _close(locked, Outcome.VERIFIED, note, actor, permission)
    except IntegrityError as error:
        raise CarryConflict(_refused(str(error))) from error
    project.refresh_from_db()
    return project


def refuse(entry: CarryOver, *, note: str, actor: User) -> CarryOver:
    """The second person's no, with its reason; the entry may be entered anew."""
    with transaction.atomic():
        permission = door.require(actor, "programs.confirm_carried", entry)
        if not clean(note):
            raise MissingDetail("note", _("Hãy ghi vì sao không đồng ý."))
        return _close(_locked(entry), Outcome.REFUSED, note, actor, permission)


def withdraw(entry: CarryOver, *, note: str = "", actor: User) -> CarryOver:
    with transaction.atomic():
        permission = door.require(actor, "programs.withdraw_carried", entry)
        return _close(_locked(entry), Outcome.WITHDRAWN, note, actor, permission)


def _locked(entry: CarryOver) -> CarryOver:
    """The row until the transaction ends; the door is asked before, what it asks about never changes."""
    rows = CarryOver.objects.select_for_update(of=("self",)).select_related("plan", "province", "implementer")
    locked = rows.get(pk=entry.pk)
    if not locked.is_open:
        raise CarryConflict(_("Bản nhập này đã được xử lý."))
    return locked


def _close(entry: CarryOver, outcome: Outcome, note: str, actor: User, permission: Decision) -> CarryOver:
    entry.outcome, entry.answer, entry.decided_by = outcome, note.strip(), actor
    entry.decided_for_id, entry.decided_at = permission.on_behalf_of_id, timezone.now()
    entry.save()
    after = {"title": entry.title} | ({"project": entry.project.code} if entry.project else {})
    _tell(entry, f"programs.{outcome.lower()}_carried", actor, permission, after, entry.answer)
    return entry


def _make(entry: CarryOver) -> Project:
    """The project as a draft that nobody ever sees: the step out of it is taken in the same transaction."""
    now, plan = timezone.now(), entry.plan
    project = Project.objects.create(
        code=next_code(plan.purse, plan.year, entry.province.code), purse=plan.purse, year=plan.year,
        plan=plan, province=entry.province, kind=entry.kind, title=entry.title, activity=entry.activity,
        sector=entry.sector, owner=entry.implementer, implementer=entry.implementer,
        implementer_name=entry.implementer.name, commune=entry.commune, place_text=entry.place_text,
        starts_on=entry.starts_on, ends_on=entry.ends_on, created_by_id=entry.entered_by_id,
        carried_as_of=entry.as_of, state_since=now, created_at=now, updated_at=now,
    )  # fmt: skip
    amounts = {row.source: row.approved_vnd for row in entry.money.all()}
    line = LineValues("Kinh phí theo quyết định phê duyệt", sum(amounts.values()), amounts, itemised=False)
    add_rows([DossierRows(project, DraftValues(lines=[line]), entry.entered_by, now)])
    ProjectBeneficiary.objects.bulk_create(
        ProjectBeneficiary(project=project, establishment_id=firm.establishment_id)
        for firm in entry.firms.all()
    )
    return Project.objects.select_related("plan", "province").get(pk=project.pk)


def _settle(entry: CarryOver, project: Project, actor: User, permission: Decision) -> None:
    """Bring the project into its tranche and state, and hold its money."""
    tranche = _tranche_of(entry)
    paper = Paper(entry.decision_number, entry.decision_on, entry.decision_signer, entry.decision_file)
    with translation.override("vi"):  # what is kept for the record is Vietnamese, whoever acts
        data = {
            "as_of": entry.as_of.isoformat(),
            "entered_by": str(entry.entered_by),
            "progress": str(entry.get_progress_display()),
        }
    project.tranche, project.annex_order = tranche, tranche.projects.count() + 1
    step = carrying_step(entry.target)
    move = Move(project, step, actor, permission, note=entry.note, data=data, paper=paper)
    move_all([move], Laws(), read([project]))
    if entry.target not in COMMITTED:
        return
    if not Ceiling.objects.filter(plan=entry.plan, source=entry.plan.purse).exists():
        told = _("Kế hoạch %(plan)s chưa có trần kinh phí; hãy ghi trần theo văn bản giao ở trang kế hoạch.")
        raise CarryConflict(told % {"plan": entry.plan})
    commitments.commit([project], tranche, timezone.now())


def _tranche_of(entry: CarryOver) -> Tranche:
    """The tranche of the paper decision, apart from those decided in the portal."""
    plan = YearPlan.objects.select_for_update().get(pk=entry.plan_id)
    same = Tranche.objects.filter(
        plan=plan, decision_number=entry.decision_number, decision_date=entry.decision_on
    )
    if same.filter(carried=False).exists():
        raise CarryConflict(_("Quyết định này đã được ghi trên cổng, không phải hồ sơ chuyển tiếp."))
    state = TrancheState.ASSIGNED if entry.target == State.ASSIGNED else TrancheState.DECIDED
    found = same.filter(state=state).select_for_update().first()
    if found is None:
        last = Tranche.objects.filter(plan=plan).aggregate(last=Max("number"))["last"] or 0
        found = Tranche(
            plan=plan, number=last + 1, state=state, carried=True, decision_number=entry.decision_number,
            decision_date=entry.decision_on, decision_signer=entry.decision_signer,
            decision_file=entry.decision_file, decided_at=timezone.now(),
        )  # fmt: skip
    else:
        found.version += 1
    found.save()
    return found


def _refused(said: str) -> str:
    """The database's refusal in words."""
    if "carried_over_once" in said:
        return _("Đề án này của quyết định này đã được nhập chuyển tiếp.")
    return _("Cơ sở dữ liệu không nhận bản nhập này; hãy kiểm tra lại ngày và số tiền.")


def figures_of(entry: CarryOver) -> dict[str, Any]:
    """The money rows of an entry, for its own page and its project's."""
    return {"money": entry.money.all(), "advances": entry.advances.all()}


def told_of(project: Project) -> dict[str, Any]:
    """What the page of a carried project shows of its papers; nothing of any other."""
    if project.carried_as_of is None:
        return {}
    entry = CarryOver.objects.told().get(project=project)
    return {"entry": entry, "unchecked": unchecked(project.carried_as_of), **figures_of(entry)}
