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

from programs.dossierterms import TEXT_SECTIONS
from programs.drafting import (
    DraftValues,
    LineValues,
    ResultValues,
    ScheduleValues,
)
from programs.lifecycle import Kind, Purse, Source
from programs.models import ActivityKind, Project, Sector
from programs.years import offered_years
from vietnam.fields import CleanFormField, CleanLinesFormField, VnDateField, VndFormField
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


def _wrapped() -> forms.Textarea:
    """One line of text in a narrow column: it wraps instead of being cut off."""
    return forms.Textarea(attrs={"rows": 1})


class LineForm(forms.Form):
    """A cost line; money fields are in the person's unit."""

    description = CleanFormField(
        label=gettext_lazy("Nội dung chi"), max_length=500, required=False, widget=_wrapped()
    )
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
    content = CleanFormField(
        label=gettext_lazy("Công việc"), max_length=500, required=False, widget=_wrapped()
    )
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


class TypedRows(BaseFormSet[Any]):
    """Rows as they were typed. Django takes an added row that equals the stored one of its number for blank:
    what an autosave has kept would be gone with the next."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.empty_permitted = False


class SpareRows(TypedRows):
    """Rows to spare, for pages without scripts; blank ones are nothing."""

    @property
    def first_rows(self) -> list[Any]:
        """What is filled in, and the one blank row that a page with scripts begins with."""
        return list(self.forms if self.is_bound else self.forms[: self.initial_form_count() + 1])

    @property
    def spare_rows(self) -> list[Any]:
        return list(self.forms[len(self.first_rows) :])


def _grid(form: type[forms.Form], most: int) -> Any:
    return formset_factory(
        form, formset=SpareRows, extra=5, max_num=most, absolute_max=2 * most, can_delete=True
    )


LineFormSet = _grid(LineForm, 200)
ScheduleFormSet = _grid(ScheduleForm, 100)
ResultFormSet = _grid(ResultForm, 50)


def kept(formset: BaseFormSet[Any]) -> list[Any]:
    """The forms of a valid formset that were not ticked for removal."""
    return [form for form in formset.forms if not form.cleaned_data.get("DELETE")]


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
