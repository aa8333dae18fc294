"""The estimate on real screens: all of it readable, nothing to scroll sideways, and no scripts needed."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from accounts.models import User
from accounts.scope import act_as
from programs.models import Project
from tests.factories import MILLION, make_project
from tests.journeys.conftest import Seat
from tests.journeys.portal import DESK, PHONE, autosaved, press_on

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BESIDE_A_SCROLL_BAR: ViewportSize = {"width": DESK["width"] - 17, "height": DESK["height"]}
ZOOMED: ViewportSize = {"width": 683, "height": 384}
"""The desk's screen at 200 %."""
COLUMNS = ("Tổng chi phí", "KC quốc gia", "KC địa phương", "Đối ứng", "Khác")
LONG = "Hỗ trợ mua máy cắt đá tự động năm trục và dây chuyền đánh bóng cho hai xưởng ở Núi Nhồi"
TWELVE_DIGITS = "999999999999"
CUT_OFF = "boxes => boxes.filter(box => box.scrollWidth > box.clientWidth + 1).map(box => box.ariaLabel)"
TOO_LOW = "boxes => boxes.filter(box => box.scrollHeight > box.clientHeight + 1).map(box => box.value)"
SCROLLS = """() => [document.documentElement, ...document.querySelectorAll(".table-wrap")]
  .filter(box => box.scrollWidth > box.clientWidth).map(box => box.className)"""


def _estimate(seat: Seat, user: User, unit: str = "dong", then: str = "kinh-phi", **options: Any) -> Page:
    user.money_unit = unit
    user.save(update_fields=["money_unit"])
    return seat(user, f"/de-an/{make_project(user).code}/sua/{then}/", **options)


@pytest.mark.parametrize(
    "size", [DESK, BESIDE_A_SCROLL_BAR, PHONE, ZOOMED], ids=["desk", "scroll-bar", "phone", "zoomed"]
)
def test_amounts_of_twelve_digits_and_long_descriptions_are_read_whole(
    seat: Seat, thanh_hoa_centre: User, size: ViewportSize
) -> None:
    for unit, typed in (("dong", TWELVE_DIGITS), ("trieu", f"{TWELVE_DIGITS[:6]},{TWELVE_DIGITS[6:]}")):
        page = _estimate(seat, thanh_hoa_centre, unit)
        page.set_viewport_size(size)
        for column in COLUMNS:
            page.get_by_label(f"{column} dòng 1").fill(typed)
        page.get_by_label("Nội dung chi dòng 1").fill(LONG)
        page.get_by_label("Nội dung chi dòng 1").blur()
        assert page.locator("[data-grid] .cell--amount").evaluate_all(CUT_OFF) == []
        words = page.locator("[data-grid-rows] textarea")
        assert words.evaluate_all(CUT_OFF) == words.evaluate_all(TOO_LOW) == []
        assert words.first.evaluate("box => box.clientWidth") >= 115
        assert page.locator("[data-grid-total]").evaluate_all(
            "cells => cells.filter(cell => cell.scrollWidth > cell.clientWidth + 1).length") == 0  # fmt: skip
        assert page.evaluate(SCROLLS) == []


@pytest.mark.parametrize("size", [PHONE, ZOOMED], ids=["phone", "zoomed"])
def test_schedule_and_results_do_not_scroll_sideways_either(
    seat: Seat, thanh_hoa_centre: User, size: ViewportSize
) -> None:
    page = _estimate(seat, thanh_hoa_centre, then="tien-do")
    page.set_viewport_size(size)
    assert page.evaluate(SCROLLS) == []


def test_on_a_phone_each_row_is_a_card_that_is_pasted_filled_and_taken_back(
    seat: Seat, thanh_hoa_centre: User
) -> None:
    page = _estimate(seat, thanh_hoa_centre)
    page.set_viewport_size(PHONE)
    words, total = page.get_by_label("Nội dung chi dòng 1"), page.get_by_label("Tổng chi phí dòng 1")
    above, below = words.bounding_box(), total.bounding_box()
    assert above and below and below["y"] >= above["y"] + above["height"]
    label = total.evaluate("box => getComputedStyle(box.parentElement, '::before').content")
    assert label == '"Tổng chi phí"'
    before = words.input_value()
    words.evaluate(
        """cell => {
          cell.focus();
          const clipboardData = new DataTransfer();
          clipboardData.setData("text/plain", "Máy cắt\\t5\\nMáy mài\\t7");
          cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        }"""
    )
    expect(page.get_by_label("Nội dung chi dòng 2")).to_have_value("Máy mài")
    expect(page.get_by_label("Tổng chi phí dòng 2")).to_have_value("7")
    words.press("Control+z")
    expect(words).to_have_value(before)


def test_one_cell_from_excel_comes_without_its_line_break(seat: Seat, thanh_hoa_centre: User) -> None:
    page = _estimate(seat, thanh_hoa_centre)
    words = page.get_by_label("Nội dung chi dòng 1")
    words.fill("")
    words.evaluate(
        """cell => {
          cell.focus();
          const clipboardData = new DataTransfer();
          clipboardData.setData("text/plain", "Máy cắt\\r\\n");
          cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        }"""
    )
    expect(words).to_have_value("Máy cắt")
    words.press("Enter")
    expect(page.get_by_label("Nội dung chi dòng 2")).to_be_focused()


def test_without_scripts_five_blank_rows_are_filled_at_once_and_blank_ones_are_nothing(
    seat: Seat, thanh_hoa_centre: User
) -> None:
    page = _estimate(seat, thanh_hoa_centre, java_script_enabled=False)
    code = page.url.split("/")[4]
    stored = page.locator("[name$=-INITIAL_FORMS]").first.input_value()
    first = int(stored) + 1
    assert page.get_by_label("Nội dung chi dòng").count() == int(stored) + 5
    for number, words in ((first, "Thuê chuyên gia"), (first + 3, "In tài liệu")):
        page.get_by_label(f"Nội dung chi dòng {number}").fill(words)
        page.get_by_label(f"Tổng chi phí dòng {number}").fill("5000000")
        page.get_by_label(f"Đối ứng dòng {number}").fill("5000000")
    press_on(page)
    with act_as(thanh_hoa_centre):
        rows = list(Project.objects.get(code=code).lines.order_by("position"))
    assert [row.description for row in rows[int(stored) :]] == ["Thuê chuyên gia", "In tài liệu"]
    assert [row.total_vnd for row in rows[int(stored) :]] == [5 * MILLION] * 2


def test_with_scripts_one_blank_row_is_enough_and_rows_are_added_in_order(
    seat: Seat, thanh_hoa_centre: User
) -> None:
    page = _estimate(seat, thanh_hoa_centre)
    shown = page.get_by_label("Nội dung chi dòng")
    before = shown.count()
    page.get_by_role("button", name="Thêm dòng").click()
    expect(shown).to_have_count(before + 1)
    with autosaved(page):
        page.get_by_label(f"Nội dung chi dòng {before + 1}").fill("Thuê chuyên gia")
    page.reload()
    expect(page.get_by_label(f"Nội dung chi dòng {before}")).to_have_value("Thuê chuyên gia")
