"""The forms in which contracts, annexes, requests, vouchers and refunds are entered. Money is VND."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from programs.contracting import AnnexValues
from programs.forms import PaperForm
from programs.moneyterms import RequestKind
from programs.paying import RequestValues, Voucher
from records.files import FileRefused, store
from records.models import StoredFile
from vietnam.fields import CleanFormField, CleanLinesFormField, VnDateField, VndFormField


class _MoneyForm(forms.Form):
    """Amounts in the unit this person has chosen."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, VndFormField):
                field.unit = "trieu" if user.money_unit == "trieu" else "dong"

    def stored(self, name: str) -> StoredFile | None:
        """The uploaded file, kept; raises ``ValidationError`` at its field."""
        upload = self.cleaned_data.get(name)
        if not upload:
            return None
        try:
            return store(upload, upload.name or "")
        except FileRefused as refusal:
            raise forms.ValidationError({name: str(refusal)}) from refusal


class ContractForm(_MoneyForm, PaperForm):
    contract_vnd = VndFormField(label=_("Kinh phí hỗ trợ theo hợp đồng"))
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    field_order = ["paper_number", "paper_date", "paper_signer", "contract_vnd", "paper_file"]


class AnnexForm(_MoneyForm):
    number = CleanFormField(label=_("Số phụ lục"), max_length=60)
    signed_on = VnDateField(label=_("Ngày ký"))
    signer = CleanFormField(label=_("Người ký"), max_length=150)
    amount_vnd = VndFormField(
        label=_("Kinh phí hỗ trợ sau phụ lục"),
        help_text=_("Cả hợp đồng, không phải phần tăng giảm; giữ nguyên nếu phụ lục không đổi kinh phí."),
    )
    reason = CleanFormField(label=_("Nội dung, lý do điều chỉnh"), max_length=500)
    annex_file = forms.FileField(label=_("Bản chụp phụ lục"), required=False)

    def values(self) -> AnnexValues:
        data = self.cleaned_data
        return AnnexValues(
            data["number"], data["signed_on"], data["signer"], data["amount_vnd"], data["reason"],
            self.stored("annex_file"),
        )  # fmt: skip


class RequestForm(_MoneyForm):
    kind = forms.ChoiceField(label=_("Loại đề nghị"), choices=RequestKind.choices, widget=forms.RadioSelect)
    amount_vnd = VndFormField(label=_("Số tiền đề nghị"))
    done_percent = forms.IntegerField(
        label=_("Khối lượng đã hoàn thành"), min_value=0, max_value=100, required=False
    )
    reason = CleanLinesFormField(
        label=_("Nội dung đề nghị"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    request_file = forms.FileField(label=_("Báo cáo khối lượng, hồ sơ kèm theo"), required=False)

    def values(self) -> RequestValues:
        data = self.cleaned_data
        return RequestValues(
            RequestKind(data["kind"]), data["amount_vnd"], data["reason"], data["done_percent"],
            self.stored("request_file"),
        )  # fmt: skip


class VoucherForm(_MoneyForm):
    """Money that has moved through the treasury."""

    voucher_number = CleanFormField(label=_("Số chứng từ"), max_length=60)
    voucher_on = VnDateField(label=_("Ngày chứng từ"))
    treasury = CleanFormField(label=_("Kho bạc, ngân hàng"), max_length=150, required=False)
    voucher_note = CleanFormField(label=_("Ghi chú"), max_length=500, required=False)

    def voucher(self) -> Voucher:
        data = self.cleaned_data
        return Voucher(data["voucher_number"], data["voucher_on"], data["treasury"], data["voucher_note"])


class RefundForm(VoucherForm):
    amount_vnd = VndFormField(label=_("Số tiền thu hồi, hoàn trả"))

    field_order = ["amount_vnd"]


class ApprovalForm(forms.Form):
    """Why an advance is approved beyond its rate; left empty where it keeps to it."""

    note = CleanLinesFormField(
        label=_("Văn bản, lý do cho phép"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class AnswerForm(forms.Form):
    note = CleanLinesFormField(
        label=_("Lý do trả lại"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
