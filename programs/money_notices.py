"""Who hears of contracts and payments: whoever has the next word, and whoever asked."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Membership, User, today
from accounts.roles import Role
from programs.lifecycle import CUC, SO, Duty, Purse
from programs.models import Contract, PaymentRequest
from programs.moneyterms import RequestState
from programs.notices import PAYMENT, by_language
from records import inbox
from records.models import OutboxMessage
from vietnam.money import format_vnd
from vietnam.units import province_family

CLOSED = frozenset({RequestState.PAID, RequestState.RETURNED})
"""Endings whoever asked wants to hear of; a withdrawal is their own."""


def payment_moved(message: OutboxMessage) -> None:
    """Outbox handler of ``payment.moved``: whoever has the next word; at the end, whoever asked."""
    request = PaymentRequest.objects.told().get(pk=message.payload["request"])
    if request.state != message.payload["state"]:
        return  # it has gone on since; the next message tells
    people = User.objects.filter(pk=request.requested_by_id)
    if request.state not in CLOSED:
        people = _next_hands(request).exclude(pk__in=request.signers("requested", "approved"))
    page = reverse("programs:payment_detail", args=[request.project.code, request.uuid])
    for readers in by_language(people.filter(is_active=True)):
        words = {
            "code": request.project.code,
            "what": request,
            "amount": format_vnd(request.amount_vnd),
            "state": request.get_state_display(),
        }
        title = _("%(code)s: %(what)s, %(amount)s đồng – %(state)s") % words
        inbox.notify(readers, PAYMENT, title[:255], request.answer or request.reason, page)


def _next_hands(request: PaymentRequest) -> QuerySet[User]:
    national = request.fund.source == Purse.KCQG
    if request.state == RequestState.REQUESTED and request.needs_so:
        roles, here = {Role.SO_LEADER}, True
    elif request.state == RequestState.APPROVED:
        roles, here = set(CUC if national else SO), not national
    elif request.state == RequestState.WITHDRAWN:
        return User.objects.none()
    else:
        roles, here = {Role.CUC_LEADER if national else Role.SO_LEADER}, not national
    posts = Membership.objects.on(today()).filter(role__in=roles)
    if here:
        posts = posts.filter(organisation__province__in=province_family(request.project.province))
    return User.objects.filter(pk__in=posts.values("user"))


def contract_amended(message: OutboxMessage) -> None:
    """Outbox handler of ``contract.amended``: the people who drafted the project."""
    made = Contract.objects.select_related("fund__project").get(pk=message.payload["contract"])
    project = made.fund.project
    drafters = project.participations.filter(duty=Duty.DRAFT).values("user")
    people = User.objects.filter(pk__in=drafters, is_active=True).exclude(pk=made.recorded_by_id)
    page = reverse("programs:project_money", args=[project.code])
    for readers in by_language(people):
        words = {"code": project.code, "annex": made, "amount": format_vnd(made.amount_vnd)}
        inbox.notify(readers, PAYMENT, _("%(code)s: %(annex)s, %(amount)s đồng") % words, made.reason, page)
