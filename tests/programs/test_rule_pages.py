"""The pages of the law: a day's rules, one rule's versions, the form of a new one."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.scope import act_as
from programs.lifecycle import Purse
from programs.models import AreaEligibility, RuleProposal, SupportNorm
from programs.rulekinds import KINDS
from tests.factories import commune, make_project
from tests.pages import cost_of
from tests.programs.rulekit import M, local_norm, norm, proposed, proposed_document, verified
from vietnam.models import LegalDocument

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 12, 1)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sent(**changes: Any) -> dict[str, Any]:
    """The machinery norm's form, filled in for a cap of 400 million."""
    row = norm()
    return {
        "valid_from": "01/12/2026", "unit": row.unit, "pct": 50, "cap_vnd": "400.000.000", "clause": "Điều 3",
        "source_document": row.source_document_id, "confidence": "seen", "reason": "Thông tư mới.",
    } | changes  # fmt: skip


def address(kind: str = "dinh-muc") -> str:
    return f"/quy-dinh/{kind}/{norm().pk}/sua/"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.slug)
def test_each_kind_of_rule_of_a_day_is_shown_in_words(
    thanh_hoa_centre: User, cuc_officer: User, kind: Any
) -> None:
    page = signed_in(thanh_hoa_centre).get(f"/quy-dinh/?loai={kind.slug}&ngay=01/01/2027")
    text = page.content.decode()
    for row in page.context["rows"]:
        assert row.rule.title in page.content.decode() or "&" in row.rule.title
    for raw in ("-region", "-nation", "last_acceptance", "SUBMITTED_PROV", "air ticket"):
        assert f">{raw}" not in text and f" {raw}" not in text
    form = signed_in(cuc_officer).get(f"/quy-dinh/{kind.slug}/moi/")
    assert form.status_code == 200 and "Xem tác động" in form.content.decode()


def test_the_day_before_a_circular_shows_the_older_cap(thanh_hoa_centre: User) -> None:
    client = signed_in(thanh_hoa_centre)
    for day, words in (("10/05/2018", "200.000.000"), ("11/05/2018", "300.000.000")):
        rows = client.get(f"/quy-dinh/?ngay={day}&noi-dung=N3.3").context["rows"]
        assert [words in row.rule.says for row in rows] == [True]


def test_a_version_dated_before_its_document_is_in_force_is_warned_of(
    cuc_officer: User, cuc_leader: User
) -> None:
    verified(proposed_document(cuc_officer, "01/2027/TT-THỬ"), cuc_leader)  # in force from 01/12/2026
    document = LegalDocument.objects.get(number="01/2027/TT-THỬ")
    for day, warned in (("30/11/2026", True), ("01/12/2026", False)):
        asked = sent(valid_from=day, source_document=document.pk, action="preview")
        page = signed_in(cuc_officer).post(address(), asked)
        assert page.status_code == 200
        assert ("có hiệu lực từ 01/12/2026" in page.content.decode()) is warned


def test_documents_are_chosen_by_number_and_name(cuc_officer: User) -> None:
    document = norm().source_document
    assert document is not None
    page = signed_in(cuc_officer).get(address()).content.decode()
    assert f"{document.number} – {document.title.split()[0]}" in page


def test_a_provinces_own_norm_is_told_from_the_nations_default(
    thanh_hoa_officer: User, thanh_hoa_leader: User
) -> None:
    verified(local_norm(thanh_hoa_officer), thanh_hoa_leader)
    rows = signed_in(thanh_hoa_leader).get("/quy-dinh/?ngay=01/12/2026&tinh=38").context["rows"]
    whose = {(row.rule.row.purse, row.rule.row.activity_code): str(row.whose) for row in rows}
    assert whose["KCDP", "N3.3"] == "riêng của tỉnh"
    assert whose["KCQG", "N3.3"] == ""
    assert whose["KCQG", "N3.1"] == "mặc định quốc gia"
    elsewhere = signed_in(thanh_hoa_leader).get("/quy-dinh/?ngay=01/12/2026&tinh=40").context["rows"]
    assert not any(row.rule.row.purse == "KCDP" for row in elsewhere)


def test_a_rules_page_has_every_version_with_what_it_changed(
    cuc_officer: User, cuc_leader: User, thanh_hoa_centre: User
) -> None:
    verified(proposed(cuc_officer, DAY, cap_vnd=400 * M), cuc_leader)
    page = signed_in(thanh_hoa_centre).get(f"/quy-dinh/dinh-muc/{norm().pk}/")
    text = page.content.decode()
    assert [version.since for version, _changes in page.context["versions"]] == [
        DAY, dt.date(2018, 5, 11), dt.date(2014, 4, 8),
    ]  # fmt: skip
    assert "Từ 11/05/2018 đến 30/11/2026" in text and "Đề xuất bản mới" not in text
    changed = {each.label: (each.before, each.after) for each in page.context["versions"][0][1]}
    assert changed["Mức tối đa (đồng)"] == ("300.000.000 đồng", "400.000.000 đồng")


def test_the_api_reads_the_same_law(cuc_officer: User, cuc_leader: User) -> None:
    verified(proposed(cuc_officer, DAY, cap_vnd=400 * M), cuc_leader)
    for day, cap, until in (("2026-11-30", 300, "2026-11-30"), ("2026-12-01", 400, None)):
        answer = signed_in(cuc_leader).get(f"/api/v1/norms/?on={day}&activity=N3.3").json()
        [row] = answer["results"]
        assert (row["cap_vnd"], row["valid_to"]) == (cap * M, until)


def test_the_form_first_shows_the_effects_and_stores_nothing(cuc_officer: User) -> None:
    client = signed_in(cuc_officer)
    answer = client.post(address(), sent(action="preview"))
    assert answer.status_code == 200 and "Gửi đề xuất" in answer.content.decode()
    with act_as(cuc_officer):
        assert not RuleProposal.objects.exists()
    answer = client.post(address(), sent(action="propose"))
    with act_as(cuc_officer):
        proposal = RuleProposal.objects.get()
    assert answer["Location"] == f"/quy-dinh/de-xuat/{proposal.uuid}/"
    assert (proposal.valid_from, proposal.values["cap_vnd"]) == (DAY, 400 * M)


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"cap_vnd": "", "pct": ""}, "pct", "tỷ lệ tối đa, mức tối đa"),
        ({"cap_vnd": "0"}, "cap_vnd", "lớn hơn 0"),
        ({"uplift_max": "0,5"}, "uplift_max", ""),
        ({"cap_vnd": "ba trăm"}, "cap_vnd", ""),
        ({"pct": 101}, "pct", "100"),
        ({"valid_from": "31/02/2027"}, "valid_from", "Ngày không hợp lệ"),
        ({"valid_from": "11/05/2018"}, "valid_from", "đã được kiểm chứng"),
        ({"valid_to": "01/11/2026"}, "valid_to", "Ngày kết thúc"),
        ({"clause": ""}, "clause", "điều, khoản"),
        ({"source_document": ""}, "source_document", "văn bản"),
        ({"source_document": "999999"}, "source_document", ""),
        ({"reason": ""}, "reason", ""),
        ({"reason": "Ông 001234567890"}, "reason", "định danh"),
        ({"confidence": "verified"}, "confidence", ""),
    ],
)
def test_bad_input_is_told_at_its_field_and_nothing_typed_is_lost(
    cuc_officer: User, changes: dict[str, Any], field: str, words: str
) -> None:
    answer = signed_in(cuc_officer).post(address(), sent(action="propose", **changes))
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert field in errors and words in " ".join(errors[field])
    if "reason" not in changes:
        assert "Thông tư mới." in answer.content.decode()
    with act_as(cuc_officer):
        assert not RuleProposal.objects.exists()


def test_the_second_person_answers_on_the_page(cuc_officer: User, cuc_leader: User) -> None:
    proposal = proposed(cuc_officer, DAY, cap_vnd=400 * M)
    path = f"/quy-dinh/de-xuat/{proposal.uuid}/"
    assert signed_in(cuc_officer).post(path, {"action": "verify"}).status_code == 403
    client = signed_in(cuc_leader)
    page = client.get(path).content.decode()
    assert "300.000.000 đồng" in page and "400.000.000 đồng" in page and "28/2018/TT-BTC" in page
    answer = client.post(path, {"action": "refuse", "note": ""}, follow=True)
    assert "vì sao không đồng ý" in answer.content.decode()
    assert "Đã ghi nhận" in client.post(path, {"action": "verify"}, follow=True).content.decode()
    assert norm(day=DAY).cap_vnd == 400 * M


def test_a_new_norm_of_a_province_is_its_own_by_itself(thanh_hoa_officer: User) -> None:
    form = sent(action="propose", activity_code="N3.1", unit="model", cap_vnd="200.000.000")
    signed_in(thanh_hoa_officer).post("/quy-dinh/dinh-muc/moi/", form)
    with act_as(thanh_hoa_officer):
        proposal = RuleProposal.objects.select_related("province").get()
    assert proposal.province and proposal.province.name == "Tỉnh Thanh Hóa"
    assert (proposal.values["purse"], proposal.values["province_id"]) == ("KCDP", proposal.province.pk)


def test_a_commune_is_made_eligible_by_its_code_or_its_suggestion(
    cuc_officer: User, cuc_leader: User
) -> None:
    place = commune("Thọ Xuân", "Thanh Hóa")
    form = sent(action="propose", eligible="on", basis="Điều 1 (thử)", commune_text="Thọ Xuân gì đó")
    client = signed_in(cuc_officer)
    answer = client.post("/quy-dinh/dia-ban/moi/", form)
    assert "commune_text" in answer.context["form"].errors
    client.post("/quy-dinh/dia-ban/moi/", form | {"commune_text": place.name, "commune": place.pk})
    with act_as(cuc_officer):
        proposal = RuleProposal.objects.get()
    verified(proposal, cuc_leader)
    assert AreaEligibility.objects.get(commune=place).eligible


def test_every_page_costs_a_fixed_number_of_queries(
    cuc_officer: User, django_assert_max_num_queries: Any
) -> None:
    proposal = proposed(cuc_officer, DAY, cap_vnd=400 * M)
    client = signed_in(cuc_officer)
    pages = (
        "/quy-dinh/", f"/quy-dinh/dinh-muc/{norm().pk}/", address(), f"/quy-dinh/de-xuat/{proposal.uuid}/",
        "/quy-dinh/de-xuat/", "/quy-dinh/van-ban/", f"/quy-dinh/van-ban/{norm().source_document_id}/",
    )  # fmt: skip
    for page in pages:
        with django_assert_max_num_queries(40):
            assert client.get(page).status_code == 200
    assert SupportNorm.objects.count() > 40


def test_a_provinces_norm_proposed_for_years_to_come_is_judged_within_the_queries_of_a_page(
    thanh_hoa_centre: User, thanh_hoa_officer: User, thanh_hoa_leader: User, auditor: User
) -> None:
    make_project(thanh_hoa_centre, purse=Purse.KCDP)
    make_project(thanh_hoa_centre, purse=Purse.KCDP, year=2026, starts_on=None, ends_on=None)
    verified(local_norm(thanh_hoa_officer), thanh_hoa_leader)
    with act_as(thanh_hoa_officer):
        own = SupportNorm.objects.get(province__name__contains="Thanh Hóa")
    later = proposed(thanh_hoa_officer, dt.date(2028, 1, 1), of=own, pct=40)
    assert cost_of(auditor, f"/quy-dinh/de-xuat/{later.uuid}/") <= 40
