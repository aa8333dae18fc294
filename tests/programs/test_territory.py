"""Old places keep their names and sum into what they are today; nothing of a split commune is guessed."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.models import OrganisationKind, User
from accounts.policy import PermissionRefused
from accounts.roles import Role
from accounts.scope import act_as
from programs import territory
from programs.dashboard import province_tiles
from programs.filters import ProjectFilter
from programs.lifecycle import Purse, State
from programs.models import Project
from records.context import whole_country
from records.models import AuditEntry, Placement
from records.placing import placement_of
from tests import cast
from tests.factories import MILLION, advance_to, make_project, open_tranche
from tests.matrix.world import decide
from tests.pages import signed_in
from vietnam.models import AdminUnit, UnitSuccession, split_units, whole_family
from vietnam.units import find_province

pytestmark = pytest.mark.django_db


def province_on(name: str, day: dt.date) -> AdminUnit:
    found = find_province(name, day)
    assert found is not None
    return found


def former_project(name: str, amount: int, year: int, old_commune: AdminUnit | None = None) -> Project:
    """Approved by the province that was."""
    unit = province_on(name, dt.date(year, 1, 1))
    office = cast.office(OrganisationKind.TTKC, f"Trung tâm Khuyến công {unit}", unit)
    centre = cast.person(f"centre.{unit.pk}.{year}", "Hoàng Văn Cũ", Role.IMPL, office)
    day = dt.date(year, 3, 1)
    communes = AdminUnit.objects.on(day).filter(parent__parent=unit).exclude(pk__in=split_units())
    old_commune = old_commune or communes.communes().first()
    amounts = {"KCDP": amount, "OWN": 2 * amount}
    project = make_project(
        centre, purse=Purse.KCDP, year=year, commune=old_commune, starts_on=day, ends_on=day, amounts=amounts
    )
    tranche = open_tranche(project)
    project = advance_to(project, State.IN_PLAN, drafter=centre, tranche=tranche)
    decide(tranche, Role.UBND_VIEW, project.province.bare_name)
    with whole_country():
        project.refresh_from_db()
    return project


@pytest.fixture
def lao_cai_officer(db: None) -> User:
    return cast.person("lc.officer", "Lý Thị Mới", Role.SO_OFFICER, cast.so_of("Lào Cai"))


@pytest.fixture
def tuyen_quang_officer(db: None) -> User:
    return cast.person("tq.officer", "Ma Thị Mới", Role.SO_OFFICER, cast.so_of("Tuyên Quang"))


@pytest.fixture
def split_commune(db: None) -> AdminUnit:
    """A commune of old Hà Giang that went to several."""
    communes = AdminUnit.objects.communes().filter(parent__parent__name="Tỉnh Hà Giang")
    found = communes.filter(pk__in=split_units()).first()
    assert found is not None
    return found


def parts_of(unit: AdminUnit) -> list[AdminUnit]:
    rows = UnitSuccession.objects.filter(old=unit).select_related("new").order_by("-is_default", "id")
    return [row.new for row in rows]


def found_by(user: User, unit: AdminUnit) -> list[Project]:
    with act_as(user):
        rows = Project.objects.visible_to(user)
        return list(ProjectFilter({"commune": unit.code}, queryset=rows).qs)


def test_yen_bai_2023_prints_under_its_old_name_and_sums_into_lao_cai(
    lao_cai_officer: User, client: Client
) -> None:
    old = former_project("Yên Bái", 200 * MILLION, 2023)
    former_project("Lào Cai", 100 * MILLION, 2023)
    assert old.province.name == "Tỉnh Yên Bái"
    today = province_on("Lào Cai", dt.date(2026, 12, 1))
    with act_as(lao_cai_officer):
        (year,) = territory.years_of(lao_cai_officer, today)
    assert (year.year, year.count, year.vnd) == (2023, 2, 300 * MILLION)
    assert year.parts == {"Tỉnh Lào Cai": 100 * MILLION, "Tỉnh Yên Bái": 200 * MILLION}
    client.force_login(lao_cai_officer)
    then = client.get("/dia-gioi/15/?ngay=01/01/2023").content.decode()
    assert "Địa giới khi đó" in then
    firm = "Giả Định"
    assert firm in client.get("/co-so/?province=15").content.decode()
    assert firm in b"".join(client.get("/co-so/?xuat=csv")).decode()
    assert client.get("/api/v1/projects/?province=15").json()["results"]
    page = client.get(f"/de-an/{old.code}/").content.decode()
    assert "Yên Bái" in page
    assert old.code in client.get("/de-an/?province=15").content.decode()


def test_the_map_counts_former_provinces_in_what_they_became_whatever_their_code(
    cuc_officer: User,
) -> None:
    for name in ("Lào Cai", "Yên Bái", "Bắc Giang"):
        project = former_project(name, 100 * MILLION, 2023)
        assert project.year == 2023
    with act_as(cuc_officer):
        tiles = {tile.name: tile.count for tile in province_tiles(cuc_officer, 2023) if tile.count}
    assert tiles == {"Lào Cai": 2, "Bắc Ninh": 1}


def test_growth_compares_the_same_territory(lao_cai_officer: User) -> None:
    former_project("Yên Bái", 200 * MILLION, 2024)
    former_project("Lào Cai", 100 * MILLION, 2024)
    former_project("Lào Cai", 330 * MILLION, 2025)
    with act_as(lao_cai_officer):
        before, after = territory.years_of(lao_cai_officer, province_on("Lào Cai", dt.date(2026, 1, 1)))
    assert before.growth is None
    assert after.growth == pytest.approx(10)


def test_others_find_nothing_of_it(nghe_an_officer: User, client: Client) -> None:
    old = former_project("Yên Bái", 200 * MILLION, 2023)
    client.force_login(nghe_an_officer)
    assert client.get(f"/de-an/{old.code}/").status_code == 404
    for address in ("/co-so/?province=15", "/co-so/?xuat=csv", "/api/v1/establishments/?province=15"):
        answer = client.get(address)
        content = b"".join(answer) if answer.streaming else answer.content
        assert "Giả Định" not in content.decode(), address
    for address in ("/de-an/?province=15", "/tim/?q=yen+bai", "/de-an/?xuat=csv", f"/tim/?q={old.code}"):
        answer = client.get(address)
        content = b"".join(answer) if answer.streaming else answer.content
        assert old.title not in content.decode(), address
    with act_as(nghe_an_officer):
        assert territory.years_of(nghe_an_officer, province_on("Lào Cai", dt.date(2026, 1, 1))) == []


def test_beyond_ninety_nine_nobody_counts_what_waits(
    tuyen_quang_officer: User, split_commune: AdminUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("programs.dashboard.WORK_COUNT_LIMIT", 2)
    for year in (2021, 2022, 2023):
        former_project("Hà Giang", 200 * MILLION, year, split_commune)
    with act_as(tuyen_quang_officer):
        assert territory.counts_by_kind(tuyen_quang_officer)["de-an"] == 2
    assert "<b>1+</b>" in signed_in(tuyen_quang_officer).get("/dia-gioi/chua-xac-dinh/").text


def test_a_split_commune_counts_nowhere_until_the_province_says_where(
    tuyen_quang_officer: User, split_commune: AdminUnit
) -> None:
    project = former_project("Hà Giang", 200 * MILLION, 2023, split_commune)
    first, second, *_others = parts_of(split_commune)
    province = province_on("Tuyên Quang", dt.date(2026, 12, 1))
    assert not found_by(tuyen_quang_officer, first)
    assert not found_by(tuyen_quang_officer, second)
    with act_as(tuyen_quang_officer):
        (row,) = territory.communes_of(tuyen_quang_officer, province)
        assert (row.unit, row.vnd) == (None, 200 * MILLION)
        assert "Chưa xác định" in row.label
        assert territory.counts_by_kind(tuyen_quang_officer) == {"de-an": 1, "co-so": 0, "cum": 0}
        territory.place_record(
            project, actor=tuyen_quang_officer, unit=second, reason="Thôn Thử thuộc phần nhập về sau"
        )
        (row,) = territory.communes_of(tuyen_quang_officer, province)
        assert (row.unit, row.vnd) == (second, 200 * MILLION)
        assert territory.counts_by_kind(tuyen_quang_officer)["de-an"] == 0
    assert not found_by(tuyen_quang_officer, first)
    assert found_by(tuyen_quang_officer, second) == [project]
    with act_as(cast.person("na.eyes", "Vũ Văn Tò", Role.SO_OFFICER, cast.so_of("Nghệ An"))):
        assert not Placement.objects.exists(), "another province's placements stay behind the wall"
    with whole_country():
        project.refresh_from_db()
        assert project.commune == split_commune, "the record itself is never rewritten"
        entry = AuditEntry.objects.get(action="programs.place_record")
    assert entry.after == {"unit": second.code, "document": ""}


def test_a_placement_needs_a_part_of_that_commune_and_a_reason(
    tuyen_quang_officer: User, split_commune: AdminUnit
) -> None:
    project = former_project("Hà Giang", 200 * MILLION, 2023, split_commune)
    stranger = cast.province("Nghệ An").children.communes().first()
    with act_as(tuyen_quang_officer):
        with pytest.raises(ValidationError) as wrong:
            territory.place_record(project, actor=tuyen_quang_officer, unit=stranger, reason="Theo bản đồ")
        assert "unit" in wrong.value.message_dict
        with pytest.raises(ValidationError) as bare:
            territory.place_record(
                project, actor=tuyen_quang_officer, unit=parts_of(split_commune)[0], reason=" "
            )
        assert "reason" in bare.value.message_dict
        assert placement_of(project) is None


def test_only_the_sos_of_its_province_place_a_record(
    nghe_an_officer: User, cuc_officer: User, split_commune: AdminUnit
) -> None:
    project = former_project("Hà Giang", 200 * MILLION, 2023, split_commune)
    for person in (nghe_an_officer, cuc_officer):
        with act_as(person), pytest.raises(PermissionRefused):
            territory.place_record(
                project, actor=person, unit=parts_of(split_commune)[0], reason="Theo bản đồ"
            )


def test_a_whole_commune_is_found_under_what_it_went_into() -> None:
    old = AdminUnit.objects.filter(level="commune", parent__parent__name="Tỉnh Hà Giang")
    whole = old.exclude(pk__in=split_units()).first()
    assert whole is not None
    (new,) = parts_of(whole)
    assert whole.pk in whole_family(new)
    for split in old.filter(pk__in=split_units()):
        for part in parts_of(split):
            assert split.pk not in whole_family(part)


def test_the_work_list_leads_to_the_page_that_places(
    tuyen_quang_officer: User, split_commune: AdminUnit, client: Client
) -> None:
    project = former_project("Hà Giang", 200 * MILLION, 2023, split_commune)
    client.force_login(tuyen_quang_officer)
    listed = client.get("/dia-gioi/chua-xac-dinh/").content.decode()
    address = f"/dia-gioi/chua-xac-dinh/de-an/{project.uuid}/"
    assert address in listed
    assert split_commune.full_name in listed
    refused = client.post(address, {"reason": "Thôn Thử"})
    assert refused.status_code == 422
    assert "Hãy chọn một xã, phường." in refused.content.decode()
    assert "Thôn Thử" in refused.content.decode()
    dossier = f"/de-an/{project.code}/"
    assert "nay chưa xác định thuộc xã nào" in client.get(dossier).content.decode()
    second = parts_of(split_commune)[1]
    done = client.post(address, {"unit": second.pk, "reason": "Thôn Thử"}, follow=True).content.decode()
    assert "Đã xác định" in done
    assert address not in done
    assert "Đã xác định là" in client.get(address).content.decode()
    assert f"nay thuộc {second.name_in_text}" in client.get(dossier).content.decode()
    sums = client.get("/dia-gioi/08/").content.decode()
    assert second.name in sums
    assert "Tỉnh Hà Giang" in sums
    for kind in ("co-so", "cum"):
        assert client.get(f"/dia-gioi/chua-xac-dinh/?loai={kind}").status_code == 200
