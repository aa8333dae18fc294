"""The forms in which a project under way is entered from its papers, confirmed, and the office's day set."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.forms import BaseFormSet, formset_factory
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organisation, OrganisationKind, User
from accounts.scope import scope_of
from programs.beneficiary_forms import BeneficiaryForm, beneficiaries_from
from programs.carry_values import AdvanceFigures, CarriedValues, SourceFigures
from programs.carryterms import Progress
from programs.draft_forms import kept
from programs.lifecycle import CUC, SO, Kind, Purse, Source
from programs.models import ActivityKind, CarryOver, Project, Sector
from programs.years import plan_years
from records.files import FileRefused, store
from records.models import StoredFile
from vietnam.fields import CleanFormField, CleanLinesFormField, VnDateField, VndFormField
from vietnam.models import AdminUnit, Level
from vietnam.units import parse_place

COLUMNS = (
    ("approved", gettext_lazy("Được phê duyệt")),
    ("disbursed", gettext_lazy("Đã giải ngân, gồm tạm ứng")),
    ("refunded", gettext_lazy("Đã thu hồi, hoàn trả")),
    ("settled", gettext_lazy("Đã quyết toán")),
    ("balance", gettext_lazy("Còn lại")),
)
"""The money columns of each source. The balance may stay empty; where given it must add up."""
OWN_FIELDS = (
    "title", "kind", "implementer", "place_text", "starts_on", "ends_on", "progress", "as_of",
    "decision_number", "decision_on", "decision_signer", "contract_number", "contract_on", "contract_vnd",
    "stop_number", "stop_on", "note",
)  # fmt: skip
"""Fields that are columns of ``CarryOver`` as they are."""


def purses_for(user: User) -> list[Purse]:
    """Whose projects this person may enter: the Cục's, the Sở's."""
    scope = scope_of(user)
    found = [Purse.KCDP] if scope.posts_as(SO) else []
    return [*found, Purse.KCQG] if scope.posts_as(CUC) else found


def places_for(user: User) -> list[AdminUnit]:
    """Provinces of today and of then."""
    scope = scope_of(user)
    units = AdminUnit.objects.filter(level=Level.PROVINCE).order_by("sort_key", "valid")
    if not scope.posts_as(CUC):
        units = units.filter(pk__in={pk for post in scope.posts_as(SO) for pk in post.province_ids})
    first = dt.date(plan_years()[0], 1, 1)
    return [unit for unit in units if unit.valid.upper is None or unit.valid.upper > first]


def _place_label(unit: AdminUnit) -> str:
    if unit.valid.upper is None:
        return unit.name
    last = unit.valid.upper - dt.timedelta(days=1)
    return _("%(unit)s (đến %(day)s)") % {"unit": unit.name, "day": f"{last:%d/%m/%Y}"}


class CarryForm(forms.Form):
    """What the papers say, besides advances and establishments. Money is in the person's unit."""

    purse = forms.ChoiceField(label=gettext_lazy("Nguồn khuyến công"))
    year = forms.TypedChoiceField(label=gettext_lazy("Năm kế hoạch"), coerce=int)
    province = forms.TypedChoiceField(
        label=gettext_lazy("Tỉnh, thành phố khi đó"),
        coerce=int,
        help_text=gettext_lazy("Đơn vị hành chính vào ngày 01/01 của năm kế hoạch, kể cả tỉnh nay đã nhập."),
    )
    title = CleanFormField(label=gettext_lazy("Tên đề án"), max_length=500)
    kind = forms.ChoiceField(label=gettext_lazy("Loại đề án"), choices=Kind.choices)
    activity = forms.ChoiceField(label=gettext_lazy("Nội dung hoạt động"))
    sector = forms.ChoiceField(label=gettext_lazy("Ngành nghề"), required=False)
    implementer = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=gettext_lazy("Đơn vị thực hiện, nay do cơ quan này theo dõi"),
        empty_label="–",
    )
    place_text = CleanFormField(
        label=gettext_lazy("Địa điểm thực hiện"),
        max_length=255,
        required=False,
        help_text=gettext_lazy("Xã, huyện như khi đó; cổng tự nhận xã, phường nếu đọc được."),
    )
    starts_on = VnDateField(label=gettext_lazy("Bắt đầu"), required=False)
    ends_on = VnDateField(label=gettext_lazy("Kết thúc"), required=False)
    decision_number = CleanFormField(label=gettext_lazy("Số quyết định phê duyệt"), max_length=60)
    decision_on = VnDateField(label=gettext_lazy("Ngày quyết định"))
    decision_signer = CleanFormField(label=gettext_lazy("Cơ quan, người ký"), max_length=150)
    decision_file = forms.FileField(label=gettext_lazy("Bản chụp quyết định"), required=False)
    contract_number = CleanFormField(label=gettext_lazy("Số hợp đồng"), max_length=60, required=False)
    contract_on = VnDateField(label=gettext_lazy("Ngày hợp đồng"), required=False)
    contract_vnd = VndFormField(label=gettext_lazy("Kinh phí hỗ trợ theo hợp đồng"), required=False)
    progress = forms.ChoiceField(label=gettext_lazy("Tình trạng trên giấy"), choices=Progress.choices)
    as_of = VnDateField(
        label=gettext_lazy("Số liệu đến hết ngày"),
        help_text=gettext_lazy("Ngày chốt số dư trong sổ sách của cơ quan."),
    )
    stop_number = CleanFormField(label=gettext_lazy("Số văn bản ngừng"), max_length=60, required=False)
    stop_on = VnDateField(label=gettext_lazy("Ngày văn bản ngừng"), required=False)
    note = CleanLinesFormField(
        label=gettext_lazy("Ghi chú"), max_length=2000, required=False, widget=forms.Textarea
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {unit.pk: unit for unit in places_for(user)}
        years = [year for year in reversed(plan_years()) if year <= timezone.localdate().year]
        self._offer("purse", [(purse.value, purse.label) for purse in purses_for(user)])
        self._offer("year", [(year, str(year)) for year in years])
        self._offer("province", [(pk, _place_label(unit)) for pk, unit in self.places.items()])
        kinds = {row.code: str(row) for row in ActivityKind.objects.order_by("position")}
        self._offer("activity", [("", "–"), *kinds.items()])
        sectors = {row.code: row.short_name for row in Sector.objects.order_by("position")}
        self._offer("sector", [("", "–"), *sectors.items()])
        implementer: Any = self.fields["implementer"]
        implementer.queryset = self._implementers(user)
        for source, label in Source.choices:
            for column, words in COLUMNS:
                self.fields[f"{source.lower()}_{column}"] = VndFormField(
                    label=f"{label}: {words}", required=False
                )
        for field in self.fields.values():
            if isinstance(field, VndFormField):
                field.unit = "trieu" if user.money_unit == "trieu" else "dong"

    def _offer(self, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def _implementers(self, user: User) -> Any:
        kinds = [OrganisationKind.TTKC, OrganisationKind.SO, OrganisationKind.REGION, OrganisationKind.OTHER]
        offices = Organisation.objects.on(timezone.localdate()).filter(kind__in=kinds)
        if not scope_of(user).posts_as(CUC):
            offices = offices.filter(Q(province__in=self.places))
        return offices.order_by("name")

    def clean(self) -> dict[str, Any]:
        """Codes become the versions of the plan year; the place is read as of then."""
        data: dict[str, Any] = super().clean() or {}
        year, province = data.get("year"), self.places.get(data.get("province") or 0)
        if not year or province is None:
            return data
        new_year = dt.date(year, 1, 1)
        for name, model in (("activity", ActivityKind), ("sector", Sector)):
            rows: Any = model._default_manager
            code = data.get(name)
            data[name] = rows.filter(code=code, valid__contains=new_year).first() if code else None
            if code and data[name] is None:
                self.add_error(name, _("Mục này không có hiệu lực trong năm kế hoạch đã chọn."))
        found = (
            parse_place(data.get("place_text") or "", new_year, province) if data.get("place_text") else None
        )
        here = found and found.commune_now and found.province_now and found.province_now.pk == province.pk
        data["commune"] = found.commune_now if found and here else None
        return data

    def money(self) -> list[SourceFigures]:
        """The sources of which anything is written."""
        found = []
        for source in Source.values:
            cells = {name: self.cleaned_data.get(f"{source.lower()}_{name}") for name, _label in COLUMNS}
            if any(cells.values()):
                approved, disbursed, refunded, settled, balance = cells.values()
                paid = (approved or 0, disbursed or 0, refunded or 0, settled or 0)
                found.append(SourceFigures(source, *paid, balance))
        return found

    def money_rows(self) -> list[tuple[str, str, list[forms.BoundField]]]:
        """For the page: each source with its cells."""
        return [
            (source, str(label), [self[f"{source.lower()}_{name}"] for name, _words in COLUMNS])
            for source, label in Source.choices
        ]

    def stored_file(self) -> StoredFile | None:
        upload = self.cleaned_data.get("decision_file")
        if not upload:
            return None
        try:
            return store(upload, upload.name or "")
        except FileRefused as refusal:
            raise forms.ValidationError({"decision_file": str(refusal)}) from refusal

    def values(self, advances: BaseFormSet[Any], firms: BaseFormSet[Any]) -> CarriedValues:
        data = self.cleaned_data
        fields = {name: data[name] for name in (*OWN_FIELDS, "activity", "sector", "commune")}
        return CarriedValues(
            data["purse"], data["year"], self.places[data["province"]],
            fields | {"decision_file": self.stored_file()}, self.money(),
            [row for form in kept(advances) if (row := form.figures())], beneficiaries_from(firms),
        )  # fmt: skip


class AdvanceForm(forms.Form):
    """One advance; a row left empty is none."""

    source = forms.ChoiceField(label=gettext_lazy("Nguồn"), choices=Source.choices)
    paid_on = VnDateField(label=gettext_lazy("Ngày tạm ứng"), required=False)
    amount = VndFormField(label=gettext_lazy("Số tiền tạm ứng"), required=False)

    def __init__(self, *args: Any, unit: str = "dong", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].unit = unit  # type: ignore[attr-defined]  # a VndFormField

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if bool(data.get("paid_on")) != bool(data.get("amount")) and not self.errors:
            self.add_error("amount" if data.get("paid_on") else "paid_on", _("Hãy ghi đủ ngày và số tiền."))
        return data

    def figures(self) -> AdvanceFigures | None:
        data = self.cleaned_data
        if not data.get("amount"):
            return None
        return AdvanceFigures(data["source"], data["paid_on"], data["amount"])


AdvanceFormSet = formset_factory(AdvanceForm, extra=3, max_num=60, absolute_max=80, can_delete=True)
FirmFormSet = formset_factory(BeneficiaryForm, extra=2, max_num=100, absolute_max=200, can_delete=True)


def dossier_like(form: CarryForm) -> Project:
    """What the rows of establishments ask of a dossier: its province and year. Never stored."""
    chosen = form.cleaned_data.get("province") if form.is_bound and hasattr(form, "cleaned_data") else None
    fallback = next(iter(form.places.values()), None)
    return Project(province=form.places.get(chosen or 0) or fallback)


class CarryDayForm(forms.Form):
    day = VnDateField(label=gettext_lazy("Ngày bắt đầu dùng cổng"))
    document_number = CleanFormField(label=gettext_lazy("Số văn bản"), max_length=60, required=False)
    reason = CleanFormField(label=gettext_lazy("Lý do thay đổi"), max_length=300, required=False)


def initial_of(entry: CarryOver | None, user: User) -> tuple[dict[str, Any], list[Any], list[Any]]:
    """What the form, its advances and its establishments begin with; an earlier entry may be entered anew."""
    if entry is None:
        purses, places = purses_for(user), places_for(user)
        only = places[0].pk if len(places) == 1 else None
        return {"purse": purses[0] if purses else "", "province": only}, [], []
    first: dict[str, Any] = {name: getattr(entry, name) for name in OWN_FIELDS}
    first |= {
        "purse": entry.plan.purse, "year": entry.plan.year, "province": entry.province_id,
        "activity": entry.activity.code if entry.activity else "",
        "sector": entry.sector.code if entry.sector else "",
    }  # fmt: skip
    for row in entry.money.all():
        for name, _label in COLUMNS:
            first[f"{row.source.lower()}_{name}"] = getattr(row, f"{name}_vnd")
    advances = [
        {"source": row.source, "paid_on": row.paid_on, "amount": row.amount_vnd}
        for row in entry.advances.all()
    ]
    firms: Iterable[Any] = entry.firms.select_related("establishment")
    return (
        first,
        advances,
        [{"name": firm.establishment.name, "tax_code": firm.establishment.shown_tax_code} for firm in firms],
    )
