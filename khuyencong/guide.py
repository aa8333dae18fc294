"""``/huong-dan/``: what each role does with the portal, and the words of the field in plain Vietnamese."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.http import signed_in
from accounts.models import User
from accounts.policy import require
from accounts.roles import Role
from accounts.scope import scope_of
from khuyencong.terms import TERMS
from programs.selectors import has_worked


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, and the page where it is done."""

    title: str | Promise
    text: str | Promise
    page: str

    @property
    def url(self) -> str:
        return reverse(self.page)


_QUEUE = Step(
    _("Xem “Việc của tôi”"),
    _("Chỉ gồm hồ sơ đang chờ bạn, xếp theo hạn; mỗi dòng nói vì sao bạn thấy nó và hạn tính từ đâu."),
    "programs:work_queue",
)
_IMPORT = Step(
    _("Nhập biểu đăng ký"),
    _("Tải biểu Excel đơn vị đang dùng, sửa chỗ được đánh dấu, giữ các dòng đúng làm bản nháp."),
    "programs:import_upload",
)
_CREATE = Step(
    _("Lập đề án"),
    _("Điền từng phần; hồ sơ tự lưu, kiểm tra theo định mức và nêu căn cứ ngay tại ô. Xong thì nộp."),
    "programs:project_create",
)
_COPY = Step(
    _("Làm tiếp từ đề án năm trước"),
    _("Chọn đề án cũ của đơn vị để sao chép; bản nháp nói rõ điều chưa chép và định mức đã đổi."),
    "programs:project_create",
)
_APPRAISE = Step(
    _("Tiếp nhận và thẩm định"),
    _("Mở hồ sơ từ hàng việc: phần đã đổi đứng đầu, giấy tờ đọc bên cạnh, quyết định luôn trong tầm mắt."),
    "programs:work_queue",
)
_PLAN = Step(
    _("Đưa vào đợt kế hoạch"),
    _("Chọn đề án theo thứ tự ưu tiên, xem còn lại dưới trần, rồi ghi quyết định cho cả đợt."),
    "programs:plan_list",
)
_REPORT = Step(
    _("Lập báo cáo"),
    _("Biểu tổng hợp đề án (Mẫu số 2) của tỉnh hoặc cả nước, thành tệp Excel."),
    "reports:report_list",
)
_READ = Step(
    _("Tra cứu đề án"),
    _("Lọc theo năm, nguồn, trạng thái, địa bàn; gửi địa chỉ trang, người cùng quyền thấy đúng danh sách."),
    "programs:project_list",
)

_NOTICES = Step(
    _("Chọn cách nhận thông báo"),
    _("Trong cổng, thư tổng hợp mỗi sáng hay thư ngay, cho từng loại tin; đổi mật khẩu cũng ở đây."),
    "accounts:account",
)

_PEOPLE = Step(
    _("Mở và thôi tài khoản của cơ quan"),
    _("Thêm người, giao vị trí có ngày đầu và cuối; người thôi việc thì hồ sơ họ giữ hiện ra để bàn giao."),
    "accounts:office_list",
)
_PASSWORD = Step(
    _("Cấp lại mật khẩu, không cần thư điện tử"),
    _("Mở trang của người đó, lấy mật khẩu dùng một lần, đưa tận tay; lần đăng nhập sau họ tự đặt mật khẩu."),
    "accounts:office_list",
)
_LEND = Step(
    _("Ghi ủy quyền ký"),
    _("KT., TL., TUQ. hoặc quyền (Q.), kèm số quyết định và thời hạn; hết hạn thì quyền tự hết."),
    "accounts:office_list",
)
_LAW = Step(
    _("Sửa quy định, văn bản"),
    _("Mỗi thay đổi là một bản mới có nguồn; người thứ hai xác nhận, trước đó xem nó làm đổi gì."),
    "programs:proposal_list",
)
_UNITS = Step(
    _("Nhập thay đổi địa giới"),
    _("Tải tệp thay đổi, xem trước khác biệt; một quản trị khác áp dụng."),
    "programs:reform_list",
)

GUIDES: dict[str, tuple[Step, ...]] = {
    Role.IMPL: (_IMPORT, _CREATE, _COPY, _QUEUE),
    Role.REGION: (_CREATE, _COPY, _IMPORT, _QUEUE),
    Role.SO_OFFICER: (_QUEUE, _APPRAISE, _IMPORT, _REPORT),
    Role.SO_LEADER: (_APPRAISE, _PLAN, _REPORT, _NOTICES),
    Role.UBND_VIEW: (_PLAN, _READ, _REPORT, _NOTICES),
    Role.CUC_OFFICER: (_APPRAISE, _PLAN, _REPORT, _NOTICES),
    Role.CUC_LEADER: (_APPRAISE, _PLAN, _REPORT, _NOTICES),
    Role.MIN_APPROVER: (_PLAN, _READ, _REPORT, _NOTICES),
    Role.FIN: (_READ, _REPORT, _NOTICES),
    Role.AUDITOR: (_READ, _REPORT, _NOTICES),
    Role.OFFICE_ADMIN: (_PEOPLE, _PASSWORD, _LEND, _NOTICES),
    Role.ADMIN: (_PEOPLE, _LAW, _UNITS, _NOTICES),
}


def guides_of(user: User) -> list[tuple[str, tuple[Step, ...]]]:
    """The steps of each of the person's roles, by the role's name."""
    return [
        (str(Role(role).label), GUIDES[role])
        for role in dict.fromkeys(post.role for post in scope_of(user).posts)
        if role in GUIDES
    ]


def first_steps(user: User) -> list[tuple[str, tuple[Step, ...]]]:
    """The same for the work queue: until the first work is done or the card is hidden, or as asked for."""
    if user.first_steps == "hidden" or (not user.first_steps and has_worked(user)):
        return []
    return guides_of(user)


@login_required
@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    require(user, "accounts.use_portal")
    return render(request, "guide.html", {"guides": guides_of(user), "terms": TERMS})
