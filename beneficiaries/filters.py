"""What the register of establishments can be narrowed by: one set for the page and the API."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from accounts.filters import LONGEST_TEXT, RegisterFilter
from beneficiaries.models import Establishment, LegalForm


class EstablishmentFilter(RegisterFilter):
    """Searches only what is shown: never a personal number."""

    q = django_filters.CharFilter(
        label=_("Tìm theo tên hoặc mã số thuế"), method="by_text", max_length=LONGEST_TEXT
    )
    legal_form = django_filters.ChoiceFilter(
        label=_("Loại hình"), choices=LegalForm.choices, empty_label=_("Mọi loại hình")
    )

    class Meta:
        model = Establishment
        fields: list[str] = []
