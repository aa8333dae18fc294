"""Authority of a post that signs, lent for days: to whom, by whom, until which midnight, shown how."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, ProgrammingError, transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts import lending, staff
from accounts.lending import Loan
from accounts.models import Delegation, Membership, User, today
from accounts.policy import PermissionRefused
from accounts.roles import Role
from accounts.scope import act_as, scope_of
from records import outbox
from records.context import whole_country
from records.models import AuditEntry, InboxItem
from tests import cast
from tests.pages import signed_in, text_of
from vietnam.periods import period

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
DAY = dt.timedelta(days=1)


def loan(first: dt.date, last: dt.date, form: str = "KT") -> Loan:
    return Loan(form, "15/QĐ-SCT", first, first, last)


def office_address(user: User, rest: str = "") -> str:
    return f"/co-quan/{user.memberships.get().organisation.uuid}/{rest}"


@pytest.fixture
def post(thanh_hoa_leader: User) -> Membership:
    return thanh_hoa_leader.memberships.get()


# --- the days


@given(st.dates(dt.date(2030, 1, 1), dt.date(2030, 12, 31)), st.integers(0, 200), st.integers(-3, 203))
@pytest.mark.django_db
def test_it_holds_on_each_of_its_days_and_on_no_other(first: dt.date, length: int, ask: int) -> None:
    with transaction.atomic():
        leader = cast.person("lead.x", "Phạm Văn Ký", Role.SO_LEADER, cast.so_of("Thanh Hóa"))
        officer = cast.person("officer.x", "Trần Thị Nhận", Role.SO_OFFICER, cast.so_of("Thanh Hóa"))
        last, asked = first + length * DAY, first + ask * DAY
        Delegation.objects.create(
            membership=leader.memberships.get(),
            delegate=officer,
            decision_number="1",
            valid=(first, last + DAY),
        )
        held = Role.SO_LEADER in scope_of(officer, asked).roles
        assert held == (first <= asked <= last)
        transaction.set_rollback(True)


def test_it_begins_and_ends_at_midnight_in_viet_nam(
    post: Membership, thanh_hoa_officer: User, thanh_hoa_leader: User
) -> None:
    first = today() + DAY
    lending.lend(post, thanh_hoa_officer, loan(first, first + DAY), actor=thanh_hoa_leader)

    def signs(moment: dt.datetime) -> bool:
        with time_machine.travel(moment, tick=False):
            return Role.SO_LEADER in scope_of(User.objects.get(pk=thanh_hoa_officer.pk)).roles

    begins = dt.datetime.combine(first, dt.time(), VIETNAM)
    second = dt.timedelta(seconds=1)
    assert [signs(begins - second), signs(begins)] == [False, True]
    assert [signs(begins + 2 * DAY - second), signs(begins + 2 * DAY)] == [True, False]


@pytest.mark.parametrize(
    ("first", "last", "at"),
    [(0, -1, "last"), (-1, 3, "first"), (0, 400, "last")],
)
def test_impossible_days_are_refused_at_their_field(
    post: Membership, thanh_hoa_officer: User, thanh_hoa_leader: User, first: int, last: int, at: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        days = loan(today() + first * DAY, today() + last * DAY)
        lending.lend(post, thanh_hoa_officer, days, actor=thanh_hoa_leader)
    assert at in refused.value.message_dict


def test_it_lasts_no_longer_than_the_post(
    post: Membership, thanh_hoa_officer: User, thanh_hoa_leader: User
) -> None:
    Membership.objects.filter(pk=post.pk).update(valid=period(dt.date(2020, 1, 1), today() + 5 * DAY))
    post.refresh_from_db()
    with pytest.raises(ValidationError, match="thời hạn của vị trí"):
        lending.lend(post, thanh_hoa_officer, loan(today(), today() + 5 * DAY), actor=thanh_hoa_leader)


def test_one_post_is_lent_to_one_person_a_day_says_the_database_too(
    post: Membership, thanh_hoa_officer: User, thanh_hoa_leader: User
) -> None:
    colleague = cast.person("th.pho", "Vũ Thị Phó", Role.SO_OFFICER, post.organisation)
    lending.lend(post, thanh_hoa_officer, loan(today(), today() + 9 * DAY), actor=thanh_hoa_leader)
    with pytest.raises(ValidationError, match="đã ủy quyền"):
        lending.lend(post, colleague, loan(today() + 9 * DAY, today() + 12 * DAY), actor=thanh_hoa_leader)
    with pytest.raises(IntegrityError, match="post_lent_once_a_day"), transaction.atomic():
        Delegation.objects.create(
            membership=post, delegate=colleague, decision_number="2", valid=(today() + 9 * DAY, None)
        )
    lending.lend(post, colleague, loan(today() + 10 * DAY, today() + 12 * DAY), actor=thanh_hoa_leader)


# --- who, to whom


def test_it_is_lent_to_a_colleague_of_the_office_only(
    post: Membership, nghe_an_officer: User, thanh_hoa_leader: User
) -> None:
    with pytest.raises(ValidationError, match="cùng cơ quan"):
        lending.lend(post, nghe_an_officer, loan(today(), today()), actor=thanh_hoa_leader)


def test_an_officer_lends_nothing_and_nothing_lent_is_lent_on(
    post: Membership, thanh_hoa_officer: User, thanh_hoa_leader: User
) -> None:
    own = thanh_hoa_officer.memberships.get()
    with pytest.raises(PermissionRefused, match="ký văn bản"):
        lending.lend(own, thanh_hoa_leader, loan(today(), today()), actor=thanh_hoa_officer)
    lending.lend(post, thanh_hoa_officer, loan(today(), today() + DAY), actor=thanh_hoa_leader)
    third = cast.person("th.ba", "Đỗ Văn Ba", Role.SO_OFFICER, post.organisation)
    borrower = User.objects.get(pk=thanh_hoa_officer.pk)
    with pytest.raises(PermissionRefused):
        lending.lend(post, third, loan(today() + 2 * DAY, today() + 3 * DAY), actor=borrower)


def test_the_offices_administrator_records_the_decision_but_not_for_themselves(
    post: Membership, thanh_hoa_officer: User
) -> None:
    keeper = cast.person("th.keeper", "Lê Thị Giữ", Role.OFFICE_ADMIN, post.organisation)
    cast.give_post(keeper, Role.SO_OFFICER, post.organisation)
    with pytest.raises(ValidationError, match="Không tự ủy quyền"):
        lending.lend(post, keeper, loan(today(), today()), actor=keeper)
    lent = lending.lend(post, thanh_hoa_officer, loan(today(), today() + DAY, "TL"), actor=keeper)
    outbox.dispatch()
    with whole_country():
        told = {item.user_id: item.title for item in InboxItem.objects.all()}
        entry = AuditEntry.objects.get(action="accounts.lend_post")
    assert "TL. thay Phạm Văn Ký" in told[thanh_hoa_officer.pk] and "thay bạn" in told[post.user_id]
    assert entry.actor_id == keeper.pk and entry.reason == lent.decision_number


def test_the_database_takes_no_post_and_no_loan_from_a_stranger(
    post: Membership, thanh_hoa_officer: User, thanh_hoa_leader: User
) -> None:
    """Whatever a broken-into session sends: rights are given by those who run the office."""
    office = post.organisation
    grabs: list[Callable[[], object]] = [
        lambda: Membership.objects.create(
            user=thanh_hoa_officer, role=Role.SO_LEADER, organisation=office, valid=cast.ALWAYS
        ),
        lambda: Membership.objects.filter(user=thanh_hoa_officer).update(role=Role.CUC_LEADER),
        lambda: Membership.objects.filter(pk=post.pk).delete(),
        lambda: Delegation.objects.create(
            membership=post, delegate=thanh_hoa_officer, decision_number="1", valid=(today(), None)
        ),
    ]
    for grab in grabs:
        with pytest.raises(ProgrammingError, match="by_stranger"), act_as(thanh_hoa_officer):
            grab()
    with act_as(thanh_hoa_leader):
        lending.lend(post, thanh_hoa_officer, loan(today(), today()), actor=thanh_hoa_leader)


# --- the pages


def test_the_leader_lends_and_takes_back_on_the_page(
    post: Membership, thanh_hoa_officer: User, thanh_hoa_leader: User
) -> None:
    client, here = signed_in(thanh_hoa_leader), office_address(thanh_hoa_leader)
    sent = {
        "delegate": thanh_hoa_officer.pk,
        "form": "KT",
        "number": "15/QĐ-SCT",
        "decided_on": f"{today():%d/%m/%Y}",
        "first": f"{today():%d/%m/%Y}",
        "last": f"{today() + 3 * DAY:%d/%m/%Y}",
    }
    answer = client.post(f"{here}vi-tri/{post.pk}/uy-quyen/", sent, follow=True)
    page = answer.content.decode()
    assert "KT., thay Phạm Văn Ký" in page and "15/QĐ-SCT" in page and "đang hiệu lực" in page
    assert Role.SO_LEADER in scope_of(User.objects.get(pk=thanh_hoa_officer.pk)).roles
    page = text_of(thanh_hoa_officer, f"{here}uy-quyen/")
    assert "KT., thay Phạm Văn Ký" in page and "Thu hồi" not in page
    lent = Delegation.objects.get()
    with cast.nobody():
        begun = period(today() - 2 * DAY, today() + 3 * DAY)
        Delegation.objects.filter(pk=lent.pk).update(valid=begun)
    client.post(f"{here}uy-quyen/{lent.pk}/thu-hoi/")
    assert Role.SO_LEADER not in scope_of(User.objects.get(pk=thanh_hoa_officer.pk)).roles
    assert "(đã hết)" in text_of(thanh_hoa_officer, f"{here}uy-quyen/"), "what was lent stays to be seen"


def test_a_refused_loan_keeps_what_was_typed(
    post: Membership, thanh_hoa_officer: User, thanh_hoa_leader: User
) -> None:
    sent = {"delegate": thanh_hoa_officer.pk, "form": "Q", "number": "16/QĐ", "first": "40/13/2026"}
    address = office_address(thanh_hoa_leader, f"vi-tri/{post.pk}/uy-quyen/")
    answer = signed_in(thanh_hoa_leader).post(address, sent)
    page = answer.content.decode()
    assert answer.status_code == 422 and "40/13/2026" in page and "16/QĐ" in page


def test_when_the_holder_leaves_the_lent_authority_ends_with_the_post(
    post: Membership, thanh_hoa_officer: User, thanh_hoa_leader: User
) -> None:
    keeper = cast.person("th.keeper", "Lê Thị Giữ", Role.OFFICE_ADMIN, post.organisation)
    lending.lend(post, thanh_hoa_officer, loan(today(), today() + 9 * DAY), actor=thanh_hoa_leader)
    staff.leave(thanh_hoa_leader, post.organisation, "nghỉ hưu", actor=keeper)
    assert Role.SO_LEADER not in scope_of(User.objects.get(pk=thanh_hoa_officer.pk)).roles
