"""Projects already under way when their office began with the portal (số liệu chuyển tiếp)."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from beneficiaries.models import Establishment
from programs.carryterms import Progress, state_of
from programs.lawterms import Outcome
from programs.lifecycle import Kind, Source, State
from programs.models.catalogue import ActivityKind, Sector
from programs.models.plan import YearPlan
from programs.models.project import Project
from programs.querysets import CarryOverQuerySet
from records.models import StoredFile
from vietnam.fields import CleanCharField, CleanTextField, VndField, vnd_check
from vietnam.models import AdminUnit


def _person(label: Any, *, null: bool = False) -> models.ForeignKey[User, User]:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=null, blank=null, related_name="+", verbose_name=label
    )


class CarryDay(models.Model):
    """From which day on an office decides in the portal. Append-only: the highest ``number`` holds.

    Only decisions dated before it are carried over. The database lets it move earlier alone, so that no
    later decision slips in.
    """

    office = models.ForeignKey(
        Organisation, models.PROTECT, related_name="carry_days", verbose_name=_("Cơ quan")
    )
    number = models.PositiveSmallIntegerField(_("Lần"))
    day = models.DateField(_("Ngày bắt đầu dùng cổng"))
    document_number = CleanCharField(_("Số văn bản"), max_length=60)
    reason = CleanCharField(_("Lý do thay đổi"), max_length=300, blank=True)
    set_by = _person(_("Người ghi"))
    set_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("ngày chốt chuyển tiếp")
        verbose_name_plural = _("ngày chốt chuyển tiếp")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["office", "number"], name="carry_day_numbered_once"),
            models.CheckConstraint(condition=~Q(document_number=""), name="carry_day_names_its_document"),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(reason=""), name="carry_day_changed_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office}: {self.day:%d/%m/%Y}"


class CarryOver(models.Model):
    """One project as its papers say it stands on ``as_of``; no project until a second person confirms.

    Entering it already opens the plan of its year, where there is none, and puts its establishments and
    their sites into the register; these stay if it is refused. Written once and decided once. ``project`` is
    what the confirmation made. Money in ``money`` and ``advances``, VND. No rule of the law is asked about
    it, today's or that of its time.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("Cơ quan nhập"))
    plan = models.ForeignKey(
        YearPlan, models.PROTECT, related_name="carried_over", verbose_name=_("Kế hoạch")
    )
    province = models.ForeignKey(
        AdminUnit, models.PROTECT, related_name="+", verbose_name=_("Tỉnh, thành phố khi đó")
    )
    title = CleanCharField(_("Tên đề án"), max_length=500)
    kind = models.CharField(_("Loại đề án"), max_length=10, choices=Kind.choices, default=Kind.SINGLE)
    activity = models.ForeignKey(
        ActivityKind, models.PROTECT, null=True, related_name="+", verbose_name=_("Nội dung hoạt động")
    )
    sector = models.ForeignKey(
        Sector, models.PROTECT, null=True, related_name="+", verbose_name=_("Ngành nghề")
    )
    implementer = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("Đơn vị thực hiện")
    )
    commune = models.ForeignKey(
        AdminUnit, models.PROTECT, null=True, related_name="+", verbose_name=_("Xã, phường khi đó")
    )
    place_text = CleanCharField(_("Địa điểm thực hiện"), max_length=255, blank=True)
    starts_on = models.DateField(_("Bắt đầu"), null=True)
    ends_on = models.DateField(_("Kết thúc"), null=True)
    progress = models.CharField(_("Tình trạng trên giấy"), max_length=10, choices=Progress.choices)
    as_of = models.DateField(_("Số liệu đến hết ngày"))
    decision_number = CleanCharField(_("Số quyết định phê duyệt"), max_length=60)
    decision_on = models.DateField(_("Ngày quyết định"))
    decision_signer = CleanCharField(_("Cơ quan, người ký"), max_length=150)
    decision_file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, related_name="+", verbose_name=_("Bản chụp quyết định")
    )
    contract_number = CleanCharField(_("Số hợp đồng"), max_length=60, blank=True)
    contract_on = models.DateField(_("Ngày hợp đồng"), null=True)
    contract_vnd = VndField(_("Kinh phí hỗ trợ theo hợp đồng (đồng)"), null=True)
    stop_number = CleanCharField(_("Số văn bản ngừng"), max_length=60, blank=True)
    stop_on = models.DateField(_("Ngày văn bản ngừng"), null=True)
    note = CleanTextField(_("Ghi chú"), blank=True)
    entered_by = _person(_("Người nhập"))
    entered_for = _person(_("Thay mặt"), null=True)
    entered_at = models.DateTimeField(_("Nhập lúc"), default=timezone.now, editable=False)
    outcome = models.CharField(_("Kết quả"), max_length=10, choices=Outcome.choices, blank=True)
    decided_by = _person(_("Người xác nhận"), null=True)
    decided_for = _person(_("Thay mặt"), null=True)
    decided_at = models.DateTimeField(_("Xử lý lúc"), null=True, editable=False)
    answer = CleanTextField(_("Ý kiến"), blank=True)
    project = models.OneToOneField(Project, models.PROTECT, null=True, related_name="carried_over")

    objects = CarryOverQuerySet.as_manager()

    class Meta:
        verbose_name = _("đề án chuyển tiếp")
        verbose_name_plural = _("đề án chuyển tiếp")
        ordering = ["-id"]
        constraints = [
            vnd_check("contract_vnd", name="carry_over_vnd"),
            models.UniqueConstraint(
                fields=["plan", "decision_number", "title"],
                condition=Q(outcome__in=["", Outcome.VERIFIED]),
                name="carried_over_once",
            ),
            models.CheckConstraint(
                condition=~Q(decision_number="") & ~Q(decision_signer=""),
                name="carry_over_names_its_decision",
            ),
            models.CheckConstraint(
                condition=Q(decision_on__gte="2012-07-05") & Q(decision_on__lte=F("as_of"))
                & (Q(contract_on__isnull=True) | Q(contract_on__lte=F("as_of")))
                & (Q(stop_on__isnull=True) | Q(stop_on__gte=F("decision_on"), stop_on__lte=F("as_of"))),
                name="carry_over_days_in_order",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="carry_over_ends_after_start",
                violation_error_message=_("Ngày kết thúc phải sau ngày bắt đầu."),
            ),
            models.CheckConstraint(
                condition=Q(contract_number="", contract_on__isnull=True, contract_vnd__isnull=True)
                | ~Q(contract_number="") & Q(contract_on__isnull=False)
                & Q(contract_vnd__isnull=False, contract_vnd__gt=0),
                name="carried_contract_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(progress=Progress.STOPPED) & Q(stop_number="", stop_on__isnull=True)
                | Q(progress=Progress.STOPPED) & ~Q(stop_number="") & Q(stop_on__isnull=False),
                name="carried_stop_names_its_paper",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", decided_by__isnull=True, project__isnull=True)
                | Q(outcome=Outcome.VERIFIED, decided_by__isnull=False, project__isnull=False)
                | Q(outcome__in=[Outcome.REFUSED, Outcome.WITHDRAWN], decided_by__isnull=False)
                & Q(project__isnull=True),
                name="carry_over_decided_by_somebody",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return not self.outcome

    @property
    def target(self) -> State:
        """The state the project gets."""
        return state_of(self.plan.purse, self.progress)

    @property
    def enterers(self) -> set[int]:
        """The person and, where the post was lent, its holder: neither may confirm."""
        return {pk for pk in (self.entered_by_id, self.entered_for_id) if pk is not None}

    @property
    def audit_province_id(self) -> int:
        return self.province_id


class CarriedMoney(models.Model):
    """One source of a carried project up to ``as_of``, VND, as its papers add up. Append-only.

    ``disbursed_vnd`` holds the advances; ``refunded_vnd`` is what came back; what is left of the approved
    sum is ``balance_vnd``.
    """

    entry = models.ForeignKey(CarryOver, models.PROTECT, related_name="money")
    source = models.CharField(_("Nguồn"), max_length=5, choices=Source.choices)
    approved_vnd = VndField(_("Được phê duyệt (đồng)"))
    disbursed_vnd = VndField(_("Đã giải ngân, gồm tạm ứng (đồng)"))
    refunded_vnd = VndField(_("Đã thu hồi, hoàn trả (đồng)"))
    settled_vnd = VndField(_("Đã quyết toán (đồng)"))
    balance_vnd = VndField(_("Còn lại (đồng)"))

    class Meta:
        verbose_name = _("số dư chuyển tiếp")
        verbose_name_plural = _("số dư chuyển tiếp")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "source"], name="carried_money_once_a_source"),
            vnd_check(
                "approved_vnd", "disbursed_vnd", "refunded_vnd", "settled_vnd", "balance_vnd",
                name="carried_money_vnd",
            ),
            models.CheckConstraint(
                condition=Q(disbursed_vnd__lte=F("approved_vnd")) & Q(settled_vnd__lte=F("approved_vnd"))
                & Q(refunded_vnd__lte=F("disbursed_vnd")) & Q(approved_vnd__gt=0),
                name="carried_money_within_approved",
            ),
            models.CheckConstraint(
                condition=Q(balance_vnd=F("approved_vnd") - F("disbursed_vnd") + F("refunded_vnd")),
                name="carried_balance_adds_up",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.source}: {self.balance_vnd}"


class CarriedAdvance(models.Model):
    """An advance already paid, VND. Append-only."""

    entry = models.ForeignKey(CarryOver, models.PROTECT, related_name="advances")
    source = models.CharField(_("Nguồn"), max_length=5, choices=Source.choices)
    paid_on = models.DateField(_("Ngày tạm ứng"))
    amount_vnd = VndField(_("Số tiền tạm ứng (đồng)"))

    class Meta:
        verbose_name = _("khoản tạm ứng chuyển tiếp")
        verbose_name_plural = _("khoản tạm ứng chuyển tiếp")
        ordering = ["paid_on", "id"]
        constraints = [
            vnd_check("amount_vnd", name="carried_advance_vnd"),
            models.CheckConstraint(condition=Q(amount_vnd__gt=0), name="carried_advance_is_something"),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.amount_vnd}"


class CarriedFirm(models.Model):
    """An establishment that receives the support of a carried project. Append-only."""

    entry = models.ForeignKey(CarryOver, models.PROTECT, related_name="firms")
    establishment = models.ForeignKey(Establishment, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("cơ sở của đề án chuyển tiếp")
        verbose_name_plural = _("cơ sở của đề án chuyển tiếp")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "establishment"], name="carried_firm_once"),
        ]

    def __str__(self) -> str:
        return str(self.establishment)
