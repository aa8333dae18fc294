"""The administrator's page: percentiles of real answers, or plainly that there are too few."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import resolve

from accounts.models import User
from accounts.roles import Role
from khuyencong import timing
from records import outbox
from tests import cast
from tests.pages import cost_of, signed_in, text_of

STATUS = "/tinh-trang/"


@pytest.fixture(autouse=True)
def own_counts(settings: Any) -> Iterator[None]:
    """A corner of the broker nobody else counts in."""
    settings.KC_PROCESS = "web"
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"global_keyprefix": f"timing-{uuid.uuid4().hex}:"}
    timing._counts.clear()
    client = timing._client()
    yield
    timing._counts.clear()
    for key in client.scan_iter(f"{settings.CELERY_BROKER_TRANSPORT_OPTIONS['global_keyprefix']}*"):
        client.delete(key)


@pytest.fixture
def admin(db: None) -> User:
    return cast.person("quan.tri", "Quản Trị Thử", Role.ADMIN, cast.cuc())


def answered(path: str, method: str = "GET") -> None:
    """One request through the middleware, as the resolver would have left it."""
    request = RequestFactory().generic(method, path)
    request.resolver_match = resolve(path)
    timing.TimingMiddleware(lambda _request: HttpResponse())(request)


def test_nineteen_of_twenty_answers_stay_within_the_step_that_is_named() -> None:
    for milliseconds, count in ((40, 94), (90, 4), (4000, 2)):
        for _again in range(count):
            timing.note("programs GET", milliseconds)
    (found,) = timing.measured().families
    assert (found.count, found.p95_ms) == (100, 100)


def test_what_took_longer_than_the_last_step_has_no_figure() -> None:
    found = timing.answers("programs GET", {0: 90, len(timing.STEPS_MS): 10})
    assert found.slow and found.p95_ms is None


def test_too_few_answers_have_no_percentile() -> None:
    assert timing.answers("programs GET", {0: timing.ENOUGH - 1}).p95_ms is None
    assert timing.answers("programs GET", {0: timing.ENOUGH}).p95_ms == timing.STEPS_MS[0]


def test_reading_writing_and_the_interface_are_counted_apart_and_machines_questions_not_at_all() -> None:
    for path, method in (("/de-an/", "GET"), ("/tuy-chon/", "POST"), ("/api/v1/projects/", "GET")):
        answered(path, method)
    answered("/healthz")
    assert {found.family for found in timing.measured().families} == {
        "programs GET", "accounts POST", "api GET"
    }  # fmt: skip


def test_several_processes_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    threads = [threading.Thread(target=timing.note, args=("programs GET", 20)) for _n in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    timing.flush()
    monkeypatch.setattr(timing, "_counts", type(timing._counts)())  # another process
    for _n in range(50):
        timing.note("programs GET", 20)
    assert timing.measured().families == [timing.Answers("programs GET", 100, 20)]


def test_a_broker_out_of_reach_costs_a_request_nothing_and_loses_no_count(settings: Any) -> None:
    there, settings.REDIS_URL = settings.REDIS_URL, "redis://127.0.0.1:1/0"
    timing.note("programs GET", 20)
    timing.flush()
    settings.REDIS_URL = there
    assert timing.measured().families[0].count == 1


def test_only_web_processes_measure(settings: Any) -> None:
    settings.KC_PROCESS = "worker"
    with pytest.raises(MiddlewareNotUsed):
        timing.TimingMiddleware(lambda _request: HttpResponse())


def test_the_page_names_figure_count_and_period_and_says_where_figures_are_too_few(admin: User) -> None:
    for _n in range(100):
        timing.note("programs GET", 180)
    timing.note("reports POST", 20)
    page = text_of(admin, STATUS)
    assert "≤ 200 ms" in page and "chậm" in page and "Số liệu từ" in page
    assert page.count("chưa đủ số liệu (cần 100)") == 1


def test_the_page_tells_what_waits_and_that_no_mail_server_is_set(admin: User, settings: Any) -> None:
    settings.MAIL_MODE = ""
    outbox.post("list.applied", {"list": 0})
    page = text_of(admin, STATUS)
    assert "chưa cài đặt" in page
    assert "<dd>1</dd>" in page.replace("\n", "")
    cost_of(admin, STATUS)


def test_without_a_broker_the_page_comes_and_says_so(admin: User, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    page = text_of(admin, STATUS)
    assert "không kết nối được Redis" in page and "không trả lời" in page


def test_the_page_is_for_administrators(thanh_hoa_officer: User) -> None:
    assert signed_in(thanh_hoa_officer).get(STATUS).status_code == 403
