"""Pieces every list's filters share, on the page and in the API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.choices import normalize_choices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from drf_spectacular.drainage import set_override

from records.models import InboxItem
from records.placing import in_units
from records.querysets import InboxQuerySet
from vietnam.models import AdminUnit, Level, unit_family, whole_family

LONGEST_TEXT = 100
EARLIEST_YEAR, LATEST_YEAR = 2014, 2100
ISO_DATE = ["%Y-%m-%d"]

Choices = list[tuple[str, str | Promise]]


class UnitCodeField(forms.CharField):
    """An official code; cleaned to the ids of the newest unit that bears it and of its predecessors.

    A commune's are those that went into it whole: a split one belongs to several and is never counted twice.
    """

    def __init__(self, *, level: str, **kwargs: Any) -> None:
        self.level = level
        super().__init__(max_length=5, **kwargs)

    def clean(self, value: Any) -> list[int] | None:
        code = super().clean(value)
        if not code:
            return None
        units = list(AdminUnit.objects.filter(level=self.level, code=code))
        if not units:
            raise forms.ValidationError(_("Không có đơn vị hành chính mang mã này."), code="unknown")
        # Codes are used again after mergers: the unit of today, or the last one, is meant.
        newest = max(units, key=lambda unit: (unit.valid.upper is None, unit.valid.upper or 0))
        return whole_family(newest) if self.level == Level.COMMUNE else unit_family(newest)


class FlagField(forms.Field):
    """Yes or nothing: ``true``, ``1`` or ``on`` narrow the list, ``false`` and ``0`` do not."""

    YES, NO = {"true", "1", "on"}, {"", "false", "0"}
    default_error_messages = {"invalid": _("Hãy ghi true hoặc false.")}

    def to_python(self, value: Any) -> bool:
        text = str(value or "").strip().lower()
        if text not in self.YES | self.NO:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return text in self.YES


class FlagWidget(forms.CheckboxInput):
    """A checkbox that keeps the raw value, so that nonsense is refused and not read as yes."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, check_test=lambda value: str(value or "").lower() in FlagField.YES)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return data.get(name)


class OneOrMoreSelect(forms.Select):
    """Shown as a plain select, yet an address may name several values."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        values = data.getlist(name) if hasattr(data, "getlist") else [data.get(name)]
        return [value for value in values if value]


class LazySelect(forms.Select):
    """A select whose options are asked for when it is shown, not when a value is checked."""

    def __init__(self, options: Any, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.choices = normalize_choices(options)


def province_choices() -> Choices:
    units = AdminUnit.objects.provinces().on(timezone.localdate()).order_by("sort_key")
    return [("", _("Mọi tỉnh, thành phố")), *((unit.code, unit.bare_name) for unit in units)]


class DocumentedFilter(django_filters.Filter):
    """A filter whose type the API's description cannot guess; its label is the description."""

    schema: ClassVar[dict[str, Any]] = {"type": "string"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_override(self, "field", {**self.schema, "description": kwargs["label"]})


class UnitFilter(DocumentedFilter):
    field_class = UnitCodeField


class YearFilter(DocumentedFilter):
    field_class = forms.IntegerField
    schema = {"type": "integer", "minimum": EARLIEST_YEAR, "maximum": LATEST_YEAR}


class FlagFilter(DocumentedFilter):
    field_class = FlagField
    schema = {"type": "boolean"}


class ListFilter(django_filters.FilterSet):
    """A filter set whose conditions can be told to people; ``short`` has their words for long labels."""

    short: ClassVar[dict[str, str | Promise]] = {
        "q": _("Tìm"),
        "province": _("Tỉnh, thành phố"),
        "commune": _("Xã, phường"),
    }

    def conditions(self) -> list[Condition]:
        """What narrows the list now, without values that make no sense."""
        fields, data = self.form.fields, self.form.data
        found = []
        for name, field in fields.items():
            given = field.widget.value_from_datadict(data, {}, name)
            values = [given] if isinstance(given, str) else given or []
            if name in self.form.errors or not any(values) or not self.form.cleaned_data.get(name):
                continue
            label = self.short.get(name) or field.label
            told = [] if isinstance(field, FlagField | forms.UUIDField) else values
            words = ", ".join(_in_words(field, value) for value in told)
            found.append(Condition(name, str(label), words))
        return found


@dataclass(frozen=True, slots=True)
class Condition:
    """One filter in use; ``words`` is empty where the label says it all."""

    name: str
    label: str
    words: str

    def __str__(self) -> str:
        return f"{self.label}: {self.words}" if self.words else self.label


def _in_words(field: forms.Field, value: str) -> str:
    options = dict(getattr(field.widget, "choices", ()))
    if value in options:
        return str(options[value])
    if isinstance(field, UnitCodeField):
        newest = AdminUnit.objects.filter(level=field.level, code=value).order_by("valid").last()
        return str(newest or value)
    return value


class RegisterFilter(ListFilter):
    """What every register is narrowed by: words of the name, the province and the commune."""

    q = django_filters.CharFilter(label=_("Tìm theo tên"), method="by_text", max_length=LONGEST_TEXT)
    province = UnitFilter(
        label=_("Mã tỉnh, thành phố; gồm cả các tỉnh cũ đã nhập vào"),
        level=Level.PROVINCE,
        widget=LazySelect(province_choices),
        method="by_province",
    )

    commune = UnitFilter(
        label=_("Mã xã, phường; gồm cả các xã cũ đã nhập trọn, xã cũ đã chia thì theo xác định của tỉnh"),
        level=Level.COMMUNE,
        method="by_commune",
    )

    def by_text(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.matching(value)

    def by_province(self, queryset: QuerySet[Any], name: str, value: list[int]) -> QuerySet[Any]:
        return queryset.filter(province__in=value)

    def by_commune(self, queryset: QuerySet[Any], name: str, value: list[int]) -> QuerySet[Any]:
        return queryset.filter(in_units(queryset.model, value))


class InboxFilter(django_filters.FilterSet):
    unread = FlagFilter(label=_("Chưa đọc"), method="by_unread")

    class Meta:
        model = InboxItem
        fields: list[str] = []

    def by_unread(self, queryset: InboxQuerySet, name: str, value: bool) -> InboxQuerySet:
        return queryset.unread() if value else queryset
