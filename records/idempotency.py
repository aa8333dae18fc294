"""One answer to one key: a request sent twice is done once.

match idempotency.begin(client, key, request_hash(...)):
    case Replay(status, body): answer that
    case Conflict(): 422      # the key came with another body before
    case InProgress(): 409    # the first request with this key is still running
    case Fresh() as fresh:    # do the work, then, in the same transaction:
        fresh.finish(status, body)
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, transaction
from django.utils import timezone

from records.context import whole_country
from records.models import IdempotencyKey

LONGEST_KEY: Final = 255


@dataclass(frozen=True, slots=True)
class Replay:
    status: int
    body: Any


@dataclass(frozen=True, slots=True)
class Conflict:
    """The same key came before with another request."""


@dataclass(frozen=True, slots=True)
class InProgress:
    """Another transaction holds the key."""


@dataclass(frozen=True, slots=True)
class Fresh:
    client: str
    key: str
    request_hash: str

    def finish(self, status: int, body: Any) -> None:
        """Keep the answer with the work. Rolled back with it, so a failed request may be sent again."""
        IdempotencyKey.objects.create(
            client=self.client,
            key=self.key,
            request_hash=self.request_hash,
            response_status=status,
            response_body=body,
        )


Outcome = Replay | Conflict | InProgress | Fresh


def request_hash(method: str, path: str, body: bytes) -> str:
    """What makes two requests the same: verb, path with query, and the exact body."""
    digest = hashlib.sha256()
    for part in (method.upper().encode(), path.encode(), body):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def begin(client: str, key: str, request_hash: str) -> Outcome:
    """Whether this request is new, done, running or another one under the same key.

    Needs a running transaction. The key is held by a transaction-long advisory lock that is tried, never
    waited for: a duplicate that arrives meanwhile learns so at once. Raises ``ValueError`` for a key that
    is empty, over 255 characters or not printable ASCII.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("an idempotency key needs the transaction of its work")
    if not key or len(key) > LONGEST_KEY or not (key.isascii() and key.isprintable()):
        raise ValueError("Idempotency-Key")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_lock_number(client, key)])
        (held,) = cursor.fetchone()
    if not held:
        return InProgress()
    # Asked only after the lock: the first request's answer is committed by then, and this statement's
    # own snapshot sees it.
    known = IdempotencyKey.objects.filter(client=client, key=key).first()
    if known is None:
        return Fresh(client, key, request_hash)
    if known.request_hash != request_hash:
        return Conflict()
    return Replay(known.response_status, known.response_body)


def purge(older_than: dt.timedelta = dt.timedelta(days=7)) -> int:
    """Forget old keys, everybody's."""
    with whole_country():
        return IdempotencyKey.objects.filter(created_at__lt=timezone.now() - older_than).delete()[0]


def _lock_number(client: str, key: str) -> int:
    digest = hashlib.sha256(f"idempotency\0{client}\0{key}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
