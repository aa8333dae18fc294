"""Lists: keyset pages, filters shared with the portal, and a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from accounts.scope import act_as
from beneficiaries.models import Establishment
from clusters.models import Cluster
from programs.models import Project
from tests.api.client import Api
from tests.cast import province
from tests.factories import advance_to, make_project, open_tranche


def codes(api: Api, query: str = "") -> list[str]:
    return [row["code"] for row in api.get(f"/projects/{query}").body["results"]]


def walk(api: Api, path: str, link: str = "next") -> list[Any]:
    pages, seen = [], 0
    url: str | None = path
    while url:
        body = api.get(url.replace("http://testserver", "")).body
        pages.append(body["results"])
        url = body[link]
        seen += 1
        assert seen < 50
    return pages


def touch(projects: list[Project], actor: User, moment: dt.datetime) -> None:
    """Equal times of change: an import writes many rows in one moment."""
    with act_as(actor):
        Project.objects.filter(pk__in=[project.pk for project in projects]).update(updated_at=moment)


def test_pages_follow_one_another_without_gap_or_double(thanh_hoa_centre: User, partner: User) -> None:
    made = [make_project(thanh_hoa_centre) for _ in range(7)]
    touch(made[:5], thanh_hoa_centre, timezone.now())
    api = Api(partner)
    everything = codes(api)
    assert sorted(everything) == sorted(project.code for project in made)
    pages = walk(api, "/projects/?page_size=2")
    assert [len(page) for page in pages] == [2, 2, 2, 1]
    assert [row["code"] for page in pages for row in page] == everything


def test_the_way_back_shows_the_same_pages(thanh_hoa_centre: User, partner: User) -> None:
    touch([make_project(thanh_hoa_centre) for _ in range(5)], thanh_hoa_centre, timezone.now())
    api = Api(partner)
    first = api.get("/projects/?page_size=2").body
    assert first["previous"] is None
    second = api.get(first["next"]).body
    third = api.get(second["next"]).body
    assert third["next"] is None
    back = api.get(third["previous"]).body
    assert back["results"] == second["results"]
    assert api.get(back["previous"]).body["results"] == first["results"]
    assert api.get(back["next"]).body["results"] == third["results"]


def test_a_full_last_page_says_that_it_is_the_last(thanh_hoa_centre: User, partner: User) -> None:
    for _ in range(4):
        make_project(thanh_hoa_centre)
    pages = walk(Api(partner), "/projects/?page_size=2")
    assert [len(page) for page in pages] == [2, 2]


@pytest.mark.parametrize("size", ["0", "201", "-1", "x", "", "9" * 50, "１０"])
def test_a_page_size_outside_1_to_200_is_refused(partner: User, size: str) -> None:
    answer = Api(partner).get(f"/projects/?page_size={size}")
    assert (answer.status, answer.fields) == (400, ["page_size"])


BROKEN_CURSORS = ["x", "%00", "W10", "eyJhIjoxfQ", "WyJuIiwxLDJd", "WyJ6IiwiMjAyNiIsMV0", "é", "A" * 5000]


@pytest.mark.parametrize("cursor", BROKEN_CURSORS)
def test_a_cursor_that_is_not_ours_is_refused(partner: User, cursor: str) -> None:
    answer = Api(partner).get(f"/projects/?cursor={cursor}")
    assert (answer.status, answer.body["code"]) == (400, "bad_cursor")


def test_filters_narrow_the_list(
    thanh_hoa_centre: User, nghe_an_centre: User, thanh_hoa_officer: User, national_partner: User
) -> None:
    first = make_project(thanh_hoa_centre, title="Hỗ trợ máy cắt CNC cho xưởng mộc Hòa Bình")
    local = make_project(thanh_hoa_centre, purse="KCDP", year=2026, starts_on=None, ends_on=None)
    there = advance_to(make_project(nghe_an_centre), "SUBMITTED_PROV", drafter=nghe_an_centre)
    api = Api(national_partner)
    assert codes(api, "?purse=KCDP") == [local.code]
    assert codes(api, "?year=2026") == [local.code]
    assert codes(api, "?province=40") == [there.code]
    assert codes(api, "?state=SUBMITTED_PROV") == [there.code]
    assert set(codes(api, "?state=SUBMITTED_PROV&state=DRAFT")) == {first.code, local.code, there.code}
    assert codes(api, "?q=hoa binh may cat") == [first.code]
    assert codes(api, "?q=h%C3%B2a+b%C3%ACnh") == [first.code]
    assert codes(api, f"?q={there.code}") == [there.code]
    assert len(codes(api, "?activity=N3")) == 3
    assert codes(api, "?activity=N1") == []
    assert there.commune is not None
    assert codes(api, f"?commune={there.commune.code}") == [there.code]
    due = {row["code"]: row["due_on"] for row in api.get("/projects/").body["results"]}
    assert due[first.code] == "2026-05-19"
    assert due[local.code] is None, "the circular's calendar is that of national money"
    today = timezone.localdate().isoformat()
    assert set(codes(api, "?overdue=true")) == {code for code, day in due.items() if day and day < today}
    assert len(codes(api, "?overdue=false")) == 3


TWICE = [
    ("/projects/?year=2027&year=2026", ["year"]),
    ("/projects/?state=DRAFT&state=DRAFT&q=a&q=", ["q"]),
    ("/tranches/?state=DRAFT&state=DECIDED", ["state"]),
    ("/plans/?page_size=5&page_size=6&purse=KCQG&purse=KCDP", ["page_size", "purse"]),
]


@pytest.mark.parametrize(("path", "names"), TWICE)
def test_a_filter_of_one_value_is_not_given_two(partner: User, path: str, names: list[str]) -> None:
    answer = Api(partner).get(path)
    assert (answer.status, answer.fields) == (400, names)
    assert set(answer.codes) == {"repeated_parameter"}


def test_mine_is_what_waits_for_me(
    thanh_hoa_centre: User, thanh_hoa_officer: User, thanh_hoa_leader: User
) -> None:
    draft = make_project(thanh_hoa_centre)
    sent = advance_to(make_project(thanh_hoa_centre), "SUBMITTED_PROV", drafter=thanh_hoa_centre)
    assert codes(Api(thanh_hoa_centre), "?mine=true") == [draft.code]
    assert codes(Api(thanh_hoa_officer), "?mine=1") == [sent.code]
    assert codes(Api(thanh_hoa_leader), "?mine=true") == []


def test_projects_of_one_tranche(thanh_hoa_centre: User, cuc_officer: User, partner: User) -> None:
    project, other = make_project(thanh_hoa_centre), make_project(thanh_hoa_centre)
    tranche = open_tranche(project)
    advance_to(project, "IN_PLAN", drafter=thanh_hoa_centre, tranche=tranche)
    assert codes(Api(partner), f"?tranche={tranche.uuid}") == [project.code]
    link = Api(partner).get(f"/tranches/{tranche.uuid}/").body["projects_url"]
    assert [row["code"] for row in Api(partner).get(link).body["results"]] == [project.code]
    assert other.code in codes(Api(partner))


BAD_FILTERS = [
    ("year", "abc"), ("year", "9" * 6000), ("year", "1"), ("province", "99"), ("province", "%00"),
    ("state", "NONE"), ("purse", "X"), ("tranche", "1"), ("overdue", "perhaps"), ("activity", "N99"),
    ("q", "a" * 200), ("q", "%00"), ("commune", "123456"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), BAD_FILTERS)
def test_a_filter_that_makes_no_sense_is_refused_by_name(partner: User, name: str, value: str) -> None:
    answer = Api(partner).get(f"/projects/?{name}={value}")
    assert (answer.status, answer.fields) == (400, [name])


@pytest.mark.parametrize("name", ["provnce", "state__in", "created_by__password", "ordering", "format"])
def test_an_unknown_parameter_is_told_and_not_ignored(partner: User, name: str) -> None:
    answer = Api(partner).get(f"/projects/?{name}=x")
    assert (answer.status, answer.codes) == (400, ["unknown_parameter"])


def queries_of(api: Api, path: str) -> int:
    api.get(path)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert api.get(path).status == 200
    return len(caught)


def test_a_list_of_projects_costs_the_same_for_10_and_40_rows(
    thanh_hoa_centre: User, partner: User, django_assert_max_num_queries: Any
) -> None:
    api = Api(partner)
    for _ in range(10):
        make_project(thanh_hoa_centre)
    few = queries_of(api, "/projects/")
    for _ in range(30):
        make_project(thanh_hoa_centre)
    assert len(codes(api)) == 40
    assert queries_of(api, "/projects/") == few
    assert few <= 15


@pytest.mark.parametrize("name", ["establishments", "clusters"])
def test_registers_cost_the_same_for_10_and_40_rows(
    partner: User, thanh_hoa_officer: User, name: str
) -> None:
    unit = province("Thanh Hóa")

    def add(count: int) -> None:
        with act_as(thanh_hoa_officer):
            for number in range(count):
                if name == "clusters":
                    Cluster.objects.create(
                        province=unit,
                        name=f"Cụm Thử {number}",
                        legal_status="planned",
                        phase="PLANNED",
                        area_ha=20,
                    )
                else:
                    Establishment.objects.create(province=unit, name=f"Cơ sở Thử {number}", legal_form="HKD")

    api = Api(partner)
    add(10)
    few = queries_of(api, f"/{name}/")
    add(30)
    assert len(api.get(f"/{name}/").body["results"]) == 40
    assert queries_of(api, f"/{name}/") == few <= 12


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/units/", "/norms/", "/plans/", "/tranches/"])
def test_reference_lists_cost_the_same_for_1_and_many_rows(
    partner: User, thanh_hoa_centre: User, cuc_leader: User, path: str
) -> None:
    for year in (2025, 2026, 2027):
        project = make_project(thanh_hoa_centre, year=year, starts_on=None, ends_on=None)
        for _ in range(3):
            open_tranche(project)
    api = Api(partner)
    assert queries_of(api, f"{path}?page_size=1") == queries_of(api, f"{path}?page_size=200")


def test_names_come_in_vietnamese_order(partner: User, thanh_hoa_officer: User) -> None:
    unit = province("Thanh Hóa")
    with act_as(thanh_hoa_officer):
        for name in ("Đan Lát", "Dệt Cói", "Ấn Loát", "Chế Biến 10", "Chế Biến 9"):
            Establishment.objects.create(province=unit, name=name, legal_form="HKD")
    names = [row["name"] for page in walk(Api(partner), "/establishments/?page_size=2") for row in page]
    assert names == ["Ấn Loát", "Chế Biến 9", "Chế Biến 10", "Dệt Cói", "Đan Lát"]
