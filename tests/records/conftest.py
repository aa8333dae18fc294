"""Helpers of these tests: people without posts, a scope by hand, threads that begin together."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.models import User
from vietnam.models import AdminUnit


def person(username: str = "nguoi.thu") -> User:
    return User.objects.create(username=username, full_name="Người Thử")


def province(code: str) -> AdminUnit:
    return AdminUnit.objects.provinces().filter(code=code).latest("id")


@contextmanager
def scope(*province_ids: int, actor: User | None = None) -> Iterator[None]:
    """A transaction limited to these provinces, as the middleware would open it."""
    with transaction.atomic():
        set_scope(*province_ids, actor=actor)
        yield
        set_scope()


def set_scope(*province_ids: int, actor: User | None = None) -> None:
    ids = "{" + ",".join(map(str, province_ids)) + "}"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('kc.scope', %s, true), set_config('kc.actor', %s, true)",
            [ids, str(actor.pk) if actor else ""],
        )


def at_once(jobs: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run each in a thread of its own, all released together; an exception becomes its result."""
    barrier = threading.Barrier(len(jobs))
    results: list[Any] = [None] * len(jobs)

    def run(place: int, job: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=20)
            results[place] = job()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
        assert not thread.is_alive(), "a thread hangs"
    return results


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture(autouse=True)
def rung(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What would have been sent to the broker."""
    from records import doorbell

    heard: list[str] = []
    monkeypatch.setattr(doorbell, "ring", lambda task, *args: heard.append(task))
    return heard
