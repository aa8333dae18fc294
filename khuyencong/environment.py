"""Reads the environment for ``settings``: fails loudly, in one line, naming the variable to set."""

from __future__ import annotations

import base64
import hashlib
import os
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

ENVIRONMENTS = ("local", "test", "production")
# What nobody has to guess. deploy/make-env makes 64 random digits.
OBVIOUS_PASSWORDS = {
    "postgres",
    "password",
    "passwd",
    "secret",
    "admin",
    "root",
    "redis",
    "khuyencong",
    "test",
}
LEAST_PASSWORD = 6
# Words that betray an example value copied from documentation or made up for a laptop.
WEAK_MARKS = ("local-only", "dev-only", "change-me", "changeme", "insecure", "example", "not-for-production")


def environment_name() -> str:
    """The kind of installation; unset means production, so that forgetting it is safe."""
    name = os.environ.get("KC_ENV") or "production"
    if name not in ENVIRONMENTS:
        raise ImproperlyConfigured(f"KC_ENV must be one of {', '.join(ENVIRONMENTS)}, not {name!r}.")
    return name


def required(name: str) -> str:
    value = os.environ.get(name, "").strip()
    if not value:
        raise ImproperlyConfigured(f"{name} is not set.")
    return value


def secret(name: str, *, environment: str) -> str:
    """A secret of at least 32 characters. Outside production a fixed, marked value stands in."""
    value = os.environ.get(name, "").strip()
    if environment != "production":
        return value or f"local-only-{name}-{hashlib.sha256(name.encode()).hexdigest()}"
    if not value:
        raise ImproperlyConfigured(f"{name} is not set: production starts with real secrets only.")
    if any(mark in value.lower() for mark in WEAK_MARKS):
        raise ImproperlyConfigured(f"{name} holds an example value: make a random one.")
    if len(value) < 32 or len(set(value)) < 10:
        raise ImproperlyConfigured(f"{name} is too easy to guess: use at least 32 random characters.")
    return value


def encryption_key(name: str, *, environment: str) -> str:
    """Fernet keys (32 random bytes each, URL-safe base64) for personal numbers, the newest first."""
    value = os.environ.get(name, "").strip()
    if not value and environment != "production":
        return base64.urlsafe_b64encode(hashlib.sha256(b"local-only").digest()).decode()
    if not value:
        raise ImproperlyConfigured(f"{name} is not set: production starts with real secrets only.")
    for place, key in enumerate(value.split(","), start=1):
        _refuse_bad_key(f"{name} (key {place})", key.strip(), environment)
    return value


def _refuse_bad_key(name: str, key: str, environment: str) -> None:
    try:
        # Python's URL-safe decoder passes over foreign characters; a key that has any is a mistake.
        raw = base64.b64decode(key, altchars=b"-_", validate=True)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is not URL-safe base64.") from error
    if len(raw) != 32:
        raise ImproperlyConfigured(f"{name} must hold 32 bytes, not {len(raw)}.")
    if environment == "production" and (len(set(raw)) < 10 or raw == hashlib.sha256(b"local-only").digest()):
        raise ImproperlyConfigured(f"{name} holds an example value: make a random one.")


def hosts(name: str, *, environment: str) -> list[str]:
    """Names the portal answers to. Production lists its own: "*" would let anybody's name into links."""
    if environment != "production":
        return words(name, "localhost,127.0.0.1,[::1],testserver")
    required(name)
    found = words(name)
    if not found or any(host in ("*", ".") for host in found):
        raise ImproperlyConfigured(f"{name} must list the portal's host names, not {os.environ[name]!r}.")
    return found


def broker(name: str, *, environment: str) -> str:
    """The address of Redis; in production with a password, because tasks are taken from it on trust."""
    if environment != "production":
        return os.environ.get(name) or "redis://127.0.0.1:6379/0"
    value = required(name)
    parts = urlsplit(value)
    if parts.scheme != "unix":
        _refuse_obvious_password(name, parts.username, parts.password)
    return value


def _refuse_obvious_password(name: str, user: str | None, password: str | None) -> None:
    word = unquote(password or "")
    if not word:
        raise ImproperlyConfigured(f"{name} has no password: production needs one.")
    if (
        len(word) < LEAST_PASSWORD
        or word.lower() in OBVIOUS_PASSWORDS | {unquote(user or "").lower()}
        or any(mark in word.lower() for mark in WEAK_MARKS)
    ):
        raise ImproperlyConfigured(f"{name} has a password anybody would guess: make a random one.")


def mail(name: str, *, environment: str) -> dict[str, Any]:
    """Django's settings for ``smtp://user:password@host:587`` (STARTTLS) or ``smtps://…:465`` in ``name``.

    ``smtp://host:25?tls=no`` is for a relay inside one's own network. Unset: no e-mail in production;
    elsewhere it is written to files, never sent. ``mode``: smtp, files or "".
    """
    value = os.environ.get(name, "").strip()
    if not value:
        kind = "dummy" if environment == "production" else "filebased"
        mode = "" if environment == "production" else "files"
        return {"mode": mode, "EMAIL_BACKEND": f"django.core.mail.backends.{kind}.EmailBackend"}
    parts = urlsplit(value)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ImproperlyConfigured(f"{name} must be smtp://user:password@host:587 or smtps://…:465.")
    implicit = parts.scheme == "smtps"
    return {
        "mode": "smtp",
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if implicit else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": implicit,
        "EMAIL_USE_TLS": not implicit and dict(parse_qsl(parts.query)).get("tls") != "no",
    }


def database(name: str, *, options: str, environment: str) -> dict[str, Any]:
    """Django's dictionary for ``postgres://user:password@host:port/name`` in variable ``name``.

    The host may be given as ``?host=/socket/directory``; other query parameters (``sslmode``) go
    to the driver as they are. Only on a socket, where the operating system vouches for the role, may
    production do without a password.
    """
    parts = urlsplit(required(name))
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured(f"{name} must begin with postgres:// (PostgreSQL is the only engine).")
    if not parts.username or not parts.path.strip("/"):
        raise ImproperlyConfigured(f"{name} must name a user and a database.")
    query = dict(parse_qsl(parts.query))
    if environment == "production" and (parts.password or not query.get("host", "").startswith("/")):
        _refuse_obvious_password(name, parts.username, parts.password)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": options, "application_name": "khuyencong", **query},
    }


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]
