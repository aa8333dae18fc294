"""Half a minute to take back a step that nobody outside has heard of."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from accounts.policy import PermissionRefused, decide
from accounts.scope import act_as
from programs.appraisal import fill
from programs.errors import IllegalMove, StaleVersion
from programs.lifecycle import State
from programs.models import Project
from records import outbox
from records.context import whole_country
from records.models import AuditEntry, InboxItem
from tests.factories import advance_to, helper_person, make_project, open_tranche, take
from tests.pages import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def submitted(thanh_hoa_centre: User) -> Project:
    return advance_to(make_project(thanh_hoa_centre), State.SUBMITTED_PROV, drafter=thanh_hoa_centre)


def test_a_reception_is_taken_back_and_both_steps_are_on_record(
    submitted: Project, thanh_hoa_officer: User
) -> None:
    since, due = submitted.state_since, submitted.due_on
    take("receive", submitted, thanh_hoa_officer)
    take("undo", submitted, thanh_hoa_officer)
    assert submitted.state == State.SUBMITTED_PROV
    assert (submitted.state_since, submitted.due_on) == (since, due), "the clock runs as if nothing had been"
    with act_as(thanh_hoa_officer):
        assert list(submitted.transitions.values_list("action", flat=True)) == ["submit", "receive", "undo"]
    with whole_country():
        assert AuditEntry.objects.filter(action="programs.undo").count() == 1
    take("receive", submitted, thanh_hoa_officer)


def test_after_half_a_minute_it_stands(submitted: Project, thanh_hoa_officer: User) -> None:
    take("receive", submitted, thanh_hoa_officer)
    with (
        time_machine.travel(timezone.now() + dt.timedelta(seconds=31)),
        pytest.raises(PermissionRefused, match="30 giây"),
    ):
        take("undo", submitted, thanh_hoa_officer)


def test_only_who_took_it_and_only_while_nobody_acted_since(
    submitted: Project, thanh_hoa_officer: User, thanh_hoa_leader: User
) -> None:
    take("receive", submitted, thanh_hoa_officer)
    with pytest.raises(PermissionRefused):
        take("undo", submitted, thanh_hoa_leader)
    with pytest.raises(StaleVersion):
        take("undo", submitted, thanh_hoa_officer, expected_version=submitted.version - 1)
    with act_as(thanh_hoa_leader):
        fill(submitted, {"need": ("PASS", "")}, actor=thanh_hoa_leader)
    with pytest.raises(PermissionRefused, match="chưa ai làm gì"):
        take("undo", submitted, thanh_hoa_officer)


def test_what_has_left_the_office_is_never_taken_back(
    submitted: Project, thanh_hoa_centre: User, thanh_hoa_officer: User, thanh_hoa_leader: User
) -> None:
    with pytest.raises(IllegalMove):
        take("undo", submitted, thanh_hoa_centre)
    take("receive", submitted, thanh_hoa_officer)
    take("pass", submitted, thanh_hoa_leader)
    with pytest.raises(PermissionRefused):
        take("undo", submitted, thanh_hoa_leader)
    take("register", submitted, thanh_hoa_officer)
    with pytest.raises(IllegalMove):
        take("undo", submitted, thanh_hoa_officer)


def test_a_project_goes_back_into_its_tranche_and_out_again(thanh_hoa_centre: User) -> None:
    project = advance_to(make_project(thanh_hoa_centre), State.PASSED_MIN, drafter=thanh_hoa_centre)
    tranche, officer = open_tranche(project), helper_person("CUC_OFFICER", "cuc")  # type: ignore[arg-type]
    take("plan", project, officer, tranche=tranche)
    take("undo", project, officer)
    assert (project.state, project.tranche_id) == (State.PASSED_MIN, None)
    take("plan", project, officer, tranche=tranche)
    take("unplan", project, officer)
    take("undo", project, officer)
    assert (project.state, project.tranche_id) == (State.IN_PLAN, tranche.pk)
    while outbox.dispatch():
        pass
    with whole_country():
        titles = InboxItem.objects.filter(user=thanh_hoa_centre).values_list("title", flat=True)
        assert [title.split(": ")[1] for title in titles].count("Đạt thẩm định cấp Bộ") == 1, "told once"


def test_the_page_offers_it_only_after_such_a_step(
    submitted: Project, thanh_hoa_officer: User, thanh_hoa_leader: User
) -> None:
    client, steps = signed_in(thanh_hoa_officer), f"/de-an/{submitted.code}/chuyen-buoc/"
    page = client.post(steps, {"action": "receive", "version": submitted.version}, follow=True)
    assert 'value="undo"' in page.content.decode()
    with act_as(thanh_hoa_officer):
        submitted.refresh_from_db()
        assert decide(thanh_hoa_officer, "programs.undo_project", submitted).allowed
    page = client.post(steps, {"action": "undo", "version": submitted.version}, follow=True)
    assert 'value="undo"' not in page.content.decode()
    with act_as(thanh_hoa_officer):
        submitted.refresh_from_db()
    assert submitted.state == State.SUBMITTED_PROV
