"""Foreign things named where no address shows them: in a form, in JSON, among one's own."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.matrix import bodies, facts
from tests.matrix.cells import Answer, Asker, visible_tokens
from tests.matrix.listings import places
from tests.matrix.world import TOKEN, World
from vietnam.models import AdminUnit

OWN, FOREIGN = "here local PASSED_PROV", "there local PASSED_PROV"


class Smuggler(Asker):
    """Asks, and fails if the answer shows a foreign row or if anything was written."""

    def ask_in_vain(self, method: str, url: str, body: dict[str, Any]) -> Answer:
        before = facts.fingerprint()
        answer = self.ask(method, url, body)
        assert set(TOKEN.findall(answer.text)) <= visible_tokens(self.world, self.person)
        assert facts.fingerprint() == before
        return answer


@pytest.fixture
def officer(world: World) -> Smuggler:
    return Smuggler(world, world.people["so_officer"])


def plan_into(world: World, tranche: str, *, api: bool) -> tuple[str, dict[str, Any]]:
    project = world.project(OWN)
    body = bodies.step(world, project, "plan", api=api)
    (body["data"] if api else body)["tranche"] = str(places(world)[tranche])
    page = f"/de-an/{project['code']}/chuyen-buoc/"
    return (f"/api/v1/projects/{project['code']}/transitions/" if api else page), body


def foreign_commune(world: World) -> AdminUnit:
    home = world.project("there DRAFT")["province_id"]
    return AdminUnit.objects.filter(parent=home, level="commune", valid__contains=dt.date(2027, 1, 1))[0]


@pytest.mark.parametrize(("api", "status"), [(True, 400), (False, 404)])
def test_a_tranche_of_another_province_is_unknown_to_a_step(
    world: World, officer: Smuggler, api: bool, status: int
) -> None:
    assert officer.ask_in_vain("POST", *plan_into(world, "their_tranche", api=api)).status == status


@pytest.mark.parametrize(("api", "status"), [(True, 409), (False, 422)])
def test_a_local_project_enters_no_national_tranche(
    world: World, officer: Smuggler, api: bool, status: int
) -> None:
    assert officer.ask_in_vain("POST", *plan_into(world, "joint_tranche", api=api)).status == status


@pytest.mark.parametrize("verb", ["dua-vao", "dua-ra"])
def test_foreign_projects_neither_enter_nor_leave_ones_own_tranche(
    world: World, officer: Smuggler, verb: str
) -> None:
    codes = [bodies.ticked(world.project(label)) for label in (FOREIGN, "there local IN_PLAN")]
    url = f"/dot/{places(world)['own_tranche']}/{verb}/"
    assert officer.ask_in_vain("POST", url, {"code": codes}).status == 302


@pytest.mark.parametrize("action", ["receive", "pass", "register", "withdraw"])
def test_steps_for_several_pass_over_what_is_not_ones_own(
    world: World, officer: Smuggler, action: str
) -> None:
    rows = [row for row in world.rows["project"] if row["side"] == "there"]
    body = {"action": action, "code": [bodies.ticked(row) for row in rows], "note": bodies.NOTE}
    answer = officer.ask_in_vain("POST", "/chuyen-buoc-hang-loat/", body)
    assert answer.status == 200
    assert not any(row["code"] in answer.text for row in rows)


def test_an_implementer_moves_no_other_offices_project_in_a_batch(world: World) -> None:
    second = Smuggler(world, world.people["impl_second"])
    rows = [row for row in world.rows["project"] if row["side"] in {"here", "so", "there"}]
    codes = [bodies.ticked(row) for row in rows]
    body = {"action": "submit", "code": codes}
    assert second.ask_in_vain("POST", "/chuyen-buoc-hang-loat/", body).status == 200


def test_a_draft_takes_no_commune_of_another_province(world: World) -> None:
    asker, project = Smuggler(world, world.people["impl"]), world.project("here DRAFT")
    commune = foreign_commune(world).code
    new = {**bodies.new_project(world, None), "commune": commune}
    assert asker.ask_in_vain("POST", "/api/v1/projects/", new).status == 400
    changed = {"commune": commune, "version": project["version"]}
    assert asker.ask_in_vain("PATCH", f"/api/v1/projects/{project['code']}/", changed).status == 400


def test_a_report_on_another_province_is_refused(world: World) -> None:
    asker = Smuggler(world, world.people["so_officer_there"])
    body = bodies.report_here(world, None)
    assert asker.ask_in_vain("POST", "/api/v1/reports/", body).status == 403
    assert asker.ask_in_vain("POST", "/bao-cao/lap/", body).status == 422
