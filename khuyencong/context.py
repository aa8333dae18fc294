"""What every page of the portal shows around its content."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.policy import decide
from accounts.scope import Post, scope_of
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


class Nav:
    """What the frame of a page asks; the parts htmx fetches have no frame, so nothing is counted for them."""

    def __init__(self, request: HttpRequest, user: User) -> None:
        self._request, self._user = request, user

    @cached_property
    def items(self) -> list[NavItem]:
        pages = [page for page in PAGES if self.can_create or "import" not in page[0]]
        return [_item(self._request, self._user, *page) for page in pages]

    @cached_property
    def unread(self) -> int:
        return InboxItem.objects.visible_to(self._user).unread_to_99()

    @property
    def unit(self) -> str:
        return self._user.money_unit

    @cached_property
    def _post(self) -> Post | None:
        return next(iter(scope_of(self._user).posts), None)

    @property
    def organisation(self) -> str:
        return self._post.office if self._post else ""

    @property
    def role(self) -> str:
        return self._post.role if self._post else ""

    @cached_property
    def can_create(self) -> bool:
        return decide(self._user, "programs.create_project").allowed

    @property
    def can_import(self) -> bool:
        return self.can_create

    @property
    def national(self) -> bool:
        return scope_of(self._user).national

    @cached_property
    def administers(self) -> bool:
        return decide(self._user, "accounts.see_status").allowed


PAGES: tuple[tuple[str, str, str | Promise, str | Promise], ...] = (
    ("programs:work_queue", "inbox", _("Việc của tôi"), ""),
    ("programs:project_list", "doc", _("Đề án khuyến công"), ""),
    ("programs:plan_list", "calendar", _("Kế hoạch năm"), ""),
    ("programs:payment_list", "money", _("Đề nghị chi"), ""),
    ("programs:import_upload", "upload", _("Nhập biểu đăng ký"), ""),
    ("beneficiaries:establishment_list", "store", _("Cơ sở CNNT"), _("Hồ sơ")),
    ("clusters:cluster_list", "factory", _("Cụm công nghiệp"), _("Hồ sơ")),
    ("reports:report_list", "chart", _("Báo cáo"), _("Tra cứu")),
    ("programs:norm_list", "law", _("Quy định & định mức"), _("Tra cứu")),
    ("programs:unit_list", "map", _("Địa giới hành chính"), _("Tra cứu")),
    ("accounts:office_list", "users", _("Cơ quan, cán bộ"), _("Tra cứu")),
)


def portal(request: HttpRequest) -> dict[str, Any]:
    """``nav`` for the frame of a signed-in page; nothing for others."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {}
    return {"nav": Nav(request, user)}


def _item(
    request: HttpRequest, user: User, name: str, icon: str, label: str | Promise, section: str | Promise
) -> NavItem:
    url = reverse(name)
    active = request.path == url if url == "/" else request.path.startswith(url)
    count = BoundedCount(work_count(user)) if name == "programs:work_queue" else None
    return NavItem(label, url, icon, active, section, count)
