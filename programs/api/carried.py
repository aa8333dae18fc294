"""What the papers of a project already under way said on the day of its figures. Money is whole đồng."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.rest import IsoDateField, VndField
from programs.carryterms import Progress
from programs.lifecycle import Source


class CarriedMoneyRow(serializers.Serializer[Any]):
    """One source up to the day; ``balance_vnd`` = approved − disbursed + refunded."""

    # DRF takes fields off the class, so this does not hide its own attribute of the same name.
    source = serializers.ChoiceField(choices=Source.choices)  # type: ignore[assignment]  # a field
    approved_vnd = VndField()
    disbursed_vnd = VndField(help_text="Gồm tạm ứng.")
    refunded_vnd = VndField()
    settled_vnd = VndField()
    balance_vnd = VndField()


class CarriedAdvanceRow(serializers.Serializer[Any]):
    source = serializers.ChoiceField(choices=Source.choices)  # type: ignore[assignment]  # as above
    paid_on = IsoDateField()
    amount_vnd = VndField()


class CarriedRow(serializers.Serializer[Any]):
    """Decision, contract, advances and balances as entered from paper; no rule of the law judged them."""

    as_of = IsoDateField(source="entry.as_of")
    progress = serializers.ChoiceField(source="entry.progress", choices=Progress.choices)
    decision_number = serializers.CharField(source="entry.decision_number")
    decision_on = IsoDateField(source="entry.decision_on")
    decision_signer = serializers.CharField(source="entry.decision_signer")
    contract_number = serializers.CharField(source="entry.contract_number")
    contract_on = IsoDateField(source="entry.contract_on", allow_null=True)
    contract_vnd = VndField(source="entry.contract_vnd", allow_null=True)
    stop_number = serializers.CharField(source="entry.stop_number")
    stop_on = IsoDateField(source="entry.stop_on", allow_null=True)
    money = CarriedMoneyRow(many=True)
    advances = CarriedAdvanceRow(many=True)
