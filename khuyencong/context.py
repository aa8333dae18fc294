"""What every page of the portal shows around its content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.policy import decide
from accounts.scope import scope_of
from programs.dashboard import BoundedCount
from programs.selectors import work_count
from records.models import InboxItem


@dataclass(frozen=True, slots=True)
class NavItem:
    label: str | Promise
    url: str
    icon: str
    active: bool
    section: str | Promise = ""
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Nav:
    items: list[NavItem]
    unread: int
    unit: str
    organisation: str
    role: str
    can_create: bool
    can_import: bool
    national: bool
    administers: bool


PAGES: tuple[tuple[str, str, str | Promise, str | Promise], ...] = (
    ("programs:work_queue", "inbox", _("Việc của tôi"), ""),
    ("programs:project_list", "doc", _("Đề án khuyến công"), ""),
    ("programs:plan_list", "calendar", _("Kế hoạch năm"), ""),
    ("programs:import_upload", "upload", _("Nhập biểu đăng ký"), ""),
    ("beneficiaries:establishment_list", "store", _("Cơ sở CNNT"), _("Hồ sơ")),
    ("clusters:cluster_list", "factory", _("Cụm công nghiệp"), _("Hồ sơ")),
    ("reports:report_list", "chart", _("Báo cáo"), _("Tra cứu")),
    ("programs:norm_list", "law", _("Quy định & định mức"), _("Tra cứu")),
)


def portal(request: HttpRequest) -> dict[str, Any]:
    """``nav`` for the frame of a signed-in page; nothing for others."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {}
    scope = scope_of(user)
    post = scope.posts[0] if scope.posts else None
    can_create = decide(user, "programs.create_project").allowed
    return {
        "nav": Nav(
            items=[_item(request, user, *page) for page in PAGES if can_create or "import" not in page[0]],
            unread=InboxItem.objects.visible_to(user).unread_to_99(),
            unit=user.money_unit,
            organisation=post.office if post else "",
            role=post.role if post else "",
            can_create=can_create,
            can_import=can_create,
            national=scope.national,
            administers=decide(user, "accounts.see_status").allowed,
        )
    }


def _item(
    request: HttpRequest, user: User, name: str, icon: str, label: str | Promise, section: str | Promise
) -> NavItem:
    url = reverse(name)
    active = request.path == url if url == "/" else request.path.startswith(url)
    count = BoundedCount(work_count(user)) if name == "programs:work_queue" else None
    return NavItem(label, url, icon, active, section, count)
