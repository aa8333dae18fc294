"""What a report counts, against sums that plain SQL makes of the budget rows themselves."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import OrganisationKind, User
from accounts.roles import Role
from accounts.scope import act_as
from programs.drafting import BeneficiaryValues
from programs.lifecycle import Purse, State
from programs.models import ActivityKind, Project
from records.context import whole_country
from reports.figures import registration_list
from reports.kinds import listed_projects
from reports.lifecycle import STAGES, Stage
from tests import cast
from tests.api.client import Api
from tests.factories import MILLION, advance_to, claim, make_project, open_tranche, tax_code
from tests.reports.conftest import ask, fresh, paper_of, sheet_of, vnd
from vietnam.models import AdminUnit

pytestmark = pytest.mark.django_db

BY_SQL = """
SELECT split_part(k.code, '.', 1), count(DISTINCT p.id),
       sum(l.total_vnd)::bigint,
       coalesce(sum(a.kcqg), 0)::bigint, coalesce(sum(a.kcdp), 0)::bigint,
       coalesce(sum(a.own), 0)::bigint, coalesce(sum(a.other), 0)::bigint
  FROM programs_project p
  JOIN programs_activitykind k ON k.id = p.activity_id
  JOIN programs_budgetline l ON l.project_id = p.id
  JOIN LATERAL (
       SELECT sum(amount_vnd) FILTER (WHERE source = 'KCQG') AS kcqg,
              sum(amount_vnd) FILTER (WHERE source = 'KCDP') AS kcdp,
              sum(amount_vnd) FILTER (WHERE source = 'OWN') AS own,
              sum(amount_vnd) FILTER (WHERE source = 'OTHER') AS other
         FROM programs_budgetamount WHERE line_id = l.id) a ON true
 WHERE p.year = %s AND p.purse = %s AND p.province_id = ANY(%s)
 GROUP BY 1 ORDER BY 1
"""


def kind(code: str) -> ActivityKind:
    return ActivityKind.objects.filter(code=code).latest("id")


@pytest.fixture
def mixed(thanh_hoa_centre: User, nghe_an_centre: User, seed: int) -> list[Project]:
    """Projects of two provinces, two years and both purses, with amounts to the đồng."""
    pick = random.Random(seed)
    made = []
    for number in range(14):
        national = pick.random() < 0.7
        state_source = "KCQG" if national else "KCDP"
        amounts = {source: pick.randrange(0, 10**11) for source in ("OWN", "OTHER")}
        amounts[state_source] = pick.randrange(1, 10**10)
        made.append(
            make_project(
                pick.choice([thanh_hoa_centre, nghe_an_centre]),
                purse=Purse.KCQG if national else Purse.KCDP,
                year=2027 if number % 5 else 2028,
                activity=kind(pick.choice(["N1", "N3.1", "N3.3", "N4.5", "N6"])),
                amounts=amounts,
            )
        )
    return made


@pytest.mark.parametrize("purse", Purse.values)
@pytest.mark.parametrize("where", ["Thanh Hóa", "Nghệ An", "nation"])
def test_groups_and_totals_are_the_sums_of_the_budget_rows(
    mixed: list[Project], cuc_officer: User, purse: str, where: str
) -> None:
    report = fresh(ask(cuc_officer, where, purse=purse))
    with act_as(cuc_officer):
        table = registration_list(listed_projects(report), 2027)
    found = {group.code: (len(group.projects), *group.money.amounts()) for group in table.groups}
    provinces = [cast.province(name).pk for name in ("Thanh Hóa", "Nghệ An") if where in (name, "nation")]
    with whole_country(), connection.cursor() as cursor:
        cursor.execute(BY_SQL, [2027, purse, provinces])
        wanted = {code: tuple(rest) for code, *rest in cursor.fetchall()}
    assert found == wanted
    assert table.money.amounts() == tuple(sum(row[n] for row in wanted.values()) for n in range(1, 6))
    assert table.count == sum(row[0] for row in wanted.values())


def test_kinds_come_in_the_order_of_the_law_and_projects_by_province_and_code(
    mixed: list[Project], cuc_officer: User
) -> None:
    sheet = sheet_of(cuc_officer, "nation")
    assert [row[0] for row in sheet.groups] == ["I", "II", "III", "IV", "V"][: len(sheet.groups)]
    national = [p for p in mixed if p.purse == Purse.KCQG and p.year == 2027]
    order = sorted(
        national,
        key=lambda p: (
            int((p.activity.code if p.activity else "N99")[1:].partition(".")[0]),
            p.activity.position if p.activity else 0,
            p.province.sort_key,
            p.code,
        ),
    )
    assert [row[14].partition(";")[0] for row in sheet.projects] == [project.code for project in order]
    starts = [row[0] for row in sheet.projects]
    assert all(number in (1, before + 1) for before, number in zip([0, *starts], starts, strict=False))


def test_the_same_data_give_the_same_rows(mixed: list[Project], cuc_officer: User) -> None:
    first, second = sheet_of(cuc_officer, "nation"), sheet_of(cuc_officer, "nation")
    end = first.rows.index(first.total) + 1
    assert first.rows[:end] == second.rows[:end]


def test_a_report_lists_what_the_project_list_shows_under_the_same_filters(
    mixed: list[Project], thanh_hoa_officer: User
) -> None:
    listed = Api(thanh_hoa_officer).get("/projects/?year=2027&purse=KCQG&province=38").body["results"]
    sheet = sheet_of(thanh_hoa_officer)
    assert {row[14].partition(";")[0] for row in sheet.projects} == {row["code"] for row in listed}
    assert vnd(sheet.total) == [
        sum(row[name] for row in listed)
        for name in ("total_vnd", "kcqg_vnd", "kcdp_vnd", "own_vnd", "other_vnd")
    ]


def cost(report: Any) -> int:
    with CaptureQueriesContext(connection) as queries:
        paper_of(report)
    return len(queries)


def test_a_report_costs_the_same_queries_however_many_projects_it_lists(
    thanh_hoa_centre: User, nghe_an_centre: User, cuc_officer: User
) -> None:
    make_project(thanh_hoa_centre)
    report = fresh(ask(cuc_officer, "nation"))
    before = cost(report)
    for _round in range(4):
        make_project(thanh_hoa_centre, activity=kind("N4.5"))
        make_project(nghe_an_centre)
    assert cost(fresh(report)) == before
    assert before <= 25


@pytest.fixture
def at_every_stage(thanh_hoa_centre: User) -> dict[str, Project]:
    first = make_project(thanh_hoa_centre)
    tranche = open_tranche(first)
    states = [
        State.DRAFT,
        State.REVIEW_PROV,
        State.PASSED_PROV,
        State.REGISTERED,
        State.PASSED_MIN,
        State.IN_PLAN,
    ]
    return {
        state: advance_to(
            first if state == State.DRAFT else make_project(thanh_hoa_centre),
            state,
            drafter=thanh_hoa_centre,
            tranche=tranche,
        )
        for state in states
    }


@pytest.mark.parametrize(
    ("stage", "states"),
    [
        (Stage.ALL, {"DRAFT", "REVIEW_PROV", "PASSED_PROV", "REGISTERED", "PASSED_MIN", "IN_PLAN"}),
        (Stage.PASSED, {"PASSED_PROV", "REGISTERED", "PASSED_MIN", "IN_PLAN"}),
        (Stage.REGISTERED, {"REGISTERED", "PASSED_MIN", "IN_PLAN"}),
        (Stage.APPROVED, set()),
    ],
)
def test_a_stage_lists_what_has_come_so_far(
    at_every_stage: dict[str, Project], thanh_hoa_officer: User, stage: Stage, states: set[str]
) -> None:
    sheet = sheet_of(thanh_hoa_officer, stage=stage)
    codes = {row[14].partition(";")[0] for row in sheet.projects}
    assert codes == {at_every_stage[state].code for state in states}


def test_no_stage_but_all_lists_what_was_turned_down_withdrawn_or_stopped() -> None:
    ended = {State.REJECTED_PROV, State.REJECTED_MIN, State.WITHDRAWN, State.STOPPED}
    for stage, states in STAGES.items():
        assert (states & ended == ended) if stage == Stage.ALL else not states & ended


def old_province(name: str) -> AdminUnit:
    return AdminUnit.objects.get(level="province", name__contains=name)


@pytest.fixture
def of_hoa_binh(db: None) -> Iterator[Project]:
    """A file of 2025 by an office of a province that became part of Phú Thọ on 01/07/2025."""
    office = cast.office(OrganisationKind.TTKC, "Trung tâm Khuyến công Hòa Bình", old_province("Hòa Bình"))
    drafter = cast.person("hb.centre", "Bùi Thị Lập", Role.IMPL, office)
    yield make_project(
        drafter, year=2025, commune=None, place_text="Xã Mai Hạ",
        starts_on=dt.date(2025, 3, 1), ends_on=dt.date(2025, 9, 1),
    )  # fmt: skip


def test_the_paper_keeps_the_name_of_the_province_that_signed(of_hoa_binh: Project) -> None:
    officer = cast.person("pt.officer", "Hà Thị Tiếp", Role.SO_OFFICER, cast.so_of("Phú Thọ"))
    sheet = sheet_of(officer, "Phú Thọ", year=2025)
    assert sheet.projects[0][5] == "Xã Mai Hạ, tỉnh Hòa Bình"
    assert "Tỉnh Phú Thọ\nGồm đề án của: Tỉnh Hòa Bình" in sheet.words
    national = sheet_of(cast.person("cuc.x", "Lê Thị Cục", Role.CUC_OFFICER, cast.cuc()), "nation", year=2025)
    assert national.projects[0][5] == "Xã Mai Hạ, tỉnh Hòa Bình"
    assert "Gồm đề án của" not in national.words


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", "Tỉnh Thanh Hóa"),
        ("Xã Thọ Xuân", "Xã Thọ Xuân, tỉnh Thanh Hóa"),
        ("Xã Thọ Xuân, Thanh Hóa", "Xã Thọ Xuân, Thanh Hóa"),
        ("xã Thọ Xuân - TỈNH THANH HÓA", "xã Thọ Xuân - TỈNH THANH HÓA"),
        ("Khu Thanh Hóa mới", "Khu Thanh Hóa mới, tỉnh Thanh Hóa"),
    ],
)
def test_a_place_is_told_with_its_province_once(
    thanh_hoa_centre: User, thanh_hoa_officer: User, text: str, shown: str
) -> None:
    make_project(thanh_hoa_centre, commune=None, place_text=text)
    assert sheet_of(thanh_hoa_officer).projects[0][5] == shown


def test_beneficiaries_priority_and_content_are_told_in_their_columns(
    thanh_hoa_centre: User, thanh_hoa_officer: User
) -> None:
    names = ["Hợp tác xã Thử Hai Giả Định", "Công ty TNHH Thử Một Giả Định"]
    project = make_project(
        thanh_hoa_centre,
        beneficiaries=[BeneficiaryValues(name, tax_code(700 + n)) for n, name in enumerate(names)],
        claims=[claim("area_a"), claim("export")],
        partner_name="Hội Thử Giả Định",
        content="Mua 02 máy.",
        scale="500 sản phẩm/năm.",
    )
    assert not sheet_of(thanh_hoa_officer).projects[0][13]
    advance_to(project, State.REVIEW_PROV, drafter=thanh_hoa_centre)
    row = sheet_of(thanh_hoa_officer).projects[0]
    assert sorted(row[4].split("; ")) == sorted(names)
    assert row[3] == "Hội Thử Giả Định"
    assert row[7] == "Mua 02 máy.\n500 sản phẩm/năm."
    assert row[13].startswith("Vùng cao, hải đảo, biên giới")
    assert "xuất khẩu" in row[13]


def test_a_project_without_an_activity_stands_last_under_a_heading_that_says_so(
    thanh_hoa_centre: User, thanh_hoa_officer: User
) -> None:
    make_project(thanh_hoa_centre, activity=None)
    make_project(thanh_hoa_centre, amounts={"KCQG": MILLION, "OWN": MILLION})
    sheet = sheet_of(thanh_hoa_officer)
    assert [row[1] for row in sheet.groups][-1] == "Chưa xác định nội dung hoạt động"
    assert len(sheet.groups) == 2
