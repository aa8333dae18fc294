"""Forms of the steps: what a person fills in besides choosing the step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from programs.lifecycle import SINGLE_ACTIONS
from programs.models import Correctable
from programs.remarks import ANCHORS
from programs.reviewterms import CRITERIA, Audience, Grade, Turn
from programs.workflow import Paper
from records.files import FileRefused, store
from vietnam.fields import CleanFormField, CleanLinesFormField, VnDateField, VndFormField
from vietnam.models import AdminUnit
from vietnam.text import clean


class PaperForm(forms.Form):
    """A decision, notice or appraisal on paper: number, date, signer, scan."""

    paper_number = CleanFormField(label=_("Số văn bản"), max_length=60, required=False)
    paper_date = VnDateField(label=_("Ngày văn bản"), required=False)
    paper_signer = CleanFormField(label=_("Người ký"), max_length=150, required=False)
    paper_file = forms.FileField(label=_("Bản chụp văn bản"), required=False)

    def paper(self) -> Paper:
        """The paper as entered; storing the scan may raise ``ValidationError`` at its field."""
        data = self.cleaned_data
        upload = data.get("paper_file")
        stored = None
        if upload:
            try:
                stored = store(upload, upload.name or "")
            except FileRefused as refusal:
                raise forms.ValidationError({"paper_file": str(refusal)}) from refusal
        return Paper(
            number=data.get("paper_number") or "",
            signed_on=data.get("paper_date"),
            signer=data.get("paper_signer") or "",
            file=stored,
        )


class SignedPaperForm(PaperForm):
    """A decision, notice or appraisal named in full, with its scan."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("paper_number", "paper_date", "paper_signer", "paper_file"):
            self.fields[name].required = True


class SheetForm(forms.Form):
    """An appraisal sheet: a grade and a note for each criterion."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, label in CRITERIA:
            self.fields[f"grade-{code}"] = forms.ChoiceField(
                label=str(label), choices=Grade.choices, required=False, widget=forms.RadioSelect
            )
            self.fields[f"note-{code}"] = CleanLinesFormField(
                label=f"{_('Nhận xét')}: {label}", max_length=2000, required=False, widget=forms.Textarea
            )

    def marks(self) -> dict[str, tuple[str, str]]:
        data = self.cleaned_data
        return {code: (data[f"grade-{code}"], data[f"note-{code}"]) for code, _label in CRITERIA}

    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"grade-{code}"], self[f"note-{code}"]) for code, _label in CRITERIA]


class CouncilForm(forms.Form):
    """Who sits in a council; ``people`` are those who may."""

    chair = forms.TypedChoiceField(label=_("Chủ tịch"), coerce=int)
    secretary = forms.TypedChoiceField(label=_("Thư ký"), coerce=int)
    members = forms.TypedMultipleChoiceField(
        label=_("Thành viên"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(person.pk, str(person)) for person in people]
        for name in ("chair", "secretary", "members"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices if name == "members" else [("", "–"), *choices]


class ConclusionForm(forms.Form):
    conclusion = CleanLinesFormField(
        label=_("Kết luận của hội đồng"), max_length=4000, required=False, widget=forms.Textarea
    )


class TransitionForm(PaperForm):
    """One step of one project. ``version`` is the one the person saw."""

    action = forms.ChoiceField(choices=[(action, action) for action in SINGLE_ACTIONS])
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    note = forms.CharField(label=_("Ý kiến"), required=False, max_length=4000, widget=forms.Textarea)
    tranche = forms.UUIDField(required=False)
    next = forms.CharField(required=False)


class _RemarkWords(forms.Form):
    text = CleanLinesFormField(label=_("Nhận xét"), max_length=4000, required=False, widget=forms.Textarea)
    mentioned = forms.TypedMultipleChoiceField(
        label=_("Nhắc đồng nghiệp"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ids = self.data.getlist("mentioned") if isinstance(self.data, MultiValueDict) else []
        mentioned = self.fields["mentioned"]
        assert isinstance(mentioned, forms.TypedMultipleChoiceField)
        mentioned.choices = [(text, text) for text in ids if text.isdecimal() and len(text) < 18]


class AssignForm(forms.Form):
    """Who handles the file from now on."""

    holder = forms.ChoiceField(label=_("Người xử lý"))
    reason = CleanLinesFormField(
        label=_("Lý do, việc cần làm"), max_length=300, required=False, widget=forms.TextInput
    )

    def __init__(self, *args: Any, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        self.fields["holder"] = forms.ChoiceField(
            label=self.fields["holder"].label,
            choices=[("", "–"), *((key, str(person)) for key, person in self.people.items())],
            error_messages={"required": _("Hãy chọn người xử lý.")},
        )
        self.order_fields(["holder", "reason"])

    def chosen(self) -> User:
        return self.people[self.cleaned_data["holder"]]


class HandOverForm(AssignForm):
    """Many files at once; why is part of the record."""

    reason = CleanLinesFormField(
        label=_("Lý do bàn giao"),
        max_length=300,
        widget=forms.TextInput,
        error_messages={"required": _("Hãy ghi lý do bàn giao.")},
    )


class RemarkForm(_RemarkWords):
    """A remark on a field; who may be mentioned is the verb's to judge."""

    anchor = forms.ChoiceField(label=_("Mục"), choices=list(ANCHORS.items()), required=False)
    audience = forms.ChoiceField(
        label=_("Ai đọc được"),
        choices=Audience.choices,
        initial=Audience.OFFICE,
        widget=forms.RadioSelect,
    )


class AnswerForm(_RemarkWords):
    turn = forms.ChoiceField(choices=[("", ""), *Turn.choices], required=False)


class AnnexForm(forms.Form):
    """A place in the annex for each project of a tranche; one left empty follows by priority."""

    def __init__(self, codes: Iterable[str], data: Mapping[str, Any]) -> None:
        super().__init__(data)
        for code in codes:
            self.fields[f"order-{code}"] = forms.IntegerField(
                label=code, min_value=1, max_value=999, required=False
            )

    def places(self) -> dict[str, int | None]:
        return {str(self.fields[name].label): place for name, place in self.cleaned_data.items()}


class CeilingForm(forms.Form):
    amount_vnd = VndFormField(label=_("Trần kinh phí"))
    document_number = forms.CharField(label=_("Văn bản giao"), max_length=60, required=False)
    seen_vnd = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
    """The ceiling its sender saw."""


class OverrideForm(forms.Form):
    fingerprint = forms.CharField(max_length=64, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Lý do"), max_length=2000, widget=forms.Textarea)
    document_number = forms.CharField(label=_("Số văn bản cho phép"), max_length=60)


class RulingForm(forms.Form):
    """A reviewer's finding on one claim of priority."""

    predicate = forms.CharField(max_length=40, widget=forms.HiddenInput)
    accepted = forms.TypedChoiceField(
        label=_("Kết luận"),
        choices=[("1", _("Công nhận")), ("0", _("Không công nhận"))],
        coerce=lambda value: value == "1",
    )
    reason = CleanFormField(label=_("Lý do"), max_length=500, required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("accepted") is False and not data.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Hãy ghi lý do không công nhận."))
        return data


class CorrectionForm(forms.Form):
    """A đính chính of one field. ``before`` is what its sender saw there."""

    field = forms.ChoiceField(choices=Correctable.choices, widget=forms.HiddenInput)
    before = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    after = forms.CharField(label=_("Nay đính chính là"), max_length=500, required=False)
    reason = forms.CharField(label=_("Lý do đính chính"), max_length=500, required=False)
    document_number = forms.CharField(label=_("Số văn bản đính chính"), max_length=60, required=False)


MOST_ADDRESSES = 1000
LONGEST_ADDRESS = 300


class AddressesForm(forms.Form):
    """Addresses to be read as of today, one a line."""

    lines = forms.CharField(
        label=_("Địa chỉ, mỗi dòng một địa chỉ"),
        max_length=MOST_ADDRESSES * LONGEST_ADDRESS,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Hãy ghi ít nhất một địa chỉ.")},
        help_text=_("Dán cả cột từ Excel được; không dấu, viết tắt (P., H., TP.) đều đọc được."),
    )
    on = VnDateField(
        label=_("Địa chỉ ghi ngày"),
        required=False,
        help_text=_("Bỏ trống khi không rõ; tên có cả trước và sau 01/07/2025 sẽ được hỏi lại."),
    )

    def clean_lines(self) -> list[str]:
        lines = [clean(line) for line in self.cleaned_data["lines"].splitlines()]
        found = [line for line in lines if line]
        if len(found) > MOST_ADDRESSES:
            raise forms.ValidationError(
                _("Mỗi lần tối đa %(most)s dòng; ở đây có %(count)s.")
                % {"most": MOST_ADDRESSES, "count": len(found)}
            )
        for number, line in enumerate(lines, start=1):
            if len(line) > LONGEST_ADDRESS:
                raise forms.ValidationError(
                    _("Dòng %(number)s dài hơn %(most)s ký tự.") % {"number": number, "most": LONGEST_ADDRESS}
                )
        return found


class PlaceRecordForm(forms.Form):
    """Which part of its split commune a record lies in."""

    unit = forms.ChoiceField(
        label=_("Nay thuộc"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Hãy chọn một xã, phường.")},
    )
    reason = forms.CharField(
        label=_("Căn cứ xác định"),
        max_length=255,
        error_messages={"required": _("Hãy ghi căn cứ: thôn, tổ dân phố, biên bản, xác nhận của xã…")},
        help_text=_("Thôn, tổ dân phố, biên bản hoặc xác nhận của xã."),
    )
    document = forms.CharField(label=_("Số văn bản"), max_length=120, required=False)

    def __init__(self, *args: Any, units: Iterable[AdminUnit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {str(unit.pk): unit for unit in units}
        choice = self.fields["unit"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(key, unit.full_name) for key, unit in self.units.items()]

    def placement(self) -> dict[str, Any]:
        """What ``territory.place_record`` takes."""
        return {**self.cleaned_data, "unit": self.units[self.cleaned_data["unit"]]}
