"""People, offices, posts and the keys partner systems hold."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import querysets
from accounts.roles import Role
from records import audit
from records.history import tracked
from vietnam.fields import CleanCharField
from vietnam.models import AdminUnit, Level
from vietnam.text import sort_key


class Dated:
    """Something with ``valid``: its first and last day as people say them; None where there is none."""

    valid: Any

    @property
    def first_day(self) -> dt.date | None:
        return self.valid.lower if self.valid else None

    @property
    def last_day(self) -> dt.date | None:
        upper = self.valid.upper if self.valid else None
        return upper - dt.timedelta(days=1) if upper else None

    @property
    def is_on(self) -> bool:
        """Whether today is among its days."""
        return today() in self.valid

    @property
    def is_over(self) -> bool:
        return self.last_day is not None and self.last_day < today()


@tracked(exclude=["password", "last_login", "one_time_until"])
class User(AbstractUser):
    """One person. The full name is one field, as Vietnamese names are written."""

    first_name = None  # type: ignore[assignment]  # a Vietnamese name is not first + last
    last_name = None  # type: ignore[assignment]
    full_name = CleanCharField(_("Họ và tên"), max_length=150)
    sort_name = models.CharField(max_length=600, editable=False, db_collation="C", default="")
    phone = CleanCharField(_("Điện thoại"), max_length=30, blank=True)
    language = models.CharField(
        _("Ngôn ngữ"), max_length=2, choices=[("vi", "Tiếng Việt"), ("en", "English")], default="vi"
    )
    money_unit = models.CharField(
        _("Đơn vị tiền"), max_length=5, choices=[("dong", "đồng"), ("trieu", "triệu đồng")], default="trieu"
    )

    first_steps = models.CharField(
        _("Bước đầu ở “Việc của tôi”"),
        max_length=6,
        choices=[("", _("Đến khi làm việc đầu tiên")), ("shown", _("Hiện")), ("hidden", _("Ẩn"))],
        default="",
        blank=True,
    )

    one_time_until = models.DateTimeField(null=True, blank=True, editable=False)
    """Set while the password is one that somebody else gave out: it lasts until then and must be changed."""

    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        verbose_name = _("người dùng")
        verbose_name_plural = _("người dùng")

    def __str__(self) -> str:
        return self.full_name or self.username

    def save(self, *args: Any, **kwargs: Any) -> None:
        # Vietnamese lists sort by the given name, which comes last.
        words = self.full_name.split()
        self.sort_name = sort_key(" ".join([*words[-1:], *words[:-1]]))
        # The first comes with the account; a stronger hash of the same one leaves ``_password`` unset.
        new_password = getattr(self, "_password", None) is not None and not self._state.adding
        with transaction.atomic():
            super().save(*args, **kwargs)
            if new_password:
                audit.record("accounts.set_password", self, actor=None)

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name.split()[-1] if self.full_name else self.username


class OrganisationKind(models.TextChoices):
    SO = "SO", _("Sở Công Thương")
    TTKC = "TTKC", _("Trung tâm Khuyến công")
    UBND = "UBND", _("Ủy ban nhân dân tỉnh")
    REGION = "REGION", _("Trung tâm Khuyến công quốc gia vùng")
    CUC = "CUC", _("Cục quản lý khuyến công")
    MINISTRY = "MINISTRY", _("Bộ Công Thương")
    AUDIT = "AUDIT", _("Thanh tra, kiểm toán")
    PARTNER = "PARTNER", _("Đối tác kết nối")
    OTHER = "OTHER", _("Đơn vị khác")


ROLES_OF_KIND: dict[str, frozenset[Role]] = {
    OrganisationKind.SO: frozenset({Role.SO_OFFICER, Role.SO_LEADER}),
    OrganisationKind.TTKC: frozenset({Role.IMPL}),
    OrganisationKind.UBND: frozenset({Role.UBND_VIEW}),
    OrganisationKind.REGION: frozenset({Role.REGION}),
    OrganisationKind.CUC: frozenset({Role.CUC_OFFICER, Role.CUC_LEADER}),
    OrganisationKind.MINISTRY: frozenset({Role.MIN_APPROVER, Role.FIN}),
    OrganisationKind.AUDIT: frozenset({Role.AUDITOR}),
    OrganisationKind.OTHER: frozenset({Role.IMPL}),
}
"""What the people of an office can be, so that no office gives rights which are another's. A partner's
system has a key, not a person."""


@tracked()
class Organisation(Dated, models.Model):
    """An office with the dates it existed; papers keep the name it had when they were signed."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("Loại"), max_length=10, choices=OrganisationKind.choices)
    name = CleanCharField(_("Tên"), max_length=255)
    short_name = CleanCharField(_("Tên gọn"), max_length=120, blank=True)
    province = models.ForeignKey(
        AdminUnit, models.PROTECT, related_name="organisations", verbose_name=_("Tỉnh, thành phố")
    )
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name=_("Kế thừa bởi"),
    )
    valid = DateRangeField(_("Thời gian tồn tại"))
    head_parent = CleanCharField(
        _("Cơ quan chủ quản trên văn bản"),
        max_length=255,
        blank=True,
        help_text=_("Dòng trên cùng bên trái, ví dụ: Ủy ban nhân dân tỉnh …"),
    )
    head_name = CleanCharField(
        _("Tên cơ quan trên văn bản"),
        max_length=255,
        blank=True,
        help_text=_("Để trống thì in tên đầy đủ của cơ quan."),
    )
    head_symbol = CleanCharField(
        _("Ký hiệu văn bản"),
        max_length=40,
        blank=True,
        help_text=_("Chữ viết tắt tên cơ quan trong số văn bản, ví dụ: SCT."),
    )
    head_place = CleanCharField(
        _("Địa danh"), max_length=80, blank=True, help_text=_("Để trống thì in tên tỉnh, thành phố.")
    )

    objects = querysets.OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("cơ quan, đơn vị")
        verbose_name_plural = _("cơ quan, đơn vị")
        constraints = [
            ExclusionConstraint(
                name="organisation_name_once_a_day",
                expressions=[
                    ("name", RangeOperators.EQUAL),
                    ("province", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return self.short_name or self.name

    @property
    def printed_name(self) -> str:
        return self.head_name or self.name

    @property
    def printed_place(self) -> str:
        """ "" where nobody has written it: an office of the whole country stands in a place of its own."""
        national = self.province.level == Level.NATION
        return self.head_place or ("" if national else self.province.bare_name)


@tracked()
class Membership(Dated, models.Model):
    """A post: one person may hold several, each with dates."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("Người"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="memberships", verbose_name=_("Cơ quan")
    )
    role = models.CharField(_("Vai trò"), max_length=20, choices=Role.choices)
    title = CleanCharField(_("Chức vụ"), max_length=120, blank=True)
    valid = DateRangeField(_("Thời hạn"))

    objects = querysets.MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("vị trí công tác")
        verbose_name_plural = _("vị trí công tác")
        constraints = [
            ExclusionConstraint(
                name="post_held_once_a_day",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("organisation", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.get_role_display()}"


class LentAs(models.TextChoices):
    """How somebody signs who holds a lent authority. Căn cứ: Nghị định 30/2020/NĐ-CP (from memory, not
    verified: docs/unverified.md)."""

    KT = "KT", _("KT. – ký thay")
    TL = "TL", _("TL. – thừa lệnh")
    TUQ = "TUQ", _("TUQ. – thừa ủy quyền")
    Q = "Q", _("Q. – quyền")


@tracked()
class Delegation(Dated, models.Model):
    """Authority of a post lent to another person for a time ("KT.", "TL."), with its decision."""

    membership = models.ForeignKey(
        Membership, models.CASCADE, related_name="delegations", verbose_name=_("Vị trí được ủy quyền")
    )
    delegate = models.ForeignKey(
        User, models.CASCADE, related_name="delegations_received", verbose_name=_("Người được ủy quyền")
    )
    form = models.CharField(_("Hình thức ký"), max_length=3, choices=LentAs.choices, default=LentAs.KT)
    decision_number = CleanCharField(_("Số quyết định"), max_length=60)
    decided_on = models.DateField(_("Ngày quyết định"), null=True, blank=True)
    valid = DateRangeField(_("Thời hạn"))

    objects = querysets.DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("ủy quyền")
        verbose_name_plural = _("ủy quyền")
        constraints = [
            ExclusionConstraint(
                name="post_lent_once_a_day",
                expressions=[
                    ("membership", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.membership} → {self.delegate} ({self.decision_number})"


class ApiScope(models.TextChoices):
    READ = "read", _("Đọc")
    WRITE = "write", _("Ghi")


@tracked(exclude=["secret_hash", "last_used_at"])
class ApiToken(models.Model):
    """A partner's key: only its hash is kept, it is shown once, it expires."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens", verbose_name=_("Tài khoản"))
    name = CleanCharField(_("Tên"), max_length=120)
    prefix = models.CharField(max_length=12, unique=True)
    secret_hash = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=20, choices=ApiScope.choices), verbose_name=_("Phạm vi"))
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("Hết hạn"))
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = querysets.ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("khóa truy cập API")
        verbose_name_plural = _("khóa truy cập API")

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


@tracked()
class SavedView(models.Model):
    """The filters of a list kept under a name; the address alone shows the same, each to their own rights.

    ``listing`` is the key of the list, ``query`` its address's query in a fixed order.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="saved_views", verbose_name=_("Người lưu"))
    listing = models.CharField(max_length=30)
    name = CleanCharField(_("Tên bộ lọc"), max_length=60)
    query = models.CharField(max_length=1000)
    office = models.ForeignKey(
        Organisation,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Chia sẻ với đơn vị"),
    )
    """Whose people see it too; empty while it is its owner's alone."""
    is_home = models.BooleanField(_("Mở đầu tiên"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = querysets.SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("bộ lọc đã lưu")
        verbose_name_plural = _("bộ lọc đã lưu")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "listing", "name"],
                name="view_name_once_a_list",
                violation_error_message=_("Bạn đã có bộ lọc mang tên này."),
            ),
            models.UniqueConstraint(
                fields=["user", "listing"], condition=models.Q(is_home=True), name="one_home_view_a_list"
            ),
            models.CheckConstraint(condition=~models.Q(query=""), name="view_narrows_something"),
        ]

    def __str__(self) -> str:
        return self.name


class SignInAttempt(models.Model):
    """One failed sign-in, counted to slow guessing down and kept for a while as a trace; see ``signin``."""

    username = models.CharField(max_length=150)
    device = models.CharField(max_length=32, blank=True)
    """The browser, where it has signed in to this account before; empty for strangers."""
    ip = models.GenericIPAddressField(null=True)
    at = models.DateTimeField(auto_now_add=True)
    forgiven = models.BooleanField(default=False, db_default=False)
    """The right password came afterwards, from the same browser and address: no longer counted."""

    class Meta:
        verbose_name = _("lần đăng nhập sai")
        verbose_name_plural = _("lần đăng nhập sai")
        indexes = [
            models.Index(fields=["username", "at"]),
            models.Index(fields=["ip", "at"]),
            models.Index(fields=["at"]),
        ]

    def __str__(self) -> str:
        return f"{self.username} {self.at:%Y-%m-%d %H:%M}"


def today() -> dt.date:
    """The date in Vietnam; dated roles change at local midnight."""
    return timezone.localdate()
