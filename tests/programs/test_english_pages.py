"""What the portal shows to a reader of English: what stays Vietnamese says so, statuses read alike."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.template import Context, Template
from django.utils import translation
from django.utils.translation import gettext

from accounts.models import Organisation, User
from accounts.scope import act_as
from beneficiaries.models import Establishment
from programs.lifecycle import State
from programs.models import TrancheState
from programs.notices import MOVED
from records import inbox
from records.leases import JobStatus
from records.models import StagedImportStatus
from tests import sources
from tests.factories import advance_to, make_project, open_tranche
from tests.pages import text_of
from vietnam.models import AdminUnit, LegalDocument
from vietnam.text import looks_vietnamese

pytestmark = pytest.mark.django_db
VOID = {"input", "img", "br", "hr", "meta", "link", "col", "wbr"}
UNREAD = {"option", "textarea", "script", "style", "path", "use", "rect", "line", "circle", "template"}


class Unmarked(HTMLParser):
    """Gathers the texts of two words and more that a reader of English is given as English."""

    def __init__(self) -> None:
        super().__init__()
        self.spoken: list[tuple[str, str]] = []
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            language = dict(attrs).get("lang") or (self.spoken[-1][1] if self.spoken else "vi")
            self.spoken.append((tag, language))

    def handle_endtag(self, tag: str) -> None:
        while self.spoken and self.spoken.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        words = " ".join(data.split())
        here = [tag for tag, _language in self.spoken]
        if " " in words and self.spoken[-1][1] == "en" and not UNREAD & set(here):
            self.found.add(words)


def unmarked(html: str) -> set[str]:
    reader = Unmarked()
    reader.feed(html)
    return reader.found


def left_over(page: str) -> list[str]:
    return sorted(text for text in unmarked(page) if looks_vietnamese(unnamed(text)))


def in_english(user: User, url: str) -> str:
    User.objects.filter(pk=user.pk).update(language="en")
    user.refresh_from_db()
    return text_of(user, url)


def unnamed(text: str) -> str:
    """Without proper names, which need no language of their own (WCAG 3.1.2)."""
    names = {"Khuyến Công", "Tiếng Việt", "Mẫu số 2", "đồng"}
    for model in (AdminUnit, Organisation, Establishment):
        names.update(model._default_manager.values_list("name", flat=True))
    names.update(User.objects.values_list("full_name", flat=True))
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "")
    return text


ADDRESSES = [
    *("/", "/de-an/", "/ke-hoach/", "/quy-dinh/", "/quy-dinh/van-ban/", "/quy-dinh/van-ban/{law}/"),
    *("/thong-bao/", "/lich/", "/bao-cao/", "/co-so/", "/cum-cong-nghiep/", "/dia-gioi/"),
    *("/tai-khoan/", "/huong-dan/", "/tim/?q=may", "/dot/{tranche}/", "/ke-hoach/{plan}/"),
    *("/de-an/{code}/", "/de-an/{code}/tham-dinh/", "/de-an/{code}/so-sanh/"),
    "/quy-dinh/de-xuat/",
]
SECTIONS = ["thong-tin", "thu-huong", "noi-dung", "kinh-phi", "tien-do", "tai-lieu", "kiem-tra"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_is_vietnamese_on_an_english_page_says_so(
    address: str, thanh_hoa_officer: User, thanh_hoa_centre: User
) -> None:
    project = make_project(thanh_hoa_centre, title="Hỗ trợ máy móc tiên tiến")
    tranche = open_tranche(project)
    advance_to(project, State.REVIEW_PROV, drafter=thanh_hoa_centre)
    with act_as(thanh_hoa_officer):
        inbox.notify([thanh_hoa_officer], MOVED, "Hồ sơ đã được trả lại", "Bổ sung báo giá của máy.", "/")
    law = LegalDocument.objects.get(number="45/2012/NĐ-CP")
    words = {"code": project.code, "law": law.pk, "tranche": tranche.uuid, "plan": tranche.plan.uuid}
    page = in_english(thanh_hoa_officer, address.format(**words))
    assert not left_over(page), left_over(page)


@pytest.mark.parametrize(
    "section", ["thong-tin", "thu-huong", "noi-dung", "kinh-phi", "tien-do", "tai-lieu", "kiem-tra"]
)
def test_what_is_vietnamese_in_an_english_form_says_so(section: str, thanh_hoa_centre: User) -> None:
    project = make_project(thanh_hoa_centre, title="Hỗ trợ máy móc tiên tiến")
    page = in_english(thanh_hoa_centre, f"/de-an/{project.code}/sua/{section}/")
    assert not left_over(page), left_over(page)


def test_vietnamese_pages_mark_nothing(thanh_hoa_officer: User) -> None:
    assert '<span lang="vi">' not in text_of(thanh_hoa_officer, "/quy-dinh/van-ban/")


@pytest.mark.parametrize(
    ("text", "vietnamese"),
    [
        ("Hỗ trợ ứng dụng máy móc cho HTX", True),
        ("Về khuyến công", True),
        ("<script>Đề án điểm, nhóm</script>", True),
        ("Lê Thị Hoa comments on KCQG-2027-38-0001: Budget", False),
        ("1,105 million đồng", False),
        ("", False),
    ],
)
def test_only_what_reads_as_vietnamese_is_marked_and_nothing_gets_through_unescaped(
    text: str, vietnamese: bool
) -> None:
    with translation.override("en"):
        shown = Template("{% load vn %}{{ text|own_language }}").render(Context({"text": text}))
    assert shown.startswith('<span lang="vi">') == vietnamese
    assert "<script" not in shown


CHIPS = re.compile(r'<(?:span|a) class="tag[^"]*"[^>]*>([^<]*?)</(?:span|a)>')
SAID = re.compile(r'{% translate "([^"]+)"[^%]*%}')
NAMED = re.compile(r'{% translate "([^"]+)" as (\w+) %}[^\n]*?components/tag.html" with label=\2\b')


def test_statuses_begin_with_a_capital_in_english() -> None:
    pages = [path.read_text() for path in sources.templates()]
    words = {word for page in pages for chip in CHIPS.findall(page) for word in SAID.findall(chip)}
    words |= {word for page in pages for word, _name in NAMED.findall(page)}
    words -= {"đợt"}  # a number stands with it
    assert len(words) > 20
    with translation.override("en"):
        labels = [gettext(word) for word in words]
        for states in (State, TrancheState, JobStatus, StagedImportStatus):
            labels += map(str, states.labels)
    assert [label for label in labels if label[:1].islower()] == []
