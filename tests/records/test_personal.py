from __future__ import annotations

from typing import Any

import pytest
from cryptography.fernet import Fernet

from records import personal

NUMBER = "079203012345"


def test_a_protected_number_shows_only_its_ends_and_comes_back_whole() -> None:
    protected = personal.protect("079 203 012 345")
    assert protected.masked == "079******345"
    assert NUMBER not in protected.cipher_text
    assert personal.reveal(protected.cipher_text) == NUMBER
    assert personal.protect(NUMBER).cipher_text != protected.cipher_text


def test_equal_numbers_are_found_by_an_equal_digest_whatever_their_spelling() -> None:
    assert (
        personal.lookup("079.203.012.345") == personal.lookup(NUMBER) == personal.protect(NUMBER).lookup_hex
    )
    assert personal.lookup(NUMBER) != personal.lookup("079203012346")
    assert len(personal.lookup(NUMBER)) == 64


def test_the_digest_depends_on_the_key(settings: Any) -> None:
    before = personal.lookup(NUMBER)
    settings.KC_PII_HMAC_KEY = "khoa-khac"
    assert personal.lookup(NUMBER) != before


def test_an_old_key_still_opens_while_the_new_one_encrypts(settings: Any) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.KC_PII_KEY = old
    cipher = personal.protect(NUMBER).cipher_text
    settings.KC_PII_KEY = f"{new}, {old}"
    assert personal.reveal(cipher) == NUMBER
    renewed = personal.protect(NUMBER).cipher_text
    settings.KC_PII_KEY = new
    assert personal.reveal(renewed) == NUMBER
    with pytest.raises(personal.PersonalDataError):
        personal.reveal(cipher)


@pytest.mark.parametrize("raw", ["", "không có số"])
def test_a_text_without_digits_is_no_number(raw: str) -> None:
    with pytest.raises(ValueError, match="digits"):
        personal.protect(raw)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f"số {NUMBER}.", "số 079******345."),
        ("079 203 012 345", "079******345"),
        (f"({NUMBER})/{NUMBER}", "(079******345)/079******345"),
        ("150000000000 đồng", "150000000000 đồng"),
        ("MST 0101234567-001", "MST 0101234567-001"),
        ("ab079203012345ef", "ab079203012345ef"),
        ("6f9619ff-8b86-d011-b42d-079203012345", "6f9619ff-8b86-d011-b42d-079203012345"),
        ("0792030123456", "0792030123456"),
    ],
)
def test_only_bare_personal_numbers_are_masked(text: str, masked: str) -> None:
    assert personal.mask(text) == masked
