"""The rows of the project form in which a drafter claims priority, each with what shows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.claiming import predicates_on
from programs.draft_forms import TypedRows, kept
from programs.draft_values import ClaimValues
from programs.lawterms import PriorityGroup
from programs.models import Project
from vietnam.fields import CleanFormField, VnDateField

MOST_CLAIMS = 12
DOCUMENT = ("document_number", "document_date", "document_issuer")
"""A document is named whole, or not at all."""
SHOWN = ("predicate", "statement", "document_number", "document_date", "document_issuer", "attachment")


class ClaimForm(forms.Form):
    """One ground of priority. Evidence may come later: the check at its row says that nothing counts yet."""

    predicate = forms.ChoiceField(label=gettext_lazy("Diện ưu tiên"), required=False)
    statement = CleanFormField(label=gettext_lazy("Minh chứng cho thấy gì"), max_length=500, required=False)
    document_number = CleanFormField(label=gettext_lazy("Số văn bản"), max_length=60, required=False)
    document_date = VnDateField(label=gettext_lazy("Ngày văn bản"), required=False)
    document_issuer = CleanFormField(label=gettext_lazy("Nơi ban hành"), max_length=200, required=False)
    attachment = forms.TypedChoiceField(
        label=gettext_lazy("Tệp trong hồ sơ"), required=False, coerce=int, empty_value=None
    )

    def __init__(self, *args: Any, choices: dict[str, list[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, offered in choices.items():
            self.fields[name].choices = [("", "–"), *offered]  # type: ignore[attr-defined]  # choice fields

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if any(data.get(name) for name in SHOWN[1:]):
            self._need("predicate", _("Hãy chọn diện ưu tiên mà minh chứng này chứng minh."))
        if any(data.get(name) for name in DOCUMENT):
            self._need("document_number", _("Hãy ghi số văn bản."))
            self._need("document_date", _("Hãy ghi ngày của văn bản."))
            self._need("document_issuer", _("Hãy ghi cơ quan ban hành văn bản."))
        if (day := data.get("document_date")) and day > timezone.localdate():
            self.add_error("document_date", _("Ngày văn bản không được ở tương lai."))
        return data

    def _need(self, name: str, missing: str) -> None:
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, missing)


class ClaimRows(TypedRows):
    def clean(self) -> None:
        """A ground is claimed once: its evidence stands together."""
        seen: set[str] = set()
        for form in self.forms:
            code = form.cleaned_data.get("predicate") if form.is_valid() else ""
            if not code or form.cleaned_data.get("DELETE"):
                continue
            if code in seen:
                form.add_error("predicate", _("Diện ưu tiên này đã ghi ở dòng trên; hãy ghi chung một dòng."))
            seen.add(code)


ClaimFormSet = formset_factory(
    ClaimForm, formset=ClaimRows, extra=1, max_num=MOST_CLAIMS, absolute_max=2 * MOST_CLAIMS, can_delete=True
)


def claim_rows(project: Project, data: Any) -> BaseFormSet[ClaimForm]:
    """The dossier's claims, and an empty row for the next one."""
    stored = list(project.claims.order_by("pk").values(*SHOWN))
    choices = _choices(project, [row["predicate"] for row in stored])
    return ClaimFormSet(data, initial=stored, prefix="claims", form_kwargs={"choices": choices})


def _choices(project: Project, own: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    """The grounds in force on 1 January of the plan year that a dossier can claim, those it claims already,
    and its papers. A flagship project shows itself."""
    in_force = predicates_on(dt.date(project.year, 1, 1))
    offered = [(each.code, each.name) for each in in_force if each.group != PriorityGroup.FLAGSHIP]
    known = {code for code, _name in offered}
    papers = project.attachments.values_list("pk", "name")
    return {
        "predicate": [*offered, *((code, code) for code in own if code not in known)],
        "attachment": [(str(pk), name) for pk, name in papers],
    }


def claims_from(formset: BaseFormSet[Any]) -> list[ClaimValues]:
    return [
        ClaimValues(**{name: form.cleaned_data[name] for name in SHOWN})
        for form in kept(formset)
        if form.cleaned_data.get("predicate")
    ]
