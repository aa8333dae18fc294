"""Keys of partner systems: made once, shown once, kept as a hash."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets

from django.utils import timezone

from accounts.models import ApiScope, ApiToken, User

PREFIX = "kc_"
SEEN_EVERY = dt.timedelta(minutes=5)
"""``last_used_at`` is written at most this often: reading must not become a write per call."""


def issue(user: User, name: str, *, scopes: list[ApiScope], days: int = 365) -> tuple[ApiToken, str]:
    """A new key and its only readable copy, ``kc_xxxxxxxx.secret``."""
    prefix = PREFIX + secrets.token_hex(4)
    secret = secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        name=name,
        prefix=prefix,
        secret_hash=hash_of(secret),
        scopes=[str(scope) for scope in scopes],
        expires_at=timezone.now() + dt.timedelta(days=days),
    )
    return token, f"{prefix}.{secret}"


def find(text: str) -> ApiToken | None:
    """The usable key this text is, or None; compares in constant time."""
    prefix, _dot, secret = text.partition(".")
    token = ApiToken.objects.usable(timezone.now()).filter(prefix=prefix).select_related("user").first()
    stored = token.secret_hash if token else hash_of("")
    if not hmac.compare_digest(stored, hash_of(secret)) or token is None or not token.user.is_active:
        return None
    return token


def touch(token: ApiToken) -> None:
    """Remember that the key is in use."""
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > SEEN_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)


def hash_of(secret: str) -> str:
    # The secret has 256 random bits, so a fast hash is as safe as a slow one.
    return hashlib.sha256(secret.encode()).hexdigest()
