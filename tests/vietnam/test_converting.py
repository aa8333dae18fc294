"""Old addresses become today's units where that is certain; elsewhere every possibility is shown."""

from __future__ import annotations

import datetime as dt

import pytest

from vietnam.converting import Converted, convert_all
from vietnam.models import AdminUnit, split_units

pytestmark = pytest.mark.django_db


def one(text: str, on: dt.date | None = None) -> Converted:
    (found,) = convert_all([text], on)
    return found


@pytest.mark.parametrize(
    "text",
    [
        "Thôn 2, xã Thiệu Nguyên, huyện Thiệu Hóa, tỉnh Thanh Hóa",
        "thon 2, xa thieu nguyen, h. Thieu Hoa, Thanh Hoa",
        "Xã Thiệu Nguyên, Thanh Hóa",
    ],
)
def test_an_old_commune_is_followed_to_the_one_it_is_now(text: str) -> None:
    found = one(text)
    assert found.outcome == "moved"
    assert found.certain is not None
    assert found.certain.full_name == "Xã Thiệu Hóa, tỉnh Thanh Hóa"
    assert "19/2025/QĐ-TTg" in found.note


def test_a_commune_of_today_stands_as_it_is() -> None:
    unit = AdminUnit.objects.communes().on(dt.date(2026, 11, 1)).filter(parent__code="38").first()
    assert unit is not None
    found = one(unit.full_name, dt.date(2026, 11, 1))
    assert (found.outcome, found.certain) == ("same", unit)


def test_of_a_split_commune_every_part_is_shown_and_none_is_taken() -> None:
    old = AdminUnit.objects.communes().filter(pk__in=split_units(), parent__parent__code="02").first()
    assert old is not None
    found = one(old.full_name)
    assert found.outcome == "split"
    assert found.certain is None
    assert len(found.now) > 1
    assert old.full_name in found.note
    assert f"đã chia cho {len(found.now)} đơn vị" in found.note


def test_a_name_of_before_and_after_asks_when_the_address_was_written() -> None:
    both = [
        found
        for found in convert_all(
            f"{unit.name}, {unit.parent.name_in_text}"
            for unit in AdminUnit.objects.communes()
            .on(dt.date(2026, 11, 1))
            .filter(parent__code="01")
            .select_related("parent")
            if unit.parent
        )
        if found.outcome == "when"
    ]
    assert both
    assert all(found.certain is None and len(found.now) > 1 for found in both)
    text = both[0].raw
    assert one(text, dt.date(2026, 11, 1)).outcome == "same"
    assert one(text, dt.date(2024, 1, 1)).outcome in ("moved", "split")


def test_a_district_alone_shows_what_it_lies_in_now() -> None:
    found = one("huyện Thiệu Hóa, Thanh Hóa")
    assert found.outcome == "district"
    assert {unit.parent.name for unit in found.now if unit.parent} == {"Tỉnh Thanh Hóa"}
    assert "Huyện Thiệu Hóa" in found.note


def test_a_former_province_tells_what_it_is_now() -> None:
    found = one("Yên Bái")
    assert found.outcome == "province"
    assert [unit.name for unit in found.now] == ["Tỉnh Lào Cai"]


@pytest.mark.parametrize("text", ["", "không có ở đâu", "12345", "🙂", "x" * 5000])
def test_what_names_no_place_says_so(text: str) -> None:
    found = one(text)
    assert found.outcome in ("unknown", "which")
    assert found.note


def test_a_thousand_addresses_cost_a_handful_of_queries(django_assert_max_num_queries: object) -> None:
    texts = list(AdminUnit.objects.communes().values_list("name", flat=True)[:1000])
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        assert len(convert_all(f"{text}, Thanh Hóa" for text in texts)) == 1000
