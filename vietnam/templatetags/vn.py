"""Filters that show money and dates the Vietnamese way."""

from __future__ import annotations

import datetime as dt
from html import unescape
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from vietnam.money import format_vnd, reads_english
from vietnam.money import in_words as spell
from vietnam.text import looks_vietnamese

register = template.Library()

NOTHING = "–"


@register.filter
def vnd(amount: Any, unit: str = "dong") -> str:
    """1234567 → "1.234.567"; with unit "trieu" → "1,234567"; in English "1,234,567" and "1.234567".

    A dash when there is no amount.
    """
    if not isinstance(amount, int):
        return NOTHING
    return format_vnd(amount, "trieu" if unit == "trieu" else "dong")


@register.filter
def vnd_unit(amount: Any, unit: str = "dong") -> str:
    """As ``vnd``, with the unit behind: "1.234.567 đồng", "1.779,97 triệu đồng"."""
    if not isinstance(amount, int):
        return NOTHING
    name = gettext("triệu đồng") if unit == "trieu" else gettext("đồng")
    return f"{vnd(amount, unit)}\N{NO-BREAK SPACE}{name}"


@register.filter
def in_words(amount: Any) -> str:
    """ "Một triệu năm trăm nghìn đồng" under an amount; a reader of English is shown "1,500,000 đồng"."""
    if not isinstance(amount, int) or amount < 0:
        return NOTHING
    return vnd_unit(amount) if reads_english() else spell(amount)


@register.filter
def own_language(text: Any) -> SafeString:
    """Text as people or the law wrote it, marked as Vietnamese where the page speaks another language."""
    shown = conditional_escape(text)
    if (get_language() or "vi") == "vi" or not looks_vietnamese(unescape(strip_tags(shown))):
        return shown
    return format_html('<span lang="vi">{}</span>', shown)


def _local_day(value: Any) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value if isinstance(value, dt.date) else None


@register.filter
def vn_date(value: Any) -> str:
    """dd/mm/yyyy; a moment in time becomes the day it was in Việt Nam."""
    day = _local_day(value)
    return f"{day:%d/%m}/{day.year:04d}" if day else NOTHING


@register.filter
def vn_datetime(value: Any) -> str:
    """dd/mm/yyyy HH:MM in Vietnamese time."""
    if not isinstance(value, dt.datetime):
        return vn_date(value)
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{vn_date(local)} {local:%H:%M}"
