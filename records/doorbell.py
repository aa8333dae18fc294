"""Tells workers that a row is waiting. Only a hint: beat's sweeps find every row without it.

The broker is called from one background thread of the process, so a dead or black-holed broker neither
breaks nor delays the request that rang.
"""

from __future__ import annotations

import logging
import os
import queue
import threading
import time
from typing import Any, Final

from celery import current_app
from django.conf import settings
from django.db import transaction

log = logging.getLogger(__name__)

QUIET_SECONDS: Final = 5.0
"""After a failure nothing is tried for this long: the sweeps come every fifteen seconds anyway."""

_waiting: queue.Queue[tuple[str, tuple[Any, ...]]] = queue.Queue(maxsize=500)
_lock = threading.Lock()
_ringer: tuple[int, threading.Thread] | None = None


def ring_on_commit(task: str, *args: Any) -> None:
    """Ring for ``task`` (its full name) once the running transaction has committed; never raises."""
    transaction.on_commit(lambda: ring(task, *args), robust=True)


def ring(task: str, *args: Any) -> None:
    """Queue the message and return at once. Equal messages still waiting are sent once."""
    if not getattr(settings, "DOORBELL", True):
        return
    with _waiting.mutex:
        if (task, args) in _waiting.queue:
            return
    try:
        _waiting.put_nowait((task, args))
    except queue.Full:
        return
    _ensure_ringer()


def _ensure_ringer() -> None:
    global _ringer
    with _lock:
        # A fork copies the variable but not the thread.
        if _ringer is None or _ringer[0] != os.getpid() or not _ringer[1].is_alive():
            thread = threading.Thread(target=_run, name="doorbell", daemon=True)
            _ringer = (os.getpid(), thread)
            thread.start()


def _run() -> None:
    quiet_until = 0.0
    while True:
        task, args = _waiting.get()
        if time.monotonic() < quiet_until:
            continue
        try:
            send(task, args)
        except Exception as error:  # whatever the broker does, the row is safe and will be swept
            quiet_until = time.monotonic() + QUIET_SECONDS
            log.warning("doorbell for %s not heard (%s): the next sweep will find the row", task, error)


def send(task: str, args: tuple[Any, ...]) -> None:
    """One message, tried once."""
    current_app.send_task(task, args=args, retry=False, ignore_result=True)
