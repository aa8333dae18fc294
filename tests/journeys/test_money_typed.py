"""Amounts in the browser: read and spelled by the server's rules, and what Excel leaves unclear is asked."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.utils import translation
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.factories import make_project
from tests.journeys.conftest import Seat
from vietnam.money import MAX_VND, MoneyError, Unit, format_vnd, in_words, parse_vnd, typed_vnd

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXTS = (
    """
0|5|1.234.567|1 234 567|1\u00a0234\u00a0567 đ|1200000|1,200,000|1.234.567,00|1.234.567 VNĐ|１２.０００|1,2 tỷ
1,2 TỈ đồng|1.250,5 triệu|300tr|1 tỷ 200 triệu|1,5|1.250|1,234.5|1,234.567|1,234|300|1.500.000 đồng|1.5
1.25 tỷ|1,200|0.500|1.23.456|1.234,5,6|1,234.56.7|12.34,5|5,|1234.0|0,0000001|-5|(1.000)|9.007.199.254.740.992
9.007.199.254.740.993|abc|đồng|12 con|1 triệu 2 tỷ|1 tỷ 2|1tr2|=SUM(A1)|007|0,5|1.000.000,5|1_000|1e9|٣|½|1,
,5|.5|5 d|5 k|5 nghin|1 ty 5
""".strip()
    .replace("\n", "|")
    .split("|")
)
READ = "asked => asked.map(([text, unit]) => kc.money.parse(text, unit).value ?? null)"
AMOUNTS = [0, 5, 10, 15, 21, 24, 25, 101, 1_000, 1_005, 1_000_500, 10**9, 10**9 + 4, 10**15 + 10**6, MAX_VND]


def on_the_server(text: str, unit: Any, by_english: bool = False) -> int | None:
    try:
        return parse_vnd(text, unit, by_english=by_english)
    except MoneyError:
        return None


@pytest.fixture
def page(seat: Seat, thanh_hoa_centre: User) -> Page:
    """The estimate of a project, in triệu đồng."""
    return seat(thanh_hoa_centre, f"/de-an/{make_project(thanh_hoa_centre).code}/sua/kinh-phi/")


def test_the_browser_reads_and_spells_money_as_the_server_does(page: Page) -> None:
    some = random.Random(45)
    made = ["".join(some.choices("0123456789., ", k=some.randint(1, 12))) for _ in range(2_000)]
    asked = [(text, unit) for text in TEXTS + made if text.strip() for unit in ("dong", "trieu")]
    read = page.evaluate(
        "asked => asked.map(([text, unit]) => kc.money.parse(text, unit).value ?? null)", asked
    )
    differ = [(pair, here) for pair, here in zip(asked, read, strict=True) if here != on_the_server(*pair)]
    assert not differ
    amounts = AMOUNTS + [some.randrange(10 ** some.randint(1, 15)) for _ in range(500)]
    words = page.evaluate("amounts => amounts.map(kc.money.inWords)", amounts)
    assert words == [in_words(amount) for amount in amounts]


def test_an_amount_pasted_with_one_comma_before_three_digits_is_flagged_until_it_is_typed(page: Page) -> None:
    cell = page.get_by_label("Tổng chi phí dòng 1")
    cell.evaluate(
        """cell => {
          cell.focus();
          const clipboardData = new DataTransfer();
          clipboardData.setData("text/plain", "1,234\\t1,5\\t1.234,5\\t1,234.5");
          cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        }"""
    )
    expect(cell).to_have_value("1,234")
    expect(cell).to_have_attribute("aria-invalid", "true")
    expect(page.locator("[data-grid-status]")).to_contain_text("1 ô cần xem lại")
    for label, shown in {"KC quốc gia": "1,5", "KC địa phương": "1.234,5", "Đối ứng": "1.234,5"}.items():
        other = page.get_by_label(f"{label} dòng 1")
        expect(other).to_have_value(shown)
        expect(other).not_to_have_attribute("aria-invalid", "true")
    cell.fill("1.234")
    cell.blur()
    expect(cell).not_to_have_attribute("aria-invalid", "true")


@pytest.fixture
def english_page(seat: Seat, thanh_hoa_centre: User) -> Page:
    User.objects.filter(pk=thanh_hoa_centre.pk).update(language="en")
    return seat(thanh_hoa_centre, f"/de-an/{make_project(thanh_hoa_centre).code}/sua/kinh-phi/")


def test_an_english_page_reads_shows_and_keeps_amounts_as_the_server_does(english_page: Page) -> None:
    some = random.Random(46)
    made = ["".join(some.choices("0123456789., ", k=some.randint(1, 12))) for _ in range(2_000)]
    asked = [(text, unit) for text in TEXTS + made if text.strip() for unit in ("dong", "trieu")]
    read = english_page.evaluate(READ, asked)
    differ = [
        (pair, here)
        for pair, here in zip(asked, read, strict=True)
        if here != on_the_server(*pair, by_english=True)
    ]
    assert not differ
    amounts = AMOUNTS + [some.randrange(10 ** some.randint(1, 15)) for _ in range(500)]
    units: tuple[Unit, Unit] = ("dong", "trieu")
    for unit in units:
        given = [amounts, unit]
        kept = english_page.evaluate("([all, unit]) => all.map(n => kc.money.format(n, unit))", given)
        shown = english_page.evaluate("([all, unit]) => all.map(n => kc.money.show(n, unit))", given)
        with translation.override("en"):
            assert kept == [typed_vnd(amount, unit) for amount in amounts]
            assert shown == [format_vnd(amount, unit) for amount in amounts]


def test_an_estimate_in_english_is_typed_and_added_up_the_english_way(english_page: Page) -> None:
    total, national = (
        english_page.get_by_label("Total cost, line 1"),
        english_page.locator("[name$=-kcqg]").first,
    )
    total.fill("")
    total.press_sequentially("1105")
    expect(total).to_have_value("1105")
    total.press_sequentially(".5")
    total.blur()
    expect(total).to_have_value("1,105.5")
    national.fill("1,105")
    national.blur()
    expect(national).to_have_attribute("aria-invalid", "true")
    expect(english_page.locator("[data-grid-total]").first).to_have_text("1,105.5")
    expect(english_page.locator("#total")).to_have_value("1,105.5")
    expect(english_page.locator("#total-words")).to_have_text("1,105,500,000 đồng")
