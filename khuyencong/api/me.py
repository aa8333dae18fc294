"""Whose key this is and what it may see."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.http import signed_in
from accounts.models import ApiToken, Organisation
from accounts.rest import CodeAndName
from accounts.roles import Role
from accounts.scope import scope_of
from vietnam.models import AdminUnit


class PostRow(serializers.Serializer[Any]):
    role = serializers.ChoiceField(choices=Role.choices)
    role_label = serializers.CharField()
    organisation = serializers.CharField()
    by_delegation = serializers.BooleanField()


class TokenRow(serializers.Serializer[ApiToken]):
    name = serializers.CharField()
    scopes = serializers.ListField(child=serializers.CharField())
    expires_at = serializers.DateTimeField()


class MeRow(serializers.Serializer[Any]):
    username = serializers.CharField()
    full_name = serializers.CharField()
    posts = PostRow(many=True)
    national = serializers.BooleanField()
    provinces = CodeAndName(many=True)
    token = TokenRow(allow_null=True)


class MeView(APIView):
    @extend_schema(
        tags=["me"],
        summary="Tôi là ai",
        description="Tài khoản, vị trí công tác, phạm vi và khóa đang dùng.",
        responses=MeRow,
    )
    def get(self, request: Request) -> Response:
        user = signed_in(request._request)
        scope = scope_of(user)
        ids = [post.organisation_id for post in scope.posts]
        offices = Organisation.objects.visible_to(user).in_bulk(ids)
        posts = [
            {
                "role": post.role,
                "role_label": Role(post.role).label,
                "organisation": offices[post.organisation_id].name,
                "by_delegation": post.on_behalf_of_id is not None,
            }
            for post in scope.posts
        ]
        provinces = AdminUnit.objects.provinces().filter(pk__in=scope.province_ids).order_by("code", "id")
        return Response(
            MeRow(
                {
                    "username": user.username,
                    "full_name": user.full_name,
                    "posts": posts,
                    "national": scope.national,
                    "provinces": [] if scope.national else list(provinces),
                    "token": request.auth if isinstance(request.auth, ApiToken) else None,
                }
            ).data
        )
