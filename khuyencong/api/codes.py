"""The machine codes of the API's problems; the readable page lists them."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TITLES: dict[str, str | Promise] = {
    "invalid": _("Dữ liệu không hợp lệ"),
    "bad_request": _("Yêu cầu không hợp lệ"),
    "parse_error": _("Không đọc được nội dung gửi lên"),
    "bad_cursor": _("Con trỏ trang không hợp lệ"),
    "unknown_parameter": _("Tham số không có"),
    "not_authenticated": _("Chưa đăng nhập"),
    "authentication_failed": _("Khóa truy cập không đúng"),
    "permission_denied": _("Không được phép"),
    "forbidden": _("Không được phép"),
    "not_found": _("Không tìm thấy"),
    "method_not_allowed": _("Phương thức không được hỗ trợ"),
    "not_acceptable": _("Không có định dạng được yêu cầu"),
    "conflict": _("Xung đột dữ liệu"),
    "illegal_move": _("Bước không thực hiện được"),
    "window_closed": _("Ngoài đợt nhận hồ sơ"),
    "rule_conflict": _("Quy định đã đổi"),
    "not_editable": _("Hồ sơ không sửa được"),
    "plan_blocked": _("Đợt kế hoạch còn vướng mắc"),
    "over_ceiling": _("Vượt trần kinh phí"),
    "carry_conflict": _("Mục chuyển tiếp không còn như đã xem"),
    "money_conflict": _("Kinh phí không còn như đã xem hoặc vượt giới hạn"),
    "refused": _("Bị từ chối"),
    "idempotency_in_progress": _("Yêu cầu đang được xử lý"),
    "stale_version": _("Phiên bản đã cũ"),
    "too_large": _("Nội dung quá lớn"),
    "unsupported_media_type": _("Kiểu nội dung không được hỗ trợ"),
    "incomplete": _("Hồ sơ chưa đủ điều kiện"),
    "missing_detail": _("Thiếu thông tin của bước"),
    "idempotency_key_reused": _("Idempotency-Key đã dùng cho nội dung khác"),
    "version_required": _("Thiếu phiên bản"),
    "throttled": _("Quá nhiều yêu cầu"),
    "try_again": _("Tạm thời bận"),
    "error": _("Lỗi"),
}
