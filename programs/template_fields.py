"""The fields in which a dossier's template is written: prompts by part, and lists with one entry a line."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.dossierterms import TEXT_SECTIONS
from programs.models import ExpectedResult
from programs.skeleton import BLANK
from vietnam.fields import CleanLinesFormField

PREFIX = "prompt_"
LONGEST = {"lines": 500, "schedule": 500}
MOST = 40
"""Most entries of one list."""
BAR = "|"


class EntriesField(CleanLinesFormField):
    """A list of texts, one a line; ``longest`` characters each."""

    widget = forms.Textarea

    def __init__(self, *, longest: int, **kwargs: Any) -> None:
        self.longest = longest
        super().__init__(required=False, help_text=_("Mỗi dòng một mục."), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        found = [line.strip() for line in (super().clean(value) or "").splitlines() if line.strip()]
        if len(found) > MOST:
            raise forms.ValidationError(_("Nhiều nhất %(most)d mục."), params={"most": MOST})
        for line in found:
            if len(line) > self.longest:
                told = _("Mục “%(start)s…” dài quá %(most)d ký tự.")
                raise forms.ValidationError(told, params={"start": line[:30], "most": self.longest})
        return found


class ResultsField(EntriesField):
    """A list of (indicator, unit), one a line with a bar between."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(longest=1000, **kwargs)
        self.help_text = _("Mỗi dòng một chỉ tiêu, sau dấu | là đơn vị, ví dụ: Lao động tăng thêm | người.")

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return "\n".join(f" {BAR} ".join(filter(None, pair)) for pair in value)

    def clean(self, value: Any) -> Any:
        found = []
        for line in super().clean(value):
            name, _bar, unit = (part.strip() for part in line.partition(BAR))
            for text, column in ((name, "indicator"), (unit, "unit")):
                most = cast(Any, ExpectedResult._meta.get_field(column)).max_length
                if len(text) > most:
                    told = _("“%(start)s…” dài quá %(most)d ký tự.")
                    raise forms.ValidationError(told, params={"start": text[:30], "most": most})
            if not name:
                raise forms.ValidationError(_("Hãy ghi tên chỉ tiêu trước dấu |."))
            found.append([name, unit])
        return found


def unfold(form: forms.ModelForm[Any]) -> None:
    """Put fields for people in the place of the columns."""
    del form.fields["texts"]
    for name, number, label in TEXT_SECTIONS:
        form.fields[PREFIX + name] = CleanLinesFormField(
            label=f"{number}. {label}", required=False, widget=forms.Textarea, max_length=4000,
            initial=form.instance.texts.get(name, ""),
        )  # fmt: skip
    for name, longest in LONGEST.items():
        form.fields[name] = EntriesField(label=form.fields[name].label, longest=longest)
    form.fields["results"] = ResultsField(label=form.fields["results"].label)


def prompts_of(form: forms.ModelForm[Any]) -> dict[str, str]:
    """The prompts as the column has them; what is wrong is told at its field."""
    found = {}
    for name, _number, _label in TEXT_SECTIONS:
        text = (form.cleaned_data.get(PREFIX + name) or "").replace("[...]", BLANK)
        if text and BLANK not in text:
            told = _("Hãy để […] ở chỗ phải điền; thiếu nó, phần chưa viết sẽ được coi là đã viết.")
            form.add_error(PREFIX + name, told)
        if text:
            found[name] = text
    if not (found or any(form.cleaned_data.get(name) for name in (*LONGEST, "results")) or form.errors):
        form.add_error(PREFIX + TEXT_SECTIONS[0][0], _("Khung mẫu chưa có gì: hãy ghi ít nhất một gợi ý."))
    return found
