"""Two readings of one section of the form: what a person typed, and what was saved meanwhile."""

from __future__ import annotations

from dataclasses import dataclass

from django.forms import BaseForm, BooleanField, BoundField, ChoiceField, HiddenInput
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from programs.sections import Bound


@dataclass(frozen=True, slots=True)
class Difference:
    label: str | Promise
    mine: str
    theirs: str


def differences(mine: Bound, theirs: Bound) -> list[Difference]:
    """Fields that say different things, in the order of the form; rows are compared by their place."""
    stored = _shown(theirs)
    typed = _shown(mine)
    return [
        Difference(label, typed.get(name, (label, ""))[1], stored.get(name, (label, ""))[1])
        for name, (label, _text) in {**stored, **typed}.items()
        if typed.get(name, (label, ""))[1] != stored.get(name, (label, ""))[1]
    ]


def _shown(bound: Bound) -> dict[str, tuple[str | Promise, str]]:
    """Label and displayed text by the control's name; removed and blank rows are left out."""
    found: dict[str, tuple[str | Promise, str]] = {}
    for form in bound.each():
        names = [
            name
            for name, form_field in form.fields.items()
            if name != "DELETE" and not isinstance(form_field.widget, HiddenInput)
        ]
        texts = {name: _text(form, name) for name in names}
        flags = {name for name in names if isinstance(form.fields[name], BooleanField)}
        if form.prefix and (_is_removed(form) or not any(texts[name] for name in names if name not in flags)):
            continue
        found |= {form.add_prefix(name): (_label(form, name), texts[name]) for name in names}
    return found


def _is_removed(form: BaseForm) -> bool:
    return "DELETE" in form.fields and bool(form["DELETE"].value())


def _label(form: BaseForm, name: str) -> str | Promise:
    label = form[name].label
    prefix, _dash, index = (form.prefix or "").rpartition("-")
    if not index.isdigit():
        return label
    return _("%(column)s dòng %(number)s") % {"column": label, "number": int(index) + 1}


def _text(form: BaseForm, name: str) -> str:
    """The value as people read it: a choice by its words, an amount and a date in their usual form."""
    form_field = form.fields[name]
    value = form[name].value()
    if form.is_bound and name in getattr(form, "cleaned_data", {}):
        value = form_field.prepare_value(form.cleaned_data[name])
    if isinstance(value, bool):
        return _("Có") if value else ""
    if value in (None, ""):
        return ""
    if isinstance(form_field, ChoiceField):
        return _choice(form[name], str(value))
    return str(form_field.widget.format_value(value) or "").strip()


def _choice(bound_field: BoundField, value: str) -> str:
    """The words of a choice; a select offers its options one by one."""
    for option in bound_field.subwidgets:
        if str(option.data["value"]) == value:
            return option.choice_label
    return value
