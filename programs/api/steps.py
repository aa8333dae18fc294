"""Bodies of steps: of one project, and of a whole tranche."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from accounts.models import User
from accounts.rest import IsoDateField, StrictSerializer, VersionedBody, VndField
from programs.appraising import ENDS_REVIEW
from programs.lifecycle import SINGLE_ACTIONS
from programs.models import Tranche
from programs.reviewterms import CRITERIA, Grade
from programs.workflow import Paper

LONGEST_NOTE = 4000
ON_PAPER = {"record_appraisal"}
"""Steps that need a scanned paper, which only the portal takes."""
ACTIONS = tuple(action for action in SINGLE_ACTIONS if action not in ON_PAPER)
TRANCHE_ACTIONS = ("approve", "assign")


class PaperBody(StrictSerializer):
    paper_number = serializers.CharField(max_length=60, required=False, default="", allow_blank=True)
    paper_date = IsoDateField(required=False, default=None, allow_null=True)
    paper_signer = serializers.CharField(max_length=150, required=False, default="", allow_blank=True)

    @staticmethod
    def paper(data: dict[str, Any]) -> Paper:
        return Paper(data.get("paper_number", ""), data.get("paper_date"), data.get("paper_signer", ""))


class CriterionBody(StrictSerializer):
    criterion = serializers.ChoiceField(choices=[code for code, _label in CRITERIA])
    grade = serializers.ChoiceField(choices=Grade.values)
    note = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)


class StepData(PaperBody):
    tranche = serializers.UUIDField(required=False, help_text="Đợt kế hoạch, cho bước plan.")
    contract_vnd = VndField(
        required=False,
        help_text="Kinh phí theo hợp đồng, cho bước contract; vắng mặt là toàn bộ số được phê duyệt.",
    )
    criteria = CriterionBody(  # type: ignore[call-arg]  # of the list that many=True makes
        many=True,
        required=False,
        max_length=len(CRITERIA),
        help_text="Đánh giá từng tiêu chí, cho bước pass và reject; reject cần ít nhất một tiêu chí FAIL.",
    )


class StepBody(VersionedBody):
    """``{"action", "version", "note", "data"}``."""

    action = serializers.ChoiceField(choices=ACTIONS)
    note = serializers.CharField(max_length=LONGEST_NOTE, required=False, default="", allow_blank=True)
    data = StepData(required=False)  # type: ignore[assignment]  # a field, not the attribute

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and data.get("action") in TRANCHE_ACTIONS:
            message = _("Bước này thực hiện cho cả đợt: POST /api/v1/tranches/<uuid>/transitions/.")
            raise serializers.ValidationError({"action": [ErrorDetail(message, code="by_tranche")]})
        return super().to_internal_value(data)


class TrancheStepBody(VersionedBody):
    action = serializers.ChoiceField(choices=TRANCHE_ACTIONS)
    data = PaperBody(required=False)  # type: ignore[assignment]  # a field, not the attribute


def chosen_tranche(actor: User, data: dict[str, Any]) -> Tranche | None:
    """The tranche a step names, if this person may see it."""
    if "tranche" not in data:
        return None
    tranche = Tranche.objects.visible_to(actor).filter(uuid=data["tranche"]).first()
    if tranche is None:
        message = ErrorDetail(_("Không tìm thấy đợt kế hoạch này."), code="unknown")
        raise serializers.ValidationError({"data": {"tranche": [message]}})
    return tranche


def kept_data(action: str, data: dict[str, Any]) -> dict[str, Any]:
    """What the step row keeps beside note and paper: the verdicts of an appraisal, the sum of a contract."""
    if action == "contract" and "contract_vnd" in data:
        return {"contract_vnd": data["contract_vnd"]}
    if action not in ENDS_REVIEW or "criteria" not in data:
        return {}
    return {"criteria": [dict(mark) for mark in data["criteria"]]}
