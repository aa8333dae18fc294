"""Keyset pages for lists on screen and in the API: as fast on the last page as on the first, no COUNT."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any, Generic, TypeVar

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Field, Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)

PAGE_SIZE = 20
LONGEST_CURSOR = 4000
FORWARD, BACK = "n", "p"


class BadCursor(ValueError):
    """The text is not a cursor made here for this list."""


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows of one page; ``next`` and ``previous`` are opaque cursors, empty where there is no such page."""

    rows: list[Row]
    next: str
    previous: str


def keyset_page(
    queryset: QuerySet[Row], keyset: Sequence[str], cursor: str = "", size: int | None = None
) -> Page[Row]:
    """The page that ``cursor`` (from an earlier page) names; the first without one.

    ``keyset`` names columns of one direction, the last one unique: ("-updated_at", "-id"). One query.
    Raises ``BadCursor``.
    """
    size = size or PAGE_SIZE
    columns = [name.lstrip("-") for name in keyset]
    backwards, position = _decode(cursor, queryset.model, columns) if cursor else (False, None)
    descending = keyset[0].startswith("-") != backwards
    rows = queryset.order_by(*(f"-{name}" if descending else name for name in columns))
    if position is not None:
        rows = rows.filter(_beyond(columns, position, descending=descending))
    found = list(rows[: size + 1])
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    has_next = more or backwards
    has_previous = more if backwards else position is not None
    return Page(
        found,
        _cursor(FORWARD, found[-1], columns) if found and has_next else "",
        _cursor(BACK, found[0], columns) if found and has_previous else "",
    )


def page_or_first(queryset: QuerySet[Row], keyset: Sequence[str], cursor: str) -> Page[Row]:
    """For people: an address that was cut or mistyped shows the first page instead of an error."""
    try:
        return keyset_page(queryset, keyset, cursor)
    except BadCursor:
        return keyset_page(queryset, keyset)


def _beyond(columns: list[str], position: list[Any], *, descending: bool) -> Q:
    """Rows after ``position`` in the order of the columns.

    The first condition repeats the leading column alone, so that the index bounds the scan.
    """
    side = "lt" if descending else "gt"
    steps = []
    for depth, (name, value) in enumerate(zip(columns, position, strict=True)):
        equal = [Q(**{before: position[n]}) for n, before in enumerate(columns[:depth])]
        steps.append(reduce(and_, [*equal, Q(**{f"{name}__{side}": value})]))
    return Q(**{f"{columns[0]}__{side}e": position[0]}) & reduce(or_, steps)


def _cursor(direction: str, row: Model, columns: list[str]) -> str:
    values = [_plain(getattr(row, name)) for name in columns]
    text = json.dumps([direction, *values], ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def _decode(cursor: str, model: type[Model], columns: list[str]) -> tuple[bool, list[Any]]:
    """Whether it leads back, and its typed position."""
    try:
        if len(cursor) > LONGEST_CURSOR:
            raise ValueError
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        direction, *values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if direction not in (FORWARD, BACK):
            raise ValueError
        position = [_typed(model, name, value) for name, value in zip(columns, values, strict=True)]
    except (ValueError, TypeError, RecursionError, ValidationError) as error:
        raise BadCursor from error
    return direction == BACK, position


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _typed(model: type[Model], name: str, value: Any) -> Any:
    """``value`` as the column's own type. Raises ``ValueError`` or ``ValidationError``."""
    try:
        column = model._meta.get_field(name)
    except FieldDoesNotExist as error:
        raise ValueError(name) from error
    if not isinstance(column, Field) or isinstance(value, dict | list | bool) or value is None:
        raise ValueError(name)
    if isinstance(value, str) and "\x00" in value.encode().decode():
        raise ValueError(name)
    return column.to_python(value)
