from __future__ import annotations

import datetime as dt
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import pytest
from django.db import IntegrityError, OperationalError, connection, models, transaction
from django.db.models.functions import Now
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import User
from records.leases import (
    MAX_ATTEMPTS,
    PENDING_PATIENCE,
    JobCancelled,
    JobStatus,
    LeasedJob,
    LeaseLost,
    params_digest,
)
from records.pulse import Pulse
from tests import database
from tests.records.conftest import at_once, person


class Chore(LeasedJob):
    """A leased job for these tests; its app is not installed, so no migration ever knows it."""

    output = models.TextField(blank=True)
    lease = dt.timedelta(milliseconds=400)
    objects: ClassVar[models.Manager[Chore]] = models.Manager()

    class Meta(LeasedJob.Meta):
        app_label = "records_tests"


@pytest.fixture(scope="module", autouse=True)
def table(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        with connection.schema_editor(collect_sql=True) as editor:
            editor.create_model(Chore)
        with database.owner_cursor(database.FLUSH.database) as cursor:
            for statement in editor.collected_sql:
                # Without its foreign keys: the flush between tests truncates the tables they point to.
                if "FOREIGN KEY" not in statement:
                    cursor.execute(statement)
            cursor.execute(
                f"GRANT SELECT, INSERT, UPDATE, DELETE ON records_tests_chore TO {database.RUNTIME['USER']}"
            )
    yield
    with django_db_blocker.unblock(), database.owner_cursor(database.FLUSH.database) as cursor:
        connection.close()
        cursor.execute("DROP TABLE records_tests_chore")


@pytest.fixture(autouse=True)
def emptied(transactional_db: None) -> Iterator[None]:
    yield
    Chore.objects.all().delete()


def chore(**values: Any) -> Chore:
    owner = User.objects.filter(username="chu").first() or person("chu")
    return Chore.objects.create(owner=owner, **values)


def claimed(job: Chore) -> Chore:
    taken = Chore.claim(job.pk)
    assert taken is not None
    return taken


def expire(job: Chore) -> None:
    Chore.objects.filter(pk=job.pk).update(lease_until=Now() - dt.timedelta(seconds=1))


def swept() -> Any:
    return Chore.sweep(lambda pk: None)


def test_a_claim_gives_the_oldest_waiting_job_once() -> None:
    first, second = chore(), chore()
    assert [job.pk for job in (Chore.claim(), Chore.claim()) if job] == [first.pk, second.pk]
    assert Chore.claim() is None and Chore.claim(first.pk) is None


def test_a_job_runs_to_its_end() -> None:
    job = claimed(chore())
    assert (job.status, job.attempts, job.token) == (JobStatus.RUNNING, 1, 1)
    job.heartbeat(job.token, 40, "Đang tổng hợp")
    seen = Chore.objects.get(pk=job.pk)
    assert (seen.pct, seen.step) == (40, "Đang tổng hợp")
    job.finish(job.token)
    done = Chore.objects.get(pk=job.pk)
    assert (done.status, done.pct, done.lease_until) == (JobStatus.DONE, 100, None)
    assert done.finished_at is not None


def test_parameters_have_one_digest_whatever_their_order() -> None:
    job = chore(params={"b": 1, "a": dt.date(2027, 1, 1)})
    assert job.params_hash == params_digest({"a": dt.date(2027, 1, 1), "b": 1})
    assert job.params_hash != params_digest({"a": dt.date(2027, 1, 1), "b": 2})


def test_a_worker_that_wakes_up_after_its_job_was_given_away_can_write_nothing() -> None:
    slow = claimed(chore())
    expire(slow)
    assert swept().returned == (slow.pk,)
    quick = claimed(slow)
    assert quick.token == slow.token + 1
    with pytest.raises(LeaseLost):
        slow.heartbeat(slow.token, 90)
    with pytest.raises(LeaseLost):
        slow.finish(slow.token)
    with pytest.raises(LeaseLost):
        slow.fail(slow.token, "muộn")
    quick.finish(quick.token)
    assert Chore.objects.get(pk=slow.pk).status == JobStatus.DONE


def test_the_outcome_and_the_mark_are_written_together_or_not_at_all() -> None:
    job = claimed(chore())
    expire(job)
    swept()
    with pytest.raises(LeaseLost), transaction.atomic():
        Chore.objects.filter(pk=job.pk).update(output="hai lần")
        job.finish(job.token)
    assert Chore.objects.get(pk=job.pk).output == ""


def test_a_late_heartbeat_keeps_a_job_nobody_else_took() -> None:
    job = claimed(chore())
    expire(job)
    job.heartbeat(job.token, 50)
    assert swept().returned == ()


def test_cancelling_reaches_the_worker_at_its_next_heartbeat() -> None:
    job = claimed(chore())
    assert Chore.objects.get(pk=job.pk).cancel()
    with pytest.raises(JobCancelled):
        job.heartbeat(job.token, 10)
    with pytest.raises(JobCancelled):
        job.finish(job.token)
    assert not Chore.objects.get(pk=job.pk).cancel(), "what has ended cannot be cancelled"


def test_a_failed_or_cancelled_job_can_be_asked_for_again() -> None:
    failed = claimed(chore())
    failed.fail(failed.token, "Thiếu dữ liệu")
    assert Chore.objects.get(pk=failed.pk).error == "Thiếu dữ liệu"
    assert failed.retry() and not failed.retry()
    again = claimed(failed)
    assert (again.attempts, again.token, again.error) == (1, 2, ""), "attempts begin anew, the token never"
    again.finish(again.token)
    assert not again.retry()


def test_a_passing_failure_puts_the_job_back_while_attempts_remain() -> None:
    job = chore()
    for attempt in range(1, MAX_ATTEMPTS + 1):
        taken = claimed(job)
        assert taken.attempts == attempt
        taken.fail(taken.token, "mất kết nối", again=True)
    assert Chore.objects.get(pk=job.pk).status == JobStatus.FAILED


def test_after_five_lost_workers_the_job_is_given_up_with_a_sentence() -> None:
    job = chore()
    for _attempt in range(MAX_ATTEMPTS):
        claimed(job)
        expire(job)
        result = swept()
    assert result.given_up == (job.pk,)
    job.refresh_from_db()
    assert job.status == JobStatus.FAILED and job.error.endswith(".")


def test_the_sweep_rings_for_returned_and_forgotten_jobs_and_survives_a_dead_bell() -> None:
    lost, fresh = claimed(chore()), chore()
    forgotten = chore()
    Chore.objects.filter(pk=forgotten.pk).update(created_at=Now() - PENDING_PATIENCE * 2)
    expire(lost)
    rung: list[int] = []
    Chore.sweep(rung.append)
    assert rung == [lost.pk, forgotten.pk] and fresh.pk not in rung

    def dead(pk: int) -> None:
        raise OSError("no broker")

    assert Chore.sweep(dead).rung == (forgotten.pk,)


def test_the_database_knows_that_only_running_jobs_hold_a_lease() -> None:
    job = chore()
    with pytest.raises(IntegrityError):
        Chore.objects.filter(pk=job.pk).update(status=JobStatus.RUNNING)
    with pytest.raises(IntegrityError):
        Chore.objects.filter(pk=job.pk).update(pct=101)


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.02)


def test_progress_is_seen_and_the_lease_kept_while_the_job_is_inside_its_transaction(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Longer than a busy machine may hold up the beating thread.
    monkeypatch.setattr(Chore, "lease", dt.timedelta(seconds=1.5))
    job = claimed(chore())
    shown: list[int] = []

    def watch() -> None:
        wait_until(lambda: Chore.objects.get(pk=job.pk).pct == 40)
        shown.append(40)
        time.sleep(2.5)
        assert swept().returned == (), "a whole lease has passed"

    def work() -> None:
        with Pulse(job) as pulse, transaction.atomic():
            Chore.objects.count()
            pulse.tell(40, "Đang tổng hợp")
            time.sleep(3)
            pulse.tell()
            job.finish(job.token)

    assert at_once([watch, work]) == [None, None]
    assert shown == [40] and Chore.objects.get(pk=job.pk).status == JobStatus.DONE


def test_cancelling_does_not_wait_for_the_job_and_stops_it() -> None:
    job = claimed(chore())
    with pytest.raises(JobCancelled), Pulse(job) as pulse, transaction.atomic():
        Chore.objects.count()
        pulse.tell(10)
        started = time.monotonic()
        assert at_once([Chore.objects.get(pk=job.pk).cancel]) == [True]
        assert time.monotonic() - started < 2
        for _round in range(100):
            time.sleep(0.05)
            pulse.tell(20)


def test_a_job_cut_off_from_the_database_gives_up_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    job = claimed(chore())

    def unreachable(self: Chore, *args: Any) -> None:
        raise OperationalError("connection lost")

    monkeypatch.setattr(Chore, "heartbeat", unreachable)
    with Pulse(job) as pulse, pytest.raises(LeaseLost, match="no heartbeat"):
        for _round in range(60):
            time.sleep(0.05)
            pulse.tell(1)


def test_many_workers_never_take_the_same_job() -> None:
    for _round in range(40):
        chore()

    def work() -> list[tuple[int, int]]:
        taken = []
        while (job := Chore.claim()) is not None:
            taken.append((job.pk, job.token))
            job.finish(job.token)
        return taken

    results = at_once([work] * 6)
    assert all(isinstance(result, list) for result in results), results
    counted = Counter(pair for result in results for pair in result)
    assert len(counted) == 40 and set(counted.values()) == {1}


def test_workers_that_vanish_lose_nothing_and_double_nothing(seed: int) -> None:
    """Some workers fall silent in the middle, some come back late; every output is written exactly once."""
    jobs = [chore().pk for _round in range(15)]
    outputs: Counter[int] = Counter()
    lock, stop = threading.Lock(), threading.Event()

    def work(number: int) -> None:
        pick = random.Random(seed + number)
        while not stop.is_set():
            job = Chore.claim()
            if job is None:
                time.sleep(0.02)
                continue
            fate = pick.random()
            if fate < 0.25:
                continue  # killed: the lease runs out
            if fate < 0.4:
                time.sleep(0.7)  # asleep past the lease, then goes on as if nothing had happened
            try:
                with transaction.atomic():
                    Chore.objects.filter(pk=job.pk).update(output=f"{number}")
                    job.finish(job.token)
            except LeaseLost:
                continue
            with lock:
                outputs[job.pk] += 1

    def watch() -> None:
        deadline = time.monotonic() + 30
        while (
            Chore.objects.filter(status__in=["pending", "running"]).exists() and time.monotonic() < deadline
        ):
            swept()
            time.sleep(0.05)
        stop.set()

    results = at_once([watch, *(lambda number=number: work(number) for number in range(4))])
    assert results == [None] * 5
    given_up = set(Chore.objects.filter(status=JobStatus.FAILED).values_list("pk", flat=True))
    assert set(outputs) | given_up == set(jobs), f"seed {seed}"
    assert set(outputs.values()) == {1}
    assert not set(outputs) & given_up
