"""Keyset pages in the API: ``next``, ``previous``, ``results``; none is counted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException
from rest_framework.exceptions import ValidationError as BadInput
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param
from rest_framework.views import APIView

from records import paging

DEFAULT_SIZE, LARGEST_SIZE = 50, 200


class BadCursor(APIException):
    status_code = 400
    default_code = "bad_cursor"


class KeysetPagination(BasePagination):
    """Orders by the view's ``keyset`` (columns of one direction, the last one unique)."""

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any]:
        self.base_url = request.build_absolute_uri()
        keyset: tuple[str, ...] = view.keyset  # type: ignore[union-attr]  # ApiViewSet has one
        size = page_size(request)
        try:
            page = paging.keyset_page(queryset, keyset, request.query_params.get("cursor", ""), size)
        except paging.BadCursor as error:
            raise BadCursor(
                _("Con trỏ trang không hợp lệ; hãy dùng nguyên liên kết next hoặc previous.")
            ) from error
        self.next_link, self.previous_link = self._link(page.next), self._link(page.previous)
        return page.rows

    def _link(self, cursor: str) -> str | None:
        if not cursor:
            return None
        return replace_query_param(remove_query_param(self.base_url, "cursor"), "cursor", cursor)

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self.next_link, "previous": self.previous_link, "results": data})

    def get_paginated_response_schema(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        return [
            {
                "name": "cursor",
                "in": "query",
                "required": False,
                "description": "Vị trí trang; lấy từ liên kết next hoặc previous.",
                "schema": {"type": "string"},
            },
            {
                "name": "page_size",
                "in": "query",
                "required": False,
                "description": "Số dòng một trang.",
                "schema": {"type": "integer", "minimum": 1, "maximum": LARGEST_SIZE, "default": DEFAULT_SIZE},
            },
        ]


def page_size(request: Request) -> int:
    text = request.query_params.get("page_size", str(DEFAULT_SIZE))
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= LARGEST_SIZE):
        raise BadInput({"page_size": [_("Hãy ghi một số từ 1 đến %(most)d.") % {"most": LARGEST_SIZE}]})
    return int(text)
