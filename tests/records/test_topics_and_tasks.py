from __future__ import annotations

import ast
import datetime as dt
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.module_loading import import_string

from records import audit, outbox, tasks
from records.models import AuditAnchor
from tests.records.conftest import person

ROOT = Path(__file__).resolve().parents[2]
APPS = ("vietnam", "records", "accounts", "beneficiaries", "clusters", "programs", "reports", "khuyencong")


def posted() -> Iterator[tuple[str, str]]:
    """Topics given as plain text to ``outbox.post`` anywhere in the product."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "outbox.post":
                    topic = node.args[0]
                    name = f"{path.relative_to(ROOT)}:{node.lineno}"
                    yield name, str(topic.value) if isinstance(topic, ast.Constant) else ""


def test_every_topic_that_is_posted_is_declared_with_its_handler() -> None:
    for place, topic in posted():
        assert topic in settings.OUTBOX_HANDLERS, f"{place}: add topic {topic!r} to OUTBOX_HANDLERS"


def test_every_declared_handler_exists() -> None:
    for path in settings.OUTBOX_HANDLERS.values():
        if path:
            assert callable(import_string(path))


def test_every_registered_invariant_exists() -> None:
    for path in getattr(settings, "INVARIANTS", ()):
        assert callable(import_string(path))


@pytest.mark.django_db
def test_the_scheduled_work_runs_as_the_runtime_role(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.OUTBOX_HANDLERS = {"tests.news": ""}
    outbox.post("tests.news", {})
    assert tasks.dispatch_outbox() == 1
    assert tasks.purge_records() == 0
    audit.record("tests.act", person(), actor=None)
    with caplog.at_level(logging.INFO, logger="records.tasks"):
        root = tasks.anchor_audit()
    assert root == AuditAnchor.objects.get().heads_root and root in caplog.text
    assert tasks.anchor_audit() == ""
    settings.INVARIANTS = []
    assert tasks.verify_invariants() is True


@pytest.mark.django_db
def test_a_broken_promise_is_logged_as_an_error(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.INVARIANTS = ["tests.records.test_verify_command.broken"]
    assert tasks.verify_invariants() is False
    assert "test_verify_command.broken" in caplog.text


@pytest.mark.django_db
def test_sign_ins_that_ran_out_are_forgotten_every_day() -> None:
    now = timezone.now()
    for name, days in (("over", -1), ("running", 1)):
        Session.objects.create(session_key=name, session_data="", expire_date=now + dt.timedelta(days=days))
    tasks.purge_records()
    assert list(Session.objects.values_list("session_key", flat=True)) == ["running"]
