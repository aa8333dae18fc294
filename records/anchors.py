"""Daily signed marks of the audit chains: what even the database's own administrator cannot rewrite.

A chain can be rewritten whole, head included, by somebody who may do everything in the database. An
anchor signs the heads with ``KC_AUDIT_KEY``, which is not in the database; its root is printed in the
daily report and kept elsewhere, so that removing anchors shows too.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from records.context import whole_country
from records.models import AuditAnchor

_MOVED = """
SELECT h.object_type, h.object_id, h.seq, h.hash
  FROM records_audithead h
  LEFT JOIN (
    SELECT head ->> 0 AS object_type, head ->> 1 AS object_id, max((head ->> 2)::bigint) AS seq
      FROM records_auditanchor, jsonb_array_elements(heads) head GROUP BY 1, 2
  ) done ON done.object_type = h.object_type AND done.object_id = h.object_id
 WHERE done.seq IS NULL OR h.seq > done.seq
 ORDER BY h.object_type COLLATE "C", h.object_id COLLATE "C"
"""
_FAULTS = """
SELECT a.day, head ->> 0, head ->> 1, (head ->> 2)::bigint
  FROM records_auditanchor a CROSS JOIN LATERAL jsonb_array_elements(a.heads) head
  LEFT JOIN records_auditentry e
    ON e.object_type = head ->> 0 AND e.object_id = head ->> 1 AND e.seq = (head ->> 2)::bigint
 WHERE e.hash IS DISTINCT FROM head ->> 3
 ORDER BY a.id, 2, 3
"""


def take_anchor(day: dt.date | None = None) -> AuditAnchor | None:
    """Sign the heads that moved since the last anchor; None when none did.

    An entry under way in another transaction keeps its head invisible until it commits, and is simply
    part of the next anchor.
    """
    with whole_country():
        with connection.cursor() as cursor:
            cursor.execute(_MOVED)
            heads = [list(row) for row in cursor.fetchall()]
        if not heads:
            return None
        last = AuditAnchor.objects.order_by("-id").first()
        previous = last.heads_root if last else ""
        day = day or timezone.localdate()
        root = _root(previous, day, heads)
        return AuditAnchor.objects.create(
            day=day,
            heads=heads,
            previous_root=previous,
            heads_root=root,
            hmac=_sign(root, settings.KC_AUDIT_KEY),
        )


def verify_anchors(expected_root: str = "") -> list[str]:
    """What is wrong with the anchors or with what they signed; ``expected_root`` is one kept elsewhere."""
    with whole_country():
        faults: list[str] = []
        previous, roots = "", set()
        # Newest first. Where a newer key has signed, an older one, perhaps leaked, signs no more.
        keys = [settings.KC_AUDIT_KEY, *settings.KC_AUDIT_KEY_OLD]
        for anchor in AuditAnchor.objects.order_by("id").iterator(chunk_size=50):
            if anchor.previous_root != previous:
                faults.append(f"anchor of {anchor.day}: an anchor before it is missing")
            root = _root(anchor.previous_root, anchor.day, anchor.heads)
            signers = [key for key in keys if hmac.compare_digest(_sign(root, key), anchor.hmac)]
            if signers:
                keys = keys[: keys.index(signers[0]) + 1]
            if root != anchor.heads_root or not signers:
                faults.append(f"anchor of {anchor.day}: its content does not bear our signature")
            previous = anchor.heads_root
            roots.add(root)
        if expected_root and expected_root not in roots:
            faults.append(f"no anchor has the root {expected_root} that was kept elsewhere")
        with connection.cursor() as cursor:
            cursor.execute(_FAULTS)
            faults += [
                f"{kind} {object_id} #{seq}: not the entry signed on {day}"
                for day, kind, object_id, seq in cursor.fetchall()
            ]
        return faults


def _root(previous: str, day: dt.date, heads: list[Any]) -> str:
    text = json.dumps([previous, day.isoformat(), heads], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _sign(root: str, key: str) -> str:
    return hmac.new(key.encode(), root.encode(), hashlib.sha256).hexdigest()
