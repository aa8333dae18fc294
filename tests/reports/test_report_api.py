"""Reports over the API: asked for, watched, stopped, fetched; the same policy as on the pages."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from django.test import Client
from jsonschema import Draft202012Validator

from accounts.models import ApiScope, User
from records.context import whole_country
from records.leases import JobStatus
from records.sniff import XLSX
from reports.models import Report
from tests.api.client import Api
from tests.factories import make_project
from tests.reports.conftest import ask, fresh, made

pytestmark = pytest.mark.django_db
real = pytest.mark.django_db(transaction=True)
BODY = {"kind": "registration_list", "year": 2027, "purse": "KCQG", "province": "38"}
DESCRIPTION = Path(__file__).resolve().parents[2] / "docs" / "openapi.yaml"


def set_row(uuid: str, **values: Any) -> None:
    with whole_country():
        Report.objects.filter(uuid=uuid).update(**values)


@real
def test_from_the_request_to_the_file(thanh_hoa_centre: User, partner: User, rung: list[Any]) -> None:
    project = make_project(thanh_hoa_centre)
    api = Api(partner)
    asked = api.post("/reports/", BODY)
    assert asked.status == 201 and asked.headers["Location"] == asked.body["url"]
    waiting = {name: asked.body[name] for name in ("status", "pct", "summary", "file_url")}
    assert waiting == {"status": "pending", "pct": 0, "summary": None, "file_url": None}
    assert asked.body["stage"] == "all" and asked.body["province"] == {"code": "38", "name": "Tỉnh Thanh Hóa"}
    assert len(rung) == 1
    made(fresh(Report(pk=rung[0][1])))
    done = api.get(asked.body["url"]).body
    assert (done["status"], done["pct"], done["step"], done["error"]) == ("done", 100, "", "")
    assert done["summary"] == {
        "projects": 1,
        **{
            f"{name}_vnd": getattr(project, f"{name}_vnd")
            for name in ("total", "kcqg", "kcdp", "own", "other")
        },
    }
    file = Client().get(done["file_url"], headers={**api.headers, "Accept": XLSX})
    assert file["Content-Type"] == XLSX and "attachment" in file["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(b"".join(file.streaming_content)))  # type: ignore[attr-defined]
    assert project.title in [cell.value for cell in book.worksheets[0]["B"]]


def test_the_same_request_while_it_runs_answers_with_the_first(partner: User) -> None:
    api = Api(partner)
    first, again = api.post("/reports/", BODY), api.post("/reports/", BODY)
    assert (first.status, again.status) == (201, 200)
    assert first.body["uuid"] == again.body["uuid"]


def test_a_key_sent_twice_makes_one_report_even_after_it_has_ended(partner: User) -> None:
    api = Api(partner)
    first = api.post("/reports/", BODY, Idempotency_Key="bao-cao-1")
    set_row(first.body["uuid"], status=JobStatus.CANCELLED)
    again = api.post("/reports/", BODY, Idempotency_Key="bao-cao-1")
    assert (again.status, again.body) == (201, first.body)
    assert again.headers["Location"] == first.headers["Location"]
    other = api.post("/reports/", BODY | {"year": 2026}, Idempotency_Key="bao-cao-1")
    assert (other.status, other.body["code"]) == (422, "idempotency_key_reused")
    with whole_country():
        assert Report.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "x"}, "kind"),
        ({"year": 1999}, "year"),
        ({"year": "năm sau"}, "year"),
        ({"purse": "KCXX"}, "purse"),
        ({"province": "99"}, "province"),
        ({"province": "3 8"}, "province"),
        ({"stage": "some"}, "stage"),
        ({"owner": 1}, "owner"),
    ],
)
def test_a_body_that_makes_no_sense_is_refused_at_its_field(
    partner: User, change: dict[str, Any], field: str
) -> None:
    answer = Api(partner).post("/reports/", BODY | change)
    assert (answer.status, answer.body["code"], answer.fields) == (400, "invalid", [field])


@pytest.mark.parametrize("province", ["40", "00", None])
def test_an_area_out_of_scope_is_refused_with_the_reason(partner: User, province: str | None) -> None:
    body = {name: value for name, value in (BODY | {"province": province}).items() if value}
    answer = Api(partner).post("/reports/", body)
    assert (answer.status, answer.body["code"]) == (403, "forbidden")
    assert "phạm vi" in answer.body["detail"] or "trung ương" in answer.body["detail"]


def test_a_national_partner_may_ask_for_the_nation(national_partner: User) -> None:
    answer = Api(national_partner).post("/reports/", {**BODY, "province": "00"})
    assert (answer.status, answer.body["province"]["code"]) == (201, "00")


def test_cancel_and_retry_follow_the_state(partner: User) -> None:
    api = Api(partner)
    uuid = api.post("/reports/", BODY).body["uuid"]
    early = api.post(f"/reports/{uuid}/retry/")
    assert (early.status, early.body["code"]) == (409, "illegal_move")
    assert api.get(f"/reports/{uuid}/file/").body["code"] == "illegal_move"
    assert api.post(f"/reports/{uuid}/cancel/").body["status"] == "cancelled"
    late = api.post(f"/reports/{uuid}/cancel/")
    assert (late.status, late.body["code"]) == (409, "illegal_move")
    again = api.post(f"/reports/{uuid}/retry/")
    assert (again.status, again.body["status"], again.body["uuid"]) == (200, "pending", uuid)


def test_a_refusal_in_place_of_a_file_is_a_problem_whatever_was_accepted(partner: User) -> None:
    api = Api(partner)
    uuid = api.post("/reports/", BODY).body["uuid"]
    answer = api.get(f"/reports/{uuid}/file/", Accept=XLSX)
    assert (answer.status, answer.headers["Content-Type"]) == (409, "application/problem+json")
    assert answer.body["code"] == "illegal_move"


def test_ones_list_is_newest_first_and_narrowed_by_status(partner: User) -> None:
    api = Api(partner)
    uuids = [api.post("/reports/", BODY | {"year": year}).body["uuid"] for year in (2025, 2026, 2027)]
    set_row(uuids[0], status=JobStatus.FAILED, error="Có lỗi.")
    assert [row["uuid"] for row in api.get("/reports/").body["results"]] == uuids[::-1]
    assert [row["uuid"] for row in api.get("/reports/?status=failed").body["results"]] == uuids[:1]
    page = api.get("/reports/?page_size=2").body
    assert [row["uuid"] for row in api.get(page["next"]).body["results"]] == uuids[:1]
    assert api.get("/reports/?status=x").status == 400
    assert api.get("/reports/?owner=1").codes == ["unknown_parameter"]


def test_a_reading_key_watches_but_does_not_ask(partner: User) -> None:
    report = ask(partner)
    api = Api(partner, scopes=(ApiScope.READ,))
    assert api.get(f"/reports/{report.uuid}/").status == 200
    assert api.post("/reports/", BODY).status == api.post(f"/reports/{report.uuid}/cancel/").status == 403


def test_without_a_key_nothing_is_answered() -> None:
    for path in ("/reports/", "/reports/00000000-0000-0000-0000-000000000000/file/"):
        assert Api(None).get(path).status == 401


@real
def test_answers_are_as_the_description_says(partner: User) -> None:
    schema = yaml.safe_load(DESCRIPTION.read_text())
    api = Api(partner)
    report = ask(partner)
    answers = {
        ("/api/v1/reports/{uuid}/", "get"): api.get(f"/reports/{report.uuid}/"),
        ("/api/v1/reports/", "post"): api.post("/reports/", BODY | {"year": 2026}),
        ("/api/v1/reports/{uuid}/retry/", "post"): api.post(f"/reports/{report.uuid}/retry/"),
    }
    made(report)
    answers["/api/v1/reports/", "get"] = api.get("/reports/")
    for (path, method), answer in answers.items():
        responses = schema["paths"][path][method]["responses"]
        (kind,) = responses[str(answer.status)]["content"].values()
        validator = Draft202012Validator({**kind["schema"], "components": schema["components"]})
        assert [error.message for error in validator.iter_errors(answer.body)] == []
    assert XLSX in schema["paths"]["/api/v1/reports/{uuid}/file/"]["get"]["responses"]["200"]["content"]
