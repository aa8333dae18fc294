"""Accounts the demonstration offers on its sign-in page; never anything in production."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User

DEMO_PASSWORD = "khuyen-cong-thu-nghiem"  # noqa: S105  (public by design: the demo's data are fictitious)


@dataclass(frozen=True, slots=True)
class DemoAccount:
    username: str
    label: str | Promise


DEMO_ACCOUNTS: tuple[DemoAccount, ...] = (
    DemoAccount("ttkc.thanhhoa", _("Trung tâm Khuyến công Thanh Hóa – lập đề án")),
    DemoAccount("so.thanhhoa", _("Chuyên viên Sở Công Thương Thanh Hóa")),
    DemoAccount("lanhdao.thanhhoa", _("Lãnh đạo Sở Công Thương Thanh Hóa")),
    DemoAccount("ubnd.thanhhoa", _("UBND tỉnh Thanh Hóa – ghi quyết định địa phương")),
    DemoAccount("cuc.chuyenvien", _("Chuyên viên Cục – thẩm định, lập kế hoạch")),
    DemoAccount("cuc.lanhdao", _("Lãnh đạo Cục")),
    DemoAccount("bo.lanhdao", _("Lãnh đạo Bộ – ghi quyết định phê duyệt")),
    DemoAccount("ttkc.vung1", _("Trung tâm Khuyến công quốc gia vùng 1")),
    DemoAccount("vu.kehoach", _("Vụ Kế hoạch, Tài chính – theo dõi")),
    DemoAccount("thanhtra", _("Thanh tra, kiểm toán – chỉ xem")),
    DemoAccount("quantri", _("Quản trị hệ thống – mở tài khoản, không xử lý đề án")),
    DemoAccount("cuc.quantri", _("Cục – quản trị người dùng của cơ quan")),
    DemoAccount("doitac.api", _("Hệ thống đối tác – đọc qua API")),
)


def demo_accounts() -> list[DemoAccount]:
    """The accounts that exist here; empty outside a demonstration."""
    if settings.KC_ENV == "production":
        return []
    known = set(
        User.objects.filter(username__in=[account.username for account in DEMO_ACCOUNTS]).values_list(
            "username", flat=True
        )
    )
    return [account for account in DEMO_ACCOUNTS if account.username in known]
