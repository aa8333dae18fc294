"""Whoever leaves can do nothing more, and what they did stays on record."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import Delegation, Membership, User, today
from accounts.roles import Role
from accounts.scope import scope_of
from records.context import whole_country
from records.models import AuditEntry
from tests import cast
from tests.api.client import Api


def close(user: User) -> str:
    out = io.StringIO()
    with cast.nobody():
        call_command("close_account", user.username, reason="Quyết định 01/QĐ-THỬ", stdout=out)
    return out.getvalue()


def test_session_and_key_stop_at_once(thanh_hoa_officer: User) -> None:
    api, browser = Api(thanh_hoa_officer), Client()
    browser.force_login(thanh_hoa_officer)
    mine = "/api/v1/me/"
    assert (api.get("/me/").status, browser.get(mine).status_code) == (200, 200)
    assert "1 vị trí" in close(thanh_hoa_officer)
    assert (api.get("/me/").status, browser.get(mine).status_code) == (401, 401)


def test_a_post_lent_to_a_colleague_ends_with_its_owner(
    thanh_hoa_leader: User, thanh_hoa_officer: User
) -> None:
    post = thanh_hoa_leader.memberships.get()
    Delegation.objects.create(
        membership=post, delegate=thanh_hoa_officer, decision_number="02/QĐ-THỬ", valid=cast.ALWAYS
    )
    colleague = User.objects.get(pk=thanh_hoa_officer.pk)
    assert Role.SO_LEADER in scope_of(colleague).roles
    close(thanh_hoa_leader)
    colleague = User.objects.get(pk=thanh_hoa_officer.pk)
    assert Role.SO_LEADER not in scope_of(colleague).roles


def test_past_posts_keep_their_dates_and_coming_ones_are_dropped(thanh_hoa_officer: User) -> None:
    day = dt.timedelta(days=1)
    office = cast.so_of("Thanh Hóa")
    for role, first, after in (
        ("SO_LEADER", today() - 9 * day, today() - 3 * day),
        ("IMPL", today() + day, None),
    ):
        Membership.objects.create(
            user=thanh_hoa_officer, organisation=office, role=role, valid=(first, after)
        )
    close(thanh_hoa_officer)
    ends = {post.role: post.valid.upper for post in thanh_hoa_officer.memberships.all()}
    assert ends == {"SO_LEADER": today() - 3 * day, "SO_OFFICER": today()}


def test_the_reason_is_in_the_audit_trail(thanh_hoa_officer: User) -> None:
    close(thanh_hoa_officer)
    with whole_country():
        entry = AuditEntry.objects.get(action="accounts.close")
    assert entry.reason == "Quyết định 01/QĐ-THỬ"


def test_a_closed_account_is_neither_closed_again_nor_given_a_post(thanh_hoa_officer: User) -> None:
    close(thanh_hoa_officer)
    with pytest.raises(CommandError, match="đang hoạt động"):
        close(thanh_hoa_officer)
    office = {"office": "Sở Công Thương Thanh Hóa", "province": "Thanh Hóa"}
    with pytest.raises(CommandError, match="đã đóng"):
        call_command("create_account", thanh_hoa_officer.username, role="SO_LEADER", **office)
