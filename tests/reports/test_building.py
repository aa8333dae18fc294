"""One worker and one report: what it shows meanwhile, how it ends, and what it leaves when it fails."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path
from typing import Any

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import Membership, User
from records.context import whole_country
from records.leases import MAX_ATTEMPTS, JobStatus
from records.models import InboxItem, StoredFile
from records.pulse import Pulse
from reports import building, figures, kinds, render, tasks
from reports.invariants import reports_are_made
from reports.models import Report
from tests.factories import make_project
from tests.records.conftest import at_once
from tests.reports.conftest import ask, file_of, fresh, made, read_sheet

pytestmark = pytest.mark.django_db(transaction=True)


def change(report: Report, **values: Any) -> None:
    with whole_country():
        Report.objects.filter(pk=report.pk).update(**values)


def titles() -> list[str]:
    with whole_country():
        return list(InboxItem.objects.order_by("id").values_list("title", flat=True))


def test_progress_never_falls_and_names_each_step(
    thanh_hoa_centre: User, thanh_hoa_officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _round in range(3):
        make_project(thanh_hoa_centre)
    told: list[tuple[int, str]] = []
    tell = Pulse.tell

    def listen(pulse: Pulse, pct: int, step: str) -> None:
        told.append((pct, step))
        tell(pulse, pct, step)

    monkeypatch.setattr(Pulse, "tell", listen)
    report = made(ask(thanh_hoa_officer))
    assert report.status == JobStatus.DONE
    assert [pct for pct, _step in told] == sorted(pct for pct, _step in told)
    assert list(dict.fromkeys(step for _pct, step in told)) == [kinds.READING, kinds.WRITING, kinds.KEEPING]
    assert (report.pct, report.step, report.error, report.attempts) == (100, "", "", 1)


def test_the_file_is_kept_by_its_content_outside_any_name(thanh_hoa_officer: User, own_files: Path) -> None:
    report = made(ask(thanh_hoa_officer))
    assert report.result is not None
    digest = report.result.sha256
    assert (own_files / "files" / digest[:2] / digest[2:4] / digest).is_file()
    assert list(own_files.glob("incoming/*")) == []
    assert read_sheet(file_of(report)).projects == []


def test_a_taken_ended_or_unknown_report_is_left_alone(thanh_hoa_officer: User) -> None:
    report = made(ask(thanh_hoa_officer))
    assert building.build(report.pk) is False and tasks.build_report(10**9) is False
    assert fresh(report).attempts == 1 and len(titles()) == 1


@pytest.mark.parametrize("module", [figures, render])
def test_cancelling_stops_the_worker_within_the_row_it_is_at(
    thanh_hoa_centre: User, thanh_hoa_officer: User, module: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row is cancelled at once; the worker learns of it at its next beat and writes nothing more."""
    for _round in range(30):
        make_project(thanh_hoa_centre, commune=None, beneficiaries=[])
    report = ask(thanh_hoa_officer)
    worked: list[int] = []
    table = module.registration_list

    def slowly(*args: Any) -> Any:
        *given, heard = args

        def each(done: int) -> None:
            worked.append(done)
            if done == 2:
                assert at_once([lambda: cancelled(report)]) == [True]
            time.sleep(0.2)
            heard(done)

        return table(*given, each)

    monkeypatch.setattr(module, "registration_list", slowly)
    assert building.build(report.pk) is False
    # A beat each 0.2 s: seen after a row or two.
    assert max(worked) < 30
    assert fresh(report).status == JobStatus.CANCELLED
    assert not StoredFile.objects.filter(name__endswith=".xlsx").exists() and titles() == []


def cancelled(report: Report) -> bool:
    """From another connection, as the page would; the worker's own is inside its transaction."""
    with whole_country():
        return Report.objects.get(pk=report.pk).cancel()


def test_who_lost_the_post_meanwhile_gets_the_reason_instead_of_the_rows(thanh_hoa_officer: User) -> None:
    report = ask(thanh_hoa_officer)
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    Membership.objects.filter(user=thanh_hoa_officer).update(valid=(dt.date(2020, 1, 1), yesterday))
    report = made(report)
    assert (report.status, report.result, report.attempts) == (JobStatus.FAILED, None, 1)
    assert report.error == "Địa bàn này nằm ngoài phạm vi của bạn."
    assert titles() == ["Báo cáo không lập được: Biểu tổng hợp đề án KCQG 2027 – Thanh Hóa"]


def test_a_fault_is_tried_again_and_then_told_without_its_inner_words(
    thanh_hoa_officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any) -> None:
        raise ZeroDivisionError("inner words")

    monkeypatch.setattr(render, "registration_list", broken)
    report = ask(thanh_hoa_officer)
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert fresh(report).status == JobStatus.PENDING and titles() == []
        assert made(report).attempts == attempt
    report = fresh(report)
    assert report.status == JobStatus.FAILED
    assert report.error == building.FAILED and "inner words" not in report.error
    assert len(titles()) == 1
    monkeypatch.undo()


def test_the_sweep_puts_back_rings_and_tells_who_waits_in_vain(
    thanh_hoa_officer: User, rung: list[tuple[Any, ...]]
) -> None:
    lost, hopeless, forgotten = (ask(thanh_hoa_officer, year=year) for year in (2025, 2026, 2027))
    rung.clear()
    with whole_country():
        assert Report.claim(lost.pk) and Report.claim(hopeless.pk)
    change(lost, lease_until=Now() - dt.timedelta(seconds=1))
    change(hopeless, lease_until=Now() - dt.timedelta(seconds=1), attempts=MAX_ATTEMPTS)
    change(forgotten, created_at=Now() - dt.timedelta(minutes=2))
    assert tasks.sweep_reports() == 2
    assert rung == [("reports.tasks.build_report", pk) for pk in (lost.pk, forgotten.pk)]
    assert fresh(lost).status == JobStatus.PENDING and fresh(hopeless).status == JobStatus.FAILED
    assert titles() == ["Báo cáo không lập được: Biểu tổng hợp đề án KCQG 2026 – Thanh Hóa"]
    with whole_country():
        assert InboxItem.objects.get().body.startswith("Máy xử lý dừng giữa chừng")


def test_messages_are_in_the_owners_language_and_the_paper_is_vietnamese(thanh_hoa_officer: User) -> None:
    User.objects.filter(pk=thanh_hoa_officer.pk).update(language="en")
    report = made(ask(thanh_hoa_officer))
    assert "BIỂU TỔNG HỢP ĐỀ ÁN" in read_sheet(file_of(report)).words
    assert report.owner.language == "en" and len(titles()) == 1


def test_a_report_that_nobody_makes_is_a_broken_promise(thanh_hoa_officer: User) -> None:
    old, done = ask(thanh_hoa_officer), made(ask(thanh_hoa_officer, year=2026))
    with whole_country():
        assert list(reports_are_made()) == []
    for report in (old, done):
        change(report, created_at=Now() - dt.timedelta(hours=2))
    with whole_country():
        (fault,) = reports_are_made()
    assert str(old.uuid) in fault and "pending" in fault
