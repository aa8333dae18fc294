"""Slowing password guessing down without letting anybody lock a colleague out.

Strangers share one small allowance an account, whatever addresses they come from. A browser that has
signed in to the account before proves it by a signed cookie and has an allowance of its own, so the
person at their own desk gets in while somebody elsewhere is guessing.
"""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from accounts.models import SignInAttempt
from records import context

WINDOW = dt.timedelta(minutes=15)
KEPT = dt.timedelta(days=90)
"""How long a failure can be looked up: names, addresses and times are personal data."""
ALLOWED_PER_ACCOUNT = 10
ALLOWED_PER_ADDRESS = 50
DEVICE_AGE = dt.timedelta(days=180)
DEVICE_SALT = "accounts.signin.device"


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt to sign in: to which account, from which browser (empty for a stranger) and address."""

    username: str
    device: str
    ip: str | None

    @classmethod
    def of(cls, request: HttpRequest, username: str) -> Try:
        name = username[:150]
        return cls(name, _known_device(request, name), context.ip() or None)

    def wait_for_turn(self) -> None:
        """Tries at one account go one after another, so that a crowd cannot all pass the same count.

        Held to the end of the running transaction; at most ten of a window check a password meanwhile.
        """
        with connection.cursor() as cursor:
            turn = f"signin {self.username} {self.device}"
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [turn])

    def is_throttled(self) -> bool:
        """Too many failures lately for this account, this browser or this address?"""
        counted = SignInAttempt.objects.filter(forgiven=False, device=self.device)
        recent = counted.filter(at__gt=timezone.now() - WINDOW)
        if recent.filter(username=self.username).count() >= ALLOWED_PER_ACCOUNT:
            return True
        if self.device or self.ip is None:
            return False
        return recent.filter(ip=self.ip).count() >= ALLOWED_PER_ADDRESS

    def note_failure(self) -> None:
        SignInAttempt.objects.create(username=self.username, device=self.device, ip=self.ip)

    def forgive_failures(self) -> None:
        """After a right password: this person's own slips, not the guesses of others. Drops old rows too."""
        own = SignInAttempt.objects.filter(username=self.username, device=self.device, ip=self.ip)
        own.filter(forgiven=False).update(forgiven=True)
        SignInAttempt.objects.filter(at__lt=timezone.now() - KEPT).delete()


def remember_device(request: HttpRequest, response: HttpResponseBase, username: str) -> None:
    """Give the browser its proof, or renew it."""
    device = _known_device(request, username) or secrets.token_hex(16)
    response.set_cookie(
        _cookie_name(),
        signing.dumps([username, device], salt=DEVICE_SALT),
        max_age=DEVICE_AGE,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def _known_device(request: HttpRequest, username: str) -> str:
    try:
        owner, device = signing.loads(
            request.COOKIES.get(_cookie_name(), ""), salt=DEVICE_SALT, max_age=DEVICE_AGE
        )
    except (signing.BadSignature, ValueError):
        return ""
    return str(device) if owner == username else ""


def _cookie_name() -> str:
    return "__Host-device" if settings.SESSION_COOKIE_SECURE else "device"
