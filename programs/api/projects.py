"""Projects and their steps: the same scope, policy and verbs as the pages."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rest import ApiDetailViewSet, etag, seen_version, writes
from programs.api.drafts import NewProjectBody, ProjectChangesBody, draft_values, source_of
from programs.api.money import money_of
from programs.api.rows import CheckRow, ProjectDetail, ProjectRow, TransitionRow
from programs.api.steps import PaperBody, StepBody, chosen_tranche, kept_data
from programs.carrying import told_of
from programs.copying import copy_project
from programs.drafting import create_draft, drafting_office, save_draft
from programs.facts import verdicts_of
from programs.filters import ProjectFilter
from programs.judging import claims_of
from programs.models import BudgetLine, Project
from programs.selectors import open_steps
from programs.workflow import take

RELATED = ("province", "commune", "activity", "sector", "owner", "implementer", "plan", "tranche")


@extend_schema(tags=["projects"])
@extend_schema_view(
    list=extend_schema(
        summary="Danh sách đề án",
        description="Mới thay đổi trước. Chỉ gồm đề án trong phạm vi của bạn; bộ lọc như trên cổng.",
    ),
    retrieve=extend_schema(
        summary="Một đề án, cả hồ sơ",
        description="Tiêu đề ETag mang phiên bản; “steps” cho biết bước nào đang mở cho bạn và vì sao không.",
    ),
)
class ProjectViewSet(ApiDetailViewSet):
    queryset = Project.objects.none()
    lookup_field = "code"
    lookup_value_regex = "[A-Za-z0-9-]{1,30}"
    filterset_class = ProjectFilter
    serializers = {"list": ProjectRow, "retrieve": ProjectDetail}

    def get_queryset(self) -> QuerySet[Project]:
        visible = Project.objects.visible_to(self.actor)
        if self.action == "list":
            return visible.for_list().select_related(*RELATED)
        if self.action in {"transitions", "checks"}:
            return visible.select_related(*RELATED)  # they show nothing of the dossier itself
        return visible.select_related(*RELATED).prefetch_related(
            "beneficiaries__establishment",
            Prefetch("lines", BudgetLine.objects.prefetch_related("amounts")),
            "schedule",
            "results",
            "attachments__file",
        )

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self._answer(self.get_object())

    @extend_schema(
        summary="Lập bản nháp",
        description=(
            "Bản nháp thuộc đơn vị của bạn. Mã được cấp ngay và không đổi. Với “copied_from”, bản nháp chép "
            "một đề án bạn xem được: tất cả trừ mã, ngày tháng, cam kết, tài liệu, ý kiến, quyết định."
        ),
        request=NewProjectBody,
        responses={201: ProjectDetail},
    )
    @writes
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        office = drafting_office(self.actor)
        body = _checked(NewProjectBody(data=request.data))
        values = draft_values(body, year=body["year"], province=office.province)
        year = body["year"]
        if source := source_of(body, self.actor):
            made = copy_project(source, actor=self.actor, year=year, changes=values)
        else:
            made = create_draft(values, actor=self.actor, purse=body["purse"], year=year)
        return self._answer(self.get_queryset().get(pk=made.pk), status=201)

    @extend_schema(
        summary="Sửa hồ sơ",
        description="Khi hồ sơ còn mở. Trường vắng mặt giữ nguyên; danh sách gửi lên thay cả danh sách.",
        request=ProjectChangesBody,
        responses={200: ProjectDetail},
    )
    @writes
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        project = self.get_object()
        body = _checked(ProjectChangesBody(data=request.data))
        version = seen_version(request, body)
        values = draft_values(body, year=project.year, province=project.province)
        save_draft(project, values, actor=self.actor, expected_version=version)
        return self._answer(self.get_queryset().get(pk=project.pk))

    def _answer(self, project: Project, status: int = 200) -> Response:
        project.open_steps = open_steps(self.actor, project)  # type: ignore[attr-defined]  # read by the serializer
        project.claim_list = claims_of(project)  # type: ignore[attr-defined]  # likewise
        project.carried_figures = told_of(project) or None  # type: ignore[attr-defined]  # likewise
        project.fund = money_of(project)  # type: ignore[attr-defined]  # likewise
        data = ProjectDetail(project, context=self.get_serializer_context()).data
        headers = etag(project.version)
        if status == 201:
            headers["Location"] = data["url"]
        return Response(data, status=status, headers=headers)

    @extend_schema(
        methods=["GET"],
        summary="Các bước đã qua",
        description="Bước gần nhất trước.",
        responses=TransitionRow(many=True),
        filters=False,
    )
    @extend_schema(
        methods=["POST"],
        summary="Thực hiện một bước",
        description=(
            "Nộp, thu hồi, tiếp nhận, trả lại, đạt, không đạt, đăng ký, đưa vào/ra đợt, ký hợp đồng, ngừng, "
            "rút. Phê duyệt và giao kế hoạch đi cùng cả đợt, xem /tranches/."
        ),
        request=StepBody,
        responses={201: TransitionRow},
    )
    @action(detail=True, methods=["get", "post"], keyset=("-version",))
    @writes
    def transitions(self, request: Request, code: str) -> Response:
        project = self.get_object()
        if request.method == "POST":
            return self._take(request, project)
        rows = project.transitions.select_related("actor", "on_behalf_of").defer("content", "verdicts")
        page = self.paginate_queryset(rows) or []
        return self.get_paginated_response(TransitionRow(page, many=True).data)

    def _take(self, request: Request, project: Project) -> Response:
        body = _checked(StepBody(data=request.data))
        version = seen_version(request, body)
        data = body.get("data", {})
        step = take(
            body["action"],
            project,
            actor=self.actor,
            note=body["note"],
            data=kept_data(body["action"], data),
            paper=PaperBody.paper(data),
            expected_version=version,
            tranche=chosen_tranche(self.actor, data),
        )
        return Response(TransitionRow(step).data, status=201, headers=etag(step.version))

    @extend_schema(
        summary="Kết quả kiểm tra hồ sơ",
        description="Mỗi kiểm tra một câu, kèm quy định và trạng thái mà từ đó nó chặn.",
        responses=CheckRow(many=True),
        filters=False,
    )
    @action(detail=True, methods=["get"], pagination_class=None)
    def checks(self, request: Request, code: str) -> Response:
        return Response(CheckRow(verdicts_of(self.get_object()), many=True).data)


def _checked(body: Any) -> dict[str, Any]:
    body.is_valid(raise_exception=True)
    checked: dict[str, Any] = body.validated_data
    return checked
