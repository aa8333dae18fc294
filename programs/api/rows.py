"""How projects and their parts are written in the API. Money is whole đồng, dates are ISO."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from accounts.rest import CodeAndName, IsoDateField, VndField
from programs.api.carried import CarriedRow
from programs.api.money import MoneyRow
from programs.lifecycle import Kind, Purse, Source, State
from programs.models import BudgetLine, Project


class OfficeRef(serializers.Serializer[Any]):
    uuid = serializers.UUIDField()
    name = serializers.CharField()


class EstablishmentRef(serializers.Serializer[Any]):
    uuid = serializers.UUIDField(source="establishment.uuid")
    name = serializers.CharField(source="establishment.name")
    tax_code = serializers.CharField(
        source="establishment.shown_tax_code", help_text="Mã số cá nhân chỉ hiện phần đã che."
    )


class ProjectRow(serializers.Serializer[Project]):
    """One row of the list: what the table of the portal shows."""

    code = serializers.CharField()
    url = serializers.SerializerMethodField()
    purse = serializers.ChoiceField(choices=Purse.choices)
    kind = serializers.ChoiceField(choices=Kind.choices)
    year = serializers.IntegerField()
    title = serializers.CharField()
    state = serializers.ChoiceField(choices=State.choices)
    state_label = serializers.CharField(source="get_state_display")
    version = serializers.IntegerField()
    province = CodeAndName()
    commune = CodeAndName(allow_null=True)
    activity = CodeAndName(allow_null=True)
    sector = CodeAndName(allow_null=True)
    owner = OfficeRef()
    implementer_name = serializers.CharField()
    beneficiaries = EstablishmentRef(many=True, source="beneficiaries.all")
    total_vnd = VndField()
    kcqg_vnd = VndField()
    kcdp_vnd = VndField()
    own_vnd = VndField()
    other_vnd = VndField()
    tranche = serializers.UUIDField(source="tranche.uuid", allow_null=True, default=None)
    carried_as_of = IsoDateField(
        allow_null=True,
        help_text="Số liệu chuyển tiếp từ hồ sơ giấy đến ngày này, chưa kiểm tra theo quy định.",
    )
    due_on = IsoDateField(allow_null=True)
    updated_at = serializers.DateTimeField()

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_url(self, project: Project) -> str:
        return reverse("api:project-detail", args=[project.code], request=self.context.get("request"))


class LineRow(serializers.Serializer[BudgetLine]):
    """A line of the estimate with what each source pays, VND."""

    position = serializers.IntegerField()
    description = serializers.CharField()
    unit = serializers.CharField()
    quantity = serializers.DecimalField(max_digits=12, decimal_places=3, allow_null=True)
    unit_price_vnd = VndField(allow_null=True)
    total_vnd = VndField()
    supported = serializers.BooleanField()
    kcqg_vnd = serializers.SerializerMethodField()
    kcdp_vnd = serializers.SerializerMethodField()
    own_vnd = serializers.SerializerMethodField()
    other_vnd = serializers.SerializerMethodField()

    @extend_schema_field(VndField)
    def get_kcqg_vnd(self, line: BudgetLine) -> int:
        return _paid_by(line, Source.KCQG)

    @extend_schema_field(VndField)
    def get_kcdp_vnd(self, line: BudgetLine) -> int:
        return _paid_by(line, Source.KCDP)

    @extend_schema_field(VndField)
    def get_own_vnd(self, line: BudgetLine) -> int:
        return _paid_by(line, Source.OWN)

    @extend_schema_field(VndField)
    def get_other_vnd(self, line: BudgetLine) -> int:
        return _paid_by(line, Source.OTHER)


def _paid_by(line: BudgetLine, source: str) -> int:
    return sum(amount.amount_vnd for amount in line.amounts.all() if amount.source == source)


class ScheduleRow(serializers.Serializer[Any]):
    content = serializers.CharField()
    doer = serializers.CharField()
    starts_on = IsoDateField(allow_null=True)
    ends_on = IsoDateField(allow_null=True)


class ResultRow(serializers.Serializer[Any]):
    indicator = serializers.CharField()
    unit = serializers.CharField()
    value = serializers.CharField()


class AttachmentRow(serializers.Serializer[Any]):
    """A paper of the dossier by its name and digest; the file itself is opened in the portal."""

    uuid = serializers.UUIDField()
    name = serializers.CharField()
    paper_code = serializers.CharField()
    sha256 = serializers.CharField(source="file.sha256")
    size = serializers.IntegerField(source="file.size")


class ClaimRow(serializers.Serializer[Any]):
    """A ground of priority the dossier claims, its evidence, and what a reviewer found. It counts only where
    ``status`` is "accepted"; a "known" one the portal judges by its own data."""

    predicate = serializers.CharField(source="claim.predicate")
    name = serializers.CharField()
    source = serializers.CharField(source="basis.source", allow_null=True)  # type: ignore[assignment]  # see TransitionRow
    confidence = serializers.CharField(source="basis.confidence")
    statement = serializers.CharField(source="claim.statement")
    document_number = serializers.CharField(source="claim.document_number")
    document_date = IsoDateField(source="claim.document_date", allow_null=True)
    document_issuer = serializers.CharField(source="claim.document_issuer")
    attachment = serializers.UUIDField(source="claim.file_uuid", allow_null=True)
    status = serializers.ChoiceField(choices=["unproved", "waiting", "accepted", "refused", "known"])
    reason = serializers.CharField(source="claim.ruling.reason", default="")
    ruled_by = serializers.CharField(source="claim.ruling.by", allow_null=True, default=None)
    ruled_at = serializers.DateTimeField(source="claim.ruling.at", allow_null=True, default=None)


class OpenStepRow(serializers.Serializer[Any]):
    """A step that concerns this client now, or why it is closed to it."""

    action = serializers.CharField(source="step.action")
    label = serializers.CharField(source="step.label")  # type: ignore[assignment]  # see TransitionRow
    target = serializers.CharField(source="step.target")
    allowed = serializers.BooleanField()
    reason = serializers.CharField()
    note_required = serializers.BooleanField(source="step.note_required")
    paper_required = serializers.BooleanField(source="step.paper_required")


class ProjectDetail(ProjectRow):
    """The whole dossier: eight parts, money, papers, and the steps open to this client."""

    partner_name = serializers.CharField()
    place_text = serializers.CharField()
    new_rural = serializers.BooleanField()
    priority_areas = serializers.CharField()
    starts_on = IsoDateField(allow_null=True)
    ends_on = IsoDateField(allow_null=True)
    counterpart_committed = serializers.BooleanField()
    no_other_state_money = serializers.BooleanField()
    necessity = serializers.CharField()
    objectives = serializers.CharField()
    scale = serializers.CharField()
    content = serializers.CharField()
    organisation = serializers.CharField()
    effectiveness = serializers.CharField()
    lines = LineRow(many=True, source="lines.all")
    schedule = ScheduleRow(many=True, source="schedule.all")
    results = ResultRow(many=True, source="results.all")
    attachments = AttachmentRow(many=True, source="attachments.all")
    claims = ClaimRow(many=True, source="claim_list")
    carried = CarriedRow(
        allow_null=True, source="carried_figures", help_text="Số liệu trên giấy của đề án chuyển tiếp."
    )
    money = MoneyRow(
        allow_null=True,
        source="fund",
        help_text="Hợp đồng, đề nghị và sổ kinh phí; null khi chưa có hợp đồng.",
    )
    copied_from = serializers.SerializerMethodField(help_text="Mã đề án gốc, nếu bạn xem được.")
    due_why = serializers.CharField(source="due_reason")
    state_since = serializers.DateTimeField()
    created_at = serializers.DateTimeField()
    steps = OpenStepRow(many=True, source="open_steps")

    @extend_schema_field({"type": "string", "nullable": True})
    def get_copied_from(self, project: Project) -> str | None:
        if project.copied_from_id is None:
            return None
        seen = Project.objects.visible_to(self.context["request"].user)
        return seen.filter(pk=project.copied_from_id).values_list("code", flat=True).first()


class TransitionRow(serializers.Serializer[Any]):
    """One step taken; ``version`` is the project's version after it."""

    version = serializers.IntegerField()
    action = serializers.CharField()
    # DRF takes fields off the class, so these do not hide its own attributes of the same name.
    source = serializers.ChoiceField(choices=State.choices)  # type: ignore[assignment]  # a field
    target = serializers.ChoiceField(choices=State.choices)
    target_label = serializers.CharField(source="get_target_display")
    actor = serializers.CharField(source="actor.full_name")
    on_behalf_of = serializers.CharField(source="on_behalf_of.full_name", allow_null=True, default=None)
    lent_as = serializers.CharField(allow_blank=True)
    note = serializers.CharField()
    data = serializers.JSONField()  # type: ignore[assignment]  # a field
    paper_number = serializers.CharField()
    paper_signer = serializers.CharField()
    effective_on = IsoDateField()
    recorded_at = serializers.DateTimeField()


class CheckRow(serializers.Serializer[Any]):
    """A check's verdict: the sentence, the rule behind it, and from which state it blocks."""

    code = serializers.CharField()
    severity = serializers.ChoiceField(choices=["ok", "note", "warning", "error"])
    message = serializers.CharField()
    field = serializers.CharField()
    source = serializers.CharField(allow_null=True)  # type: ignore[assignment]  # see TransitionRow
    confidence = serializers.CharField(allow_null=True)
    rule = serializers.CharField()
    blocks_from = serializers.CharField(allow_null=True)
