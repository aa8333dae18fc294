"""The guide page: each role reads what it may do, and every link leads somewhere it may go."""

from __future__ import annotations

import re

import pytest

from accounts.models import Organisation, User
from accounts.roles import Role
from khuyencong.guide import GUIDES
from khuyencong.terms import TERMS
from tests import cast
from tests.factories import make_project
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.django_db


def test_a_reader_finds_the_steps_of_the_own_roles_and_no_others(
    thanh_hoa_centre: User, min_approver: User
) -> None:
    centre = signed_in(thanh_hoa_centre).get("/huong-dan/").content.decode()
    ministry = signed_in(min_approver).get("/huong-dan/").content.decode()
    assert "Lập đề án" in centre
    assert "Lập đề án" not in ministry
    assert all(f'id="{term.slug}"' in centre for term in TERMS)


def test_no_step_of_the_guide_leads_where_its_reader_may_not_go(
    thanh_hoa_centre: User,
    thanh_hoa_officer: User,
    thanh_hoa_leader: User,
    cuc_leader: User,
    min_approver: User,
) -> None:
    office = Organisation.objects.get(memberships__user=thanh_hoa_officer)
    keeper = cast.person("so.quantri", "Lê Thị Quản", Role.OFFICE_ADMIN, office)
    ministry = Organisation.objects.get(memberships__user=min_approver)
    admin = cast.person("quantri.thu", "Lê Văn Trị", Role.ADMIN, ministry)
    people = (thanh_hoa_centre, thanh_hoa_officer, thanh_hoa_leader, cuc_leader, min_approver, keeper, admin)
    for person in people:
        client = signed_in(person)
        page = client.get("/huong-dan/").content.decode()
        [guide] = re.findall(r'<ol class="guide">(.*?)</ol>', page, re.DOTALL)
        for link in re.findall(r'href="([^"]+)"', guide):
            assert client.get(link, follow=True).status_code == 200, (person, link)


def test_every_role_that_signs_in_has_a_guide() -> None:
    assert set(GUIDES) == set(Role) - {Role.API_CLIENT}


CARD = "first-steps"


def test_whoever_has_done_nothing_yet_finds_the_first_steps_on_the_work_queue(
    thanh_hoa_centre: User, auditor: User
) -> None:
    assert all(len(steps) in (3, 4) for steps in GUIDES.values())
    for person, step in ((thanh_hoa_centre, "Lập đề án"), (auditor, "Tra cứu đề án")):
        page = text_of(person, "/")
        assert CARD in page and step in page
        assert page.count("<ol") == 1


def test_the_first_steps_go_with_the_first_work(thanh_hoa_centre: User, thanh_hoa_officer: User) -> None:
    make_project(thanh_hoa_centre)
    assert CARD not in text_of(thanh_hoa_centre, "/")
    assert CARD in text_of(thanh_hoa_officer, "/"), "a colleague's work is not one's own"


def test_hidden_first_steps_never_come_back_by_themselves_and_the_guide_brings_them_back(
    thanh_hoa_centre: User,
) -> None:
    client = signed_in(thanh_hoa_centre)
    answer = client.post("/tuy-chon/", {"first_steps": "hidden", "next": "/"}, follow=True)
    assert CARD not in answer.content.decode()
    client.logout()
    assert CARD not in text_of(User.objects.get(pk=thanh_hoa_centre.pk), "/")
    guide = text_of(thanh_hoa_centre, "/huong-dan/")
    assert 'name="first_steps" value="shown"' in guide
    make_project(thanh_hoa_centre)
    asked = signed_in(thanh_hoa_centre)
    asked.post("/tuy-chon/", {"first_steps": "shown"})
    assert CARD in asked.get("/").content.decode(), "whoever asks has it, with work done too"


def test_an_administrators_first_steps_are_people_and_law_not_projects(db: None) -> None:
    admin = cast.person("quan.tri", "Quản Trị Thử", Role.ADMIN, cast.cuc())
    page = text_of(admin, "/")
    assert CARD in page and "Mở và thôi tài khoản" in page and "Lập đề án" not in page
