"""Steps over the API are the steps of the portal: same map, same reasons, same records."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.scope import act_as
from programs import workflow
from programs.api.steps import ACTIONS
from programs.lifecycle import SINGLE_ACTIONS
from programs.models import Project, Tranche, Transition
from records.context import whole_country
from records.models import AuditEntry, OutboxMessage
from tests.api.client import Answer, Api
from tests.factories import MILLION, advance_to, make_project, open_tranche

DECISION = {"paper_number": "12/QĐ-BCT", "paper_date": "2026-11-02", "paper_signer": "Đỗ Thị Phê"}


def step(user: User, project: Project, action: str, **more: Any) -> Answer:
    with act_as(user):
        version = Project.objects.values_list("version", flat=True).get(pk=project.pk)
    return Api(user).post(
        f"/projects/{project.code}/transitions/", {"action": action, "version": version} | more
    )


def test_the_actions_are_those_of_the_map_but_the_ones_on_paper() -> None:
    assert set(ACTIONS) == set(SINGLE_ACTIONS) - {"record_appraisal"}
    assert set(ACTIONS) == {
        "submit",
        "recall",
        "receive",
        "return",
        "pass",
        "reject",
        "register",
        "plan",
        "unplan",
        "contract",
        "stop",
        "withdraw",
        "undo",
    }


def test_a_project_goes_the_whole_national_road_over_the_api(
    thanh_hoa_centre: User,
    thanh_hoa_officer: User,
    thanh_hoa_leader: User,
    cuc_officer: User,
    cuc_leader: User,
    min_approver: User,
) -> None:
    project = make_project(thanh_hoa_centre)
    road = [
        (thanh_hoa_centre, "submit", "SUBMITTED_PROV"),
        (thanh_hoa_centre, "recall", "DRAFT"),
        (thanh_hoa_centre, "submit", "SUBMITTED_PROV"),
        (thanh_hoa_officer, "receive", "REVIEW_PROV"),
        (thanh_hoa_leader, "pass", "PASSED_PROV"),
        (thanh_hoa_officer, "register", "REGISTERED"),
        (cuc_officer, "receive", "REVIEW_MIN"),
        (cuc_leader, "pass", "PASSED_MIN"),
    ]
    for user, action, target in road:
        answer = step(user, project, action)
        assert (answer.status, answer.body.get("target")) == (201, target), answer.body
        assert answer.headers["ETag"] == f'"{answer.body["version"]}"'
    tranche = open_tranche(project)
    for action, more, target in (
        ("plan", {"data": {"tranche": str(tranche.uuid)}}, "IN_PLAN"),
        ("unplan", {}, "PASSED_MIN"),
        ("plan", {"data": {"tranche": str(tranche.uuid)}}, "IN_PLAN"),
    ):
        answer = step(cuc_officer, project, action, **more)
        assert (answer.status, answer.body.get("target")) == (201, target), answer.body
    decided = Api(min_approver).post(
        f"/tranches/{tranche.uuid}/transitions/", {"action": "approve", "version": 4, "data": DECISION}
    )
    assert decided.status == 201, decided.body
    assert (decided.body["state"], decided.body["decision_number"]) == ("DECIDED", "12/QĐ-BCT")
    notice = {"paper_number": "34/CTĐP-KC", "paper_date": "2026-11-10", "paper_signer": "Bùi Văn Trình"}
    assigned = Api(cuc_officer).post(
        f"/tranches/{tranche.uuid}/transitions/",
        {"action": "assign", "version": decided.body["version"], "data": notice},
    )
    assert (assigned.status, assigned.body.get("state")) == (201, "ASSIGNED"), assigned.body
    history = Api(thanh_hoa_centre).get(f"/projects/{project.code}/transitions/").body["results"]
    assert [row["action"] for row in history][:2] == ["assign", "approve"]
    assert (history[1]["paper_number"], history[1]["effective_on"]) == ("12/QĐ-BCT", "2026-11-02")
    plan = Api(cuc_leader).get(f"/plans/{decided.body['plan']}/").body
    assert plan["ceilings"][0]["committed_vnd"] == 250 * MILLION
    stop = step(cuc_leader, project, "stop", note="Đơn vị giải thể", data=DECISION)
    assert (stop.status, stop.body.get("target")) == (201, "STOPPED"), stop.body


def test_a_local_project_is_approved_by_its_chairman(
    thanh_hoa_centre: User, thanh_hoa_officer: User, thanh_hoa_chair: User, min_approver: User
) -> None:
    project = advance_to(
        make_project(thanh_hoa_centre, purse="KCDP"), "PASSED_PROV", drafter=thanh_hoa_centre
    )
    tranche = open_tranche(project)
    assert step(thanh_hoa_officer, project, "plan", data={"tranche": str(tranche.uuid)}).status == 201
    path, decision = (
        f"/tranches/{tranche.uuid}/transitions/",
        {"action": "approve", "version": 2, "data": DECISION},
    )
    assert Api(min_approver).post(path, decision).status == 403
    assert Api(thanh_hoa_chair).post(path, decision).status == 201


def test_step_row_audit_and_outbox_are_written_together(thanh_hoa_centre: User) -> None:
    project = make_project(thanh_hoa_centre)
    step(thanh_hoa_centre, project, "submit", note="Xin thẩm định")
    with act_as(thanh_hoa_centre):
        row = Transition.objects.get(project=project)
        assert (row.actor, row.note, row.action) == (thanh_hoa_centre, "Xin thẩm định", "submit")
        assert AuditEntry.objects.filter(action="programs.submit", actor=thanh_hoa_centre).exists()
        assert not OutboxMessage.objects.exists(), "the queue is no person's to read"
    with whole_country():
        assert OutboxMessage.objects.filter(topic="project.moved", payload__project=project.pk).exists()


def test_a_step_needs_the_version_seen(thanh_hoa_centre: User) -> None:
    project = make_project(thanh_hoa_centre)
    api, path = Api(thanh_hoa_centre), f"/projects/{project.code}/transitions/"
    assert api.post(path, {"action": "submit"}).status == 428
    stale = api.post(path, {"action": "submit", "version": project.version + 5})
    assert (stale.status, stale.body["code"]) == (412, "stale_version")
    assert api.post(path, {"action": "submit"}, If_Match=f'"{project.version}"').status == 201
    assert api.post(path, {"action": "recall", "version": project.version}).status == 412


def test_in_scope_but_not_allowed_is_403_with_the_reason(
    thanh_hoa_centre: User, thanh_hoa_officer: User, partner: User
) -> None:
    project = advance_to(make_project(thanh_hoa_centre), "REVIEW_PROV", drafter=thanh_hoa_centre)
    for user in (thanh_hoa_officer, partner, thanh_hoa_centre):
        answer = step(user, project, "pass")
        assert (answer.status, answer.body["code"]) == (403, "forbidden")
        assert answer.body["detail"]


def test_a_step_that_the_state_does_not_know_is_a_conflict(thanh_hoa_centre: User) -> None:
    answer = step(thanh_hoa_centre, make_project(thanh_hoa_centre), "unplan")
    assert (answer.status, answer.body["code"]) == (409, "illegal_move")
    assert "Bản nháp" in answer.body["detail"]


def test_a_dossier_that_breaks_a_rule_is_refused_with_every_rule_and_its_source(
    thanh_hoa_centre: User, thanh_hoa_leader: User
) -> None:
    project = make_project(thanh_hoa_centre, amounts={"KCQG": 900 * MILLION, "OWN": 100 * MILLION})
    advance_to(project, "REVIEW_PROV", drafter=thanh_hoa_centre)
    answer = step(thanh_hoa_leader, project, "pass")
    assert (answer.status, answer.body["code"]) == (422, "incomplete"), answer.body
    found = {error["code"]: error for error in answer.body["errors"]}
    assert {"norm_cap", "norm_percent"} & set(found)
    assert all(error["source"] and error["message"] for error in found.values())
    checks = Api(thanh_hoa_centre).get(f"/projects/{project.code}/checks/").body
    assert set(found) <= {check["code"] for check in checks}
    assert Api(thanh_hoa_centre).get(f"/projects/{project.code}/").body["state"] == "REVIEW_PROV"


def test_a_return_needs_its_reason(thanh_hoa_centre: User, thanh_hoa_officer: User) -> None:
    project = advance_to(make_project(thanh_hoa_centre), "SUBMITTED_PROV", drafter=thanh_hoa_centre)
    answer = step(thanh_hoa_officer, project, "return")
    assert (answer.status, answer.body["code"], answer.fields) == (422, "missing_detail", ["note"])
    assert step(thanh_hoa_officer, project, "return", note="Thiếu báo giá").status == 201


def test_planning_needs_a_tranche_of_the_same_plan(thanh_hoa_centre: User, cuc_officer: User) -> None:
    project = advance_to(make_project(thanh_hoa_centre), "PASSED_MIN", drafter=thanh_hoa_centre)
    missing = step(cuc_officer, project, "plan")
    assert (missing.status, missing.fields) == (422, ["data.tranche"])
    unknown = step(cuc_officer, project, "plan", data={"tranche": "2f1f3a52-0000-4000-8000-000000000000"})
    assert (unknown.status, unknown.fields) == (400, ["data.tranche"])
    other = open_tranche(make_project(thanh_hoa_centre, year=2026, starts_on=None, ends_on=None))
    assert step(cuc_officer, project, "plan", data={"tranche": str(other.uuid)}).status == 409


def test_a_tranche_of_another_province_is_as_good_as_none(
    thanh_hoa_centre: User, thanh_hoa_officer: User, nghe_an_centre: User
) -> None:
    project = advance_to(
        make_project(thanh_hoa_centre, purse="KCDP"), "PASSED_PROV", drafter=thanh_hoa_centre
    )
    foreign = open_tranche(make_project(nghe_an_centre, purse="KCDP"))
    with act_as(nghe_an_centre):
        foreign_plan = foreign.plan.uuid
    answer = step(thanh_hoa_officer, project, "plan", data={"tranche": str(foreign.uuid)})
    assert (answer.status, answer.fields) == (400, ["data.tranche"])
    assert Api(thanh_hoa_officer).get(f"/tranches/{foreign.uuid}/").status == 404
    assert Api(thanh_hoa_officer).get(f"/plans/{foreign_plan}/").status == 404


@pytest.mark.parametrize("action", ["approve", "assign"])
def test_a_project_is_never_approved_or_assigned_by_itself(
    thanh_hoa_centre: User, min_approver: User, action: str
) -> None:
    project = advance_to(make_project(thanh_hoa_centre), "IN_PLAN", drafter=thanh_hoa_centre)
    answer = step(min_approver, project, action, data=DECISION)
    assert (answer.status, answer.fields, answer.codes) == (400, ["action"], ["by_tranche"])


BAD_STEPS: list[dict[str, Any]] = [
    {"action": "record_appraisal"},
    {"action": "fly"},
    {"action": ["submit"]},
    {"action": None},
    {},
    {"action": "submit", "note": "\u0000"},
    {"action": "submit", "note": 5 * ["x"]},
    {"action": "submit", "to": "APPROVED"},
    {"action": "submit", "data": {"state": "APPROVED"}},
    {"action": "submit", "data": []},
    {"action": "submit", "note": "x" * 4001},
    {"action": "submit", "\ud800": 1},
    {"action": "\ud800"},
]


@pytest.mark.parametrize("body", BAD_STEPS, ids=lambda value: str(value)[:40])
def test_a_malformed_step_is_answered_400(thanh_hoa_centre: User, body: dict[str, Any]) -> None:
    project = make_project(thanh_hoa_centre)
    path = f"/projects/{project.code}/transitions/"
    answer = Api(thanh_hoa_centre).post(path, {"version": project.version, **body})
    assert (answer.status, answer.body["code"]) == (400, "invalid")
    assert answer.body["errors"]


@pytest.mark.parametrize("version", [0, -1, 2**31, 10**30, "x", 1.5, [], {}])
def test_a_version_is_a_small_whole_number(thanh_hoa_centre: User, version: Any) -> None:
    project = make_project(thanh_hoa_centre)
    answer = Api(thanh_hoa_centre).post(
        f"/projects/{project.code}/transitions/", {"action": "submit", "version": version}
    )
    assert (answer.status, answer.fields[0].split(".")[0]) == (400, "version")


def decide(user: User, tranche: Tranche, **changes: Any) -> Answer:
    return Api(user).post(
        f"/tranches/{tranche.uuid}/transitions/",
        {"action": "approve", "version": tranche.version, "data": DECISION} | changes,
    )


def test_a_decision_needs_number_date_and_signer(thanh_hoa_centre: User, min_approver: User) -> None:
    project = make_project(thanh_hoa_centre)
    tranche = open_tranche(project)
    advance_to(project, "IN_PLAN", drafter=thanh_hoa_centre, tranche=tranche)
    for name in DECISION:
        answer = decide(min_approver, tranche, data={key: DECISION[key] for key in DECISION if key != name})
        assert (answer.status, answer.fields) == (422, [f"data.{name}"])
    tomorrow = (timezone.localdate() + dt.timedelta(days=1)).isoformat()
    assert decide(min_approver, tranche, data=DECISION | {"paper_date": tomorrow}).fields == [
        "data.paper_date"
    ]
    ancient = decide(min_approver, tranche, data=DECISION | {"paper_date": "0001-01-01"})
    assert (ancient.status, ancient.fields) == (422, ["data.paper_date"])
    assert "45/2012/NĐ-CP" in ancient.body["errors"][0]["message"]
    stale = decide(min_approver, tranche, version=9)
    assert (stale.status, stale.body["detail"].split()[0]) == (412, "Đợt")
    assert decide(min_approver, tranche, version=None).status == 400


def test_a_tranche_over_its_ceiling_names_every_blocker_and_changes_nothing(
    thanh_hoa_centre: User, min_approver: User
) -> None:
    project = make_project(thanh_hoa_centre)
    tranche = open_tranche(project, ceiling_vnd=100 * MILLION)
    advance_to(project, "IN_PLAN", drafter=thanh_hoa_centre, tranche=tranche)
    answer = decide(min_approver, tranche)
    assert (answer.status, answer.body["code"]) == (409, "plan_blocked")
    assert any("vượt trần" in error["message"] for error in answer.body["errors"])
    assert Api(min_approver).get(f"/tranches/{tranche.uuid}/").body["state"] == "DRAFT"
    assert Api(min_approver).get(f"/projects/{project.code}/").body["state"] == "IN_PLAN"


def test_an_implementer_may_not_decide(thanh_hoa_centre: User) -> None:
    tranche = open_tranche(make_project(thanh_hoa_centre))
    assert decide(thanh_hoa_centre, tranche).status == 403


def test_the_api_and_the_portal_take_the_same_step(thanh_hoa_centre: User) -> None:
    """One hand: what the API wrote is what the verb itself would have written."""
    by_api, by_verb = make_project(thanh_hoa_centre), make_project(thanh_hoa_centre)
    step(thanh_hoa_centre, by_api, "submit", note="Như nhau")
    with act_as(thanh_hoa_centre):
        workflow.take("submit", by_verb, actor=thanh_hoa_centre, note="Như nhau")
        rows = [Transition.objects.get(project=each) for each in (by_api, by_verb)]
        plain = [
            (
                row.action,
                row.source,
                row.target,
                row.version,
                row.note,
                row.data,
                row.paper_number,
                row.actor_id,
            )
            for row in rows
        ]
    assert plain[0] == plain[1]


def test_the_history_comes_in_pages(thanh_hoa_centre: User) -> None:
    project = make_project(thanh_hoa_centre)
    for action in ("submit", "recall", "submit"):
        assert step(thanh_hoa_centre, project, action).status == 201
    page = Api(thanh_hoa_centre).get(f"/projects/{project.code}/transitions/?page_size=2").body
    assert [row["action"] for row in page["results"]] == ["submit", "recall"]
    rest = Api(thanh_hoa_centre).get(page["next"]).body
    assert [row["action"] for row in rest["results"]] == ["submit"]
