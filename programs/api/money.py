"""A project's state money after approval, as partners read it. Money is whole đồng."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.rest import IsoDateField, VndField
from programs.lifecycle import Purse
from programs.models import Project, ProjectFund
from programs.moneyterms import ContractKind, EntryKind, RequestKind, RequestState


class ContractRow(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=ContractKind.choices)
    number = serializers.CharField()
    signed_on = IsoDateField()
    signer = serializers.CharField()
    amount_vnd = VndField(help_text="Kinh phí hỗ trợ của cả hợp đồng kể từ văn bản này.")
    reason = serializers.CharField()


class PaymentRow(serializers.Serializer[Any]):
    uuid = serializers.UUIDField()
    number = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=RequestKind.choices)
    amount_vnd = VndField()
    done_percent = serializers.IntegerField(allow_null=True)
    state = serializers.ChoiceField(choices=RequestState.choices)
    requested_at = serializers.DateTimeField()
    confirmed_at = serializers.DateTimeField(allow_null=True)
    approved_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)


class FundEntryRow(serializers.Serializer[Any]):
    """One line of the ledger; lines are only ever added."""

    kind = serializers.ChoiceField(choices=EntryKind.choices)
    amount_vnd = VndField()
    voucher_number = serializers.CharField()
    voucher_on = IsoDateField(allow_null=True)
    treasury = serializers.CharField()
    at = serializers.DateTimeField()


class MoneyRow(serializers.Serializer[Any]):
    """``free_vnd`` = contract − paid + refunded − due: what may still be asked for."""

    # DRF takes fields off the class, so this does not hide its own attribute of the same name.
    source = serializers.ChoiceField(choices=Purse.choices)  # type: ignore[assignment]  # a field
    granted_vnd = VndField()
    contract_vnd = VndField()
    due_vnd = VndField(help_text="Đã duyệt, chờ chi.")
    paid_vnd = VndField()
    refunded_vnd = VndField()
    free_vnd = VndField()
    contracts = ContractRow(many=True, source="contracts.all")
    payments = PaymentRow(many=True, source="requests.all")
    entries = FundEntryRow(many=True, source="entries.all")


def money_of(project: Project) -> ProjectFund | None:
    """The fund its contract opened, with all that hangs on it; None before that."""
    rows = ProjectFund.objects.filter(project=project, source=project.purse)
    return rows.prefetch_related("contracts", "requests", "entries").first()
