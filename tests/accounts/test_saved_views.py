"""Filters kept under a name: whose they are, who else sees them, and that the address alone is enough."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from accounts.models import SavedView, User
from accounts.saved import MOST_VIEWS, save_view
from accounts.scope import act_as
from records.history import events_of
from tests.pages import cost_of, signed_in, text_of

pytestmark = pytest.mark.django_db
LIST = "/de-an/"


def keep(
    user: User, name: str = "Quốc gia 2027", query: str = "year=2027&purse=KCQG", **more: Any
) -> SavedView:
    with act_as(user):
        return save_view(actor=user, listing="de-an", name=name, query=query, **more)


def chips(user: User, url: str = f"{LIST}?tat-ca=1") -> list[str]:
    return [str(chip.label) for chip in signed_in(user).get(url).context["chips"]]


def change(user: User, view: SavedView, action: str) -> int:
    data = {"action": action, "next": LIST}
    return signed_in(user).post(f"/bo-loc/{view.uuid}/", data).status_code


def test_saving_puts_a_chip_above_the_list_that_leads_to_the_same_filters(thanh_hoa_officer: User) -> None:
    client = signed_in(thanh_hoa_officer)
    data = {"listing": "de-an", "name": "Của tôi", "query": "purse=KCQG&overdue=true", "next": f"{LIST}?a=1"}
    assert client.post("/bo-loc/", data)["Location"] == f"{LIST}?a=1"
    answer = client.get(LIST)
    chip = answer.context["chips"][-1]
    assert (chip.label, chip.url) == ("Của tôi", "?overdue=true&purse=KCQG")
    on_screen = client.get(f"{LIST}?purse=KCQG&q=&overdue=true").context
    assert on_screen["chips"][-1].current, "the order of the address does not matter"
    assert "Của tôi" not in chips(thanh_hoa_officer, "/co-so/")


def test_a_list_opens_with_its_home_view_and_all_of_it_stays_one_press_away(thanh_hoa_officer: User) -> None:
    view = keep(thanh_hoa_officer, home=True)
    client = signed_in(thanh_hoa_officer)
    assert client.get(LIST)["Location"] == f"{LIST}?purse=KCQG&year=2027"
    page = client.get(f"{LIST}?tat-ca=1")
    assert page.status_code == 200
    assert page.context["chips"][0].url == f"{LIST}?tat-ca=1"
    second = keep(thanh_hoa_officer, "Khác", "q=may", home=True)
    assert client.get(LIST)["Location"] == f"{LIST}?q=may", "one home a list"
    assert change(thanh_hoa_officer, second, "not_home") == 302
    assert client.get(LIST).status_code == 200
    assert change(thanh_hoa_officer, view, "home") == 302
    assert client.get(LIST).status_code == 302


def test_colleagues_see_what_is_shared_and_nobody_else(
    thanh_hoa_officer: User, thanh_hoa_leader: User, thanh_hoa_centre: User, nghe_an_officer: User
) -> None:
    mine, shared = keep(thanh_hoa_officer, "Riêng"), keep(thanh_hoa_officer, "Chung", "q=chung", shared=True)
    assert {"Riêng", "Chung"} <= set(chips(thanh_hoa_officer))
    assert "Chung" in chips(thanh_hoa_leader)
    assert "Riêng" not in chips(thanh_hoa_leader)
    for other in (thanh_hoa_centre, nghe_an_officer):
        assert not {"Riêng", "Chung"} & set(chips(other))
        assert change(other, shared, "delete") == 404
    assert change(thanh_hoa_leader, shared, "delete") == 403
    assert change(thanh_hoa_leader, mine, "delete") == 404
    assert change(thanh_hoa_officer, shared, "unshare") == 302
    assert "Chung" not in chips(thanh_hoa_leader)


def test_the_database_keeps_a_colleagues_view_from_being_changed(
    thanh_hoa_officer: User, thanh_hoa_leader: User, nghe_an_officer: User
) -> None:
    view = keep(thanh_hoa_officer, shared=True)
    with act_as(nghe_an_officer):
        assert not SavedView.objects.exists()
    with act_as(thanh_hoa_leader):
        assert SavedView.objects.count() == 1
        assert SavedView.objects.update(user=thanh_hoa_leader) == 0
        assert SavedView.objects.filter(pk=view.pk).delete()[0] == 0
    with act_as(thanh_hoa_leader), pytest.raises(DatabaseError), transaction.atomic():
        SavedView.objects.create(user=thanh_hoa_officer, listing="de-an", name="Giả", query="q=x")


def test_the_address_alone_shows_each_person_their_own_rows(
    thanh_hoa_officer: User, nghe_an_officer: User
) -> None:
    view = keep(thanh_hoa_officer, shared=True)
    for user in (thanh_hoa_officer, nghe_an_officer):
        assert "Năm kế hoạch: 2027" in text_of(user, f"{LIST}?{view.query}")


def test_a_deleted_view_is_gone_and_its_history_stays(thanh_hoa_officer: User) -> None:
    view = keep(thanh_hoa_officer)
    assert change(thanh_hoa_officer, view, "delete") == 302
    assert "Quốc gia 2027" not in chips(thanh_hoa_officer)
    with act_as(thanh_hoa_officer):
        manager: Any = events_of(SavedView)._default_manager
        assert [event.pgh_label for event in manager.filter(pgh_obj_id=view.pk)] == ["insert", "delete"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"name": ""}, "Hãy đặt tên cho bộ lọc."),
        ({"query": ""}, "Danh sách chưa lọc theo điều kiện nào."),
        ({"query": "q=038099000123"}, "Không lưu số định danh cá nhân trong bộ lọc."),
        ({"name": "Quốc gia 2027"}, "Bạn đã có bộ lọc mang tên này."),
    ],
)
def test_a_refusal_says_why(thanh_hoa_officer: User, change: dict[str, str], reason: str) -> None:
    keep(thanh_hoa_officer)
    data = {"listing": "de-an", "name": "Mới", "query": "q=may", "next": LIST, **change}
    page = signed_in(thanh_hoa_officer).post("/bo-loc/", data, follow=True)
    assert reason in page.content.decode()
    with act_as(thanh_hoa_officer):
        assert SavedView.objects.count() == 1


def test_there_is_a_most(thanh_hoa_officer: User) -> None:
    for number in range(MOST_VIEWS):
        keep(thanh_hoa_officer, f"Bộ lọc {number}", f"q={number}")
    data = {"listing": "de-an", "name": "Một nữa", "query": "q=may", "next": LIST}
    page = signed_in(thanh_hoa_officer).post("/bo-loc/", data, follow=True)
    assert f"tối đa {MOST_VIEWS} bộ lọc" in page.content.decode()


def test_saved_views_cost_one_query_however_many(thanh_hoa_officer: User) -> None:
    keep(thanh_hoa_officer, "Bộ lọc", "q=1", shared=True)
    few = cost_of(thanh_hoa_officer, f"{LIST}?tat-ca=1")
    for number in range(9):
        keep(thanh_hoa_officer, f"Bộ lọc {number}", f"q={number}", shared=True)
    assert cost_of(thanh_hoa_officer, f"{LIST}?tat-ca=1") == few


def test_a_way_out_of_the_portal_is_not_followed(thanh_hoa_officer: User) -> None:
    data = {"listing": "de-an", "name": "Mới", "query": "q=may", "next": "//example.invalid/"}
    assert signed_in(thanh_hoa_officer).post("/bo-loc/", data)["Location"] == "/"
