"""Model and form fields for Vietnamese text, money in đồng and dates."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from .money import MAX_VND, MoneyError, Unit, format_vnd, parse_vnd, reads_english, typed_vnd
from .taxcode import BARE_PERSONAL, normalise
from .text import clean, clean_lines, fold, person_sort_key, sort_key

_ST = TypeVar("_ST", contravariant=True)  # what the attribute takes
_GT = TypeVar("_GT", covariant=True)  # what it gives; mypy's Django plugin fills both in

# --- text


NO_PERSONAL_NUMBER = _("Không ghi số định danh cá nhân 12 chữ số ở đây; hãy ghi ở ô mã số thuế.")


def no_personal_number(text: str) -> None:
    """Validator of running text. Raises ``ValidationError`` for a 12-digit personal number in it.

    Text is shown to everybody who sees the row and stays in its history; only a tax code's own box keeps
    the number encrypted. That box is a plain ``CharField``, which is all the opting out there is.
    """
    if BARE_PERSONAL.search(text):
        raise ValidationError(NO_PERSONAL_NUMBER, code="personal_number")


def whole_tax_code(text: str) -> None:
    """Validator of a tax code that somebody writes. Raises ``ValidationError`` unless it is whole.

    Zeros are put back for spreadsheets only: they eat them, people forget digits. A wrong check digit is no
    reason to refuse.
    """
    code = normalise(text)
    if code.kind == "unknown" or code.restored:
        raise ValidationError(
            _("Mã số thuế có 10 chữ số, 13 chữ số (chi nhánh) hoặc 12 chữ số (hộ)."), code="tax_code"
        )


class CleanFormField(forms.CharField):
    """A form's CharField whose cleaned value is one tidy line, without personal numbers."""

    default_validators = [no_personal_number]

    def to_python(self, value: Any) -> str | None:
        text = super().to_python(value)
        return clean(text) if text else text


class CleanLinesFormField(forms.CharField):
    """As :class:`CleanFormField`, keeping line breaks."""

    default_validators = [no_personal_number]

    def to_python(self, value: Any) -> str | None:
        text = super().to_python(value)
        return clean_lines(text) if text else text


class _CleaningMixin:
    """Tidies text wherever it enters: forms, full_clean (to_python) and every write (pre_save, prep).

    Every save and bulk_create refuses personal numbers too, at the field: not every writer has a form.
    """

    form_class: type[forms.CharField] = CleanFormField
    default_validators: list[Callable[[Any], None]] = [no_personal_number]

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": self.form_class, **kwargs})  # type: ignore[misc]  # a mixin of Field

    @staticmethod
    def tidy(text: str) -> str:
        return clean(text)

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)  # type: ignore[misc]  # a mixin of Field
        return self.tidy(value) if isinstance(value, str) else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = super().pre_save(model_instance, add)  # type: ignore[misc]  # a mixin of Field
        if isinstance(value, str) and (tidy := self.tidy(value)) != value:
            value = tidy
            setattr(model_instance, self.attname, value)  # type: ignore[attr-defined]  # a mixin of Field
        if isinstance(value, str):
            try:
                no_personal_number(value)
            except ValidationError as error:
                raise ValidationError({self.name: error}) from error  # type: ignore[attr-defined]  # a mixin
        return value

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)  # type: ignore[misc]  # a mixin of Field
        return self.tidy(value) if isinstance(value, str) else value


class CleanCharField(_CleaningMixin, models.CharField[_ST, _GT]):
    """A CharField that stores :func:`vietnam.text.clean` of what it is given."""


class CleanTextField(_CleaningMixin, models.TextField[_ST, _GT]):
    """A TextField that stores tidy lines; line breaks stay."""

    form_class = CleanLinesFormField

    @staticmethod
    def tidy(text: str) -> str:
        return clean_lines(text)


class _DerivedTextField(models.TextField[_ST, _GT]):
    """Text computed from another field of the row at every save and bulk_create (not at update())."""

    def __init__(self, *args: Any, source: str = "", **kwargs: Any) -> None:
        self.source = source
        kwargs |= {"editable": False, "blank": True, "default": ""}
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("editable", "blank", "default"):
            kwargs.pop(fixed, None)
        return name, path, args, kwargs | {"source": self.source}

    def derive(self, text: str) -> str:
        raise NotImplementedError

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        if not self.source:
            return super().pre_save(model_instance, add)
        value = self.derive(getattr(model_instance, self.source) or "")
        setattr(model_instance, self.attname, value)
        return value


class SortKeyField(_DerivedTextField[_ST, _GT]):
    """The Vietnamese order of ``source`` as a byte-ordered key; order by this field, never by the text.

    ``person=True`` orders a full name by its given name.
    """

    def __init__(self, *args: Any, person: bool = False, **kwargs: Any) -> None:
        self.person = person
        kwargs["db_collation"] = "C"
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("db_collation", None)
        return name, path, args, kwargs | ({"person": True} if self.person else {})

    def derive(self, text: str) -> str:
        return person_sort_key(text) if self.person else sort_key(text)


class FoldedField(_DerivedTextField[_ST, _GT]):
    """``fold(source)``: what accent-insensitive search looks at; index it with gin_trgm_ops."""

    def derive(self, text: str) -> str:
        return fold(text)


# --- money


class VndField(models.BigIntegerField[_ST, _GT]):
    """Whole đồng, 0 … 2**53. Add :func:`vnd_check` to the model: the database must refuse too."""

    default_validators = [MinValueValidator(0), MaxValueValidator(MAX_VND)]

    def get_prep_value(self, value: Any) -> Any:
        """Raises ``TypeError`` for anything with a decimal point: cutting it off would lose money unseen."""
        if isinstance(value, float | Decimal):
            raise TypeError(f"{self.name}: money is whole đồng, an int, not {value!r}")
        return super().get_prep_value(value)

    def formfield(self, *args: Any, **kwargs: Any) -> Any:
        return models.Field.formfield(self, *args, **{"form_class": VndFormField, **kwargs})


def vnd_check(*names: str, name: str = "%(app_label)s_%(class)s_vnd") -> models.CheckConstraint:
    """A check that each named column is empty or between 0 and 2**53 đồng; one per model."""
    condition = models.Q()
    for column in names:
        condition &= models.Q(**{f"{column}__gte": 0, f"{column}__lte": MAX_VND})
    return models.CheckConstraint(
        condition=condition,
        name=name,
        violation_error_message=_("Số tiền phải từ 0 đồng và là số nguyên đồng."),
    )


class VndFormField(forms.CharField):
    """Reads an amount as people type it and gives đồng as int (None when empty); shows it as it is typed."""

    widget = forms.TextInput

    def __init__(self, *, unit: Unit = "dong", max_vnd: int = MAX_VND, **kwargs: Any) -> None:
        self.unit: Unit = unit
        self.max_vnd = max_vnd
        # Django's model fields pass bounds meant for IntegerField.
        for foreign in ("min_value", "max_value", "max_length", "min_length"):
            kwargs.pop(foreign, None)
        super().__init__(**{"strip": True, **kwargs})
        self.widget.attrs.setdefault("inputmode", "decimal" if unit == "trieu" else "numeric")
        self.widget.attrs.setdefault("autocomplete", "off")

    def to_python(self, value: Any) -> Any:
        if value is None or value == "":
            return None
        if isinstance(value, int):
            return value
        try:
            amount = parse_vnd(str(value), self.unit, by_english=reads_english())
        except MoneyError as error:
            raise ValidationError(str(error), code="invalid") from error
        if amount > self.max_vnd:
            raise ValidationError(
                _("Số tiền không được vượt quá %(limit)s đồng."),
                code="max_value",
                params={"limit": format_vnd(self.max_vnd)},
            )
        return amount

    def prepare_value(self, value: Any) -> Any:
        return typed_vnd(value, self.unit) if isinstance(value, int) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True


# --- dates

_DAY_FIRST = re.compile(r"(\d{1,2})\s*[/.\-\s]\s*(\d{1,2})\s*[/.\-\s]\s*(\d{4}|\d{2})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DIGITS_ONLY = re.compile(r"(\d{2})(\d{2})(\d{4}|\d{2})")


def parse_vn_date(text: str) -> dt.date:
    """A date as written in Việt Nam, day first: 1/3/27, 01-03-2027, 010327; also ISO. Raises ValueError.

    Two digits of a year: 00–69 are 2000–2069, 70–99 are 1970–1999.
    """
    text = clean(text)
    if found := _ISO.fullmatch(text):
        year, month, day = map(int, found.groups())
        return dt.date(year, month, day)
    found = _DAY_FIRST.fullmatch(text) or _DIGITS_ONLY.fullmatch(text)
    if not found:
        raise ValueError(text)
    day, month, year = map(int, found.groups())
    if len(found.group(3)) == 2:
        year += 2000 if year < 70 else 1900
    return dt.date(year, month, day)


class VnDateField(forms.DateField):
    """A date typed day first; shows dd/mm/yyyy."""

    widget = forms.DateInput
    default_error_messages = {"invalid": _("Ngày không hợp lệ; hãy viết ngày/tháng/năm, ví dụ 01/03/2027.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget",
            forms.DateInput(
                format="%d/%m/%Y",
                attrs={"placeholder": "dd/mm/yyyy", "inputmode": "numeric", "autocomplete": "off"},
            ),
        )
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> dt.date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, dt.datetime):
            return value.date()
        if isinstance(value, dt.date):
            return value
        try:
            return parse_vn_date(str(value))
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error
