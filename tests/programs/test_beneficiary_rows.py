"""The autosave of establishments: what the register knows is kept, the rest waits and takes nothing away."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import User
from accounts.scope import act_as
from beneficiaries.models import Establishment
from programs.models import Project
from tests.factories import make_project
from tests.pages import signed_in

pytestmark = pytest.mark.django_db

A, B, NEW = "Công ty TNHH Đá Một", "Công ty TNHH Đá Hai", "Hợp tác xã Cói Mới"


@pytest.fixture
def project(thanh_hoa_centre: User) -> Project:
    draft = make_project(thanh_hoa_centre, beneficiaries=[])
    with act_as(thanh_hoa_centre):
        for name in (A, B):
            Establishment.objects.create(province=draft.province, name=name)
    return draft


def _send(project: Project, user: User, *rows: dict[str, str]) -> Any:
    with act_as(user):
        version = Project.objects.get(pk=project.pk).version
    data = {"section": "thu-huong", "version": str(version)}
    data |= {"beneficiaries-TOTAL_FORMS": str(len(rows)), "beneficiaries-INITIAL_FORMS": "0"}
    for number, row in enumerate(rows):
        data |= {f"beneficiaries-{number}-{name}": value for name, value in row.items()}
    answer = signed_in(user).post(f"/de-an/{project.code}/nhap/", data)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def _kept(project: Project, user: User) -> set[str]:
    with act_as(user):
        return set(project.beneficiaries.values_list("establishment__name", flat=True))


def _known(user: User) -> bool:
    with act_as(user):
        return Establishment.objects.filter(name=NEW).exists()


def test_what_is_stored_stays_while_a_row_waits_and_goes_once_none_does(
    project: Project, thanh_hoa_centre: User
) -> None:
    assert _send(project, thanh_hoa_centre, {"name": A})["waiting"] == 0
    answer = _send(project, thanh_hoa_centre, {"name": NEW}, {"name": B})
    assert (answer["waiting"], answer["errors"]) == (1, [])
    assert "Thêm cơ sở mới" in answer["verdicts_html"]
    assert _kept(project, thanh_hoa_centre) == {A, B}
    assert not _known(thanh_hoa_centre)
    answer = _send(project, thanh_hoa_centre, {"name": NEW, "is_new": "1"}, {"name": B})
    assert answer["waiting"] == 0
    assert _kept(project, thanh_hoa_centre) == {NEW, B}


def test_a_row_taken_away_goes_though_another_waits(project: Project, thanh_hoa_centre: User) -> None:
    _send(project, thanh_hoa_centre, {"name": A}, {"name": B})
    _send(project, thanh_hoa_centre, {"name": NEW}, {"name": A, "DELETE": "on"}, {"name": B})
    assert _kept(project, thanh_hoa_centre) == {B}


def test_a_wrong_code_is_told_at_its_field_and_never_makes_an_entry(
    project: Project, thanh_hoa_centre: User
) -> None:
    rows = (
        {"name": NEW, "tax_code": "28", "is_new": "1"},
        {"name": "", "tax_code": "2800123456"},
        {"name": B},
    )
    answer = _send(project, thanh_hoa_centre, *rows)
    assert [error["id"] for error in answer["errors"]] == [
        "id_beneficiaries-0-tax_code",
        "id_beneficiaries-1-name",
    ]
    assert answer["waiting"] == 2
    assert _kept(project, thanh_hoa_centre) == {B}
    assert not _known(thanh_hoa_centre)


def test_rows_that_autosave_has_kept_are_kept_again(project: Project, thanh_hoa_centre: User) -> None:
    for _time in range(2):
        _send(project, thanh_hoa_centre, {"name": A}, {"name": B})
        assert _kept(project, thanh_hoa_centre) == {A, B}
