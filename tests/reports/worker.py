"""A real Celery worker as a process of its own, on the test database and a private part of the broker."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import redis
from celery import Celery
from django.conf import settings

from tests import database
from tests.frame import production

PATIENCE_S = 60


class Bell:
    """The doorbell of one worker: sends what ``records.doorbell.send`` would, to this worker alone."""

    def __init__(self, url: str | None = None) -> None:
        self.prefix = f"reports-{uuid.uuid4().hex}:"
        self.app = Celery(broker=url or settings.REDIS_URL, set_as_current=False)
        self.app.conf.broker_transport_options = {
            "global_keyprefix": self.prefix,
            "socket_connect_timeout": 2,
            "max_retries": 0,
        }

    def send(self, task: str, args: tuple[Any, ...] = ()) -> None:
        self.app.send_task(task, args=args, retry=False, ignore_result=True)

    def clear(self) -> None:
        """Whatever is left of this worker's part of the broker."""
        broker: Any = redis.Redis.from_url(settings.REDIS_URL)
        for key in broker.scan_iter(f"{self.prefix}*"):
            broker.delete(key)
        broker.close()


class Worker:
    def __init__(self, media: Path, log: Path) -> None:
        self.bell, self.log = Bell(), log
        environment = os.environ | {
            "DATABASE_URL": production.runtime_url(),
            "KC_RUNTIME_ROLE": database.RUNTIME["USER"],
            "KC_BROKER_PREFIX": self.bell.prefix,
            "KC_MEDIA_ROOT": str(media),
        }
        environment.pop("DATABASE_OWNER_URL", None)
        command = [sys.executable, "-m", "celery", "-A", "khuyencong", "worker", "--loglevel", "INFO"]
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                # A name of its own: two workers of one name would answer for one another.
                [
                    *command,
                    "--concurrency",
                    "1",
                    "--without-gossip",
                    "--without-mingle",
                    "-n",
                    self.bell.prefix[:-1],
                ],
                env=environment,
                cwd=production.ROOT,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def kill(self) -> None:
        """SIGKILL to main process and child alike: nobody gets to say good-bye."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def until(self, condition: Callable[[], bool]) -> None:
        until(condition, lambda: self.log.read_text())


@contextlib.contextmanager
def worker(media: Path, folder: Path, name: str = "worker") -> Iterator[Worker]:
    """A started worker; ended with all its children however the test ends."""
    started = Worker(media, folder / f"{name}.log")
    try:
        started.until(lambda: "ready" in started.log.read_text())
        yield started
    finally:
        started.kill()
        started.bell.clear()


def until(condition: Callable[[], bool], why: Callable[[], str] = lambda: "") -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, f"it never happened\n{why()}"
        time.sleep(0.05)
