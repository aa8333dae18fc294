"""The register of establishments: whose rows, what may be searched, what it costs."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import User
from accounts.scope import act_as
from beneficiaries.models import Establishment, LegalForm, ProductionSite
from records.paging import PAGE_SIZE
from tests.cast import province
from tests.factories import commune, tax_code
from tests.pages import BACK_BUTTON, HTMX, cost_of, signed_in, text_of

LIST = "/co-so/"
PERSONAL = "038099000123"


def keep(
    actor: User, name: str, unit_name: str = "Thanh Hóa", *, code: str = "", **changes: Any
) -> Establishment:
    with act_as(actor):
        made = Establishment(
            province=province(unit_name), name=name, **{"legal_form": LegalForm.ENTERPRISE, **changes}
        )
        made.set_tax_code(code)
        made.save()
    return made


def names(user: User, query: str = "") -> list[str]:
    page = signed_in(user).get(LIST + query).context["page"]
    return [row.name for row in page.rows]


def test_an_office_sees_the_register_of_its_own_province_only(
    thanh_hoa_officer: User, thanh_hoa_centre: User, nghe_an_officer: User, cuc_officer: User
) -> None:
    keep(thanh_hoa_officer, "Cơ sở Thử Xứ Thanh")
    keep(nghe_an_officer, "Cơ sở Thử Xứ Nghệ", "Nghệ An")
    assert names(thanh_hoa_officer) == names(thanh_hoa_centre) == ["Cơ sở Thử Xứ Thanh"]
    assert names(nghe_an_officer) == ["Cơ sở Thử Xứ Nghệ"]
    assert names(cuc_officer) == ["Cơ sở Thử Xứ Nghệ", "Cơ sở Thử Xứ Thanh"]


def test_a_stranger_is_asked_to_sign_in(client: Any, db: None) -> None:
    answer = client.get(LIST)
    assert (answer.status_code, answer["Location"]) == (302, f"/dang-nhap/?next={LIST}")


def test_a_households_personal_number_is_shown_masked_and_never_searched(
    thanh_hoa_officer: User,
) -> None:
    keep(thanh_hoa_officer, "Hộ kinh doanh Thử", code=PERSONAL, legal_form=LegalForm.HOUSEHOLD)
    page = text_of(thanh_hoa_officer, LIST)
    assert PERSONAL not in page
    assert "038******123" in page
    assert names(thanh_hoa_officer, f"?q={PERSONAL}") == []


def test_words_without_accents_and_a_public_tax_code_find_an_establishment(thanh_hoa_officer: User) -> None:
    keep(thanh_hoa_officer, "Hợp tác xã Dệt Cói Nga Thử", legal_form=LegalForm.COOPERATIVE)
    code = tax_code(77)
    keep(thanh_hoa_officer, "Công ty TNHH Mộc Thử", code=code)
    assert names(thanh_hoa_officer, "?q=coi+det") == ["Hợp tác xã Dệt Cói Nga Thử"]
    assert names(thanh_hoa_officer, f"?q={code}") == ["Công ty TNHH Mộc Thử"]
    assert names(thanh_hoa_officer, "?legal_form=HTX") == ["Hợp tác xã Dệt Cói Nga Thử"]


def test_a_province_is_chosen_with_the_provinces_it_grew_from(
    cuc_officer: User, thanh_hoa_officer: User
) -> None:
    keep(thanh_hoa_officer, "Cơ sở Thử Xứ Thanh")
    with act_as(cuc_officer):
        Establishment.objects.create(
            province=province("Nam Định"), name="Cơ sở Thử Nam Định", legal_form=LegalForm.OTHER
        )
    assert names(cuc_officer, f"?province={province('Ninh Bình').code}") == ["Cơ sở Thử Nam Định"]


def test_nonsense_in_the_address_shows_the_list_and_names_the_field(thanh_hoa_officer: User) -> None:
    keep(thanh_hoa_officer, "Cơ sở Thử")
    answer = signed_in(thanh_hoa_officer).get(f"{LIST}?province=xx&legal_form=zz&cursor=rác")
    assert [row.name for row in answer.context["page"].rows] == ["Cơ sở Thử"]
    assert set(answer.context["form"].errors) == {"province", "legal_form"}
    assert "Không có đơn vị hành chính mang mã này." in answer.content.decode()


def test_pages_follow_in_vietnamese_order_without_gap_or_double(
    thanh_hoa_officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("records.paging.PAGE_SIZE", 2)
    ordered = ["Ấn Loát Thử", "Chế Biến Thử", "Chế Biến Thử", "Dệt Cói Thử", "Đan Lát Thử"]
    for name in reversed(ordered):
        keep(thanh_hoa_officer, name)
    client, seen, url = signed_in(thanh_hoa_officer), [], LIST
    for _turn in range(3):
        page = client.get(url).context["page"]
        seen += [row.pk for row in page.rows]
        url = f"{LIST}?cursor={page.next}"
    assert page.next == ""
    with act_as(thanh_hoa_officer):
        found = Establishment.objects.in_bulk(seen)
    assert [found[pk].name for pk in seen] == ordered
    back = client.get(f"{LIST}?cursor={page.previous}").context["page"]
    assert [row.pk for row in back.rows] == seen[2:4]


def test_the_register_costs_the_same_for_10_rows_and_a_full_page(thanh_hoa_officer: User) -> None:
    place = commune("Bá Thước", "Thanh Hóa")

    def add(count: int) -> None:
        for number in range(count):
            made = keep(thanh_hoa_officer, f"Cơ sở Thử {number}", commune=place)
            with act_as(thanh_hoa_officer):
                ProductionSite.objects.create(establishment=made, commune=place)

    add(10)
    few = cost_of(thanh_hoa_officer, LIST)
    add(PAGE_SIZE - 10)
    assert len(names(thanh_hoa_officer)) == PAGE_SIZE
    assert cost_of(thanh_hoa_officer, LIST) == few


def test_htmx_gets_the_table_and_the_back_button_the_whole_page(thanh_hoa_officer: User) -> None:
    keep(thanh_hoa_officer, "Cơ sở Thử")
    client = signed_in(thanh_hoa_officer)
    part = client.get(LIST, headers=HTMX).content.decode()
    assert "Cơ sở Thử" in part
    assert "<html" not in part
    assert "<html" in client.get(LIST, headers=BACK_BUTTON).content.decode()


def test_an_empty_register_says_why_and_what_next(thanh_hoa_centre: User, auditor: User) -> None:
    page = text_of(thanh_hoa_centre, LIST)
    assert "Danh bạ chưa có cơ sở nào" in page
    assert 'href="/nhap-bieu/"' in page
    assert 'href="/nhap-bieu/"' not in text_of(auditor, LIST), "who may not import is not sent there"
    assert "Bỏ lọc" in text_of(auditor, f"{LIST}?q=khongco")
