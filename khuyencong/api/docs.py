"""The readable page of the API, drawn from its own description: no script, nothing from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from khuyencong.api.codes import TITLES

JsonObject = dict[str, Any]

TAGS: dict[str, str | Promise] = {
    "me": _("Tài khoản"),
    "projects": _("Đề án"),
    "tranches": _("Đợt kế hoạch"),
    "plans": _("Kế hoạch năm"),
    "norms": _("Định mức"),
    "establishments": _("Cơ sở công nghiệp nông thôn"),
    "clusters": _("Cụm công nghiệp"),
    "units": _("Đơn vị hành chính"),
    "reports": _("Báo cáo"),
}


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    type: str
    required: bool
    note: str


@dataclass(frozen=True, slots=True)
class Operation:
    anchor: str
    method: str
    path: str
    summary: str
    description: str
    parameters: list[Field]
    body: list[Field]
    answer: list[Field]
    refusals: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Group:
    tag: str
    label: str | Promise
    operations: list[Operation]


@require_safe
def readable_docs(request: HttpRequest) -> HttpResponse:
    return render(request, "api/docs.html", {"groups": groups(), "codes": TITLES.items()})


readable_docs.runs_without_database = True  # type: ignore[attr-defined]  # read by ScopeMiddleware: nothing of anybody's


@cache
def groups() -> list[Group]:
    """The operations by resource; the description does not change while the process runs."""
    generator = SchemaGenerator()  # type: ignore[no-untyped-call]  # untyped in the library
    schema: JsonObject = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    found: dict[str, list[Operation]] = {}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            tag = operation.get("tags", ["reports"])[0]
            found.setdefault(tag, []).append(_operation(schema, path, method, operation))
    order = [*TAGS, *sorted(set(found) - set(TAGS))]
    return [Group(tag, TAGS.get(tag, tag), found[tag]) for tag in order if tag in found]


def _operation(schema: JsonObject, path: str, method: str, operation: JsonObject) -> Operation:
    responses = operation["responses"]
    good: JsonObject = next((answer for status, answer in responses.items() if status.startswith("2")), {})
    return Operation(
        anchor=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation.get("summary", ""),
        description=operation.get("description", ""),
        parameters=[_parameter(schema, each) for each in operation.get("parameters", [])],
        body=_fields(schema, _json_schema(operation.get("requestBody", {}))),
        answer=_fields(schema, _json_schema(good)),
        refusals=[(s, r["description"]) for s, r in responses.items() if not s.startswith("2")],
    )


def _json_schema(part: JsonObject) -> JsonObject:
    content: JsonObject = part.get("content", {})
    return content.get("application/json", {}).get("schema", {})  # type: ignore[no-any-return]  # plain JSON


def _resolved(schema: JsonObject, node: JsonObject) -> JsonObject:
    if "$ref" in node:
        return schema["components"]["schemas"][node["$ref"].rpartition("/")[2]]  # type: ignore[no-any-return]
    parts = [_resolved(schema, part) for part in node.get("allOf", []) + node.get("oneOf", [])]
    merged: JsonObject = {}
    for part in parts:
        merged |= part
    return merged | {name: value for name, value in node.items() if name not in ("allOf", "oneOf")}


def _fields(schema: JsonObject, node: JsonObject) -> list[Field]:
    """The properties of a body; of a page or a list, those of one row."""
    node = _resolved(schema, node)
    if node.get("type") == "array":
        return _fields(schema, node["items"])
    properties: JsonObject = node.get("properties", {})
    if set(properties) == {"next", "previous", "results"}:
        return _fields(schema, properties["results"])
    required = set(node.get("required", ()))
    return [
        Field(name, _type(schema, each), name in required, _resolved(schema, each).get("description", ""))
        for name, each in properties.items()
    ]


def _parameter(schema: JsonObject, each: JsonObject) -> Field:
    name = each["name"] if each["in"] == "query" else f"{each['name']} ({each['in']})"
    return Field(
        name, _type(schema, each["schema"]), each.get("required", False), each.get("description", "")
    )


def _type(schema: JsonObject, node: JsonObject) -> str:
    """ "integer", "[string]", "KCQG | KCDP", "object {code, name}"."""
    node = _resolved(schema, node)
    if node.get("enum"):
        return " | ".join("null" if value is None else str(value) or '""' for value in node["enum"])
    kind = node.get("type", "object" if "properties" in node else "")
    if kind == "array":
        return f"[{_type(schema, node['items'])}]"
    if "properties" in node:
        return "object {" + ", ".join(node["properties"]) + "}"
    text = " | ".join(kind) if isinstance(kind, list) else str(kind)
    return f"{text} ({node['format']})" if node.get("format") else text
