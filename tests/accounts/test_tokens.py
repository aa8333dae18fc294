"""Keys of partner systems: shown once, kept as a hash, ending by themselves."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts import tokens
from accounts.models import ApiScope, ApiToken, User
from records.context import whole_country
from records.models import AuditEntry


def issue(user: User, **changes: Any) -> tuple[ApiToken, str]:
    return tokens.issue(user, "Hệ thống thử", **{"scopes": [ApiScope.READ], **changes})


def test_a_key_is_found_by_its_whole_text_only(partner: User) -> None:
    token, text = issue(partner)
    assert tokens.find(text) == token
    for wrong in (text[:-1], text + "x", token.prefix, f"{token.prefix}.", "", ".", text.partition(".")[2]):
        assert tokens.find(wrong) is None


def test_nothing_in_the_database_is_the_key(partner: User) -> None:
    token, text = issue(partner)
    secret = text.partition(".")[2]
    row = ApiToken.objects.values().get(pk=token.pk)
    assert not any(secret in str(value) for value in row.values())
    assert len(token.secret_hash) == 64


def test_two_keys_never_share_anything(partner: User) -> None:
    (one, first), (two, second) = issue(partner), issue(partner)
    assert one.prefix != two.prefix
    assert first.partition(".")[2] != second.partition(".")[2]
    assert tokens.find(f"{one.prefix}.{second.partition('.')[2]}") is None


def test_a_key_ends_on_its_day(partner: User) -> None:
    token, text = issue(partner, days=30)
    with time_machine.travel(token.expires_at - dt.timedelta(seconds=1)):
        assert tokens.find(text) == token
    with time_machine.travel(token.expires_at + dt.timedelta(seconds=1)):
        assert tokens.find(text) is None


def test_a_revoked_key_and_one_of_a_closed_account_open_nothing(partner: User) -> None:
    token, text = issue(partner)
    User.objects.filter(pk=partner.pk).update(is_active=False)
    assert tokens.find(text) is None
    User.objects.filter(pk=partner.pk).update(is_active=True)
    assert tokens.find(text) == token
    ApiToken.objects.filter(pk=token.pk).update(revoked_at=timezone.now())
    assert tokens.find(text) is None


def test_use_is_noted_but_not_at_every_call(partner: User) -> None:
    token, _text = issue(partner)
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        tokens.touch(token)
        clock.shift(dt.timedelta(minutes=1))
        token.refresh_from_db()
        tokens.touch(token)
        token.refresh_from_db()
        assert token.last_used_at == start
        clock.shift(dt.timedelta(minutes=10))
        tokens.touch(token)
        token.refresh_from_db()
        assert token.last_used_at == start + dt.timedelta(minutes=11)


def command(username: str, *options: str) -> tuple[str, str]:
    """What the command says: (standard output, standard error)."""
    out, told = io.StringIO(), io.StringIO()
    call_command("issue_token", username, *options, stdout=out, stderr=told)
    return out.getvalue(), told.getvalue()


def test_the_command_shows_the_key_once_on_its_own_line(partner: User) -> None:
    printed, told = command(partner.username, "--name", "Kho dữ liệu thử")
    text = printed.removesuffix("\n")
    token = tokens.find(text)
    assert token is not None
    assert (token.name, token.scopes, token.user) == ("Kho dữ liệu thử", ["read"], partner)
    assert text not in told


def test_the_command_gives_the_scopes_and_days_asked_for(partner: User) -> None:
    printed, _told = command(
        partner.username, "--scope", "read", "--scope", "write", "--scope", "read", "--days", "10"
    )
    token = tokens.find(printed.strip())
    assert token is not None
    assert token.scopes == ["read", "write"]
    left = token.expires_at - timezone.now()
    assert dt.timedelta(days=9, hours=23) < left <= dt.timedelta(days=10)


def test_issuing_is_on_record_without_the_key(partner: User) -> None:
    printed, _told = command(partner.username)
    with whole_country():
        entry = AuditEntry.objects.get(action="accounts.issue_token")
    assert entry.after is not None
    assert entry.after["user"] == partner.username
    assert printed.strip().partition(".")[2] not in str(entry.after)


@pytest.mark.parametrize("options", [["--days", "0"], ["--days", "731"], ["--scope", "admin"]])
def test_a_key_without_end_or_with_unknown_power_is_refused(partner: User, options: list[str]) -> None:
    with pytest.raises(CommandError):
        command(partner.username, *options)
    assert not ApiToken.objects.exists()


def test_nobody_gets_a_key_for_an_account_that_is_closed_or_unknown(partner: User) -> None:
    User.objects.filter(pk=partner.pk).update(is_active=False)
    for name in (partner.username, "khong.co.ai"):
        with pytest.raises(CommandError, match="Không có tài khoản đang hoạt động"):
            command(name)
