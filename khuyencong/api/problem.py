"""Every refusal of the API as ``application/problem+json`` (RFC 9457), in Vietnamese, with a machine code.

Nothing a client sends may end in a 500: errors of the rules, of the database's constraints and of
locks are told apart here. The running transaction is rolled back by ``ScopeMiddleware``, so a refused
request has changed nothing.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import DatabaseError, DataError, IntegrityError, OperationalError
from django.db.models import ProtectedError, RestrictedError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response

from khuyencong.api.codes import TITLES
from programs import errors as program
from records import context
from records.walls import NO_PII
from vietnam.fields import NO_PERSONAL_NUMBER
from vietnam.money import MoneyError

log = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 2
NO_PRIVILEGE = "42501"


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing to mend: where (path in the body, "" for the whole), what, and the law if one says so."""

    field: str
    code: str
    message: str
    source: str | None = None


@dataclass(slots=True)
class Problem:
    status: int
    code: str
    detail: str
    errors: list[FieldError] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        return {
            "type": f"/api/v1/#{self.code}",
            "title": str(TITLES.get(self.code, TITLES["error"])),
            "status": self.status,
            "detail": readable(self.detail),
            "code": self.code,
            "errors": [
                {
                    "field": readable(error.field),
                    "code": error.code,
                    "message": readable(error.message),
                    "source": error.source,
                }
                for error in self.errors
            ],
            "request_id": context.request_id(),
        }

    def response(self) -> Response:
        return Response(self.body(), status=self.status, headers=self.headers, content_type=CONTENT_TYPE)


def readable(text: object) -> str:
    """The text as it may be sent: half a surrogate pair, quoted back from a request, cannot be encoded."""
    return str(text).encode("utf-8", "replace").decode()


def handle(exc: Exception, view_context: dict[str, Any]) -> Response | None:
    """DRF's ``EXCEPTION_HANDLER``. None lets the error through: a fault of ours, logged and answered 500."""
    for kind, explain in EXPLANATIONS:
        if isinstance(exc, kind):
            problem = explain(exc)
            return problem.response() if problem else None
    return None


def fault_of_ours() -> dict[str, Any]:
    """What a client learns of a fault in this code: that it is not theirs, and the incident's code."""
    return Problem(500, "error", _("Lỗi của hệ thống; yêu cầu của bạn chưa được thực hiện.")).body()


def _from_api(exc: exceptions.APIException) -> Problem:
    headers: dict[str, str] = {}
    if auth_header := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = auth_header
    if wait := getattr(exc, "wait", None):
        headers["Retry-After"] = str(math.ceil(wait))
    if (current := getattr(exc, "current_version", None)) is not None:
        headers["ETag"] = f'"{current}"'
    if isinstance(exc, exceptions.ValidationError):
        found = list(flatten(exc.detail))
        return Problem(400, "invalid", _summary(found), found, headers)
    code = exc.get_codes()
    code = code if isinstance(code, str) and code in TITLES else "error"
    return Problem(exc.status_code, code, str(exc.detail), [], headers)


def _summary(found: list[FieldError]) -> str:
    if len(found) == 1 and not found[0].field:
        return found[0].message
    return _("Dữ liệu gửi lên có %(count)d chỗ phải sửa.") % {"count": len(found)}


def flatten(detail: Any, path: str = "") -> Iterator[FieldError]:
    """DRF's tree of errors as a list; the path of a field reads ``lines.0.total_vnd``."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            step = "" if name in ("non_field_errors", "__all__") else str(name)
            yield from flatten(inner, ".".join(part for part in (path, step) if part))
    elif isinstance(detail, list):
        nested = any(isinstance(inner, dict | list) for inner in detail)
        for number, inner in enumerate(detail):
            yield from flatten(inner, f"{path}.{number}" if nested else path)
    else:
        # "No data provided" comes untranslated from the library; locale/vi has it.
        yield FieldError(path, getattr(detail, "code", None) or "invalid", _(str(detail)) if detail else "")


def _from_validation(exc: DjangoValidationError) -> Problem:
    if hasattr(exc, "error_dict"):
        pairs = [(name, error) for name, errors in exc.error_dict.items() for error in errors]
    else:
        pairs = [("", error) for error in exc.error_list]
    found = [
        FieldError(
            "" if name == "__all__" else name,
            error.code if isinstance(error.code, str) and error.code else "invalid",
            " ".join(error.messages),
        )
        for name, error in pairs
    ]
    return Problem(400, "invalid", _summary(found), found)


def _not_found(exc: Exception) -> Problem:
    return Problem(404, "not_found", _("Không tìm thấy, hoặc nằm ngoài phạm vi của bạn."))


def _forbidden(exc: Exception) -> Problem:
    return Problem(403, "forbidden", str(exc) or _("Bạn không được làm việc này."))


STEP_FIELDS = {"paper_number", "paper_date", "paper_signer", "contract_vnd", "tranche"}
"""Details of a step that a request carries inside ``data``."""


def _from_program(exc: program.ProgramError) -> Problem:
    detail = str(exc)
    if isinstance(exc, program.StaleVersion):
        return Problem(412, exc.code, detail, [], {"ETag": f'"{exc.current}"'})
    if isinstance(exc, program.MissingDetail):
        path = f"data.{exc.field}" if exc.field in STEP_FIELDS else exc.field
        return Problem(422, exc.code, detail, [FieldError(path, "required", detail)])
    if isinstance(exc, program.Incomplete):
        found = [FieldError(v.field, v.code, v.message, v.source) for v in exc.verdicts]
        return Problem(422, exc.code, detail, found)
    if isinstance(exc, program.PlanBlocked):
        return Problem(409, exc.code, detail, [FieldError("", "blocker", text) for text in exc.blockers])
    return Problem(409, exc.code, detail)


def _from_protected(exc: Exception) -> Problem:
    return Problem(409, "conflict", _("Dữ liệu đang được nơi khác sử dụng nên không xóa được."))


def _from_integrity(exc: IntegrityError) -> Problem:
    if _constraint(exc).endswith(NO_PII):
        return Problem(400, "invalid", str(NO_PERSONAL_NUMBER))
    message = _constraint_message(exc) or _("Dữ liệu trùng hoặc trái với ràng buộc của hệ thống.")
    return Problem(409, "conflict", message)


def _constraint(exc: DatabaseError) -> str:
    """Name of the violated constraint, empty where the database names none."""
    return getattr(getattr(exc.__cause__, "diag", None), "constraint_name", None) or ""


def _constraint_message(exc: DatabaseError) -> str:
    """The sentence written beside the violated constraint, if somebody wrote one."""
    from django.apps import apps

    name = _constraint(exc)
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name:
                message = constraint.violation_error_message
                default = constraint.default_violation_error_message
                return "" if message == default else str(message)
    return ""


def _from_data(exc: Exception) -> Problem:
    return Problem(400, "invalid", _("Có giá trị quá dài, quá lớn hoặc chứa ký tự không dùng được."))


def _try_again(exc: Exception) -> Problem:
    log.warning("database asked for another try: %s", type(exc.__cause__).__name__)
    message = _("Hệ thống đang bận với thay đổi khác trên cùng dữ liệu. Hãy gửi lại sau ít giây.")
    return Problem(503, "try_again", message, [], {"Retry-After": str(RETRY_AFTER_SECONDS)})


def _from_database(exc: DatabaseError) -> Problem | None:
    """Row security refused a write: the row belongs to another province. Anything else is our fault."""
    if getattr(exc.__cause__, "pgcode", None) == NO_PRIVILEGE:
        return Problem(403, "forbidden", _("Dữ liệu này nằm ngoài phạm vi của bạn."))
    return None


def _from_value(exc: ValueError) -> Problem | None:
    """NUL and halves of surrogate pairs that reached the driver; other ValueErrors are ours."""
    if isinstance(exc, UnicodeError) or "NUL" in str(exc):
        return _from_data(exc)
    return None


def _too_big(exc: Exception) -> Problem:
    return Problem(413, "too_large", _("Nội dung gửi lên quá lớn."))


def _suspicious(exc: Exception) -> Problem:
    return Problem(400, "bad_request", _("Yêu cầu không hợp lệ."))


EXPLANATIONS: tuple[tuple[type[Exception], Callable[[Any], Problem | None]], ...] = (
    (exceptions.APIException, _from_api),
    (Http404, _not_found),
    (PermissionDenied, _forbidden),
    (program.ProgramError, _from_program),
    (DjangoValidationError, _from_validation),
    (MoneyError, lambda exc: Problem(400, "invalid", str(exc))),
    (ProtectedError, _from_protected),
    (RestrictedError, _from_protected),
    (IntegrityError, _from_integrity),
    (DataError, _from_data),
    (OperationalError, _try_again),
    (DatabaseError, _from_database),
    (RequestDataTooBig, _too_big),
    (SuspiciousOperation, _suspicious),
    (ValueError, _from_value),
)
"""First match wins; subclasses stand before their parents."""
