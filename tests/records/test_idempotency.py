from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from records import idempotency
from records.context import whole_country
from records.idempotency import Conflict, Fresh, InProgress, Replay
from records.models import IdempotencyKey
from tests.records.conftest import at_once, person, scope

HASH = idempotency.request_hash("POST", "/api/v1/projects/", b'{"a": 1}')
OTHER = idempotency.request_hash("POST", "/api/v1/projects/", b'{"a": 2}')


def fresh(key: str = "k", hash_: str = HASH) -> Fresh:
    outcome = idempotency.begin("user:1", key, hash_)
    assert isinstance(outcome, Fresh)
    return outcome


@pytest.mark.django_db
def test_the_same_request_gets_the_stored_answer() -> None:
    fresh().finish(201, {"code": "ĐA-1"})
    assert idempotency.begin("user:1", "k", HASH) == Replay(201, {"code": "ĐA-1"})


@pytest.mark.django_db
def test_the_database_shows_nobody_the_answer_another_person_got() -> None:
    one, two = person("a"), person("b")
    with scope(actor=one):
        fresh().finish(201, {"code": "ĐA-1"})
        assert IdempotencyKey.objects.exists()
    with scope(actor=two):
        assert not IdempotencyKey.objects.exists()
    with whole_country():
        IdempotencyKey.objects.update(created_at=timezone.now() - dt.timedelta(days=8))
    with scope(actor=two):
        assert idempotency.purge() == 1, "the sweep is nobody's and sees every key"


@pytest.mark.django_db
def test_the_same_key_with_another_body_conflicts() -> None:
    fresh().finish(201, None)
    assert idempotency.begin("user:1", "k", OTHER) == Conflict()


@pytest.mark.django_db
def test_keys_of_other_clients_are_strangers() -> None:
    fresh().finish(201, None)
    assert isinstance(idempotency.begin("user:2", "k", OTHER), Fresh)


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "x" * 256, "khóa", "a\nb"])
def test_a_key_that_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="Idempotency-Key"):
        idempotency.begin("user:1", key, HASH)


def test_verb_path_and_body_cannot_be_shifted_into_one_another() -> None:
    assert idempotency.request_hash("POST", "/a", b"b") != idempotency.request_hash("POST", "/ab", b"")
    assert idempotency.request_hash("post", "/a", b"b") == idempotency.request_hash("POST", "/a", b"b")


@pytest.mark.django_db(transaction=True)
def test_a_key_needs_a_transaction() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        idempotency.begin("user:1", "k", HASH)


@pytest.mark.django_db(transaction=True)
def test_a_failed_request_may_be_sent_again() -> None:
    with transaction.atomic():
        fresh().finish(500, None)
        transaction.set_rollback(True)
    with transaction.atomic():
        fresh()


@pytest.mark.django_db(transaction=True)
def test_a_twin_that_arrives_meanwhile_is_told_at_once() -> None:
    began, may_end = threading.Event(), threading.Event()

    def first() -> None:
        try:
            with transaction.atomic():
                answer = fresh()
                began.set()
                may_end.wait(20)
                answer.finish(201, {"n": 1})
        finally:
            connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    assert began.wait(20)
    with transaction.atomic():
        assert idempotency.begin("user:1", "k", HASH) == InProgress()
    may_end.set()
    thread.join(20)
    with transaction.atomic():
        assert idempotency.begin("user:1", "k", HASH) == Replay(201, {"n": 1})


@pytest.mark.django_db(transaction=True)
def test_of_many_twins_at_once_exactly_one_does_the_work() -> None:
    for round_ in range(10):

        def send(key: str = f"k{round_}") -> Any:
            with transaction.atomic():
                outcome = idempotency.begin("user:1", key, HASH)
                if isinstance(outcome, Fresh):
                    outcome.finish(201, {"by": threading.get_ident()})
                return type(outcome)

        outcomes = at_once([send] * 8)
        assert outcomes.count(Fresh) == 1, outcomes
        assert set(outcomes) <= {Fresh, Replay, InProgress}
    assert IdempotencyKey.objects.count() == 10
