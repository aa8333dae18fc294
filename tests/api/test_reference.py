"""Units, norms and plans: dated, with their sources."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import ApiToken, User
from accounts.scope import act_as
from clusters.models import Cluster
from tests.api.client import Api
from tests.cast import province
from tests.factories import MILLION, make_project, open_tranche


def rows(user: User, path: str) -> list[dict[str, Any]]:
    answer = Api(user).get(path)
    assert answer.status == 200, answer.body
    found: list[dict[str, Any]] = answer.body["results"]
    return found


def test_provinces_are_those_of_the_day_asked_for(partner: User) -> None:
    now = rows(partner, "/units/?level=province&page_size=200&on=2026-01-01")
    before = rows(partner, "/units/?level=province&page_size=200&on=2025-06-30")
    assert (len(now), len(before)) == (34, 63)
    assert now[0]["valid_to"] is None


def test_a_unit_that_is_gone_names_what_it_became(partner: User) -> None:
    found = rows(partner, "/units/?level=province&on=2025-06-30&q=y%C3%AAn%20b%C3%A1i")
    assert found[0]["name"] == "Tỉnh Yên Bái"
    assert (found[0]["valid_to"], found[0]["successors"][0]["name"]) == ("2025-06-30", "Tỉnh Lào Cai")


def test_units_are_found_without_diacritics(partner: User) -> None:
    assert rows(partner, "/units/?q=thanh%20hoa&level=province")[0]["code"] == "38"
    assert rows(partner, "/units/?q=zzzzzz") == []


def test_communes_of_one_province_now_and_before(partner: User) -> None:
    now = rows(partner, "/units/?level=commune&province=38&page_size=200")
    before = rows(partner, "/units/?level=commune&province=38&page_size=200&on=2025-06-30")
    assert {row["parent"]["code"] for row in now} == {"38"}
    assert all("tỉnh Thanh Hóa" in row["full_name"] for row in [*now, *before])
    assert len(before) == 200
    one = rows(partner, f"/units/?level=commune&code={now[0]['code']}")
    assert [row["name"] for row in one] == [now[0]["name"]]


@pytest.mark.parametrize("on", ["2025-1-1", "%202025-01-01%20"])
def test_a_search_reads_the_day_as_the_list_does(partner: User, on: str) -> None:
    listed = rows(partner, f"/units/?level=province&on={on}&page_size=200")
    found = rows(partner, f"/units/?q=yen%20bai&level=province&on={on}")
    assert len(listed) == 63
    assert [row["name"] for row in found[:1]] == ["Tỉnh Yên Bái"]


@pytest.mark.parametrize(
    "query", ["on=01/07/2025", "on=x", "level=village", "q=%00", "code=1234567", "on=2025-13-01"]
)
def test_a_bad_question_about_units_is_refused(partner: User, query: str) -> None:
    answer = Api(partner).get(f"/units/?{query}")
    assert (answer.status, answer.fields) == (400, [query.partition("=")[0]])
    assert Api(partner).get(f"/units/?{query}&q=a").status == 400 or query.startswith("q")


def test_norms_are_those_of_the_day_with_their_source(partner: User) -> None:
    today = rows(partner, "/norms/?purse=KCQG&activity=N3.3")
    assert len(today) == 1
    norm = today[0]
    assert norm["cap_vnd"] is None or isinstance(norm["cap_vnd"], int)
    assert norm["source"] and norm["confidence"] and norm["activity_name"]
    assert rows(partner, "/norms/?on=1990-01-01") == []
    under = rows(partner, "/norms/?purse=KCQG&activity=N3")
    assert {row["activity"] for row in under} >= {"N3.3"}
    assert all(row["activity"].startswith("N3") for row in under)


def test_each_activity_has_one_norm_on_one_day(partner: User) -> None:
    for on in ("2015-06-01", "2020-01-01", "2026-06-01"):
        found = rows(partner, f"/norms/?on={on}&page_size=200")
        keys = [(row["purse"], (row["province"] or {}).get("code"), row["activity"]) for row in found]
        assert len(keys) == len(set(keys))


def test_a_plan_shows_ceilings_and_tranches(thanh_hoa_centre: User, partner: User) -> None:
    tranche = open_tranche(make_project(thanh_hoa_centre), ceiling_vnd=5_000 * MILLION)
    plans = rows(partner, "/plans/?year=2027&purse=KCQG")
    assert len(plans) == 1
    assert plans[0]["ceilings"] == [
        {
            "source": "KCQG",
            "amount_vnd": 5_000 * MILLION,
            "committed_vnd": 0,
            "remaining_vnd": 5_000 * MILLION,
            "document_number": "",
        }
    ]
    assert [row["uuid"] for row in plans[0]["tranches"]] == [str(tranche.uuid)]
    assert rows(partner, f"/tranches/?plan={plans[0]['uuid']}")[0]["number"] == tranche.number
    assert Api(partner).get(f"/tranches/{tranche.uuid}/").headers["ETag"] == '"1"'


def test_local_plans_of_other_provinces_stay_unseen(
    nghe_an_centre: User, partner: User, auditor: User
) -> None:
    open_tranche(make_project(nghe_an_centre, purse="KCDP"))
    assert rows(partner, "/plans/?purse=KCDP") == []
    assert len(rows(auditor, "/plans/?purse=KCDP")) == 1


def test_clusters_within_ones_own_provinces(
    thanh_hoa_officer: User, nghe_an_officer: User, partner: User
) -> None:
    for user, name in ((thanh_hoa_officer, "Thanh Hóa"), (nghe_an_officer, "Nghệ An")):
        with act_as(user):
            Cluster.objects.create(
                province=province(name),
                name=f"Cụm Thử {name}",
                legal_status="established",
                phase="OPERATING",
                area_ha="32.5",
            )
    found = rows(partner, "/clusters/?q=cum+thu&phase=OPERATING")
    assert [(row["name"], row["area_ha"]) for row in found] == [("Cụm Thử Thanh Hóa", "32.50")]
    assert Api(partner).get(f"/clusters/{found[0]['uuid']}/").body == found[0]
    assert Api(nghe_an_officer).get(f"/clusters/{found[0]['uuid']}/").status == 404


def test_issue_token_prints_a_key_that_works_once_and_only_there(partner: User) -> None:
    out, told = io.StringIO(), io.StringIO()
    call_command(
        "issue_token", partner.username, "--name", "Cổng tỉnh", "--days", "30", stdout=out, stderr=told
    )
    api = Api(None)
    api.headers["Authorization"] = f"Bearer {out.getvalue().strip()}"
    body = api.get("/me/").body
    assert (body["token"]["name"], body["token"]["scopes"]) == ("Cổng tỉnh", ["read"])
    assert out.getvalue().strip() not in told.getvalue()
    assert api.post("/projects/", {}).status == 403


@pytest.mark.parametrize("arguments", [["nobody"], ["partner", "--days", "0"], ["partner", "--days", "9999"]])
def test_issue_token_refuses_strangers_and_endless_keys(partner: User, arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("issue_token", *arguments)
    assert not ApiToken.objects.filter(user=partner).exists()
