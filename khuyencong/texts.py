"""The sentences that scripts in the browser show, handed over as JSON so that they can be translated."""

from __future__ import annotations

from django.utils.translation import gettext as _


def sentences() -> dict[str, str]:
    """Sentences by the key the scripts ask for; ``{name}`` marks what a script fills in, ``…_one`` stands
    for a ``count`` of one."""
    return {**_of_fields(), **_of_grid(), **_of_saving(), **_of_pages()}


def _of_fields() -> dict[str, str]:
    return {
        # money
        "money.unreadable": _("Không đọc được số tiền “{text}”."),
        "money.negative": _("Số tiền không được âm: “{text}”."),
        "money.unclear": _(
            "“{text}” có thể hiểu theo nhiều cách. "
            "Hãy dùng dấu chấm để tách hàng nghìn, dấu phẩy cho phần thập phân."
        ),
        "money.fraction": _("“{text}” không tròn đồng; số tiền phải là số nguyên đồng."),
        "money.unit_dong": _("đ"),
        "money.unit_trieu": _("tr.đ"),
        "money.large": _("“{text}” lớn quá mức cho phép; hãy kiểm tra lại đơn vị tính."),
        # dates
        "date.invalid": _("Ngày không hợp lệ; hãy viết ngày/tháng/năm, ví dụ 01/03/2027."),
        "date.open": _("Mở lịch"),
        "date.calendar": _("Lịch"),
        "date.previous": _("Tháng trước"),
        "date.next": _("Tháng sau"),
        "date.month": _("Tháng {month}/{year}"),
        "date.weekdays": _("T2 T3 T4 T5 T6 T7 CN"),
        # type-ahead
        "combobox.none": _("Không tìm thấy. Thử gõ ít chữ hơn, không cần dấu."),
        "combobox.count": _("{count} kết quả, dùng phím mũi tên để chọn."),
        "combobox.count_one": _("1 kết quả, dùng phím mũi tên để chọn."),
        "combobox.failed": _("Chưa tra cứu được. Kiểm tra kết nối rồi thử lại."),
    }


def _of_grid() -> dict[str, str]:
    return {
        # grid
        "grid.pasted": _("Đã dán {count} dòng."),
        "grid.pasted_one": _("Đã dán 1 dòng."),
        "grid.problems": _("{count} ô cần xem lại."),
        "grid.problems_one": _("1 ô cần xem lại."),
        "grid.paste": _("Chọn một ô rồi nhấn Ctrl+V để dán các dòng chép từ Excel."),
        "grid.copied": _("Đã chép bảng, có thể dán vào Excel."),
        "grid.undone": _("Đã hoàn tác."),
        "grid.removed": _("Đã xóa dòng {number}. Nhấn Ctrl+Z để lấy lại."),
        "grid.full": _("Bảng đã đủ số dòng cho phép."),
    }


def _of_saving() -> dict[str, str]:
    return {
        # autosave
        "save.waiting": _("Đang lưu…"),
        "save.saved": _("Đã lưu nháp lúc {time}"),
        "save.partly": _("Đã lưu nháp lúc {time}; còn {count} cơ sở chưa lưu"),
        "save.partly_one": _("Đã lưu nháp lúc {time}; còn 1 cơ sở chưa lưu"),
        "save.unsaved": _("Có thay đổi chưa lưu; máy chủ lưu gần nhất lúc {time}"),
        "save.last": _("(máy chủ lưu gần nhất lúc {time})"),
        "save.offline": _("Mất kết nối – nội dung được giữ trên máy này"),
        "save.offline_kept": _(
            "Mất kết nối, chưa gửi được. Nội dung được giữ trên máy này và tự gửi khi có mạng trở lại."
        ),
        "save.unsent": _("Trên máy này còn nội dung chưa gửi được của {code}."),
        "save.unsent_open": _("Mở để gửi"),
        "save.conflict": _("Hồ sơ đã được người khác sửa"),
        "save.refused": _("Chưa lưu được: {reason}"),
        "save.signed_out": _("Phiên làm việc đã hết. Nội dung được giữ trên máy này; hãy đăng nhập lại."),
        "save.restored": _("Đã khôi phục nội dung chưa kịp lưu."),
        "save.compare": _("Có người khác đã lưu hồ sơ này sau khi bạn mở"),
        "save.compare_help": _(
            "Chọn giữ nội dung của bạn hoặc lấy nội dung đã lưu. Không có gì bị ghi đè khi bạn chưa chọn."
        ),
        "save.yes": _("Có"),
        "save.field": _("Mục"),
        "save.mine": _("Của bạn"),
        "save.theirs": _("Đã lưu"),
        "save.another": _("nơi khác cùng tên"),
        "save.merged": _("Đã nhận thay đổi của người khác ở phần bạn chưa sửa."),
        "save.not_kept": _(
            "Ô này có số 12 chữ số nên không được giữ trên máy; hãy bỏ số trước khi đóng trang."
        ),
        "save.offline_but": _("Mất kết nối – giữ trên máy này, trừ ô có số định danh 12 chữ số."),
        "save.keep_mine": _("Giữ nội dung của tôi"),
        "save.take_theirs": _("Lấy nội dung đã lưu"),
    }


def _of_pages() -> dict[str, str]:
    return {
        # files
        "file.too_large": _("Tệp lớn hơn {limit} MB."),
        "file.wrong_kind": _("Loại tệp này không được nhận. Hãy dùng: {kinds}."),
        "file.photo": _("Ảnh chụp"),
        "file.sending": _("Đang tải lên"),
        "file.done": _("Đã tải lên"),
        "file.failed": _("Chưa tải lên được. Kiểm tra kết nối rồi thử lại."),
        # pages
        "page.busy": _("Đang xử lý…"),
        "page.failed": _("Không tải được dữ liệu. Kiểm tra kết nối rồi thử lại."),
        "page.offline": _(
            "Máy đang mất kết nối nên chưa gửi được. Nội dung còn nguyên trên trang; hãy thử lại khi có mạng."
        ),
        "page.close": _("Đóng"),
        "bulk.selected": _("Đã chọn {count} hồ sơ"),
        "bulk.selected_one": _("Đã chọn 1 hồ sơ"),
    }
