from __future__ import annotations

import pytest

from records import inbox
from records.context import whole_country
from records.models import InboxItem
from tests.records.conftest import person, scope

pytestmark = pytest.mark.django_db


def test_each_distinct_person_gets_one_item() -> None:
    one, two = person("a"), person("b")
    with whole_country():
        inbox.notify([one, two, one], "project.returned", "Đề án bị trả lại", "Thiếu giấy tờ", "/de-an/X/")
        told = sorted(InboxItem.objects.values_list("user_id", flat=True))
    assert told == sorted([one.pk, two.pk])


@pytest.mark.parametrize("url", ["https://example.com/", "//example.com/", "javascript:alert(1)"])
def test_an_item_never_leads_out_of_the_portal(url: str) -> None:
    with pytest.raises(ValueError, match="this portal"):
        inbox.notify([person()], "x", "y", url=url)


def test_a_person_marks_only_their_own_items_as_read() -> None:
    one, two = person("a"), person("b")
    with whole_country():
        inbox.notify([one, two], "x", "y")
        (theirs,) = InboxItem.objects.filter(user=two)
    with scope(actor=one):
        assert inbox.mark_read(one, [theirs.uuid]) == 0
        assert inbox.mark_read(one) == 1
    with whole_country():
        assert InboxItem.objects.filter(read_at__isnull=True).get() == theirs


def test_the_database_shows_nobody_a_colleagues_items_whatever_a_query_forgets() -> None:
    one, two = person("a"), person("b")
    with whole_country():
        inbox.notify([one, two], "x", "y")
    with scope(actor=one):
        assert [item.user_id for item in InboxItem.objects.all()] == [one.pk]
        assert InboxItem.objects.filter(user=two).update(title="z") == 0
    with scope():
        assert not InboxItem.objects.exists()
