"""A request sent twice under one Idempotency-Key is done once."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connections, transaction

from accounts.models import User
from accounts.scope import act_as
from programs.models import Project
from records import idempotency
from records.context import whole_country
from records.models import IdempotencyKey
from tests.api.client import Api
from tests.factories import make_project

DRAFT: dict[str, Any] = {"purse": "KCQG", "year": 2027, "title": "Máy sấy lạnh"}


def drafts(user: User) -> int:
    with act_as(user):
        return Project.objects.count()


def test_the_same_request_gets_the_first_answer_again(thanh_hoa_centre: User) -> None:
    api = Api(thanh_hoa_centre)
    first = api.post("/projects/", DRAFT, Idempotency_Key="a-1")
    again = api.post("/projects/", DRAFT, Idempotency_Key="a-1")
    assert (first.status, again.status) == (201, 201)
    assert again.body == first.body
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    for name in ("ETag", "Location"):
        assert again.headers[name] == first.headers[name]
    assert drafts(thanh_hoa_centre) == 1


def test_without_a_key_two_requests_are_two(thanh_hoa_centre: User) -> None:
    api = Api(thanh_hoa_centre)
    assert {api.post("/projects/", DRAFT).status for _ in range(2)} == {201}
    assert drafts(thanh_hoa_centre) == 2


def test_another_body_under_the_same_key_is_refused(thanh_hoa_centre: User) -> None:
    api = Api(thanh_hoa_centre)
    api.post("/projects/", DRAFT, Idempotency_Key="a-1")
    other = api.post("/projects/", DRAFT | {"title": "Khác"}, Idempotency_Key="a-1")
    assert (other.status, other.body["code"]) == (422, "idempotency_key_reused")
    assert drafts(thanh_hoa_centre) == 1


def test_another_address_under_the_same_key_is_refused(thanh_hoa_centre: User) -> None:
    one, two = make_project(thanh_hoa_centre), make_project(thanh_hoa_centre)
    api, body = Api(thanh_hoa_centre), {"action": "submit", "version": 1}
    assert one.version == two.version == 1
    assert api.post(f"/projects/{one.code}/transitions/", body, Idempotency_Key="s").status == 201
    assert api.post(f"/projects/{two.code}/transitions/", body, Idempotency_Key="s").status == 422


def test_a_step_is_taken_once(thanh_hoa_centre: User) -> None:
    project = make_project(thanh_hoa_centre)
    api, path = Api(thanh_hoa_centre), f"/projects/{project.code}/transitions/"
    body = {"action": "submit", "version": project.version}
    first = api.post(path, body, Idempotency_Key="s-1")
    again = api.post(path, body, Idempotency_Key="s-1")
    assert (first.status, again.status) == (201, 201)
    assert again.body == first.body
    assert again.headers["ETag"] == first.headers["ETag"]
    assert api.post(path, body, Idempotency_Key="s-2").status == 412


def test_a_refused_request_may_be_mended_and_sent_under_its_key(thanh_hoa_centre: User) -> None:
    api = Api(thanh_hoa_centre)
    assert api.post("/projects/", DRAFT | {"title": ""}, Idempotency_Key="a-1").status == 400
    with whole_country():
        assert not IdempotencyKey.objects.exists()
    assert api.post("/projects/", DRAFT, Idempotency_Key="a-1").status == 201


def test_keys_of_two_clients_do_not_meet(thanh_hoa_centre: User) -> None:
    assert Api(thanh_hoa_centre).post("/projects/", DRAFT, Idempotency_Key="k").status == 201
    other = Api(thanh_hoa_centre).post("/projects/", DRAFT | {"title": "Khác"}, Idempotency_Key="k")
    assert other.status == 201


@pytest.mark.parametrize("key", ["", "é", "a" * 256, "a\tb"])
def test_a_key_is_printable_ascii(thanh_hoa_centre: User, key: str) -> None:
    answer = Api(thanh_hoa_centre).post("/projects/", DRAFT, Idempotency_Key=key)
    assert (answer.status, answer.fields) == (400, ["Idempotency-Key"])


def test_a_form_body_with_a_key_is_told_its_type(thanh_hoa_centre: User) -> None:
    api = Api(thanh_hoa_centre)
    headers = api.headers | {"Idempotency-Key": "k"}
    assert api.client.post("/api/v1/projects/", {"title": "x"}, headers=headers).status_code in {400, 415}


@pytest.mark.django_db(transaction=True)
def test_while_the_first_is_running_the_second_is_told_so(thanh_hoa_centre: User) -> None:
    api = Api(thanh_hoa_centre)
    token = thanh_hoa_centre.api_tokens.get()
    holding, done = threading.Event(), threading.Event()

    def first_request() -> None:
        with transaction.atomic():
            idempotency.begin(f"token:{token.uuid}", "busy", "whatever")
            holding.set()
            done.wait(10)
        connections.close_all()

    thread = threading.Thread(target=first_request)
    thread.start()
    assert holding.wait(10)
    answer = api.post("/projects/", DRAFT, Idempotency_Key="busy")
    done.set()
    thread.join()
    assert (answer.status, answer.body["code"]) == (409, "idempotency_in_progress")
    assert answer.headers["Retry-After"]
    assert api.post("/projects/", DRAFT, Idempotency_Key="busy").status == 201
