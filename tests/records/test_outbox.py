from __future__ import annotations

import datetime as dt
import time
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from records import context, outbox
from records.models import OutboxMessage
from tests.records.conftest import at_once, person, scope

DELIVERED: list[dict[str, Any]] = []
SEEN: list[tuple[str, str]] = []
INSIDE: list[Any] = []
MOST: list[int] = []


def deliver(message: OutboxMessage) -> None:
    time.sleep(0.002)
    DELIVERED.append(message.payload)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('kc.scope', true)")
        SEEN.append((context.request_id(), cursor.fetchone()[0]))


def deliver_slowly(message: OutboxMessage) -> None:
    INSIDE.append(message.uuid)
    MOST.append(len(INSIDE))
    time.sleep(0.05)
    INSIDE.remove(message.uuid)


def explode(message: OutboxMessage) -> None:
    OutboxMessage.objects.create(topic="half.done", payload={})
    raise RuntimeError("không gửi được")


@pytest.fixture(autouse=True)
def handlers(settings: Any) -> None:
    DELIVERED.clear()
    SEEN.clear()
    settings.OUTBOX_HANDLERS = {
        "good": "tests.records.test_outbox.deliver",
        "bad": "tests.records.test_outbox.explode",
        "nobody": "",
        "mail.bad": "tests.records.test_outbox.explode",
        "mail.good": "tests.records.test_outbox.deliver",
        "mail.slow": "tests.records.test_outbox.deliver_slowly",
    }


@pytest.mark.django_db
def test_news_is_delivered_once_with_its_payload() -> None:
    outbox.post("good", {"project": 7})
    assert outbox.dispatch() == 1
    assert outbox.dispatch() == 0
    assert DELIVERED == [{"project": 7}]
    with context.whole_country():
        message = OutboxMessage.objects.get()
    assert message.dispatched_at is not None and message.attempts == 1
    assert SEEN[0][0] == f"outbox-{message.uuid.hex}"
    assert SEEN[0][1].startswith("{0,"), "handlers are system work and see every province"


@pytest.mark.django_db
def test_a_topic_nobody_listens_to_is_simply_delivered() -> None:
    outbox.post("nobody", {})
    assert outbox.dispatch() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("topic", ["bad", "unknown"])
def test_a_failing_message_keeps_its_error_waits_and_holds_up_no_other(topic: str) -> None:
    outbox.post(topic, {})
    outbox.post("good", {"n": 1})
    assert outbox.dispatch() == 1
    with context.whole_country():
        bad = OutboxMessage.objects.get(topic=topic)
    assert bad.dispatched_at is None and bad.attempts == 1 and bad.last_error
    assert bad.due_at > timezone.now()
    with context.whole_country():
        assert not OutboxMessage.objects.filter(topic="half.done").exists(), "its half work is rolled back"
        OutboxMessage.objects.filter(pk=bad.pk).update(due_at=timezone.now() - dt.timedelta(seconds=1))
    outbox.dispatch()
    with context.whole_country():
        bad.refresh_from_db()
    assert bad.attempts == 2


@pytest.mark.django_db(transaction=True)
def test_news_outside_a_transaction_is_refused() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        outbox.post("good", {})


@pytest.mark.django_db(transaction=True)
def test_the_bell_rings_only_after_the_commit(rung: list[str]) -> None:
    with transaction.atomic():
        outbox.post("good", {})
        assert rung == []
        transaction.set_rollback(True)
    with context.whole_country():
        assert rung == [] and not OutboxMessage.objects.exists()
    with transaction.atomic():
        outbox.post("good", {})
    assert rung == ["records.tasks.dispatch_outbox"]


@pytest.mark.django_db(transaction=True)
def test_several_dispatchers_deliver_each_message_once() -> None:
    with transaction.atomic():
        for number in range(60):
            outbox.post("good", {"n": number})
    counts = at_once([outbox.dispatch] * 4)
    assert sum(counts) == 60
    assert sorted(payload["n"] for payload in DELIVERED) == list(range(60))


@pytest.mark.django_db
def test_only_messages_delivered_long_ago_are_removed() -> None:
    outbox.post("good", {})
    outbox.dispatch()
    outbox.post("good", {})
    assert outbox.purge() == 0
    with context.whole_country():
        OutboxMessage.objects.update(created_at=timezone.now() - dt.timedelta(days=99))
        OutboxMessage.objects.filter(dispatched_at__isnull=False).update(
            dispatched_at=timezone.now() - dt.timedelta(days=31)
        )
    assert outbox.purge() == 1
    with context.whole_country():
        assert OutboxMessage.objects.get().dispatched_at is None


@pytest.mark.django_db
def test_anybody_adds_news_and_only_system_work_reads_the_queue() -> None:
    with scope(actor=person()):
        outbox.post("good", {"project": 7})
        assert not OutboxMessage.objects.exists()
        assert OutboxMessage.objects.update(topic="nobody") == 0
    assert outbox.dispatch() == 1


@pytest.mark.django_db
def test_a_mail_server_that_fails_ends_the_round_and_the_next_begins_with_another_letter() -> None:
    outbox.post("mail.bad", {})
    outbox.post("mail.good", {"n": 1})
    assert outbox.dispatch(mail=True) == 0
    assert DELIVERED == [], "a server that hangs must not be waited for letter by letter"
    assert outbox.dispatch(mail=True) == 1


@pytest.mark.django_db(transaction=True)
def test_however_many_workers_one_at_a_time_sends_mail() -> None:
    MOST.clear()
    with transaction.atomic():
        outbox.post_all("mail.slow", [{"n": n} for n in range(4)])
    counts = at_once([lambda: outbox.dispatch(mail=True)] * 3)
    assert sum(counts) == 4
    assert max(MOST) == 1, "the other workers are free for the portal's own news"
