"""The road of a project, who may walk it, and what the database refuses."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import OrganisationKind, User
from accounts.policy import PermissionRefused
from accounts.roles import Role
from accounts.scope import act_as
from programs import tranches, workflow
from programs.drafting import save_draft
from programs.errors import (
    IllegalMove,
    Incomplete,
    MissingDetail,
    NotEditable,
    OverCeiling,
    PlanBlocked,
    StaleVersion,
)
from programs.lifecycle import Purse, Source, State
from programs.models import Ceiling, Commitment, Participation, Project
from programs.policy import choose_step
from programs.workflow import Paper
from tests import cast
from tests.factories import MILLION, PAPER, advance_to, commune, make_project, open_tranche, take, values
from vietnam.models import AdminUnit

pytestmark = pytest.mark.django_db


def test_a_national_project_walks_from_draft_to_assigned(
    thanh_hoa_centre: User, min_approver: User, cuc_officer: User
) -> None:
    project = make_project(thanh_hoa_centre)
    tranche = open_tranche(project)
    advance_to(project, State.IN_PLAN, drafter=thanh_hoa_centre, tranche=tranche)
    with act_as(min_approver):
        tranches.decide(tranche, actor=min_approver, paper=PAPER)
    with act_as(cuc_officer):
        tranches.assign(
            tranche, actor=cuc_officer, paper=Paper("12/TB-TN", dt.date(2026, 11, 3), "Người Ký Thử")
        )
        project.refresh_from_db()
        assert project.state == State.ASSIGNED
        assert project.transitions.count() == 9
        ceiling = Ceiling.objects.get(plan=project.plan_id)
        assert ceiling.committed_vnd == project.kcqg_vnd == 250 * MILLION


def test_a_local_project_is_approved_by_the_chairman_and_never_reaches_the_cuc(
    thanh_hoa_centre: User, thanh_hoa_chair: User, cuc_leader: User
) -> None:
    project = make_project(thanh_hoa_centre, purse=Purse.KCDP)
    tranche = open_tranche(project)
    advance_to(project, State.IN_PLAN, drafter=thanh_hoa_centre, tranche=tranche)
    with act_as(cuc_leader), pytest.raises(PermissionRefused):
        tranches.decide(tranche, actor=cuc_leader, paper=PAPER)
    with act_as(thanh_hoa_chair):
        tranches.decide(tranche, actor=thanh_hoa_chair, paper=PAPER)
        project.refresh_from_db()
    assert project.state == State.APPROVED


def test_the_drafter_may_not_appraise_even_from_another_post(thanh_hoa_centre: User) -> None:
    project = make_project(thanh_hoa_centre)
    cast.give_post(thanh_hoa_centre, Role.SO_LEADER, cast.so_of("Thanh Hóa"))
    person = User.objects.get(pk=thanh_hoa_centre.pk)
    take("submit", project, person)
    with pytest.raises(PermissionRefused, match="lập đề án"):
        take("receive", project, person)


def test_another_province_does_not_even_see_the_project(thanh_hoa_centre: User, nghe_an_leader: User) -> None:
    project = make_project(thanh_hoa_centre)
    with act_as(nghe_an_leader):
        assert not Project.objects.visible_to(nghe_an_leader).filter(pk=project.pk).exists()
        assert not Project.objects.filter(pk=project.pk).exists(), "the database itself hides the row"
        with pytest.raises(Project.DoesNotExist):
            workflow.take("receive", project, actor=nghe_an_leader)


def test_a_return_needs_a_reason_the_other_side_can_read(
    thanh_hoa_centre: User, thanh_hoa_officer: User
) -> None:
    project = make_project(thanh_hoa_centre)
    take("submit", project, thanh_hoa_centre)
    with pytest.raises(MissingDetail) as refused:
        take("return", project, thanh_hoa_officer, note="  ")
    assert refused.value.field == "note"
    take("return", project, thanh_hoa_officer, note="Thiếu báo giá máy.")
    assert project.state == State.RETURNED_PROV


def test_a_stale_version_changes_nothing(thanh_hoa_centre: User) -> None:
    project = make_project(thanh_hoa_centre)
    seen = project.version
    with act_as(thanh_hoa_centre):
        save_draft(project, values(title="Tên mới"), actor=thanh_hoa_centre, expected_version=seen)
        with pytest.raises(StaleVersion):
            save_draft(project, values(title="Tên khác"), actor=thanh_hoa_centre, expected_version=seen)
        project.refresh_from_db()
    assert project.title == "Tên mới"


def test_a_regional_centre_recalls_what_it_has_sent_itself_until_the_cuc_receives_it(
    thanh_hoa_centre: User, thanh_hoa_officer: User, cuc_officer: User
) -> None:
    office = cast.office(OrganisationKind.REGION, "Trung tâm Khuyến công vùng Thử", AdminUnit.nation())
    region_officer = cast.person("vung.can.bo", "Người Vùng Thử", Role.REGION, office)
    place = commune("Thọ Xuân", "Thanh Hóa")
    mine = make_project(region_officer, commune=place)
    theirs = make_project(thanh_hoa_centre, implementer=office)
    take("submit", mine, region_officer)
    with act_as(thanh_hoa_officer):
        assert not choose_step(thanh_hoa_officer, mine, "recall")[1].allowed, "the Sở has never had it"
    assert take("recall", mine, region_officer).state == State.DRAFT
    take("submit", mine, region_officer)
    take("receive", mine, cuc_officer)
    with pytest.raises(IllegalMove):
        take("recall", mine, region_officer)
    advance_to(theirs, State.REGISTERED, drafter=thanh_hoa_centre)
    with act_as(thanh_hoa_centre):
        assert not choose_step(region_officer, theirs, "recall")[1].allowed, "the Sở has registered it"


def test_a_submitted_dossier_can_be_recalled_until_it_is_received(
    thanh_hoa_centre: User, thanh_hoa_officer: User
) -> None:
    project = make_project(thanh_hoa_centre)
    take("submit", project, thanh_hoa_centre)
    with act_as(thanh_hoa_centre), pytest.raises(NotEditable):
        save_draft(project, values(), actor=thanh_hoa_centre)
    take("recall", project, thanh_hoa_centre)
    take("submit", project, thanh_hoa_centre)
    take("receive", project, thanh_hoa_officer)
    with pytest.raises(IllegalMove):
        take("recall", project, thanh_hoa_centre)


def test_over_norm_money_may_be_submitted_but_not_passed(
    thanh_hoa_centre: User, thanh_hoa_officer: User, thanh_hoa_leader: User
) -> None:
    amounts = {Source.KCQG: 350 * MILLION, Source.OWN: 650 * MILLION}
    project = make_project(thanh_hoa_centre, amounts=amounts)
    take("submit", project, thanh_hoa_centre)
    take("receive", project, thanh_hoa_officer)
    with pytest.raises(Incomplete) as refused:
        take("pass", project, thanh_hoa_leader)
    assert [verdict.code for verdict in refused.value.verdicts] == ["norm_cap"]


def test_money_past_the_ceiling_is_refused_with_every_blocker_named(
    thanh_hoa_centre: User, min_approver: User
) -> None:
    project = make_project(thanh_hoa_centre)
    tranche = open_tranche(project, ceiling_vnd=249 * MILLION)
    advance_to(project, State.IN_PLAN, drafter=thanh_hoa_centre, tranche=tranche)
    with act_as(min_approver), pytest.raises(PlanBlocked) as refused:
        tranches.decide(tranche, actor=min_approver, paper=PAPER)
    assert "vượt trần" in refused.value.blockers[0]
    with act_as(min_approver):
        project.refresh_from_db()
        assert project.state == State.IN_PLAN
        assert not Commitment.objects.exists()


def test_a_ceiling_cannot_sink_below_what_is_committed(thanh_hoa_centre: User, min_approver: User) -> None:
    project = make_project(thanh_hoa_centre)
    tranche = open_tranche(project)
    advance_to(project, State.IN_PLAN, drafter=thanh_hoa_centre, tranche=tranche)
    with act_as(min_approver):
        tranches.decide(tranche, actor=min_approver, paper=PAPER)
    leader = User.objects.get(username="helper.cuc_leader.cuc")
    with act_as(leader), pytest.raises(OverCeiling):
        tranches.set_ceiling(project.plan, Source.KCQG, 249 * MILLION, actor=leader)
    with act_as(leader), pytest.raises(IntegrityError), transaction.atomic():
        Ceiling.objects.update(amount_vnd=249 * MILLION)


def test_stopping_gives_the_money_back_once(thanh_hoa_centre: User, min_approver: User) -> None:
    project = make_project(thanh_hoa_centre)
    tranche = open_tranche(project)
    advance_to(project, State.IN_PLAN, drafter=thanh_hoa_centre, tranche=tranche)
    with act_as(min_approver):
        tranches.decide(tranche, actor=min_approver, paper=PAPER)
        project.refresh_from_db()
    take("stop", project, min_approver, note="Cơ sở ngừng hoạt động.", paper=PAPER)
    with act_as(min_approver):
        assert Ceiling.objects.get(plan=project.plan_id).committed_vnd == 0
        assert project.state == State.STOPPED


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE programs_project SET state = 'APPROVED' WHERE id = %(id)s",
        "UPDATE programs_project SET state = 'SUBMITTED_PROV', version = version + 1 WHERE id = %(id)s",
        "UPDATE programs_project SET kcqg_vnd = 1 WHERE id = %(id)s",
        "UPDATE programs_project SET code = 'KCQG-2027-38-9999' WHERE id = %(id)s",
        "UPDATE programs_ceiling SET committed_vnd = 0",
        "UPDATE programs_transition SET note = 'x'",
        "DELETE FROM programs_transition",
        "DELETE FROM programs_participation",
        "INSERT INTO programs_ceiling (plan_id, source, amount_vnd, committed_vnd, document_number)"
        " SELECT plan_id, 'OWN', 10, 5, '' FROM programs_project WHERE id = %(id)s",
    ],
)
def test_hand_written_sql_cannot_go_round_the_workflow(
    thanh_hoa_centre: User, min_approver: User, statement: str
) -> None:
    project = make_project(thanh_hoa_centre)
    tranche = open_tranche(project)
    advance_to(project, State.IN_PLAN, drafter=thanh_hoa_centre, tranche=tranche)
    with act_as(min_approver):
        tranches.decide(tranche, actor=min_approver, paper=PAPER)
    other = make_project(thanh_hoa_centre)
    with (
        act_as(min_approver),
        pytest.raises(Exception, match="violates|denied|append_only|needs|locked|fixed|by_rows"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, {"id": other.pk})
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_one_person_holds_one_duty_a_project_whatever_sql_says(thanh_hoa_centre: User) -> None:
    project = make_project(thanh_hoa_centre)
    with act_as(thanh_hoa_centre), pytest.raises(IntegrityError), transaction.atomic():
        Participation.objects.create(project=project, user=thanh_hoa_centre, duty="APPROVE")


def test_totals_follow_the_budget_rows(thanh_hoa_centre: User) -> None:
    project = make_project(thanh_hoa_centre)
    with act_as(thanh_hoa_centre):
        line = project.lines.get()
        line.amounts.filter(source=Source.OWN).update(amount_vnd=1)
        project.refresh_from_db()
        assert (project.kcqg_vnd, project.own_vnd, project.total_vnd) == (250 * MILLION, 1, 600 * MILLION)
        line.delete()
        project.refresh_from_db()
        assert project.total_vnd == project.kcqg_vnd == 0
