"""A council appraises: named by the head, sheets sealed until closed, then side by side. Điều 8, Điều 9."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from accounts.policy import PermissionRefused
from accounts.roles import Role
from accounts.scope import act_as
from programs.appraisal import fill, opinions, sheets_of
from programs.council import candidates, close_council, name_council
from programs.errors import MissingDetail, StaleVersion
from programs.lifecycle import State
from programs.models import Council, CriterionMark, Project
from programs.reviewterms import CRITERIA
from records.models import AuditEntry
from tests import cast
from tests.factories import advance_to, make_project, take
from tests.pages import cost_of, signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(thanh_hoa_centre: User) -> Project:
    return advance_to(make_project(thanh_hoa_centre), State.REVIEW_PROV, drafter=thanh_hoa_centre)


@pytest.fixture
def expert(db: None) -> User:
    return cast.person("th.expert", "Cao Thị Soi", Role.SO_OFFICER, cast.so_of("Thanh Hóa"))


@pytest.fixture
def council(project: Project, thanh_hoa_leader: User, thanh_hoa_officer: User, expert: User) -> Council:
    """Chaired by the officer; the leader who named it does not sit in it."""
    third = cast.person("th.third", "Đinh Văn Ghi", Role.SO_OFFICER, cast.so_of("Thanh Hóa"))
    with act_as(thanh_hoa_leader):
        return name_council(
            project,
            chair=thanh_hoa_officer.pk,
            secretary=third.pk,
            members=[expert.pk],
            actor=thanh_hoa_leader,
        )


def judge(project: Project, actor: User, grade: str, **other: str) -> None:
    marks = {code: (other.get(code, grade), f"{actor.full_name} nói về {code}") for code, _label in CRITERIA}
    with act_as(actor):
        fill(project, marks, actor=actor)


def close(project: Project, actor: User, conclusion: str = "Đề nghị đạt.") -> Council:
    with act_as(actor):
        return close_council(project, conclusion=conclusion, actor=actor)


def test_the_head_names_people_of_the_office_who_have_not_drafted(
    project: Project, thanh_hoa_leader: User, thanh_hoa_officer: User, thanh_hoa_centre: User, expert: User
) -> None:
    with act_as(thanh_hoa_leader):
        people = candidates(thanh_hoa_leader, project)
        assert expert in people and thanh_hoa_centre not in people
        with pytest.raises(MissingDetail, match="không thuộc cơ quan"):
            name_council(
                project, chair=expert.pk, secretary=thanh_hoa_centre.pk, members=[], actor=thanh_hoa_leader
            )
        with pytest.raises(MissingDetail, match="hai người") as refused:
            name_council(project, chair=expert.pk, secretary=expert.pk, members=[], actor=thanh_hoa_leader)
    assert refused.value.field == "secretary"
    with act_as(thanh_hoa_officer), pytest.raises(PermissionRefused):
        name_council(
            project, chair=expert.pk, secretary=thanh_hoa_officer.pk, members=[], actor=thanh_hoa_officer
        )
    with act_as(thanh_hoa_leader), pytest.raises(StaleVersion):
        name_council(
            project, chair=expert.pk, secretary=thanh_hoa_officer.pk, members=[], actor=thanh_hoa_leader,
            expected_version=project.version - 1,
        )  # fmt: skip


def test_until_it_is_closed_each_reads_their_own_sheet_alone_in_the_database_too(
    project: Project, council: Council, thanh_hoa_officer: User, thanh_hoa_leader: User, expert: User
) -> None:
    judge(project, thanh_hoa_officer, "PASS")
    judge(project, expert, "FAIL")
    for reader, own in ((thanh_hoa_officer, 5), (expert, 5), (thanh_hoa_leader, 0)):
        with act_as(reader):
            assert CriterionMark.objects.count() == own, reader
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM programs_criterionmarkevent")
                assert cursor.fetchone() == (own,), "nor through the history"
        page = text_of(reader, f"/de-an/{project.code}/tham-dinh/")
        assert (f"{expert.full_name} nói về need" in page) == (reader == expert)


def test_closed_by_chair_or_secretary_everyone_of_the_office_reads_all_sheets(
    project: Project, council: Council, thanh_hoa_officer: User, thanh_hoa_leader: User, expert: User
) -> None:
    judge(project, thanh_hoa_officer, "PASS")
    judge(project, expert, "PASS", need="FAIL")
    with pytest.raises(PermissionRefused, match="thư ký"):
        close(project, expert)
    close(project, thanh_hoa_officer)
    with act_as(thanh_hoa_leader):
        sheets = sheets_of(thanh_hoa_leader, project)
        assert [sheet.appraiser.pk for sheet in sheets] == council.people_ids
        assert [each.split for each in opinions(sheets)] == [False, True, False, False, False]
    page = text_of(thanh_hoa_leader, f"/de-an/{project.code}/tham-dinh/")
    assert "Còn khác nhau" in page and f"{expert.full_name} nói về need" in page and "Đề nghị đạt." in page
    assert cost_of(thanh_hoa_leader, f"/de-an/{project.code}/tham-dinh/") <= 40
    minutes = text_of(thanh_hoa_leader, f"/de-an/{project.code}/bien-ban/")
    for words in ("CHỦ TỊCH", "THƯ KÝ", "Tổng hợp ý kiến", "Đề nghị đạt.", expert.full_name):
        assert words in minutes


def test_it_is_closed_when_more_than_half_have_judged_every_criterion(
    project: Project, council: Council, thanh_hoa_officer: User, expert: User
) -> None:
    judge(project, thanh_hoa_officer, "PASS")
    with act_as(expert):
        fill(project, {"need": ("PASS", "")}, actor=expert)
    with pytest.raises(MissingDetail, match="1/3"):
        close(project, thanh_hoa_officer)
    judge(project, expert, "PASS")
    with pytest.raises(MissingDetail, match="kết luận"):
        close(project, thanh_hoa_officer, "")
    assert not close(project, thanh_hoa_officer).is_open


def test_only_its_people_write_sheets_and_none_after_it_is_closed(
    project: Project, council: Council, thanh_hoa_officer: User, thanh_hoa_leader: User, expert: User
) -> None:
    with pytest.raises(PermissionRefused, match="thành viên hội đồng"):
        judge(project, thanh_hoa_leader, "PASS")
    judge(project, thanh_hoa_officer, "PASS")
    judge(project, expert, "PASS")
    close(project, thanh_hoa_officer)
    with pytest.raises(PermissionRefused, match="đóng phiếu"):
        judge(project, expert, "FAIL")
    with act_as(thanh_hoa_leader), pytest.raises(PermissionRefused, match="đóng phiếu"):
        name_council(
            project, chair=expert.pk, secretary=thanh_hoa_officer.pk, members=[], actor=thanh_hoa_leader
        )


def test_the_review_ends_only_when_the_council_has_closed(
    project: Project, council: Council, thanh_hoa_officer: User, thanh_hoa_leader: User, expert: User
) -> None:
    judge(project, thanh_hoa_officer, "PASS")
    judge(project, expert, "PASS")
    with pytest.raises(MissingDetail, match="chưa đóng phiếu"):
        take("pass", project, thanh_hoa_leader)
    close(project, thanh_hoa_officer)
    take("pass", project, thanh_hoa_leader)
    with act_as(thanh_hoa_leader):
        kept = project.transitions.get(action="pass").data["criteria"]
    assert {mark["by"] for mark in kept} == {thanh_hoa_officer.full_name, expert.full_name}


def test_a_dossier_that_comes_back_is_appraised_without_the_old_council(
    project: Project, council: Council, thanh_hoa_centre: User, thanh_hoa_leader: User
) -> None:
    take("return", project, thanh_hoa_leader, note="Bổ sung báo giá.")
    advance_to(project, State.REVIEW_PROV, drafter=thanh_hoa_centre)
    judge(project, thanh_hoa_leader, "PASS")
    with act_as(thanh_hoa_leader):
        assert len(sheets_of(thanh_hoa_leader, project)[0].marks) == 5


def test_it_is_named_and_closed_by_forms_that_keep_what_was_typed(
    project: Project, thanh_hoa_leader: User, thanh_hoa_officer: User, expert: User
) -> None:
    address = f"/de-an/{project.code}/hoi-dong/"
    chosen = {"version": project.version, "chair": expert.pk, "secretary": expert.pk}
    refused: Any = signed_in(thanh_hoa_leader).post(address, chosen)
    page = refused.content.decode()
    assert refused.status_code == 422 and "phải là hai người" in page
    assert f'<option value="{expert.pk}" selected>' in page
    made = signed_in(thanh_hoa_leader).post(address, chosen | {"secretary": thanh_hoa_officer.pk})
    assert made.headers["Location"].endswith("#hoi-dong")
    judge(project, expert, "PASS")
    judge(project, thanh_hoa_officer, "PASS")
    closing = {"version": project.version, "conclusion": ""}
    assert "ghi kết luận" in signed_in(expert).post(f"{address}dong/", closing).content.decode()
    assert signed_in(expert).post(f"{address}dong/", closing | {"conclusion": "Đạt."}).status_code == 302
    with act_as(expert):
        assert Council.objects.get().conclusion == "Đạt."


def test_sheets_of_people_outside_the_council_neither_open_it_nor_count(
    project: Project, thanh_hoa_leader: User, thanh_hoa_officer: User, expert: User
) -> None:
    outsider = cast.person("th.outside", "Hà Văn Ngoài", Role.SO_OFFICER, cast.so_of("Thanh Hóa"))
    judge(project, thanh_hoa_leader, "FAIL")
    judge(project, outsider, "FAIL")
    with act_as(thanh_hoa_leader):
        name_council(
            project, chair=thanh_hoa_officer.pk, secretary=expert.pk, members=[], actor=thanh_hoa_leader
        )
    judge(project, expert, "PASS")
    with pytest.raises(MissingDetail, match="1/2"):
        close(project, thanh_hoa_officer)
    judge(project, thanh_hoa_officer, "PASS")
    close(project, thanh_hoa_officer)
    with act_as(thanh_hoa_leader):
        sheets = sheets_of(thanh_hoa_leader, project)
        assert [sheet.appraiser for sheet in sheets] == [thanh_hoa_officer, expert]
        assert not any(each.failed for each in opinions(sheets))
    take("pass", project, thanh_hoa_leader)
    with act_as(thanh_hoa_leader):
        kept = project.transitions.get(action="pass").data["criteria"]
    assert {mark["by"] for mark in kept} == {thanh_hoa_officer.full_name, expert.full_name}


def test_whoever_sat_prints_their_own_sheet_after_it_is_closed_to_sign_it(
    project: Project, council: Council, thanh_hoa_officer: User, thanh_hoa_leader: User, expert: User
) -> None:
    judge(project, thanh_hoa_officer, "PASS")
    judge(project, expert, "FAIL")
    close(project, thanh_hoa_officer)
    address = f"/de-an/{project.code}/phieu/mau-in/"
    sheet = text_of(expert, address)
    assert f"{expert.full_name} nói về need" in sheet
    assert f"{thanh_hoa_officer.full_name} nói về need" not in sheet
    assert address in text_of(expert, f"/de-an/{project.code}/tham-dinh/")
    assert signed_in(thanh_hoa_leader).get(address).status_code == 404
    assert address not in text_of(thanh_hoa_leader, f"/de-an/{project.code}/tham-dinh/")


def test_the_minutes_of_a_large_council_lie_on_a_wide_page(
    project: Project, thanh_hoa_leader: User, thanh_hoa_officer: User, expert: User
) -> None:
    office = cast.so_of("Thanh Hóa")
    more = [cast.person(f"th.m{n}", f"Tô Thị {n}", Role.SO_OFFICER, office) for n in range(4)]
    address = f"/de-an/{project.code}/bien-ban/"
    assert "paper--wide" not in text_of(thanh_hoa_leader, address)
    with act_as(thanh_hoa_leader):
        members = [person.pk for person in more]
        name_council(
            project, chair=thanh_hoa_officer.pk, secretary=expert.pk, members=members, actor=thanh_hoa_leader
        )
    for person in (thanh_hoa_officer, expert, *more):
        judge(project, person, "PASS")
    close(project, thanh_hoa_officer)
    assert "paper--wide" in text_of(thanh_hoa_leader, address)
    pdf: Any = signed_in(thanh_hoa_leader).get(f"{address}?dang=pdf")
    assert re.search(rb"/MediaBox\s*\[\s*0 0 841", pdf.content)


def test_the_audit_tells_that_somebody_judged_and_not_how(
    project: Project, council: Council, thanh_hoa_officer: User, expert: User
) -> None:
    judge(project, expert, "UNSURE")
    with act_as(thanh_hoa_officer):
        (entry,) = AuditEntry.objects.filter(action="programs.appraise")
    assert entry.after == {"criteria": [code for code, _label in CRITERIA]}
