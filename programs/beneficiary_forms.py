"""The rows of establishments in the project form; those the register does not know wait for the person."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beneficiaries.models import Establishment
from programs.draft_forms import TypedRows, kept
from programs.models import Project
from programs.registering import BeneficiaryValues, find_establishment
from vietnam import taxcode
from vietnam.fields import CleanFormField, whole_tax_code


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
    is_new = forms.BooleanField(required=False, widget=forms.HiddenInput)
    """The person has said that this is one the register does not know yet."""

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


BeneficiaryFormSet = formset_factory(
    BeneficiaryForm, formset=TypedRows, extra=1, max_num=100, absolute_max=200, can_delete=True
)


def beneficiaries_from(formset: BaseFormSet[Any]) -> list[BeneficiaryValues]:
    return [values for form in kept(formset) if (values := form.values())]


def waiting(formset: BaseFormSet[Any]) -> list[BeneficiaryForm]:
    """The rows that may not be kept behind the person's back: wrong ones, and names nobody has confirmed.

    A half-typed name must not enter the province's register.
    """
    return [form for form in kept(formset) if form.errors or not _is_settled(form)]


def _is_settled(form: BeneficiaryForm) -> bool:
    return form.values() is None or form.cleaned_data["is_new"] or form.registered() is not None


def beneficiaries_without(
    left_out: list[BeneficiaryForm], formset: BaseFormSet[Any]
) -> list[BeneficiaryValues]:
    """What the other rows say, after those stored before: none of them goes until all rows can be kept,
    for a row left out may be one of them under its new name."""
    removed = {form.registered() for form in formset.forms if form not in kept(formset)}
    typed = [form for form in kept(formset) if form not in left_out]
    stored = [BeneficiaryForm(row, project=formset.form_kwargs["project"]) for row in formset.initial or []]
    before = [form for form in stored if form.is_valid() and form.registered() not in removed]
    return [values for form in (*before, *typed) if (values := form.values())]
