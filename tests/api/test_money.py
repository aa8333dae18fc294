"""A contract over the API, and the money a partner then reads."""

from __future__ import annotations

import pytest

from accounts.models import User
from tests.api.client import Api
from tests.factories import MILLION
from tests.money import ask, decided, office_of, paid

pytestmark = pytest.mark.django_db
PAPER = {"paper_number": "15/HĐ-THỬ", "paper_date": "2026-11-10", "paper_signer": "Người Ký Thử"}


def test_a_contract_opens_the_money_a_partner_reads(thanh_hoa_centre: User, cuc_officer: User) -> None:
    project = decided(thanh_hoa_centre)
    partner = Api(cuc_officer)
    assert partner.get(f"/projects/{project.code}/").body["money"] is None
    path, body = f"/projects/{project.code}/transitions/", {"action": "contract", "version": project.version}
    beyond = partner.post(path, {**body, "data": {**PAPER, "contract_vnd": 250 * MILLION + 1}})
    assert (beyond.status, beyond.fields) == (422, ["data.contract_vnd"]), beyond.body
    taken = partner.post(path, {**body, "data": {**PAPER, "contract_vnd": 240 * MILLION}})
    assert (taken.status, taken.body["target"]) == (201, "CONTRACTED"), taken.body
    paid(ask(project, thanh_hoa_centre, 70 * MILLION))
    ask(project, thanh_hoa_centre, 30 * MILLION)
    money = partner.get(f"/projects/{project.code}/").body["money"]
    sums = {name: money[f"{name}_vnd"] // MILLION for name in ("granted", "contract", "paid", "due", "free")}
    assert sums == {"granted": 250, "contract": 240, "paid": 70, "due": 0, "free": 170}
    assert [row["number"] for row in money["contracts"]] == ["15/HĐ-THỬ"]
    assert [(row["number"], row["state"]) for row in money["payments"]] == [(2, "REQUESTED"), (1, "PAID")]
    assert [row["kind"] for row in money["entries"]] == ["CONTRACT_UP", "ADVANCE"]


def test_a_number_of_nothing_but_blanks_is_none(thanh_hoa_centre: User, cuc_officer: User) -> None:
    project = decided(thanh_hoa_centre)
    path, body = f"/projects/{project.code}/transitions/", {"action": "contract", "version": project.version}
    answer = Api(cuc_officer).post(path, {**body, "data": {**PAPER, "paper_number": " \u200b "}})
    assert (answer.status, answer.fields) == (422, ["data.paper_number"]), answer.body


def test_a_stop_with_money_out_is_a_conflict_in_words(thanh_hoa_centre: User, cuc_leader: User) -> None:
    project = decided(thanh_hoa_centre)
    path = f"/projects/{project.code}/transitions/"
    clerk = Api(office_of(project))
    assert clerk.post(path, {"action": "contract", "version": project.version, "data": PAPER}).status == 201
    paid(ask(project, thanh_hoa_centre, 70 * MILLION))
    stop = {"action": "stop", "version": project.version + 1, "note": "Giải thể.", "data": PAPER}
    answer = Api(cuc_leader).post(path, stop)
    assert (answer.status, answer.body["code"]) == (409, "money_conflict"), answer.body
