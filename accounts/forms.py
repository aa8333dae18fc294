"""Sign-in with the same words for an unknown name and a wrong password; the filters of a list to keep."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.signin import Try


class SignInForm(AuthenticationForm):
    request: HttpRequest

    error_messages = {
        "invalid_login": _("Tên đăng nhập hoặc mật khẩu không đúng."),
        "inactive": _("Tên đăng nhập hoặc mật khẩu không đúng."),
        "throttled": _("Đăng nhập sai quá nhiều lần. Hãy thử lại sau 15 phút."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Tên đăng nhập")
        self.fields["password"].label = _("Mật khẩu")

    def clean(self) -> dict[str, Any]:
        if not {"username", "password"} <= self.cleaned_data.keys():
            return super().clean()  # nothing to compare, so neither a failure nor a success
        attempt = Try.of(self.request, self.cleaned_data["username"])
        attempt.wait_for_turn()
        if attempt.is_throttled():
            raise forms.ValidationError(self.error_messages["throttled"], code="throttled")
        try:
            cleaned = super().clean()
        except forms.ValidationError:
            attempt.note_failure()
            raise
        attempt.forgive_failures()
        return cleaned


class SavedViewForm(forms.Form):
    """What ``saved.save_view`` takes."""

    listing = forms.SlugField(max_length=30)
    query = forms.CharField(
        max_length=1000, error_messages={"required": _("Danh sách chưa lọc theo điều kiện nào.")}
    )
    name = forms.CharField(max_length=60, error_messages={"required": _("Hãy đặt tên cho bộ lọc.")})
    shared = forms.BooleanField(required=False)
    home = forms.BooleanField(required=False)
