"""Forms of an office's registers of numbers and of its seals."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import RegisterKind, SealKind, today
from accounts.models.papers import FIRST_YEAR, LARGEST_NUMBER, LAST_YEAR
from accounts.office_forms import DatesForm
from accounts.offices import Time
from vietnam.fields import CleanFormField, VnDateField


class BeginForm(forms.Form):
    begins_at = forms.IntegerField(
        label=_("Số đầu tiên"),
        min_value=1,
        max_value=LARGEST_NUMBER,
        initial=1,
        help_text=_("Lớn hơn 1 khi đầu năm cơ quan đã cấp số trên sổ giấy."),
    )


class RegisterForm(BeginForm):
    kind = forms.ChoiceField(label=_("Loại sổ"), choices=RegisterKind.choices)
    year = forms.IntegerField(label=_("Năm"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    field_order = ["kind", "year", "begins_at"]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["year"].initial = today().year


class SealForm(DatesForm):
    kind = forms.ChoiceField(label=_("Loại"), choices=SealKind.choices)
    number = CleanFormField(
        label=_("Số đăng ký hoặc số chứng thư"),
        max_length=80,
        help_text=_("Số đăng ký mẫu con dấu, hoặc số hiệu chứng thư số."),
    )
    source = CleanFormField(
        label=_("Văn bản"),
        max_length=255,
        help_text=_("Giấy chứng nhận hoặc văn bản cấp, với số và ngày."),
    )
    field_order = ["kind", "number", "source", "first", "last"]

    def time(self) -> Time:
        return Time(self.cleaned_data["first"], self.cleaned_data["last"])


class EndSealForm(forms.Form):
    last = VnDateField(label=_("Ngày cuối có giá trị"))
