"""The search box: what is found by which words, in whose scope, and what it costs."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import User
from programs import search
from programs.drafting import BeneficiaryValues
from tests.beneficiaries.test_establishment_list import PERSONAL
from tests.beneficiaries.test_establishment_list import keep as keep_firm
from tests.clusters.test_cluster_pages import keep as keep_cluster
from tests.factories import commune, make_project, tax_code
from tests.pages import HTMX, cost_of, signed_in, text_of
from vietnam.models import LegalDocument

pytestmark = pytest.mark.django_db


def found(user: User, text: str) -> dict[str, list[str]]:
    groups = signed_in(user).get("/tim/", {"q": text}).context["groups"]
    return {group.key: [hit.title for hit in group.hits] for group in groups}


def test_words_of_the_title_the_place_and_the_beneficiary_may_be_mixed(thanh_hoa_centre: User) -> None:
    place = commune("Ngọc Lặc", "Thanh Hóa")
    firm = BeneficiaryValues("Công ty TNHH Mây Tre Giả Định", tax_code(31))
    wanted = make_project(
        thanh_hoa_centre, title="Hỗ trợ máy móc đan mây", commune=place, beneficiaries=[firm]
    )
    make_project(thanh_hoa_centre, title="Hỗ trợ máy móc xay xát")
    for words in ("may moc ngoc lac", "MÁY MÓC Ngọc Lặc", "dan gia dinh ngoc", "may tre giả định"):
        assert found(thanh_hoa_centre, words)["projects"] == [wanted.title], words


def test_the_name_one_typed_comes_before_names_that_hold_the_words_apart(thanh_hoa_officer: User) -> None:
    keep_firm(thanh_hoa_officer, "An Gỗ Mỹ Nghệ và Mộc Thử")
    keep_firm(thanh_hoa_officer, "Làng Mộc Thử")
    keep_firm(thanh_hoa_officer, "Mộc Thử")
    names = found(thanh_hoa_officer, "moc thu")["establishments"]
    assert names[0] == "Mộc Thử"
    assert len(names) == 3


def test_the_kind_that_is_named_as_one_typed_comes_before_kinds_that_hold_the_words_somewhere(
    thanh_hoa_centre: User, thanh_hoa_officer: User
) -> None:
    make_project(thanh_hoa_centre, title="Hỗ trợ máy móc tại Thanh Hóa cho Cụm Mộc Thử")
    keep_cluster(thanh_hoa_officer, "Cụm Mộc Thử")
    assert list(found(thanh_hoa_officer, "thanh hoa"))[0] == "units"
    assert list(found(thanh_hoa_officer, "moc thu"))[:2] == ["clusters", "projects"]
    assert list(found(thanh_hoa_officer, "may moc"))[0] == "projects", "nothing is named so: the usual order"


def test_another_province_finds_nothing_not_even_a_count(
    thanh_hoa_centre: User, thanh_hoa_officer: User, nghe_an_officer: User, cuc_officer: User
) -> None:
    project = make_project(thanh_hoa_centre, title="Hỗ trợ lò nung gốm xanh thử")
    keep_firm(thanh_hoa_officer, "Cơ sở Gốm Xanh")
    keep_cluster(thanh_hoa_officer, "Cụm Gốm Xanh")
    everything = {"projects", "establishments", "clusters"}
    assert found(thanh_hoa_officer, "gom xanh").keys() == everything
    assert found(cuc_officer, "gom xanh").keys() == everything
    assert found(nghe_an_officer, "gom xanh") == {}
    page = text_of(nghe_an_officer, "/tim/?q=gom+xanh")
    assert "Không tìm thấy gì trong phạm vi của bạn" in page
    assert project.code not in page


def test_a_pasted_code_goes_straight_to_the_page_and_a_foreign_one_nowhere(
    thanh_hoa_centre: User, nghe_an_centre: User
) -> None:
    code = make_project(thanh_hoa_centre).code
    answer = signed_in(thanh_hoa_centre).get("/tim/", {"q": f"  {code.lower()} "})
    assert (answer.status_code, answer["Location"]) == (302, f"/de-an/{code}/")
    foreign = signed_in(nghe_an_centre).get("/tim/", {"q": code})
    assert foreign.status_code == 200
    assert foreign.context["groups"] == []


def test_a_household_is_not_found_by_its_owners_number(thanh_hoa_officer: User) -> None:
    keep_firm(thanh_hoa_officer, "Hộ kinh doanh Thử", code=PERSONAL)
    assert found(thanh_hoa_officer, PERSONAL) == {}
    assert PERSONAL not in text_of(thanh_hoa_officer, "/tim/?q=ho+kinh+doanh")


def test_a_former_unit_says_what_it_belongs_to_now_and_leads_to_its_projects(auditor: User) -> None:
    hits = {hit.title: hit.url for hit in _group(auditor, "tỉnh yên bái", "units").hits}
    assert hits["Tỉnh Yên Bái (nay thuộc tỉnh Lào Cai)"] == "/de-an/?province=15"
    assert _group(auditor, "38", "units").hits[0].title == "Tỉnh Thanh Hóa"


def _group(user: User, text: str, key: str) -> Any:
    groups = signed_in(user).get("/tim/", {"q": text}).context["groups"]
    return next(group for group in groups if group.key == key)


def test_the_law_is_found_by_its_number_and_by_its_words(thanh_hoa_centre: User) -> None:
    decree = _group(thanh_hoa_centre, "45/2012/nd-cp", "documents").hits[0]
    circular = _group(thanh_hoa_centre, "thong tu 28", "documents").hits[0]
    assert circular.title == "Thông tư 28/2018/TT-BTC"
    assert decree.title == "Nghị định 45/2012/NĐ-CP"
    assert "còn hiệu lực" in decree.note
    page = text_of(thanh_hoa_centre, decree.url)
    assert LegalDocument.objects.get(number="45/2012/NĐ-CP").title in page
    machines = _group(thanh_hoa_centre, "may moc tien tien", "activities").hits[0]
    assert machines.title.startswith("N3.3 ")
    rows = signed_in(thanh_hoa_centre).get(machines.url).context["rows"]
    assert {row.rule.row.activity_code for row in rows} == {"N3.3"}
    vote = _group(thanh_hoa_centre, "to chuc binh chon khu vuc", "activities").hits[0]
    assert vote.title.startswith("N4.1a Tổ chức"), "a code as documents have it"


def test_nonsense_in_the_address_of_the_norms_shows_them_all(thanh_hoa_centre: User) -> None:
    client = signed_in(thanh_hoa_centre)
    every = len(client.get("/quy-dinh/").context["rows"])
    assert len(client.get("/quy-dinh/?van-ban=rác").context["rows"]) == every > 0


def test_more_hits_than_are_counted_say_so_and_lead_to_the_list(
    thanh_hoa_officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "COUNTED", 11)
    for number in range(13):
        keep_firm(thanh_hoa_officer, f"Cơ sở Dệt Thử {number}")
    group = _group(thanh_hoa_officer, "det thu", "establishments")
    assert (group.count, len(group.hits), group.list_url) == ("11+", 10, "/co-so/?q=det+thu")
    assert "Xem cả 11+ kết quả" in text_of(thanh_hoa_officer, "/tim/?q=det+thu")


def test_the_box_gets_its_options_alone(thanh_hoa_officer: User) -> None:
    for number in range(6):
        keep_firm(thanh_hoa_officer, f"Cơ sở Dệt Thử {number}")
    client = signed_in(thanh_hoa_officer)
    part = client.get("/tim/", {"q": "det thu"}, headers=HTMX).content.decode()
    assert part.count('role="option"') == 4
    assert "<html" not in part
    nothing = client.get("/tim/", {"q": "khong co gi"}, headers=HTMX).content.decode()
    assert "Không tìm thấy" in nothing


def test_recent_addresses_get_names_in_their_order_as_far_as_one_may_see(
    thanh_hoa_centre: User, thanh_hoa_officer: User, nghe_an_centre: User
) -> None:
    project, theirs = make_project(thanh_hoa_centre), make_project(nghe_an_centre)
    firm = keep_firm(thanh_hoa_officer, "Cơ sở Thử")
    cluster = keep_cluster(thanh_hoa_officer, "Cụm Thử")
    paths = [
        f"/cum-cong-nghiep/{cluster.uuid}/",
        f"/de-an/{project.code}/",
        f"/de-an/{theirs.code}/",
        f"/co-so/{firm.uuid}/",
        "/khong-co/",
        "rác",
        "/bao-cao/",
    ]
    answer = signed_in(thanh_hoa_officer).get("/tim/", {"mo": paths}, headers=HTMX)
    assert [hit.title for hit in answer.context["recent"]] == ["Cụm Thử", project.title, "Cơ sở Thử"]
    assert theirs.title not in answer.content.decode()


def test_a_search_costs_the_same_however_much_it_finds(
    thanh_hoa_centre: User, thanh_hoa_officer: User
) -> None:
    def add(count: int) -> None:
        for number in range(count):
            make_project(thanh_hoa_centre, title=f"Hỗ trợ máy dệt thử {number}")
            keep_firm(thanh_hoa_officer, f"Cơ sở Dệt Thử {number}")
            keep_cluster(thanh_hoa_officer, f"Cụm Dệt Thử {number}")

    add(3)
    few = cost_of(thanh_hoa_officer, "/tim/?q=det+thu")
    add(12)
    assert cost_of(thanh_hoa_officer, "/tim/?q=det+thu") == few
    assert few <= 22
