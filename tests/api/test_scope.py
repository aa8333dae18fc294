"""What the API shows to whom, and who gets in at all."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.permissions import IsAuthenticated
from rest_framework.views import APIView

from accounts import tokens
from accounts.models import ApiScope, ApiToken, User
from tests.api.client import Api
from tests.factories import make_project

LISTS = ["projects", "plans", "tranches", "norms", "establishments", "clusters", "units"]


def codes(api: Api, path: str = "/projects/") -> set[str]:
    return {row["code"] for row in api.get(path).body["results"]}


def test_views_are_closed_unless_they_say_otherwise() -> None:
    assert APIView.permission_classes == [IsAuthenticated]


@pytest.mark.django_db
@pytest.mark.parametrize("name", [*LISTS, "me"])
def test_without_a_key_every_resource_answers_401(name: str) -> None:
    answer = Api(None).get(f"/{name}/")
    assert answer.status == 401
    assert answer.body["code"] == "not_authenticated"
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_wrong_expired_or_revoked_key_answers_401(partner: User) -> None:
    api = Api(partner)
    assert api.get("/me/").status == 200
    token = ApiToken.objects.get(user=partner)
    for change in ({"expires_at": timezone.now() - dt.timedelta(days=1)}, {"revoked_at": timezone.now()}):
        before = {name: getattr(token, name) for name in change}
        ApiToken.objects.filter(pk=token.pk).update(**change)
        assert api.get("/me/").body["code"] == "authentication_failed"
        ApiToken.objects.filter(pk=token.pk).update(**before)
    api.headers["Authorization"] += "x"
    assert api.get("/me/").status == 401
    api.headers["Authorization"] = "Basic abc"
    assert api.get("/me/").status == 401


def test_a_reading_key_may_not_write(thanh_hoa_centre: User) -> None:
    answer = Api(thanh_hoa_centre, scopes=(ApiScope.READ,)).post("/projects/", {})
    assert answer.status == 403
    assert "write" in answer.body["detail"]


def test_a_partner_sees_its_own_province_only(
    partner: User, national_partner: User, thanh_hoa_centre: User, nghe_an_centre: User
) -> None:
    here, there = make_project(thanh_hoa_centre), make_project(nghe_an_centre)
    assert codes(Api(partner)) == {here.code}
    assert codes(Api(national_partner)) == {here.code, there.code}
    assert codes(Api(partner), "/projects/?province=40") == set()
    for path in (f"/projects/{there.code}/", f"/projects/{there.code}/transitions/"):
        assert Api(partner).get(path).status == 404
    establishment = there.beneficiaries.select_related("establishment").first()
    assert establishment is None or (
        Api(partner).get(f"/establishments/{establishment.establishment.uuid}/").status == 404
    )


def test_what_another_province_has_is_not_found_rather_than_forbidden(
    nghe_an_officer: User, thanh_hoa_centre: User
) -> None:
    project = make_project(thanh_hoa_centre)
    step = {"action": "receive", "version": project.version}
    answer = Api(nghe_an_officer).post(f"/projects/{project.code}/transitions/", step)
    assert (answer.status, answer.body["code"]) == (404, "not_found")
    assert Api(nghe_an_officer).patch(f"/projects/{project.code}/", {"title": "x"}).status == 404


def test_the_browser_session_works_and_a_write_needs_the_csrf_token(thanh_hoa_centre: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(thanh_hoa_centre)
    assert client.get("/api/v1/me/").json()["username"] == thanh_hoa_centre.username
    refused = client.post("/api/v1/projects/", "{}", content_type="application/json")
    assert refused.status_code == 403


def test_a_key_decides_alone_when_a_session_is_there_too(partner: User, cuc_leader: User) -> None:
    api = Api(partner)
    api.client.force_login(cuc_leader)
    assert api.get("/me/").body["username"] == partner.username
    api.headers["Authorization"] = "Bearer kc_wrong.secret"
    assert api.get("/me/").status == 401


def test_me_tells_scope_and_key(partner: User) -> None:
    body = Api(partner).get("/me/").body
    assert [post["role"] for post in body["posts"]] == ["API_CLIENT"]
    assert body["national"] is False
    assert "38" in [unit["code"] for unit in body["provinces"]]
    assert body["token"]["scopes"] == ["read", "write"]


def test_answers_are_never_cached(partner: User) -> None:
    assert Api(partner).get("/me/").headers["Cache-Control"] == "private, no-store"


def test_only_the_hash_of_a_key_is_kept(partner: User) -> None:
    token, text = tokens.issue(partner, "thử", scopes=[ApiScope.READ])
    assert text.partition(".")[2] not in repr(ApiToken.objects.filter(pk=token.pk).values().get())
