"""The appraisal sheet: each appraiser their own, read in their office, kept with the step. Điều 9."""

from __future__ import annotations

import re

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import User
from accounts.policy import PermissionRefused
from accounts.roles import Role
from accounts.scope import act_as
from programs import workflow
from programs.appraisal import fill, sheets_of
from programs.errors import MissingDetail, StaleVersion
from programs.lifecycle import State
from programs.models import CriterionMark, Project
from tests import cast
from tests.factories import advance_to, make_project, take
from tests.pages import cost_of, signed_in, text_of

pytestmark = pytest.mark.django_db
TICKED = r'name="action" value="(\w+)" checked'


@pytest.fixture
def project(thanh_hoa_centre: User) -> Project:
    return advance_to(make_project(thanh_hoa_centre), State.REVIEW_PROV, drafter=thanh_hoa_centre)


def grade(project: Project, actor: User, **grades: str) -> None:
    with act_as(actor):
        fill(project, {code: (value, f"{code} thấy vậy") for code, value in grades.items()}, actor=actor)


def test_each_appraiser_has_a_sheet_and_the_leader_reads_them_side_by_side(
    project: Project, thanh_hoa_officer: User, thanh_hoa_leader: User
) -> None:
    grade(project, thanh_hoa_officer, need="PASS", capacity="UNSURE")
    grade(project, thanh_hoa_leader, need="FAIL")
    grade(project, thanh_hoa_officer, need="FAIL")
    with act_as(thanh_hoa_leader):
        own, other = sheets_of(thanh_hoa_leader, project)
    assert (own.appraiser, own.graded, len(own.failed)) == (thanh_hoa_leader, 1, 1)
    assert (other.appraiser, other.graded, len(other.failed)) == (thanh_hoa_officer, 2, 1)
    page = text_of(thanh_hoa_leader, f"/de-an/{project.code}/tham-dinh/")
    assert "Phiếu của các thành viên" in page and "capacity thấy vậy" in page
    assert cost_of(thanh_hoa_leader, f"/de-an/{project.code}/tham-dinh/") <= 40
    minutes = text_of(thanh_hoa_leader, f"/de-an/{project.code}/bien-ban/")
    assert "BIÊN BẢN THẨM ĐỊNH CẤP CƠ SỞ" in minutes and thanh_hoa_officer.full_name in minutes


def test_a_sheet_is_read_in_its_office_and_written_by_its_appraiser(
    project: Project,
    thanh_hoa_centre: User,
    thanh_hoa_officer: User,
    thanh_hoa_leader: User,
    thanh_hoa_chair: User,
    cuc_leader: User,
    auditor: User,
) -> None:
    grade(project, thanh_hoa_officer, need="FAIL")
    for reader, known in (
        (thanh_hoa_leader, 1), (thanh_hoa_centre, 0), (thanh_hoa_chair, 0), (cuc_leader, 0), (auditor, 0),
    ):  # fmt: skip
        with act_as(reader):
            assert CriterionMark.objects.count() == known, reader
    with (
        act_as(thanh_hoa_leader),
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE programs_criterionmark SET grade = 'PASS'")


def test_only_who_is_appraising_now_fills_in_a_sheet(
    project: Project, thanh_hoa_centre: User, thanh_hoa_officer: User, cuc_officer: User
) -> None:
    for stranger in (thanh_hoa_centre, cuc_officer):
        with pytest.raises(PermissionRefused):
            grade(project, stranger, need="PASS")
    cast.give_post(thanh_hoa_centre, Role.SO_LEADER, cast.so_of("Thanh Hóa"))
    with pytest.raises(PermissionRefused, match="lập đề án"):
        grade(project, User.objects.get(pk=thanh_hoa_centre.pk), need="PASS")
    with act_as(thanh_hoa_officer), pytest.raises(StaleVersion):
        fill(project, {}, actor=thanh_hoa_officer, expected_version=project.version - 1)


def test_the_sheets_are_kept_with_the_step_that_ends_the_review(
    project: Project, thanh_hoa_officer: User, thanh_hoa_leader: User
) -> None:
    grade(project, thanh_hoa_officer, need="PASS")
    take("pass", project, thanh_hoa_leader)
    with act_as(thanh_hoa_leader):
        kept = project.transitions.get(action="pass").data["criteria"]
        assert sheets_of(thanh_hoa_leader, project)[0].marks == {}, "the next review starts with empty sheets"
    by = thanh_hoa_officer.full_name
    assert kept == [{"by": by, "criterion": "need", "grade": "PASS", "note": "need thấy vậy"}]


def test_a_rejection_names_a_failed_criterion(
    project: Project, thanh_hoa_officer: User, thanh_hoa_leader: User
) -> None:
    grade(project, thanh_hoa_officer, need="PASS", capacity="UNSURE")
    with act_as(thanh_hoa_leader), pytest.raises(MissingDetail, match="tiêu chí") as refused:
        workflow.take("reject", project, actor=thanh_hoa_leader, note="Chưa rõ.")
    assert refused.value.field == "criteria"
    grade(project, thanh_hoa_officer, need="FAIL")
    with act_as(thanh_hoa_leader):
        workflow.take("reject", project, actor=thanh_hoa_leader, note="Không cần thiết.")
    assert project.state == State.REJECTED_PROV


def test_the_sheet_is_saved_by_form_and_by_script(project: Project, thanh_hoa_officer: User) -> None:
    client, address = signed_in(thanh_hoa_officer), f"/de-an/{project.code}/phieu/"
    filled = {"version": project.version, "grade-need": "FAIL", "note-need": "Chưa có báo giá."}
    assert client.post(address, filled).headers["Location"].endswith("/tham-dinh/#phieu")
    script = {"X-Requested-With": "XMLHttpRequest"}
    assert "saved_at" in client.post(address, filled, headers=script).json()
    refused = client.post(address, filled | {"version": 1}, headers=script)
    assert (refused.status_code, "thay đổi" in refused.json()["error"]) == (422, True)
    with act_as(thanh_hoa_officer):
        assert CriterionMark.objects.get(criterion="need").note == "Chưa có báo giá."


def test_a_verdict_or_a_step_with_a_reason_is_never_ticked_beforehand(
    project: Project, thanh_hoa_officer: User, thanh_hoa_leader: User
) -> None:
    page = f"/de-an/{project.code}/tham-dinh/"
    leader = signed_in(thanh_hoa_leader)
    assert re.findall(TICKED, leader.get(page).content.decode()) == []
    refused = leader.post(
        f"/de-an/{project.code}/chuyen-buoc/",
        {"action": "return", "version": project.version, "on_review": "1"},
    )
    told = refused.content.decode()
    assert refused.status_code == 422 and "data-review" in told and "error-summary" in told
    assert re.findall(TICKED, told) == ["return"]
    officer = signed_in(thanh_hoa_officer).get(page).content.decode()
    assert 'name="action"' in officer and not re.findall(TICKED, officer)
    assert not re.search(r'<button[^>]*button--wide"[^>]* disabled', officer)
