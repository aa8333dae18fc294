"""Writing a dossier: whose it is, what may be written, and who has then been a drafter."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from accounts.models import Delegation, User
from accounts.policy import PermissionRefused, decide
from accounts.roles import Role
from accounts.scope import act_as
from programs.drafting import DraftValues, LineValues, create_draft, save_draft
from programs.errors import NotEditable
from programs.lifecycle import Purse, Source
from programs.models import Participation, Project, YearPlan
from tests import cast
from tests.factories import MILLION, make_project, take, values

pytestmark = pytest.mark.django_db


def save(project: Project, actor: User, **fields: Any) -> Project:
    with act_as(actor):
        return save_draft(project, DraftValues(fields), actor=actor)


def duties(project: Project, reader: User) -> dict[str, str]:
    with act_as(reader):
        rows = Participation.objects.filter(project=project)
        return dict(rows.values_list("user__username", "duty"))


def lend(post: Any, borrower: User) -> User:
    cast.give_post(borrower, Role.AUDITOR, post.organisation)  # a colleague
    Delegation.objects.create(
        membership=post, delegate=borrower, decision_number="01/QĐ-TN", valid=(dt.date(2020, 1, 1), None)
    )
    return User.objects.get(pk=borrower.pk)


@pytest.mark.parametrize(
    "field",
    [
        "state",
        "version",
        "kcqg_vnd",
        "total_vnd",
        "code",
        "province",
        "plan",
        "purse",
        "owner",
        "tranche",
        "annex_order",
        "created_by",
    ],
)
def test_a_drafter_writes_the_dossier_and_nothing_else(thanh_hoa_centre: User, field: str) -> None:
    project = make_project(thanh_hoa_centre)
    with pytest.raises(ValidationError, match=field):
        save(project, thanh_hoa_centre, **{field: 1})


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "   "},
        {"kind": "LOAN"},
        {"starts_on": dt.date(2027, 5, 2), "ends_on": dt.date(2027, 5, 1)},
    ],
)
def test_what_makes_no_sense_is_refused_with_its_field(
    thanh_hoa_centre: User, fields: dict[str, Any]
) -> None:
    project = make_project(thanh_hoa_centre)
    with pytest.raises(ValidationError) as refused:
        save(project, thanh_hoa_centre, **fields)
    assert set(refused.value.message_dict) <= set(fields)


def test_a_section_saved_leaves_the_others_alone(thanh_hoa_centre: User) -> None:
    project = make_project(thanh_hoa_centre, necessity="Máy cũ.")
    saved = save(project, thanh_hoa_centre, objectives="Tăng năng suất.")
    assert (saved.necessity, saved.objectives) == ("Máy cũ.", "Tăng năng suất.")
    assert (saved.total_vnd, saved.version) == (600 * MILLION, 2)
    with act_as(thanh_hoa_centre):
        assert saved.beneficiaries.count() == saved.lines.count() == 1


def test_a_smaller_budget_leaves_nothing_of_the_larger_one(thanh_hoa_centre: User) -> None:
    project = make_project(thanh_hoa_centre)
    line = LineValues("Máy nhỏ", 3, {Source.KCQG: 1, Source.OWN: 2})
    with act_as(thanh_hoa_centre):
        saved = save_draft(project, DraftValues(lines=[line]), actor=thanh_hoa_centre)
        assert (saved.kcqg_vnd, saved.own_vnd, saved.total_vnd) == (1, 2, 3)
        emptied = save_draft(saved, DraftValues(lines=[]), actor=thanh_hoa_centre)
    assert (emptied.kcqg_vnd, emptied.own_vnd, emptied.total_vnd) == (0, 0, 0)


def test_codes_are_given_once_and_name_purse_year_and_province(thanh_hoa_centre: User) -> None:
    codes = [make_project(thanh_hoa_centre).code for _ in range(2)]
    assert codes == ["KCQG-2027-38-0001", "KCQG-2027-38-0002"]
    assert make_project(thanh_hoa_centre, purse=Purse.KCDP).code == "KCDP-2027-38-0001"


def test_the_office_across_the_table_does_not_write_the_dossier(
    thanh_hoa_centre: User, thanh_hoa_officer: User, nghe_an_centre: User, cuc_officer: User
) -> None:
    project = make_project(thanh_hoa_centre)
    for person in (thanh_hoa_officer, cuc_officer):
        with pytest.raises(PermissionRefused):
            save(project, person, title="Tên khác")
    with pytest.raises(Project.DoesNotExist):
        save(project, nghe_an_centre, title="Tên khác")


def test_a_new_draft_knows_by_when_it_must_be_sent_in(thanh_hoa_centre: User) -> None:
    """Trước 20/05 of the year before: Thông tư 36/2013/TT-BCT, khoản 1 Điều 10."""
    project = make_project(thanh_hoa_centre)
    assert project.due_on == dt.date(project.year - 1, 5, 19)
    assert "khoản 1 Điều 10" in project.due_why
    assert project.due_reason == project.due_why
    with translation.override("en"):
        assert "khoản 1 Điều 10" in project.due_reason and "that is by 19/05/" in project.due_reason
        assert project.due_reason.startswith("The implementing unit sends the dossier")


@pytest.mark.parametrize("year", [2013, 2099])
def test_no_draft_opens_a_plan_of_an_impossible_year(thanh_hoa_centre: User, year: int) -> None:
    with act_as(thanh_hoa_centre), pytest.raises(ValidationError, match=str(year)):
        create_draft(DraftValues({"title": "Thử"}), actor=thanh_hoa_centre, purse="KCQG", year=year)
    with act_as(thanh_hoa_centre):
        assert not YearPlan.objects.filter(year=year).exists()


@pytest.mark.parametrize("role", [Role.SO_LEADER, Role.UBND_VIEW, Role.CUC_OFFICER, Role.AUDITOR, Role.ADMIN])
def test_who_does_not_draft_begins_no_project(db: None, role: Role) -> None:
    person = cast.person("nguoi.khac", "Người Khác Thử", role, cast.so_of("Thanh Hóa"))
    with act_as(person), pytest.raises(PermissionRefused):
        create_draft(values(), actor=person, purse=Purse.KCQG, year=2027)


def test_everybody_who_wrote_is_a_drafter_and_appraises_no_more(
    thanh_hoa_centre: User, thanh_hoa_officer: User
) -> None:
    project = make_project(thanh_hoa_centre)
    second = cast.person("th.centre.hai", "Lê Thị Hai", Role.IMPL, cast.centre_of("Thanh Hóa"))
    save(project, second, title="Tên do người thứ hai đặt")
    assert duties(project, thanh_hoa_centre) == {"th.centre": "DRAFT", "th.centre.hai": "DRAFT"}
    cast.give_post(second, Role.SO_OFFICER, cast.so_of("Thanh Hóa"))
    take("submit", project, thanh_hoa_centre)
    with pytest.raises(PermissionRefused, match="lập đề án"):
        take("receive", project, User.objects.get(pk=second.pk))


def test_an_appraiser_does_not_become_a_drafter(thanh_hoa_centre: User, thanh_hoa_officer: User) -> None:
    project = make_project(thanh_hoa_centre)
    take("submit", project, thanh_hoa_centre)
    take("return", project, thanh_hoa_officer, note="Thiếu báo giá.")
    cast.give_post(thanh_hoa_officer, Role.IMPL, cast.centre_of("Thanh Hóa"))
    with pytest.raises(PermissionRefused, match="thẩm định"):
        save(project, User.objects.get(pk=thanh_hoa_officer.pk), title="Tên khác")


def test_who_drafts_in_anothers_name_makes_both_drafters(
    thanh_hoa_centre: User, thanh_hoa_officer: User, auditor: User
) -> None:
    borrower = lend(thanh_hoa_centre.memberships.get(), auditor)
    with act_as(borrower):
        project = create_draft(values(), actor=borrower, purse=Purse.KCQG, year=2027)
    assert duties(project, thanh_hoa_centre) == {"auditor": "DRAFT", "th.centre": "DRAFT"}


def test_a_post_lent_by_the_appraiser_does_not_edit(
    thanh_hoa_centre: User, thanh_hoa_officer: User, auditor: User
) -> None:
    """The lender's duty binds the borrower: refused at the door, not only by the database."""
    project = make_project(thanh_hoa_centre)
    take("submit", project, thanh_hoa_centre)
    take("return", project, thanh_hoa_officer, note="Thiếu báo giá.")
    post = cast.give_post(thanh_hoa_officer, Role.IMPL, cast.centre_of("Thanh Hóa"))
    borrower = lend(post, auditor)
    with act_as(borrower):
        answer = decide(borrower, "programs.edit_project", Project.objects.get(pk=project.pk))
    assert not answer.allowed
    assert "thẩm định" in str(answer.reason)


def test_a_submitted_dossier_is_closed_to_everybody(thanh_hoa_centre: User) -> None:
    project = make_project(thanh_hoa_centre)
    take("submit", project, thanh_hoa_centre)
    with pytest.raises(NotEditable):
        save(project, thanh_hoa_centre, title="Tên khác")
