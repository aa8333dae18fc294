"""A request that changes something: done once under its Idempotency-Key, its constraints asked at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.db import connection
from django.http.request import RawPostDataException
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import APIException, UnsupportedMediaType, ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import ApiToken
from accounts.rest.versions import etag
from records import idempotency

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"

View = TypeVar("View", bound=Callable[..., Response])


class KeyReused(APIException):
    status_code = 422
    default_code = "idempotency_key_reused"
    default_detail = gettext_lazy("Idempotency-Key này đã dùng cho một yêu cầu có nội dung khác.")


class KeyBusy(APIException):
    status_code = 409
    default_code = "idempotency_in_progress"
    default_detail = gettext_lazy("Yêu cầu có cùng Idempotency-Key đang được xử lý; hãy gửi lại sau ít giây.")
    wait = 2


def writes(view: View) -> View:
    """Around every view method that changes something.

    A POST may carry an Idempotency-Key: the answer is kept in the transaction of the work, so a refused
    request leaves nothing behind and may be sent again under its key.
    """

    @wraps(view)
    def once(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER)
        if key is None or request.method != "POST":
            return _done(view(self, request, *args, **kwargs))
        outcome = _begin(request, key)
        if isinstance(outcome, idempotency.Replay):
            return _replay(outcome)
        response = _done(view(self, request, *args, **kwargs))
        outcome.finish(response.status_code, json.loads(JSONRenderer().render(response.data)))
        return response

    return once  # type: ignore[return-value]  # same signature as the view it wraps


def _done(response: Response) -> Response:
    # Deferred constraints would otherwise speak at COMMIT, when the answer is already made.
    connection.check_constraints()
    return response


def _begin(request: Request, key: str) -> idempotency.Replay | idempotency.Fresh:
    try:
        body = request._request.body
    except RawPostDataException as error:
        raise UnsupportedMediaType(request.content_type) from error
    same = idempotency.request_hash(request.method or "", request.get_full_path(), body)
    try:
        outcome = idempotency.begin(_client(request), key, same)
    except ValueError as error:
        message = _("Idempotency-Key gồm 1 đến 255 ký tự ASCII in được.")
        raise ValidationError({HEADER: [message]}) from error
    if isinstance(outcome, idempotency.Conflict):
        raise KeyReused
    if isinstance(outcome, idempotency.InProgress):
        raise KeyBusy
    return outcome


def _client(request: Request) -> str:
    """Keys of one partner key or one person are their own; nobody meets another's answers."""
    token = request.auth
    return f"token:{token.uuid}" if isinstance(token, ApiToken) else f"user:{request.user.pk}"


def _replay(outcome: idempotency.Replay) -> Response:
    headers = {REPLAYED: "true"}
    if isinstance(outcome.body, dict):
        if "version" in outcome.body:
            headers |= etag(outcome.body["version"])
        if outcome.status == 201 and "url" in outcome.body:
            headers["Location"] = outcome.body["url"]
    return Response(outcome.body, status=outcome.status, headers=headers)
