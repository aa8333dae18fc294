"""Why a file is not taken, each with a sentence that says what to do instead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from programs.intake import limits
from vietnam.money import format_vnd


@dataclass(frozen=True, slots=True)
class Refusal:
    code: str
    message: str

    def to_json(self) -> dict[str, Any]:
        return {"refused": {"code": self.code, "message": self.message}}


class Refused(Exception):
    """The file cannot be read as a registration workbook; nothing was kept. ``str()`` is the advice."""

    def __init__(self, code: str, detail: str = "", message: str = "") -> None:
        message = message or str(_DETAILS.get((code, detail)) or MESSAGES[code]) % _figures()
        super().__init__(message)
        self.refusal = Refusal(code, message)


MESSAGES: dict[str, str | Promise] = {
    "empty": _("Tệp rỗng. Hãy chọn lại tệp có nội dung."),
    "too_large": _("Tệp quá lớn. Hãy tách thành nhiều biểu, mỗi biểu một tỉnh và một năm."),
    "unsupported_format": _(
        "Chỉ nhận bảng tính .xlsx hoặc .xls. Hãy mở tệp bằng Excel hoặc LibreOffice, chọn “Lưu thành” "
        "(Save As) "
        "định dạng Excel Workbook (.xlsx) rồi tải lên."
    ),
    "corrupt": _(
        "Tệp hỏng hoặc không phải bảng tính. Hãy mở bằng Excel hoặc LibreOffice, lưu lại thành .xlsx rồi "
        "tải lên."
    ),
    "encrypted": _(
        "Tệp có mật khẩu. Hãy mở tệp, bỏ mật khẩu (Tệp – Thông tin – Bảo vệ sổ làm việc), lưu lại rồi tải "
        "lên."
    ),
    "macro": _(
        "Tệp có macro nên không được nhận. Hãy lưu lại thành “Excel Workbook (.xlsx)”, không phải .xlsm, "
        "rồi tải lên."
    ),
    "bomb": _(
        "Tệp giải nén ra lớn bất thường nên không được mở. Hãy chép riêng bảng đề án sang tệp mới rồi tải "
        "lên."
    ),
    "too_complex": _(
        "Đọc tệp này tốn quá nhiều thời gian hoặc bộ nhớ. Hãy chép riêng bảng đề án (chỉ giá trị) sang tệp "
        "mới "
        "rồi tải lên."
    ),
    "legacy_encoding": _(
        "Tệp dùng phông chữ cũ (TCVN3 – .VnTime hoặc VNI) nên chữ tiếng Việt không đọc đúng. Hãy chuyển sang "
        "Unicode (ví dụ bằng UniKey: Ctrl+Shift+F6) rồi tải lên."
    ),
    "no_table": _(
        "Không thấy bảng đề án nào trong tệp. Bảng cần có dòng tiêu đề, ít nhất là “Tên đề án” và cột kinh "
        "phí "
        "(theo Mẫu số 2 hoặc danh sách)."
    ),
}

_DETAILS: dict[tuple[str, str], str | Promise] = {
    ("too_large", "bytes"): _(
        "Tệp lớn hơn %(megabytes)s MB. Hãy xóa hình ảnh, trang không cần hoặc tách tệp."
    ),
    ("too_large", "rows"): _("Bảng có quá nhiều dòng (trên %(rows)s). Hãy tách thành nhiều tệp."),
    ("too_large", "columns"): _("Bảng có quá nhiều cột (trên %(columns)s). Hãy xóa các cột thừa bên phải."),
    ("unsupported_format", "csv"): _(
        "Đây là tệp văn bản (CSV), không giữ được số và chữ tiếng Việt một cách chắc chắn. Hãy mở bằng "
        "Excel, "
        "lưu thành .xlsx rồi tải lên."
    ),
    ("unsupported_format", "pdf"): _(
        "Đây là tệp PDF. Hãy tải lên bảng tính gốc (.xlsx hoặc .xls) đã dùng để in ra PDF này."
    ),
    ("unsupported_format", "binary"): _(
        "Đây là tệp Excel nhị phân (.xlsb). Hãy mở bằng Excel, lưu thành .xlsx rồi tải lên."
    ),
    ("unsupported_format", "html"): _(
        "Đây là trang HTML hoặc XML đặt đuôi bảng tính. Hãy mở bằng Excel, lưu thành .xlsx rồi tải lên."
    ),
}


def _figures() -> dict[str, int | str]:
    return {
        "megabytes": limits.MAX_FILE_BYTES // limits.MEBI,
        "rows": format_vnd(limits.MAX_ROWS),
        "columns": limits.MAX_COLUMNS,
    }
