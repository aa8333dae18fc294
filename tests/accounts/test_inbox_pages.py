"""The inbox: newest first, read by opening, and only one's own."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from accounts.policy import decide
from accounts.scope import act_as
from records import inbox
from records.context import whole_country
from records.models import InboxItem
from tests.pages import cost_of, signed_in, text_of

INBOX = "/thong-bao/"


def tell(user: User, title: str, url: str = "/de-an/", body: str = "") -> InboxItem:
    with whole_country():  # as the outbox's task writes it
        (item,) = inbox.notify([user], "project.moved", title, body, url)
        return InboxItem.objects.get(uuid=item.uuid)


def titles(user: User, query: str = "") -> list[str]:
    return [item.title for item in signed_in(user).get(INBOX + query).context["page"].rows]


def unread(user: User) -> int:
    with act_as(user):
        return InboxItem.objects.visible_to(user).unread().count()


def test_the_newest_comes_first_and_colleagues_see_nothing_of_it(
    thanh_hoa_centre: User, thanh_hoa_officer: User
) -> None:
    tell(thanh_hoa_centre, "Tin cũ")
    tell(thanh_hoa_centre, "Tin mới")
    tell(thanh_hoa_officer, "Tin của người khác")
    assert titles(thanh_hoa_centre) == ["Tin mới", "Tin cũ"]


def test_unread_is_a_word_and_not_only_a_colour(thanh_hoa_centre: User) -> None:
    item = tell(thanh_hoa_centre, "Tin mới")
    row = '<span class="tag tag--info">Chưa đọc</span>'
    assert row in text_of(thanh_hoa_centre, INBOX)
    with act_as(thanh_hoa_centre):
        inbox.mark_read(thanh_hoa_centre, [item.uuid])
    assert row not in text_of(thanh_hoa_centre, INBOX)


def test_looking_marks_nothing_as_read(thanh_hoa_centre: User) -> None:
    item = tell(thanh_hoa_centre, "Tin mới")
    client = signed_in(thanh_hoa_centre)
    client.get(INBOX)
    assert client.get(f"{INBOX}{item.uuid}/mo/").status_code == 405
    assert client.get(f"{INBOX}da-doc/").status_code == 405
    assert unread(thanh_hoa_centre) == 1


def test_opening_marks_as_read_and_leads_to_the_page(thanh_hoa_centre: User) -> None:
    item = tell(thanh_hoa_centre, "Tin một", "/de-an/KCQG-2027-38-0001/")
    tell(thanh_hoa_centre, "Tin hai")
    answer = signed_in(thanh_hoa_centre).post(f"{INBOX}{item.uuid}/mo/")
    assert (answer.status_code, answer["Location"]) == (302, "/de-an/KCQG-2027-38-0001/")
    assert titles(thanh_hoa_centre, "?unread=true") == ["Tin hai"]


def test_a_message_without_a_page_stays_in_the_inbox(thanh_hoa_centre: User) -> None:
    item = tell(thanh_hoa_centre, "Tin", "")
    assert signed_in(thanh_hoa_centre).post(f"{INBOX}{item.uuid}/mo/")["Location"] == INBOX


def test_a_message_never_leads_out_of_the_portal_whatever_its_row_says(thanh_hoa_centre: User) -> None:
    item = tell(thanh_hoa_centre, "Tin")
    with whole_country():
        InboxItem.objects.filter(pk=item.pk).update(url="https://xau.example/")
    assert signed_in(thanh_hoa_centre).post(f"{INBOX}{item.uuid}/mo/")["Location"] == "/"


def test_nobody_opens_a_colleagues_message(thanh_hoa_centre: User, thanh_hoa_officer: User) -> None:
    item = tell(thanh_hoa_centre, "Tin")
    assert signed_in(thanh_hoa_officer).post(f"{INBOX}{item.uuid}/mo/").status_code == 404
    assert not decide(thanh_hoa_officer, "accounts.read_inbox_item", item)
    assert decide(thanh_hoa_centre, "accounts.read_inbox_item", item)
    assert unread(thanh_hoa_centre) == 1


def test_mark_all_reads_ones_own_only(thanh_hoa_centre: User, thanh_hoa_officer: User) -> None:
    for title in ("Một", "Hai"):
        tell(thanh_hoa_centre, title)
    tell(thanh_hoa_officer, "Ba")
    answer = signed_in(thanh_hoa_centre).post(f"{INBOX}da-doc/", follow=True)
    assert "Đã đánh dấu đã đọc 2 thông báo." in answer.content.decode()
    assert (unread(thanh_hoa_centre), unread(thanh_hoa_officer)) == (0, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["", "da-doc/", "01234567-89ab-cdef-0123-456789abcdef/mo/"])
def test_a_stranger_is_asked_to_sign_in(path: str) -> None:
    client = Client()
    answer = client.post(INBOX + path) if path else client.get(INBOX)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/dang-nhap/")


def test_the_bell_counts_what_is_unread(thanh_hoa_centre: User) -> None:
    tell(thanh_hoa_centre, "Một")
    tell(thanh_hoa_centre, "Hai")
    page = text_of(thanh_hoa_centre, INBOX)
    assert 'aria-label="Thông báo, 2 chưa đọc"' in page
    assert "2 thông báo chưa đọc" in page


def test_pages_show_every_message_once(thanh_hoa_centre: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("records.paging.PAGE_SIZE", 2)
    for number in range(5):
        tell(thanh_hoa_centre, f"Tin {number}")
    client, seen, url = signed_in(thanh_hoa_centre), [], f"{INBOX}?unread=true"
    for _turn in range(3):
        page = client.get(url).context["page"]
        seen += [item.title for item in page.rows]
        url = f"{INBOX}?unread=true&cursor={page.next}"
    assert seen == [f"Tin {number}" for number in (4, 3, 2, 1, 0)]
    assert page.next == ""


def test_the_inbox_costs_the_same_for_10_messages_and_for_pages_of_them(thanh_hoa_centre: User) -> None:
    for number in range(10):
        tell(thanh_hoa_centre, f"Tin {number}")
    few = cost_of(thanh_hoa_centre, INBOX)
    for number in range(30):
        tell(thanh_hoa_centre, f"Tin thêm {number}")
    assert cost_of(thanh_hoa_centre, INBOX) == few


def test_an_empty_inbox_says_what_will_come(thanh_hoa_centre: User) -> None:
    assert "Chưa có thông báo nào" in text_of(thanh_hoa_centre, INBOX)
    item = tell(thanh_hoa_centre, "Tin")
    with act_as(thanh_hoa_centre):
        inbox.mark_read(thanh_hoa_centre, [item.uuid])
    assert "Không còn thông báo chưa đọc" in text_of(thanh_hoa_centre, f"{INBOX}?unread=true")
