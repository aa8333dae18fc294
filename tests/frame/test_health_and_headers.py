"""What every answer carries, and what the two health questions say."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from khuyencong import health
from khuyencong.logs import JsonFormatter
from khuyencong.middleware import PrivateCacheMiddleware, RequestIdMiddleware, client_address
from records import context


def test_the_process_answers_without_a_database(client: Client) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok"}


@pytest.mark.django_db
def test_readiness_covers_database_migrations_and_broker(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200, answer.content
    assert answer.json() == {"status": "ok", "database": "ok", "migrations": "ok", "broker": "ok"}


@pytest.mark.django_db
@pytest.mark.parametrize("part", ["database", "migrations", "broker"])
def test_one_missing_part_makes_the_portal_unready_and_names_it_without_details(
    part: str, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> bool:
        raise OSError("postgres://kc_app:secret@db")

    monkeypatch.setitem(health.PROBES, part, broken)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()[part] == "failed"
    assert b"secret" not in answer.content


@pytest.mark.django_db
def test_an_unreachable_broker_is_noticed(client: Client, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert client.get("/readyz").json()["broker"] == "failed"


def test_inline_code_is_forbidden_except_with_the_nonce_of_this_answer(client: Client) -> None:
    first, second = client.get("/healthz"), client.get("/healthz")
    policy = first["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert policy != second["Content-Security-Policy"], "the nonce is never used twice"
    assert first["X-Content-Type-Options"] == "nosniff"
    assert first["X-Frame-Options"] == "DENY"


def test_a_page_that_forgot_about_caching_is_not_cached(client: Client) -> None:
    assert client.get("/healthz")["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("signed_in", "expected"), [(True, "private, no-store"), (False, "public, max-age=60")]
)
def test_a_signed_in_persons_answer_is_never_cached_even_if_the_view_says_so(
    signed_in: bool, expected: str
) -> None:
    class Person:
        is_authenticated = signed_in

    def view(request: HttpRequest) -> HttpResponse:
        request.user = Person()  # type: ignore[assignment]  # only the one attribute matters
        return HttpResponse(headers={"Cache-Control": "public, max-age=60"})

    answer = PrivateCacheMiddleware(view)(RequestFactory().get("/"))
    assert answer["Cache-Control"] == expected


def test_the_request_id_of_the_proxy_is_kept_and_a_hostile_one_replaced() -> None:
    seen: list[str] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(context.request_id())
        return HttpResponse()

    middleware = RequestIdMiddleware(view)
    kept = middleware(RequestFactory().get("/", headers={"X-Request-ID": "0123456789abcdef"}))
    replaced = middleware(RequestFactory().get("/", headers={"X-Request-ID": "a\nb" * 50}))
    assert kept["X-Request-ID"] == seen[0] == "0123456789abcdef"
    assert replaced["X-Request-ID"] == seen[1] != ""
    assert "\n" not in seen[1]
    assert context.request_id() == ""


def test_the_clients_address_comes_from_the_proxy_only_behind_one(settings: Any) -> None:
    request = RequestFactory().get("/", headers={"X-Forwarded-For": "10.0.0.1, 203.0.113.7"})
    settings.BEHIND_PROXY = False
    assert client_address(request) == "127.0.0.1"
    settings.BEHIND_PROXY = True
    assert client_address(request) == "203.0.113.7"
    assert client_address(RequestFactory().get("/", headers={"X-Forwarded-For": "<script>"})) == ""


def test_a_log_line_is_one_json_object_with_vietnamese_readable() -> None:
    record = logging.LogRecord(
        "kc", logging.WARNING, __file__, 1, "Không đọc được %s\ndòng 2", ("tệp",), None
    )
    line = JsonFormatter().format(record)
    assert "\n" not in line
    assert json.loads(line)["message"] == "Không đọc được tệp\ndòng 2"
    assert "Không đọc được tệp" in line


def test_celery_takes_json_only_and_confirms_late() -> None:
    from khuyencong.celery import app

    assert list(app.conf.accept_content) == ["json"]
    assert app.conf.task_acks_late
    assert app.conf.task_ignore_result
    assert app.conf.worker_prefetch_multiplier == 1


def test_every_scheduled_task_exists() -> None:
    from khuyencong.celery import app

    app.loader.import_default_modules()
    missing = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} - set(app.tasks)
    assert not missing, f"the beat schedule names tasks nobody defines: {missing}"
