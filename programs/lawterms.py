"""The words of the law's tables: how sure we are of a rule, what a cap is for, how a date is meant."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class RuleConfidence(models.TextChoices):
    """How well a rule is known: the grades of ``vietnam.models.Confidence`` and two of a rule's own."""

    SEEN = "seen", _("Đã đọc trong văn bản")
    VERIFIED = "verified", _("Đã kiểm chứng")
    MEMORY = "memory", _("Chưa kiểm chứng")
    WEAK = "weak memory", _("Chưa kiểm chứng, độ tin cậy thấp")
    SINGLE = "single source", _("Chưa kiểm chứng, chỉ có một nguồn")
    PROPOSAL = "proposal", _("Mặc định của hệ thống, chưa kiểm chứng")


TRUSTED = frozenset({"seen", "verified"})
"""Grades of a rule that may block; any other warns."""


class PriorityGroup(models.TextChoices):
    """What a ground of priority is about. Money goes by flagship, then area, then group b before group a of
    the sectors. Căn cứ: Nghị định 45/2012/NĐ-CP, Điều 6; Thông tư 36/2013/TT-BCT, Điều 7."""

    FLAGSHIP = "flagship", _("Đề án điểm")
    AREA = "area", _("Địa bàn")
    FIRST = "first", _("Ngành nghề, nhóm b")
    SECOND = "second", _("Ngành nghề, nhóm a")


class SelectionMethod(models.TextChoices):
    TENDER = "TENDER", _("Đấu thầu")
    SELECTION = "SELECTION", _("Xét chọn")


class NormUnit(models.TextChoices):
    """What one cap is for."""

    ENTERPRISE = "enterprise", _("doanh nghiệp")
    ESTABLISHMENT = "establishment", _("cơ sở")
    MODEL = "model", _("mô hình")
    FAIR = "fair", _("hội chợ")
    BOOTH_RENT = "booth rent", _("gian hàng")
    FAIR_ABROAD = "fair abroad", _("hội chợ ở nước ngoài")
    AIR_TICKET = "air ticket", _("vé máy bay")
    VOTE = "vote", _("lần bình chọn")
    PRODUCT = "product", _("sản phẩm")
    BRAND = "brand", _("thương hiệu")
    SHOWROOM = "showroom", _("phòng trưng bày")
    ASSOCIATION = "association", _("hội, hiệp hội")
    LINKAGE_CLUSTER = "linkage cluster", _("cụm liên kết")
    CCN = "CCN", _("cụm công nghiệp")


PER_BENEFICIARY = frozenset({NormUnit.ENTERPRISE, NormUnit.ESTABLISHMENT})
"""Units counted by the project's beneficiaries, whatever its kind."""

PER_SITE = PER_BENEFICIARY | {NormUnit.MODEL, NormUnit.PRODUCT, NormUnit.BRAND, NormUnit.SHOWROOM}
"""Units a group project has one of at each of its places."""


class MilestoneRule(models.TextChoices):
    BEFORE = "before", _("trước ngày")
    ON_OR_BEFORE = "on_or_before", _("chậm nhất ngày")


class ChangeKind(models.TextChoices):
    """What may change of a planned project. Căn cứ: Thông tư 36/2013/TT-BCT, Điều 11."""

    RAISE_TOTAL = "raise_total", _("Tăng tổng kinh phí hỗ trợ")
    ACTIVITY = "activity", _("Đổi nội dung hoạt động")
    NEXT_YEAR = "next_year", _("Kéo dài sang năm sau")
    ADD_PROJECT = "add_project", _("Bổ sung đề án")
    STOP = "stop", _("Ngừng thực hiện đề án")
    SITE = "site", _("Đổi địa điểm")
    BENEFICIARY = "beneficiary", _("Đổi đơn vị thụ hưởng")
    PARTNER = "partner", _("Đổi đơn vị phối hợp")
    TIME_IN_YEAR = "time_in_year", _("Đổi thời gian trong năm ngân sách")
    LOWER_TOTAL = "lower_total", _("Giữ nguyên hoặc giảm tổng kinh phí")
    OTHER = "other", _("Thay đổi khác")


class Decider(models.TextChoices):
    """Who decides a change."""

    MINISTER = "minister", _("Bộ trưởng (Cục trình)")
    CUC = "cuc", _("Cục trưởng")
    SO = "so", _("Sở (báo cáo Cục)")


EVENTS = {"last_acceptance": _("nghiệm thu lần cuối")}
"""What a date may be counted from."""

_KINDS = (
    ("TTLT", _("Thông tư liên tịch")),
    ("TT-", _("Thông tư")),
    ("NĐ-CP", _("Nghị định")),
    ("NQ-", _("Nghị quyết")),
    ("QĐ-", _("Quyết định")),
    ("CT-", _("Chỉ thị")),
    ("QH", _("Luật")),
)


def document_name(number: str) -> str:
    """A document as people call it, its kind read from the number: "Thông tư 28/2018/TT-BTC"."""
    tail = number.rpartition("/")[2]
    for mark, kind in _KINDS:
        if tail.startswith(mark):
            return f"{kind} {number}"
    return number


class RuleCode(models.TextChoices):
    """Kinds of dated rules that the portal edits, and the documents they rest on."""

    NORM = "norm", _("Định mức hỗ trợ")
    ACTIVITY = "activity", _("Nội dung hoạt động")
    FORM = "form", _("Mẫu biểu")
    CHANGE = "change", _("Thẩm quyền thay đổi")
    ADVANCE = "advance", _("Mức tạm ứng")
    PAPER = "paper", _("Giấy tờ phải có")
    SECTOR = "sector", _("Ngành nghề")
    EXCLUSION = "exclusion", _("Trường hợp không hỗ trợ")
    AREA = "area", _("Địa bàn được hỗ trợ")
    PRIORITY = "priority", _("Diện ưu tiên")
    WARD = "ward", _("Phường chuyển từ xã")
    MILESTONE = "milestone", _("Mốc kế hoạch")
    CLOCK = "clock", _("Thời hạn xử lý")
    CALENDAR = "calendar", _("Ngày nghỉ, ngày làm bù")
    TEMPLATE = "template", _("Khung mẫu hồ sơ")
    PROGRAMME = "programme", _("Chương trình khuyến công")
    DOCUMENT = "document", _("Văn bản pháp luật")


class Outcome(models.TextChoices):
    """What became of a proposal; blank while it waits."""

    VERIFIED = "VERIFIED", _("Đã xác nhận")
    REFUSED = "REFUSED", _("Không đồng ý")
    WITHDRAWN = "WITHDRAWN", _("Đã rút")
