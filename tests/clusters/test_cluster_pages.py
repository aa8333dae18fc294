"""The register of clusters and a cluster's page."""

from __future__ import annotations

import datetime as dt
from typing import Any

from accounts.models import User
from accounts.scope import act_as
from clusters.models import Cluster, ClusterType, LegalStatus, Phase
from records.paging import PAGE_SIZE
from tests.cast import province
from tests.factories import commune
from tests.pages import HTMX, cost_of, signed_in, text_of

LIST = "/cum-cong-nghiep/"


def keep(actor: User, name: str, unit_name: str = "Thanh Hóa", **changes: Any) -> Cluster:
    fields: dict[str, Any] = {
        "legal_status": LegalStatus.PLANNED,
        "phase": Phase.PLANNED,
        "area_ha": "20",
        "province": province(unit_name),
    }
    with act_as(actor):
        return Cluster.objects.create(name=name, **{**fields, **changes})


def names(user: User, query: str = "") -> list[str]:
    return [row.name for row in signed_in(user).get(LIST + query).context["page"].rows]


def test_a_cluster_of_another_province_is_neither_listed_nor_found(
    thanh_hoa_officer: User, nghe_an_officer: User, cuc_officer: User
) -> None:
    mine = keep(thanh_hoa_officer, "Cụm Thử Xứ Thanh")
    theirs = keep(nghe_an_officer, "Cụm Thử Xứ Nghệ", "Nghệ An")
    assert names(thanh_hoa_officer) == ["Cụm Thử Xứ Thanh"]
    client = signed_in(thanh_hoa_officer)
    assert client.get(f"{LIST}{mine.uuid}/").status_code == 200
    assert client.get(f"{LIST}{theirs.uuid}/").status_code == 404
    assert names(cuc_officer) == ["Cụm Thử Xứ Nghệ", "Cụm Thử Xứ Thanh"]


def test_each_filter_narrows_the_list(thanh_hoa_officer: User) -> None:
    keep(thanh_hoa_officer, "Cụm Thử Một", type=ClusterType.CRAFT_VILLAGE)
    keep(thanh_hoa_officer, "Cụm Thử Hai", legal_status=LegalStatus.ESTABLISHED)
    keep(thanh_hoa_officer, "Cụm Thử Ba", phase=Phase.OPERATING)
    assert names(thanh_hoa_officer, "?q=thu+mot") == ["Cụm Thử Một"]
    assert names(thanh_hoa_officer, "?type=craft_village") == ["Cụm Thử Một"]
    assert names(thanh_hoa_officer, "?legal_status=established") == ["Cụm Thử Hai"]
    assert names(thanh_hoa_officer, "?phase=OPERATING") == ["Cụm Thử Ba"]
    assert names(thanh_hoa_officer, "?province=40") == []


def test_the_register_costs_the_same_for_10_rows_and_a_full_page(thanh_hoa_officer: User) -> None:
    place = commune("Bá Thước", "Thanh Hóa")
    for number in range(10):
        keep(thanh_hoa_officer, f"Cụm Thử {number}", commune=place)
    few = cost_of(thanh_hoa_officer, LIST)
    for number in range(10, PAGE_SIZE):
        keep(thanh_hoa_officer, f"Cụm Thử {number}", commune=place)
    assert len(names(thanh_hoa_officer)) == PAGE_SIZE
    assert cost_of(thanh_hoa_officer, LIST) == few


def test_htmx_gets_the_table_alone(thanh_hoa_officer: User) -> None:
    keep(thanh_hoa_officer, "Cụm Thử")
    part = signed_in(thanh_hoa_officer).get(LIST, headers=HTMX).content.decode()
    assert "Cụm Thử" in part
    assert "<html" not in part


def test_the_page_tells_place_area_decision_and_the_course_of_the_status(thanh_hoa_officer: User) -> None:
    cluster = keep(
        thanh_hoa_officer,
        "Cụm Thử",
        commune=commune("Bá Thước", "Thanh Hóa"),
        area_ha="45.5",
        phase=Phase.BUILDING,
    )
    with act_as(thanh_hoa_officer):
        cluster.phase, cluster.legal_status = Phase.OPERATING, LegalStatus.ESTABLISHED
        cluster.decision_number, cluster.decision_date = "12/QĐ-TN", dt.date(2024, 5, 6)
        cluster.save()
        cluster.name = "Cụm Thử đổi tên"
        cluster.save()
    answer = signed_in(thanh_hoa_officer).get(f"{LIST}{cluster.uuid}/")
    page = answer.content.decode()
    assert "Xã Bá Thước, tỉnh Thanh Hóa" in page
    assert "45,50 ha" in page
    assert "06/05/2024" in page
    changed, entered = answer.context["course"]
    assert changed.note.splitlines() == [
        "Pháp lý: Trong quy hoạch → Đã thành lập",
        "Giai đoạn: Đang xây dựng hạ tầng → Đang hoạt động",
        "Số quyết định thành lập: – → 12/QĐ-TN",
        "Ngày quyết định: – → 06/05/2024",
    ]
    assert "Diện tích (ha): 45,50" in entered.note
    assert changed.actor == "Trần Thị Nhận"


def test_an_empty_register_says_what_to_do(thanh_hoa_officer: User) -> None:
    assert "Danh mục chưa có cụm nào" in text_of(thanh_hoa_officer, LIST)
    assert "Bỏ lọc" in text_of(thanh_hoa_officer, f"{LIST}?q=khongco")


def test_the_register_of_one_commune_holds_what_lay_in_its_predecessors(thanh_hoa_officer: User) -> None:
    now = commune("Bá Thước", "Thanh Hóa")
    whole = now.predecessions.exclude(kind="split").first()
    assert whole is not None
    keep(thanh_hoa_officer, "Cụm Cũ", commune=whole.old)
    keep(thanh_hoa_officer, "Cụm Nay", commune=now)
    keep(thanh_hoa_officer, "Cụm Xa", commune=commune("Hậu Lộc", "Thanh Hóa"))
    assert names(thanh_hoa_officer, f"?commune={now.code}") == ["Cụm Cũ", "Cụm Nay"]
    unit_page = signed_in(thanh_hoa_officer).get(f"/dia-gioi/{now.code}/").content.decode()
    assert f'href="{LIST}?commune={now.code}"' in unit_page
    assert "Xã, phường: Xã Bá Thước" in text_of(thanh_hoa_officer, f"{LIST}?commune={now.code}")
