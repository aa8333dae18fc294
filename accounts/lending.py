"""Authority of a post that signs, lent for some days to a colleague by a decision."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Delegation, Membership, Organisation, User, today
from accounts.policy import require
from accounts.querysets import DelegationQuerySet
from accounts.roles import DESK_ROLES
from accounts.staff import end_loan
from records import audit, outbox
from vietnam.periods import period

MOST_DAYS = 366
"""Whoever signs for longer holds a post of their own."""


@dataclass(frozen=True, slots=True)
class Loan:
    """What the decision says; both days are included."""

    form: str
    number: str
    decided_on: dt.date
    first: dt.date
    last: dt.date


def borrowers(post: Membership) -> list[Membership]:
    """Colleagues of the same office who may sign for the post's holder, one post each."""
    held = Membership.objects.on(today()).filter(organisation=post.organisation_id)
    others = held.exclude(user=post.user_id).exclude(role__in=DESK_ROLES).select_related("user")
    found = {other.user_id: other for other in others.order_by("user__sort_name", "pk")}
    return list(found.values())


def lent_in(office: Organisation) -> DelegationQuerySet:
    """Everything that was ever lent in this office."""
    rows = Delegation.objects.filter(membership__organisation=office)
    return rows.select_related("membership__user", "membership__organisation", "delegate")


@transaction.atomic
def lend(post: Membership, delegate: User, loan: Loan, *, actor: User) -> Delegation:
    """Raises ``PermissionRefused``, or ``ValidationError`` with the sentence at its field."""
    require(actor, "accounts.lend_post", post)
    Membership.objects.select_for_update().get(pk=post.pk)  # two lenders of one post wait for each other
    if delegate.pk not in {other.user_id for other in borrowers(post)}:
        raise ValidationError({"delegate": _("Chỉ ủy quyền cho người đang công tác tại cùng cơ quan.")})
    if delegate.pk == actor.pk:
        raise ValidationError(
            {"delegate": _("Không tự ủy quyền cho mình; hãy để người giữ vị trí ủy quyền.")}
        )
    valid = period(loan.first, loan.last + dt.timedelta(days=1))
    _require_days(post, loan, valid)
    lent = Delegation.objects.create(
        membership=post,
        delegate=delegate,
        form=loan.form,
        decision_number=loan.number,
        decided_on=loan.decided_on,
        valid=valid,
    )
    audit.record("accounts.lend_post", post.user, actor=actor, after=_said(lent), reason=loan.number)
    outbox.post("post.lent", {"delegation": lent.pk})
    return lent


def _require_days(post: Membership, loan: Loan, valid: object) -> None:
    if loan.last < loan.first:
        raise ValidationError({"last": _("Ngày cuối không được trước ngày đầu.")})
    if (loan.last - loan.first).days >= MOST_DAYS:
        raise ValidationError({"last": _("Một lần ủy quyền dài nhất là một năm.")})
    if loan.first < today():
        raise ValidationError({"first": _("Ủy quyền không tính lùi; sớm nhất là hôm nay.")})
    if loan.first not in post.valid or loan.last not in post.valid:
        raise ValidationError({"last": _("Thời hạn phải nằm trong thời hạn của vị trí.")})
    if post.delegations.filter(valid__overlap=valid).exists():
        said = _("Vị trí này đã ủy quyền trong khoảng ngày đó; hãy thu hồi trước, hoặc chọn ngày khác.")
        raise ValidationError({"first": said})


@transaction.atomic
def take_back(lent: Delegation, *, actor: User) -> None:
    """From now on; what was signed under it stays as it was."""
    require(actor, "accounts.take_back_post", lent)
    said = _said(lent)
    end_loan(lent, today())
    audit.record("accounts.take_back_post", lent.membership.user, actor=actor, before=said)


def _said(lent: Delegation) -> dict[str, str]:
    return {
        "post": str(lent.membership),
        "delegate": lent.delegate.username,
        "form": lent.form,
        "number": lent.decision_number,
        "valid": str(lent.valid),
    }
