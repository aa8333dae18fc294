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
from tests.factories import MILLION, helper_person, take
from tests.money import (
    CONTRACT,
    approved,
    ask,
    contracted,
    database_refuses,
    decided,
    fund_of,
    office_of,
    paid,
    settle,
    voucher,
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
        line = paying.pay(request, voucher(), actor=officer)
        settle()
    fund = fund_of(project, officer)
    assert (fund.due_vnd, fund.paid_vnd, fund.free_vnd) == (0, 75 * MILLION, 175 * MILLION)
    assert (line.kind, line.amount_vnd, line.voucher_on) == ("ADVANCE", 75 * MILLION, voucher().on)
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
            paying.pay(request, voucher(), actor=so_leader)
    officer = office_of(project)
    with act_as(officer):
        paying.pay(request, voucher(), actor=officer)
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
        hand = "state = 'PAID', closed_by_id = %s, closed_for_id = %s"
        database_refuses("not_this_hand", f"{MARK} {hand} WHERE id = %s", deputy.pk, so_leader.pk, request.pk)
        assert paying.pay(request, voucher(), actor=deputy).on_behalf_of is None


def test_nobody_confirms_approves_or_pays_out_of_turn(
    thanh_hoa_centre: User, so_leader: User, nghe_an_leader: User
) -> None:
    project = contracted(thanh_hoa_centre)
    request = ask(project, thanh_hoa_centre)
    leader, officer = office_of(project, leader=True), office_of(project)
    for person, verb in (
        (leader, lambda: paying.approve(request, actor=leader)),  # the Sở has not confirmed
        (officer, lambda: paying.pay(request, voucher(), actor=officer)),
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


def test_a_stopped_projects_requests_are_only_returned(thanh_hoa_centre: User, so_leader: User) -> None:
    project = contracted(thanh_hoa_centre)
    request = ask(project, thanh_hoa_centre)
    leader = office_of(project, leader=True)
    with pytest.raises(MoneyConflict, match="chưa xong"):
        take("stop", project, leader, note="Không triển khai.", paper=CONTRACT)
    with act_as(so_leader):
        paying.give_back(request, "Ngừng triển khai.", actor=so_leader)
    take("stop", project, leader, note="Không triển khai.", paper=CONTRACT)
    with act_as(leader):
        settle()
    with pytest.raises(PermissionRefused, match="đã ngừng"):
        ask(project, thanh_hoa_centre)


def test_a_province_signs_nothing_of_the_nations_purse(thanh_hoa_centre: User, so_leader: User) -> None:
    """A Sở's officer with a hand at the database neither confirms nor approves."""
    project = contracted(thanh_hoa_centre)
    request = ask(project, thanh_hoa_centre)
    officer = helper_person(Role.SO_OFFICER, "Thanh Hóa")
    with act_as(officer):
        hand = "state = 'CONFIRMED', confirmed_by_id = %s"
        database_refuses("not_this_hand", f"{MARK} {hand} WHERE id = %s", officer.pk, request.pk)
    with act_as(so_leader):
        paying.confirm(request, actor=so_leader)
        hand = "state = 'APPROVED', approved_by_id = %s"
        database_refuses("not_this_hand", f"{MARK} {hand} WHERE id = %s", so_leader.pk, request.pk)


def test_a_province_writes_no_line_of_the_nations_ledger(thanh_hoa_centre: User, so_leader: User) -> None:
    project = contracted(thanh_hoa_centre)
    paid(ask(project, thanh_hoa_centre))
    fund = fund_of(project, so_leader)
    with act_as(so_leader):
        back = f"{LINE} VALUES (%s, 'REFUND', 1, NULL, '77', '2026-11-20', '', '', %s, now())"
        database_refuses("not_this_hand", back, fund.pk, so_leader.pk)
        annex = """INSERT INTO programs_contract (uuid, fund_id, kind, number, signed_on, signer, amount_vnd,
            reason, recorded_by_id, recorded_at) VALUES (gen_random_uuid(), %s, 'ANNEX', '9', '2026-11-20',
            'x', 250000000, 'x', %s, now())"""
        database_refuses("not_this_hand", annex, fund.pk, so_leader.pk)


def test_a_voucher_is_of_the_contracts_time_and_counts_once(thanh_hoa_centre: User) -> None:
    project = contracted(thanh_hoa_centre)
    request, officer = approved(ask(project, thanh_hoa_centre)), office_of(project)
    used = voucher()
    with act_as(officer):
        with pytest.raises(MissingDetail, match="không lập trước hợp đồng") as early:
            paying.pay(request, Voucher("1", dt.date(2026, 11, 9)), actor=officer)
        assert early.value.field == "voucher_on"
        paying.pay(request, used, actor=officer)
    other = approved(ask(project, thanh_hoa_centre))
    with act_as(officer), pytest.raises(MissingDetail, match="đã được ghi") as again:
        paying.pay(other, used, actor=officer)
    assert again.value.field == "voucher_number"
    assert fund_of(project, officer).paid_vnd == 50 * MILLION


def test_money_comes_back_with_its_voucher_and_never_more_than_went_out(thanh_hoa_centre: User) -> None:
    project = contracted(thanh_hoa_centre)
    paid(ask(project, thanh_hoa_centre, 50 * MILLION))
    officer = office_of(project)
    with act_as(officer):
        for amount in (0, 50 * MILLION + 1):
            with pytest.raises(MissingDetail, match="đang giữ 50.000.000"):
                paying.refund(project, amount, voucher(), actor=officer)
        with pytest.raises(MissingDetail, match="số chứng từ"):
            paying.refund(project, MILLION, Voucher("", voucher().on), actor=officer)
        with pytest.raises(MissingDetail, match="tương lai"):
            paying.refund(project, MILLION, Voucher("1", dt.date(2099, 1, 1)), actor=officer)
        paying.refund(project, 20 * MILLION, voucher(), actor=officer)
        settle()
    fund = fund_of(project, officer)
    assert (fund.held_vnd, fund.free_vnd) == (30 * MILLION, 220 * MILLION)
    with act_as(thanh_hoa_centre), pytest.raises(PermissionRefused):
        paying.refund(project, MILLION, voucher(), actor=thanh_hoa_centre)


MARK = "UPDATE programs_paymentrequest SET"
LINE = """INSERT INTO programs_fundentry (fund_id, kind, amount_vnd, request_id, voucher_number, voucher_on,
    treasury, note, actor_id, at)"""


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        (f"{MARK} amount_vnd = amount_vnd + 1 WHERE id = {{request}}", "request_is_fixed"),
        (
            f"{MARK} state = 'APPROVED', approved_by_id = {{actor}} WHERE id = {{request}}",
            "request_is_fixed",
        ),
        (
            f"{MARK} state = 'CONFIRMED', confirmed_by_id = {{actor}}, approved_by_id = {{actor}}"
            " WHERE id = {request}",
            "request_is_fixed",
        ),
        (f"{MARK} state = 'CONFIRMED', confirmed_by_id = {{actor}} WHERE id = {{request}}", "not_this_hand"),
        (f"{MARK} state = 'CONFIRMED', confirmed_by_id = {{so}} WHERE id = {{request}}", "not_this_hand"),
        (f"{MARK} needs_so = false WHERE id = {{request}}", "request_is_fixed"),
        ("DELETE FROM programs_paymentrequest WHERE id = {request}", "append_only"),
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
    officer, so = office_of(project), helper_person(Role.SO_LEADER, "Thanh Hóa")
    with act_as(officer):
        database_refuses(name, statement.format(request=request.pk, actor=officer.pk, so=so.pk))


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
