"""Words about a project's money after its approval: contracts, the ledger, requests to be paid."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ContractKind(models.TextChoices):
    """Căn cứ: Thông tư 36/2013/TT-BCT, khoản 1 Điều 12; units of the Ministry are assigned the work."""

    CONTRACT = "CONTRACT", _("Hợp đồng")
    ASSIGNMENT = "ASSIGNMENT", _("Văn bản giao nhiệm vụ")
    ANNEX = "ANNEX", _("Phụ lục hợp đồng")


class EntryKind(models.TextChoices):
    """What a line of the ledger does to its fund."""

    CONTRACT_UP = "CONTRACT_UP", _("Ghi hợp đồng")
    CONTRACT_DOWN = "CONTRACT_DOWN", _("Giảm theo phụ lục")
    ADVANCE = "ADVANCE", _("Tạm ứng")
    PAYMENT = "PAYMENT", _("Thanh toán")
    REFUND = "REFUND", _("Thu hồi, hoàn trả")
    CARRIED_PAID = "CARRIED_PAID", _("Đã giải ngân theo hồ sơ giấy")
    CARRIED_REFUND = "CARRIED_REFUND", _("Đã thu hồi theo hồ sơ giấy")


BY_CONTRACT = frozenset({EntryKind.CONTRACT_UP, EntryKind.CONTRACT_DOWN})
BY_REQUEST = frozenset({EntryKind.ADVANCE, EntryKind.PAYMENT})
BY_VOUCHER = BY_REQUEST | {EntryKind.REFUND}
"""Money that moved through the treasury: voucher and day are named."""


class RequestKind(models.TextChoices):
    """The two occasions on which an implementer is paid; each is the ledger line of the same name."""

    ADVANCE = "ADVANCE", _("Tạm ứng")
    PAYMENT = "PAYMENT", _("Thanh toán")


class RequestState(models.TextChoices):
    REQUESTED = "REQUESTED", _("Đã đề nghị")
    CONFIRMED = "CONFIRMED", _("Sở đã xác nhận")
    APPROVED = "APPROVED", _("Đã duyệt, chờ chi")
    PAID = "PAID", _("Đã chi")
    RETURNED = "RETURNED", _("Trả lại")
    WITHDRAWN = "WITHDRAWN", _("Đã rút")


WAITING = frozenset({RequestState.REQUESTED, RequestState.CONFIRMED, RequestState.APPROVED})
"""Requests that somebody still has to answer."""
