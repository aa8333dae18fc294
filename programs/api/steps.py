"""Bodies of steps: of one project, and of a whole tranche."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from accounts.models import User
from accounts.rest import IsoDateField, StrictSerializer, VersionedBody
from programs.forms import CRITERIA
from programs.lifecycle import SINGLE_ACTIONS
from programs.models import Tranche
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


class StepData(PaperBody):
    tranche = serializers.UUIDField(required=False, help_text="Đợt kế hoạch, cho bước plan.")
    criteria = serializers.MultipleChoiceField(
        choices=[code for code, _label in CRITERIA],
        required=False,
        help_text="Tiêu chí thẩm định đã đạt, cho bước pass và reject.",
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
    """What the step row keeps beside note and paper: the criteria of an appraisal, in the form's order."""
    if action not in {"pass", "reject"} or "criteria" not in data:
        return {}
    return {"criteria": [code for code, _label in CRITERIA if code in data["criteria"]]}
