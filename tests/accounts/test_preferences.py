"""One's own language and money unit."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from tests.pages import signed_in, text_of

CHOOSE = "/tuy-chon/"


def test_the_money_unit_is_kept_with_the_person_and_used_on_every_page(thanh_hoa_officer: User) -> None:
    client = signed_in(thanh_hoa_officer)
    answer = client.post(CHOOSE, {"money_unit": "dong", "next": "/de-an/?year=2027"})
    assert (answer.status_code, answer["Location"]) == (302, "/de-an/?year=2027")
    thanh_hoa_officer.refresh_from_db()
    assert thanh_hoa_officer.money_unit == "dong"
    assert client.get("/de-an/").context["nav"].unit == "dong"


def test_the_language_is_kept_with_the_person(thanh_hoa_officer: User) -> None:
    signed_in(thanh_hoa_officer).post(CHOOSE, {"language": "en", "next": "/de-an/"})
    assert '<html lang="en"' in text_of(thanh_hoa_officer, "/de-an/"), "also in another browser"
    signed_in(thanh_hoa_officer).post(CHOOSE, {"language": "vi"})
    assert '<html lang="vi"' in text_of(thanh_hoa_officer, "/de-an/")


def test_a_shared_browser_speaks_the_language_of_whoever_is_signed_in(
    thanh_hoa_officer: User, thanh_hoa_leader: User
) -> None:
    client = signed_in(thanh_hoa_officer)
    client.post(CHOOSE, {"language": "en"})
    client.force_login(thanh_hoa_leader)
    assert '<html lang="vi"' in client.get("/de-an/").content.decode()


@pytest.mark.parametrize(
    "outside",
    ["https://xau.example/", "//xau.example/", "/\\xau.example/", "javascript:alert(1)", "https:///x", ""],
)
def test_the_switch_never_leaves_the_portal(thanh_hoa_officer: User, outside: str) -> None:
    answer = signed_in(thanh_hoa_officer).post(CHOOSE, {"language": "en", "next": outside})
    assert answer["Location"] == "/"


@pytest.mark.parametrize("data", [{"money_unit": "usd"}, {"language": "fr"}, {"is_superuser": "1"}, {}])
def test_what_is_no_choice_changes_nothing(thanh_hoa_officer: User, data: dict[str, Any]) -> None:
    before = User.objects.values().get(pk=thanh_hoa_officer.pk)
    assert signed_in(thanh_hoa_officer).post(CHOOSE, data).status_code == 302
    after = User.objects.values().get(pk=thanh_hoa_officer.pk)
    assert {**after, "last_login": None} == {**before, "last_login": None}


@pytest.mark.django_db
def test_a_stranger_is_asked_to_sign_in_first(client: Client) -> None:
    assert client.post(CHOOSE, {"language": "en"})["Location"] == f"/dang-nhap/?next={CHOOSE}"


def test_choosing_is_a_post_with_the_pages_own_token(thanh_hoa_officer: User) -> None:
    assert signed_in(thanh_hoa_officer).get(f"{CHOOSE}?language=en").status_code == 405
    client = Client(enforce_csrf_checks=True)
    client.force_login(thanh_hoa_officer)
    assert client.post(CHOOSE, {"language": "en"}).status_code == 403


SIGN_IN = "/dang-nhap/"


def test_the_sign_in_page_speaks_the_language_asked_for_and_still_goes_on_to_the_page_wanted(
    thanh_hoa_officer: User,
) -> None:
    client = Client()
    answer = client.post(f"{SIGN_IN}?next=/de-an/", {"language": "en", "next": "/de-an/?year=2027"})
    assert answer["Location"] == f"{SIGN_IN}?language=en&next=%2Fde-an%2F%3Fyear%3D2027"
    page = client.get(answer["Location"]).content.decode()
    assert '<html lang="en"' in page
    assert 'name="next" value="/de-an/?year=2027"' in page
    assert '<html lang="en"' in client.get(SIGN_IN).content.decode(), "kept in the browser"


def test_the_language_chosen_while_signing_in_becomes_the_persons(thanh_hoa_officer: User) -> None:
    thanh_hoa_officer.set_password("mat khau rieng 4")
    thanh_hoa_officer.save()
    given = {"username": thanh_hoa_officer.username, "password": "mat khau rieng 4"}
    Client().post(SIGN_IN, given | {"language": "fr"})
    thanh_hoa_officer.refresh_from_db()
    assert thanh_hoa_officer.language == "vi"
    client = Client()
    page = client.get(client.post(SIGN_IN, {"language": "en"})["Location"]).content.decode()
    assert '<input type="hidden" name="language" value="en">' in page
    client.post(SIGN_IN, given | {"language": "en"})
    assert '<html lang="en"' in client.get("/de-an/").content.decode()


def test_a_browser_left_in_english_changes_nobodys_language(thanh_hoa_officer: User) -> None:
    client = Client()
    client.post(SIGN_IN, {"language": "en"})
    assert 'type="hidden" name="language"' not in client.get(SIGN_IN).content.decode()


@pytest.mark.parametrize("outside", ["https://xau.example/", "//xau.example/", "javascript:alert(1)"])
def test_the_switch_of_the_sign_in_page_never_leads_outside(db: None, outside: str) -> None:
    answer = Client().post(SIGN_IN, {"language": "en", "next": outside})
    assert answer["Location"] == f"{SIGN_IN}?language=en"
