"""News written in the transaction that made it, handed over afterwards, at least once.

A crash after the commit loses nothing: the row is there and the sweep finds it. Handlers are named by
topic in ``settings.OUTBOX_HANDLERS`` (dotted path of ``handler(message: OutboxMessage) -> None``; empty
for a topic nobody listens to yet).
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.module_loading import import_string

from records import context, doorbell
from records.leases import params_digest
from records.models import OutboxMessage

log = logging.getLogger(__name__)

Handler = Callable[[OutboxMessage], None]
DISPATCH_TASK: Final = "records.tasks.dispatch_outbox"
MAIL_TASK: Final = "records.tasks.dispatch_mail"
_MAIL: Final = "mail."
_ONCE: Final = uuid.UUID("5b0f6c0e-6f3e-4d53-9d7e-6c1f2f0f7a11")
LONGEST_WAIT: Final = dt.timedelta(hours=1)


def post(topic: str, payload: Mapping[str, Any]) -> OutboxMessage:
    """Put news in the outbox of the running transaction and ring once it has committed.

    ``payload`` holds ids, not copies: by the time it is read the world may have moved on. Raises
    ``TransactionManagementError`` outside a transaction, where work and news could part.
    """
    [message] = post_all(topic, [payload])
    return message


def post_all(topic: str, payloads: Sequence[Mapping[str, Any]], *, once: bool = False) -> list[OutboxMessage]:
    """Several pieces of news on one topic, in one statement; see ``post``.

    ``once``: a payload this topic has had before is not put in again, whoever tries, until it is purged.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("news belongs in the transaction it tells of")
    messages = [
        OutboxMessage(
            uuid=uuid.uuid5(_ONCE, topic + params_digest(payload)) if once else uuid.uuid4(),
            topic=topic,
            payload=dict(payload),
        )
        for payload in payloads
    ]
    if messages:
        # Nothing comes back with it: whoever writes news may not read the queue.
        OutboxMessage.objects.bulk_create(messages, ignore_conflicts=True)
        doorbell.ring_on_commit(MAIL_TASK if is_mail(topic) else DISPATCH_TASK)
    return messages


def is_mail(topic: str) -> bool:
    """E-mail has a queue of its own, so that a mail server that hangs holds up no notice in the portal."""
    return topic.startswith(_MAIL)


def dispatch(limit: int = 200, *, mail: bool = False) -> int:
    """Hand over what waits, each message in a transaction of its own; returns how many were handed over.

    ``mail``: the topics of e-mail, else all others. One worker at a time sends mail, and the first failure
    ends its round: a server that hangs keeps one worker for one letter, never all of them for the queue.

    Several dispatchers may run: a row in work is skipped by the others. The handler's own writes are in
    the same transaction as the mark, so they happen once; what it does outside the database may happen
    again after a crash, and ``message.uuid`` lets the receiver tell. A failing message waits longer each
    time and holds up no other.
    """
    done = 0
    for _round in range(limit):
        outcome = _dispatch_one(mail)
        if outcome is None:
            break
        done += outcome
        if mail and not outcome:
            break
    return done


def waiting(*, mail: bool) -> tuple[int, int]:
    """How many messages wait, and how many of them have failed before; no further than a hundred each."""
    with context.whole_country():
        queue = OutboxMessage.objects.filter(_lane(mail), dispatched_at__isnull=True)
        return queue[:100].count(), queue.filter(attempts__gt=0)[:100].count()


def _lane(mail: bool) -> Q:
    return Q(topic__startswith=_MAIL) if mail else ~Q(topic__startswith=_MAIL)


def _dispatch_one(mail: bool) -> bool | None:
    """True when handed over, False when it failed, None when nothing waits, or when another sends mail."""
    with context.whole_country():
        if mail and not _is_alone():
            return None
        message = (
            OutboxMessage.objects.select_for_update(skip_locked=True)
            .filter(_lane(mail), dispatched_at__isnull=True, due_at__lte=Now())
            .order_by("due_at", "id")
            .first()
        )
        if message is None:
            return None
        message.attempts += 1
        try:
            with transaction.atomic(), context.bind(f"outbox-{message.uuid.hex}"):
                _handle(message)
        except Exception as error:  # one bad message must not stop the queue; it is kept with its error
            log.exception("outbox message %s (%s) failed", message.uuid, message.topic)
            message.last_error = f"{type(error).__name__}: {error}"[:2000]
            wait = dt.timedelta(seconds=2 ** min(message.attempts, 12))
            message.due_at = timezone.now() + min(LONGEST_WAIT, wait)
            message.save(update_fields=["attempts", "last_error", "due_at"])
            return False
        message.dispatched_at = timezone.now()
        message.last_error = ""
        message.save(update_fields=["attempts", "last_error", "dispatched_at"])
        return True


def _is_alone() -> bool:
    """Whether no other transaction sends mail now; then none does until this one ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"outbox {_MAIL}"])
        (held,) = cursor.fetchone()
    return bool(held)


def _handle(message: OutboxMessage) -> None:
    handlers: dict[str, str] = settings.OUTBOX_HANDLERS
    if message.topic not in handlers:
        raise LookupError(f"topic {message.topic!r} is not in settings.OUTBOX_HANDLERS")
    if path := handlers[message.topic]:
        handler: Handler = import_string(path)
        handler(message)


def purge(older_than: dt.timedelta = dt.timedelta(days=30)) -> int:
    """Remove messages handed over long ago."""
    limit = timezone.now() - older_than
    with context.whole_country():
        return OutboxMessage.objects.filter(dispatched_at__lt=limit).delete()[0]
