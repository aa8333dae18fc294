"""The words of the daily e-mail: plain text, in the active language, readable without the portal open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from programs.models import Project, Tranche
from records import mail
from records.models import InboxItem

MOST: Final = 30
"""Lines of each part; beyond, the e-mail says that there are more and where."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A project that waits. ``days``: days left, negative when late, None without a deadline."""

    project: Project
    days: int | None
    is_new: bool

    @property
    def link(self) -> str:
        page = "programs:project_edit" if self.project.is_editable else "programs:project_review"
        return mail.absolute(reverse(page, args=[self.project.code]))


@dataclass(frozen=True, slots=True)
class Digest:
    waiting: Sequence[Waiting]
    tranches: Sequence[Tranche]
    news: Sequence[InboxItem]
    more_waiting: bool
    more_news: bool

    def __bool__(self) -> bool:
        return bool(self.waiting or self.tranches or self.news)

    @property
    def overdue(self) -> int:
        return sum(row.days is not None and row.days < 0 for row in self.waiting)


def subject(digest: Digest) -> str:
    count = len(digest.waiting) + len(digest.tranches)
    if not count:
        news = len(digest.news)
        said = ngettext("Khuyến Công: %(count)s tin mới", "Khuyến Công: %(count)s tin mới", news)
        return said % {"count": news}
    said = ngettext("Khuyến Công: %(count)s việc chờ bạn", "Khuyến Công: %(count)s việc chờ bạn", count)
    said %= {"count": f"{count}+" if digest.more_waiting else count}
    late = digest.overdue
    return said + (_(", %(count)s việc quá hạn") % {"count": late} if late else "")


def body(user: User, digest: Digest) -> str:
    """Ends with where the reader changes what comes by e-mail."""
    parts = [
        _("Kính gửi %(name)s,") % {"name": user},
        *_part(
            _("VIỆC CHỜ BẠN"),
            [_work(row) for row in digest.waiting],
            digest.more_waiting,
            "programs:work_queue",
        ),
        *_part(_("ĐỢT KẾ HOẠCH CHỜ BẠN"), [_tranche(tranche) for tranche in digest.tranches]),
        *_part(
            _("MỚI TỪ THƯ TRƯỚC"), [_news(item) for item in digest.news], digest.more_news, "accounts:inbox"
        ),
        mail.settings_line(),
    ]
    return "\n\n".join(parts) + "\n"


def _part(heading: str, rows: Sequence[str], more: bool = False, page: str = "") -> Iterator[str]:
    if rows:
        yield heading
        yield from rows
    if more:
        yield _("Còn nữa: %(page)s") % {"page": mail.absolute(reverse(page))}


def _work(row: Waiting) -> str:
    new = f" [{_('mới')}]" if row.is_new else ""
    facts = " · ".join(filter(None, [row.project.get_state_display(), _due(row)]))
    return f"- {row.project.code} – {row.project.title}{new}\n  {facts}\n  {row.link}"


def _due(row: Waiting) -> str:
    if row.days is None or row.project.due_on is None:
        return ""
    day = row.project.due_on.strftime("%d/%m/%Y")
    if row.days < 0:
        late = ngettext("quá hạn %(n)s ngày (hạn %(day)s)", "quá hạn %(n)s ngày (hạn %(day)s)", -row.days)
        return late % {"n": -row.days, "day": day}
    if row.days == 0:
        return _("hạn hôm nay (%(day)s)") % {"day": day}
    left = ngettext("còn %(n)s ngày (hạn %(day)s)", "còn %(n)s ngày (hạn %(day)s)", row.days)
    return left % {"n": row.days, "day": day}


def _tranche(tranche: Tranche) -> str:
    todo = _("Ghi quyết định") if tranche.is_open else _("Giao kế hoạch")
    page = mail.absolute(reverse("programs:tranche_detail", args=[tranche.uuid]))
    return f"- {tranche}\n  {todo}\n  {page}"


def _news(item: InboxItem) -> str:
    return f"- {item.title}\n  {mail.absolute(item.url or reverse('accounts:inbox'))}"
