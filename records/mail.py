"""E-mail: always a copy of what the portal holds, always by way of the outbox.

The outbox hands a message over in the transaction that marks it as done, so two workers never send it
both. Only a process killed between the mail server's "accepted" and the commit sends again, under the
same Message-ID, by which mail programs know a copy.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from records import personal
from records.models import InboxItem, OutboxMessage

NOTICE: Final = "mail.notice"
"""Topic of a notice sent at once; the payload names the inbox item."""
STALE: Final = dt.timedelta(days=2)
"""An e-mail that could not be sent for so long is given up: the inbox has the notice."""


def is_ready() -> bool:
    """Whether this installation sends, or on a laptop writes, e-mail at all."""
    return bool(settings.MAIL_MODE)


def absolute(path: str) -> str:
    """The address of a page of this portal, for reading outside it."""
    return f"{settings.KC_PUBLIC_URL}{path}"


def send(address: str, subject: str, body: str, key: uuid.UUID) -> None:
    """One plain message to one address; ``key`` is the same whenever the same message is sent again.

    Bare personal numbers are masked: what a person may see in the portal must not lie in a mailbox.
    Raises what the mail server's refusal raises.
    """
    host = urlsplit(settings.KC_PUBLIC_URL).hostname or "localhost"
    headers = {"Message-ID": f"<{key.hex}@{host}>", "Auto-Submitted": "auto-generated"}
    one_line = " ".join(personal.mask(subject).split())
    EmailMessage(one_line, personal.mask(body), to=[address], headers=headers).send()


def send_notice(message: OutboxMessage) -> None:
    """Outbox handler of ``mail.notice``: title and link of one inbox item; its text stays in the portal."""
    item = InboxItem.objects.select_related("user").filter(uuid=message.payload["item"]).first()
    if item is None or item.was_opened or timezone.now() - item.created_at > STALE:
        return
    user: Any = item.user
    if not (user.is_active and user.email):
        return
    with translation.override(user.language):
        lines = [item.title, absolute(item.url or "/"), "", settings_line()]
        send(user.email, item.title, "\n".join(lines) + "\n", message.uuid)


def settings_line() -> str:
    """Where the reader changes what comes by e-mail."""
    page = absolute(reverse("accounts:account"))
    return _("Bạn chọn cách nhận thông báo tại %(page)s") % {"page": page}
