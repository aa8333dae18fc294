"""Forms of an office's page: offices, people, posts, and authority lent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.filters import LONGEST_TEXT
from accounts.lending import Loan
from accounts.models import LentAs, Membership, Organisation, OrganisationKind, User, today
from accounts.offices import NAMES, Time
from accounts.policy import roles_to_give
from accounts.roles import Role
from accounts.staff import NewPost, Person
from vietnam.fields import CleanFormField, CleanLinesFormField, VnDateField
from vietnam.models import AdminUnit, Level

FIRST_AFTER_LAST = _("Ngày cuối không được trước ngày đầu.")


class DatesForm(forms.Form):
    """From a day to a day, both included; the second may be open."""

    first = VnDateField(label=_("Từ ngày"))
    last = VnDateField(label=_("Đến hết ngày"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", FIRST_AFTER_LAST)
        return cleaned


class PostForm(DatesForm):
    """A post in this office. Only the roles are offered which this administrator may give."""

    role = forms.ChoiceField(label=_("Vai trò"))
    title = CleanFormField(label=_("Chức vụ"), max_length=120, required=False)
    instead_of = forms.ModelChoiceField(
        label=_("Thay cho vị trí"),
        queryset=Membership.objects.none(),
        required=False,
        empty_label=_("Không thay, là vị trí thêm"),
        help_text=_("Vị trí được thay kết thúc vào ngày liền trước."),
    )
    field_order = ["role", "title", "first", "last", "instead_of"]

    def __init__(
        self, *args: Any, actor: User, office: Organisation, held: Iterable[Membership] = (), **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        may = roles_to_give(actor, office)
        self.fields["role"] = forms.ChoiceField(
            label=_("Vai trò"), choices=[(role.value, role.label) for role in Role if role in may]
        )
        self.fields["first"].initial = today()
        replaced = self.fields["instead_of"]
        assert isinstance(replaced, forms.ModelChoiceField)
        replaced.queryset = Membership.objects.filter(pk__in=[post.pk for post in held])
        replaced.label_from_instance = _named  # type: ignore[assignment, method-assign]  # Django's way
        if not held:
            del self.fields["instead_of"]
        self.order_fields(self.field_order)

    def post(self) -> NewPost:
        given = self.cleaned_data
        return NewPost(given["role"], given["first"], given["last"], given["title"])


def _named(post: Membership) -> str:
    return " – ".join(filter(None, [str(post.get_role_display()), post.title]))


class JoinForm(PostForm):
    full_name = CleanFormField(label=_("Họ và tên"), max_length=150)
    username = forms.CharField(
        label=_("Tên đăng nhập"),
        max_length=150,
        validators=[UnicodeUsernameValidator()],
        help_text=_("Chữ, số và các dấu @ . + - _; ví dụ: nguyen.thu"),
    )
    phone = CleanFormField(label=_("Điện thoại"), max_length=30, required=False)
    email = forms.EmailField(label=_("Địa chỉ thư"), max_length=254, required=False)
    field_order = ["full_name", "username", "phone", "email", "role", "title", "first", "last"]

    def person(self) -> Person:
        given = self.cleaned_data
        return Person(given["username"], given["full_name"], given["phone"], given["email"])


class EndPostForm(forms.Form):
    last = VnDateField(label=_("Ngày cuối giữ vị trí"))


class ContactForm(forms.Form):
    """How colleagues reach the person."""

    full_name = CleanFormField(label=_("Họ và tên"), max_length=150)
    phone = CleanFormField(label=_("Điện thoại"), max_length=30, required=False)
    email = forms.EmailField(label=_("Địa chỉ thư"), max_length=254, required=False)


class LeaveForm(forms.Form):
    reason = CleanLinesFormField(
        label=_("Lý do"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Ví dụ: nghỉ hưu, chuyển công tác theo quyết định số …"),
    )


def _head_field(name: str) -> forms.Field:
    column = Organisation._meta.get_field(name)
    made = column.formfield()  # type: ignore[union-attr]  # a column, no relation
    assert isinstance(made, forms.Field)
    return made


class HeadForm(forms.Form):
    """The lines above the office's papers."""

    head_parent = _head_field("head_parent")
    head_name = _head_field("head_name")
    head_symbol = _head_field("head_symbol")
    head_place = _head_field("head_place")


class OfficeForm(DatesForm, HeadForm):
    """An office to be founded. Its kind and its place are for good: papers and rows refer to them."""

    kind = forms.ChoiceField(label=_("Loại"), choices=OrganisationKind.choices)
    province = forms.ModelChoiceField(label=_("Tỉnh, thành phố"), queryset=AdminUnit.objects.none())
    name = CleanFormField(label=_("Tên"), max_length=255)
    short_name = CleanFormField(label=_("Tên gọn"), max_length=120, required=False)
    field_order = ["name", "short_name", "kind", "province", "first", "last"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "province" in self.fields:
            units = AdminUnit.objects.on(today()).filter(level__in=[Level.NATION, Level.PROVINCE])
            self.fields["province"].queryset = units.order_by("level", "sort_key")  # type: ignore[attr-defined]

    def time(self) -> Time:
        return Time(self.cleaned_data["first"], self.cleaned_data["last"])

    def names(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in NAMES}


class ChangeOfficeForm(OfficeForm):
    """A known office: also how it ends and who goes on with its work."""

    kind = None  # type: ignore[assignment]  # Django's way to leave a field out
    province = None  # type: ignore[assignment]
    successor = forms.ModelChoiceField(
        label=_("Kế thừa bởi"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("Không có"),
        help_text=_("Cơ quan kế thừa xem và làm tiếp hồ sơ dở dang của cơ quan này."),
    )
    carry_people = forms.BooleanField(
        label=_("Chuyển những người đang giữ vị trí sang cơ quan kế thừa từ ngày liền sau"), required=False
    )

    def __init__(self, *args: Any, office: Organisation, **kwargs: Any) -> None:
        initial = {name: getattr(office, name) for name in NAMES} | {
            "first": office.first_day,
            "last": office.last_day,
            "successor": office.successor_id,
        }
        super().__init__(*args, initial=initial, **kwargs)
        later = Organisation.objects.filter(Q(kind=office.kind) | Q(pk=office.successor_id))
        self.fields["successor"].queryset = later.exclude(pk=office.pk).order_by("name")  # type: ignore[attr-defined]


class LendForm(forms.Form):
    """The decision that lends a post's authority."""

    delegate = forms.ChoiceField(label=_("Người được ủy quyền"))
    form = forms.ChoiceField(label=_("Hình thức ký"), choices=LentAs.choices, initial=LentAs.KT)
    number = CleanFormField(label=_("Số quyết định"), max_length=60)
    decided_on = VnDateField(label=_("Ngày quyết định"))
    first = VnDateField(label=_("Từ ngày"))
    last = VnDateField(label=_("Đến hết ngày"))

    def __init__(self, *args: Any, borrowers: Iterable[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(each.user_id): each.user for each in borrowers}
        named = [
            (str(each.user_id), f"{each.user} – {each.title or each.get_role_display()}")
            for each in borrowers
        ]
        self.fields["delegate"] = forms.ChoiceField(label=_("Người được ủy quyền"), choices=named)
        self.order_fields(["delegate", "form", "number", "decided_on", "first", "last"])

    def clean_decided_on(self) -> Any:
        day = self.cleaned_data["decided_on"]
        if day > today():
            raise forms.ValidationError(_("Ngày quyết định không được ở tương lai."))
        return day

    def delegate_user(self) -> User:
        return self.people[self.cleaned_data["delegate"]]

    def loan(self) -> Loan:
        given = self.cleaned_data
        return Loan(given["form"], given["number"], given["decided_on"], given["first"], given["last"])


class OfficeListForm(forms.Form):
    """What the list of offices is narrowed by."""

    q = forms.CharField(label=_("Tên cơ quan hoặc tỉnh"), max_length=LONGEST_TEXT, required=False)
    kind = forms.ChoiceField(
        label=_("Loại"), choices=[("", _("Mọi loại")), *OrganisationKind.choices], required=False
    )
    ended = forms.BooleanField(label=_("Cả cơ quan đã kết thúc"), required=False)
