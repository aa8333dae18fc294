"""Tranches: composed freely, decided all together or not at all, on the list that was seen."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from accounts.models import Delegation, User
from accounts.policy import PermissionRefused
from accounts.roles import Role
from accounts.scope import act_as
from programs import tranches
from programs.errors import IllegalMove, MissingDetail, PlanBlocked, StaleVersion
from programs.lifecycle import Purse, Source, State
from programs.models import Ceiling, Participation, Project, Tranche, TrancheState, Transition, YearPlan
from programs.selectors import waiting_for, waiting_tranches
from programs.workflow import Paper
from records.models import AuditEntry
from tests import cast
from tests.factories import MILLION, PAPER, advance_to, claim, make_project, open_tranche, take
from tests.pages import signed_in

pytestmark = pytest.mark.django_db

NOTICE = Paper("12/TB-TN", dt.date(2026, 11, 3), "Người Ký Thử")


def planned(
    drafter: User, *asked: int, ceiling: int = 2000, special: dict[int, dict[str, Any]] | None = None
) -> tuple[Tranche, list[Project]]:
    """A tranche with one project for each amount of state money asked (million); ``special`` by amount."""
    projects = [
        make_project(
            drafter,
            amounts={Source.KCQG: vnd * MILLION, Source.OWN: vnd * 2 * MILLION},
            **(special or {}).get(vnd, {}),
        )
        for vnd in asked
    ]
    tranche = open_tranche(projects[0], ceiling_vnd=ceiling * MILLION)
    for project in projects:
        advance_to(project, State.IN_PLAN, drafter=drafter, tranche=tranche)
    return tranche, projects


def decide(tranche: Tranche, actor: User, paper: Paper = PAPER, version: int | None = None) -> Tranche:
    with act_as(actor):
        return tranches.decide(tranche, actor=actor, paper=paper, expected_version=version)


def fresh(actor: User, projects: list[Project]) -> list[Project]:
    with act_as(actor):
        for project in projects:
            project.refresh_from_db()
    return projects


def held(actor: User, plan_id: int) -> int:
    with act_as(actor):
        return Ceiling.objects.get(plan=plan_id).committed_vnd


def test_what_the_simulator_asks_is_what_the_decision_holds(
    thanh_hoa_centre: User, cuc_leader: User, min_approver: User
) -> None:
    tranche, projects = planned(thanh_hoa_centre, 100, 200)
    with act_as(cuc_leader):
        tranches.set_ceiling(tranche.plan, Source.KCDP, 0, actor=cuc_leader)
        asked = {row.source: row.asked_vnd for row in tranches.balances(tranche, projects)}
    decide(tranche, min_approver)
    with act_as(cuc_leader):
        kept = dict(Ceiling.objects.filter(plan=tranche.plan).values_list("source", "committed_vnd"))
    assert asked == kept == {Source.KCQG: 300 * MILLION, Source.KCDP: 0}


def test_a_decision_approves_every_project_and_numbers_the_annex(
    thanh_hoa_centre: User, min_approver: User
) -> None:
    tranche, projects = planned(thanh_hoa_centre, 100, 200, 300)
    decide(tranche, min_approver)
    assert {project.state for project in fresh(min_approver, projects)} == {State.APPROVED}
    assert [project.annex_order for project in sorted(projects, key=lambda p: p.code)] == [1, 2, 3]
    assert held(min_approver, tranche.plan_id) == 600 * MILLION
    assert (tranche.state, tranche.decision_number) == (TrancheState.DECIDED, PAPER.number)
    assert (tranche.decision_date, tranche.decision_signer) == (PAPER.signed_on, PAPER.signer)
    with act_as(min_approver):
        steps = Transition.objects.filter(action="approve")
        assert {(s.paper_number, s.paper_signer, s.effective_on) for s in steps} == {
            (PAPER.number, PAPER.signer, PAPER.signed_on)
        }


def places(actor: User, projects: list[Project]) -> dict[str, int | None]:
    return {project.code: project.annex_order for project in fresh(actor, projects)}


def test_the_annex_follows_priority_where_nobody_has_ordered_it(
    thanh_hoa_centre: User, min_approver: User
) -> None:
    special: dict[int, dict[str, Any]] = {200: {"claims": [claim("area_b")]}, 300: {"kind": "FLAGSHIP"}}
    tranche, [plain, poor, flagship] = planned(thanh_hoa_centre, 100, 200, 300, special=special)
    decide(tranche, min_approver)
    assert places(min_approver, [flagship, poor, plain]) == {flagship.code: 1, poor.code: 2, plain.code: 3}


def test_places_given_by_hand_come_first_and_the_decided_annex_has_no_gaps(
    thanh_hoa_centre: User, cuc_officer: User, min_approver: User
) -> None:
    """Whoever composes may order, and so may whoever decides; the rest follows by priority."""
    tranche, [a, b, c, d] = planned(thanh_hoa_centre, 100, 150, 200, 250)
    page = f"/dot/{tranche.uuid}/"
    for user, typed in (
        (cuc_officer, {c: "7", d: ""}),
        (min_approver, {c: "7", d: "2", a: "", b: ""}),
    ):
        with act_as(user):
            tranche.refresh_from_db()
        data = {f"order-{project.code}": text for project, text in typed.items()}
        answer = signed_in(user).post(f"{page}thu-tu/", {"version": tranche.version, **data}, follow=True)
        assert "Đã lưu thứ tự phụ lục." in answer.content.decode()
    assert places(min_approver, [a, b, c, d]) == {a.code: None, b.code: None, c.code: 7, d.code: 2}
    shown = [project.code for project in signed_in(cuc_officer).get(page).context["chosen"]]
    decide(tranche, min_approver)
    assert shown == [d.code, c.code, a.code, b.code]
    assert places(min_approver, [d, c, a, b]) == {code: n for n, code in enumerate(shown, start=1)}


def test_nobody_else_orders_the_annex_nor_anybody_unseen_unread_or_too_late(
    thanh_hoa_centre: User, cuc_officer: User, min_approver: User
) -> None:
    tranche, [a] = planned(thanh_hoa_centre, 100)
    url = f"/dot/{tranche.uuid}/thu-tu/"
    with act_as(cuc_officer):
        tranche.refresh_from_db()
    sent = {"version": tranche.version, f"order-{a.code}": "3"}
    assert signed_in(thanh_hoa_centre).post(url, sent).status_code == 403
    for wrong, said in (
        ({"version": ""}, "người khác thay đổi"),
        ({f"order-{a.code}": "²"}, "từ 1 đến 999"),
        ({f"order-{a.code}": "0"}, "từ 1 đến 999"),
    ):
        answer = signed_in(cuc_officer).post(url, sent | wrong, follow=True)
        assert said in answer.content.decode()
    assert places(cuc_officer, [a]) == {a.code: None}
    decide(tranche, min_approver)
    answer = signed_in(cuc_officer).post(url, sent | {"version": tranche.version}, follow=True)
    assert "đã có quyết định" in answer.content.decode()
    assert places(cuc_officer, [a]) == {a.code: 1}


def test_one_project_too_many_and_none_is_approved(thanh_hoa_centre: User, min_approver: User) -> None:
    tranche, projects = planned(thanh_hoa_centre, 100, 200, 300, ceiling=599)
    with pytest.raises(PlanBlocked) as refused:
        decide(tranche, min_approver)
    assert refused.value.blockers == ["Khuyến công quốc gia vượt trần 1.000.000\N{NO-BREAK SPACE}đồng."]
    assert {project.state for project in fresh(min_approver, projects)} == {State.IN_PLAN}
    assert held(min_approver, tranche.plan_id) == 0
    with act_as(min_approver):
        assert not Transition.objects.filter(action="approve").exists()
        assert Tranche.objects.get(pk=tranche.pk).state == TrancheState.DRAFT
        assert not Participation.objects.filter(user=min_approver).exists()


@pytest.mark.owner_role
def test_every_blocker_is_listed_at_once(thanh_hoa_centre: User, min_approver: User) -> None:
    """Only the database's owner can spoil a dossier that was handed in."""
    tranche, projects = planned(thanh_hoa_centre, 100, 200, ceiling=299)
    with act_as(thanh_hoa_centre):
        Project.objects.filter(pk__in=[project.pk for project in projects]).update(activity=None)
    with pytest.raises(PlanBlocked) as refused:
        decide(tranche, min_approver)
    found = refused.value.blockers
    assert found[0].startswith("Khuyến công quốc gia vượt trần")
    for project in projects:
        assert any(line.startswith(f"{project.code}: ") for line in found[1:]), found


def test_an_empty_tranche_and_one_without_ceiling_say_so(
    thanh_hoa_centre: User, min_approver: User, cuc_leader: User
) -> None:
    project = make_project(thanh_hoa_centre)
    with act_as(cuc_leader):
        tranche = tranches.open_tranche(project.plan, actor=cuc_leader)
    with pytest.raises(PlanBlocked) as refused:
        decide(tranche, min_approver)
    assert refused.value.blockers == ["Đợt chưa có đề án nào.", "Kế hoạch chưa được giao trần kinh phí."]


@pytest.mark.parametrize(
    ("paper", "field"),
    [
        (Paper("", PAPER.signed_on, PAPER.signer), "paper_number"),
        (Paper(PAPER.number, None, PAPER.signer), "paper_date"),
        (Paper(PAPER.number, dt.date(2999, 1, 1), PAPER.signer), "paper_date"),
        (Paper(PAPER.number, dt.date(2012, 7, 4), PAPER.signer), "paper_date"),
        (Paper(PAPER.number, dt.date(1, 1, 1), PAPER.signer), "paper_date"),
        (Paper(PAPER.number, PAPER.signed_on, ""), "paper_signer"),
    ],
)
def test_a_decision_names_number_date_and_signer(
    thanh_hoa_centre: User, min_approver: User, paper: Paper, field: str
) -> None:
    tranche, projects = planned(thanh_hoa_centre, 100)
    with pytest.raises(MissingDetail) as refused:
        decide(tranche, min_approver, paper)
    assert refused.value.field == field
    assert fresh(min_approver, projects)[0].state == State.IN_PLAN


def test_a_tranche_is_decided_once(thanh_hoa_centre: User, min_approver: User) -> None:
    tranche, _projects = planned(thanh_hoa_centre, 100)
    decide(tranche, min_approver)
    with pytest.raises(PlanBlocked, match="1 vướng mắc") as refused:
        decide(tranche, min_approver)
    assert refused.value.blockers == ["Đợt này đã có quyết định."]
    assert held(min_approver, tranche.plan_id) == 100 * MILLION


def test_a_decision_holds_for_the_list_that_was_seen(
    thanh_hoa_centre: User, thanh_hoa_officer: User, cuc_officer: User, min_approver: User
) -> None:
    """Whoever signs has read an annex; a project put in or taken out since makes it another one."""
    tranche, [first, second] = planned(thanh_hoa_centre, 100, 200)
    third = advance_to(make_project(thanh_hoa_centre), State.PASSED_MIN, drafter=thanh_hoa_centre)
    changes: list[tuple[User, str, Project, dict[str, Any]]] = [
        (cuc_officer, "plan", third, {"tranche": tranche}),
        (cuc_officer, "unplan", first, {}),
        (thanh_hoa_officer, "withdraw", second, {"note": "Cơ sở xin rút."}),
    ]
    for actor, action, project, extra in changes:
        with act_as(min_approver):
            seen = Tranche.objects.get(pk=tranche.pk).version
        take(action, fresh(actor, [project])[0], actor, **extra)
        with pytest.raises(StaleVersion):
            decide(tranche, min_approver, version=seen)
    decide(tranche, min_approver, version=seen + 1)
    states = [project.state for project in fresh(min_approver, [first, second, third])]
    assert states == [State.PASSED_MIN, State.WITHDRAWN, State.APPROVED]


def test_an_undecided_tranche_is_composed_anew_and_a_decided_one_is_not(
    thanh_hoa_centre: User, cuc_officer: User, min_approver: User
) -> None:
    tranche, [first, second] = planned(thanh_hoa_centre, 100, 200)
    other = open_tranche(first, ceiling_vnd=2000 * MILLION)
    take("unplan", first, cuc_officer)
    assert (first.state, first.tranche_id, first.annex_order) == (State.PASSED_MIN, None, None)
    take("plan", first, cuc_officer, tranche=other)
    decide(tranche, min_approver)
    decide(other, min_approver)
    assert [p.tranche_id for p in fresh(min_approver, [first, second])] == [other.pk, tranche.pk]
    late = advance_to(make_project(thanh_hoa_centre), State.PASSED_MIN, drafter=thanh_hoa_centre)
    attempts: list[tuple[Project, str, dict[str, Any]]] = [
        (first, "unplan", {}),
        (second, "withdraw", {"note": "Xin rút."}),
        (late, "plan", {"tranche": tranche}),
    ]
    for project, action, extra in attempts:
        actor = thanh_hoa_centre if action == "withdraw" else cuc_officer
        with pytest.raises(IllegalMove):
            take(action, project, actor, **extra)


def test_a_project_joins_only_a_tranche_of_its_own_plan(thanh_hoa_centre: User, cuc_officer: User) -> None:
    project = advance_to(make_project(thanh_hoa_centre), State.PASSED_MIN, drafter=thanh_hoa_centre)
    foreign = open_tranche(make_project(thanh_hoa_centre, year=2028, starts_on=None, ends_on=None))
    with pytest.raises(IllegalMove):
        take("plan", project, cuc_officer, tranche=foreign)
    with pytest.raises(MissingDetail):
        take("plan", project, cuc_officer)


def test_assigning_needs_a_decision_and_a_notice_and_happens_once(
    thanh_hoa_centre: User, cuc_officer: User, min_approver: User
) -> None:
    tranche, projects = planned(thanh_hoa_centre, 100, 200)

    def assign(paper: Paper = NOTICE) -> None:
        with act_as(cuc_officer):
            tranches.assign(tranche, actor=cuc_officer, paper=paper)

    with pytest.raises(IllegalMove):
        assign()
    decide(tranche, min_approver)
    stopped = fresh(min_approver, projects)[1]
    take("stop", stopped, min_approver, note="Cơ sở giải thể.", paper=PAPER)
    with pytest.raises(MissingDetail):
        assign(Paper())
    assign()
    assert [p.state for p in fresh(min_approver, projects)] == [State.ASSIGNED, State.STOPPED]
    assert (tranche.state, tranche.notice_number) == (TrancheState.ASSIGNED, NOTICE.number)
    with pytest.raises(IllegalMove):
        assign()
    assert held(min_approver, tranche.plan_id) == 100 * MILLION


def test_stopping_frees_the_ceiling_for_the_next_tranche(thanh_hoa_centre: User, min_approver: User) -> None:
    tranche, [project] = planned(thanh_hoa_centre, 250, ceiling=250)
    decide(tranche, min_approver)
    another = make_project(thanh_hoa_centre)
    second = open_tranche(another, ceiling_vnd=250 * MILLION)
    advance_to(another, State.IN_PLAN, drafter=thanh_hoa_centre, tranche=second)
    with pytest.raises(PlanBlocked):
        decide(second, min_approver)
    fresh(min_approver, [project])
    take("stop", project, min_approver, note="Cơ sở giải thể.", paper=PAPER)
    decide(second, min_approver)
    assert held(min_approver, tranche.plan_id) == 250 * MILLION


def test_local_money_is_decided_by_the_chairman_and_waits_for_nobody_at_the_cuc(
    thanh_hoa_centre: User,
    thanh_hoa_chair: User,
    thanh_hoa_officer: User,
    thanh_hoa_leader: User,
    cuc_officer: User,
    cuc_leader: User,
    min_approver: User,
) -> None:
    project = make_project(thanh_hoa_centre, purse=Purse.KCDP)
    tranche = open_tranche(project)
    national = [cuc_officer, cuc_leader, min_approver]
    road: list[tuple[str, User, dict[str, Any]]] = [
        ("submit", thanh_hoa_centre, {}),
        ("receive", thanh_hoa_officer, {}),
        ("pass", thanh_hoa_leader, {}),
        ("plan", thanh_hoa_officer, {"tranche": tranche}),
    ]
    for action, actor, extra in road:
        take(action, project, actor, **extra)
        for person in national:
            with act_as(person):
                assert not waiting_for(person).filter(pk=project.pk).exists(), (action, person)
    for person in [*national, thanh_hoa_leader, thanh_hoa_centre]:
        with pytest.raises(PermissionRefused):
            decide(tranche, person)
    with pytest.raises(PermissionRefused), act_as(cuc_officer):
        tranches.assign(tranche, actor=cuc_officer, paper=NOTICE)
    decide(tranche, thanh_hoa_chair)
    assert fresh(thanh_hoa_chair, [project])[0].state == State.APPROVED
    assert held(thanh_hoa_chair, tranche.plan_id) == 100 * MILLION


def test_national_money_is_decided_by_who_has_not_appraised_it(
    thanh_hoa_centre: User, thanh_hoa_chair: User, cuc_leader: User, min_approver: User
) -> None:
    tranche, projects = planned(thanh_hoa_centre, 100, 200)
    appraiser = User.objects.get(username="helper.cuc_leader.cuc")
    with pytest.raises(PermissionRefused, match="thẩm định"):
        decide(tranche, appraiser)
    with pytest.raises(PermissionRefused):
        decide(tranche, thanh_hoa_chair)
    decide(tranche, cuc_leader)
    assert {project.state for project in fresh(min_approver, projects)} == {State.APPROVED}


def test_who_decides_in_anothers_name_counts_as_both(
    thanh_hoa_centre: User, cuc_leader: User, auditor: User
) -> None:
    tranche, projects = planned(thanh_hoa_centre, 100)
    appraiser = User.objects.get(username="helper.cuc_leader.cuc")
    cast.give_post(auditor, Role.AUDITOR, cast.cuc())

    def lend(lender: User, decision: str) -> User:
        Delegation.objects.create(
            membership=lender.memberships.get(),
            delegate=auditor,
            decision_number=decision,
            valid=(dt.date(2020, 1, 1), None),
        )
        return User.objects.get(pk=auditor.pk)

    with pytest.raises(PermissionRefused):
        decide(tranche, lend(appraiser, "01/QĐ-TN"))
    Delegation.objects.filter(delegate=auditor).delete()
    decide(tranche, lend(cuc_leader, "02/QĐ-TN"))
    with act_as(auditor):
        step = Transition.objects.get(action="approve", project=projects[0])
        assert (step.actor_id, step.on_behalf_of_id) == (auditor.pk, cuc_leader.pk)
        duties = Participation.objects.filter(project=projects[0], duty="APPROVE")
        assert set(duties.values_list("user", flat=True)) == {auditor.pk, cuc_leader.pk}


def test_one_lent_post_that_conflicts_does_not_hide_ones_own(
    thanh_hoa_centre: User, cuc_leader: User
) -> None:
    """A leader who may decide in their own right may do so although another post of theirs may not."""
    tranche, _projects = planned(thanh_hoa_centre, 100)
    appraiser = User.objects.get(username="helper.cuc_leader.cuc")
    person = cast.person("hai.ghe", "Mai Văn Hai Ghế", Role.AUDITOR, cast.cuc())
    for lender in (appraiser, cuc_leader):
        Delegation.objects.create(
            membership=lender.memberships.get(),
            delegate=person,
            decision_number="03/QĐ-TN",
            valid=(dt.date(2020, 1, 1), None),
        )
    decide(tranche, User.objects.get(pk=person.pk))
    with act_as(cuc_leader):
        assert Transition.objects.get(action="approve").on_behalf_of_id == cuc_leader.pk


def test_a_decided_tranche_waits_for_the_cuc_to_assign_it_and_an_assigned_one_for_nobody(
    thanh_hoa_centre: User, cuc_officer: User, min_approver: User
) -> None:
    tranche, [project] = planned(thanh_hoa_centre, 100)
    with act_as(min_approver):
        assert [row.pk for row in waiting_tranches(min_approver)] == [tranche.pk]
    decide(tranche, min_approver)
    with act_as(min_approver):
        assert waiting_tranches(min_approver) == []
    with act_as(cuc_officer):
        [waiting] = waiting_tranches(cuc_officer)
        assert (waiting.pk, waiting.count, waiting.kcqg) == (tranche.pk, 1, project.kcqg_vnd)  # type: ignore[attr-defined]
        tranches.assign(tranche, actor=cuc_officer, paper=PAPER)
        assert waiting_tranches(cuc_officer) == []


def test_a_tranche_whose_only_project_was_stopped_is_assigned_all_the_same(
    thanh_hoa_centre: User, cuc_officer: User, min_approver: User
) -> None:
    tranche, [project] = planned(thanh_hoa_centre, 100)
    decide(tranche, min_approver)
    with act_as(min_approver):
        take("stop", fresh(min_approver, [project])[0], min_approver, note="Giải thể.", paper=PAPER)
    with act_as(cuc_officer):
        assert tranches.assign(tranche, actor=cuc_officer, paper=PAPER).state == "ASSIGNED"


# --- ceilings


def ceiling_page(leader: User, plan: YearPlan, amount: str, seen: str) -> Any:
    form = {"amount_vnd": amount, "document_number": "07/CV-TN", "seen_vnd": seen}
    return signed_in(leader).post(f"/ke-hoach/{plan.uuid}/tran/", form, follow=True)


def test_a_ceiling_set_by_another_leader_since_it_was_read_is_not_overwritten(
    thanh_hoa_centre: User, cuc_leader: User
) -> None:
    project = make_project(thanh_hoa_centre)
    assert ceiling_page(cuc_leader, project.plan, "500000000", "0").status_code == 200
    for seen in ("0", "400000000", ""):
        refused = ceiling_page(cuc_leader, project.plan, "900000000", seen)
        assert refused.status_code == 422
        page = refused.content.decode()
        assert "Trần vừa được người khác đổi, nay là 500.000.000 đồng." in page
        assert 'name="seen_vnd" value="500000000"' in page, "sent again, it counts as seen"
    with act_as(cuc_leader):
        assert Ceiling.objects.get(plan=project.plan_id).amount_vnd == 500 * MILLION
    assert ceiling_page(cuc_leader, project.plan, "900000000", "500000000").status_code == 200
    with act_as(cuc_leader):
        entries = AuditEntry.objects.filter(action="programs.set_ceiling").order_by("seq")
        first, second = ({"amount_vnd": vnd * MILLION, "document_number": "07/CV-TN"} for vnd in (500, 900))
        assert [(entry.before, entry.after) for entry in entries] == [(None, first), (first, second)]


def test_a_refused_ceiling_keeps_what_was_typed(
    thanh_hoa_centre: User, cuc_leader: User, min_approver: User
) -> None:
    tranche, _projects = planned(thanh_hoa_centre, 300)
    decide(tranche, min_approver)
    with act_as(cuc_leader):
        plan = YearPlan.objects.get(pk=tranche.plan_id)
    for amount in ("299999999", "rất nhiều"):
        answer = ceiling_page(cuc_leader, plan, amount, str(2000 * MILLION))
        assert answer.status_code == 422
        assert answer.context["ceiling_form"]["amount_vnd"].value() == amount
        assert f'value="{amount}"' in answer.content.decode()
        assert 'value="07/CV-TN"' in answer.content.decode()
