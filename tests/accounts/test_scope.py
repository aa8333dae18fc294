"""Posts with dates, offices with successors, authority lent: whose rows a person may see today."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.utils import IntegrityError

from accounts.models import Delegation, Membership, Organisation, OrganisationKind, User
from accounts.policy import decide
from accounts.roles import Role
from accounts.scope import NOBODY, act_as, activate, scope_of
from beneficiaries.models import Establishment, LegalForm
from programs.lifecycle import State
from programs.models import Project
from records.context import whole_country
from records.models import AuditEntry
from tests import cast
from tests.factories import advance_to, make_project, take
from vietnam.models import AdminUnit

DAY = dt.timedelta(days=1)


def at(day: dt.date, hour: int = 12) -> dt.datetime:
    """A moment of that day in Việt Nam."""
    return dt.datetime.combine(day, dt.time(hour), tzinfo=dt.timezone(dt.timedelta(hours=7)))


def newcomer(username: str = "moi") -> User:
    return User.objects.create(username=username, full_name="Người Mới Thử")


def hold(
    user: User,
    role: Role,
    office: Organisation,
    begins: dt.date | None = dt.date(2020, 1, 1),
    ends: dt.date | None = None,
) -> Membership:
    """``ends`` is the first day without the post."""
    return Membership.objects.create(user=user, organisation=office, role=role, valid=(begins, ends))


def lend(post: Membership, to: User, begins: dt.date, ends: dt.date | None) -> Delegation:
    return Delegation.objects.create(
        membership=post, delegate=to, decision_number="05/QĐ-TN", valid=(begins, ends)
    )


# --- posts


@pytest.mark.django_db
def test_a_post_opens_on_its_first_day_and_closes_after_its_last() -> None:
    user, department = newcomer(), cast.so_of("Thanh Hóa")
    hold(user, Role.SO_OFFICER, department, dt.date(2026, 3, 1), dt.date(2026, 6, 1))
    seen = [
        scope_of(user, on=day).roles
        for day in (dt.date(2026, 2, 28), dt.date(2026, 3, 1), dt.date(2026, 5, 31), dt.date(2026, 6, 1))
    ]
    assert seen == [frozenset(), {Role.SO_OFFICER}, {Role.SO_OFFICER}, frozenset()]


@pytest.mark.django_db
def test_the_day_changes_at_midnight_in_vietnam() -> None:
    user = newcomer()
    hold(user, Role.SO_OFFICER, cast.so_of("Thanh Hóa"), dt.date(2026, 3, 1))
    with time_machine.travel(at(dt.date(2026, 2, 28), 23)):
        assert scope_of(User.objects.get(pk=user.pk)).posts == ()
    with time_machine.travel(at(dt.date(2026, 3, 1), 0)):
        assert scope_of(User.objects.get(pk=user.pk)).roles == {Role.SO_OFFICER}


def test_whose_post_has_ended_sees_nothing_and_may_do_nothing(
    thanh_hoa_centre: User, thanh_hoa_officer: User
) -> None:
    project = advance_to(make_project(thanh_hoa_centre), State.SUBMITTED_PROV, drafter=thanh_hoa_centre)
    Membership.objects.filter(user=thanh_hoa_officer).update(valid=(dt.date(2020, 1, 1), dt.date(2026, 1, 1)))
    late = User.objects.get(pk=thanh_hoa_officer.pk)
    with act_as(late):
        assert not Project.objects.visible_to(late).exists()
        assert not Project.objects.exists(), "the database says so too"
    assert not decide(late, "programs.receive_project", project)
    assert decide(User.objects.get(pk=thanh_hoa_officer.pk), "accounts.use_portal")


@pytest.mark.django_db
def test_a_person_without_any_post_sees_nothing() -> None:
    scope = scope_of(newcomer())
    assert (scope.posts, scope.province_ids, scope.national) == ((), (), False)


def test_a_closed_account_and_a_stranger_have_the_scope_of_nobody(thanh_hoa_officer: User) -> None:
    thanh_hoa_officer.is_active = False
    assert scope_of(thanh_hoa_officer) is NOBODY
    assert scope_of(AnonymousUser()) is NOBODY


@pytest.mark.django_db
def test_several_posts_add_up() -> None:
    user = newcomer()
    hold(user, Role.SO_OFFICER, cast.so_of("Thanh Hóa"))
    hold(user, Role.IMPL, cast.centre_of("Nghệ An"))
    scope = scope_of(user)
    thanh_hoa, nghe_an = cast.province("Thanh Hóa").pk, cast.province("Nghệ An").pk
    assert {thanh_hoa, nghe_an} <= set(scope.province_ids)
    assert thanh_hoa in scope.whole_province_ids
    assert nghe_an not in scope.whole_province_ids, "of Nghệ An only the own centre's work"


@pytest.mark.django_db
def test_the_same_post_cannot_be_held_twice_on_one_day() -> None:
    user, department = newcomer(), cast.so_of("Thanh Hóa")
    hold(user, Role.SO_OFFICER, department, dt.date(2026, 1, 1), dt.date(2026, 6, 1))
    hold(user, Role.SO_OFFICER, department, dt.date(2026, 6, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        hold(user, Role.SO_OFFICER, department, dt.date(2026, 5, 31), dt.date(2026, 6, 1))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "national", "whole"),
    [
        (Role.CUC_OFFICER, True, True),
        (Role.AUDITOR, True, True),
        (Role.FIN, True, True),
        (Role.SO_LEADER, False, True),
        (Role.UBND_VIEW, False, True),
        (Role.API_CLIENT, False, True),
        (Role.IMPL, False, False),
        (Role.ADMIN, False, False),
    ],
)
def test_how_far_each_role_reads(role: Role, national: bool, whole: bool) -> None:
    user = newcomer()
    hold(user, role, cast.so_of("Thanh Hóa"))
    scope = scope_of(user)
    assert scope.national is national
    assert (cast.province("Thanh Hóa").pk in scope.whole_province_ids) is whole
    assert (cast.province("Nghệ An").pk in scope.province_ids) is national


@pytest.mark.django_db
def test_an_administrator_of_the_system_reads_no_province() -> None:
    user = newcomer()
    hold(user, Role.ADMIN, cast.so_of("Thanh Hóa"))
    assert scope_of(user).province_ids == ()


# --- offices that succeeded others


def follow(old: Organisation, new_name: str) -> Organisation:
    """A reorganisation today: the old office ends, a new one carries its work on."""
    today = dt.date.today()
    new = Organisation.objects.create(
        kind=old.kind, name=new_name, province=old.province, valid=(today, None)
    )
    old.valid, old.successor = (dt.date(2020, 1, 1), today), new
    old.save()
    return new


def test_the_successor_carries_the_work_of_its_predecessors_on(thanh_hoa_centre: User) -> None:
    project = make_project(thanh_hoa_centre)
    middle = follow(cast.centre_of("Thanh Hóa"), "Trung tâm Thử kế nhiệm")
    last = follow(middle, "Trung tâm Thử kế nhiệm lần hai")
    heir = newcomer()
    hold(heir, Role.IMPL, last)
    with act_as(heir):
        assert Project.objects.visible_to(heir).get() == project
    assert decide(heir, "programs.edit_project", project)
    take("submit", project, heir)
    assert project.state == State.SUBMITTED_PROV


def test_a_post_in_an_office_that_is_no_more_opens_nothing(thanh_hoa_centre: User) -> None:
    make_project(thanh_hoa_centre)
    follow(cast.centre_of("Thanh Hóa"), "Trung tâm Thử kế nhiệm")
    left_behind = User.objects.get(pk=thanh_hoa_centre.pk)
    assert scope_of(left_behind).posts == ()
    with act_as(left_behind):
        assert not Project.objects.visible_to(left_behind).exists()


def test_a_sister_office_of_the_province_does_not_inherit(thanh_hoa_centre: User) -> None:
    make_project(thanh_hoa_centre)
    sister = cast.office(OrganisationKind.TTKC, "Trung tâm Thử khác", cast.province("Thanh Hóa"))
    colleague = newcomer()
    hold(colleague, Role.IMPL, sister)
    with act_as(colleague):
        assert not Project.objects.visible_to(colleague).exists()


@pytest.mark.django_db
def test_offices_that_point_at_each_other_do_not_hang_anybody() -> None:
    first, second = cast.so_of("Thanh Hóa"), cast.so_of("Nghệ An")
    first.successor, second.successor = second, first
    first.save()
    second.save()
    user = newcomer()
    hold(user, Role.SO_OFFICER, first)
    (post,) = scope_of(user).posts
    assert post.organisation_ids == {first.pk, second.pk}


@pytest.mark.django_db
def test_a_merged_province_sees_the_records_of_those_it_grew_from_and_not_the_other_way_round() -> None:
    new, old = cast.province("Ninh Bình"), cast.province("Nam Định")
    heir, elder = newcomer("moi"), newcomer("cu")
    hold(heir, Role.SO_OFFICER, cast.office(OrganisationKind.SO, "Sở Thử mới", new))
    hold(elder, Role.SO_OFFICER, cast.office(OrganisationKind.SO, "Sở Thử cũ", old))
    with act_as(elder):
        Establishment.objects.create(province=old, name="Cơ sở Thử cũ", legal_form=LegalForm.OTHER)
    with act_as(heir):
        Establishment.objects.create(province=new, name="Cơ sở Thử mới", legal_form=LegalForm.OTHER)
        seen = Establishment.objects.visible_to(heir)
        assert sorted(seen.values_list("name", flat=True)) == ["Cơ sở Thử cũ", "Cơ sở Thử mới"]
    with act_as(elder):
        seen = Establishment.objects.visible_to(elder)
        assert list(seen.values_list("name", flat=True)) == ["Cơ sở Thử cũ"]


# --- authority lent


def leaders_post(leader: User) -> Membership:
    return Membership.objects.get(user=leader)


def test_a_delegate_acts_on_behalf_and_the_record_names_both(
    thanh_hoa_centre: User, thanh_hoa_leader: User
) -> None:
    project = advance_to(make_project(thanh_hoa_centre), State.REVIEW_PROV, drafter=thanh_hoa_centre)
    delegate, post = newcomer(), leaders_post(thanh_hoa_leader)
    hold(delegate, Role.SO_OFFICER, post.organisation)
    lend(post, delegate, dt.date(2026, 1, 1), None)
    with act_as(delegate):
        decision = decide(delegate, "programs.pass_project", project)
    assert decision
    assert decision.on_behalf_of_id == thanh_hoa_leader.pk
    take("pass", project, delegate)
    with whole_country():
        step = project.transitions.latest("version")
        entry = AuditEntry.objects.filter(action="programs.pass").latest("id")
        assert (step.actor, step.on_behalf_of) == (delegate, thanh_hoa_leader)
        assert (entry.actor, entry.on_behalf_of) == (delegate, thanh_hoa_leader)


def test_lent_authority_ends_on_its_day_and_with_the_post_or_the_lender(thanh_hoa_leader: User) -> None:
    today, post = dt.date.today(), leaders_post(thanh_hoa_leader)
    delegate = newcomer()
    own = hold(delegate, Role.SO_OFFICER, post.organisation)
    lent = lend(post, delegate, today - DAY, today + DAY)

    def roles(on: dt.date | None = None) -> frozenset[str]:
        return scope_of(User.objects.get(pk=delegate.pk), on).roles - {Role.SO_OFFICER}

    assert roles() == {Role.SO_LEADER}
    assert roles(today + DAY) == frozenset()
    assert roles(today - 2 * DAY) == frozenset()
    for role, ends in ((Role.SO_OFFICER, today), (Role.OFFICE_ADMIN, None)):
        Membership.objects.filter(pk=own.pk).update(role=role, valid=(dt.date(2020, 1, 1), ends))
        assert Role.SO_LEADER not in roles(), "the borrower works in the office no more"
    Membership.objects.filter(pk=own.pk).update(role=Role.SO_OFFICER, valid=(dt.date(2020, 1, 1), None))
    Membership.objects.filter(pk=post.pk).update(valid=(dt.date(2020, 1, 1), today))
    assert roles() == frozenset(), "the post it was lent from has ended"
    Membership.objects.filter(pk=post.pk).update(valid=(dt.date(2020, 1, 1), None))
    User.objects.filter(pk=thanh_hoa_leader.pk).update(is_active=False)
    assert roles() == frozenset(), "the lender has left"
    User.objects.filter(pk=thanh_hoa_leader.pk).update(is_active=True)
    assert roles() == {Role.SO_LEADER}
    lent.delete()
    assert roles() == frozenset()


def test_lent_authority_cannot_be_lent_on(thanh_hoa_leader: User) -> None:
    first, second = newcomer("mot"), newcomer("hai")
    lend(leaders_post(thanh_hoa_leader), first, dt.date(2026, 1, 1), None)
    assert not first.memberships.exists(), "there is no post that could be lent"
    assert scope_of(second).posts == ()


def test_a_delegate_may_not_do_both_sides_through_the_lender(
    thanh_hoa_centre: User, thanh_hoa_leader: User
) -> None:
    """Whoever drafted may not appraise, not even with the leader's authority."""
    project = advance_to(make_project(thanh_hoa_centre), State.REVIEW_PROV, drafter=thanh_hoa_centre)
    post = leaders_post(thanh_hoa_leader)
    hold(thanh_hoa_centre, Role.SO_OFFICER, post.organisation)
    lend(post, thanh_hoa_centre, dt.date(2026, 1, 1), None)
    drafter = User.objects.get(pk=thanh_hoa_centre.pk)
    with act_as(drafter):
        decision = decide(drafter, "programs.pass_project", project)
    assert not decision
    assert "tham gia lập đề án" in str(decision.reason)


# --- the database's share


@pytest.mark.django_db(transaction=True)
def test_a_scope_needs_a_transaction_to_live_in() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        activate(newcomer())


def test_acting_as_somebody_ends_with_the_block(
    thanh_hoa_officer: User, nghe_an_officer: User, thanh_hoa_centre: User
) -> None:
    make_project(thanh_hoa_centre)
    with act_as(thanh_hoa_officer):
        with act_as(nghe_an_officer):
            assert not Project.objects.exists()
        assert Project.objects.exists()
    assert not Project.objects.exists()


@pytest.mark.django_db
def test_a_provincial_role_in_a_national_office_reads_no_province() -> None:
    user = newcomer()
    hold(user, Role.SO_OFFICER, cast.office(OrganisationKind.OTHER, "Đơn vị Thử", AdminUnit.nation()))
    scope = scope_of(user)
    assert not scope.national
    assert cast.province("Thanh Hóa").pk not in scope.province_ids
