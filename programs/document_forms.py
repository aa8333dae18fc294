"""The form of a legal document that is not in the register yet."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from vietnam.fields import CleanLinesFormField, VnDateField
from vietnam.models import AdminUnit, Confidence, LegalDocument, RelationKind

OF_A_PROVINCE = ("NQ", "QD", "KH")
"""What a province's council and committee issue."""


NEWEST = (F("issued_on").desc(nulls_last=True), "number")
"""The newest first; those whose day nobody has entered at the end."""

BODIES = ("Hội đồng nhân dân", "Ủy ban nhân dân")
"""Stored as documents name them, whatever the reader's language."""


class _Named:
    """A number says nothing to whoever does not know it by heart."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.number} – {Truncator(obj.title).chars(70)}"


class Documents(_Named, forms.ModelMultipleChoiceField[LegalDocument]):
    """Several of the register."""


class OneDocument(_Named, forms.ModelChoiceField[LegalDocument]):
    """One of the register."""


class DocumentForm(forms.ModelForm[LegalDocument]):
    """``home``: the province whose Sở keeps it; its documents name their issuer among its own."""

    issued_on = VnDateField(label=_("Ngày ban hành"))
    valid_from = VnDateField(label=_("Hiệu lực từ ngày"))
    valid_to = VnDateField(label=_("Đến hết ngày"), required=False)
    replaces = Documents(LegalDocument.objects.none(), label=_("Thay thế"), required=False)
    amends = Documents(LegalDocument.objects.none(), label=_("Sửa đổi, bổ sung"), required=False)
    scan = forms.FileField(label=_("Bản chụp hoặc toàn văn"), required=False)
    reason = CleanLinesFormField(
        label=_("Ghi chú cho người xác nhận"), max_length=2000, widget=forms.Textarea
    )

    class Meta:
        model = LegalDocument
        fields = ("number", "title", "kind", "issuer", "issued_on", "confidence", "note")

    def __init__(self, data: Any = None, files: Any = None, *, home: AdminUnit | None = None) -> None:
        super().__init__(data, files, initial={"confidence": Confidence.SEEN})
        known = LegalDocument.objects.order_by(*NEWEST)
        if home is not None:
            issuers = [f"{body} {home.name_in_text}" for body in BODIES]
            self.fields["issuer"] = forms.ChoiceField(
                label=_("Cơ quan ban hành"), choices=[(each, each) for each in issuers]
            )
            kind = self.fields["kind"]
            assert isinstance(kind, forms.ChoiceField)
            kind.choices = [
                each
                for each in LegalDocument._meta.get_field("kind").choices or ()
                if each[0] in OF_A_PROVINCE
            ]
            known = known.filter(issuer__in=issuers)
        for name in ("replaces", "amends"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelMultipleChoiceField)
            field.queryset = known

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        since, last, issued = (data.get(name) for name in ("valid_from", "valid_to", "issued_on"))
        if since and issued and since < issued:
            self.add_error("valid_from", _("Ngày hiệu lực không được trước ngày ban hành."))
        if since and last and last < since:
            self.add_error("valid_to", _("Ngày kết thúc phải từ ngày bắt đầu trở đi."))
        if set(data.get("replaces") or ()) & set(data.get("amends") or ()):
            self.add_error("amends", _("Một văn bản chỉ được thay thế hoặc sửa đổi, không cả hai."))
        return data

    def document(self) -> LegalDocument:
        data = self.cleaned_data
        last: dt.date | None = data["valid_to"]
        self.instance.valid = DateRange(data["valid_from"], last + dt.timedelta(days=1) if last else None)
        return self.instance

    def relations(self) -> list[tuple[str, int]]:
        return [
            (kind, target.pk)
            for kind in (RelationKind.REPLACES, RelationKind.AMENDS)
            for target in self.cleaned_data[kind.value]
        ]


class SearchForm(forms.Form):
    q = forms.CharField(label=_("Số hoặc trích yếu"), required=False, max_length=120)
    kind = forms.ChoiceField(
        label=_("Loại văn bản"),
        required=False,
        choices=[("", _("Mọi loại")), *(LegalDocument._meta.get_field("kind").choices or ())],
    )
