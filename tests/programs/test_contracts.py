"""The contract of an approved project: its sum within the approval, its annexes, the fund it opens."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError, IntegrityError

from accounts.models import User
from accounts.policy import PermissionRefused
from accounts.scope import act_as
from programs import contracting, paying
from programs.carry_values import SourceFigures
from programs.carryterms import Progress
from programs.contracting import AnnexValues
from programs.errors import IllegalMove, MissingDetail, MoneyConflict
from programs.lifecycle import Purse, State
from programs.models import Contract, FundEntry, ProjectFund, YearPlan
from programs.workflow import Paper
from records.models import AuditEntry
from tests.carried import begin_portal, confirmed, entered, give_ceiling, papers
from tests.factories import MILLION, take
from tests.money import (
    CONTRACT,
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

ANNEX = AnnexValues("07a/PL-TN", dt.date(2026, 11, 18), "Người Ký Thử", 200 * MILLION, "Giảm theo giá máy.")


@pytest.mark.parametrize("purse", Purse.values)
def test_a_contract_without_a_sum_of_its_own_is_for_all_that_was_approved(
    thanh_hoa_centre: User, purse: str
) -> None:
    project = contracted(thanh_hoa_centre, purse=purse)
    granted = (250 if purse == Purse.KCQG else 100) * MILLION
    with act_as(thanh_hoa_centre):
        settle()
        assert project.state == State.CONTRACTED
        fund = ProjectFund.objects.get(project=project)
        assert (fund.source, fund.granted_vnd, fund.contract_vnd) == (purse, granted, granted)
        [contract] = fund.contracts.all()
        assert (contract.kind, contract.number, contract.signed_on) == (
            "CONTRACT",
            "07/HĐ-TN",
            CONTRACT.signed_on,
        )
        [line] = fund.entries.all()
        assert (line.kind, line.amount_vnd, line.contract) == ("CONTRACT_UP", granted, contract)


def test_a_contract_may_be_for_less_and_never_for_one_dong_more(thanh_hoa_centre: User) -> None:
    project = decided(thanh_hoa_centre)
    officer = office_of(project)
    with pytest.raises(MissingDetail, match="không vượt số được phê duyệt: 250.000.000") as refusal:
        take("contract", project, officer, paper=CONTRACT, data={"contract_vnd": 250 * MILLION + 1})
    assert refusal.value.field == "contract_vnd"
    take("contract", project, officer, paper=CONTRACT, data={"contract_vnd": 240 * MILLION})
    assert fund_of(project, officer).contract_vnd == 240 * MILLION


def test_a_contract_names_its_paper_and_is_the_purses_office_to_record(
    thanh_hoa_centre: User, thanh_hoa_leader: User, nghe_an_officer: User
) -> None:
    national, local = decided(thanh_hoa_centre), decided(thanh_hoa_centre, purse=Purse.KCDP)
    with pytest.raises(MissingDetail, match="số văn bản"):
        take("contract", national, office_of(national), paper=Paper())
    for project, person in ((national, thanh_hoa_leader), (local, thanh_hoa_centre)):
        with pytest.raises(PermissionRefused):
            take("contract", project, person, paper=CONTRACT)
    take("contract", local, thanh_hoa_leader, paper=CONTRACT)
    with pytest.raises(IllegalMove):
        take("contract", local, thanh_hoa_leader, paper=CONTRACT)


def test_an_annex_moves_the_contract_both_ways_and_the_ledger_tells_by_how_much(
    thanh_hoa_centre: User,
) -> None:
    project = contracted(thanh_hoa_centre)
    officer = office_of(project)
    with act_as(officer):
        contracting.amend(project, ANNEX, actor=officer)
        contracting.amend(
            project,
            AnnexValues("07b/PL-TN", ANNEX.signed_on, "Người Ký Thử", 230 * MILLION, "Thêm."),
            actor=officer,
        )
        settle()
        fund = ProjectFund.objects.get(project=project)
        assert fund.contract_vnd == 230 * MILLION
        told = [(line.kind, line.amount_vnd // MILLION) for line in fund.entries.all()]
        assert told == [("CONTRACT_UP", 250), ("CONTRACT_DOWN", 50), ("CONTRACT_UP", 30)]
        assert [paper.kind for paper in fund.contracts.all()] == ["CONTRACT", "ANNEX", "ANNEX"]
        entry = AuditEntry.objects.filter(action="programs.amend_contract").latest("id")
        assert entry.after == {"contract_vnd": 230 * MILLION, "annex": "07b/PL-TN"}


def test_an_annex_that_leaves_the_sum_as_it_is_has_no_line_in_the_ledger(thanh_hoa_centre: User) -> None:
    project = contracted(thanh_hoa_centre)
    officer = office_of(project)
    same = AnnexValues("07a/PL-TN", ANNEX.signed_on, "Người Ký Thử", 250 * MILLION, "Đổi thời gian.")
    with act_as(officer):
        contracting.amend(project, same, actor=officer)
        settle()
        assert FundEntry.objects.filter(fund__project=project).count() == 1


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("number", {"number": " "}),
        ("reason", {"reason": ""}),
        ("signed_on", {"signed_on": dt.date(2026, 11, 9)}),
        ("signed_on", {"signed_on": dt.date(2099, 1, 1)}),
        ("amount_vnd", {"amount_vnd": 250 * MILLION + 1}),
        ("amount_vnd", {"amount_vnd": 49 * MILLION}),
        ("amount_vnd", {"amount_vnd": 0}),
    ],
)
def test_an_annex_is_refused_at_the_field_that_is_wrong(
    thanh_hoa_centre: User, field: str, changes: dict[str, object]
) -> None:
    project = contracted(thanh_hoa_centre)
    paid(ask(project, thanh_hoa_centre))
    officer = office_of(project)
    values = {
        "number": "07a/PL-TN", "signed_on": ANNEX.signed_on, "signer": "Người Ký Thử",
        "amount_vnd": 200 * MILLION, "reason": "Vì vậy.", **changes,
    }  # fmt: skip
    with act_as(officer), pytest.raises(MissingDetail) as refusal:
        contracting.amend(project, AnnexValues(**values), actor=officer)  # type: ignore[arg-type]
    assert refusal.value.field == field


def test_a_number_is_recorded_once(thanh_hoa_centre: User) -> None:
    project = contracted(thanh_hoa_centre)
    officer = office_of(project)
    again = AnnexValues("07/HĐ-TN", ANNEX.signed_on, "Người Ký Thử", 200 * MILLION, "Vì vậy.")
    with act_as(officer), pytest.raises(MissingDetail, match="đã được ghi") as refusal:
        contracting.amend(project, again, actor=officer)
    assert refusal.value.field == "number"


def test_a_project_with_money_out_is_stopped_only_when_it_has_come_back(thanh_hoa_centre: User) -> None:
    project = contracted(thanh_hoa_centre)
    paid(ask(project, thanh_hoa_centre, 50 * MILLION))
    leader, officer = office_of(project, leader=True), office_of(project)
    with pytest.raises(MoneyConflict, match="50.000.000 đồng chưa thu hồi"):
        take("stop", project, leader, note="Không triển khai.", paper=CONTRACT)
    with act_as(officer):
        paying.refund(project, 50 * MILLION, voucher(), actor=officer)
    take("stop", project, leader, note="Không triển khai.", paper=CONTRACT)
    with act_as(leader):
        settle()
        assert YearPlan.objects.get(pk=project.plan_id).ceilings.get(source="KCQG").committed_vnd == 0


ON_PAPER = Paper("05/HĐ-TN", dt.date(2018, 3, 1), "Người Ký Thử")


def test_a_project_from_paper_begins_with_its_contract_and_what_paper_had_paid(
    thanh_hoa_leader: User, thanh_hoa_officer: User, thanh_hoa_chair: User
) -> None:
    begin_portal(thanh_hoa_leader)
    give_ceiling(thanh_hoa_leader, Purse.KCDP, 2018)
    project = confirmed(entered(papers(), thanh_hoa_officer), thanh_hoa_leader)
    for paper, vnd, field in (
        (CONTRACT, 100 * MILLION, "paper_number"),
        (replace(ON_PAPER, signed_on=dt.date(2018, 3, 2)), 100 * MILLION, "paper_date"),
        (ON_PAPER, 99 * MILLION, "contract_vnd"),
    ):
        with pytest.raises(MissingDetail, match="thay đổi thì ghi phụ lục") as refusal:
            take("contract", project, thanh_hoa_officer, paper=paper, data={"contract_vnd": vnd})
        assert refusal.value.field == field
    with pytest.raises(MoneyConflict, match="60.000.000 đồng chưa thu hồi"):
        take("stop", project, thanh_hoa_chair, note="Không triển khai.", paper=CONTRACT)
    take("contract", project, thanh_hoa_officer, paper=ON_PAPER)
    with act_as(thanh_hoa_officer):
        settle()
        fund = ProjectFund.objects.get(project=project)
        assert (fund.contract_vnd, fund.paid_vnd, fund.refunded_vnd) == (100 * MILLION, 60 * MILLION, 0)


@pytest.mark.parametrize("state", ["WITHDRAWN", "DRAFT", "ASSIGNED"])
def test_a_project_leaves_its_contract_only_by_a_stop(thanh_hoa_centre: User, state: str) -> None:
    project = contracted(thanh_hoa_centre)
    paid(ask(project, thanh_hoa_centre))
    officer = office_of(project)
    with act_as(officer):
        settle()
        with (
            pytest.raises(DatabaseError, match="fund_without_contract"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            left = "UPDATE programs_project SET state = %s, version = version + 1 WHERE id = %s"
            cursor.execute(left, [state, project.pk])
            cursor.execute("SET CONSTRAINTS contracted_is_left IMMEDIATE")


def test_a_settled_project_from_paper_needs_no_contract(
    thanh_hoa_leader: User, thanh_hoa_officer: User
) -> None:
    begin_portal(thanh_hoa_leader)
    give_ceiling(thanh_hoa_leader, Purse.KCDP, 2018)
    money = [SourceFigures("KCDP", 100 * MILLION, 100 * MILLION, settled_vnd=100 * MILLION)]
    entry = entered(papers(progress=Progress.SETTLED, money=money, advances=[]), thanh_hoa_officer)
    project = confirmed(entry, thanh_hoa_leader)
    with pytest.raises(PermissionRefused, match="quyết toán"):
        take("contract", project, thanh_hoa_officer, paper=CONTRACT)


LINE = """INSERT INTO programs_fundentry (fund_id, kind, amount_vnd, voucher_number, voucher_on, treasury,
    note, actor_id, at)"""


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("UPDATE programs_projectfund SET paid_vnd = 1 WHERE id = {fund}", "fund_by_rows"),
        ("UPDATE programs_projectfund SET granted_vnd = granted_vnd + 1 WHERE id = {fund}", "fund_by_rows"),
        ("DELETE FROM programs_projectfund WHERE id = {fund}", "append_only"),
        (
            "INSERT INTO programs_projectfund (project_id, source, granted_vnd, contract_vnd, due_vnd,"
            " paid_vnd, refunded_vnd) VALUES ({project}, 'KCDP', 0, 0, 0, 0, 0)",
            "fund_by_rows",
        ),
        (
            f"{LINE} VALUES ({{fund}}, 'FOO', 1, '', NULL, '', '', {{actor}}, now())",
            "fund_entry_is_something",
        ),
        (
            f"{LINE} VALUES ({{fund}}, 'REFUND', 1, '1', '2001-01-01', '', '', {{actor}}, now())",
            "voucher_out",
        ),
        ("UPDATE programs_contract SET amount_vnd = 1 WHERE fund_id = {fund}", "permission denied"),
        ("DELETE FROM programs_fundentry WHERE fund_id = {fund}", "permission denied"),
        (
            "INSERT INTO programs_contract (uuid, fund_id, kind, number, signed_on, signer, amount_vnd,"
            " reason, recorded_by_id, recorded_at) VALUES (gen_random_uuid(), {fund}, 'ANNEX', '9',"
            " '2026-11-20', 'x', 1, 'x', {actor}, now())",
            "fund_differs",
        ),
        (
            f"{LINE} VALUES ({{fund}}, 'REFUND', 1, '1', '2026-11-20', '', '', {{actor}}, now())",
            "refund_within",
        ),
        (f"{LINE} VALUES ({{fund}}, 'CARRIED_PAID', 1, '', NULL, '', '', {{actor}}, now())", "carried_line"),
        (
            "UPDATE programs_project SET state = 'ASSIGNED', version = version + 1 WHERE id = {project}",
            "fund_wi",
        ),
    ],
)
def test_hand_written_statements_move_no_dong(thanh_hoa_centre: User, statement: str, name: str) -> None:
    project = contracted(thanh_hoa_centre)
    officer = office_of(project)
    with act_as(officer):
        settle()
        fund = ProjectFund.objects.get(project=project)
        words = {"project": project.pk, "fund": fund.pk, "actor": officer.pk}
        database_refuses(name, statement.format(**words))


def test_a_state_without_its_contract_is_refused_by_the_database(thanh_hoa_centre: User) -> None:
    project = decided(thanh_hoa_centre)
    officer = office_of(project)
    with act_as(officer):
        settle()
        for sql in (
            "UPDATE programs_project SET state = 'CONTRACTED', version = version + 1 WHERE id = %s",
            "INSERT INTO programs_projectfund (project_id, source, granted_vnd, contract_vnd, due_vnd,"
            " paid_vnd, refunded_vnd) VALUES (%s, 'KCQG', 250000000, 0, 0, 0, 0)",
        ):
            with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql, [project.pk])
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        assert not Contract.objects.exists()
