"""An office's clock on a dossier: stopped with a reason, running on by hand or with the next step."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db import ProgrammingError, connection, transaction

from accounts.models import User
from accounts.policy import PermissionRefused
from accounts.scope import act_as
from programs import pauses
from programs.errors import IllegalMove, MissingDetail
from programs.lifecycle import State
from programs.models import ClockPause, Project
from programs.recompute import recompute_all
from programs.workflow import take
from records.context import whole_country
from records.models import AuditEntry
from tests.factories import advance_to, make_project
from tests.pages import signed_in
from vietnam.models import CalendarDay, CalendarDayKind, days_of_year

pytestmark = pytest.mark.django_db
RECEIVED = dt.datetime(2026, 6, 5, 3, tzinfo=dt.UTC)


@pytest.fixture
def project(thanh_hoa_centre: User, thanh_hoa_officer: User) -> Project:
    """Received on Friday 5 June 2026; ten working days end on 19 June."""
    found = make_project(thanh_hoa_centre)
    with time_machine.travel(RECEIVED, tick=False):
        advance_to(found, State.REVIEW_PROV, drafter=thanh_hoa_centre)
    with whole_country():
        found.refresh_from_db()
    assert found.due_on == dt.date(2026, 6, 19)
    return found


def on(day: int) -> time_machine.travel:
    return time_machine.travel(dt.datetime(2026, 6, day, 4, tzinfo=dt.UTC), tick=False)


def test_a_pause_takes_the_deadline_away_and_resuming_gives_the_days_back(
    project: Project, thanh_hoa_officer: User
) -> None:
    with on(11), act_as(thanh_hoa_officer):
        pauses.pause(project, "chờ ý kiến Sở Tài chính", actor=thanh_hoa_officer)
    with whole_country():
        project.refresh_from_db()
    assert project.due_on is None and "chờ ý kiến Sở Tài chính" in project.due_why
    with on(16), act_as(thanh_hoa_officer):
        pauses.resume(project, actor=thanh_hoa_officer)
    with whole_country():
        project.refresh_from_db()
    assert project.due_on == dt.date(2026, 6, 24)
    with whole_country():
        found = AuditEntry.objects.filter(object_id=str(project.pk), action__endswith="_clock").order_by("pk")
        acts = list(found)
    assert [act.action for act in acts] == ["programs.pause_clock", "programs.resume_clock"]


def test_the_next_step_ends_a_pause_and_the_next_state_has_its_own_days(
    project: Project, thanh_hoa_officer: User
) -> None:
    with on(11), act_as(thanh_hoa_officer):
        pauses.pause(project, "chờ ý kiến", actor=thanh_hoa_officer)
    with on(12), act_as(thanh_hoa_officer):
        take("return", project, actor=thanh_hoa_officer, note="bổ sung báo giá")
    with whole_country():
        project.refresh_from_db()
    assert project.due_on == dt.date(2026, 6, 26)
    with whole_country():
        assert ClockPause.objects.get().ended_by == thanh_hoa_officer


def test_only_the_office_at_work_stops_its_clock(
    project: Project,
    thanh_hoa_centre: User,
    nghe_an_officer: User,
    cuc_officer: User,
    thanh_hoa_officer: User,
) -> None:
    for stranger in (thanh_hoa_centre, nghe_an_officer, cuc_officer):
        with act_as(stranger), pytest.raises((PermissionRefused, Project.DoesNotExist)):
            pauses.pause(project, "chờ", actor=stranger)
    with on(8), act_as(thanh_hoa_officer):
        with pytest.raises(MissingDetail, match="vì sao"):
            pauses.pause(project, "  ", actor=thanh_hoa_officer)
        with pytest.raises(IllegalMove, match="không tạm dừng"):
            pauses.resume(project, actor=thanh_hoa_officer)
        pauses.pause(project, "chờ", actor=thanh_hoa_officer)
        with pytest.raises(IllegalMove, match="đang tạm dừng"):
            pauses.pause(project, "chờ nữa", actor=thanh_hoa_officer)


def by_hand(statement: str, *values: int) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def test_hand_written_sql_begins_and_ends_a_pause_in_ones_own_name_and_forgets_none(
    project: Project, thanh_hoa_officer: User, thanh_hoa_leader: User
) -> None:
    begin = (
        "INSERT INTO programs_clockpause (project_id, office_id, reason, started_at, started_by_id)"
        " SELECT id, owner_id, 'chờ', now(), %s FROM programs_project WHERE id = %s"
    )
    end = "UPDATE programs_clockpause SET ended_at = now(), ended_by_id = %s"
    with act_as(thanh_hoa_officer):
        with pytest.raises(ProgrammingError, match="row-level security"):
            by_hand(begin, thanh_hoa_leader.pk, project.pk)
        assert by_hand(begin, thanh_hoa_officer.pk, project.pk) == 1
        with pytest.raises(ProgrammingError, match="row-level security"):
            by_hand(end, thanh_hoa_leader.pk)
        with pytest.raises(ProgrammingError, match="never changed"):
            by_hand(f"{end}, reason = 'khác'", thanh_hoa_officer.pk)
        assert by_hand("DELETE FROM programs_clockpause") == 0
        assert by_hand(end, thanh_hoa_officer.pk) == 1
        assert by_hand(end, thanh_hoa_officer.pk) == 0, "what ended stays as it ended"
        assert by_hand("DELETE FROM programs_clockpause") == 0


def test_what_is_late_stays_late(project: Project, thanh_hoa_officer: User) -> None:
    with on(22), act_as(thanh_hoa_officer), pytest.raises(IllegalMove, match="quá hạn"):
        pauses.pause(project, "chờ", actor=thanh_hoa_officer)


@pytest.mark.owner_role  # days off are reference data, which the portal only reads
def test_a_new_day_off_moves_the_deadline_and_nothing_else(project: Project) -> None:
    CalendarDay.objects.create(
        date=dt.date(2026, 6, 10), kind=CalendarDayKind.HOLIDAY, name="Ngày nghỉ thử", confidence="seen",
        valid=days_of_year(2026),
    )  # fmt: skip
    before = project.version, project.updated_at
    assert recompute_all() == 1
    with whole_country():
        project.refresh_from_db()
    assert project.due_on == dt.date(2026, 6, 22)
    assert (project.version, project.updated_at) == before
    assert recompute_all() == 0


def test_the_page_of_the_dossier_stops_and_starts_the_clock(
    project: Project, thanh_hoa_officer: User
) -> None:
    client = signed_in(thanh_hoa_officer)
    page = f"/de-an/{project.code}/"
    with on(8):
        assert "Tạm dừng tính hạn" in client.get(page).text
        shown = client.post(f"{page}tam-dung/", {"reason": "chờ ý kiến Sở Tài chính"}, follow=True)
    assert "Tạm dừng tính hạn từ ngày" in shown.text and "Tính tiếp thời hạn" in shown.text
    assert "tạm dừng" in client.get(f"/de-an/{project.code}/tham-dinh/").text
    shown = client.post(f"{page}tinh-tiep/", follow=True)
    assert "Đã tính tiếp thời hạn." in shown.text
