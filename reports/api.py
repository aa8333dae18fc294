"""One's reports over the API: ask, watch, stop, ask again, fetch. The same policy and verbs as the pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import FileResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ErrorDetail
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.filters import EARLIEST_YEAR, LATEST_YEAR
from accounts.policy import require
from accounts.rest import (
    UUID_PATTERN,
    ApiDetailViewSet,
    CodeAndName,
    StrictSerializer,
    VndField,
    writes,
)
from programs.lifecycle import Purse
from records.files import open_file
from records.leases import JobStatus
from records.sniff import XLSX
from reports import workflow
from reports.lifecycle import TABLES, ReportKind, Stage
from reports.models import Report
from vietnam.models import AdminUnit, Level
from vietnam.models.units import NATION_CODE


class ReportSummary(serializers.Serializer[dict[str, int]]):
    """What a finished file holds."""

    projects = serializers.IntegerField()
    total_vnd = VndField()
    kcqg_vnd = VndField()
    kcdp_vnd = VndField()
    own_vnd = VndField()
    other_vnd = VndField()


class ReportRow(serializers.Serializer[Report]):
    """A report and how far it is; ``summary`` and ``file_url`` are null until the file is there."""

    uuid = serializers.UUIDField()
    url = serializers.SerializerMethodField()
    kind = serializers.ChoiceField(choices=ReportKind.choices)
    title = serializers.CharField()
    year = serializers.IntegerField(source="params.year", default=None, allow_null=True)
    purse = serializers.ChoiceField(
        source="params.purse", choices=Purse.choices, default=None, allow_null=True
    )
    province = CodeAndName()
    stage = serializers.ChoiceField(
        source="params.stage", choices=Stage.choices, default=None, allow_null=True
    )
    codes = serializers.ListField(
        child=serializers.CharField(), help_text="Đề án trong bộ hồ sơ để in; rỗng với biểu tổng hợp."
    )
    status = serializers.ChoiceField(choices=JobStatus.choices)
    status_label = serializers.CharField(source="get_status_display")
    pct = serializers.IntegerField(min_value=0, max_value=100)
    step = serializers.CharField(source="step_label")
    error = serializers.CharField(source="error_label")
    summary = serializers.SerializerMethodField()
    file_url = serializers.SerializerMethodField()
    file_sha256 = serializers.CharField(source="result.sha256", default=None, allow_null=True)
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)

    def _link(self, name: str, report: Report) -> str:
        return reverse(name, args=[report.uuid], request=self.context.get("request"))

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_url(self, report: Report) -> str:
        return self._link("api:report-detail", report)

    @extend_schema_field(ReportSummary(allow_null=True))
    def get_summary(self, report: Report) -> dict[str, int] | None:
        return report.summary or None

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_file_url(self, report: Report) -> str | None:
        return self._link("api:report-file", report) if report.is_done else None


class NewReportBody(StrictSerializer):
    kind = serializers.ChoiceField(choices=TABLES)
    year = serializers.IntegerField(min_value=EARLIEST_YEAR, max_value=LATEST_YEAR)
    purse = serializers.ChoiceField(choices=Purse.choices)
    province = serializers.RegexField(
        r"^[0-9]{2}\Z", default=NATION_CODE, help_text="Mã tỉnh, thành phố; 00 hoặc vắng mặt là toàn quốc."
    )
    stage = serializers.ChoiceField(
        choices=Stage.choices, default=Stage.ALL, help_text="Đề án đã đến đâu; vắng mặt là mọi trạng thái."
    )

    def area(self) -> AdminUnit:
        """The newest unit that bears the code, as in the lists' filters."""
        code = self.validated_data["province"]
        levels = [Level.NATION, Level.PROVINCE]
        units = AdminUnit.objects.filter(level__in=levels, code=code).order_by("valid")
        unit = units.last()
        if unit is None:
            message = ErrorDetail(_("Không có đơn vị hành chính mang mã này."), code="unknown")
            raise serializers.ValidationError({"province": [message]})
        return unit


class ReportFilter(django_filters.FilterSet):
    status = django_filters.ChoiceFilter(label=gettext_lazy("Tình trạng"), choices=JobStatus.choices)
    kind = django_filters.ChoiceFilter(label=gettext_lazy("Loại báo cáo"), choices=ReportKind.choices)

    class Meta:
        model = Report
        fields: list[str] = []


class WorkbookRenderer(JSONRenderer):
    """Lets a client ask for the workbook by name; a refusal in its place is still a JSON problem."""

    media_type = XLSX
    format = "xlsx"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> Any:
        return super().render(data, JSONRenderer.media_type, renderer_context)


@extend_schema(tags=["reports"])
@extend_schema_view(
    list=extend_schema(
        summary="Báo cáo của bạn", description="Mới yêu cầu trước. Mỗi người chỉ thấy của mình."
    ),
    retrieve=extend_schema(
        summary="Một báo cáo", description="Xem tiến độ; khi status là done, file_url là địa chỉ của tệp."
    ),
)
class ReportViewSet(ApiDetailViewSet):
    queryset = Report.objects.none()
    lookup_field = "uuid"
    lookup_value_regex = UUID_PATTERN
    keyset = ("-id",)
    filterset_class = ReportFilter
    serializers = {"list": ReportRow}

    def get_queryset(self) -> QuerySet[Report]:
        return Report.objects.visible_to(self.actor).select_related("province", "owner", "result")

    def _answer(self, report: Report, status: int = 200) -> Response:
        data = ReportRow(self.get_queryset().get(pk=report.pk), context=self.get_serializer_context()).data
        return Response(data, status=status, headers={"Location": data["url"]} if status == 201 else {})

    @extend_schema(
        summary="Yêu cầu một báo cáo",
        description=(
            "Trả lời ngay; báo cáo được lập sau đó. Khi bạn có một yêu cầu y hệt đang được lập, câu trả lời "
            "là 200 với báo cáo ấy."
        ),
        request=NewReportBody,
        responses={201: ReportRow, 200: ReportRow},
    )
    @writes
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        require(self.actor, "reports.make_reports")
        body = NewReportBody(data=request.data)
        body.is_valid(raise_exception=True)
        asked = {name: body.validated_data[name] for name in ("kind", "year", "purse", "stage")}
        report, new = workflow.request_report(actor=self.actor, area=body.area(), **asked)
        return self._answer(report, 201 if new else 200)

    @extend_schema(
        summary="Hủy báo cáo đang lập",
        description="409 illegal_move khi báo cáo đã kết thúc.",
        request=None,
        responses={200: ReportRow},
    )
    @action(detail=True, methods=["post"])
    @writes
    def cancel(self, request: Request, uuid: str) -> Response:
        return self._answer(workflow.cancel_report(self.get_object(), actor=self.actor))

    @extend_schema(
        summary="Lập lại báo cáo lỗi hoặc đã hủy",
        description="Khi một yêu cầu y hệt đang được lập, câu trả lời là báo cáo ấy.",
        request=None,
        responses={200: ReportRow},
    )
    @action(detail=True, methods=["post"])
    @writes
    def retry(self, request: Request, uuid: str) -> Response:
        return self._answer(workflow.retry_report(self.get_object(), actor=self.actor))

    @extend_schema(
        summary="Tệp của báo cáo",
        description="409 illegal_move khi chưa lập xong; 404 khi bạn không còn được xem dữ liệu trong tệp.",
        responses={(200, XLSX): OpenApiTypes.BINARY},
        filters=False,
    )
    @action(
        detail=True, methods=["get"], pagination_class=None, renderer_classes=[JSONRenderer, WorkbookRenderer]
    )
    def file(self, request: Request, uuid: str) -> FileResponse:
        report = self.get_object()
        stored = workflow.fetch_file(report, actor=self.actor)
        return FileResponse(
            open_file(stored), as_attachment=True, filename=report.file_name, content_type=stored.media_type
        )
