"""When dossiers are taken in: opened, extended with a reason, closed for what is new."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.db.utils import DatabaseError, ProgrammingError

from accounts.models import User
from accounts.policy import PermissionRefused
from accounts.scope import act_as
from programs.errors import MissingDetail, StaleWindow, WindowClosed
from programs.lifecycle import Purse, State
from programs.models import Gate, Project, RegistrationWindow
from programs.recompute import deadlines_changed
from programs.windows import Dates, set_window
from programs.workflow import Ask, foresee, take
from records import outbox
from records.context import whole_country
from records.models import OutboxMessage
from tests.api.client import Api
from tests.cast import province
from tests.factories import advance_to, make_project
from tests.pages import signed_in
from vietnam.models import AdminUnit

pytestmark = pytest.mark.django_db
APRIL, MAY_19, JUNE_10 = dt.date(2026, 4, 1), dt.date(2026, 5, 19), dt.date(2026, 6, 10)


def opened(
    leader: User,
    last: dt.date = MAY_19,
    *,
    reason: str = "",
    seen: int = 0,
    first: dt.date = APRIL,
    **more: Any,
) -> RegistrationWindow:
    gate = more.get("gate", Gate.SO)
    place = more.get("place") or (AdminUnit.nation() if gate == Gate.CUC else province("Thanh Hóa"))
    with act_as(leader):
        return set_window(
            gate, more.get("purse", Purse.KCQG), 2027, place, Dates(APRIL, last, reason),
            actor=leader, seen_number=seen,
        )  # fmt: skip


def submit(project: Project, who: User, day: dt.date) -> None:
    with time_machine.travel(dt.datetime.combine(day, dt.time(3), dt.UTC), tick=False), act_as(who):
        take("submit", project, actor=who)


@pytest.mark.parametrize("day", [dt.date(2026, 3, 31), dt.date(2026, 5, 20)])
def test_the_day_before_and_the_day_after_nothing_new_is_taken_in(
    thanh_hoa_centre: User, thanh_hoa_leader: User, day: dt.date
) -> None:
    opened(thanh_hoa_leader)
    project = make_project(thanh_hoa_centre)
    with pytest.raises(WindowClosed, match="từ 01/04/2026 đến hết 19/05/2026"):
        submit(project, thanh_hoa_centre, day)


@pytest.mark.parametrize("day", [APRIL, MAY_19])
def test_the_first_and_the_last_day_count(
    thanh_hoa_centre: User, thanh_hoa_leader: User, day: dt.date
) -> None:
    opened(thanh_hoa_leader)
    project = make_project(thanh_hoa_centre)
    submit(project, thanh_hoa_centre, day)
    with whole_country():
        project.refresh_from_db()
    assert project.state == State.SUBMITTED_PROV


def test_a_partner_reads_a_code_and_the_days(thanh_hoa_centre: User, thanh_hoa_leader: User) -> None:
    opened(thanh_hoa_leader)
    code = make_project(thanh_hoa_centre).code
    answer = Api(thanh_hoa_centre).post(f"/projects/{code}/transitions/", {"action": "submit", "version": 1})
    assert (answer.status, answer.body["code"]) == (409, "window_closed")
    assert "đến hết 19/05/2026" in answer.body["detail"]


def test_an_extension_with_its_reason_lets_late_dossiers_in_and_moves_their_deadline(
    thanh_hoa_centre: User, thanh_hoa_leader: User
) -> None:
    opened(thanh_hoa_leader)
    project = make_project(thanh_hoa_centre)
    assert project.due_on == MAY_19
    opened(thanh_hoa_leader, JUNE_10, reason="chờ danh mục ngành", seen=1)
    with whole_country():
        told = OutboxMessage.objects.filter(topic="deadlines.changed").last()
        assert told is not None
        deadlines_changed(told)
        project.refresh_from_db()
    assert project.due_on == JUNE_10
    assert "Đã đổi ngày: chờ danh mục ngành." in project.due_why
    submit(project, thanh_hoa_centre, dt.date(2026, 6, 5))


def test_changing_needs_a_reason_and_the_last_word_seen(thanh_hoa_leader: User) -> None:
    opened(thanh_hoa_leader)
    with pytest.raises(MissingDetail, match="lý do"):
        opened(thanh_hoa_leader, JUNE_10, seen=1)
    with pytest.raises(StaleWindow):
        opened(thanh_hoa_leader, JUNE_10, reason="gia hạn")
    with pytest.raises(MissingDetail, match="Ngày cuối"):
        opened(thanh_hoa_leader, dt.date(2026, 3, 1), reason="gia hạn", seen=1)
    with whole_country():
        assert RegistrationWindow.objects.count() == 1


def test_a_dossier_sent_back_returns_after_the_window(
    thanh_hoa_centre: User, thanh_hoa_leader: User, thanh_hoa_officer: User
) -> None:
    project = make_project(thanh_hoa_centre)
    advance_to(project, State.SUBMITTED_PROV, drafter=thanh_hoa_centre)
    opened(thanh_hoa_leader)
    with act_as(thanh_hoa_officer):
        take("return", project, actor=thanh_hoa_officer, note="bổ sung báo giá")
    submit(project, thanh_hoa_centre, dt.date(2026, 12, 1))


def test_without_a_window_nothing_is_closed(thanh_hoa_centre: User, nghe_an_leader: User) -> None:
    opened(nghe_an_leader, place=province("Nghệ An"))
    submit(make_project(thanh_hoa_centre), thanh_hoa_centre, dt.date(2026, 12, 1))


def test_the_cucs_window_holds_for_the_nation_and_longer_where_it_says_so(
    thanh_hoa_centre: User, thanh_hoa_officer: User, cuc_leader: User
) -> None:
    opened(cuc_leader, gate=Gate.CUC)
    project = make_project(thanh_hoa_centre)
    advance_to(project, State.PASSED_PROV, drafter=thanh_hoa_centre)
    late = dt.datetime(2026, 6, 1, 3, tzinfo=dt.UTC)
    with time_machine.travel(late, tick=False), act_as(thanh_hoa_officer):
        [foreseen] = foresee([Ask("register", project, thanh_hoa_officer)])
        assert isinstance(foreseen, WindowClosed)
    opened(cuc_leader, JUNE_10, gate=Gate.CUC, place=province("Thanh Hóa"))
    with time_machine.travel(late, tick=False), act_as(thanh_hoa_officer):
        take("register", project, actor=thanh_hoa_officer)


def test_a_later_round_of_ones_own_does_not_close_the_nations_that_is_open(
    thanh_hoa_centre: User, thanh_hoa_officer: User, cuc_leader: User
) -> None:
    project = make_project(thanh_hoa_centre)
    advance_to(project, State.PASSED_PROV, drafter=thanh_hoa_centre)
    opened(cuc_leader, gate=Gate.CUC)
    with act_as(cuc_leader):
        set_window(
            Gate.CUC, Purse.KCQG, 2027, province("Thanh Hóa"),
            Dates(dt.date(2026, 9, 1), dt.date(2026, 9, 30)), actor=cuc_leader, seen_number=0,
        )  # fmt: skip
    for day, open_ in ((APRIL, True), (dt.date(2026, 6, 1), False), (dt.date(2026, 9, 30), True)):
        noon = dt.datetime.combine(day, dt.time(3), dt.UTC)
        with time_machine.travel(noon, tick=False), act_as(thanh_hoa_officer):
            [answer] = foresee([Ask("register", project, thanh_hoa_officer)])
        assert (answer is None) == open_, (day, answer)


def test_only_the_receiving_offices_leader_sets_days(
    thanh_hoa_officer: User, nghe_an_leader: User, cuc_leader: User, thanh_hoa_leader: User
) -> None:
    for stranger in (thanh_hoa_officer, nghe_an_leader, cuc_leader):
        with pytest.raises(PermissionRefused):
            opened(stranger)
    with pytest.raises(PermissionRefused):
        opened(thanh_hoa_leader, gate=Gate.CUC)


def test_the_database_keeps_a_province_from_anothers_days_and_everybody_from_changing_them(
    thanh_hoa_leader: User, nghe_an_leader: User
) -> None:
    window = opened(thanh_hoa_leader)
    with act_as(nghe_an_leader):
        assert RegistrationWindow.objects.filter(pk=window.pk).exists()
        for gate in Gate:
            forged = RegistrationWindow(
                gate=gate, purse=Purse.KCQG, year=2027, number=9, reason="x", opens_on=APRIL, closes_on=APRIL,
                province=window.province if gate == Gate.SO else AdminUnit.nation(),
                office=window.office, set_by=nghe_an_leader,
            )  # fmt: skip
            with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
                forged.save()
    with act_as(thanh_hoa_leader), pytest.raises(DatabaseError), transaction.atomic():
        RegistrationWindow.objects.update(closes_on=dt.date(2030, 1, 1))
    window.pk, window.uuid, window.number, window.reason = None, uuid.uuid4(), 2, "thêm ngày"
    window.set_by = nghe_an_leader
    window._state.adding = True
    with act_as(thanh_hoa_leader), transaction.atomic():
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            window.save(force_insert=True)
        window.set_by = thanh_hoa_leader
        window.save(force_insert=True)


def test_the_page_keeps_what_was_typed_and_names_the_field(thanh_hoa_leader: User) -> None:
    opened(thanh_hoa_leader)
    client = signed_in(thanh_hoa_leader)
    body = {
        "kind": "SO-KCQG", "year": "2027", "place": str(province("Thanh Hóa").pk), "opens_on": "01/04/2026",
        "closes_on": "10/06/2026", "reason": "", "document_number": "12/TB-SCT", "seen_number": "1",
    }  # fmt: skip
    refused = client.post("/ke-hoach/dot-dang-ky/ghi/?nam=2027", body)
    assert refused.status_code == 422
    assert "Hãy ghi lý do gia hạn" in refused.text and 'value="12/TB-SCT"' in refused.text
    taken = client.post("/ke-hoach/dot-dang-ky/ghi/?nam=2027", body | {"reason": "chờ danh mục"}, follow=True)
    assert "nhận đến hết 10/06/2026" in taken.text and "chờ danh mục" in taken.text


def test_two_leaders_at_once_leave_one_word(thanh_hoa_leader: User) -> None:
    first = opened(thanh_hoa_leader)
    assert first.number == 1
    with pytest.raises(StaleWindow):
        opened(thanh_hoa_leader, JUNE_10)
    assert outbox.waiting(mail=False)[0] >= 1
