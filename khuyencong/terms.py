"""The words of the field in plain Vietnamese, for ``/huong-dan/`` and for the ``term`` tag at the word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vietnam.models import Confidence


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the field. ``source`` is where it is written; "" where it is custom or the portal's own.

    ``confidence``: whether anybody has compared the meaning with that source.
    """

    slug: str
    name: str | Promise
    meaning: str | Promise
    source: str = ""
    confidence: Confidence = Confidence.SEEN

    @property
    def is_doubtful(self) -> bool:
        return bool(self.source) and not self.confidence.is_verified


_DECREE, _PROCEDURE, _NORMS = "45/2012/NĐ-CP", "36/2013/TT-BCT", "28/2018/TT-BTC"
_CLUSTERS = "32/2024/NĐ-CP"
TERMS: Final[tuple[Term, ...]] = (
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
        Confidence.SINGLE,
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
    Term(
        "nghiem-thu",
        _("Nghiệm thu"),
        _("Sở (hoặc Cục, với đề án của Cục) xác nhận phần việc đã làm so với hợp đồng, có biên bản."),
        f"{_PROCEDURE}, Điều 21",
    ),
    Term(
        "tam-ung",
        _("Tạm ứng"),
        _("Tiền cấp trước khi xong việc, theo tỷ lệ và giấy tờ riêng của từng loại nội dung."),
        f"{_PROCEDURE}, Điều 13 đến Điều 16",
    ),
    Term(
        "ccn",
        _("CCN – cụm công nghiệp"),
        _("Nơi tập trung sản xuất công nghiệp ở địa phương, có ranh giới, không có dân cư sinh sống."),
        _CLUSTERS,
        Confidence.MEMORY,
    ),
)
