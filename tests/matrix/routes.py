"""Every address the portal answers, read from the URLconf itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, slots=True)
class Route:
    """``methods`` as the class or view set says; empty for functions, which keep it to themselves."""

    name: str
    pattern: str
    methods: frozenset[str]


def all_routes() -> list[Route]:
    return list(_walk(get_resolver(), "", ""))


def _walk(resolver: URLResolver, namespace: str, prefix: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, inner, pattern)
        elif isinstance(entry, URLPattern):
            name = f"{namespace}{entry.name}" if entry.name else f"(no name: {pattern})"
            yield Route(name, pattern, _methods(entry.callback))


def _methods(view: Any) -> frozenset[str]:
    if actions := getattr(view, "actions", None):  # a view set: exactly what the router bound
        return frozenset(method.upper() for method in actions) & frozenset(METHODS)
    klass = getattr(view, "cls", None)
    return frozenset(method for method in METHODS if hasattr(klass, method.lower())) if klass else frozenset()
