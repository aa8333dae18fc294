"""The guide page: each role reads what it may do, and every link leads somewhere it may go."""

from __future__ import annotations

import re

import pytest

from accounts.models import User
from khuyencong.guide import GUIDES, TERMS
from tests.pages import signed_in

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
    for person in (thanh_hoa_centre, thanh_hoa_officer, thanh_hoa_leader, cuc_leader, min_approver):
        client = signed_in(person)
        page = client.get("/huong-dan/").content.decode()
        [guide] = re.findall(r'<ol class="guide">(.*?)</ol>', page, re.DOTALL)
        for link in re.findall(r'href="([^"]+)"', guide):
            assert client.get(link).status_code == 200, (person, link)


def test_every_role_that_works_with_projects_has_a_guide() -> None:
    assert {"ADMIN", "API_CLIENT"}.isdisjoint(GUIDES)
    assert len(GUIDES) == 10
