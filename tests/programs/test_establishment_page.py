"""An establishment's page shows its projects, as far as the reader may see them."""

from __future__ import annotations

import pytest

from accounts.models import OrganisationKind, User
from accounts.roles import Role
from accounts.scope import act_as
from beneficiaries.models import Establishment
from programs import tranches
from programs.drafting import BeneficiaryValues
from programs.lifecycle import State
from programs.models import Project
from programs.supports import projects_with, supports_of
from tests.cast import office, person, province
from tests.factories import MILLION, PAPER, advance_to, make_project, open_tranche, tax_code
from tests.pages import cost_of, signed_in

SHARED = BeneficiaryValues("Công ty TNHH Chung Giả Định", tax_code(4321))
OTHER = BeneficiaryValues("Công ty TNHH Khác Giả Định", tax_code(8765))


@pytest.fixture
def projects(thanh_hoa_centre: User) -> list[Project]:
    return [make_project(thanh_hoa_centre, beneficiaries=[SHARED]) for _number in range(2)]


def establishment(actor: User, name: str = SHARED.name) -> Establishment:
    with act_as(actor):
        return Establishment.objects.get(name=name)


def page_of(actor: User, one: Establishment) -> str:
    answer = signed_in(actor).get(f"/co-so/{one.uuid}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_lists_every_project_that_names_it_and_no_other(
    projects: list[Project], thanh_hoa_centre: User, thanh_hoa_officer: User
) -> None:
    other = make_project(thanh_hoa_centre, beneficiaries=[OTHER])
    page = page_of(thanh_hoa_officer, establishment(thanh_hoa_officer))
    assert all(project.code in page for project in projects)
    assert other.code not in page


def test_another_office_of_the_province_sees_the_establishment_without_projects_it_may_not_see(
    projects: list[Project], thanh_hoa_officer: User
) -> None:
    second = office(OrganisationKind.TTKC, "Trung tâm Thử thứ hai", province("Thanh Hóa"))
    colleague = person("th.second", "Lê Thị Khác", Role.IMPL, second)
    page = page_of(colleague, establishment(thanh_hoa_officer))
    assert not any(project.code in page for project in projects)
    assert "Chưa có đề án nào trong phạm vi của bạn" in page


def test_another_province_does_not_find_it(
    projects: list[Project], thanh_hoa_officer: User, nghe_an_officer: User
) -> None:
    one = establishment(thanh_hoa_officer)
    assert signed_in(nghe_an_officer).get(f"/co-so/{one.uuid}/").status_code == 404


def test_only_approved_money_counts_as_approved(
    projects: list[Project], thanh_hoa_officer: User, thanh_hoa_centre: User, min_approver: User
) -> None:
    tranche = open_tranche(projects[0])
    advance_to(projects[0], State.IN_PLAN, drafter=thanh_hoa_centre, tranche=tranche)
    with act_as(min_approver):
        tranches.decide(tranche, actor=min_approver, paper=PAPER)
    one = establishment(thanh_hoa_officer)
    with act_as(thanh_hoa_officer):
        figures = supports_of(projects_with(one, thanh_hoa_officer))
    assert (figures.all, figures.waiting, figures.approved) == (2, 1, 1)
    assert figures.state_vnd == 250 * MILLION
    answer = signed_in(thanh_hoa_officer).get(f"/co-so/{one.uuid}/")
    assert "250 <small>triệu đồng</small>" in answer.content.decode()


def test_the_page_costs_the_same_however_many_projects(
    projects: list[Project], thanh_hoa_centre: User, thanh_hoa_officer: User
) -> None:
    url = f"/co-so/{establishment(thanh_hoa_officer).uuid}/"
    few = cost_of(thanh_hoa_officer, url)
    for _number in range(5):
        make_project(
            thanh_hoa_centre, beneficiaries=[SHARED], amounts={"KCQG": 5 * MILLION, "OWN": 6 * MILLION}
        )
    assert cost_of(thanh_hoa_officer, url) == few
