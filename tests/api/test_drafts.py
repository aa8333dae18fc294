"""Making and changing a draft: the same verbs as the form, nothing else writable."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import User
from accounts.scope import act_as
from beneficiaries.models import Establishment
from programs.beneficiary_forms import BeneficiaryForm
from programs.models import Project
from tests.api.client import Api
from tests.factories import MILLION, advance_to, make_project


def body(**changes: Any) -> dict[str, Any]:
    return {
        "purse": "KCQG",
        "year": 2027,
        "title": "Ứng dụng máy sấy lạnh trong chế biến nông sản",
        "activity": "N3.3",
        "sector": "a",
        "starts_on": "2027-03-01",
        "ends_on": "2027-10-30",
        "beneficiaries": [{"name": "Công ty TNHH Sấy Lạnh Giả Định", "tax_code": "9900000014"}],
        "lines": [
            {
                "description": "Máy sấy",
                "total_vnd": 600 * MILLION,
                "kcqg_vnd": 200 * MILLION,
                "own_vnd": 400 * MILLION,
            }
        ],
        "schedule": [{"content": "Mua máy", "starts_on": "2027-03-01"}],
        "results": [{"indicator": "Công suất", "value": "500", "unit": "kg/mẻ"}],
    } | changes


def test_a_drafter_makes_a_draft_and_reads_it_back(thanh_hoa_centre: User) -> None:
    api = Api(thanh_hoa_centre)
    made = api.post("/projects/", body())
    assert made.status == 201, made.body
    code = made.body["code"]
    assert code.startswith("KCQG-2027-38-")
    assert made.headers["ETag"] == f'"{made.body["version"]}"'
    assert made.headers["Location"].endswith(f"/api/v1/projects/{code}/")
    read = api.get(f"/projects/{code}/").body
    assert read == made.body
    assert (read["state"], read["total_vnd"], read["kcqg_vnd"], read["own_vnd"]) == (
        "DRAFT",
        600 * MILLION,
        200 * MILLION,
        400 * MILLION,
    )
    assert read["lines"][0]["kcqg_vnd"] == 200 * MILLION
    assert read["starts_on"] == "2027-03-01"
    assert read["beneficiaries"][0]["name"] == "Công ty TNHH Sấy Lạnh Giả Định"
    assert {step["action"] for step in read["steps"]} >= {"submit"}


def test_who_may_not_draft_is_told_why(partner: User, cuc_officer: User, auditor: User) -> None:
    for user in (partner, cuc_officer, auditor):
        answer = Api(user).post("/projects/", body())
        assert (answer.status, answer.body["code"]) == (403, "forbidden")
        assert "lập đề án" in answer.body["detail"]


SET_BY_NOBODY: dict[str, Any] = {
    "state": "APPROVED",
    "code": "KCQG-2027-38-9999",
    "province": 1,
    "owner": 1,
    "kcqg_vnd": 1,
    "total_vnd": 1,
    "tranche": 1,
    "plan": 1,
    "annex_order": 1,
    "created_by": 1,
    "due_on": "2027-01-01",
    "uuid": "x",
    "implementer": 1,
    "title_folded": "x",
    "state_since": "2020-01-01",
    "updated_at": "2020-01-01",
}


@pytest.mark.parametrize("name", SET_BY_NOBODY)
def test_what_a_drafter_may_not_set_is_refused_by_name(thanh_hoa_centre: User, name: str) -> None:
    api = Api(thanh_hoa_centre)
    answer = api.post("/projects/", body(**{name: SET_BY_NOBODY[name]}))
    assert (answer.status, answer.fields, answer.codes) == (400, [name], ["unknown"])


CITIZEN = "079203012345"
TEXTS: list[tuple[dict[str, Any], str]] = [
    ({"title": f"Hỗ trợ bà Thử {CITIZEN}"}, "title"),
    ({"necessity": f"CCCD {CITIZEN}"}, "necessity"),
    ({"beneficiaries": [{"name": f"Hộ Thử {CITIZEN}"}]}, "beneficiaries.0.name"),
    ({"beneficiaries": [{"name": "Hộ Thử", "address": CITIZEN}]}, "beneficiaries.0.address"),
    ({"schedule": [{"content": "Mua máy", "doer": f"ông Thử {CITIZEN}"}]}, "schedule.0.doer"),
    ({"results": [{"indicator": "Công suất", "value": CITIZEN}]}, "results.0.value"),
]


@pytest.mark.parametrize(("changes", "path"), TEXTS)
def test_a_personal_number_belongs_in_the_tax_code_alone(
    thanh_hoa_centre: User, changes: dict[str, Any], path: str
) -> None:
    api = Api(thanh_hoa_centre)
    answer = api.post("/projects/", body(**changes))
    assert (answer.status, answer.fields, answer.codes) == (400, [path], ["personal_number"])
    made = api.post("/projects/", body(beneficiaries=[{"name": "Hộ Thử", "tax_code": CITIZEN}]))
    assert made.status == 201
    assert made.body["beneficiaries"][0]["tax_code"] == "079******345"


def test_an_estimate_that_adds_up_past_every_amount_is_refused_with_a_sentence(
    thanh_hoa_centre: User,
) -> None:
    line = {"description": "Máy", "total_vnd": 2**53 - 1, "own_vnd": 2**53 - 1}
    answer = Api(thanh_hoa_centre).post("/projects/", body(lines=[line] * 3))
    assert (answer.status, answer.fields) == (400, ["lines"])
    assert "9.007.199.254.740.992 đồng" in answer.body["errors"][0]["message"]
    one = Api(thanh_hoa_centre).post("/projects/", body(lines=[line]))
    assert (one.status, one.body["total_vnd"]) == (201, 2**53 - 1)


BAD_VALUES: list[tuple[dict[str, Any], str]] = [
    ({"title": ""}, "title"),
    ({"title": "x" * 501}, "title"),
    ({"title": "a\u0000b"}, "title"),
    ({"title": "\ud800"}, "title"),
    ({"year": 2013}, "year"),
    ({"year": 2090}, "year"),
    ({"year": 10**400}, "year"),
    ({"year": None}, "year"),
    ({"purse": "KC"}, "purse"),
    ({"purse": "\ud800"}, "purse"),
    ({"activity": "N99"}, "activity"),
    ({"sector": "z"}, "sector"),
    ({"commune": "00001"}, "commune"),
    ({"starts_on": "2027-02-30"}, "starts_on"),
    ({"starts_on": "01/03/2027"}, "starts_on"),
    ({"ends_on": "2027-01-01"}, "ends_on"),
    ({"lines": [{"description": "x", "total_vnd": -1}]}, "lines.0.total_vnd"),
    ({"lines": [{"description": "x", "total_vnd": 1.5}]}, "lines.0.total_vnd"),
    ({"lines": [{"description": "x", "total_vnd": "1000"}]}, "lines.0.total_vnd"),
    ({"lines": [{"description": "x", "total_vnd": True}]}, "lines.0.total_vnd"),
    ({"lines": [{"description": "x", "total_vnd": 2**63}]}, "lines.0.total_vnd"),
    ({"lines": [{"total_vnd": 1}]}, "lines.0.description"),
    ({"lines": [{"description": "x", "total_vnd": 1, "kcqg": 1}]}, "lines.0.kcqg"),
    ({"lines": {}}, "lines"),
    ({"lines": [5]}, "lines.0"),
    ({"beneficiaries": [{"name": ""}]}, "beneficiaries.0.name"),
    ({"beneficiaries": [{"name": "A", "commune": "99999"}]}, "beneficiaries.0.commune"),
    ({"beneficiaries": [{"name": "A", "tax_code": "abc"}]}, "beneficiaries.0.tax_code"),
    ({"beneficiaries": [{"name": "A", "tax_code": "٠١٢٣٤٥٦٧٨٩"}]}, "beneficiaries.0.tax_code"),
    ({"beneficiaries": [{"name": "A", "tax_code": "99000000179"}]}, "beneficiaries.0.tax_code"),
    ({"beneficiaries": [{"name": "A", "tax_code": "101248141"}]}, "beneficiaries.0.tax_code"),
]


@pytest.mark.parametrize(("change", "field"), BAD_VALUES, ids=lambda value: str(value)[:40])
def test_a_bad_value_is_answered_at_its_field(
    thanh_hoa_centre: User, change: dict[str, Any], field: str
) -> None:
    answer = Api(thanh_hoa_centre).post("/projects/", body(**change))
    assert answer.status == 400, answer.body
    assert answer.fields == [field]
    assert answer.body["errors"][0]["message"]


def test_a_tax_code_is_refused_in_the_forms_own_words(thanh_hoa_centre: User) -> None:
    project = make_project(thanh_hoa_centre)
    change = {"version": project.version, "beneficiaries": [{"name": "A", "tax_code": "abc"}]}
    answer = Api(thanh_hoa_centre).patch(f"/projects/{project.code}/", change)
    form = BeneficiaryForm({"name": "A", "tax_code": "abc"}, project=project)
    assert (answer.status, answer.codes) == (400, ["tax_code"])
    assert [error["message"] for error in answer.body["errors"]] == form.errors["tax_code"]


def test_a_day_of_any_year_comes_back_as_an_iso_date(thanh_hoa_centre: User) -> None:
    made = Api(thanh_hoa_centre).post("/projects/", body(starts_on="0027-03-01"))
    assert (made.status, made.body["starts_on"]) == (201, "0027-03-01")


def test_a_commune_of_another_province_is_refused(thanh_hoa_centre: User, nghe_an_centre: User) -> None:
    there = make_project(nghe_an_centre).commune
    assert there is not None
    answer = Api(thanh_hoa_centre).post("/projects/", body(commune=there.code))
    assert answer.fields == ["commune"]


def test_a_change_needs_the_version_seen(thanh_hoa_centre: User) -> None:
    project = make_project(thanh_hoa_centre)
    api, path = Api(thanh_hoa_centre), f"/projects/{project.code}/"
    missing = api.patch(path, {"title": "Tên mới"})
    assert (missing.status, missing.body["code"]) == (428, "version_required")
    stale = api.patch(path, {"title": "Tên mới", "version": project.version + 1})
    assert (stale.status, stale.body["code"]) == (412, "stale_version")
    assert stale.headers["ETag"] == f'"{project.version}"'
    done = api.patch(path, {"title": "Tên mới"}, If_Match=f'"{project.version}"')
    assert (done.status, done.body["title"]) == (200, "Tên mới")
    assert done.headers["ETag"] == f'"{project.version + 1}"'
    again = api.patch(path, {"title": "Cũ đè mới"}, If_Match=f'"{project.version}"')
    assert again.status == 412
    assert api.get(path).body["title"] == "Tên mới"


def test_a_tag_weakened_by_a_proxy_still_names_its_version(thanh_hoa_centre: User) -> None:
    project = make_project(thanh_hoa_centre)
    api, path = Api(thanh_hoa_centre), f"/projects/{project.code}/"
    assert api.patch(path, {"scale": "x"}, If_Match=f'W/"{project.version}"').status == 200


@pytest.mark.parametrize("tag", ["*", "3", '"x"', '"1", "2"', '"99999999999999"'])
def test_if_match_must_name_one_version(thanh_hoa_centre: User, tag: str) -> None:
    project = make_project(thanh_hoa_centre)
    answer = Api(thanh_hoa_centre).patch(f"/projects/{project.code}/", {"scale": "x"}, If_Match=tag)
    assert answer.status == 428


def test_two_different_versions_in_one_request_are_refused(thanh_hoa_centre: User) -> None:
    project = make_project(thanh_hoa_centre)
    answer = Api(thanh_hoa_centre).patch(f"/projects/{project.code}/", {"version": 7}, If_Match='"8"')
    assert (answer.status, answer.fields) == (400, ["version"])


def test_what_a_change_leaves_out_stays_and_a_list_replaces_the_list(thanh_hoa_centre: User) -> None:
    api = Api(thanh_hoa_centre)
    made = api.post("/projects/", body()).body
    path = f"/projects/{made['code']}/"
    lines = [{"description": "Máy khác", "total_vnd": 10, "own_vnd": 10}]
    changed = api.patch(path, {"version": made["version"], "lines": lines, "activity": None}).body
    assert (changed["total_vnd"], changed["own_vnd"], changed["activity"]) == (10, 10, None)
    assert changed["title"] == made["title"]
    assert changed["results"] == made["results"]


def test_a_line_that_lacks_a_part_is_refused_on_a_change_too(thanh_hoa_centre: User) -> None:
    project = make_project(thanh_hoa_centre)
    change = {"version": project.version, "lines": [{"kcqg_vnd": 5}]}
    answer = Api(thanh_hoa_centre).patch(f"/projects/{project.code}/", change)
    assert answer.fields == ["lines.0.description", "lines.0.total_vnd"]


def test_a_submitted_dossier_is_closed(thanh_hoa_centre: User) -> None:
    project = advance_to(make_project(thanh_hoa_centre), "SUBMITTED_PROV", drafter=thanh_hoa_centre)
    answer = Api(thanh_hoa_centre).patch(
        f"/projects/{project.code}/", {"version": project.version, "title": "x"}
    )
    assert (answer.status, answer.body["code"]) == (409, "not_editable")


def test_an_officer_who_sees_a_draft_may_not_change_it(
    thanh_hoa_centre: User, thanh_hoa_officer: User
) -> None:
    project = make_project(thanh_hoa_centre)
    answer = Api(thanh_hoa_officer).patch(
        f"/projects/{project.code}/", {"version": project.version, "title": "x"}
    )
    assert (answer.status, answer.body["code"]) == (403, "forbidden")


def test_a_personal_number_goes_in_and_never_comes_out(thanh_hoa_centre: User, partner: User) -> None:
    number = "038099012345"
    parties = [{"name": "Hộ kinh doanh Nguyễn Văn Giả", "tax_code": number, "legal_form": "HKD"}]
    made = Api(thanh_hoa_centre).post("/projects/", body(beneficiaries=parties))
    assert made.status == 201
    shown = made.body["beneficiaries"][0]
    assert shown["tax_code"] and number not in str(made.body)
    for path in (
        "/projects/",
        f"/projects/{made.body['code']}/",
        "/establishments/",
        f"/establishments/{shown['uuid']}/",
    ):
        assert number not in str(Api(partner).get(path).body)
    assert Api(partner).get(f"/establishments/?q={number}").body["results"] == []
    row = Api(partner).get(f"/establishments/{shown['uuid']}/").body
    assert row["tax_code_is_personal"] is True
    with act_as(thanh_hoa_centre):
        kept = Establishment.objects.get(uuid=shown["uuid"])
        assert number not in str(vars(kept))


def test_a_refused_draft_leaves_nothing(thanh_hoa_centre: User) -> None:
    api = Api(thanh_hoa_centre)
    api.post("/projects/", body(ends_on="2026-01-01"))
    with act_as(thanh_hoa_centre):
        assert Project.objects.count() == 0
        assert Establishment.objects.count() == 0
