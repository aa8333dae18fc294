"""Editing the law: one person proposes a new version, a second verifies it, the database then writes it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import policy as door
from accounts.models import Organisation, User
from accounts.scope import scope_of
from programs.errors import MissingDetail, RuleConflict
from programs.lawdraft import Draft
from programs.lawkeeping import LAW_KEEPERS
from programs.lawterms import TRUSTED, Outcome, RuleCode, RuleConfidence
from programs.lifecycle import SO
from programs.models import Programme, RuleProposal
from programs.rulekinds import BY_CODE, RuleKind, Touches, columns_of, last_day, row_of
from programs.rulewords import Names, about, title_of
from programs.years import DECREE_SINCE
from records import audit, outbox
from vietnam.models import AdminUnit

FURTHEST = 10
"""Years ahead a rule may begin; beyond that the year is mistyped."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to write: ``row`` is the version, not stored; None where the rule shall end."""

    kind: RuleKind
    since: dt.date
    last: dt.date | None
    row: Any = None
    old: Any = None
    """The version in force on ``since``."""

    @property
    def corrects(self) -> bool:
        """Whether it takes the place of an unverified version from that version's first day."""
        return self.old is not None and self.old.valid.lower == self.since

    @property
    def draft(self) -> Draft:
        return Draft(self.kind.model, self.since, self.row, self.old.pk if self.old is not None else None)


def levels_of(user: User) -> list[AdminUnit | None]:
    """Whose law this person keeps: None is the nation's."""
    scope = scope_of(user)
    found: list[AdminUnit | None] = [None] if scope.posts_as(LAW_KEEPERS) else []
    offices = Organisation.objects.filter(pk__in=[post.organisation_id for post in scope.posts_as(SO)])
    return [*found, *AdminUnit.objects.filter(pk__in=offices.values("province")).order_by("sort_key")]


def wish(
    kind: RuleKind, row: Any, since: dt.date, last: dt.date | None = None, *, ends: bool = False
) -> Wish:
    """The version ``row`` from ``since`` on among the versions of its rule. Raises ``MissingDetail``."""
    _require_day(since, last)
    versions = list(kind.versions(row))
    old = next((each for each in versions if since in each.valid), None)
    if ends:
        _require_own_day(kind, row, since, None)
        if old is None or old.valid.lower == since:
            raise MissingDetail("valid_from", _("Không có bản nào đang áp dụng trước ngày này để bãi bỏ."))
        return Wish(kind, since, None, None, old)
    if old is not None and old.valid.lower == since and getattr(old, "confidence", "verified") in TRUSTED:
        told = _("Bản từ ngày %(day)s đã được kiểm chứng nên không sửa; bản mới phải bắt đầu sau ngày đó.")
        raise MissingDetail("valid_from", told % {"day": f"{since:%d/%m/%Y}"})
    following = next((each for each in versions if each.valid.lower and each.valid.lower > since), None)
    room = last_day(old) if old is not None else following and following.valid.lower - dt.timedelta(days=1)
    _require_own_day(kind, row, since, room)
    if last is None:
        last = room or _end_of_year(kind, row)
    elif following is not None and last >= following.valid.lower:
        told = _("Trùng với bản đã có từ ngày %(day)s; bản này phải kết thúc trước ngày đó.")
        raise MissingDetail("valid_to", told % {"day": f"{following.valid.lower:%d/%m/%Y}"})
    made = row_of(kind, columns_of(row), since, last)
    if kind.code == RuleCode.PROGRAMME:
        made.code = _code_of(made)
    return Wish(kind, since, last, made, old)


def _code_of(programme: Programme) -> str:
    """A programme is called by its years. Raises ``MissingDetail`` where none end it."""
    if programme.valid.upper is None:
        raise MissingDetail("valid_to", _("Hãy ghi ngày cuối của giai đoạn."))
    return programme.called_by_its_days()


def _require_day(since: dt.date, last: dt.date | None) -> None:
    if since < DECREE_SINCE:
        told = _("Sớm nhất là %(day)s, ngày Nghị định 45/2012/NĐ-CP về khuyến công có hiệu lực.")
        raise MissingDetail("valid_from", told % {"day": f"{DECREE_SINCE:%d/%m/%Y}"})
    if since.year > timezone.localdate().year + FURTHEST:
        raise MissingDetail("valid_from", _("Ngày này quá xa; hãy xem lại năm."))
    if last is not None and last < since:
        raise MissingDetail("valid_to", _("Ngày kết thúc phải từ ngày bắt đầu trở đi."))


def _require_own_day(kind: RuleKind, row: Any, since: dt.date, room: dt.date | None) -> None:
    """A version that is not in force on the day it speaks of would change nothing."""
    day = kind.day_of(row)
    if day is None:
        return
    if since > day:
        told = _("Phải có hiệu lực không muộn hơn chính ngày %(day)s.")
        raise MissingDetail("valid_from", told % {"day": f"{day:%d/%m/%Y}"})
    if room is not None and room < day:
        told = _("Ngày %(day)s đã có bản từ %(first)s; bản mới bắt đầu từ ngày đó trở đi.")
        words = {"day": f"{day:%d/%m/%Y}", "first": f"{room + dt.timedelta(days=1):%d/%m/%Y}"}
        raise MissingDetail("valid_from", told % words)


def _end_of_year(kind: RuleKind, row: Any) -> dt.date | None:
    day = kind.day_of(row)
    return day and dt.date(day.year, 12, 31)


def wish_of(proposal: RuleProposal) -> Wish:
    """What the proposal would write as the law stands. Raises ``RuleConflict`` where it no longer fits."""
    kind = BY_CODE[proposal.kind]
    assert proposal.valid_from is not None  # the database keeps it for every rule
    row = row_of(kind, proposal.values, proposal.valid_from, proposal.valid_to)
    if not proposal.is_open:
        return Wish(kind, proposal.valid_from, proposal.valid_to, None if proposal.ends else row)
    try:
        found = wish(kind, row, proposal.valid_from, proposal.valid_to, ends=proposal.ends)
    except MissingDetail as error:
        raise RuleConflict(str(error)) from error
    if (found.old.pk if found.old is not None else None) != proposal.old_id:
        raise RuleConflict(_("Quy định đã có bản khác từ khi đề xuất; hãy rút và đề xuất lại."))
    return found


def propose(asked: Wish, *, reason: str, province: AdminUnit | None, actor: User) -> RuleProposal:
    """Put a new version forward; it has no effect yet. Raises ``PermissionRefused`` or ``MissingDetail``."""
    permission = door.require(actor, "programs.propose_rule", province)
    if not reason:
        raise MissingDetail("reason", _("Hãy ghi lý do để người xác nhận đọc được."))
    row = asked.row if asked.row is not None else asked.old
    names = Names.on(asked.since)
    with translation.override("vi"):  # what is kept for the record is Vietnamese, whoever acts
        parts = [title_of(asked.kind, row, names), about(asked.kind, row, names)]
    proposal = RuleProposal.objects.create(
        kind=asked.kind.code,
        title=" – ".join(filter(None, parts))[:255],
        province=province,
        values=_offered(row),
        old_id=asked.old.pk if asked.old is not None else None,
        ends=asked.row is None,
        valid_from=asked.since,
        valid_to=asked.last,
        reason=reason,
        proposed_by=actor,
        proposed_for_id=permission.on_behalf_of_id,
    )
    before = columns_of(asked.old) if asked.old is not None else None
    keep(proposal, "programs.propose_rule", actor, permission.lender, before)
    return proposal


def _offered(row: Any) -> dict[str, Any]:
    """The columns as a proposal may say them: what somebody once verified is offered as read."""
    columns = columns_of(row)
    if columns.get("confidence") == RuleConfidence.VERIFIED:
        columns["confidence"] = str(RuleConfidence.SEEN)
    return columns


def keep(
    proposal: RuleProposal,
    action: str,
    actor: User,
    lender: User | None,
    before: dict[str, Any] | None = None,
) -> None:
    """The audit entry of a step of a proposal, and the news of it; ``before``: what the old version says."""
    told = {"title": proposal.title, "from": proposal.valid_from, "values": proposal.values}
    reason = proposal.decision_note or proposal.reason
    old = {"values": before} if before is not None else None
    audit.record(action, proposal, actor=actor, before=old, after=told, reason=reason, on_behalf_of=lender)
    outbox.post("rule.proposed", {"proposal": proposal.pk})


def verify(proposal: RuleProposal, *, note: str = "", actor: User) -> RuleProposal:
    """The second person's yes: the old version ends the day before, the new one begins.

    Raises ``PermissionRefused`` or ``RuleConflict``; nothing is written then.
    """
    try:
        with transaction.atomic():
            permission = door.require(actor, "programs.verify_rule", proposal)
            locked = _locked(proposal)
            if locked.kind != RuleCode.DOCUMENT:
                wish_of(locked)
                if BY_CODE[locked.kind].touches == Touches.DEADLINES:
                    outbox.post("deadlines.changed", {})
            return _close(locked, Outcome.VERIFIED, note, actor, permission.lender)
    except DatabaseError as error:
        raise RuleConflict(_refused(str(error))) from error


def refuse(proposal: RuleProposal, *, note: str, actor: User) -> RuleProposal:
    """The second person's no, with its reason."""
    with transaction.atomic():
        permission = door.require(actor, "programs.verify_rule", proposal)
        locked = _locked(proposal)
        if not note:
            raise MissingDetail("note", _("Hãy ghi vì sao không đồng ý."))
        return _close(locked, Outcome.REFUSED, note, actor, permission.lender)


def withdraw(proposal: RuleProposal, *, note: str = "", actor: User) -> RuleProposal:
    with transaction.atomic():
        door.require(actor, "programs.withdraw_rule", proposal)
        return _close(_locked(proposal), Outcome.WITHDRAWN, note, actor, None)


def _locked(proposal: RuleProposal) -> RuleProposal:
    """The row until the transaction ends; the database shows it for writing to those who keep its law alone,
    so the door is asked before (what it asks about never changes)."""
    locked = (
        RuleProposal.objects.select_for_update(of=("self",)).select_related("province").get(pk=proposal.pk)
    )
    if not locked.is_open:
        raise RuleConflict(_("Đề xuất này đã được xử lý."))
    return locked


def _close(
    proposal: RuleProposal, outcome: Outcome, note: str, actor: User, lender: User | None
) -> RuleProposal:
    proposal.outcome, proposal.decision_note = outcome, note
    proposal.decided_by, proposal.decided_for_id = actor, lender.pk if lender else None
    proposal.decided_at = timezone.now()
    proposal.save()
    proposal.refresh_from_db()  # the database has entered what it made
    keep(proposal, f"programs.{outcome.lower()}_rule", actor, lender)
    return proposal


def _refused(said: str) -> str:
    """The database's refusal in words."""
    if "versions_apart" in said:
        return _("Thời gian hiệu lực trùng với một bản khác của cùng quy định; cơ sở dữ liệu không nhận.")
    if "rule_moved" in said:
        return _("Quy định đã có bản khác từ khi đề xuất; hãy rút và đề xuất lại.")
    if "number_issuer" in said:
        return _("Văn bản có số này của cơ quan này đã có trong sổ.")
    if "foreign_document" in said:
        return _("Văn bản của tỉnh không thay thế, sửa đổi văn bản của cơ quan khác.")
    return _("Cơ sở dữ liệu không nhận bản này; hãy rút đề xuất và kiểm tra lại nội dung.")
