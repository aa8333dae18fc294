"""Fields and bodies of requests that refuse what they do not understand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import ISO_8601, serializers
from rest_framework.exceptions import ErrorDetail

from vietnam.fields import no_personal_number, whole_tax_code
from vietnam.money import MAX_VND


@extend_schema_field({"type": "integer", "format": "int64", "minimum": 0, "maximum": MAX_VND})
class VndField(serializers.Field[int, Any, int, Any]):
    """Whole đồng as a JSON integer; neither fractions nor numbers written as text."""

    default_error_messages = {
        "invalid": _("Số tiền là số nguyên đồng, viết không có dấu ngoặc kép."),
        "range": _("Số tiền phải từ 0 đến {most} đồng."),
    }

    def to_internal_value(self, data: Any) -> int:
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        if not 0 <= data <= MAX_VND:
            self.fail("range", most=MAX_VND)
        return data

    def to_representation(self, value: int) -> int:
        return value


class IsoDateField(serializers.DateField):
    """2027-03-01, in and out."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format=ISO_8601, input_formats=["%Y-%m-%d"], **kwargs)


class TaxCodeField(serializers.CharField):
    """The one text of a request where a 12-digit personal number may stand: it is encrypted at once.

    A number shown masked ("079******345") may come back so, and means the entry it was shown for.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validators=[_whole_or_masked], **kwargs)


def _whole_or_masked(text: str) -> None:
    if "*" not in text:
        whole_tax_code(text)


class StrictSerializer(serializers.Serializer[Any]):
    """A request body of which every name must be known: a slip of spelling is told, not ignored.

    No text of it but a tax code may hold a personal number.
    """

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        for field in fields.values():
            if isinstance(field, serializers.CharField) and not isinstance(field, TaxCodeField):
                field.validators = [*field.validators, no_personal_number]
        return fields

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = {str(name) for name in data} - set(self.fields)
            if unknown:
                message = ErrorDetail(str(_("Không có trường này.")), code="unknown")
                raise serializers.ValidationError({name: [message] for name in sorted(unknown)})
        return super().to_internal_value(data)


class CodeAndName(serializers.Serializer[Any]):
    """A catalogue entry or administrative unit; a unit's code is unique only on one day."""

    code = serializers.CharField()
    name = serializers.CharField()
