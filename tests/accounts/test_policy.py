"""The one door of permission: closed unless a rule of an app says yes."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from accounts.policy import PermissionRefused, UnknownRule, decide, require
from accounts.scope import act_as
from programs.lifecycle import ACTIONS, State
from programs.models import Project
from tests.factories import advance_to, make_project
from tests.pages import signed_in

APPS_WITH_RULES = ("accounts", "programs")


@pytest.mark.parametrize(
    "name", ["programs.fly", "nowhere.submit_project", "submit_project", "os.system", "", "."]
)
def test_a_rule_nobody_wrote_is_a_fault_and_never_a_yes(thanh_hoa_officer: User, name: str) -> None:
    with pytest.raises(UnknownRule):
        decide(thanh_hoa_officer, name)


@pytest.mark.parametrize("app", APPS_WITH_RULES)
def test_every_rule_is_found_by_its_name(thanh_hoa_officer: User, app: str) -> None:
    from accounts.policy import _rule

    rules = import_module(f"{app}.policy").RULES
    assert rules
    assert all(_rule(f"{app}.{name}") is rule for name, rule in rules.items())


def test_a_superuser_gets_no_more_than_a_post_gives(thanh_hoa_centre: User, thanh_hoa_leader: User) -> None:
    project = advance_to(make_project(thanh_hoa_centre), State.REVIEW_PROV, drafter=thanh_hoa_centre)
    root = User.objects.create(username="root", full_name="Siêu Quyền Thử", is_superuser=True, is_staff=True)
    assert root.has_perm("programs.change_project"), "Django would say yes"
    assert not any(decide(root, f"programs.{action}_project", project) for action in ACTIONS)
    assert not decide(root, "programs.create_project")
    with act_as(root):
        assert not Project.objects.visible_to(root).exists()
    assert signed_in(root).get(f"/de-an/{project.code}/").status_code == 404
    assert decide(thanh_hoa_leader, "programs.pass_project", project)


@pytest.mark.parametrize("who", [AnonymousUser(), None, "quantri", 1])
def test_nobody_in_particular_may_do_nothing(who: Any) -> None:
    for name in ("accounts.use_portal", "programs.create_project"):
        decision = decide(who, name)
        assert not decision
        assert str(decision.reason) == "Bạn cần đăng nhập để làm việc này."
        with pytest.raises(PermissionRefused, match="đăng nhập"):
            require(who, name)


def test_a_closed_account_may_do_nothing(thanh_hoa_officer: User) -> None:
    assert decide(thanh_hoa_officer, "accounts.use_portal")
    thanh_hoa_officer.is_active = False
    assert not decide(thanh_hoa_officer, "accounts.use_portal")


def test_a_no_comes_with_its_reason_in_the_decision_and_on_the_page(
    thanh_hoa_centre: User, thanh_hoa_officer: User, auditor: User
) -> None:
    decision = decide(auditor, "programs.create_project")
    assert not decision
    with pytest.raises(PermissionRefused) as refused:
        require(auditor, "programs.create_project")
    assert str(refused.value) == str(decision.reason)
    answer = signed_in(auditor).get("/nhap-bieu/")
    assert answer.status_code == 403
    assert str(decision.reason) in answer.content.decode()


def test_a_yes_is_returned_with_whose_authority_it_was(thanh_hoa_centre: User) -> None:
    decision = require(thanh_hoa_centre, "programs.create_project")
    assert decision.allowed
    assert decision.on_behalf_of_id is None
