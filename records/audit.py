"""Who did what to which object, chained per object so that a changed or missing entry shows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

from records import context, personal
from records.audit_sql import VERIFY

Person = AbstractBaseUser | AnonymousUser | None

# No RETURNING (which ``create()`` would add): PostgreSQL would apply the read policy to the new row, and
# an entry may well be one its writer is not allowed to read.
_INSERT = """
INSERT INTO records_auditentry
    (object_type, object_id, actor_id, on_behalf_of_id, province_id, action, before, after, reason,
     request_id, ip)
VALUES
"""
_ROW = "(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"

REASONS = {
    "missing": "an earlier entry of the object is missing or was put in",
    "unlinked": "the entry does not continue the one before it",
    "changed": "the content is not what was written",
    "tail": "the end of the chain is not where the last write left it",
}


@dataclass(frozen=True, slots=True)
class Break:
    """The first bad place of one object's chain."""

    object_type: str
    object_id: str
    seq: int
    entry_id: int | None
    why: str

    def __str__(self) -> str:
        return f"{self.object_type} {self.object_id} #{self.seq}: {REASONS.get(self.why, self.why)}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One act on one stored object, as ``record`` takes it."""

    action: str
    thing: models.Model | AnonymousUser
    actor: Person
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    reason: str = ""
    on_behalf_of: Person = None

    def row(self) -> list[Any]:
        """The column values of the entry. Raises ``ValueError`` for an unsaved thing."""
        thing = self.thing
        if not isinstance(thing, models.Model) or thing.pk is None:
            raise ValueError("only a stored object has an audit chain")
        province_id = getattr(thing, "audit_province_id", None) or getattr(thing, "province_id", None)
        return [
            thing._meta.label_lower,
            str(thing.pk),
            _pk(self.actor),
            _pk(self.on_behalf_of),
            province_id,
            self.action,
            _json(self.before),
            _json(self.after),
            personal.mask(self.reason),
            context.request_id(),
            context.ip() or None,
        ]


def record(
    action: str,
    thing: models.Model | AnonymousUser,
    *,
    actor: Person,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    on_behalf_of: Person = None,
) -> None:
    """Write one entry in the running transaction: what is rolled back was never done.

    ``before`` and ``after`` name what changed; bare personal numbers in them are masked, because an audit
    trail outlives the right to erasure. The province is the thing's own (``audit_province_id``, else
    ``province_id``); without one the entry is the nation's. Raises ``ValueError`` for an unsaved thing.
    """
    record_all([Entry(action, thing, actor, before, after, reason, on_behalf_of)])


def record_all(entries: Iterable[Entry]) -> None:
    """Write these entries in their order, in one statement; see ``record``."""
    rows = [entry.row() for entry in entries]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_INSERT + ", ".join([_ROW] * len(rows)), list(chain.from_iterable(rows)))


def verify(object_type: str | None = None) -> list[Break]:
    """Recompute every chain (or those of one ``app.model``); the first bad entry of each broken one.

    Reads with the caller's rights: run it inside ``context.whole_country()`` or as the owner.
    """
    with connection.cursor() as cursor:
        cursor.execute(VERIFY, {"object_type": object_type})
        return [
            Break(kind, object_id, seq, entry_id, why)
            for kind, object_id, seq, entry_id, why in cursor.fetchall()
        ]


def _pk(person: Person) -> Any:
    return person.pk if person is not None else None


def _json(values: Mapping[str, Any] | None) -> str | None:
    if values is None:
        return None
    # Encoded first: what masks must see is the text that will be stored.
    plain = json.loads(json.dumps(dict(values), cls=DjangoJSONEncoder))
    return json.dumps(personal.mask_within(plain), ensure_ascii=False)
