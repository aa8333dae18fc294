"""Signing in and out: guessing is slow, nobody is locked out, and nothing tells which names exist."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpResponse
from django.test import Client, override_settings
from django.utils import timezone

from accounts import signin
from accounts.models import SignInAttempt, User
from accounts.scope import act_as
from records.context import whole_country
from records.models import AuditEntry
from tests.records.conftest import at_once

PASSWORD = "mat-khau-dai-cua-nguoi-thu"
WRONG = "Tên đăng nhập hoặc mật khẩu không đúng."
TOO_MANY = "Đăng nhập sai quá nhiều lần. Hãy thử lại sau 15 phút."


@pytest.fixture
def person(thanh_hoa_officer: User) -> User:
    thanh_hoa_officer.set_password(PASSWORD)
    thanh_hoa_officer.save()
    return thanh_hoa_officer


def attempt(
    client: Client, username: str, password: str = "sai", *, ip: str = "203.0.113.9", next: str = ""
) -> Any:
    data = {"username": username, "password": password, "next": next}
    return client.post("/dang-nhap/", data, REMOTE_ADDR=ip)


def said(answer: HttpResponse) -> str:
    (error,) = answer.context["form"].non_field_errors()  # type: ignore[attr-defined]  # the test client's
    return str(error)


def is_in(client: Client) -> bool:
    return SESSION_KEY in client.session


def guess(username: str, times: int, ip: str = "203.0.113.9") -> None:
    for _try in range(times):
        attempt(Client(), username, ip=ip)


def test_the_right_password_opens_the_portal_and_is_on_record(person: User) -> None:
    client = Client()
    answer = attempt(client, person.username, PASSWORD)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_in(client)
    with whole_country():
        entry = AuditEntry.objects.get(action="accounts.sign_in")
    assert (entry.actor, entry.ip) == (person, "203.0.113.9")


def test_one_lands_where_one_wanted_to_go_but_never_outside(person: User) -> None:
    assert attempt(Client(), person.username, PASSWORD, next="/de-an/?mine=1")["Location"] == "/de-an/?mine=1"
    for outside in ("https://xau.example/", "//xau.example/", "javascript:alert(1)"):
        assert attempt(Client(), person.username, PASSWORD, next=outside)["Location"] == "/"


def test_the_session_gets_a_new_key_at_sign_in(person: User) -> None:
    client = Client()
    session = client.session
    session["trước"] = 1
    session.save()
    planted = session.session_key
    attempt(client, person.username, PASSWORD)
    assert is_in(client)
    assert client.session.session_key != planted


def test_unknown_closed_and_wrong_get_the_same_answer(person: User, nghe_an_officer: User) -> None:
    nghe_an_officer.set_password(PASSWORD)
    nghe_an_officer.is_active = False
    nghe_an_officer.save()
    answers = [
        attempt(Client(), person.username),
        attempt(Client(), "khong.co.ai"),
        attempt(Client(), nghe_an_officer.username, PASSWORD),
    ]
    assert [said(answer) for answer in answers] == [WRONG] * 3
    assert {answer.status_code for answer in answers} == {200}


def test_an_unknown_name_is_slowed_down_like_a_known_one(person: User) -> None:
    for name in (person.username, "khong.co.ai"):
        guess(name, signin.ALLOWED_PER_ACCOUNT)
        assert said(attempt(Client(), name)) == TOO_MANY


def test_ten_failures_are_allowed_and_then_even_the_right_password_waits(person: User) -> None:
    guess(person.username, 9)
    assert said(attempt(Client(), person.username)) == WRONG
    client = Client()
    assert said(attempt(client, person.username, PASSWORD)) == TOO_MANY
    assert not is_in(client)
    assert SignInAttempt.objects.count() == 10, "a refused try is not compared and does not prolong the wait"


def test_guesses_from_many_addresses_count_together(person: User) -> None:
    for number in range(10):
        guess(person.username, 1, ip=f"198.51.100.{number}")
    assert said(attempt(Client(), person.username, ip="198.51.100.77")) == TOO_MANY


def test_the_wait_is_over_after_fifteen_minutes_whatever_was_tried_meanwhile(person: User) -> None:
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        guess(person.username, 10)
        for _minute in range(14):
            clock.shift(dt.timedelta(minutes=1))
            attempt(Client(), person.username)
        clock.move_to(start + signin.WINDOW)
        client = Client()
        attempt(client, person.username, PASSWORD)
        assert is_in(client)


def test_a_browser_that_has_signed_in_before_is_not_locked_out_by_strangers(person: User) -> None:
    own = Client()
    attempt(own, person.username, PASSWORD)
    own.post("/dang-xuat/")
    guess(person.username, 20)
    attempt(own, person.username, PASSWORD)
    assert is_in(own)


def test_a_known_browser_has_no_more_than_ten_tries_either(person: User) -> None:
    own = Client()
    attempt(own, person.username, PASSWORD)
    own.post("/dang-xuat/")
    for _try in range(10):
        assert said(attempt(own, person.username)) == WRONG
    assert said(attempt(own, person.username, PASSWORD)) == TOO_MANY


def test_a_browser_known_to_one_account_is_a_stranger_to_another(person: User, nghe_an_officer: User) -> None:
    nghe_an_officer.set_password(PASSWORD)
    nghe_an_officer.save()
    other = Client()
    attempt(other, nghe_an_officer.username, PASSWORD)
    other.post("/dang-xuat/")
    guess(person.username, 10)
    assert said(attempt(other, person.username, PASSWORD)) == TOO_MANY


def test_the_proof_of_a_browser_is_signed_and_out_of_reach_of_scripts(person: User) -> None:
    client = Client()
    cookie = attempt(client, person.username, PASSWORD).cookies["device"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    forged = Client()
    forged.cookies["device"] = cookie.value[:-3] + "AAA"
    guess(person.username, 10)
    assert said(attempt(forged, person.username, PASSWORD)) == TOO_MANY


def test_one_address_trying_many_names_is_stopped_without_stopping_the_neighbours(person: User) -> None:
    for number in range(signin.ALLOWED_PER_ADDRESS):
        attempt(Client(), f"ten.{number}", ip="203.0.113.50")
    assert said(attempt(Client(), "ten.moi", ip="203.0.113.50")) == TOO_MANY
    client = Client()
    attempt(client, person.username, PASSWORD, ip="203.0.113.51")
    assert is_in(client)


def test_a_right_password_forgives_ones_own_slips_and_not_the_guesses_of_others(person: User) -> None:
    guess(person.username, 6, ip="198.51.100.1")
    guess(person.username, 3, ip="203.0.113.9")
    attempt(Client(), person.username, PASSWORD, ip="203.0.113.9")
    counted = SignInAttempt.objects.filter(forgiven=False)
    assert set(counted.values_list("ip", flat=True)) == {"198.51.100.1"}
    assert SignInAttempt.objects.count() == 9, "what was tried can still be looked up"


def test_an_empty_password_neither_counts_nor_clears_the_count(person: User) -> None:
    guess(person.username, 9)
    assert attempt(Client(), person.username, "").context["form"].errors["password"]
    assert SignInAttempt.objects.count() == 9


@pytest.mark.django_db(transaction=True)
def test_a_crowd_at_once_gets_ten_tries_together(thanh_hoa_officer: User) -> None:
    answers = at_once([lambda: attempt(Client(), thanh_hoa_officer.username) for _client in range(16)])
    # Not ``said``: the test client's ``context`` mixes what several threads render.
    pages = [answer.content.decode() for answer in answers]
    assert [sum(words in page for page in pages) for words in (WRONG, TOO_MANY)] == [10, 6]
    assert SignInAttempt.objects.count() == 10


def test_failures_are_kept_for_three_months(person: User) -> None:
    for days in (89, 91):
        with time_machine.travel(timezone.now() - dt.timedelta(days=days)):
            guess(f"ai.do.{days}", 3)
    attempt(Client(), person.username, PASSWORD)
    assert list(SignInAttempt.objects.values_list("username", flat=True)) == ["ai.do.89"] * 3


def test_sign_out_needs_a_post_and_ends_the_session(person: User) -> None:
    client = Client()
    client.force_login(person)
    assert client.get("/dang-xuat/").status_code == 405
    assert is_in(client)
    assert client.post("/dang-xuat/")["Location"] == "/dang-nhap/"
    assert not is_in(client)
    assert client.get("/de-an/").status_code == 302


def test_no_foreign_page_can_sign_somebody_out_or_in(person: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    assert client.post("/dang-xuat/").status_code == 403
    assert is_in(client)
    assert attempt(Client(enforce_csrf_checks=True), person.username, PASSWORD).status_code == 403


def test_a_closed_account_is_out_at_once(person: User) -> None:
    client = Client()
    client.force_login(person)
    assert client.get("/de-an/").status_code == 200
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert client.get("/de-an/").status_code == 302


def test_a_changed_password_ends_other_sessions(person: User) -> None:
    client = Client()
    attempt(client, person.username, PASSWORD)
    person.set_password("mat-khau-khac-cung-dai")
    person.save()
    assert client.get("/de-an/").status_code == 302


def test_a_changed_password_is_on_record_and_a_mere_visit_is_not(person: User) -> None:
    def entries() -> list[AuditEntry]:
        with whole_country():
            return list(AuditEntry.objects.filter(action="accounts.set_password", object_id=str(person.pk)))

    before = len(entries())
    attempt(Client(), person.username, PASSWORD)
    person.refresh_from_db()
    person.full_name = "Tên Mới"
    person.save()
    assert len(entries()) == before
    with act_as(person):
        person.set_password("mat-khau-khac-cung-dai")
        person.save()
    [*_earlier, entry] = entries()
    assert len(entries()) == before + 1
    assert entry.actor_id == person.pk
    assert "mat-khau" not in str(entry.after)
    # A stronger hash of the same password changes nothing for anybody.
    with override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.ScryptPasswordHasher", *settings.PASSWORD_HASHERS]
    ):
        attempt(Client(), person.username, "mat-khau-khac-cung-dai")
    person.refresh_from_db()
    assert person.password.startswith("scrypt")
    assert len(entries()) == before + 1
