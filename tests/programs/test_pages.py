"""The pages: who sees what, how many queries they cost, and that nothing typed is lost."""

from __future__ import annotations

import base64
import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.scope import act_as
from programs.lifecycle import Purse, State
from programs.models import Project
from tests.factories import MILLION, advance_to, claim, make_project, open_tranche, take
from tests.pages import HTMX, cost_of, signed_in, text_of

pytestmark = pytest.mark.django_db


def test_lists_and_tranches_cost_the_same_however_many_projects_they_show(
    thanh_hoa_centre: User, cuc_officer: User
) -> None:
    first = make_project(thanh_hoa_centre)
    tranche = open_tranche(first)
    advance_to(first, State.IN_PLAN, drafter=thanh_hoa_centre, tranche=tranche)
    advance_to(make_project(thanh_hoa_centre), State.REGISTERED, drafter=thanh_hoa_centre)
    urls = ["/", "/de-an/", "/ke-hoach/", f"/dot/{tranche.uuid}/"]
    before = {url: cost_of(cuc_officer, url) for url in urls}
    for _round in range(3):
        advance_to(make_project(thanh_hoa_centre), State.IN_PLAN, drafter=thanh_hoa_centre, tranche=tranche)
        advance_to(make_project(thanh_hoa_centre), State.REGISTERED, drafter=thanh_hoa_centre)
    assert {url: cost_of(cuc_officer, url) for url in urls} == before


def test_the_officer_sees_the_province_and_nothing_else(
    thanh_hoa_centre: User, nghe_an_centre: User, thanh_hoa_officer: User
) -> None:
    mine, theirs = make_project(thanh_hoa_centre), make_project(nghe_an_centre)
    client = signed_in(thanh_hoa_officer)
    page = client.get("/de-an/").content.decode()
    assert mine.code in page
    assert theirs.code not in page
    assert client.get(f"/de-an/{theirs.code}/").status_code == 404
    assert client.get(f"/de-an/?q={theirs.code}").content.decode().count(theirs.title) == 0


def test_local_projects_never_wait_in_a_queue_of_the_cuc(
    thanh_hoa_centre: User, cuc_officer: User, cuc_leader: User
) -> None:
    for state in (State.SUBMITTED_PROV, State.REVIEW_PROV, State.PASSED_PROV):
        project = make_project(thanh_hoa_centre, purse=Purse.KCDP)
        advance_to(project, state, drafter=thanh_hoa_centre)
        for user in (cuc_officer, cuc_leader):
            assert project.code not in signed_in(user).get("/").content.decode()


def test_a_refused_return_keeps_the_officers_words_and_names_the_field(
    thanh_hoa_centre: User, thanh_hoa_leader: User
) -> None:
    project = advance_to(make_project(thanh_hoa_centre), State.REVIEW_PROV, drafter=thanh_hoa_centre)
    data = {"action": "stop", "version": project.version, "note": "Lời dặn dài của lãnh đạo"}
    answer = signed_in(thanh_hoa_leader).post(f"/de-an/{project.code}/chuyen-buoc/", data)
    assert answer.status_code == 422
    assert "Lời dặn dài của lãnh đạo" in answer.content.decode()


def test_a_stale_page_cannot_move_the_project(thanh_hoa_centre: User, thanh_hoa_leader: User) -> None:
    project = advance_to(make_project(thanh_hoa_centre), State.REVIEW_PROV, drafter=thanh_hoa_centre)
    data = {"action": "pass", "version": project.version - 1}
    answer = signed_in(thanh_hoa_leader).post(f"/de-an/{project.code}/chuyen-buoc/", data)
    assert answer.status_code == 422
    assert "người khác thay đổi" in answer.content.decode()


def bulk_of_two(centre: User) -> tuple[Project, Project]:
    """A dossier the leader may pass, and one over the norm (with a name a spreadsheet would compute)."""
    good = advance_to(make_project(centre), State.REVIEW_PROV, drafter=centre)
    amounts = {"KCQG": 350 * MILLION, "OWN": 650 * MILLION}
    over = make_project(centre, title="=1+1", amounts=amounts)
    return good, advance_to(over, State.REVIEW_PROV, drafter=centre)


def test_a_bulk_step_first_says_what_it_would_do(thanh_hoa_centre: User, thanh_hoa_leader: User) -> None:
    good, over = bulk_of_two(thanh_hoa_centre)
    stale = advance_to(make_project(thanh_hoa_centre), State.REVIEW_PROV, drafter=thanh_hoa_centre)
    rows = [f"{good.code}:{good.version}", f"{over.code}:{over.version}", f"{stale.code}:1"]
    client, data = signed_in(thanh_hoa_leader), {"action": "pass", "code": rows}
    page = client.post("/chuyen-buoc-hang-loat/", data).content.decode()
    assert "Đạt thẩm định cấp cơ sở: 1 sẽ chuyển, 2 không" in page
    assert "người khác thay đổi" in page
    assert page.count('name="code"') == 1
    assert "<html" not in client.post("/chuyen-buoc-hang-loat/", data, headers=HTMX).content.decode()
    with act_as(thanh_hoa_leader):
        good.refresh_from_db()
    assert good.state == State.REVIEW_PROV


def test_foreseeing_costs_the_same_however_many_are_ticked(
    thanh_hoa_centre: User, thanh_hoa_leader: User
) -> None:
    client = signed_in(thanh_hoa_leader)

    def cost(ticked: list[str]) -> int:
        with CaptureQueriesContext(connection) as queries:
            client.post("/chuyen-buoc-hang-loat/", {"action": "pass", "code": ticked})
        return len(queries)

    few, more = ([f"{row.code}:{row.version}" for row in bulk_of_two(thanh_hoa_centre)] for _round in "12")
    cost(few)
    assert cost(few) == cost(few + more)


def test_a_confirmed_bulk_step_answers_row_by_row_and_as_a_file(
    thanh_hoa_centre: User, thanh_hoa_leader: User
) -> None:
    rows = [f"{row.code}:{row.version}" for row in bulk_of_two(thanh_hoa_centre)]
    data = {"action": "pass", "confirmed": "1", "code": rows}
    answer = signed_in(thanh_hoa_leader).post("/chuyen-buoc-hang-loat/", data)
    page = answer.content.decode()
    assert "1/2 hồ sơ đã chuyển" in page
    assert "Không chuyển" in page
    file = base64.b64decode(answer.context["file"].partition(",")[2]).decode("utf-8-sig")
    _head, moved, refused, _sum = csv.reader(io.StringIO(file))
    assert moved[2] == "Có"
    assert refused[1:3] == ["'=1+1", "Không"]


def test_a_bulk_step_is_called_by_the_arrow_it_takes(thanh_hoa_centre: User, cuc_officer: User) -> None:
    project = advance_to(make_project(thanh_hoa_centre), State.REGISTERED, drafter=thanh_hoa_centre)
    take("return", project, cuc_officer, note="Ghi rõ tên máy.")
    page = text_of(thanh_hoa_centre, "/")
    assert "Gửi lại Cục" in page
    assert "Nộp Sở Công Thương" not in page


def test_all_candidates_of_a_tranche_are_ranked_before_the_list_is_cut(
    thanh_hoa_centre: User, cuc_officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("programs.views.plans.CANDIDATES_SHOWN", 2)
    made = [
        make_project(thanh_hoa_centre, claims=[claim(code)] if code else []) for code in ("", "", "area_a")
    ]
    for project in made:
        advance_to(project, State.PASSED_MIN, drafter=thanh_hoa_centre)
    address = f"/dot/{open_tranche(made[0]).uuid}/"
    first = signed_in(cuc_officer).get(address)
    assert [row.project.code for row in first.context["candidates"]] == [made[2].code, made[0].code]
    assert "Còn 1 đề án, xem tiếp" in first.content.decode()
    [last] = signed_in(cuc_officer).get(f"{address}?tu=2").context["candidates"]
    assert (last.place, last.project.code) == (3, made[1].code)


def test_keyset_pages_show_every_project_once(
    thanh_hoa_centre: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("records.paging.PAGE_SIZE", 2)
    made = {make_project(thanh_hoa_centre).code for _number in range(5)}
    client, seen, url = signed_in(thanh_hoa_centre), [], "/de-an/"
    for _page in range(3):
        page = client.get(url).context["page"]
        seen += [project.code for project in page.rows]
        url = f"/de-an/?cursor={page.next}"
    assert sorted(seen) == sorted(made)
    assert client.get("/de-an/?cursor=rác").status_code == 200


def test_every_page_speaks_english_when_asked(thanh_hoa_officer: User) -> None:
    client = signed_in(thanh_hoa_officer)
    client.post("/tuy-chon/", {"language": "en", "next": "/de-an/"})
    page = client.get("/de-an/").content.decode()
    assert '<html lang="en"' in page
    assert "Support projects" in page


def test_the_language_switch_never_leaves_the_portal(thanh_hoa_officer: User) -> None:
    answer = signed_in(thanh_hoa_officer).post(
        "/tuy-chon/", {"language": "en", "next": "https://xau.example/"}
    )
    assert answer["Location"] == "/"


def test_an_unknown_project_is_a_plain_404_page(thanh_hoa_officer: User) -> None:
    answer = signed_in(thanh_hoa_officer).get("/de-an/KCQG-2027-99-0001/")
    assert answer.status_code == 404
    assert Project.objects.count() == 0


def test_whoever_records_decisions_sees_which_tranche_waits_and_for_how_much(
    thanh_hoa_centre: User, min_approver: User, cuc_officer: User
) -> None:
    tranche = open_tranche(make_project(thanh_hoa_centre))
    for _round in range(2):
        advance_to(make_project(thanh_hoa_centre), State.IN_PLAN, drafter=thanh_hoa_centre, tranche=tranche)
    waiting = signed_in(min_approver).get("/").context["tranches"]
    assert [(row.uuid, row.count, row.kcqg) for row in waiting] == [(tranche.uuid, 2, 500 * MILLION)]
    assert signed_in(cuc_officer).get("/").context["tranches"] == []


def test_the_plans_of_one_year_are_shown_the_national_one_first(
    thanh_hoa_centre: User, thanh_hoa_officer: User
) -> None:
    make_project(thanh_hoa_centre, purse=Purse.KCDP)
    make_project(thanh_hoa_centre)
    make_project(thanh_hoa_centre, year=2026)
    client = signed_in(thanh_hoa_officer)
    assert [plan.purse for plan in client.get("/ke-hoach/").context["plans"]] == [Purse.KCQG, Purse.KCDP]
    before = client.get("/ke-hoach/?nam=2026").context["plans"]
    assert [(plan.purse, plan.year) for plan in before] == [(Purse.KCQG, 2026)]
    assert client.get("/ke-hoach/?nam=1999").context["plans"][0].year == 2027
