"""Real processes on the real database and broker: nothing is lost and nothing done twice.

Where a report has to be caught in the middle, the test holds a lock on the catalogue of activities, which
the worker must read; time is moved by dating the lease or the request back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db.models.functions import Now

from accounts.models import User
from records import doorbell
from records.context import whole_country
from records.leases import JobStatus
from records.models import InboxItem, StoredFile
from reports.models import Report
from tests import database
from tests.factories import make_project
from tests.pages import signed_in
from tests.reports.conftest import file_of, fresh, read_sheet, vnd
from tests.reports.test_report_pages import FORM, page_of
from tests.reports.worker import Bell, until, worker

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def rung() -> None:
    """Here the bell is real."""


def ask_on_the_page(user: User) -> Report:
    address = signed_in(user).post("/bao-cao/lap/", FORM)["Location"]
    with whole_country():
        return Report.objects.get(uuid=address.split("/")[2])


def status(report: Report) -> str:
    return fresh(report).status


def change(report: Report, **values: Any) -> None:
    with whole_country():
        Report.objects.filter(pk=report.pk).update(**values)


@contextmanager
def catalogue_held() -> Iterator[None]:
    """No other connection can read the catalogue of activities: a worker waits there, in mid-report."""
    connection = database.owner_connection(database.FLUSH.database)
    connection.autocommit = False
    try:
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE programs_activitykind IN ACCESS EXCLUSIVE MODE")
        yield
    finally:
        connection.rollback()
        connection.close()


def waits_for_the_catalogue() -> bool:
    with database.owner_cursor(database.FLUSH.database) as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            " AND query LIKE '%programs_activitykind%' AND datname = current_database()"
        )
        return bool(cursor.fetchone()[0])


def outcomes() -> tuple[int, int]:
    """Files made and messages sent."""
    with whole_country():
        return (StoredFile.objects.filter(name__endswith=".xlsx").count(), InboxItem.objects.count())


def test_a_worker_that_is_killed_in_mid_report_loses_nothing_and_another_does_it_once(
    thanh_hoa_centre: User,
    thanh_hoa_officer: User,
    own_files: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    project = make_project(thanh_hoa_centre)
    with worker(own_files, tmp_path, "victim") as victim:
        monkeypatch.setattr(doorbell, "send", victim.bell.send)
        with catalogue_held():
            report = ask_on_the_page(thanh_hoa_officer)
            victim.until(lambda: status(report) == JobStatus.RUNNING and waits_for_the_catalogue())
            victim.kill()
    assert status(report) == JobStatus.RUNNING and outcomes() == (0, 0), "nobody knows yet"
    change(report, lease_until=Now() - dt.timedelta(seconds=1))
    with worker(own_files, tmp_path, "survivor") as survivor:
        survivor.bell.send("reports.tasks.sweep_reports")
        survivor.until(lambda: status(report) == JobStatus.DONE)
        # Late and doubled messages, as a broker sends them again after a crash.
        for _round in range(3):
            survivor.bell.send("reports.tasks.build_report", (report.pk,))
        survivor.bell.send("reports.tasks.sweep_reports")
        survivor.until(lambda: survivor.log.read_text().count("succeeded") >= 6)
    report = fresh(report)
    assert (report.attempts, report.token, outcomes()) == (2, 2, (1, 1))
    assert vnd(read_sheet(file_of(report)).total)[0] == project.total_vnd


def test_what_was_asked_while_the_broker_was_down_is_made_after_a_sweep_and_cancel_stops_a_running_one(
    thanh_hoa_centre: User,
    thanh_hoa_officer: User,
    own_files: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    make_project(thanh_hoa_centre)
    monkeypatch.setattr(doorbell, "send", Bell("redis://127.0.0.1:1/0").send)
    monkeypatch.setattr(doorbell, "QUIET_SECONDS", 0.0)
    report = ask_on_the_page(thanh_hoa_officer)
    until(lambda: "not heard" in caplog.text)
    assert status(report) == JobStatus.PENDING
    change(report, created_at=Now() - dt.timedelta(minutes=1))
    with worker(own_files, tmp_path) as started:
        started.bell.send("reports.tasks.sweep_reports")
        started.until(lambda: status(report) == JobStatus.DONE)
        assert outcomes() == (1, 1)

        monkeypatch.setattr(doorbell, "send", started.bell.send)
        with catalogue_held():
            second = ask_on_the_page(thanh_hoa_officer)
            started.until(lambda: status(second) == JobStatus.RUNNING and waits_for_the_catalogue())
            client = signed_in(thanh_hoa_officer)
            assert client.post(f"{page_of(second)}huy/").status_code == 302
            assert status(second) == JobStatus.CANCELLED, "at once, whatever the worker waits for"
        started.until(lambda: f"job {second.pk} was cancelled" in started.log.read_text())
        assert status(second) == JobStatus.CANCELLED and outcomes() == (1, 1)

        assert client.post(f"{page_of(second)}lap-lai/").status_code == 302
        started.until(lambda: status(second) == JobStatus.DONE)
    assert fresh(second).attempts == 1 and outcomes()[1] == 2
