"""The form of a new version of a rule: one for every kind, made from the kind's own fields."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from programs import template_fields
from programs.document_forms import NEWEST, OneDocument
from programs.errors import MissingDetail
from programs.lawterms import EVENTS, RuleCode, RuleConfidence
from programs.lifecycle import Purse
from programs.models import ActivityKind, PlanMilestone, Sector
from programs.rulekinds import RuleKind
from programs.rules import FURTHEST, Wish, wish
from programs.rulewords import shown_code
from vietnam.fields import CleanLinesFormField, VnDateField
from vietnam.models import AdminUnit, CalendarDayKind, LegalDocument
from vietnam.text import clean

OFFERED = (
    RuleConfidence.SEEN,
    RuleConfidence.SINGLE,
    RuleConfidence.MEMORY,
    RuleConfidence.PROPOSAL,
)
"""Grades a proposer may give; "verified" comes of the second person's yes alone."""
SATURDAY = 5
DECEMBER, LEAP_YEAR = 12, 2028
READ_IN_A_DOCUMENT = {str(RuleConfidence.SEEN), str(RuleConfidence.SINGLE)}

Choice = tuple[str, str | Promise]


class RuleForm(forms.ModelForm[Any]):
    """``old``: the version to start from; without one the rule is new and its key is asked for too."""

    kind: RuleKind
    valid_from = VnDateField(label=_("Hiệu lực từ ngày"))
    valid_to = VnDateField(
        label=_("Đến hết ngày"),
        required=False,
        help_text=_("Bỏ trống: đến khi có bản khác."),
    )
    ends = forms.BooleanField(label=_("Bãi bỏ: từ ngày này không còn quy định này"), required=False)
    reason = CleanLinesFormField(
        label=_("Lý do sửa"),
        max_length=2000,
        widget=forms.Textarea,
        help_text=_("Người xác nhận đọc lý do này khi đối chiếu với văn bản."),
    )

    def __init__(self, data: Any = None, *, old: Any = None, home: AdminUnit | None = None) -> None:
        self.old, self.home = old, home
        super().__init__(data, instance=_start(self.kind, old))
        for name in self.kind.key if old is not None else self._decided():
            self.fields.pop(name, None)
        if old is None:
            del self.fields["ends"]
        if old is None and self.kind.code == RuleCode.PROGRAMME:
            self.fields["valid_to"].required, self.fields["valid_to"].help_text = True, ""
        if self.kind.day:
            del self.fields["valid_to"]  # a rule of one day holds for that day's year
            self.fields["valid_from"].help_text = _("Ngày văn bản có hiệu lực, không muộn hơn chính ngày đó.")
        self._offer()

    def _decided(self) -> Iterable[str]:
        """Key fields that follow from whose law the person keeps."""
        if not self.kind.provincial:
            return ()
        free = self.kind.code == RuleCode.MILESTONE and self.home is None
        return ("province",) if free else ("province", "purse")

    def _offer(self) -> None:
        for name, choices in CHOICES.items():
            if name in self.fields:
                required = name == "milestone" or (
                    name == "activity_code" and self.kind.code == RuleCode.NORM
                )
                first = _("mọi nội dung") if name == "activity_code" and not required else "–"
                self.fields[name] = forms.ChoiceField(
                    label=self.fields[name].label, choices=[("", first), *choices()], required=required
                )
        if "commune" in self.fields:
            self._ask_for_a_commune()
        if self.kind.code == RuleCode.TEMPLATE:
            template_fields.unfold(self)
        if self.kind.day in self.fields:
            self.fields[self.kind.day] = VnDateField(label=self.fields[self.kind.day].label)
        if "source_document" in self.fields:
            plain = self.fields["source_document"]
            self.fields["source_document"] = OneDocument(
                LegalDocument.objects.order_by(*NEWEST),
                label=plain.label,
                required=plain.required,
                empty_label=str(_("– chọn văn bản –")),
            )
        if "confidence" in self.fields:
            grade = self.fields["confidence"]
            assert isinstance(grade, forms.ChoiceField)
            known = dict(cast(Any, self.kind.model)._meta.get_field("confidence").choices)
            grade.choices = [(each.value, each.label) for each in OFFERED if each in known]
            grade.help_text = _("“Đã đọc trong văn bản” thành “Đã kiểm chứng” khi người thứ hai xác nhận.")

        for field in self.fields.values():
            if isinstance(field, forms.TypedChoiceField):  # one dash for "nothing chosen", as everywhere
                field.choices = [
                    (value, label if value else "–") for value, label in cast(Any, field).choices
                ]

    def _ask_for_a_commune(self) -> None:
        """By name with suggestions; without scripts by its code."""
        communes = AdminUnit.objects.on().communes()
        self.fields["commune"] = forms.ModelChoiceField(communes, required=False, widget=forms.HiddenInput)
        self.fields["commune_text"] = forms.CharField(
            label=_("Xã, phường"), max_length=120, help_text=_("Chọn trong gợi ý, hoặc ghi mã xã 5 chữ số.")
        )

    def clean_commune_text(self) -> str:
        text: str = clean(self.cleaned_data["commune_text"])
        picked = self.cleaned_data.get("commune")
        if picked is None or picked.name != text:
            picked = AdminUnit.objects.on().communes().filter(code=text[:6]).first()
        if picked is None:
            raise forms.ValidationError(_("Hãy chọn xã, phường trong gợi ý, hoặc ghi mã xã 5 chữ số."))
        self.cleaned_data["commune"] = picked
        return text

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("ends"):
            return data
        if data.get("confidence") in READ_IN_A_DOCUMENT:
            if not data.get("source_document") and "source_document" not in self.errors:
                self.add_error("source_document", _("Hãy chọn văn bản đã đọc, hoặc chọn độ tin cậy khác."))
            if not data.get("clause") and "clause" not in self.errors:
                self.add_error("clause", _("Hãy ghi điều, khoản trong văn bản đã đọc."))
        if self.kind.code == RuleCode.NORM:
            self._clean_limits(data)
        if self.kind.code == RuleCode.MILESTONE:
            self._clean_day(data)
        if self.kind.code == RuleCode.WARD:
            self._clean_day_of_month(data)
        if self.kind.code == RuleCode.CALENDAR:
            self._clean_day_off(data)
        if self.kind.code == RuleCode.TEMPLATE:
            self.instance.texts = template_fields.prompts_of(self)
        return data

    def _clean_limits(self, data: dict[str, Any]) -> None:
        limits = {"pct", "cap_vnd"}
        if not limits & set(self.errors) and all(data.get(name) is None for name in limits):
            self.add_error("pct", _("Hãy ghi tỷ lệ tối đa, mức tối đa, hoặc cả hai."))
        if data.get("cap_vnd") == 0:
            self.add_error("cap_vnd", _("Mức tối đa phải lớn hơn 0 đồng."))
        if (times := data.get("uplift_max")) is not None and times < 1:
            self.add_error("uplift_max", _("Hệ số ưu tiên không nhỏ hơn 1."))

    def _clean_day(self, data: dict[str, Any]) -> None:
        counted = data.get("days") and data.get("days_after")
        if not data.get("day") and not counted:
            self.add_error("day", _("Hãy ghi ngày, hoặc số ngày sau một sự kiện."))
        for name, most in (("day", 31), ("month", 12)):
            value = data.get(name)
            if value is not None and not 1 <= value <= most:
                self.add_error(name, _("Hãy ghi số từ 1 đến %(most)d.") % {"most": most})

    def _clean_day_of_month(self, data: dict[str, Any]) -> None:
        """29 February passes: a shorter year counts to the 28th."""
        day, month = data.get("day"), data.get("month")
        if not day or not month or month > DECEMBER:  # the model's validators say so at their fields
            return
        if day > (last := calendar.monthrange(LEAP_YEAR, month)[1]):
            said = _("Tháng %(month)d không có ngày %(day)d; hãy ghi số từ 1 đến %(last)d.")
            self.add_error("day", said % {"month": month, "day": day, "last": last})

    def _clean_day_off(self, data: dict[str, Any]) -> None:
        day = data.get("date") or self.instance.date
        if day and day.year > timezone.localdate().year + FURTHEST:
            self.add_error("date", _("Ngày này quá xa; hãy xem lại năm."))
        if day and data.get("kind") == CalendarDayKind.MAKEUP and day.weekday() < SATURDAY:
            told = _("Ngày làm bù phải là thứ Bảy hoặc Chủ nhật; %(day)s vốn là ngày làm việc.")
            self.add_error("kind", told % {"day": f"{day:%d/%m/%Y}"})

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # Django's own hook; the stubs leave it out
        row = self.instance
        if self.old is None and self.kind.provincial and self.home is not None:
            row.province, row.purse = self.home, Purse.KCDP
        elif self.old is None and self.kind.code in (RuleCode.NORM, RuleCode.PROGRAMME):
            row.purse = Purse.KCQG

    def wish(self) -> Wish | None:
        """What was asked for; None, with the reason at its field, where it does not fit the law there is."""
        data = self.cleaned_data
        try:
            last, ends = data.get("valid_to"), bool(data.get("ends"))
            return wish(self.kind, self.instance, data["valid_from"], last, ends=ends)
        except MissingDetail as error:
            self.add_error(error.field, str(error))
            return None

    @property
    def said(self) -> list[forms.BoundField]:
        """The fields of the rule itself."""
        prompts = [name for name in self.fields if name.startswith(template_fields.PREFIX)]
        names = [name for name in (*self.kind.key, *prompts, *self.kind.fields) if name in self.fields]
        return [self[name] for name in names if not self[name].is_hidden]

    @property
    def grounds(self) -> list[forms.BoundField]:
        return [self[name] for name in self.kind.grounds if name in self.fields]


def _start(kind: RuleKind, old: Any) -> Any:
    """A row of its own with what the old version says."""
    row = kind.model()
    if old is not None:
        for field in kind.model._meta.concrete_fields:
            if field.name not in ("id", "valid"):
                setattr(row, field.attname, getattr(old, field.attname))
    if hasattr(row, "confidence"):
        ours = kind.code == RuleCode.TEMPLATE  # no document orders what a dossier usually says
        row.confidence = RuleConfidence.PROPOSAL if ours else RuleConfidence.SEEN
    return row


def _activities() -> list[Choice]:
    kinds = ActivityKind.objects.filter(valid__contains=timezone.localdate())
    return [(kind.code, f"{shown_code(kind.code)} {kind.short_name}") for kind in kinds]


def _sectors() -> list[Choice]:
    return [(each.code, str(each)) for each in Sector.objects.filter(valid__contains=timezone.localdate())]


def _milestones() -> list[Choice]:
    """A date of a province's own stands for one that there is."""
    known = PlanMilestone.objects.filter(valid__contains=timezone.localdate(), province__isnull=True)
    return list(dict(known.order_by("name").values_list("milestone", "name")).items())


CHOICES: dict[str, Callable[[], list[Choice]]] = {
    "activity_code": _activities,
    "parent_code": _activities,
    "sector_code": _sectors,
    "milestone": _milestones,
    "days_after": lambda: list(EVENTS.items()),
}


def form_of(kind: RuleKind, data: Any = None, *, old: Any = None, home: AdminUnit | None = None) -> RuleForm:
    """The form of this kind, bound where ``data`` was sent."""
    fields = [*kind.key, *kind.fields, *kind.grounds]
    made = forms.modelform_factory(
        kind.model, form=type("KindForm", (RuleForm,), {"kind": kind}), fields=fields
    )
    return cast(type[RuleForm], made)(data, old=old, home=home)
