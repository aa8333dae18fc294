"""The sections of the project form. Each turns what was typed into ``DraftValues``.

Money is typed in the unit the person has chosen and kept in đồng.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.forms import BaseFormSet, formset_factory
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beneficiaries.models import Establishment
from programs.dossierterms import TEXT_SECTIONS
from programs.drafting import (
    BeneficiaryValues,
    DraftValues,
    LineValues,
    ResultValues,
    ScheduleValues,
)
from programs.lifecycle import Kind, Purse, Source
from programs.models import ActivityKind, Project, Sector
from programs.registering import find_establishment
from programs.years import offered_years
from vietnam import taxcode
from vietnam.fields import CleanFormField, CleanLinesFormField, VnDateField, VndFormField, whole_tax_code
from vietnam.models import AdminUnit
from vietnam.text import fold
from vietnam.units import Place, parse_place


class CreateForm(forms.Form):
    """As little as a draft needs to exist."""

    title = CleanFormField(label=gettext_lazy("Tên đề án"), max_length=500)
    purse = forms.ChoiceField(label=gettext_lazy("Nguồn khuyến công"), choices=Purse.choices)
    year = forms.TypedChoiceField(label=gettext_lazy("Năm kế hoạch"), coerce=int)
    activity = forms.ModelChoiceField(
        ActivityKind.objects.none(), label=gettext_lazy("Nội dung hoạt động"), required=False
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        year: Any = self.fields["year"]
        year.choices = [(y, str(y)) for y in offered_years()]
        year.initial = today.year + 1
        _offer(self, "activity", ActivityKind.objects.filter(valid__contains=today))

    def clean(self) -> dict[str, Any]:
        """The activity in the version of the plan year, whose law decides."""
        data: dict[str, Any] = super().clean() or {}
        activity, year = data.get("activity"), data.get("year")
        if activity and year:
            versions = ActivityKind.objects.filter(code=activity.code, valid__contains=dt.date(year, 1, 1))
            data["activity"] = versions.first()
            if data["activity"] is None:
                self.add_error("activity", _("Nội dung này không có hiệu lực trong năm kế hoạch đã chọn."))
        return data

    def values(self) -> DraftValues:
        return DraftValues(
            fields={"title": self.cleaned_data["title"], "activity": self.cleaned_data["activity"]}
        )


class EarlierForm(forms.Form):
    """Which of one's own projects to begin from, by code."""

    tu = forms.ChoiceField(label=gettext_lazy("Đề án trước đây của đơn vị"))

    def __init__(self, projects: QuerySet[Project]) -> None:
        super().__init__()
        rows = projects.values_list("year", "code", "title")
        choices = [(code, f"{year} · {code} – {title}") for year, code, title in rows]
        field: Any = self.fields["tu"]
        field.choices = [("", _("Chọn đề án")), *choices] if choices else []


class CopyForm(forms.Form):
    """The plan year of a copy: at first the one after the year now running, or after the source's."""

    year = forms.TypedChoiceField(label=gettext_lazy("Năm kế hoạch"), coerce=int)

    def __init__(self, *args: Any, source: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        year: Any = self.fields["year"]
        year.choices = [(y, str(y)) for y in offered_years()]
        year.initial = min(max(source.year, timezone.localdate().year) + 1, offered_years()[0])


def _offer(form: forms.Form, name: str, rows: QuerySet[Any]) -> None:
    field: Any = form.fields[name]
    field.queryset = rows


class GeneralForm(forms.Form):
    """Part 1: what, where, by whom. ``commune`` is the unit picked in the type-ahead, by id."""

    title = CleanFormField(label=gettext_lazy("Tên đề án"), max_length=500)
    kind = forms.ChoiceField(label=gettext_lazy("Loại đề án"), choices=Kind.choices)
    activity = forms.ModelChoiceField(
        ActivityKind.objects.none(), label=gettext_lazy("Nội dung hoạt động"), required=False
    )
    sector = forms.ModelChoiceField(Sector.objects.none(), label=gettext_lazy("Ngành nghề"), required=False)
    place_text = CleanFormField(
        label=gettext_lazy("Địa điểm thực hiện"),
        max_length=255,
        required=False,
        help_text=gettext_lazy("Xã, phường; gõ không dấu cũng được."),
    )
    commune = forms.IntegerField(required=False, widget=forms.HiddenInput)
    new_rural = forms.BooleanField(label=gettext_lazy("Xã trong kế hoạch nông thôn mới"), required=False)
    priority_areas = forms.ChoiceField(label=gettext_lazy("Địa bàn ưu tiên"), required=False)
    implementer_name = CleanFormField(label=gettext_lazy("Đơn vị thực hiện"), max_length=255, required=False)
    partner_name = CleanFormField(label=gettext_lazy("Đơn vị phối hợp"), max_length=255, required=False)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        self.project = project
        self.new_year = dt.date(project.year, 1, 1)
        initial = {name: getattr(project, name) for name in self.base_fields}
        initial["commune"] = project.commune_id
        if project.commune and not initial["place_text"]:
            initial["place_text"] = project.commune.name
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        # The project's own choice stays on offer when the catalogue has moved on.
        in_force = Q(valid__contains=self.new_year)
        _offer(self, "activity", ActivityKind.objects.filter(in_force | Q(pk=project.activity_id)))
        _offer(self, "sector", Sector.objects.filter(in_force | Q(pk=project.sector_id)))
        areas: Any = self.fields["priority_areas"]
        areas.choices = [
            ("", _("Không thuộc diện ưu tiên")),
            *(Project._meta.get_field("priority_areas").choices or []),
        ]

    def values(self) -> DraftValues:
        data = dict(self.cleaned_data)
        data["commune"] = self._commune(data["place_text"], data["commune"])
        return DraftValues(fields=data)

    def _commune(self, text: str, picked: int | None) -> AdminUnit | None:
        """The commune on 1 January of the plan year: the one picked if the text still names it, else read."""
        if not text:
            return None
        unit = AdminUnit.objects.on(self.new_year).communes().filter(pk=picked).first() if picked else None
        if unit and self._is_here(unit.province) and fold(unit.bare_name) in fold(text):
            return unit
        place = place_of(text, self.project)
        return place.commune_now if place.commune_now and self._is_here(place.province_now) else None

    def _is_here(self, province: AdminUnit | None) -> bool:
        return province is not None and province.pk == self.project.province_id


def place_of(text: str, project: Project) -> Place:
    """What a text says about a place on 1 January of the project's plan year."""
    return parse_place(text, dt.date(project.year, 1, 1), project.province)


class BeneficiaryForm(forms.Form):
    """One establishment. A household's code is shown masked and may come back so."""

    name = CleanFormField(label=gettext_lazy("Tên cơ sở"), max_length=255, required=False)
    tax_code = forms.CharField(
        label=gettext_lazy("Mã số thuế"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("Hộ kinh doanh: số định danh 12 chữ số của chủ hộ, luôn được che khi hiện."),
    )
    address = CleanFormField(label=gettext_lazy("Địa chỉ sản xuất"), max_length=255, required=False)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        self.project = project
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        name, code = data.get("name"), data.get("tax_code")
        if (code or data.get("address")) and not name:
            self.add_error("name", _("Hãy ghi tên cơ sở."))
        elif code and "*" in code:
            if self.registered() is None:
                self.add_error("tax_code", _("Hãy nhập đủ mã số thuế: phần che chỉ dùng cho cơ sở đã chọn."))
        elif code and "tax_code" in self.changed_data:
            try:
                whole_tax_code(code)
            except forms.ValidationError as error:
                self.add_error("tax_code", error)
        return data

    def values(self) -> BeneficiaryValues | None:
        data = self.cleaned_data
        if not data.get("name"):
            return None
        return BeneficiaryValues(
            name=data["name"],
            tax_code=data.get("tax_code", ""),
            commune=self.project.commune,
            address=data.get("address", ""),
        )

    def registered(self) -> Establishment | None:
        """The register's entry this row means, if there is one."""
        values = self.values()
        return find_establishment(self.project.province, values) if values else None

    def remark(self) -> str:
        """What the officer should look at again, though it may be right."""
        code = str(self["tax_code"].value() or "")
        if not code or "*" in code or taxcode.normalise(code).valid_check:
            return ""
        return _("Mã số thuế %(code)s sai số kiểm tra; hãy đối chiếu với đăng ký kinh doanh.") % {
            "code": taxcode.mask(code)
        }


class LineForm(forms.Form):
    """A cost line; money fields are in the person's unit."""

    description = CleanFormField(label=gettext_lazy("Nội dung chi"), max_length=500, required=False)
    total = VndFormField(label=gettext_lazy("Tổng chi phí"), required=False)
    kcqg = VndFormField(label=gettext_lazy("KC quốc gia"), required=False)
    kcdp = VndFormField(label=gettext_lazy("KC địa phương"), required=False)
    own = VndFormField(label=gettext_lazy("Đối ứng"), required=False)
    other = VndFormField(label=gettext_lazy("Khác"), required=False)
    supported = forms.BooleanField(label=gettext_lazy("Được hỗ trợ"), required=False, initial=True)

    MONEY = (("kcqg", Source.KCQG), ("kcdp", Source.KCDP), ("own", Source.OWN), ("other", Source.OTHER))

    def __init__(self, *args: Any, unit: str = "dong", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("total", *(name for name, _source in self.MONEY)):
            self.fields[name].unit = unit  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        has_money = any(data.get(name) for name in ("total", *(name for name, _source in self.MONEY)))
        if has_money and not data.get("description"):
            self.add_error("description", _("Hãy ghi nội dung chi."))
        return data

    def line(self) -> LineValues | None:
        data = self.cleaned_data
        if not data.get("description"):
            return None
        amounts = {str(source): data.get(name) or 0 for name, source in self.MONEY}
        total = data["total"] if data.get("total") is not None else sum(amounts.values())
        return LineValues(data["description"], total, amounts, supported=bool(data.get("supported")))


class ScheduleForm(forms.Form):
    content = CleanFormField(label=gettext_lazy("Công việc"), max_length=500, required=False)
    doer = CleanFormField(label=gettext_lazy("Đơn vị làm"), max_length=200, required=False)
    starts_on = VnDateField(label=gettext_lazy("Từ ngày"), required=False)
    ends_on = VnDateField(label=gettext_lazy("Đến ngày"), required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        start, end = data.get("starts_on"), data.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", _("Ngày kết thúc phải sau ngày bắt đầu."))
        if (start or end or data.get("doer")) and not data.get("content"):
            self.add_error("content", _("Hãy ghi tên công việc."))
        return data


class ResultForm(forms.Form):
    indicator = CleanFormField(label=gettext_lazy("Chỉ tiêu"), max_length=200, required=False)
    value = CleanFormField(label=gettext_lazy("Giá trị"), max_length=100, required=False)
    unit = CleanFormField(label=gettext_lazy("Đơn vị"), max_length=50, required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if (data.get("value") or data.get("unit")) and not data.get("indicator"):
            self.add_error("indicator", _("Hãy ghi tên chỉ tiêu."))
        return data


class DatesForm(forms.Form):
    starts_on = VnDateField(label=gettext_lazy("Bắt đầu"), required=False)
    ends_on = VnDateField(label=gettext_lazy("Kết thúc"), required=False)
    counterpart_committed = forms.BooleanField(
        label=gettext_lazy("Đơn vị thụ hưởng cam kết bố trí đủ vốn đối ứng"), required=False
    )
    no_other_state_money = forms.BooleanField(
        label=gettext_lazy("Cam kết chưa nhận vốn nhà nước khác cho cùng nội dung"), required=False
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        start, end = data.get("starts_on"), data.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", _("Ngày kết thúc phải sau ngày bắt đầu."))
        return data


class TextForm(forms.Form):
    """The written parts of the dossier, in the order of Thông tư 36/2013/TT-BCT, Điều 5."""

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(project, name) for name, _n, _l in TEXT_SECTIONS}
        super().__init__(*args, **kwargs)
        for name, number, label in TEXT_SECTIONS:
            self.fields[name] = CleanLinesFormField(
                label=f"{number}. {label}",
                required=False,
                max_length=20_000,
                widget=forms.Textarea(attrs={"rows": 4}),
            )


BeneficiaryFormSet = formset_factory(BeneficiaryForm, extra=1, max_num=100, absolute_max=200, can_delete=True)
LineFormSet = formset_factory(LineForm, extra=1, max_num=200, absolute_max=400, can_delete=True)
ScheduleFormSet = formset_factory(ScheduleForm, extra=1, max_num=100, absolute_max=200, can_delete=True)
ResultFormSet = formset_factory(ResultForm, extra=1, max_num=50, absolute_max=100, can_delete=True)


def kept(formset: BaseFormSet[Any]) -> list[Any]:
    """The forms of a valid formset that were not ticked for removal."""
    return [form for form in formset.forms if not form.cleaned_data.get("DELETE")]


def beneficiaries_from(formset: BaseFormSet[Any]) -> list[BeneficiaryValues]:
    return [values for form in kept(formset) if (values := form.values())]


def unregistered(formset: BaseFormSet[Any]) -> list[str]:
    """Names in a valid formset that the register does not know yet."""
    rows = [form for form in kept(formset) if form.values()]
    return [form.cleaned_data["name"] for form in rows if form.registered() is None]


def lines_from(formset: BaseFormSet[Any]) -> list[LineValues]:
    return [line for form in kept(formset) if (line := form.line())]


def schedule_from(formset: BaseFormSet[Any]) -> list[ScheduleValues]:
    names = ("content", "doer", "starts_on", "ends_on")
    return [
        ScheduleValues(**{name: form.cleaned_data[name] for name in names})
        for form in kept(formset)
        if form.cleaned_data.get("content")
    ]


def results_from(formset: BaseFormSet[Any]) -> list[ResultValues]:
    names = ("indicator", "value", "unit")
    return [
        ResultValues(**{name: form.cleaned_data[name] for name in names})
        for form in kept(formset)
        if form.cleaned_data.get("indicator")
    ]
