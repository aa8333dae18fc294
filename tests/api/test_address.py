"""An old address asked over the API: one unit where it is certain, every possibility where it is not."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(client: Client, thanh_hoa_officer: User) -> Any:
    client.force_login(thanh_hoa_officer)
    return lambda **query: client.get("/api/v1/units/convert/", query)


def test_a_certain_address_has_one_unit_of_today(ask: Any) -> None:
    found = ask(q="xã Thiệu Nguyên, huyện Thiệu Hóa, Thanh Hóa").json()
    assert (found["certain"], found["outcome"]) == (True, "moved")
    assert found["now"] == [{"code": "15772", "name": "Xã Thiệu Hóa"}]
    assert found["named"] == [{"code": "15802", "name": "Xã Thiệu Nguyên"}]


def test_a_split_commune_gives_all_its_parts(ask: Any) -> None:
    found = ask(q="Thị trấn Thiệu Hóa, huyện Thiệu Hóa, Thanh Hóa").json()
    assert (found["certain"], found["outcome"]) == (False, "split")
    assert [unit["name"] for unit in found["now"]] == ["Xã Thiệu Hóa", "Xã Thiệu Quang", "Xã Thiệu Trung"]


@pytest.mark.parametrize("query", [{"q": "x" * 301}, {"q": "Thanh Hóa", "on": "hôm qua"}, {"text": "x"}])
def test_what_makes_no_sense_is_refused_at_its_parameter(ask: Any, query: dict[str, str]) -> None:
    assert ask(**query).status_code == 400
