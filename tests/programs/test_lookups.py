"""The type-ahead of places answers within the province that was asked about."""

from __future__ import annotations

import pytest

from accounts.models import User
from tests.pages import signed_in
from vietnam.models import AdminUnit

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("text", ["tan", "thanh", "an"])
def test_a_common_name_gives_the_communes_of_the_province(thanh_hoa_officer: User, text: str) -> None:
    url = f"/tim/don-vi/?q={text}&level=commune&province=38&on=2026-06-01"
    found = signed_in(thanh_hoa_officer).get(url).json()["results"]
    assert found
    assert all("tỉnh Thanh Hóa" in row["note"] for row in found)
    here = AdminUnit.objects.communes().filter(parent__code="38", folded_bare__startswith=text)
    assert len(found) >= min(12, here.count())


def test_communes_of_former_districts_are_in_their_province_too(thanh_hoa_officer: User) -> None:
    url = "/tim/don-vi/?q=tho xuan&level=district&province=38&on=2024-06-01"
    found = signed_in(thanh_hoa_officer).get(url).json()["results"]
    assert [row["note"] for row in found][:1] == ["Huyện Thọ Xuân, tỉnh Thanh Hóa"]


def test_an_ended_commune_says_what_it_is_now(thanh_hoa_officer: User) -> None:
    url = "/tim/don-vi/?q=thieu nguyen&level=commune&province=38&on=2026-06-01"
    found = signed_in(thanh_hoa_officer).get(url).json()["results"]
    assert found[0]["note"].endswith("tỉnh Thanh Hóa (nay thuộc xã Thiệu Hóa)")


def test_without_a_province_the_whole_country_answers(thanh_hoa_officer: User) -> None:
    found = signed_in(thanh_hoa_officer).get("/tim/don-vi/?q=tan&level=commune").json()["results"]
    assert len(found) == 12
    assert len({row["note"].rpartition(", ")[2] for row in found}) > 1
