"""A project's state money after approval: contracts, what was asked for, and the ledger of what moved.

Money goes from the purse to the implementer, recorded here and paid elsewhere. All amounts are VND. The
ledger alone moves a fund, and the database refuses what would pass contract or approval.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from programs.lifecycle import Purse
from programs.models.project import Project
from programs.moneyterms import (
    BY_CONTRACT,
    BY_REQUEST,
    BY_VOUCHER,
    ContractKind,
    EntryKind,
    RequestKind,
    RequestState,
)
from programs.querysets import PaymentRequestQuerySet
from records.models import StoredFile
from vietnam.fields import CleanCharField, CleanTextField, VndField, vnd_check


def _person(label: Any, *, null: bool = False) -> models.ForeignKey[User, User]:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=null, blank=null, related_name="+", verbose_name=label
    )


class ProjectFund(models.Model):
    """What one purse gives one project, from its contract on, VND. Moved by the ledger alone.

    ``due_vnd`` is approved to be paid and not yet paid.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="funds")
    source = models.CharField(_("Nguồn"), max_length=5, choices=Purse.choices)
    granted_vnd = VndField(_("Được phê duyệt (đồng)"))
    contract_vnd = VndField(_("Theo hợp đồng (đồng)"), default=0, editable=False)
    due_vnd = VndField(_("Đã duyệt, chờ chi (đồng)"), default=0, editable=False)
    paid_vnd = VndField(_("Đã chi (đồng)"), default=0, editable=False)
    refunded_vnd = VndField(_("Đã thu hồi, hoàn trả (đồng)"), default=0, editable=False)

    class Meta:
        verbose_name = _("kinh phí của đề án")
        verbose_name_plural = _("kinh phí của đề án")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "source"], name="one_fund_a_source"),
            vnd_check(
                "granted_vnd", "contract_vnd", "due_vnd", "paid_vnd", "refunded_vnd", name="project_fund_vnd"
            ),
            models.CheckConstraint(condition=Q(source__in=Purse.values), name="fund_of_a_purse"),
            models.CheckConstraint(
                condition=Q(contract_vnd__lte=F("granted_vnd")), name="contract_within_grant"
            ),
            models.CheckConstraint(
                condition=Q(paid_vnd__lte=F("contract_vnd") + F("refunded_vnd") - F("due_vnd")),
                name="paid_within_contract",
            ),
            models.CheckConstraint(condition=Q(refunded_vnd__lte=F("paid_vnd")), name="refund_within_paid"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.source}"

    @property
    def free_vnd(self) -> int:
        """What may still be asked for, VND."""
        return self.contract_vnd - self.due_vnd - self.held_vnd

    @property
    def held_vnd(self) -> int:
        """What the implementer has received and not given back, VND."""
        return self.paid_vnd - self.refunded_vnd


class Contract(models.Model):
    """The paper that binds the purse's office and the implementer, or an annex to it. Append-only.

    ``amount_vnd`` is what the support comes to from this paper on.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    fund = models.ForeignKey(ProjectFund, models.PROTECT, related_name="contracts")
    kind = models.CharField(_("Loại văn bản"), max_length=10, choices=ContractKind.choices)
    number = CleanCharField(_("Số văn bản"), max_length=60)
    signed_on = models.DateField(_("Ngày ký"))
    signer = CleanCharField(_("Người ký"), max_length=150)
    amount_vnd = VndField(_("Kinh phí hỗ trợ (đồng)"))
    reason = CleanCharField(_("Nội dung, lý do điều chỉnh"), max_length=500, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    recorded_by = _person(_("Người ghi"))
    recorded_for = _person(_("Thay mặt"), null=True)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("hợp đồng thực hiện đề án")
        verbose_name_plural = _("hợp đồng thực hiện đề án")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["fund", "number"], name="contract_number_once_a_fund"),
            models.UniqueConstraint(
                fields=["fund"], condition=~Q(kind=ContractKind.ANNEX), name="one_contract_a_fund"
            ),
            vnd_check("amount_vnd", name="contract_vnd"),
            models.CheckConstraint(
                condition=~Q(number="") & ~Q(signer="") & (~Q(kind=ContractKind.ANNEX) | ~Q(reason="")),
                name="contract_names_its_paper",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    @property
    def audit_province_id(self) -> int:
        return self.fund.project.province_id


class PaymentRequest(models.Model):
    """An implementer asks for money: the Sở confirms, the purse's leader approves, somebody else pays, VND.

    Each hand signs once and nobody signs twice for what must be two people's: whoever asks does not
    approve, whoever approves does not pay. Căn cứ: Thông tư 36/2013/TT-BCT, Điều 13–16.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    fund = models.ForeignKey(ProjectFund, models.PROTECT, related_name="requests")
    number = models.PositiveSmallIntegerField(_("Lần"))
    kind = models.CharField(_("Loại đề nghị"), max_length=10, choices=RequestKind.choices)
    amount_vnd = VndField(_("Số tiền đề nghị (đồng)"))
    done_percent = models.PositiveSmallIntegerField(_("Khối lượng đã hoàn thành (%)"), null=True)
    reason = CleanTextField(_("Nội dung đề nghị"))
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    needs_so = models.BooleanField(_("Cần Sở xác nhận"), editable=False)
    state = models.CharField(
        _("Trạng thái"), max_length=10, choices=RequestState.choices, default=RequestState.REQUESTED
    )
    requested_by = _person(_("Người đề nghị"))
    requested_for = _person(_("Thay mặt"), null=True)
    requested_at = models.DateTimeField(default=timezone.now, editable=False)
    confirmed_by = _person(_("Người xác nhận"), null=True)
    confirmed_for = _person(_("Thay mặt"), null=True)
    confirmed_at = models.DateTimeField(null=True, editable=False)
    approved_by = _person(_("Người duyệt"), null=True)
    approved_for = _person(_("Thay mặt"), null=True)
    approved_at = models.DateTimeField(null=True, editable=False)
    allowance = CleanTextField(_("Văn bản, lý do cho phép"), blank=True)
    """Why an advance was approved beyond its rate."""
    closed_by = _person(_("Người chi, trả lại hoặc rút"), null=True)
    closed_for = _person(_("Thay mặt"), null=True)
    closed_at = models.DateTimeField(null=True, editable=False)
    answer = CleanTextField(_("Ý kiến"), blank=True)

    objects = PaymentRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("đề nghị tạm ứng, thanh toán")
        verbose_name_plural = _("đề nghị tạm ứng, thanh toán")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["fund", "number"], name="request_numbered_once_a_fund"),
            vnd_check("amount_vnd", name="payment_request_vnd"),
            models.CheckConstraint(
                condition=Q(amount_vnd__gt=0) & ~Q(reason="")
                & (Q(done_percent__isnull=True) | Q(done_percent__lte=100)),
                name="payment_request_says_what",
            ),
            models.CheckConstraint(
                condition=Q(state=RequestState.REQUESTED, confirmed_by=None, approved_by=None, closed_by=None)
                | Q(state=RequestState.CONFIRMED, approved_by=None, closed_by=None)
                & Q(confirmed_by__isnull=False)
                | Q(state=RequestState.APPROVED, approved_by__isnull=False, closed_by=None)
                | Q(state=RequestState.PAID, approved_by__isnull=False, closed_by__isnull=False)
                | Q(state=RequestState.RETURNED, closed_by__isnull=False) & ~Q(answer="")
                | Q(state=RequestState.WITHDRAWN, closed_by__isnull=False, approved_by=None),
                name="payment_request_signed_in_order",
            ),
            models.CheckConstraint(
                condition=Q(needs_so=False) | Q(approved_by=None) | Q(confirmed_by__isnull=False),
                name="payment_request_through_the_so",
            ),
            models.CheckConstraint(
                condition=(Q(confirmed_by=None) | ~Q(confirmed_by=F("requested_by")))
                & (Q(approved_by=None) | ~Q(approved_by=F("requested_by")))
                & (Q(approved_by=None) | Q(confirmed_by=None) | ~Q(approved_by=F("confirmed_by")))
                & (
                    ~Q(state=RequestState.PAID)
                    | ~Q(closed_by=F("approved_by")) & ~Q(closed_by=F("requested_by"))
                ),
                name="nobody_approves_their_own_payment",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["state", "-id"], name="payment_request_by_state")]

    def __str__(self) -> str:
        return gettext("%(kind)s lần %(number)s") % {"kind": self.get_kind_display(), "number": self.number}

    @property
    def project(self) -> Project:
        return self.fund.project

    @property
    def audit_province_id(self) -> int:
        return self.fund.project.province_id

    def signers(self, *hands: str) -> set[int]:
        """Who signed as these hands ("requested", "approved"), and for whom."""
        ids = (getattr(self, f"{hand}_{end}_id") for hand in hands for end in ("by", "for"))
        return {pk for pk in ids if pk is not None}


class FundEntry(models.Model):
    """One line of the ledger, VND. Append-only: a mistake is mended by a further line."""

    fund = models.ForeignKey(ProjectFund, models.PROTECT, related_name="entries")
    kind = models.CharField(_("Nội dung"), max_length=15, choices=EntryKind.choices)
    amount_vnd = VndField(_("Số tiền (đồng)"))
    contract = models.OneToOneField(Contract, models.PROTECT, null=True, related_name="entry")
    request = models.OneToOneField(PaymentRequest, models.PROTECT, null=True, related_name="entry")
    voucher_number = CleanCharField(_("Số chứng từ kho bạc"), max_length=60, blank=True)
    voucher_on = models.DateField(_("Ngày chứng từ"), null=True)
    treasury = CleanCharField(_("Kho bạc, ngân hàng"), max_length=150, blank=True)
    note = CleanCharField(_("Ghi chú"), max_length=500, blank=True)
    actor = _person(_("Người ghi"))
    on_behalf_of = _person(_("Thay mặt"), null=True)
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("bút toán kinh phí")
        verbose_name_plural = _("bút toán kinh phí")
        ordering = ["id"]
        constraints = [
            vnd_check("amount_vnd", name="fund_entry_vnd"),
            models.CheckConstraint(
                condition=Q(amount_vnd__gt=0, kind__in=EntryKind.values), name="fund_entry_is_something"
            ),
            models.UniqueConstraint(
                fields=["fund", "kind", "voucher_number"],
                condition=~Q(voucher_number=""),
                name="one_line_a_voucher",
            ),
            models.UniqueConstraint(
                fields=["fund", "kind"],
                condition=Q(kind__in=[EntryKind.CARRIED_PAID, EntryKind.CARRIED_REFUND]),
                name="one_carried_line_a_fund",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=sorted(BY_CONTRACT), contract__isnull=False)
                | ~Q(kind__in=sorted(BY_CONTRACT)) & Q(contract__isnull=True),
                name="contract_line_names_its_paper",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=sorted(BY_REQUEST), request__isnull=False)
                | ~Q(kind__in=sorted(BY_REQUEST)) & Q(request__isnull=True),
                name="payment_line_names_its_request",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=sorted(BY_VOUCHER)) & Q(voucher_number="", voucher_on__isnull=True)
                | Q(kind__in=sorted(BY_VOUCHER), voucher_on__isnull=False) & ~Q(voucher_number=""),
                name="moved_money_names_its_voucher",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_vnd}"
