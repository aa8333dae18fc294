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
