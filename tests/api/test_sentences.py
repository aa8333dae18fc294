"""Every refusal speaks the reader's language: Vietnamese, or English where that is asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from accounts.models import User
from programs.models import Project
from tests.api.client import BASE, Answer, Api
from tests.factories import make_project, open_tranche

JsonObject = dict[str, Any]
BAD: list[Any] = [
    None,
    True,
    5,
    -1,
    1.5,
    10**30,
    "",
    "x",
    " \t",
    "a\u0000b",
    "\ud800",
    "x" * 30_000,
    "9" * 2_000,
    "2027-13-01",
    "2027-01-01T00:00:00",
    [],
    ["x"],
    [None],
    [[]],
    ["x"] * 600,
    {},
    {"x": 1},
]
BROKEN = [b"", b"{", b"\xff", b"null", b"[]", b'"x"', b"5", b"[" * 100_000, b'{"x": NaN}', b'{"x": 1e999}']


@pytest.fixture(scope="module")
def schema() -> JsonObject:
    generator = SchemaGenerator()  # type: ignore[no-untyped-call]  # untyped in the library
    found: JsonObject = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return found


def write_routes(schema: JsonObject) -> Iterator[tuple[str, str, JsonObject]]:
    """Method, address and body of every operation that takes a body."""
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            if body := operation.get("requestBody"):
                yield method, path, body["content"]["application/json"]["schema"]


def filled(schema: JsonObject, kind: JsonObject, bad: Any) -> Any:
    """A body of this kind with the bad value in every place where a plain value belongs."""
    for part in kind.get("allOf", []):
        return filled(schema, part, bad)
    if name := kind.get("$ref", "").rpartition("/")[2]:
        return filled(schema, schema["components"]["schemas"][name], bad)
    if properties := kind.get("properties"):
        return {name: filled(schema, inner, bad) for name, inner in properties.items()}
    if kind.get("type") == "array":
        return [filled(schema, kind["items"], bad)]
    return bad


def sentences(answer: Answer) -> list[str]:
    problem = answer.body
    return [problem["title"], problem["detail"], *(error["message"] for error in problem["errors"])]


def is_vietnamese(sentence: str) -> bool:
    """Whether it has a letter that English lacks; what was sent stands in quotes and does not count."""
    outside = sentence.split("“")[0] + sentence.rpartition("”")[2] if "”" in sentence else sentence
    return any(letter.isalpha() and not letter.isascii() for letter in outside)


def bad_bodies(schema: JsonObject, kind: JsonObject) -> Iterator[Any]:
    yield from BROKEN
    for bad in BAD:
        whole = filled(schema, kind, bad)
        yield json.dumps(whole).encode()
        yield json.dumps(dict.fromkeys(whole, bad)).encode()


@pytest.fixture
def project(thanh_hoa_centre: User) -> Project:
    return make_project(thanh_hoa_centre)


def answers(schema: JsonObject, user: User, project: Project, **headers: str) -> Iterator[Answer]:
    """What every write route answers to every kind of bad body."""
    tranche = open_tranche(project)
    api = Api(user)
    for method, path, kind in write_routes(schema):
        url = path.format(code=project.code, uuid=tranche.uuid)
        for body in bad_bodies(schema, kind):
            answer = api._send(method, url, body, headers)
            assert 400 <= answer.status < 500, (method, path, body[:80], answer.body)
            yield answer


def test_no_bad_body_is_answered_in_english(
    schema: JsonObject, thanh_hoa_centre: User, project: Project
) -> None:
    said = {text for answer in answers(schema, thanh_hoa_centre, project) for text in sentences(answer)}
    assert len(said) > 25
    assert not [text for text in sorted(said) if not is_vietnamese(text)]


def test_whoever_asks_for_english_gets_it(
    schema: JsonObject, thanh_hoa_centre: User, project: Project
) -> None:
    english = answers(schema, thanh_hoa_centre, project, Accept_Language="en")
    said = {text.replace("đồng", "VND") for answer in english for text in sentences(answer)}
    assert not [text for text in sorted(said) if is_vietnamese(text)]


def test_no_bad_filter_is_answered_in_english(schema: JsonObject, partner: User) -> None:
    api, said = Api(partner), set()
    for path, methods in schema["paths"].items():
        parameters = methods.get("get", {}).get("parameters", [])
        names = [each["name"] for each in parameters if each["in"] == "query"]
        for bad in ("x", "-1", "9" * 400, "%00", "%ed%a0%80", "2027-13-01") if names else ():
            answer = api.get(f"{path}?{'&'.join(f'{name}={bad}' for name in names)}")
            if answer.status >= 400:
                said |= set(sentences(answer))
    assert len(said) > 10
    assert not [text for text in sorted(said) if not is_vietnamese(text)]


def test_a_wrong_key_type_method_or_accept_is_told_in_vietnamese(
    partner: User, thanh_hoa_centre: User
) -> None:
    api = Api(thanh_hoa_centre)
    session = Client(enforce_csrf_checks=True)
    session.force_login(thanh_hoa_centre)
    text: Any = {"path": f"{BASE}/projects/", "data": "x=1", "content_type": "text/plain"}
    responses = [
        Client().get(f"{BASE}/projects/"),
        Client().post(**text),
        session.post(f"{BASE}/projects/", "{}", "application/json"),
        api.client.post(**text, headers=api.headers),
        api.client.delete(f"{BASE}/projects/", headers=api.headers),
        api.client.get(f"{BASE}/projects/", headers=api.headers | {"Accept": "application/xml"}),
        api.client.get(f"{BASE}/projects/", headers={"Authorization": "Bearer x"}),
        api.client.post(
            f"{BASE}/projects/", "{}", "application/json", headers=api.headers | {"Idempotency-Key": "é"}
        ),
    ]
    assert [response.status_code for response in responses] == [401, 401, 403, 415, 405, 406, 401, 400]
    for response in responses:
        assert all(map(is_vietnamese, sentences(Api._answer(response)))), response.content
