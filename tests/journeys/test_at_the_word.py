"""What a page tells at the very place: a word's meaning, and whether what was typed is saved."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.factories import make_project
from tests.journeys.conftest import Seat
from tests.journeys.portal import PHONE

pytestmark = pytest.mark.django_db(transaction=True)


def _at_the_word(seat: Seat, user: User) -> Page:
    page = seat(user)
    page.goto("/cum-cong-nghiep/")
    return page


def test_focus_tells_the_meaning_and_escape_puts_it_away(seat: Seat, thanh_hoa_centre: User) -> None:
    page = _at_the_word(seat, thanh_hoa_centre)
    word, note = page.locator("a.term"), page.locator("#term-ccn")
    expect(note).to_be_hidden()
    word.focus()
    expect(note).to_be_visible()
    expect(word).to_have_accessible_description(re.compile("Nơi tập trung sản xuất"))
    page.keyboard.press("Escape")
    expect(note).to_be_hidden()
    expect(word).to_be_focused()


def test_the_pointer_may_go_from_the_word_to_its_meaning_and_stay(seat: Seat, thanh_hoa_centre: User) -> None:
    page = _at_the_word(seat, thanh_hoa_centre)
    note = page.locator("#term-ccn")
    page.locator("a.term").hover()
    expect(note).to_be_visible()
    note.hover()
    page.wait_for_timeout(600)
    expect(note).to_be_visible()
    page.locator(".topbar").hover()
    expect(note).to_be_hidden()


def test_on_a_phone_the_meaning_stays_inside_the_screen(seat: Seat, thanh_hoa_centre: User) -> None:
    page = _at_the_word(seat, thanh_hoa_centre)
    page.set_viewport_size(PHONE)
    page.locator("a.term").focus()
    box = page.locator("#term-ccn").bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"]


def test_a_draft_says_what_is_not_saved_yet_and_when_the_server_saved_last(
    seat: Seat, thanh_hoa_centre: User
) -> None:
    draft = make_project(thanh_hoa_centre)
    page = seat(thanh_hoa_centre)
    page.goto(f"/de-an/{draft.code}/sua/noi-dung/")
    status, field = page.locator("[data-save-status]"), page.get_by_label("Sự cần thiết")
    last = status.get_attribute("data-saved-at") or ""
    expect(status).to_have_text(re.compile(f"Đã lưu nháp lúc {last}"))
    with page.expect_response(lambda answer: answer.url.endswith("/nhap/")) as answered:
        field.fill("Máy cũ, hao điện.")
        expect(status).to_have_text(f"Có thay đổi chưa lưu; máy chủ lưu gần nhất lúc {last}")
    saved_at = answered.value.json()["saved_at"]
    expect(status).to_have_text(f"Đã lưu nháp lúc {saved_at}")
    page.route("**/nhap/", lambda route: route.abort())
    field.fill("Máy cũ, hao điện, hay hỏng.")
    expect(status).to_contain_text("Mất kết nối")
    expect(status).to_contain_text(f"(máy chủ lưu gần nhất lúc {saved_at})")
