"""Sign-in that tells nothing by its refusals; a new password; what people choose and keep."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.http import signed_in
from accounts.models import User
from accounts.signin import Try
from records import inbox


class SignInForm(AuthenticationForm):
    request: HttpRequest

    error_messages = {
        "invalid_login": _("Tên đăng nhập hoặc mật khẩu không đúng."),
        "inactive": _("Tên đăng nhập hoặc mật khẩu không đúng."),
        "throttled": _("Đăng nhập sai quá nhiều lần. Hãy thử lại sau 15 phút."),
        "expired": _("Mật khẩu tạm đã hết hạn. Hãy nhờ quản trị người dùng của cơ quan đặt lại."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Tên đăng nhập")
        self.fields["password"].label = _("Mật khẩu")

    def confirm_login_allowed(self, user: User) -> None:
        """Asked after the password was right, so that a stranger learns nothing from it."""
        super().confirm_login_allowed(user)
        if user.one_time_until is not None and user.one_time_until <= timezone.now():
            raise forms.ValidationError(self.error_messages["expired"], code="expired")

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


class OwnPasswordForm(PasswordChangeForm):
    """The old password once, the new one twice. Guessing the old one is slowed down as at the sign-in."""

    error_messages = {
        "password_incorrect": _("Mật khẩu hiện tại không đúng."),
        "password_mismatch": _("Hai lần nhập mật khẩu mới không giống nhau."),
        "unchanged": _("Mật khẩu mới phải khác mật khẩu hiện tại."),
        "throttled": SignInForm.error_messages["throttled"],
    }

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.request = request
        super().__init__(signed_in(request), *args, **kwargs)
        now = _("Mật khẩu tạm vừa dùng") if signed_in(request).one_time_until else _("Mật khẩu hiện tại")
        labels = (now, _("Mật khẩu mới"), _("Nhập lại mật khẩu mới"))
        for name, label in zip(("old_password", "new_password1", "new_password2"), labels, strict=True):
            self.fields[name].label = label
        self.fields["new_password1"].help_text = _(
            "Ít nhất 15 ký tự; một câu dễ nhớ tốt hơn một từ khó. Không dùng tên hoặc mật khẩu phổ biến."
        )
        self.fields["new_password2"].help_text = ""

    def validate_password_for_user(self, user: User, password_field_name: str = "") -> None:
        """Said where the new password was typed, not where it was repeated."""
        super().validate_password_for_user(user, "new_password1")

    def clean_old_password(self) -> str:
        attempt = Try.of(self.request, self.user.username)
        attempt.wait_for_turn()
        if attempt.is_throttled():
            raise forms.ValidationError(self.error_messages["throttled"], code="throttled")
        try:
            return super().clean_old_password()
        except forms.ValidationError:
            attempt.note_failure()
            raise

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("old_password") and cleaned.get("new_password1") == cleaned["old_password"]:
            self.add_error("new_password1", self.error_messages["unchanged"])
        return cleaned

    def save(self, commit: bool = True) -> Any:
        self.user.one_time_until = None
        return super().save(commit)


def _notice_kinds() -> list[tuple[str, Any]]:
    return [(kind.name, kind.label) for kind in inbox.KINDS.values()]


class NoticeForm(forms.Form):
    """The kinds of notice a person wants to hear of in each way."""

    bell = forms.MultipleChoiceField(required=False, choices=_notice_kinds)
    digest = forms.MultipleChoiceField(required=False, choices=_notice_kinds)
    mail = forms.MultipleChoiceField(required=False, choices=_notice_kinds)


class SavedViewForm(forms.Form):
    """What ``saved.save_view`` takes."""

    listing = forms.SlugField(max_length=30)
    query = forms.CharField(
        max_length=1000, error_messages={"required": _("Danh sách chưa lọc theo điều kiện nào.")}
    )
    name = forms.CharField(max_length=60, error_messages={"required": _("Hãy đặt tên cho bộ lọc.")})
    shared = forms.BooleanField(required=False)
    home = forms.BooleanField(required=False)
