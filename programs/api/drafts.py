"""Bodies that write a dossier. Codes are resolved on 1 January of the plan year, as the form does."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from accounts.models import User
from accounts.rest import IsoDateField, StrictSerializer, TaxCodeField, VersionedBody, VndField
from beneficiaries.models import LegalForm
from programs.drafting import BeneficiaryValues, DraftValues, LineValues, ResultValues, ScheduleValues
from programs.lifecycle import Kind, Purse, Source
from programs.models import ActivityKind, Project, Sector
from programs.years import FIRST_YEAR, plan_years
from vietnam.models import AdminUnit
from vietnam.units import province_family

LONGEST_SECTION = 20_000
MOST_LINES, MOST_PARTIES = 200, 500
AREA_CHOICES = Project._meta.get_field("priority_areas").choices or []


class BeneficiaryBody(StrictSerializer):
    name = serializers.CharField(max_length=255)
    tax_code = TaxCodeField(max_length=20, required=False, default="", allow_blank=True)
    legal_form = serializers.ChoiceField(
        choices=LegalForm.choices, required=False, default="", allow_blank=True
    )
    commune = serializers.CharField(max_length=5, required=False, default="", allow_blank=True)
    address = serializers.CharField(max_length=255, required=False, default="", allow_blank=True)


class LineBody(StrictSerializer):
    description = serializers.CharField(max_length=500)
    total_vnd = VndField()
    kcqg_vnd = VndField(required=False, default=0)
    kcdp_vnd = VndField(required=False, default=0)
    own_vnd = VndField(required=False, default=0)
    other_vnd = VndField(required=False, default=0)
    supported = serializers.BooleanField(required=False, default=True)
    unit = serializers.CharField(max_length=30, required=False, default="", allow_blank=True)
    quantity = serializers.DecimalField(
        max_digits=12, decimal_places=3, min_value=0, required=False, default=None, allow_null=True
    )
    unit_price_vnd = VndField(required=False, default=None, allow_null=True)


class ScheduleBody(StrictSerializer):
    content = serializers.CharField(max_length=500)
    doer = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    starts_on = IsoDateField(required=False, default=None, allow_null=True)
    ends_on = IsoDateField(required=False, default=None, allow_null=True)


class ResultBody(StrictSerializer):
    indicator = serializers.CharField(max_length=200)
    value = serializers.CharField(max_length=100)
    unit = serializers.CharField(max_length=50, required=False, default="", allow_blank=True)


def _section() -> serializers.CharField:
    return serializers.CharField(max_length=LONGEST_SECTION, required=False, allow_blank=True)


class DossierBody(StrictSerializer):
    """Everything a drafter may write. What is absent stays as it is; a list replaces the whole list."""

    title = serializers.CharField(max_length=500, required=False)
    kind = serializers.ChoiceField(choices=Kind.choices, required=False)
    activity = serializers.CharField(max_length=20, required=False, allow_null=True)
    sector = serializers.CharField(max_length=2, required=False, allow_null=True)
    commune = serializers.CharField(max_length=5, required=False, allow_null=True)
    place_text = serializers.CharField(max_length=255, required=False, allow_blank=True)
    implementer_name = serializers.CharField(max_length=255, required=False, allow_blank=True)
    partner_name = serializers.CharField(max_length=255, required=False, allow_blank=True)
    new_rural = serializers.BooleanField(required=False)
    priority_areas = serializers.ChoiceField(choices=AREA_CHOICES, required=False, allow_blank=True)
    starts_on = IsoDateField(required=False, allow_null=True)
    ends_on = IsoDateField(required=False, allow_null=True)
    counterpart_committed = serializers.BooleanField(required=False)
    no_other_state_money = serializers.BooleanField(required=False)
    necessity = _section()
    objectives = _section()
    scale = _section()
    content = _section()
    organisation = _section()
    effectiveness = _section()
    beneficiaries = serializers.ListField(child=BeneficiaryBody(), required=False, max_length=MOST_PARTIES)
    lines = serializers.ListField(child=LineBody(), required=False, max_length=MOST_LINES)
    schedule = serializers.ListField(child=ScheduleBody(), required=False, max_length=MOST_LINES)
    results = serializers.ListField(child=ResultBody(), required=False, max_length=MOST_LINES)


class NewProjectBody(DossierBody):
    """A draft from nothing, or from an earlier project, whose purse it then has."""

    purse = serializers.ChoiceField(choices=Purse.choices, required=False)
    year = serializers.IntegerField(min_value=FIRST_YEAR, max_value=2100)
    title = serializers.CharField(max_length=500, required=False)
    copied_from = serializers.CharField(
        max_length=30,
        required=False,
        help_text="Mã đề án cần sao chép: purse và title lấy theo nó, trường gửi kèm thay giá trị chép.",
    )

    def validate_year(self, year: int) -> int:
        if year > (latest := plan_years()[-1]):
            raise serializers.ValidationError(_("Năm kế hoạch muộn nhất là %(year)d.") % {"year": latest})
        return year

    def validate(self, body: dict[str, Any]) -> dict[str, Any]:
        missing = {"purse", "title"} - body.keys()
        if missing and "copied_from" not in body:
            words = {name: self.fields[name].error_messages["required"] for name in missing}
            raise serializers.ValidationError(
                {name: [ErrorDetail(str(word), code="required")] for name, word in words.items()}
            )
        return body


def source_of(body: dict[str, Any], actor: User) -> Project | None:
    """The project a draft is to begin from. Raises ``serializers.ValidationError`` for one the client does
    not see, or of the other purse."""
    if "copied_from" not in body:
        return None
    related = ("activity", "sector", "commune")
    found = (
        Project.objects.visible_to(actor).select_related(*related).filter(code=body["copied_from"]).first()
    )
    if found is None:
        words = _("Không có đề án mang mã này trong phạm vi của bạn.")
        raise serializers.ValidationError({"copied_from": [ErrorDetail(words, code="unknown")]})
    if body.get("purse", found.purse) != found.purse:
        words = _("Bản sao giữ nguồn khuyến công của đề án gốc.")
        raise serializers.ValidationError({"purse": [ErrorDetail(words, code="invalid")]})
    return found


class ProjectChangesBody(DossierBody, VersionedBody):
    pass


PARTS = ("beneficiaries", "lines", "schedule", "results")
NOT_CONTENT = {"purse", "year", "version", "copied_from", *PARTS}


def draft_values(body: dict[str, Any], *, year: int, province: AdminUnit) -> DraftValues:
    """The body as the verbs take it. Raises ``serializers.ValidationError`` for codes that mean nothing."""
    codes = _Codes(year, province)
    fields = {name: value for name, value in body.items() if name not in NOT_CONTENT}
    if "activity" in fields:
        fields["activity"] = codes.activity(fields["activity"])
    if "sector" in fields:
        fields["sector"] = codes.sector(fields["sector"])
    if "commune" in fields:
        fields["commune"] = codes.commune(fields["commune"], "commune")
    values = DraftValues(fields=fields)
    if "beneficiaries" in body:
        values.beneficiaries = [
            BeneficiaryValues(
                **{**row, "commune": codes.commune(row["commune"], f"beneficiaries.{number}.commune")}
            )
            for number, row in enumerate(body["beneficiaries"])
        ]
    if "lines" in body:
        values.lines = [_line(row) for row in body["lines"]]
    if "schedule" in body:
        values.schedule = [ScheduleValues(**row) for row in body["schedule"]]
    if "results" in body:
        values.results = [ResultValues(**row) for row in body["results"]]
    codes.raise_unknown()
    return values


def _line(row: dict[str, Any]) -> LineValues:
    plain = {name: value for name, value in row.items() if name not in _MONEY}
    return LineValues(**plain, amounts={str(source): row[name] for name, source in _MONEY.items()})


_MONEY = {
    "kcqg_vnd": Source.KCQG,
    "kcdp_vnd": Source.KCDP,
    "own_vnd": Source.OWN,
    "other_vnd": Source.OTHER,
}


class _Codes:
    """Looks codes up on the day of the plan year; gathers those that mean nothing."""

    def __init__(self, year: int, province: AdminUnit) -> None:
        self.day = dt.date(year, 1, 1)
        self.province = province
        self.unknown: dict[str, list[ErrorDetail]] = {}
        self.communes: dict[str, AdminUnit | None] = {}

    def _miss(self, field: str, message: str) -> None:
        self.unknown[field] = [ErrorDetail(message, code="unknown")]

    def activity(self, code: str | None) -> ActivityKind | None:
        if not code:
            return None
        found = ActivityKind.objects.filter(code=code, valid__contains=self.day).first()
        if found is None:
            self._miss("activity", _("Không có nội dung hoạt động mang mã này trong năm kế hoạch."))
        return found

    def sector(self, code: str | None) -> Sector | None:
        if not code:
            return None
        found = Sector.objects.filter(code=code, valid__contains=self.day).first()
        if found is None:
            self._miss("sector", _("Không có ngành nghề mang mã này trong năm kế hoạch."))
        return found

    def commune(self, code: str | None, field: str) -> AdminUnit | None:
        """The commune of that day inside the office's province (an office of the whole country: anywhere)."""
        if not code:
            return None
        if code not in self.communes:
            self.communes[code] = self._find_commune(code)
        if self.communes[code] is None:
            self._miss(field, _("Không có xã, phường mang mã này trong tỉnh vào năm kế hoạch."))
        return self.communes[code]

    def _find_commune(self, code: str) -> AdminUnit | None:
        units = AdminUnit.objects.on(self.day).communes().select_related("parent__parent__parent")
        unit = units.filter(code=code).first()
        if unit is None or self.province.level == "nation":
            return unit
        province = unit.province
        return unit if province and province.pk in province_family(self.province) else None

    def raise_unknown(self) -> None:
        if self.unknown:
            raise serializers.ValidationError(self.unknown)
