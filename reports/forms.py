"""The form of a new report."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.scope import Scope, scope_of
from programs.lifecycle import Purse
from programs.years import plan_years
from reports.lifecycle import TABLES, Stage
from vietnam.models import AdminUnit, Level


def areas_of(scope: Scope) -> list[AdminUnit]:
    """Today's areas a person may ask about: the nation first, then provinces in Vietnamese order."""
    units = AdminUnit.objects.on(timezone.localdate()).filter(pk__in=scope.province_ids)
    return sorted(units, key=lambda unit: (unit.level != Level.NATION, unit.sort_key))


class ReportForm(forms.Form):
    kind = forms.ChoiceField(label=_("Loại báo cáo"), choices=TABLES)
    year = forms.TypedChoiceField(label=_("Năm kế hoạch"), coerce=int)
    purse = forms.ChoiceField(label=_("Nguồn khuyến công"), choices=Purse.choices)
    province = forms.ChoiceField(label=_("Địa bàn"))
    stage = forms.ChoiceField(label=_("Trạng thái đề án"), choices=Stage.choices)

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.areas = {unit.code: unit for unit in areas_of(scope_of(actor))}
        this_year = timezone.localdate().year
        self._choose("year", [(year, str(year)) for year in reversed(plan_years())], this_year + 1)
        area_choices = [(code, unit.name) for code, unit in self.areas.items()]
        self._choose("province", area_choices, next(iter(self.areas), ""))
        self.fields["stage"].initial = Stage.PASSED

    def _choose(self, name: str, choices: list[tuple[Any, str]], initial: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
        field.initial = initial

    def request(self) -> dict[str, Any]:
        """What ``workflow.request_report`` is asked, of a valid form."""
        data = dict(self.cleaned_data)
        data["area"] = self.areas[data.pop("province")]
        return data
