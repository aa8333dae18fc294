"""Keeps a running job's lease alive and its progress visible while the job is inside its own transaction.

A heartbeat in the job's transaction would be invisible until the commit and would hold the row's lock,
so that "cancel" hangs. So a thread with a connection of its own beats:

    with Pulse(job) as pulse, act_as(job.owner):
        pulse.tell(40, "Đang tổng hợp")     # raises JobCancelled or LeaseLost
        …
        job.finish(job.token, result)
"""

from __future__ import annotations

import logging
import threading
import time
from types import TracebackType
from typing import Self

from django.db import Error as DatabaseError
from django.db import connection

from records.leases import LeasedJob, LeaseLost

log = logging.getLogger(__name__)

_SOONEST = 0.2
"""Seconds between two beats at least, however often the job tells its progress."""


class Pulse:
    def __init__(self, job: LeasedJob) -> None:
        self._job = job
        self._interval = job.lease.total_seconds() / 3
        self._news = threading.Event()
        self._leave = threading.Event()
        self._told: tuple[int | None, str | None] = (None, None)
        self._lost: LeaseLost | None = None
        self._last_beat = time.monotonic()
        self._thread = threading.Thread(target=self._run, name=f"pulse-{job.pk}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave.set()
        self._news.set()
        self._thread.join(timeout=10)

    def tell(self, pct: int | None = None, step: str | None = None) -> None:
        """Show progress soon, and learn whether to go on. Cheap: call it as often as convenient.

        Raises ``JobCancelled`` or ``LeaseLost``; also when no beat has reached the database for a whole
        lease, because by then the job may have been given to another worker.
        """
        if self._lost is None and time.monotonic() - self._last_beat > self._interval * 3:
            self._lost = LeaseLost(f"job {self._job.pk}: no heartbeat reached the database in time")
        if self._lost is not None:
            raise self._lost
        self._told = (pct, step)
        self._news.set()

    def _run(self) -> None:
        try:
            while not self._leave.is_set() and self._lost is None:
                self._beat()
                self._leave.wait(_SOONEST)
                self._news.wait(self._interval)
                self._news.clear()
        finally:
            connection.close()

    def _beat(self) -> None:
        pct, step = self._told
        try:
            self._job.heartbeat(self._job.token, pct, step)
            self._last_beat = time.monotonic()
        except LeaseLost as lost:
            self._lost = lost
        except DatabaseError:
            log.warning("heartbeat of job %s failed", self._job.pk, exc_info=True)
            connection.close()
