"""The form in which a leader says when dossiers are taken in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.roles import Role
from accounts.scope import scope_of
from programs.lifecycle import Purse
from programs.models import Gate, RegistrationWindow
from programs.windows import REASON_MISSING, Dates
from programs.years import offered_years
from vietnam.fields import VnDateField
from vietnam.models import AdminUnit

Kind = tuple[Gate, Purse]


def kinds_for(user: User) -> list[Kind]:
    """What this person may open: a Sở's leader both purses at the Sở, the Cục's the Cục's own door."""
    scope = scope_of(user)
    kinds: list[Kind] = []
    if scope.posts_as({Role.SO_LEADER}):
        kinds += [(Gate.SO, Purse.KCQG), (Gate.SO, Purse.KCDP)]
    if scope.posts_as({Role.CUC_LEADER}):
        kinds.append((Gate.CUC, Purse.KCQG))
    return kinds


def places_for(user: User) -> list[AdminUnit]:
    """Where: the nation first for the Cục, then provinces of today."""
    scope = scope_of(user)
    provinces = AdminUnit.objects.provinces().on().order_by("sort_key")
    if scope.posts_as({Role.CUC_LEADER}):
        return [AdminUnit.nation(), *provinces]
    own = {pk for post in scope.posts_as({Role.SO_LEADER}) for pk in post.province_ids}
    return list(provinces.filter(pk__in=own))


class WindowForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Hồ sơ"))
    year = forms.TypedChoiceField(label=gettext_lazy("Năm kế hoạch"), coerce=int)
    place = forms.TypedChoiceField(label=gettext_lazy("Áp dụng cho"), coerce=int)
    opens_on = VnDateField(label=gettext_lazy("Nhận từ ngày"))
    closes_on = VnDateField(label=gettext_lazy("Đến hết ngày"))
    reason = forms.CharField(label=gettext_lazy("Lý do thay đổi"), max_length=500, required=False)
    document_number = forms.CharField(label=gettext_lazy("Văn bản thông báo"), max_length=60, required=False)
    seen_number = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    """The last word its sender saw; 0 none."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._places = {place.pk: place for place in places_for(user)}
        choices: dict[str, list[tuple[Any, str]]] = {
            "kind": [(f"{gate}-{purse}", f"{gate.label} – {purse.label}") for gate, purse in kinds_for(user)],
            "year": [(year, str(year)) for year in offered_years()],
            "place": [(place.pk, place.name) for place in self._places.values()],
        }
        for name, offered in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = offered
        if str(self["seen_number"].value() or 0) != "0":
            self.fields["reason"].required = True
            self.fields["reason"].error_messages["required"] = REASON_MISSING

    def meant(self) -> tuple[Gate, str, int, AdminUnit]:
        gate, _dash, purse = self.cleaned_data["kind"].partition("-")
        return Gate(gate), purse, self.cleaned_data["year"], self._places[self.cleaned_data["place"]]

    def dates(self) -> Dates:
        data = self.cleaned_data
        return Dates(data["opens_on"], data["closes_on"], data["reason"], data["document_number"])


def initial_of(window: RegistrationWindow | None, year: int) -> dict[str, Any]:
    """What the form begins with: a window to be changed, or a new one of this year."""
    if window is None:
        return {"year": year, "seen_number": 0}
    return {
        "kind": f"{window.gate}-{window.purse}",
        "year": window.year,
        "place": window.province_id,
        "opens_on": window.opens_on,
        "closes_on": window.closes_on,
        "document_number": window.document_number,
        "seen_number": window.number,
    }


class PauseForm(forms.Form):
    """Why the clock stops; an empty reason is the verb's to refuse."""

    reason = forms.CharField(max_length=500, required=False)


def told(window: RegistrationWindow) -> str:
    """What happened, for the notice after it."""
    words = {"what": window, "last": f"{window.closes_on:%d/%m/%Y}"}
    if window.number == 1:
        return _("Đã mở đợt: %(what)s, nhận đến hết %(last)s.") % words
    return _("Đã đổi đợt: %(what)s, nhận đến hết %(last)s. Hạn của hồ sơ sẽ tính lại ngay.") % words
