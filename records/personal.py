"""Personal identification numbers: encrypted at rest, found by a keyed digest, shown masked.

Keys come from the environment, never from the database, so a copy of the database alone reveals no
number. ``KC_PII_KEY`` may hold several Fernet keys, newest first: all decrypt, the first encrypts.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from vietnam.taxcode import BARE_PERSONAL

_NOT_DIGIT: Final = re.compile(r"[^0-9]")


class PersonalDataError(ValueError):
    """The text cannot be decrypted with any of the installation's keys."""


@dataclass(frozen=True, slots=True)
class ProtectedNumber:
    """What may be stored: a mask for people, a digest for matching, a cipher text for the law."""

    masked: str
    lookup_hex: str
    cipher_text: str


def protect(number: str) -> ProtectedNumber:
    """The storable forms of a number; separators are ignored. Raises ``ValueError`` without digits."""
    digits = _digits(number)
    return ProtectedNumber(_masked(digits), lookup(digits), _fernet().encrypt(digits.encode()).decode())


def lookup(number: str) -> str:
    """HMAC-SHA256 (hex, 64 characters) for equality search; useless to try numbers without the key."""
    key = settings.KC_PII_HMAC_KEY.encode()
    return hmac.new(key, _digits(number).encode(), hashlib.sha256).hexdigest()


def reveal(cipher_text: str) -> str:
    """The number in clear."""
    try:
        return _fernet().decrypt(cipher_text.encode()).decode()
    except InvalidToken as error:
        raise PersonalDataError("no key of this installation opens the personal number") from error


def mask(text: str) -> str:
    """The text with every bare personal number as "079******345"."""
    return BARE_PERSONAL.sub(lambda found: _masked(_digits(found.group())), text)


def mask_within(value: Any) -> Any:
    """``mask`` for every string inside a JSON value, keys of objects included."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, dict):
        return {mask_within(key): mask_within(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [mask_within(item) for item in value]
    return value


def _digits(number: str) -> str:
    digits = _NOT_DIGIT.sub("", number)
    if not digits:
        raise ValueError("a number without digits")
    return digits


def _masked(digits: str) -> str:
    if len(digits) < 9:
        return "*" * len(digits)
    return f"{digits[:3]}{'*' * (len(digits) - 6)}{digits[-3:]}"


def _fernet() -> MultiFernet:
    return _cached_fernet(settings.KC_PII_KEY)


@lru_cache(maxsize=4)
def _cached_fernet(keys: str) -> MultiFernet:
    return MultiFernet([Fernet(key.strip()) for key in keys.split(",") if key.strip()])
