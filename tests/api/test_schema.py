"""The API's description: complete, true, and the same in the repository as on the wire."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.test import Client
from django.urls import get_resolver
from django.utils import translation
from jsonschema import Draft202012Validator

from accounts.models import User
from khuyencong.api.codes import TITLES
from tests.api.client import BASE, Api
from tests.factories import advance_to, make_project, open_tranche

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "docs" / "openapi.yaml"
UNDESCRIBED = {"docs", "schema", "unknown"}


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    out, told = io.StringIO(), io.StringIO()
    with translation.override("vi"):
        call_command("spectacular", "--validate", "--fail-on-warn", stdout=out, stderr=told)
    found: dict[str, Any] = yaml.safe_load(out.getvalue())
    return found


def test_the_file_in_docs_is_the_description_of_this_code(schema: dict[str, Any]) -> None:
    kept = yaml.safe_load(KEPT.read_text())
    assert kept == schema, "run ./run manage spectacular --file docs/openapi.yaml"


def test_the_description_is_openapi_3_1_and_public(db: None) -> None:
    answer = Client().get(f"{BASE}/schema/", headers={"Accept": "application/json"})
    assert answer.status_code == 200
    assert answer.json()["openapi"].startswith("3.1")


def test_every_address_is_described(schema: dict[str, Any]) -> None:
    described = {_shape(path) for path in schema["paths"]}
    served = {_shape(path) for path in _api_addresses()}
    assert served == described


def _shape(path: str) -> str:
    return (
        re.sub(r"\{\w+\}|<[^>]+>|\(\?P<\w+>[^/]+\)", "*", path)
        .replace("^", "")
        .replace("$", "")
        .replace("\\Z", "")
    )


def _api_addresses() -> set[str]:
    found: set[str] = set()

    def walk(patterns: Any, before: str) -> None:
        for pattern in patterns:
            here = before + str(pattern.pattern).removeprefix("^")
            if hasattr(pattern, "url_patterns"):
                walk(pattern.url_patterns, here)
            elif here.startswith("/api/v1/") and pattern.name not in UNDESCRIBED:
                found.add(here)

    walk(get_resolver().url_patterns, "/")
    return found


def test_every_operation_has_a_summary_and_tells_its_refusals(schema: dict[str, Any]) -> None:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            assert operation.get("summary"), (method, path)
            assert {"400", "401", "403", "404"} <= set(operation["responses"])
            if method != "get" and not operation["operationId"].endswith("projects_create"):
                assert {"409", "412", "422", "428"} <= set(operation["responses"]) or "reports" in path


def test_money_is_whole_and_named_so(schema: dict[str, Any]) -> None:
    money = 0
    for component in schema["components"]["schemas"].values():
        for name, part in component.get("properties", {}).items():
            if name.endswith("_vnd"):
                money += 1
                assert "integer" in part["type"], name
                assert part["maximum"] <= 2**53
            assert not re.search(r"amount$|total$|price$|cost$", name), name
    assert money > 20


def check(schema: dict[str, Any], operation: str, status: str, body: Any) -> None:
    for methods in schema["paths"].values():
        for each in methods.values():
            if each["operationId"] == operation:
                content = each["responses"][status]["content"]
                (kind,) = content.values()
                validator = Draft202012Validator({**kind["schema"], "components": schema["components"]})
                assert [error.message for error in validator.iter_errors(body)] == []
                return
    raise AssertionError(operation)


def test_answers_are_as_described(schema: dict[str, Any], thanh_hoa_centre: User, cuc_officer: User) -> None:
    project = make_project(thanh_hoa_centre)
    tranche = open_tranche(project)
    advance_to(project, "IN_PLAN", drafter=thanh_hoa_centre, tranche=tranche)
    api, mine = Api(cuc_officer), f"/projects/{project.code}/"
    for operation, path in {
        "projects_list": "/projects/",
        "projects_retrieve": mine,
        "projects_transitions_list": f"{mine}transitions/",
        "projects_checks_list": f"{mine}checks/",
        "plans_list": "/plans/",
        "tranches_list": "/tranches/",
        "tranches_retrieve": f"/tranches/{tranche.uuid}/",
        "norms_list": "/norms/",
        "units_list": "/units/?on=2025-01-01",
        "establishments_list": "/establishments/",
        "me_retrieve": "/me/",
    }.items():
        answer = api.get(path)
        check(schema, operation, "200", answer.body)
    check(schema, "projects_retrieve", "404", api.get("/projects/X/").body)


def test_the_readable_page_shows_every_address_and_code_and_loads_nothing_from_elsewhere(
    schema: dict[str, Any],
) -> None:
    answer = Client().get(f"{BASE}/")
    page = answer.content.decode()
    assert answer.status_code == 200
    for path in schema["paths"]:
        assert path in page
    for code in TITLES:
        assert f'id="{code}"' in page
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)
    assert "<script" not in page and "style=" not in page


def test_examples_of_the_guide_name_addresses_that_exist(schema: dict[str, Any]) -> None:
    guide = (ROOT / "docs" / "api.md").read_text()
    shapes = {re.compile(re.sub(r"\{\w+\}", "[^/]+", path)) for path in schema["paths"]}
    named = set(re.findall(r"/api/v1/[A-Za-z0-9$_/{}<>-]*", guide)) - {"/api/v1/", "/api/v1/schema/"}
    assert named
    for path in named:
        assert any(shape.fullmatch(path) for shape in shapes), path
