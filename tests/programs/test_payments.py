"""Money asked for, confirmed, approved, paid and given back: by different people, within the contract."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from accounts.models import Delegation, User, today
from accounts.policy import PermissionRefused
from accounts.roles import Role
from accounts.scope import act_as
from programs import paying
from programs.errors import MissingDetail, MoneyConflict
from programs.lifecycle import Purse
from programs.models import FundEntry, PaymentRequest
from programs.paying import Voucher
from records.models import AuditEntry
from tests import cast
from tests.factories import MILLION, helper_person
from tests.money import (
    VOUCHER,
    approved,
    ask,
    contracted,
    decided,
    fund_of,
    office_of,
    paid,
    settle,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def so_leader() -> User:
    return helper_person(Role.SO_LEADER, "Thanh Hóa")


def test_national_money_goes_from_the_centre_through_the_so_to_the_cuc_and_is_paid_by_another(
    thanh_hoa_centre: User, so_leader: User
) -> None:
    project = contracted(thanh_hoa_centre)
    request = ask(project, thanh_hoa_centre, 75 * MILLION, done_percent=75)
    leader, officer = office_of(project, leader=True), office_of(project)
    with act_as(so_leader):
        request = paying.confirm(request, actor=so_leader)
    with act_as(leader):
        request = paying.approve(request, actor=leader)
        assert (request.fund.free_vnd, fund_of(project, leader).due_vnd) == (250 * MILLION, 75 * MILLION)
    with act_as(officer):
        line = paying.pay(request, VOUCHER, actor=officer)
        settle()
    fund = fund_of(project, officer)
    assert (fund.due_vnd, fund.paid_vnd, fund.free_vnd) == (0, 75 * MILLION, 175 * MILLION)
    assert (line.kind, line.amount_vnd, line.voucher_number) == ("ADVANCE", 75 * MILLION, "0012")
    with act_as(officer):
        request.refresh_from_db()
        hands = [request.requested_by, request.confirmed_by, request.approved_by, request.closed_by]
        assert (request.state, hands) == ("PAID", [thanh_hoa_centre, so_leader, leader, officer])
        actions = AuditEntry.objects.filter(object_type="programs.paymentrequest", object_id=str(request.pk))
        assert list(actions.order_by("id").values_list("action", flat=True)) == [
            "programs.request_payment", "programs.confirm_payment", "programs.approve_payment",
            "programs.pay_request",
        ]  # fmt: skip


def test_local_money_needs_no_confirmation_and_two_people_of_the_so(
    thanh_hoa_centre: User, so_leader: User
) -> None:
    project = contracted(thanh_hoa_centre, purse=Purse.KCDP)
    request = ask(project, thanh_hoa_centre)
    with act_as(so_leader):
        with pytest.raises(PermissionRefused, match="không chờ Sở xác nhận"):
            paying.confirm(request, actor=so_leader)
        request = paying.approve(request, actor=so_leader)
        with pytest.raises(PermissionRefused, match="cần người thứ hai"):
            paying.pay(request, VOUCHER, actor=so_leader)
    officer = office_of(project)
    with act_as(officer):
        paying.pay(request, VOUCHER, actor=officer)
        settle()


def test_a_lent_authority_does_not_sign_twice_for_its_holder(thanh_hoa_centre: User, so_leader: User) -> None:
    """A deputy pays in their own name, never in that of the leader who has approved."""
    project = contracted(thanh_hoa_centre, purse=Purse.KCDP)
    deputy = cast.person("th.pho", "Phó Thử", Role.SO_OFFICER, cast.so_of("Thanh Hóa"))
    lent = (today() - dt.timedelta(days=1), None)
    Delegation.objects.create(
        membership=so_leader.memberships.get(), delegate=deputy, decision_number="09/QĐ-THỬ", valid=lent
    )
    request = approved(ask(project, thanh_hoa_centre))
    with act_as(deputy):
        with (
            pytest.raises(DatabaseError, match="nobody_approves_their_own_payment"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            names = "state = 'PAID', closed_by_id = %s, closed_for_id = %s"
            cursor.execute(f"{MARK} {names} WHERE id = %s", [deputy.pk, so_leader.pk, request.pk])
        assert paying.pay(request, VOUCHER, actor=deputy).on_behalf_of is None


def test_nobody_confirms_approves_or_pays_out_of_turn(
    thanh_hoa_centre: User, so_leader: User, nghe_an_leader: User
) -> None:
    project = contracted(thanh_hoa_centre)
    request = ask(project, thanh_hoa_centre)
    leader, officer = office_of(project, leader=True), office_of(project)
    for person, verb in (
        (leader, lambda: paying.approve(request, actor=leader)),  # the Sở has not confirmed
        (officer, lambda: paying.pay(request, VOUCHER, actor=officer)),
        (leader, lambda: paying.confirm(request, actor=leader)),
        (thanh_hoa_centre, lambda: paying.confirm(request, actor=thanh_hoa_centre)),
    ):
        with act_as(person), pytest.raises(PermissionRefused):
            verb()
    with act_as(nghe_an_leader), pytest.raises(Exception, match="matching query does not exist"):
        paying.confirm(request, actor=nghe_an_leader)


def test_nothing_is_asked_for_before_the_contract_or_beyond_it(thanh_hoa_centre: User) -> None:
    with pytest.raises(PermissionRefused, match="chưa có hợp đồng"):
        ask(decided(thanh_hoa_centre), thanh_hoa_centre)
    project = contracted(thanh_hoa_centre)
    ask(project, thanh_hoa_centre, 200 * MILLION)
    with pytest.raises(MissingDetail, match="chỉ còn đề nghị được 50.000.000"):
        ask(project, thanh_hoa_centre, 50 * MILLION + 1)
    ask(project, thanh_hoa_centre, 50 * MILLION)
    for amount in (0, 1):
        with pytest.raises(MissingDetail):
            ask(project, thanh_hoa_centre, amount)


def test_what_is_returned_says_why_and_makes_room_again(thanh_hoa_centre: User, so_leader: User) -> None:
    project = contracted(thanh_hoa_centre)
    request = ask(project, thanh_hoa_centre, 250 * MILLION)
    with act_as(so_leader):
        with pytest.raises(MissingDetail, match="lý do trả lại"):
            paying.give_back(request, " ", actor=so_leader)
        paying.give_back(request, "Chưa đủ khối lượng.", actor=so_leader)
    again = approved(ask(project, thanh_hoa_centre, 250 * MILLION))
    leader = office_of(project, leader=True)
    with act_as(leader):
        paying.give_back(again, "Chưa có dự toán quý.", actor=leader)
        settle()
    fund = fund_of(project, leader)
    assert (fund.due_vnd, fund.free_vnd) == (0, 250 * MILLION)


def test_a_request_is_withdrawn_by_its_office_until_somebody_has_answered(
    thanh_hoa_centre: User, so_leader: User
) -> None:
    project = contracted(thanh_hoa_centre)
    request = ask(project, thanh_hoa_centre)
    with act_as(thanh_hoa_centre):
        assert paying.withdraw(request, actor=thanh_hoa_centre).state == "WITHDRAWN"
    other = ask(project, thanh_hoa_centre)
    with act_as(so_leader):
        paying.confirm(other, actor=so_leader)
    with act_as(thanh_hoa_centre):
        other.refresh_from_db()
        with pytest.raises(PermissionRefused, match="không rút được"):
            paying.withdraw(other, actor=thanh_hoa_centre)


def test_two_people_who_saw_the_same_request_do_not_both_answer_it(
    thanh_hoa_centre: User, so_leader: User
) -> None:
    project = contracted(thanh_hoa_centre)
    request = ask(project, thanh_hoa_centre)
    with act_as(so_leader):
        paying.confirm(request, actor=so_leader)
        with pytest.raises(MoneyConflict, match="vừa được người khác xử lý"):
            paying.give_back(request, "Không.", actor=so_leader)


def test_money_comes_back_with_its_voucher_and_never_more_than_went_out(thanh_hoa_centre: User) -> None:
    project = contracted(thanh_hoa_centre)
    paid(ask(project, thanh_hoa_centre, 50 * MILLION))
    officer = office_of(project)
    with act_as(officer):
        for amount in (0, 50 * MILLION + 1):
            with pytest.raises(MissingDetail, match="đang giữ 50.000.000"):
                paying.refund(project, amount, VOUCHER, actor=officer)
        with pytest.raises(MissingDetail, match="số chứng từ"):
            paying.refund(project, MILLION, Voucher("", VOUCHER.on), actor=officer)
        with pytest.raises(MissingDetail, match="tương lai"):
            paying.refund(project, MILLION, Voucher("1", dt.date(2099, 1, 1)), actor=officer)
        paying.refund(project, 20 * MILLION, VOUCHER, actor=officer)
        settle()
    fund = fund_of(project, officer)
    assert (fund.held_vnd, fund.free_vnd) == (30 * MILLION, 220 * MILLION)
    with act_as(thanh_hoa_centre), pytest.raises(PermissionRefused):
        paying.refund(project, MILLION, VOUCHER, actor=thanh_hoa_centre)


MARK = "UPDATE programs_paymentrequest SET"
LINE = """INSERT INTO programs_fundentry (fund_id, kind, amount_vnd, request_id, voucher_number, voucher_on,
    treasury, note, actor_id, at)"""


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        (f"{MARK} amount_vnd = amount_vnd + 1 WHERE id = {{request}}", "request_is_fixed"),
        (
            f"{MARK} state = 'APPROVED', approved_by_id = {{actor}} WHERE id = {{request}}",
            "payment_request_through_the_so",
        ),
        (f"{MARK} state = 'PAID', closed_by_id = {{actor}} WHERE id = {{request}}", "request_is_fixed"),
        (
            f"{LINE} SELECT fund_id, 'ADVANCE', amount_vnd, id, '1', '2026-11-20', '', '', {{actor}}, now()"
            " FROM programs_paymentrequest WHERE id = {request}",
            "payment_differs",
        ),
        (
            f"{LINE} SELECT fund_id, 'PAYMENT', amount_vnd, NULL, '1', '2026-11-20', '', '', {{actor}}, now()"
            " FROM programs_paymentrequest WHERE id = {request}",
            "payment_line_names_its_request",
        ),
    ],
)
def test_hand_written_statements_pay_nobody(thanh_hoa_centre: User, statement: str, name: str) -> None:
    project = contracted(thanh_hoa_centre)
    request = ask(project, thanh_hoa_centre)
    officer = office_of(project)
    with (
        act_as(officer),
        pytest.raises(DatabaseError, match=name),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(request=request.pk, actor=officer.pk))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_request_marked_paid_by_hand_fails_without_its_line(thanh_hoa_centre: User) -> None:
    project = contracted(thanh_hoa_centre)
    request = approved(ask(project, thanh_hoa_centre))
    officer = office_of(project)
    with act_as(officer):
        with (
            pytest.raises(DatabaseError, match="fund_differs"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                f"{MARK} state = 'PAID', closed_by_id = %s WHERE id = %s", [officer.pk, request.pk]
            )
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        assert not FundEntry.objects.filter(kind="ADVANCE").exists()
        assert PaymentRequest.objects.get(pk=request.pk).state == "APPROVED"
