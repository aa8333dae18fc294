"""A decision keeps each project's place by priority with its grounds, for anybody to work out again."""

from __future__ import annotations

import json

import pytest

from accounts.models import User
from accounts.scope import act_as
from programs.invariants import places_work_out_again
from programs.lifecycle import State
from programs.models import PriorityRule, Transition
from programs.priority import ranked, replay
from programs.tranches import decide
from records import context
from tests.factories import PAPER, advance_to, claim, make_project, open_tranche
from tests.pages import signed_in

pytestmark = pytest.mark.django_db


def test_a_decision_keeps_the_place_with_its_grounds_and_gives_it_again(
    thanh_hoa_centre: User, min_approver: User, cuc_officer: User
) -> None:
    first = make_project(thanh_hoa_centre, claims=[claim("area_d"), claim("export")])
    second = make_project(thanh_hoa_centre, claims=[claim("export")])
    tranche = open_tranche(first)
    for project in (second, first):
        advance_to(project, State.IN_PLAN, drafter=thanh_hoa_centre, tranche=tranche)
    address = f"/dot/{tranche.uuid}/"
    before = signed_in(cuc_officer).get(address).content.decode()
    why = "Địa bàn được ưu tiên hơn: “Địa bàn kinh tế - xã hội khó khăn, đặc biệt khó khăn”"
    assert why in before
    with act_as(min_approver):
        decide(tranche, actor=min_approver, paper=PAPER)
        kept = {step.project_id: step.data["rank"] for step in Transition.objects.filter(action="approve")}
    assert [kept[first.pk]["place"], kept[second.pk]["place"]] == [1, 2]
    assert [ground["predicate"] for ground in kept[first.pk]["grounds"]] == ["area_d", "export"]
    assert "priority:area_d:2013-02-10" in [each["rule"] for each in kept[first.pk]["rules"]]
    assert kept[first.pk]["ahead"].startswith(why)
    with context.whole_country():
        assert list(places_work_out_again()) == []
    assert why in signed_in(cuc_officer).get(address).content.decode()


@pytest.mark.owner_role
def test_a_version_corrected_in_place_moves_no_decided_place(
    thanh_hoa_centre: User, thanh_hoa_officer: User
) -> None:
    project = make_project(thanh_hoa_centre, claims=[claim("area_d"), claim("export")])
    advance_to(project, State.PASSED_PROV, drafter=thanh_hoa_centre)
    with act_as(thanh_hoa_officer):
        kept = json.loads(json.dumps(ranked([project])[0].to_json()))
        PriorityRule.objects.filter(code="area_d").update(position=7)
        PriorityRule.objects.filter(code="export").update(group="second")
        now = ranked([project])[0].to_json()
    assert now["key"] != kept["key"]
    assert replay(kept) == kept["key"]


def test_a_kept_place_that_does_not_follow_from_what_was_kept_is_named() -> None:
    rank = {"facts": {"code": "A"}, "rules": [], "key": [1, 99, 2, 0, "A"]}
    assert replay(rank) == rank["key"]
    assert replay({**rank, "facts": {"code": "A", "kind": "FLAGSHIP"}}) == rank["key"]
    law = [{"rule": "priority:flagship:2014-02-10", "code": "flagship", "group": "flagship"}]
    assert replay({**rank, "facts": {"code": "A", "kind": "FLAGSHIP"}, "rules": law}) != rank["key"]
