"""How the API describes itself: OpenAPI 3.1, with its two ways in and its problems."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from khuyencong.api.problem import CONTENT_TYPE

JsonObject = dict[str, Any]


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # metaclass of the library
    target_class = "accounts.authentication.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> JsonObject:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "Khóa của hệ thống đối tác: có phạm vi (read, write) và ngày hết hạn.",
        }


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # metaclass of the library
    target_class = "accounts.authentication.PortalSessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> JsonObject:
        from django.conf import settings

        return {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.SESSION_COOKIE_NAME.removeprefix("__Host-"),
            "description": "Phiên đăng nhập trên cổng; yêu cầu ghi kèm X-CSRFToken.",
        }


class SchemaView(SpectacularAPIView):
    """The description itself; it holds nothing of anybody's, so a partner may read it before having a key."""

    permission_classes = [AllowAny]


class UnknownAddressView(APIView):
    """Any other address under the API: a problem like all others, not a page."""

    permission_classes = [AllowAny]
    schema = None

    def _missing(self, request: Request, address: str) -> Response:
        raise Http404

    get = post = put = patch = delete = _missing


PROBLEM: JsonObject = {
    "type": "object",
    "description": "Lỗi theo RFC 9457, bằng tiếng Việt, kèm mã cho máy.",
    "required": ["type", "title", "status", "detail", "code", "errors"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "message", "source"],
                "properties": {
                    "field": {"type": "string"},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                    "source": {"type": ["string", "null"]},
                },
            },
        },
        "request_id": {"type": "string"},
    },
}

READING = {
    "400": "Tham số hoặc nội dung không hợp lệ",
    "401": "Chưa có khóa, hoặc khóa không đúng",
    "403": "Khóa không có phạm vi này",
    "404": "Không tìm thấy, hoặc ngoài phạm vi",
    "406": "Không có định dạng được yêu cầu",
    "503": "Tạm thời bận, gửi lại sau Retry-After",
}
WRITING = READING | {
    "403": "Trong phạm vi nhưng không được làm; lý do ở detail",
    "409": (
        "Trái với trạng thái hiện tại: illegal_move, window_closed, not_editable, plan_blocked, "
        "over_ceiling, conflict…"
    ),
    "413": "Nội dung quá lớn",
    "415": "Chỉ nhận application/json",
    "422": "Hồ sơ hoặc bước còn thiếu; Idempotency-Key dùng lại",
}
VERSIONED = WRITING | {"412": "Phiên bản đã cũ; ETag là phiên bản mới", "428": "Thiếu version hoặc If-Match"}

IDEMPOTENCY: JsonObject = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Gửi lại cùng khóa và cùng nội dung thì nhận lại câu trả lời đầu tiên.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
}
IF_MATCH: JsonObject = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": 'Phiên bản đã xem, ví dụ "3"; thay cho trường version.',
    "schema": {"type": "string"},
}


def add_problems(result: JsonObject, generator: Any, request: Any, public: bool) -> JsonObject:
    """Postprocessing hook: every operation tells its refusals and the headers all writes share."""
    result["components"].setdefault("schemas", {})["Problem"] = PROBLEM
    for methods in result["paths"].values():
        for method, operation in methods.items():
            name, tags = operation["operationId"], operation.get("tags")
            # What is made anew, and jobs, which only their worker changes, have no version to name.
            plain = name.endswith("projects_create") or tags == ["reports"]
            refusals = READING if method == "get" else WRITING if plain else VERSIONED
            if name.endswith("_file_retrieve"):
                refusals = READING | {"409": "Chưa có tệp"}
            headers = [IDEMPOTENCY] if method == "post" else []
            if refusals is VERSIONED:
                headers.append(IF_MATCH)
            if headers:
                operation.setdefault("parameters", []).extend(headers)
            for status, text in refusals.items():
                operation["responses"].setdefault(status, _refusal(text))
    return result


def _refusal(text: str) -> JsonObject:
    return {
        "description": text,
        "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
