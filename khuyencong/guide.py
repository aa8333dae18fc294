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


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the field. ``source`` is where it is written; "" where it is custom or the portal's own."""

    slug: str
    name: str | Promise
    meaning: str | Promise
    source: str = ""


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
_APPRAISE = Step(
    _("Tiếp nhận và thẩm định"),
    _("Mở hồ sơ từ hàng việc: phần đã đổi đứng đầu, rồi kiểm tra tự động và bước tiếp theo của bạn."),
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

GUIDES: dict[str, tuple[Step, ...]] = {
    Role.IMPL: (_IMPORT, _CREATE, _QUEUE, _NOTICES),
    Role.REGION: (_CREATE, _IMPORT, _QUEUE, _NOTICES),
    Role.SO_OFFICER: (_QUEUE, _APPRAISE, _IMPORT, _REPORT),
    Role.SO_LEADER: (_APPRAISE, _PLAN, _REPORT, _NOTICES),
    Role.UBND_VIEW: (_PLAN, _READ, _REPORT, _NOTICES),
    Role.CUC_OFFICER: (_APPRAISE, _PLAN, _REPORT, _NOTICES),
    Role.CUC_LEADER: (_APPRAISE, _PLAN, _REPORT, _NOTICES),
    Role.MIN_APPROVER: (_PLAN, _READ, _REPORT, _NOTICES),
    Role.FIN: (_READ, _REPORT, _NOTICES),
    Role.AUDITOR: (_READ, _REPORT, _NOTICES),
}

_DECREE, _PROCEDURE, _NORMS = "45/2012/NĐ-CP", "36/2013/TT-BCT", "28/2018/TT-BTC"
TERMS: tuple[Term, ...] = (
    Term(
        "khuyen-cong",
        _("Khuyến công"),
        _("Kinh phí nhà nước hỗ trợ không hoàn lại cho sản xuất công nghiệp nông thôn."),
        _DECREE,
    ),
    Term(
        "de-an",
        _("Đề án"),
        _("Đơn vị công việc: mục tiêu, nội dung, cơ sở thụ hưởng, thời gian và kinh phí xác định."),
        _DECREE,
    ),
    Term(
        "kcqg",
        _("KCQG – khuyến công quốc gia"),
        _("Nguồn do Bộ Công Thương quản lý và phê duyệt kế hoạch."),
        _DECREE,
    ),
    Term(
        "kcdp",
        _("KCĐP – khuyến công địa phương"),
        _("Nguồn của tỉnh, do UBND tỉnh phê duyệt; không vào hàng việc của Cục."),
        _DECREE,
    ),
    Term(
        "doi-ung",
        _("Vốn đối ứng"),
        _("Phần tiền của chính cơ sở thụ hưởng trong tổng kinh phí đề án."),
    ),
    Term(
        "co-so-cnnt",
        _("Cơ sở CNNT"),
        _("Cơ sở công nghiệp nông thôn: doanh nghiệp nhỏ và vừa, hợp tác xã, tổ hợp tác, hộ kinh doanh."),
        _DECREE,
    ),
    Term(
        "don-vi-thuc-hien",
        _("Đơn vị thực hiện"),
        _("Bên ký và làm đề án, thường là Trung tâm Khuyến công; khác với cơ sở thụ hưởng."),
        _PROCEDURE,
    ),
    Term(
        "de-an-nhom",
        _("Đề án nhóm"),
        _("Lúc duyệt kế hoạch chưa chọn cơ sở thụ hưởng; Sở lựa chọn sau."),
        f"{_PROCEDURE}, Điều 10, Điều 23",
    ),
    Term(
        "de-an-diem",
        _("Đề án điểm"),
        _("Từ hai nội dung trở lên, quy mô lớn, trên một năm; được ưu tiên trước."),
        f"{_PROCEDURE}, Điều 2, Điều 7",
    ),
    Term(
        "dinh-muc",
        _("Định mức hỗ trợ"),
        _("Tỷ lệ và mức tối đa cho từng nội dung, theo ngày áp dụng. Mức chưa kiểm chứng chỉ cảnh báo."),
        _NORMS,
    ),
    Term(
        "tham-dinh-co-so",
        _("Thẩm định cấp cơ sở, cấp Bộ"),
        _("Sở Công Thương thẩm định trước; với KCQG, Cục thẩm định tiếp theo cùng tiêu chí."),
        f"{_PROCEDURE}, Điều 8, Điều 9",
    ),
    Term(
        "dot",
        _("Đợt kế hoạch"),
        _("Nhóm đề án được phê duyệt bằng một quyết định, tất cả hoặc không đề án nào."),
        f"{_PROCEDURE}, khoản 3 Điều 8",
    ),
    Term(
        "tran",
        _("Trần kinh phí"),
        _("Mức cao nhất của một nguồn trong kế hoạch năm; không đợt nào vượt được."),
    ),
    Term(
        "mau-so-2",
        _("Mẫu số 2"),
        _("Biểu tổng hợp đề án đăng ký của tỉnh gửi Cục."),
        _PROCEDURE,
    ),
)


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
