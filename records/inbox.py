"""Messages to people inside the portal, and the ways each person wants to hear of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils import timezone
from django.utils.functional import Promise

from records import mail, outbox
from records.models import InboxItem, NoticeChoice


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of notice, and how it comes to those who have chosen nothing.

    ``kept``: why it is always told in the portal, where it is; "" where people may choose. ``digest``:
    whether the daily e-mail has it. ``at_once``: whether an e-mail of its own can be had.
    """

    name: str
    label: str | Promise
    kept: str | Promise = ""
    digest: bool = True
    at_once: bool = True


KINDS: Final[dict[str, Kind]] = {}
"""By name; each app declares its own in ``AppConfig.ready``."""


def declare(*kinds: Kind) -> None:
    KINDS.update((kind.name, kind) for kind in kinds)


@dataclass(frozen=True, slots=True)
class Ways:
    """How a person hears of one kind of notice."""

    bell: bool
    digest: bool
    mail: bool


def ways_of(user: AbstractBaseUser) -> dict[str, Ways]:
    """By kind, for all that are declared."""
    chosen = {choice.kind: choice for choice in NoticeChoice.objects.filter(user_id=user.pk)}
    return {name: _ways(kind, chosen.get(name)) for name, kind in KINDS.items()}


def _ways(kind: Kind, choice: NoticeChoice | None) -> Ways:
    if choice is None:
        return Ways(bell=True, digest=kind.digest, mail=False)
    return Ways(choice.bell or bool(kind.kept), choice.digest, choice.mail and kind.at_once)


def choose(
    user: AbstractBaseUser, *, bell: Collection[str], digest: Collection[str], mail: Collection[str]
) -> None:
    """Keep a person's choice for every declared kind; each collection names the kinds it is wanted for."""
    rows = [
        NoticeChoice(
            user_id=user.pk,
            kind=name,
            bell=name in bell or bool(kind.kept),
            digest=name in digest,
            mail=name in mail and kind.at_once,
        )
        for name, kind in KINDS.items()
    ]
    NoticeChoice.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["user", "kind"],
        update_fields=["bell", "digest", "mail"],
    )


def notify(
    users: Iterable[AbstractBaseUser], kind: str, title: str, body: str = "", url: str = ""
) -> list[InboxItem]:
    """One item for each distinct person, in the running transaction. ``url`` is a path of this portal.

    Whoever switched the bell off for this kind finds the item in the inbox as read already; whoever wants
    an e-mail at once gets one by the outbox.
    """
    if url and (not url.startswith("/") or url.startswith("//")):
        raise ValueError("an inbox item links to a page of this portal only")
    ids: list[Any] = list(dict.fromkeys(user.pk for user in users))
    chosen = {
        choice.user_id: _ways(KINDS[kind], choice)
        for choice in NoticeChoice.objects.filter(kind=kind, user__in=ids)
        if kind in KINDS
    }
    silent = {pk for pk, ways in chosen.items() if not ways.bell}
    now = timezone.now()
    items = InboxItem.objects.bulk_create(
        InboxItem(
            user_id=pk,
            kind=kind,
            title=title[:255],
            body=body,
            url=url,
            read_at=now if pk in silent else None,
        )
        for pk in ids
    )
    by_mail = [item for item in items if item.user_id in chosen and chosen[item.user_id].mail]
    if by_mail and mail.is_ready():
        outbox.post_all(mail.NOTICE, [{"item": str(item.uuid)} for item in by_mail])
    return items


def mark_read(user: AbstractBaseUser, uuids: Iterable[Any] | None = None) -> int:
    """Mark a person's unread items (or those given) as read; returns how many changed."""
    unread = InboxItem.objects.visible_to(user).unread()
    if uuids is not None:
        unread = unread.filter(uuid__in=list(uuids))
    return unread.update(read_at=timezone.now())
