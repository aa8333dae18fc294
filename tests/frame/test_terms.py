"""A word's meaning at the word: once a page, from the one list of terms, a plain link without a script."""

from __future__ import annotations

import re

import pytest

from accounts.models import User
from khuyencong.terms import TERMS
from tests import sources
from tests.factories import make_project
from tests.pages import signed_in, text_of

BUDGET = "sua/kinh-phi/"


@pytest.mark.django_db
def test_a_term_is_a_link_to_its_place_in_the_list_and_told_once_a_page(thanh_hoa_centre: User) -> None:
    project = make_project(thanh_hoa_centre)
    page = text_of(thanh_hoa_centre, f"/de-an/{project.code}/")
    assert page.count('href="/huong-dan/#doi-ung"') == 1
    assert page.count('id="term-doi-ung"') == 1
    guide = text_of(thanh_hoa_centre, "/huong-dan/")
    for slug in re.findall(r'href="/huong-dan/#([a-z-]+)"', page):
        assert f'id="{slug}"' in guide


@pytest.mark.django_db
def test_every_term_named_by_a_page_is_in_the_list() -> None:
    named = {
        slug
        for path in sources.templates()
        for slug in re.findall(r'{% term "([a-z-]+)"', path.read_text(encoding="utf-8"))
    }
    assert named and named <= {term.slug for term in TERMS}


@pytest.mark.django_db
def test_a_meaning_names_its_source_and_says_when_nobody_has_compared_them(thanh_hoa_centre: User) -> None:
    page = text_of(thanh_hoa_centre, "/cum-cong-nghiep/")
    note = page.partition('id="term-ccn"')[2].partition("</span>")[0]
    assert "32/2024/NĐ-CP" in note and "chưa kiểm chứng" in note
    budget = text_of(thanh_hoa_centre, f"/de-an/{make_project(thanh_hoa_centre).code}/{BUDGET}")
    assert "chưa kiểm chứng" not in budget.partition('id="term-doi-ung"')[2].partition("</span>")[0]


@pytest.mark.django_db
def test_the_meaning_is_in_the_readers_language(thanh_hoa_centre: User) -> None:
    client = signed_in(thanh_hoa_centre)
    client.post("/tuy-chon/", {"language": "en"})
    assert "with a boundary of its own" in client.get("/cum-cong-nghiep/").content.decode()
