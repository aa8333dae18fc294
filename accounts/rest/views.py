"""The view set every resource of the API is made of."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_filters import MultipleChoiceFilter
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet

from accounts.models import User

UUID_PATTERN = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
PAGING = frozenset({"cursor", "page_size"})


class ApiViewSet(GenericViewSet[Any]):
    """Reading for one resource; subclasses start ``get_queryset`` with ``visible_to(self.actor)``.

    What is out of scope is therefore 404. Writing is added by view methods that call the verbs.
    """

    keyset: ClassVar[tuple[str, ...]] = ("-updated_at", "-id")
    """Order of the list: columns of one direction, the last one unique."""
    serializers: ClassVar[dict[str, type[BaseSerializer[Any]]]] = {}
    """Serializer of each action."""
    filterset_class: Any = None
    asking: ClassVar[frozenset[str]] = frozenset({"list"})
    """Actions that take the filters of their ``filterset_class``."""

    @property
    def actor(self) -> User:
        """Who asks; views require sign-in, so it is a person (or nobody while the schema is written)."""
        return cast(User, self.request.user)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        asked = self.action in self.asking and self.filterset_class
        filters = self.filterset_class.base_filters if asked else {}
        errors = {}
        for name, values in sorted(request.query_params.lists()):
            if name not in PAGING and name not in filters:
                errors[name] = [ErrorDetail(_("Không có tham số này."), code="unknown_parameter")]
            elif len(values) > 1 and not isinstance(filters.get(name), MultipleChoiceFilter):
                errors[name] = [ErrorDetail(_("Tham số này chỉ ghi một lần."), code="repeated_parameter")]
        if errors:
            raise ValidationError(errors)

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        return self.serializers.get(self.action) or next(iter(self.serializers.values()))

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return super().filter_queryset(queryset) if self.action == "list" else queryset


class ApiDetailViewSet(ApiViewSet):
    """A resource whose single rows have an address too."""

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(self.get_serializer(self.get_object()).data)
