"""Tables of what any office keeps. Provinces come from below; people are string foreign keys."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records.history import acting_user, tracked
from records.querysets import InboxQuerySet
from vietnam.fields import CleanCharField
from vietnam.models import AdminUnit


class StoredFile(models.Model):
    """Content kept once, under its own digest, outside the web root; see ``files.store``."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sha256 = models.CharField(_("mã băm nội dung"), max_length=64, unique=True, editable=False)
    size = models.PositiveBigIntegerField(_("dung lượng (byte)"))
    media_type = models.CharField(_("loại nội dung"), max_length=100)
    name = models.CharField(_("tên tệp"), max_length=150)
    """Name at the first upload of this content; what a page shows is the name its own row keeps."""
    created_at = models.DateTimeField(_("tải lên lúc"), auto_now_add=True)

    class Meta:
        verbose_name = _("tệp lưu trữ")
        verbose_name_plural = _("tệp lưu trữ")

    def __str__(self) -> str:
        return self.name


class AuditEntry(models.Model):
    """One act on one object, chained to the object's previous entry. Written by ``audit.record`` only.

    ``seq``, ``at``, ``prev_hash`` and ``hash`` are set by the database whatever the client sends.
    """

    object_type = models.CharField(_("loại đối tượng"), max_length=100)
    object_id = models.CharField(_("mã đối tượng"), max_length=100)
    seq = models.PositiveBigIntegerField(_("số thứ tự"), db_default=0)
    at = models.DateTimeField(_("lúc"), db_default=Now())
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("người thực hiện"),
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("thay mặt")
    )
    province = models.ForeignKey(
        AdminUnit, models.PROTECT, null=True, related_name="+", verbose_name=_("tỉnh")
    )
    action = models.CharField(_("việc"), max_length=100)
    before = models.JSONField(_("trước"), null=True, encoder=DjangoJSONEncoder)
    after = models.JSONField(_("sau"), null=True, encoder=DjangoJSONEncoder)
    reason = models.TextField(_("lý do"), blank=True, db_default="")
    request_id = models.CharField(_("mã yêu cầu"), max_length=64, blank=True, db_default="")
    ip = models.GenericIPAddressField(_("địa chỉ IP"), null=True)
    prev_hash = models.CharField(max_length=64, db_default="")
    hash = models.CharField(max_length=64, db_default="")

    class Meta:
        verbose_name = _("mục nhật ký")
        verbose_name_plural = _("nhật ký")
        constraints = [
            models.UniqueConstraint(fields=["object_type", "object_id", "seq"], name="records_audit_chain")
        ]
        indexes = [
            models.Index(fields=["actor", "-at"], name="records_audit_actor"),
            models.Index(fields=["province", "-at"], name="records_audit_province"),
        ]

    def __str__(self) -> str:
        return f"{self.object_type} {self.object_id} #{self.seq} {self.action}"


class AuditHead(models.Model):
    """End of each object's chain: the row that orders concurrent entries and betrays a cut tail.

    A row lock, not an advisory one: an import that audits thousands of objects in one transaction
    would exhaust the server's shared lock table.
    """

    object_type = models.CharField(max_length=100)
    object_id = models.CharField(max_length=100)
    seq = models.PositiveBigIntegerField(db_default=0)
    hash = models.CharField(max_length=64, db_default="")

    class Meta:
        verbose_name = _("đầu chuỗi nhật ký")
        verbose_name_plural = _("đầu chuỗi nhật ký")
        constraints = [
            models.UniqueConstraint(fields=["object_type", "object_id"], name="records_audithead_object")
        ]

    def __str__(self) -> str:
        return f"{self.object_type} {self.object_id} #{self.seq}"


class AuditAnchor(models.Model):
    """Heads that moved since the previous anchor, signed with a key the database does not have."""

    day = models.DateField(_("ngày"))
    created_at = models.DateTimeField(_("lập lúc"), db_default=Now())
    heads = models.JSONField(_("đầu chuỗi"))
    """List of [object_type, object_id, seq, hash], sorted."""
    previous_root = models.CharField(max_length=64, blank=True)
    heads_root = models.CharField(_("gốc"), max_length=64)
    """SHA-256 over the previous root, the day and the heads, so anchors are a chain too."""
    hmac = models.CharField(_("chữ ký"), max_length=64)

    class Meta:
        verbose_name = _("mốc nhật ký")
        verbose_name_plural = _("mốc nhật ký")
        ordering = ["id"]
        # A second anchor on one root would be a fork of the chain of anchors.
        constraints = [models.UniqueConstraint(fields=["previous_root"], name="records_anchor_no_fork")]

    def __str__(self) -> str:
        return f"{self.day} {self.heads_root}"


class OutboxMessage(models.Model):
    """News to deliver after the transaction that made it; delivered at least once."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    topic = models.CharField(_("chủ đề"), max_length=100)
    payload = models.JSONField(_("nội dung"), encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField(db_default=Now())
    """Not tried before this moment: grows with each failure."""
    dispatched_at = models.DateTimeField(_("đã chuyển lúc"), null=True, blank=True)
    attempts = models.PositiveIntegerField(_("số lần thử"), default=0)
    last_error = models.TextField(_("lỗi gần nhất"), blank=True)

    class Meta:
        verbose_name = _("tin chờ chuyển")
        verbose_name_plural = _("tin chờ chuyển")
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="records_outbox_waiting",
                condition=models.Q(dispatched_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.uuid}"


class InboxItem(models.Model):
    """A message to one person inside the portal: the truth, of which an e-mail is only a copy."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="inbox_items", verbose_name=_("người nhận")
    )
    kind = models.CharField(_("loại"), max_length=60)
    title = CleanCharField(_("tiêu đề"), max_length=255)
    body = models.TextField(_("nội dung"), blank=True)
    url = models.CharField(_("liên kết"), max_length=500, blank=True)
    read_at = models.DateTimeField(_("đã đọc lúc"), null=True, blank=True)
    created_at = models.DateTimeField(_("gửi lúc"), auto_now_add=True)

    objects = InboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("thông báo")
        verbose_name_plural = _("thông báo")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["user", "-id"], name="records_inbox_user"),
            models.Index(
                fields=["user"], name="records_inbox_unread", condition=models.Q(read_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def was_opened(self) -> bool:
        """Read by its receiver; one whose bell was switched off is written as read already."""
        return self.read_at is not None and self.read_at > self.created_at


class NoticeChoice(models.Model):
    """How one person wants to hear of one kind of notice (``inbox.KINDS``); no row: as that kind begins."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(_("loại"), max_length=60)
    bell = models.BooleanField(_("báo trong cổng"))
    digest = models.BooleanField(_("trong thư tổng hợp"))
    mail = models.BooleanField(_("thư ngay"))

    class Meta:
        verbose_name = _("lựa chọn nhận thông báo")
        verbose_name_plural = _("lựa chọn nhận thông báo")
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="records_noticechoice_once_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}"


class IdempotencyKey(models.Model):
    """The answer already given to a client's key; written in the transaction of the work itself."""

    actor_id = models.BigIntegerField(null=True, db_default=acting_user(), editable=False)
    """Who asked: the answer holds what this person may see, so row security gives it to nobody else."""
    client = models.CharField(max_length=100)
    key = models.CharField(max_length=255)
    request_hash = models.CharField(max_length=64)
    response_status = models.PositiveSmallIntegerField()
    response_body = models.JSONField(encoder=DjangoJSONEncoder, null=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = _("khóa chống lặp")
        verbose_name_plural = _("khóa chống lặp")
        constraints = [models.UniqueConstraint(fields=["client", "key"], name="records_idempotency_once")]

    def __str__(self) -> str:
        return f"{self.client} {self.key}"


class StagedImportStatus(models.TextChoices):
    PREVIEW = "preview", _("Chờ xem xét")
    APPLIED = "applied", _("Đã ghi")
    DISCARDED = "discarded", _("Đã bỏ")


class StagedImport(models.Model):
    """Rows of an uploaded workbook, read but not yet applied. Personal numbers arrive protected."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("loại biểu"), max_length=40)
    province = models.ForeignKey(AdminUnit, models.PROTECT, related_name="+", verbose_name=_("tỉnh"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người tải lên")
    )
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name=_("tệp gốc"))
    name = models.CharField(_("tên tệp"), max_length=150, blank=True)
    """The file's name at this upload."""
    year = models.PositiveSmallIntegerField(_("năm kế hoạch"), null=True, blank=True)
    status = models.CharField(
        _("tình trạng"), max_length=10, choices=StagedImportStatus, default=StagedImportStatus.PREVIEW
    )
    rows = models.JSONField(_("dòng"), default=list, encoder=DjangoJSONEncoder)
    summary = models.JSONField(_("tổng hợp"), default=dict, encoder=DjangoJSONEncoder)
    version = models.PositiveIntegerField(default=1)
    """Grows with every correction in the grid, so two browsers cannot overwrite one another."""
    created_at = models.DateTimeField(_("tải lên lúc"), auto_now_add=True)
    applied_at = models.DateTimeField(_("ghi lúc"), null=True, blank=True)

    class Meta:
        verbose_name = _("biểu chờ nhập")
        verbose_name_plural = _("biểu chờ nhập")
        ordering = ["-id"]
        indexes = [models.Index(fields=["province", "-id"], name="records_staged_province")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status="applied", applied_at__isnull=False)
                | (~models.Q(status="applied") & models.Q(applied_at__isnull=True)),
                name="records_staged_applied_has_time",
            )
        ]

    def __str__(self) -> str:
        return self.name or str(self.uuid)


@tracked()
class Placement(models.Model):
    """Which part of a split unit a record lies in, as an office has found; the record keeps its old unit.

    No document tells it by rule, so it is nobody's to guess: until it is here the record stands under
    "chưa xác định" in sums by today's commune. ``kind`` is the record's model ("programs.project").
    """

    kind = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    province = models.ForeignKey(AdminUnit, models.PROTECT, related_name="+", verbose_name=_("tỉnh"))
    """The record's own, as it was then: whose scope sees this."""
    old = models.ForeignKey(AdminUnit, models.PROTECT, related_name="+", verbose_name=_("đơn vị đã chia"))
    unit = models.ForeignKey(AdminUnit, models.PROTECT, related_name="+", verbose_name=_("nay thuộc"))
    reason = CleanCharField(_("căn cứ xác định"), max_length=255)
    document = CleanCharField(_("văn bản"), max_length=120, blank=True)
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người xác định")
    )
    placed_at = models.DateTimeField(_("xác định lúc"), default=timezone.now)

    class Meta:
        verbose_name = _("xác định đơn vị sau chia tách")
        verbose_name_plural = _("xác định đơn vị sau chia tách")
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id", "old"], name="records_placement_once")
        ]
        indexes = [models.Index(fields=["unit", "kind"], name="records_placement_unit")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id} → {self.unit_id}"


class UnitReform(models.Model):
    """An uploaded list of changes of administrative units, looked at before a second person applies it.

    ``plan`` is what ``kc_apply_reform`` writes, ``rows`` what the file said, both as read at the upload.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name=_("tệp gốc"))
    name = models.CharField(_("tên tệp"), max_length=150)
    rows = models.JSONField(_("dòng"), default=list, encoder=DjangoJSONEncoder)
    plan = models.JSONField(_("thay đổi"), default=dict, encoder=DjangoJSONEncoder)
    status = models.CharField(
        _("tình trạng"), max_length=10, choices=StagedImportStatus, default=StagedImportStatus.PREVIEW
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người tải lên")
    )
    created_at = models.DateTimeField(_("tải lên lúc"), default=timezone.now)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người áp dụng"),
    )
    applied_at = models.DateTimeField(_("áp dụng lúc"), null=True, blank=True)

    class Meta:
        verbose_name = _("tệp thay đổi địa giới")
        verbose_name_plural = _("tệp thay đổi địa giới")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["file"],
                condition=~models.Q(status="discarded"),
                name="records_unitreform_once_a_file",
            ),
            models.CheckConstraint(
                condition=models.Q(status="applied", applied_at__isnull=False, applied_by__isnull=False)
                | (~models.Q(status="applied") & models.Q(applied_at__isnull=True, applied_by__isnull=True)),
                name="records_unitreform_applied_by_somebody",
            ),
            models.CheckConstraint(
                condition=~models.Q(applied_by=models.F("uploaded_by")),
                name="records_unitreform_by_two_people",
                violation_error_message=_("Người tải tệp lên không tự áp dụng; cần người thứ hai."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
