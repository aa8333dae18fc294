"""Messages to people inside the portal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils import timezone

from records.models import InboxItem


def notify(
    users: Iterable[AbstractBaseUser], kind: str, title: str, body: str = "", url: str = ""
) -> list[InboxItem]:
    """One item for each distinct person, in the running transaction. ``url`` is a path of this portal."""
    if url and (not url.startswith("/") or url.startswith("//")):
        raise ValueError("an inbox item links to a page of this portal only")
    ids: list[Any] = list(dict.fromkeys(user.pk for user in users))
    return InboxItem.objects.bulk_create(
        InboxItem(user_id=pk, kind=kind, title=title[:255], body=body, url=url) for pk in ids
    )


def mark_read(user: AbstractBaseUser, uuids: Iterable[Any] | None = None) -> int:
    """Mark a person's unread items (or those given) as read; returns how many changed."""
    unread = InboxItem.objects.visible_to(user).unread()
    if uuids is not None:
        unread = unread.filter(uuid__in=list(uuids))
    return unread.update(read_at=timezone.now())
