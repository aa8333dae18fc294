"""The units as loaded: every test reads what ``load_units`` put into the database."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.db.models import Count, Q

from vietnam.models import (
    AdminUnit,
    ProvinceRegion,
    UnitSuccession,
    province_family,
    province_on,
    successor_province,
    successors_on,
)
from vietnam.periods import period
from vietnam.text import clean, fold, sort_key

pytestmark = pytest.mark.django_db

LAST_OF_63 = dt.date(2025, 6, 30)
FIRST_OF_34 = dt.date(2025, 7, 1)
TODAY = dt.date(2026, 11, 23)


def province(code: str, on: dt.date) -> AdminUnit:
    return AdminUnit.objects.provinces().on(on).get(code=code)


def names(units: Iterable[AdminUnit | None]) -> list[str]:
    return [unit.name for unit in units if unit]


def today_of(unit: AdminUnit, on: dt.date = TODAY) -> str:
    return names([successor_province(unit, on)])[0]


@pytest.mark.parametrize(
    ("day", "provinces", "districts", "communes"),
    [
        (dt.date(2021, 1, 1), 63, 696, 10_035),
        (LAST_OF_63, 63, 696, 10_035),
        (FIRST_OF_34, 34, 0, 3_321),
        (TODAY, 34, 0, 3_321),
    ],
)
def test_each_day_has_its_own_number_of_units(
    day: dt.date, provinces: int, districts: int, communes: int
) -> None:
    units = AdminUnit.objects.on(day)
    counts = (units.provinces().count(), units.districts().count(), units.communes().count())
    assert counts == (provinces, districts, communes)


def test_communes_are_counted_by_kind_before_and_after_dong_nai_became_a_city() -> None:
    def kinds(day: dt.date) -> Counter[str]:
        return Counter(AdminUnit.objects.communes().on(day).values_list("unit_type", flat=True))

    assert kinds(dt.date(2026, 4, 29)) == {"Xã": 2621, "Phường": 687, "Đặc khu": 13}
    assert kinds(dt.date(2026, 4, 30)) == {"Xã": 2611, "Phường": 697, "Đặc khu": 13}


def test_hue_and_dong_nai_change_their_kind_on_their_day() -> None:
    assert province("46", dt.date(2024, 12, 31)).name == "Tỉnh Thừa Thiên Huế"
    assert province("46", dt.date(2025, 1, 1)).name == "Thành phố Huế"
    assert province("75", dt.date(2026, 4, 29)).name == "Tỉnh Đồng Nai"
    assert province("75", dt.date(2026, 4, 30)).name == "Thành phố Đồng Nai"


def test_seven_cities_and_27_provinces_stand_today() -> None:
    kinds = Counter(AdminUnit.objects.provinces().on(TODAY).values_list("unit_type", flat=True))
    assert kinds == {"Tỉnh": 27, "Thành phố": 7}


def test_one_code_names_different_provinces_on_different_days() -> None:
    assert province("15", LAST_OF_63).name == "Tỉnh Yên Bái"
    assert province("15", FIRST_OF_34).name == "Tỉnh Lào Cai"


def test_a_commune_lies_in_the_province_of_its_own_time() -> None:
    long_thanh = AdminUnit.objects.communes().filter(code="26368").order_by("valid")
    assert [unit.full_name for unit in long_thanh.exclude(parent__level="district")] == [
        "Xã Long Thành, tỉnh Đồng Nai",
        "Phường Long Thành, thành phố Đồng Nai",
    ]
    ben_nghe = AdminUnit.objects.communes().on(LAST_OF_63).get(code="26740")
    assert ben_nghe.full_name == "Phường Bến Nghé, quận 1, thành phố Hồ Chí Minh"


def test_official_names_are_clean_and_keep_the_official_tone_placement() -> None:
    assert AdminUnit.objects.communes().on(TODAY).get(code="06978").name == "Xã Ba Chẽ"
    everything = AdminUnit.objects.values_list(
        "name", "bare_name", "folded", "folded_bare", "sort_key", "unit_type"
    )
    for name, bare, folded, folded_bare, key, kind in everything:
        assert clean(name) == name
        assert f"{kind} {bare}" == name or name == "Toàn quốc"
        assert (folded, folded_bare, key) == (fold(name), fold(bare), sort_key(bare))


def test_every_unit_but_the_nation_lies_in_one_above_it() -> None:
    assert AdminUnit.nation().name == "Toàn quốc"
    above = {"province": "nation", "district": "province"}
    for level, parent in above.items():
        assert not AdminUnit.objects.filter(level=level).exclude(parent__level=parent).exists()
    communes = AdminUnit.objects.communes()
    assert not communes.on(TODAY).exclude(parent__level="province").exists()
    assert not communes.on(LAST_OF_63).exclude(parent__level="district").exists()


def test_every_unit_that_ended_has_exactly_one_default_successor() -> None:
    ended = AdminUnit.objects.filter(valid__endswith__isnull=False).exclude(level="district")
    odd = ended.annotate(n=Count("successions", filter=Q(successions__is_default=True))).exclude(n=1)
    assert not odd.exists()


def test_471_communes_were_split_and_no_province_was() -> None:
    split = UnitSuccession.objects.values("old").annotate(n=Count("id")).filter(n__gt=1)
    assert split.count() == 471
    assert not split.filter(old__level="province").exists()


def test_a_succession_begins_the_day_after_its_unit_ended() -> None:
    steps = UnitSuccession.objects.select_related("old", "new")
    assert [step for step in steps if not step.old.valid.upper == step.date == step.new.valid.lower] == []


def test_five_island_districts_became_special_zones_themselves() -> None:
    steps = UnitSuccession.objects.filter(old__level="district").select_related("new")
    assert sorted(step.new.bare_name for step in steps) == [
        "Bạch Long Vĩ", "Côn Đảo", "Cồn Cỏ", "Hoàng Sa", "Lý Sơn",
    ]  # fmt: skip
    assert all(step.new.unit_type == "Đặc khu" for step in steps)


def test_a_province_is_followed_to_what_it_is_on_any_later_day() -> None:
    yen_bai, binh_phuoc = province("15", LAST_OF_63), province("70", LAST_OF_63)
    assert today_of(yen_bai) == "Tỉnh Lào Cai"
    assert today_of(binh_phuoc, dt.date(2026, 4, 29)) == "Tỉnh Đồng Nai"
    assert today_of(binh_phuoc) == "Thành phố Đồng Nai"
    assert successor_province(yen_bai, LAST_OF_63) == yen_bai
    assert successor_province(AdminUnit.nation(), TODAY) == AdminUnit.nation()


def test_an_earlier_day_gives_the_province_before_unless_several_made_it() -> None:
    assert names([province_on(province("46", TODAY), dt.date(2024, 5, 1))]) == ["Tỉnh Thừa Thiên Huế"]
    assert province_on(province("15", TODAY), dt.date(2024, 5, 1)) is None


def test_the_family_of_a_province_holds_all_it_grew_from_and_no_other() -> None:
    family = AdminUnit.objects.filter(pk__in=province_family(province("75", TODAY)))
    assert sorted(names(family)) == [
        "Thành phố Đồng Nai",
        "Tỉnh Bình Phước",
        "Tỉnh Đồng Nai",
        "Tỉnh Đồng Nai",
    ]
    assert province_family(province("38", TODAY)) == [province("38", TODAY).pk]
    assert province_family(province("15", LAST_OF_63)) == [province("15", LAST_OF_63).pk]


def test_families_of_todays_provinces_share_no_row_and_hold_every_province() -> None:
    families = [pk for unit in AdminUnit.objects.provinces().on(TODAY) for pk in province_family(unit)]
    assert sorted(families) == sorted(AdminUnit.objects.provinces().values_list("pk", flat=True))


def test_a_split_commune_has_several_successors_the_default_first(django_assert_max_num_queries: Any) -> None:
    splits = UnitSuccession.objects.filter(kind="split", is_default=True)
    split = splits.select_related("old", "new")[0]
    with django_assert_max_num_queries(2):
        found = successors_on([split.old], FIRST_OF_34)[split.old.pk]
    assert len(found) > 1 and found[0] == split.new


def test_each_of_the_34_has_both_regions_and_the_six_regions_have_their_sizes() -> None:
    now = AdminUnit.objects.provinces().on(TODAY)
    regions = ProvinceRegion.objects.filter(province__in=now, scheme="socio_economic")
    assert Counter(regions.values_list("region", flat=True)) == {
        "TDMNPB": 9, "DBSH": 6, "BTB": 5, "NTB-TN": 6, "DNB": 3, "DBSCL": 5,
    }  # fmt: skip
    former = ProvinceRegion.objects.filter(
        province__in=AdminUnit.objects.provinces().on(LAST_OF_63), scheme="extension"
    )
    assert Counter(former.values_list("region", flat=True)) == {"BAC": 28, "TRUNG-TN": 15, "NAM": 20}
    assert set(former.values_list("confidence", flat=True)) == {"memory"}


@pytest.mark.owner_role
def test_loading_again_changes_nothing_and_repairs_what_was_altered() -> None:
    unit = province("38", TODAY)
    AdminUnit.objects.filter(pk=unit.pk).update(name="Tỉnh Thanh Hoá")
    out = StringIO()
    call_command("load_units", stdout=out)
    assert "14236 (0 new, 1 changed)" in out.getvalue()
    assert out.getvalue().count("\n") == 1
    unit.refresh_from_db()
    assert unit.name == "Tỉnh Thanh Hóa"
    call_command("load_units", stdout=out)
    assert "(0 new, 0 changed)" in out.getvalue()


@pytest.mark.owner_role
def test_loading_again_leaves_the_end_that_a_later_reform_has_set() -> None:
    ended = province("38", TODAY)
    day = dt.date(2027, 7, 1)
    AdminUnit.objects.filter(pk=ended.pk).update(valid=period(ended.valid.lower, day))
    new = AdminUnit.objects.create(
        level="province", code="38", name="Thành phố Thanh Thử", bare_name="Thanh Thử", unit_type="Thành phố",
        parent=AdminUnit.nation(), valid=period(day, None),
    )  # fmt: skip
    UnitSuccession.objects.create(old=ended, new=new, date=day, kind="reclassified")
    out = StringIO()
    call_command("load_units", stdout=out)
    assert "(0 new, 0 changed)" in out.getvalue()
    ended.refresh_from_db()
    assert ended.ended_on == dt.date(2027, 6, 30)


def test_what_made_dong_nais_wards_is_told_apart_from_what_made_the_city() -> None:
    later = AdminUnit.objects.filter(level="commune", valid__startswith=dt.date(2026, 4, 30))
    documents = Counter(later.values_list("source_document__number", flat=True))
    assert documents == {"30/2026/QH16": 85, "237/NQ-UBTVQH16": 10}


@pytest.mark.owner_role
def test_two_units_of_one_code_may_follow_but_never_overlap() -> None:
    nation = AdminUnit.nation()

    def add(lower: dt.date | None, upper: dt.date | None) -> AdminUnit:
        with transaction.atomic():
            return AdminUnit.objects.create(
                level="province", code="99", name="Tỉnh Thử", bare_name="Thử", unit_type="Tỉnh",
                parent=nation, valid=period(lower, upper),
            )  # fmt: skip

    add(None, dt.date(2026, 1, 1))
    add(dt.date(2026, 1, 1), None)
    with pytest.raises(IntegrityError, match="one_at_a_time"):
        add(dt.date(2025, 12, 31), dt.date(2026, 2, 1))


@pytest.mark.owner_role
@pytest.mark.parametrize(("level", "code"), [("province", "1"), ("commune", "38"), ("nation", "01")])
def test_a_code_that_does_not_fit_its_level_is_refused(level: str, code: str) -> None:
    with pytest.raises(IntegrityError, match="code_fits_level"):
        AdminUnit.objects.create(
            level=level, code=code, name="Xã Thử", bare_name="Thử", unit_type="Xã",
            parent=AdminUnit.nation(), valid=period(None, None),
        )  # fmt: skip
