"""Small tags the portal's templates share: icons, field widgets, bars and the tile map of provinces."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django import template
from django.contrib.messages.storage.base import Message
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from khuyencong import guide, minified, pictures, terms, texts
from programs.lifecycle import State
from programs.moneyterms import RequestState

register = template.Library()


# --- pieces of text and markup


@register.simple_tag
def icon(name: str) -> SafeString:
    """The decorative icon ``i-<name>`` of the sprite that base.html carries."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="#i-{}"/></svg>', name
    )


@register.filter
def at(mapping: Mapping[Any, Any] | None, key: Any) -> Any:
    """``mapping[key]``, or None: templates cannot index with a variable."""
    return mapping.get(key) if mapping else None


@register.filter
def initials(name: str) -> str:
    """Two letters for an avatar: a Vietnamese person is called by the last word, so "Trần Thu Hà" is "TH"."""
    words = [word for word in str(name).split() if word[0].isalpha()]
    if len(words) < 2:
        return "".join(words)[:2].upper()
    return (words[-2][0] + words[-1][0]).upper()


_TONES = {
    State.DRAFT: "neutral",
    State.SUBMITTED_PROV: "info",
    State.RETURNED_PROV: "warning",
    State.REVIEW_PROV: "info",
    State.PASSED_PROV: "good",
    State.REJECTED_PROV: "bad",
    State.REGISTERED: "info",
    State.RETURNED_MIN: "warning",
    State.REVIEW_MIN: "info",
    State.PASSED_MIN: "good",
    State.REJECTED_MIN: "bad",
    State.IN_PLAN: "stage",
    State.APPROVED: "good",
    State.ASSIGNED: "good",
    State.CONTRACTED: "good",
    State.STOPPED: "bad",
    State.WITHDRAWN: "neutral",
}


@register.filter
def state_tone(state: str) -> str:
    """The tone of a project state's tag; the word always stands beside the colour."""
    return _TONES.get(State(state), "neutral") if state in State.values else "neutral"


_PAYMENT_TONES = {
    RequestState.REQUESTED: "info",
    RequestState.CONFIRMED: "info",
    RequestState.APPROVED: "stage",
    RequestState.PAID: "good",
    RequestState.RETURNED: "warning",
    RequestState.WITHDRAWN: "neutral",
}


@register.filter
def payment_tone(state: str) -> str:
    """The tone of a payment request's tag."""
    return _PAYMENT_TONES[RequestState(state)]


_MESSAGE_ICONS = {"success": "check", "warning": "warning", "error": "warning"}


@register.filter
def message_icon(level: str) -> str:
    return _MESSAGE_ICONS.get(level, "info")


@register.filter
def way_back(message: Message) -> dict[str, str]:
    """Where a notice's step is undone (address, version), as its ``extra_tags`` say; empty without one."""
    address, _space, version = (message.extra_tags or "").partition(" ")
    return {"address": address, "version": version} if version else {}


@register.simple_tag
def interface_texts() -> dict[str, str]:
    """Sentences the scripts show, in the page's language; base.html hands them over as JSON."""
    return texts.sentences()


# --- forms


@register.simple_tag
def widget(field: BoundField, css: str = "input", **attributes: Any) -> SafeString:
    """The field's control with the portal's class and the ids of its help, error and words.

    Further attributes are named with underscores: ``data_money="1"`` becomes ``data-money``.
    """
    described = [f"{field.auto_id}_helptext"] if field.help_text else []
    if field.errors:
        described.append(f"{field.auto_id}_error")
        attributes["aria-invalid"] = "true"
    if extra := attributes.pop("described_by", ""):
        described.append(str(extra))
    attrs = {name.replace("_", "-"): value for name, value in attributes.items() if value not in ("", None)}
    if described:
        attrs["aria-describedby"] = " ".join(described)
    own = str(field.field.widget.attrs.get("class", ""))
    if css or own:
        attrs["class"] = f"{css} {own}".strip()
    return field.as_widget(attrs=attrs)


@register.simple_tag
def cell(field: BoundField, number: int | str, unit: str = "") -> SafeString:
    """A control inside a grid, named by its column and row; ``unit`` makes it an amount."""
    css = "cell cell--amount" if unit else "" if field.widget_type == "checkbox" else "cell"
    name = _("%(column)s dòng %(number)s") % {"column": field.label, "number": number}
    money = {"inputmode": "decimal", "data_money": unit} if unit else {}
    whole = "" if unit or field.widget_type == "checkbox" else field.value()  # a narrow cell cuts long words
    return widget(field, css, aria_label=name, autocomplete="off", title=whole, **money)


@register.filter
def fix_values(fix: Any) -> str:
    """The amounts a check proposes (VND by form field), as JSON for a data attribute; empty without one."""
    return json.dumps(dict(fix.amounts)) if fix else ""


# --- help where it is needed


@register.inclusion_tag("components/first_steps.html", takes_context=True)
def first_steps(context: Mapping[str, Any]) -> dict[str, Any]:
    """What to do first, by the reader's roles, until they have done something or hidden it."""
    return {"guides": guide.first_steps(context["request"].user), "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("components/term.html", takes_context=True)
def term(context: Mapping[str, Any], slug: str, word: str = "") -> dict[str, Any]:
    """A word of the field (``word``, else the term's name) with its meaning, at its first use on a page.

    Every further use of the same term is the plain word. Not inside labels, buttons or links.
    """
    found = _TERMS[slug]
    told: set[str] = context["request"].__dict__.setdefault("terms_told", set())
    first = slug not in told
    told.add(slug)
    return {"term": found, "word": word or found.name, "first": first}


_TERMS = {found.slug: found for found in terms.TERMS}


# --- pictures of numbers


@register.inclusion_tag("components/_bar.html")
def meter(value: float, maximum: float = 100, tone: str = "info", label: str = "") -> dict[str, Any]:
    """A thin bar of ``value`` against ``maximum``; without a label it only repeats a number beside it."""
    return {"parts": pictures.parts([(value, tone)], maximum), "label": label}


@register.inclusion_tag("components/source_bar.html")
def source_bar(amounts: Mapping[str, int], unit: str = "dong") -> dict[str, Any]:
    """Money by source as a bar with its legend. ``amounts`` in VND by KCQG, KCDP, OWN, OTHER."""
    return {"shares": pictures.shares(amounts), "unit": unit}


@register.inclusion_tag("components/columns.html")
def columns(
    rows: Sequence[tuple[str, Mapping[str, int]]], codes: str, label: str, unit: str = "dong"
) -> dict[str, Any]:
    """Money by year (or other label) as stacked columns with their table. ``rows``: (label, VND by source).

    ``codes`` are the sources shown, from below, such as "KCQG KCDP"; ``unit`` is the table's.
    """
    return {"chart": pictures.columns(rows, codes.split()), "label": label, "unit": unit}


@register.inclusion_tag("components/tilemap.html")
def tilemap(
    values: Iterable[Mapping[str, Any]], label: str, thresholds: str = "20 40 60 80", id: str = "map"
) -> dict[str, Any]:
    """Today's provinces as tiles. ``values``: code, value (number or None), text and perhaps url of each.

    ``thresholds`` are the four limits between the five shades, in the values' unit; ``id`` names the
    table twin. The unit belongs into ``label``.
    """
    limits = [float(limit) for limit in thresholds.split()]
    return {
        "tiles": pictures.tiles(values, limits),
        "legend": pictures.legend(limits),
        "label": label,
        "id": id,
    }


# --- the sign-in page carries its style itself, so that it shows after one round trip


@register.simple_tag
def inline_css(path: str) -> SafeString:
    """A stylesheet's text for a ``<style>`` element."""
    return mark_safe(_stylesheet(path))  # noqa: S308  (our own file)


@lru_cache(maxsize=4)
def _stylesheet(path: str) -> str:
    return minified.stylesheet(path).replace("</", "<\\/")
