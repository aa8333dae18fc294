"""The law edited in the portal: a new version by two people, the old one ended, nothing judged anew."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.models import User
from accounts.policy import PermissionRefused
from accounts.roles import Role
from accounts.scope import act_as
from programs import rules
from programs.errors import MissingDetail, RuleConflict
from programs.facts import Laws, verdicts_of
from programs.lawbook import LawBook
from programs.lifecycle import Purse, Source, State
from programs.models import Project, RuleProposal, StageClock, SupportNorm, Transition
from programs.recompute import deadlines_changed
from programs.rule_effects import effects_of
from programs.rulekinds import columns_of, row_of
from records import outbox
from records.context import whole_country
from records.history import events_of
from records.models import InboxItem, OutboxMessage
from tests import cast
from tests.factories import MILLION, advance_to, make_project
from tests.programs.rulekit import NORM, M, local_norm, norm, proposed, verified
from tests.programs.test_replay import NORM_RULES, replayed

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 12, 1)
NEXT_YEAR = dt.date(2027, 1, 1)


def cap_on(day: dt.date) -> int | None:
    found = LawBook.load(day, "KCQG", None).norm("N3.3")
    return found.cap_vnd if found else None


# --- two people


def test_a_proposal_has_no_effect_until_a_second_person_verifies_it(
    cuc_officer: User, cuc_leader: User
) -> None:
    proposal = proposed(cuc_officer, DAY, cap_vnd=400 * M)
    assert cap_on(DAY) == 300 * M
    done = verified(proposal, cuc_leader)
    assert (cap_on(DAY - dt.timedelta(days=1)), cap_on(DAY)) == (300 * M, 400 * M)
    new = SupportNorm.objects.get(pk=done.new_id or 0)
    assert new.confidence == "verified"
    assert SupportNorm.objects.get(pk=done.old_id or 0).valid == DateRange(dt.date(2018, 5, 11), DAY)


def test_who_proposes_does_not_verify(cuc_officer: User) -> None:
    proposal = proposed(cuc_officer, DAY, cap_vnd=400 * M)
    with pytest.raises(PermissionRefused, match="người thứ hai"):
        verified(proposal, cuc_officer)
    assert cap_on(DAY) == 300 * M


def test_the_database_itself_refuses_one_person_in_both_parts(cuc_officer: User) -> None:
    proposed(cuc_officer, DAY, cap_vnd=400 * M)
    sql = "UPDATE programs_ruleproposal SET outcome = 'VERIFIED', decided_by_id = %s, decided_at = now()"
    refused = pytest.raises(DatabaseError, match="proposal_verified_by_another")
    with act_as(cuc_officer), refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [cuc_officer.pk])
    assert cap_on(DAY) == 300 * M


def test_a_proposal_is_decided_as_it_was_made(cuc_officer: User, cuc_leader: User) -> None:
    proposal = proposed(cuc_officer, DAY, cap_vnd=400 * M)
    with act_as(cuc_leader), pytest.raises(DatabaseError, match="proposal_is_fixed"), transaction.atomic():
        RuleProposal.objects.filter(pk=proposal.pk).update(valid_from=NEXT_YEAR)
    verified(proposal, cuc_leader)
    with pytest.raises(RuleConflict, match="đã được xử lý"):
        verified(proposal, cuc_leader)


def test_a_running_portal_writes_the_law_in_no_other_way(cuc_leader: User) -> None:
    with act_as(cuc_leader), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        SupportNorm.objects.filter(activity_code="N3.3").update(cap_vnd=1)
    with act_as(cuc_leader):
        assert RuleProposal.objects.all().delete()[0] == 0


@pytest.mark.parametrize("who", ["thanh_hoa_leader", "thanh_hoa_centre", "auditor"])
def test_the_nations_law_is_kept_by_the_nations_offices(request: pytest.FixtureRequest, who: str) -> None:
    with pytest.raises(PermissionRefused):
        proposed(request.getfixturevalue(who), DAY, cap_vnd=400 * M)


def test_a_proposal_is_refused_with_a_reason_or_withdrawn(cuc_officer: User, cuc_leader: User) -> None:
    first, second = (proposed(cuc_officer, day, cap_vnd=400 * M) for day in (DAY, NEXT_YEAR))
    with act_as(cuc_leader):
        with pytest.raises(MissingDetail):
            rules.refuse(first, note="", actor=cuc_leader)
        rules.refuse(first, note="Thông tư ghi 350 triệu.", actor=cuc_leader)
        with pytest.raises(PermissionRefused):
            rules.withdraw(second, actor=cuc_leader)
    with act_as(cuc_officer):
        rules.withdraw(second, actor=cuc_officer)
        assert [each.outcome for each in RuleProposal.objects.order_by("pk")] == ["REFUSED", "WITHDRAWN"]
    assert cap_on(NEXT_YEAR) == 300 * M


def test_both_steps_are_audited_and_the_old_version_stays_in_history(
    cuc_officer: User, cuc_leader: User
) -> None:
    done = verified(proposed(cuc_officer, DAY, cap_vnd=400 * M), cuc_leader)
    with whole_country(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT action, actor_id FROM records_auditentry WHERE object_type = 'programs.ruleproposal'"
            " ORDER BY seq"
        )
        assert cursor.fetchall() == [
            ("programs.propose_rule", cuc_officer.pk), ("programs.verified_rule", cuc_leader.pk),
        ]  # fmt: skip
    events: Any = events_of(SupportNorm)._default_manager
    made = events.filter(pgh_obj_id=done.new_id).get()
    assert (made.pgh_label, made.pgh_actor_id, made.cap_vnd) == ("insert", cuc_leader.pk, 400 * M)


def test_the_others_who_keep_the_law_hear_of_it_and_the_proposer_of_the_answer(
    cuc_officer: User, cuc_leader: User, thanh_hoa_leader: User
) -> None:
    proposal = proposed(cuc_officer, DAY, cap_vnd=400 * M)
    outbox.dispatch()
    verified(proposal, cuc_leader)
    outbox.dispatch()
    with whole_country():
        told = [
            (item.user, item.title) for item in InboxItem.objects.filter(kind="rule.proposed").order_by("pk")
        ]
    assert told == [
        (cuc_leader, f"Trần Thu Hà đề xuất: {proposal.title}"),
        (cuc_officer, f"Đã xác nhận: {proposal.title}"),
    ]  # fmt: skip


# --- days


def test_machinery_of_900_million_the_day_before_and_the_day_of_each_change(
    cuc_officer: User, cuc_leader: User
) -> None:
    verified(proposed(cuc_officer, DAY, cap_vnd=400 * M), cuc_leader)
    allowed = {
        day: min(cap_on(day) or 0, 900 * M // 2)
        for day in (dt.date(2018, 5, 10), dt.date(2018, 5, 11), DAY - dt.timedelta(days=1), DAY)
    }
    assert list(allowed.values()) == [200 * M, 300 * M, 300 * M, 400 * M]


def test_a_version_between_two_others_ends_where_the_next_begins(cuc_officer: User, cuc_leader: User) -> None:
    verified(proposed(cuc_officer, NEXT_YEAR, cap_vnd=400 * M), cuc_leader)
    between = proposed(cuc_officer, DAY, cap_vnd=350 * M)
    assert between.valid_to == dt.date(2026, 12, 31)
    verified(between, cuc_leader)
    days = (DAY - dt.timedelta(days=1), DAY, between.valid_to, NEXT_YEAR)
    assert [cap_on(day) for day in days] == [300 * M, 350 * M, 350 * M, 400 * M]


def test_an_overlap_is_refused_at_its_field_and_by_the_database(cuc_officer: User, cuc_leader: User) -> None:
    verified(proposed(cuc_officer, NEXT_YEAR, cap_vnd=400 * M), cuc_leader)
    with pytest.raises(MissingDetail, match="Trùng với bản đã có từ ngày 01/01/2027") as refused:
        proposed(cuc_officer, DAY, dt.date(2027, 6, 30), cap_vnd=350 * M)
    assert refused.value.field == "valid_to"
    with act_as(cuc_officer):  # past the form: a row that says it takes no version's place
        row = norm(day=DAY)
        asked = rules.Wish(NORM, DAY, None, row_of(NORM, columns_of(row), DAY, None))
        proposal = rules.propose(asked, reason="Thử.", province=None, actor=cuc_officer)
    sql = "UPDATE programs_ruleproposal SET outcome = 'VERIFIED', decided_by_id = %s, decided_at = now()"
    refusal = pytest.raises(DatabaseError, match="norm_versions_apart")
    with act_as(cuc_leader), refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{sql} WHERE id = %s", [cuc_leader.pk, proposal.pk])
    with pytest.raises(RuleConflict):
        verified(proposal, cuc_leader)


def test_two_proposals_for_one_day_the_second_is_told(cuc_officer: User, cuc_leader: User) -> None:
    first, second = (proposed(cuc_officer, DAY, cap_vnd=cap * M) for cap in (400, 450))
    verified(first, cuc_leader)
    with pytest.raises(RuleConflict):
        verified(second, cuc_leader)
    assert cap_on(DAY) == 400 * M


def test_a_verified_version_is_never_rewritten_an_unverified_one_may_be(
    cuc_officer: User, cuc_leader: User
) -> None:
    with pytest.raises(MissingDetail, match="đã được kiểm chứng"):
        proposed(cuc_officer, dt.date(2018, 5, 11), cap_vnd=310 * M)
    unsure = norm("N4.5")
    assert unsure.confidence == "memory"
    done = verified(proposed(cuc_officer, dt.date(2018, 5, 11), of=norm("N4.5")), cuc_leader)
    now = norm("N4.5")
    assert (now.pk, now.pk, now.confidence) == (done.new_id, unsure.pk, "verified")


def test_what_nobody_has_read_stays_unverified_though_two_agree(cuc_officer: User, cuc_leader: User) -> None:
    done = verified(proposed(cuc_officer, DAY, confidence="memory", cap_vnd=400 * M), cuc_leader)
    assert SupportNorm.objects.get(pk=done.new_id or 0).confidence == "memory"


def test_a_rule_is_ended_without_a_successor(cuc_officer: User, cuc_leader: User) -> None:
    verified(proposed(cuc_officer, DAY, ends=True), cuc_leader)
    assert (cap_on(DAY - dt.timedelta(days=1)), cap_on(DAY)) == (300 * M, None)


@pytest.mark.parametrize(
    ("since", "last", "field"),
    [
        (dt.date(2010, 1, 1), None, "valid_from"),
        (dt.date(2206, 1, 1), None, "valid_from"),
        (DAY, dt.date(2026, 11, 30), "valid_to"),
    ],
)
def test_days_that_cannot_be_meant_are_refused(
    cuc_officer: User, since: dt.date, last: dt.date | None, field: str
) -> None:
    with act_as(cuc_officer), pytest.raises(MissingDetail) as refused:
        rules.wish(NORM, norm(), since, last)
    assert refused.value.field == field


def test_the_same_hand_edits_the_other_kinds(cuc_officer: User, cuc_leader: User) -> None:
    clock = StageClock.objects.get(purse="KCQG", state=State.REVIEW_PROV)
    verified(proposed(cuc_officer, DAY, of=clock, working_days=15), cuc_leader)
    days = [LawBook.load(day, "KCQG", None).clock(State.REVIEW_PROV) for day in (dt.date(2026, 11, 30), DAY)]
    assert [each and each.working_days for each in days] == [10, 15]


# --- provinces


def test_deadlines_follow_a_clock_that_was_verified(
    thanh_hoa_centre: User, cuc_officer: User, cuc_leader: User
) -> None:
    project = make_project(thanh_hoa_centre)
    advance_to(project, State.REVIEW_PROV, drafter=thanh_hoa_centre)
    clock = StageClock.objects.get(purse="KCQG", state=State.REVIEW_PROV)
    verified(proposed(cuc_officer, DAY, of=clock, working_days=15), cuc_leader)
    with whole_country():
        before = Project.objects.get(pk=project.pk)
        told = OutboxMessage.objects.get(topic="deadlines.changed")
        deadlines_changed(told)
        after = Project.objects.get(pk=project.pk)
    assert before.due_on and after.due_on and (after.due_on - before.due_on).days >= 7
    assert after.due_why.startswith("15 ngày làm việc") and after.version == before.version


def test_a_province_keeps_its_own_norms_and_no_others(
    thanh_hoa_officer: User, thanh_hoa_leader: User, nghe_an_leader: User, cuc_leader: User
) -> None:
    proposal = local_norm(thanh_hoa_officer)
    for stranger in (nghe_an_leader, cuc_leader):
        with pytest.raises(PermissionRefused):
            verified(proposal, stranger)
    with pytest.raises(PermissionRefused):
        local_norm(nghe_an_leader)
    verified(proposal, thanh_hoa_leader)
    found = [LawBook.load(DAY, "KCDP", cast.province(name)).norm("N3.3") for name in ("Thanh Hóa", "Nghệ An")]
    assert [each and each.cap_vnd for each in found] == [80 * M, None]


def test_a_projects_law_is_the_book_of_its_province(
    thanh_hoa_officer: User, thanh_hoa_leader: User, thanh_hoa_centre: User
) -> None:
    """Read for many projects at once or for this one: the same."""
    verified(local_norm(thanh_hoa_officer), thanh_hoa_leader)
    project = make_project(thanh_hoa_centre, purse=Purse.KCDP)
    with act_as(thanh_hoa_centre):
        assert Laws().of(project) == LawBook.load(NEXT_YEAR, "KCDP", project.province)


def test_the_preview_of_a_provinces_first_norm(thanh_hoa_officer: User, thanh_hoa_centre: User) -> None:
    project = make_project(thanh_hoa_centre, purse=Purse.KCDP)
    proposal = local_norm(thanh_hoa_officer)
    with act_as(thanh_hoa_officer):
        [change] = effects_of(rules.wish_of(proposal), thanh_hoa_officer).changed
    assert (change.project.pk, change.way) == (project.pk, "worse")
    assert [v.code for v in change.gone] == ["local_norm_unknown"]
    assert {v.code for v in change.come} == {"norm_percent", "norm_cap"}


def test_the_database_lets_no_other_province_propose(nghe_an_leader: User, thanh_hoa_officer: User) -> None:
    proposal = local_norm(thanh_hoa_officer)
    with act_as(nghe_an_leader):
        assert not RuleProposal.objects.filter(pk=proposal.pk).exists()
        proposal.pk, proposal.uuid, proposal.proposed_by = None, None, nghe_an_leader  # type: ignore[assignment]
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            proposal.save(force_insert=True)


def test_the_database_lets_a_province_enact_no_rule_of_the_nation(
    thanh_hoa_officer: User, thanh_hoa_leader: User
) -> None:
    """Two people of a Sở, by hand: a proposal of their province whose columns or old version are not."""
    home, national = cast.province("Thanh Hóa"), norm(day=DAY)
    clock = StageClock.objects.filter(valid__contains=DAY).first()
    own = {**columns_of(national), "province_id": home.pk, "purse": Purse.KCDP, "confidence": "seen"}
    assert clock is not None
    for kind, values, old in (
        ("norm", columns_of(national) | {"confidence": "seen"}, national.pk),
        ("norm", columns_of(national) | {"confidence": "seen"}, None),
        ("norm", own, national.pk),
        ("norm", own | {"province_id": cast.province("Nghệ An").pk}, None),
        ("clock", columns_of(clock) | {"confidence": "seen"}, clock.pk),
    ):
        with act_as(thanh_hoa_officer):
            forged = RuleProposal.objects.create(
                kind=kind, title="Thử", province=home, values=values, old_id=old, valid_from=NEXT_YEAR,
                reason="Thử.", proposed_by=thanh_hoa_officer,
            )  # fmt: skip
        with (
            act_as(thanh_hoa_leader),
            pytest.raises(DatabaseError, match="rule_of_another_place"),
            transaction.atomic(),
        ):
            RuleProposal.objects.filter(pk=forged.pk).update(
                outcome="VERIFIED", decided_by=thanh_hoa_leader, decided_at=forged.proposed_at
            )
    assert cap_on(NEXT_YEAR) == 300 * M


# --- what it changes


def test_the_preview_is_the_checks_own_answer(
    thanh_hoa_centre: User, cuc_officer: User, cuc_leader: User
) -> None:
    asked = {"high": 290, "low": 200}
    projects = {
        name: make_project(thanh_hoa_centre, amounts={Source.KCQG: vnd * MILLION, Source.OWN: 400 * MILLION})
        for name, vnd in asked.items()
    }
    old = make_project(thanh_hoa_centre, year=2026, starts_on=None, ends_on=None)
    proposal = proposed(cuc_officer, DAY, cap_vnd=250 * M)
    with act_as(cuc_officer):
        effects = effects_of(rules.wish_of(proposal), cuc_officer)
    assert effects.judged == 2  # the plan of 2026 began under the old norm
    assert {each.project.code: each.way for each in effects.changed} == {
        projects["high"].code: "worse", projects["low"].code: "reworded",
    }  # fmt: skip
    with act_as(cuc_officer):
        foreseen = {
            code: [v.message for v in verdicts_of(Project.objects.get(code=code)) if v.code == "norm_cap"]
            for code in (old.code,)
        }
    verified(proposal, cuc_leader)
    with act_as(cuc_officer):
        for each in effects.changed:
            now = [v.message for v in verdicts_of(Project.objects.get(pk=each.project.pk))]
            assert {v.message for v in each.come} <= set(now)
            assert not {v.message for v in each.gone} & set(now)
        assert [v.message for v in verdicts_of(old) if v.code == "norm_cap"] == foreseen[old.code]


def test_the_preview_shows_nobody_more_than_they_see(thanh_hoa_centre: User, nghe_an_leader: User) -> None:
    make_project(thanh_hoa_centre, amounts={Source.KCQG: 290 * MILLION, Source.OWN: 400 * MILLION})
    with act_as(nghe_an_leader):
        row = norm()
        row.cap_vnd = 250 * M
        assert effects_of(rules.wish(NORM, row, DAY), nghe_an_leader).judged == 0


def test_a_preview_writes_no_law(cuc_officer: User) -> None:
    with act_as(cuc_officer):
        row = norm()
        row.cap_vnd = 1 * M
        asked = rules.wish(NORM, row, DAY)
        effects_of(asked, cuc_officer)
        drafted = Laws(asked.draft)._book(NEXT_YEAR, "KCQG").norm("N3.3")
    assert drafted and drafted.cap_vnd == 1 * M
    assert cap_on(NEXT_YEAR) == 300 * M


# --- nothing judged moves


def test_old_verdicts_stay_word_for_word_after_a_new_circular(
    thanh_hoa_centre: User, cuc_officer: User, cuc_leader: User
) -> None:
    for state in (State.SUBMITTED_PROV, State.REVIEW_PROV, State.REGISTERED, State.PASSED_MIN):
        advance_to(make_project(thanh_hoa_centre), state, drafter=thanh_hoa_centre)

    def kept() -> list[tuple[Any, ...]]:
        with whole_country():
            return list(Transition.objects.order_by("pk").values_list("pk", "verdicts", "content", "target"))

    before = kept()
    verified(proposed(cuc_officer, DAY, cap_vnd=100 * M), cuc_leader)
    verified(proposed(cuc_officer, DAY, of=norm("N3.1"), pct=10), cuc_leader)
    assert len(before) > 10 and kept() == before
    norms = [
        row for _pk, verdicts, _content, _target in before for row in verdicts if row["code"] in NORM_RULES
    ]
    norms = [row for row in norms if row["severity"] != "note"]
    assert {row["rule"] for row in norms} == {"norm:KCQG:N3.3:2018-05-11"}
    assert [replayed(row) for row in norms] == [row["severity"] for row in norms]


@pytest.mark.owner_role
def test_loaders_leave_alone_what_people_ended_or_made(cuc_officer: User, cuc_leader: User) -> None:
    from tests.programs.test_load_law import load

    done = verified(proposed(cuc_officer, DAY, cap_vnd=400 * M), cuc_leader)
    said = load()
    assert said == ["kept (edited in the portal): SupportNorm KCQG N3.3 2018-05-11", "law: 0 new, 0 changed"]
    assert (cap_on(DAY - dt.timedelta(days=1)), cap_on(DAY)) == (300 * M, 400 * M)
    assert SupportNorm.objects.get(pk=done.new_id or 0).valid.upper is None


def test_the_administrator_keeps_the_nations_law_but_sees_no_project(
    thanh_hoa_centre: User, cuc_officer: User
) -> None:
    admin = cast.person("admin.law", "Quản Trị Thử", Role.ADMIN, cast.ministry())
    make_project(thanh_hoa_centre)
    proposal = proposed(cuc_officer, DAY, cap_vnd=250 * M)
    with act_as(admin):
        assert effects_of(rules.wish_of(proposal), admin).judged == 0
    verified(proposal, admin)
    assert cap_on(DAY) == 250 * M
