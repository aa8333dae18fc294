"""What an office keeps for its papers: registers of numbers, and seals with their days."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.people import Dated, Organisation, User
from records.history import tracked
from vietnam.fields import CleanCharField, CleanTextField

FIRST_YEAR, LAST_YEAR = 2014, 2100
LARGEST_NUMBER = 999_999


class RegisterKind(models.TextChoices):
    RECEPTION = "RECEPTION", _("Sổ tiếp nhận hồ sơ")
    OUTGOING = "OUTGOING", _("Sổ văn bản đi")


class PaperKind(models.TextChoices):
    """Papers that take a number."""

    RECEIPT = "RECEIPT", _("Giấy tiếp nhận hồ sơ")
    SHEET = "SHEET", _("Phiếu thẩm định")
    MINUTES = "MINUTES", _("Biên bản thẩm định")


_BEGUN = Func(F("pk"), function="accounts_register_begun", output_field=models.BooleanField())


class PaperRegisterQuerySet(models.QuerySet["PaperRegister"]):
    def with_begun(self) -> Self:
        """``begun``: whether it has issued a number, for those too who may not read the numbers."""
        return self.annotate(begun=_BEGUN)

    def begun(self) -> Self:
        return self.filter(_BEGUN)


@tracked()
class PaperRegister(models.Model):
    """One office's numbers of one kind in one year: they run from 1 January to 31 December.

    Căn cứ: Nghị định 30/2020/NĐ-CP, Phụ lục I (from memory, docs/unverified.md).
    """

    office = models.ForeignKey(
        Organisation, models.PROTECT, related_name="registers", verbose_name=_("Cơ quan")
    )
    kind = models.CharField(_("Loại sổ"), max_length=10, choices=RegisterKind.choices)
    year = models.PositiveSmallIntegerField(
        _("Năm"), validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
    )
    begins_at = models.PositiveIntegerField(
        _("Số đầu tiên"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(LARGEST_NUMBER)],
        help_text=_("Lớn hơn 1 khi đầu năm cơ quan đã cấp số trên sổ giấy."),
    )
    opened_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PaperRegisterQuerySet.as_manager()

    class Meta:
        verbose_name = _("sổ cấp số")
        verbose_name_plural = _("sổ cấp số")
        ordering = ["-year", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["office", "kind", "year"], name="one_register_a_year"),
            models.CheckConstraint(
                condition=Q(begins_at__gte=1, begins_at__lte=LARGEST_NUMBER), name="register_begins_at_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.year}"


class IssuedNumberQuerySet(models.QuerySet["IssuedNumber"]):
    """Here and not in ``querysets``: whose numbers they are the scope says, which needs the models."""

    def visible_to(self, user: User) -> Self:
        """Numbers of the offices in which one works today, and of those they have succeeded."""
        from accounts.scope import works_in

        return self.filter(register__office__in=works_in(user))

    def matching(self, words: str) -> Self:
        """A number ("5", "05", "05/GTN-SCT"), else part of the project's code or title."""
        digits, slash, suffix = words.strip().partition("/")
        if digits.isdecimal() and len(digits) < 7:
            found = self.filter(number=int(digits))
            return found.filter(suffix__icontains=suffix) if slash else found
        return self.filter(Q(project_code__icontains=words) | Q(about__icontains=words))

    def for_list(self) -> Self:
        return self.select_related("register__office", "issued_by")


class IssuedNumber(models.Model):
    """A line of a register. The database gives ``number``, and nothing of the line changes afterwards but
    that it is declared void, once, with its reason."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    register = models.ForeignKey(PaperRegister, models.PROTECT, related_name="numbers")
    number = models.PositiveIntegerField(_("Số"), default=0)
    """Whatever is written here, the trigger ``draw_number`` puts the register's next one."""
    suffix = CleanCharField(_("Ký hiệu"), max_length=60)
    """What follows the slash: the paper's letters, then the office's."""
    paper = models.CharField(_("Loại văn bản"), max_length=10, choices=PaperKind.choices)
    project_code = CleanCharField(_("Mã đề án"), max_length=30)
    about = CleanCharField(_("Nội dung"), max_length=500)
    issued_on = models.DateField(_("Ngày cấp"))
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(default=timezone.now, editable=False)
    voided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    voided_at = models.DateTimeField(null=True)
    void_reason = CleanTextField(_("Lý do hủy số"), blank=True, max_length=500)

    objects = IssuedNumberQuerySet.as_manager()

    class Meta:
        verbose_name = _("số đã cấp")
        verbose_name_plural = _("số đã cấp")
        constraints = [
            models.UniqueConstraint(fields=["register", "number"], name="number_once_a_register"),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True, voided_by__isnull=True, void_reason="")
                | (Q(voided_at__isnull=False, voided_by__isnull=False) & ~Q(void_reason="")),
                name="number_void_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["issued_at", "id"], name="numbers_by_moment")]

    def __str__(self) -> str:
        return self.sign

    @property
    def sign(self) -> str:
        """As it is printed: "05/GTN-SCT"; below ten with a nought before it."""
        return f"{self.number:02d}/{self.suffix}"

    @property
    def is_void(self) -> bool:
        return self.voided_at is not None


class SealKind(models.TextChoices):
    STAMP = "STAMP", _("Con dấu cơ quan")
    SIGNATURE = "SIGNATURE", _("Chữ ký số của cơ quan")


@tracked()
class Seal(Dated, models.Model):
    """A seal of an office, or the certificate of its digital one, with the days it holds."""

    office = models.ForeignKey(Organisation, models.PROTECT, related_name="seals", verbose_name=_("Cơ quan"))
    kind = models.CharField(_("Loại"), max_length=10, choices=SealKind.choices)
    number = CleanCharField(
        _("Số đăng ký hoặc số chứng thư"),
        max_length=80,
        help_text=_("Số đăng ký mẫu con dấu, hoặc số hiệu chứng thư số."),
    )
    source = CleanCharField(
        _("Văn bản"), max_length=255, help_text=_("Giấy chứng nhận hoặc văn bản cấp, với số và ngày.")
    )
    valid = DateRangeField(_("Thời hạn"))

    class Meta:
        verbose_name = _("con dấu")
        verbose_name_plural = _("con dấu")
        ordering = ["kind", "-valid"]
        constraints = [
            ExclusionConstraint(
                name="one_seal_of_a_kind_a_day",
                expressions=[
                    ("office", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"
