"""Nobody overwrites what they have not seen: the version comes in the body or as ``If-Match``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request

from accounts.rest.fields import StrictSerializer

LARGEST_VERSION = 2**31 - 1
# A proxy that compresses an answer weakens its tag, so both forms name the same version.
_TAG = re.compile(r'\s*(?:W/)?"(\d{1,10})"\s*')


class VersionRequired(APIException):
    status_code = 428
    default_code = "version_required"
    default_detail = gettext_lazy(
        "Hãy gửi phiên bản bạn đã xem: “version” trong nội dung hoặc tiêu đề If-Match."
    )


class VersionedBody(StrictSerializer):
    """A body that may carry the version seen."""

    version = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=LARGEST_VERSION,
        help_text="Phiên bản đã xem; có thể gửi bằng If-Match thay cho trường này.",
    )


def etag(version: int) -> dict[str, str]:
    """The header that names this version."""
    return {"ETag": f'"{version}"'}


def seen_version(request: Request, body: Mapping[str, Any]) -> int:
    """The version this client saw. Raises ``VersionRequired``, or ``ValidationError`` where two differ."""
    stated: int | None = body.get("version")
    header = request.headers.get("If-Match")
    if header is None:
        if stated is None:
            raise VersionRequired
        return stated
    match = _TAG.fullmatch(header)
    if match is None:
        # "*" would mean "whatever it is now", which is exactly what must not be said.
        raise VersionRequired(_('If-Match phải ghi đúng một phiên bản, ví dụ "3".'))
    tagged = int(match.group(1))
    if stated is not None and stated != tagged:
        raise ValidationError({"version": [_("Phiên bản trong nội dung khác với If-Match.")]})
    return tagged
